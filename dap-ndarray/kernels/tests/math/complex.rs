//! Complex functions: errors beside definitions in numbers of two words, and Annex G's special
//! values.

use dap_kernels::math::complex::{ComplexFunction, abs, power, powers, unary};
use dap_kernels::math::{Function2, binary};
use num_complex::Complex;

use crate::domain::Random;
use crate::oracle::{self, Dd, HALF_PI, ONE};

type C = Complex<f64>;

/// A complex number of parts of two words.
#[derive(Clone, Copy)]
struct Z {
    re: Dd,
    im: Dd,
}

impl Z {
    fn of(z: C) -> Z {
        Z { re: Dd::new(z.re), im: Dd::new(z.im) }
    }
    fn add(self, other: Z) -> Z {
        Z { re: self.re.add(other.re), im: self.im.add(other.im) }
    }
    fn mul(self, other: Z) -> Z {
        Z { re: self.re.mul(other.re).sub(self.im.mul(other.im)), im: self.re.mul(other.im).add(self.im.mul(other.re)) }
    }
    fn conj(self) -> Z {
        Z { re: self.re, im: self.im.neg() }
    }
    fn neg(self) -> Z {
        Z { re: self.re.neg(), im: self.im.neg() }
    }
    fn real(x: f64) -> Z {
        Z { re: Dd::new(x), im: Dd::new(0.0) }
    }
    fn norm(self) -> Dd {
        self.re.mul(self.re).add(self.im.mul(self.im))
    }
    fn div(self, other: Z) -> Z {
        let product = self.mul(other.conj());
        Z { re: product.re.div(other.norm()), im: product.im.div(other.norm()) }
    }
    fn times(self, factor: Dd) -> Z {
        Z { re: self.re.mul(factor), im: self.im.mul(factor) }
    }
    fn turned(self) -> Z {
        Z { re: self.im.neg(), im: self.re }
    }
    fn turned_back(self) -> Z {
        Z { re: self.im, im: self.re.neg() }
    }
    fn exp(self) -> Z {
        let size = oracle::exp(self.re);
        let size = size.value.scaled(size.exponent);
        // The low word of the angle turns by itself.
        let (sin, cos) = oracle::sin_cos(self.im.hi);
        let low = Dd::new(self.im.lo);
        Z { re: cos.sub(sin.mul(low)).mul(size), im: sin.add(cos.mul(low)).mul(size) }
    }
    fn ln(self) -> Z {
        Z { re: oracle::ln(self.norm()).times(0.5), im: oracle::right_angle(self.im, self.re) }
    }
    fn sqrt(self) -> Z {
        let size = self.norm().sqrt();
        let greater = size.add(if self.re.hi < 0.0 { self.re.neg() } else { self.re }).times(0.5).sqrt();
        let lesser = self.im.div(greater.times(2.0));
        if self.re.hi >= 0.0 {
            Z { re: greater, im: lesser }
        } else if self.im.hi < 0.0 {
            Z { re: lesser.neg(), im: greater.neg() }
        } else {
            Z { re: lesser, im: greater }
        }
    }
    fn sinh(self) -> Z {
        self.exp().add(self.neg().exp().neg()).times(Dd::new(0.5))
    }
    fn cosh(self) -> Z {
        self.exp().add(self.neg().exp()).times(Dd::new(0.5))
    }
    /// (sinh 2a + i sin 2b) / (cosh 2a + cos 2b): the quotient of `sinh` and `cosh` would cancel.
    fn tanh(self) -> Z {
        let (re, im) = (self.re.times(2.0), self.im.times(2.0));
        let (real, angle) = (Z { re, im: Dd::new(0.0) }, Z { re: Dd::new(0.0), im });
        let turn = angle.exp();
        let divisor = real.cosh().re.add(turn.re);
        Z { re: real.sinh().re.div(divisor), im: turn.im.div(divisor) }
    }
    fn asinh(self) -> Z {
        if self.re.hi < 0.0 {
            return self.neg().asinh().neg();
        }
        self.add(self.mul(self).add(Z::real(1.0)).sqrt()).ln()
    }
    fn atanh(self) -> Z {
        let one = Z::real(1.0);
        one.add(self).div(one.add(self.neg())).ln().times(Dd::new(0.5))
    }
}

fn definition(function: ComplexFunction, z: Z) -> Z {
    use ComplexFunction as F;
    let one = Z::real(1.0);
    let ln2 = Z { re: oracle::ln(Dd::new(2.0)), im: Dd::new(0.0) };
    let ln10 = Z { re: oracle::ln(Dd::new(10.0)), im: Dd::new(0.0) };
    match function {
        F::Sqrt => z.sqrt(),
        F::Square => z.mul(z),
        F::Reciprocal => one.div(z),
        F::Exp => z.exp(),
        F::Exp2 => z.mul(ln2).exp(),
        F::Expm1 => z.exp().add(one.neg()),
        F::Log => z.ln(),
        F::Log2 => z.ln().div(ln2),
        F::Log10 => z.ln().div(ln10),
        F::Log1p => z.add(one).ln(),
        F::Sinh => z.sinh(),
        F::Cosh => z.cosh(),
        F::Tanh => z.tanh(),
        F::Sin => z.turned().sinh().turned_back(),
        F::Cos => z.turned().cosh(),
        F::Tan => z.turned().tanh().turned_back(),
        F::Arcsinh => z.asinh(),
        F::Arctanh => z.atanh(),
        F::Arcsin => z.turned().asinh().turned_back(),
        F::Arctan => z.turned().atanh().turned_back(),
        F::Arccos => Z { re: Dd { hi: HALF_PI[0], lo: HALF_PI[1] }, im: Dd::new(0.0) }
            .add(z.turned().asinh().turned_back().neg()),
        F::Arccosh => {
            let (minus, plus) = (z.add(one.neg()).sqrt(), z.add(one).sqrt());
            z.add(minus.mul(plus)).ln()
        }
        _ => panic!("{} has no definition", function.name()),
    }
}

/// The errors of the parts in units in the last place: of each part, and of the greater part.
fn errors(found: C, exact: Z) -> (f64, f64) {
    let part = |found: f64, exact: Dd| ((found - exact.hi) - exact.lo).abs();
    let unit = |x: f64| if x == 0.0 { f64::MIN_POSITIVE } else { 2.0_f64.powi(oracle::exponent_of(x) - 52) };
    let (re, im) = (part(found.re, exact.re), part(found.im, exact.im));
    let own = (re / unit(exact.re.hi)).max(im / unit(exact.im.hi));
    (own, re.max(im) / unit(exact.re.hi.abs().max(exact.im.hi.abs())))
}

/// A number of either sign between 1/1000 and 30, and near 1.
fn part(random: &mut Random) -> f64 {
    let size = match random.bits() % 3 {
        0 => 1.0 + random.exponents(1e-4, 0.5) * if random.bits().is_multiple_of(2) { 1.0 } else { -1.0 },
        _ => random.exponents(1e-3, 30.0),
    };
    if random.bits().is_multiple_of(2) { size } else { -size }
}

#[test]
fn parts_are_within_a_few_units_in_the_last_place() {
    use ComplexFunction as F;
    for &function in F::ALL {
        let mut random = Random(20);
        let (mut worst, mut greater) = ((0.0, C::new(0.0, 0.0)), 0.0_f64);
        for _ in 0..4000 {
            let z = C::new(part(&mut random), part(&mut random));
            let (own, of_greater) = errors(function.of_f64()(z), definition(function, Z::of(z)));
            assert!(own.is_finite() && of_greater.is_finite(), "{}({z})", function.name());
            greater = greater.max(of_greater);
            if own > worst.0 {
                worst = (own, z);
            }
        }
        println!("{:10} {:.2} {}  {greater:.2}", function.name(), worst.0, worst.1);
        let bound = match function {
            // Its real part is a difference of numbers that are rounded.
            F::Expm1 => 1e6,
            _ => 8.0,
        };
        assert!(greater <= 5.0, "{}: {greater} ulp of the greater part", function.name());
        assert!(worst.0 <= bound, "{}({}): {} ulp", function.name(), worst.1, worst.0);
    }
}

#[test]
fn powers_are_exponentials_of_logarithms() {
    let mut random = Random(21);
    for _ in 0..4000 {
        let (z, mut w) = (C::new(part(&mut random), part(&mut random)), C::new(part(&mut random), part(&mut random)));
        if random.bits().is_multiple_of(3) {
            w = C::new(w.re.round(), 0.0);
        }
        let exact = Z::of(w).mul(Z::of(z).ln());
        let (_, error) = errors(power(z, w), exact.exp());
        // The exponent's rounding is an error of the power in proportion to the exponent.
        let size = exact.norm().sqrt().hi;
        assert!(error <= 8.0 + 4.0 * size, "({z})^({w}): {error} ulp of an exponent of {size}");
    }
    for (z, w, expected) in [
        (C::new(0.0, 0.0), C::new(0.0, 0.0), C::new(1.0, 0.0)),
        (C::new(3.0, 4.0), C::new(2.0, 0.0), C::new(-7.0, 24.0)),
        (C::new(0.0, 0.0), C::new(2.0, 1.0), C::new(0.0, 0.0)),
        (C::new(0.0, 2.0), C::new(-1.0, 0.0), C::new(0.0, -0.5)),
    ] {
        let mut out = [C::new(0.0, 0.0)];
        powers(&[z], &[w], &mut out);
        assert_eq!(out[0], expected, "({z})^({w})");
    }
}

/// Numbers whose squares overflow or vanish.
#[test]
fn extreme_parts_do_not_overflow_on_the_way() {
    for k in [-1060, -700, -300, 300, 700, 1020] {
        let size = oracle::scale(1.0, k);
        let z = C::new(3.0 * size, 4.0 * size);
        let of = |function: ComplexFunction| function.of_f64()(z);
        let near = |a: f64, b: f64| (a - b).abs() <= 4.0 * f64::EPSILON * b.abs();
        let mut size_of = [0.0];
        abs(&[z], &mut size_of);
        assert_eq!(size_of[0], 5.0 * size, "|z| at 2^{k}");
        let root = of(ComplexFunction::Sqrt);
        let half = oracle::scale(1.0, k / 2);
        assert!(near(root.re, 2.0 * half) && near(root.im, half), "sqrt at 2^{k}: {root}");
        let log = of(ComplexFunction::Log);
        assert!(near(log.re, f64::from(k) * std::f64::consts::LN_2 + 5.0_f64.ln()), "log at 2^{k}: {log}");
        if k < 1000 && k > -1000 {
            let inverse = of(ComplexFunction::Reciprocal);
            assert!(near(inverse.re * size, 3.0 / 25.0) && near(inverse.im * size, -4.0 / 25.0), "1 / z at 2^{k}");
        }
        for function in [ComplexFunction::Arcsinh, ComplexFunction::Arccosh, ComplexFunction::Arctanh] {
            let value = of(function);
            assert!(value.re.is_finite() && value.im.is_finite(), "{} at 2^{k}: {value}", function.name());
        }
    }
    // e^710 overflows, times the cosine of nearly a right angle it does not.
    let value = ComplexFunction::Exp.of_f64()(C::new(720.0, std::f64::consts::FRAC_PI_2));
    assert!(value.re.is_finite() && value.im.is_infinite(), "{value}");
    let value = ComplexFunction::Cosh.of_f64()(C::new(-710.2, 1.0));
    assert!(value.re.is_finite() && value.im.is_finite() && value.im < 0.0, "{value}");
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const PI: f64 = std::f64::consts::PI;
const HALF: f64 = std::f64::consts::FRAC_PI_2;
const QUARTER: f64 = std::f64::consts::FRAC_PI_4;

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Annex G's tables: the argument in the upper half plane, and the value. `None` where the sign or
/// the number is not specified.
type Row = ((f64, f64), (Option<f64>, Option<f64>));

fn some(x: f64, y: f64) -> (Option<f64>, Option<f64>) {
    (Some(x), Some(y))
}

#[test]
fn special_values_are_those_of_annex_g() {
    use ComplexFunction as F;
    // An infinity or NaN of any sign is written as `None` beside the part that is known.
    let any = None;
    let tables: &[(F, &[Row])] = &[
        (
            F::Exp,
            &[
                ((0.0, 0.0), some(1.0, 0.0)),
                ((-0.0, 0.0), some(1.0, 0.0)),
                ((1.0, INF), some(NAN, NAN)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 0.0), some(INF, 0.0)),
                ((-INF, 2.0), some(-0.0, 0.0)),
                ((INF, 2.0), some(-INF, INF)),
                ((-INF, INF), (Some(0.0), any)),
                ((INF, INF), (any, Some(NAN))),
                ((-INF, NAN), (Some(0.0), any)),
                ((INF, NAN), (any, Some(NAN))),
                ((NAN, 0.0), some(NAN, 0.0)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, NAN), some(NAN, NAN)),
            ],
        ),
        (
            F::Log,
            &[
                ((-0.0, 0.0), some(-INF, PI)),
                ((0.0, 0.0), some(-INF, 0.0)),
                ((1.0, INF), some(INF, HALF)),
                ((1.0, NAN), some(NAN, NAN)),
                ((-INF, 1.0), some(INF, PI)),
                ((INF, 1.0), some(INF, 0.0)),
                ((-INF, INF), some(INF, 3.0 * QUARTER)),
                ((INF, INF), some(INF, QUARTER)),
                ((INF, NAN), some(INF, NAN)),
                ((-INF, NAN), some(INF, NAN)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, INF), some(INF, NAN)),
                ((1.0, 0.0), some(0.0, 0.0)),
                ((-1.0, 0.0), some(0.0, PI)),
            ],
        ),
        (
            F::Sqrt,
            &[
                ((-0.0, 0.0), some(0.0, 0.0)),
                ((0.0, 0.0), some(0.0, 0.0)),
                ((1.0, INF), some(INF, INF)),
                ((NAN, INF), some(INF, INF)),
                ((1.0, NAN), some(NAN, NAN)),
                ((-INF, 1.0), some(0.0, INF)),
                ((INF, 1.0), some(INF, 0.0)),
                ((-INF, NAN), (Some(NAN), any)),
                ((INF, NAN), some(INF, NAN)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((-4.0, 0.0), some(0.0, 2.0)),
                ((-INF, INF), some(INF, INF)),
            ],
        ),
        (
            F::Cosh,
            &[
                ((0.0, 0.0), some(1.0, 0.0)),
                ((0.0, INF), (Some(NAN), any)),
                ((0.0, NAN), (Some(NAN), any)),
                ((1.0, INF), some(NAN, NAN)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 0.0), some(INF, 0.0)),
                ((INF, 2.0), some(-INF, INF)),
                ((INF, INF), (any, Some(NAN))),
                ((INF, NAN), some(INF, NAN)),
                ((NAN, 0.0), (Some(NAN), any)),
                ((NAN, 1.0), some(NAN, NAN)),
            ],
        ),
        (
            F::Sinh,
            &[
                ((0.0, 0.0), some(0.0, 0.0)),
                ((0.0, INF), (any, Some(NAN))),
                ((0.0, NAN), (any, Some(NAN))),
                ((1.0, INF), some(NAN, NAN)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 0.0), some(INF, 0.0)),
                ((INF, 2.0), some(-INF, INF)),
                ((INF, INF), (any, Some(NAN))),
                ((INF, NAN), (any, Some(NAN))),
                ((NAN, 0.0), some(NAN, 0.0)),
                ((NAN, 1.0), some(NAN, NAN)),
            ],
        ),
        (
            F::Tanh,
            &[
                ((0.0, 0.0), some(0.0, 0.0)),
                ((1.0, INF), some(NAN, NAN)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 2.0), some(1.0, -0.0)),
                ((INF, INF), (Some(1.0), any)),
                ((INF, NAN), (Some(1.0), any)),
                ((NAN, 0.0), some(NAN, 0.0)),
                ((NAN, 1.0), some(NAN, NAN)),
            ],
        ),
        (
            F::Arccos,
            &[
                ((0.0, 0.0), some(HALF, -0.0)),
                ((-0.0, 0.0), some(HALF, -0.0)),
                ((0.0, NAN), some(HALF, NAN)),
                ((1.0, INF), some(HALF, -INF)),
                ((1.0, NAN), some(NAN, NAN)),
                ((-INF, 1.0), some(PI, -INF)),
                ((INF, 1.0), some(0.0, -INF)),
                ((-INF, INF), some(3.0 * QUARTER, -INF)),
                ((INF, INF), some(QUARTER, -INF)),
                ((INF, NAN), (Some(NAN), any)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, INF), some(NAN, -INF)),
            ],
        ),
        (
            F::Arccosh,
            &[
                ((0.0, 0.0), some(0.0, HALF)),
                ((-0.0, 0.0), some(0.0, HALF)),
                ((1.0, INF), some(INF, HALF)),
                ((0.0, NAN), (Some(NAN), any)),
                ((1.0, NAN), some(NAN, NAN)),
                ((-INF, 1.0), some(INF, PI)),
                ((INF, 1.0), some(INF, 0.0)),
                ((-INF, INF), some(INF, 3.0 * QUARTER)),
                ((INF, INF), some(INF, QUARTER)),
                ((INF, NAN), some(INF, NAN)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, INF), some(INF, NAN)),
            ],
        ),
        (
            F::Arcsinh,
            &[
                ((0.0, 0.0), some(0.0, 0.0)),
                ((1.0, INF), some(INF, HALF)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 1.0), some(INF, 0.0)),
                ((INF, INF), some(INF, QUARTER)),
                ((INF, NAN), some(INF, NAN)),
                ((NAN, 0.0), some(NAN, 0.0)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, INF), (any, Some(NAN))),
            ],
        ),
        (
            F::Arctanh,
            &[
                ((0.0, 0.0), some(0.0, 0.0)),
                ((0.0, NAN), some(0.0, NAN)),
                ((1.0, 0.0), some(INF, 0.0)),
                ((1.0, INF), some(0.0, HALF)),
                ((1.0, NAN), some(NAN, NAN)),
                ((INF, 1.0), some(0.0, HALF)),
                ((INF, INF), some(0.0, HALF)),
                ((INF, NAN), some(0.0, NAN)),
                ((NAN, 1.0), some(NAN, NAN)),
                ((NAN, INF), (any, Some(HALF))),
            ],
        ),
    ];
    for &(function, rows) in tables {
        let odd = matches!(function, F::Sinh | F::Tanh | F::Arcsinh | F::Arctanh);
        for &((re, im), (expected_re, expected_im)) in rows {
            // The value at the conjugate is the conjugate; odd functions at the opposite.
            for (re_sign, im_sign) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                if re_sign < 0.0 && !odd {
                    continue;
                }
                // f(-a + i b) = -conj f(a + i b) for odd functions.
                let z = C::new(re * re_sign, im * im_sign);
                let mut out = [C::new(0.0, 0.0)];
                unary(function, &[z], &mut out);
                let matches = |found: f64, expected: Option<f64>, sign: f64| {
                    expected.is_none_or(|expected| same(found, expected * sign))
                };
                let right = matches(out[0].re, expected_re, re_sign) && matches(out[0].im, expected_im, im_sign);
                assert!(right, "{}({z}) = {}, expected {expected_re:?} {expected_im:?}", function.name(), out[0]);
            }
        }
    }
}

/// The real line, where the values are those of the real functions, and their cuts.
#[test]
fn real_numbers_have_real_values() {
    let cuts = [(ComplexFunction::Arcsin, 2.0), (ComplexFunction::Arccos, 2.0), (ComplexFunction::Arctanh, 2.0)];
    for (function, x) in cuts {
        let above = function.of_f64()(C::new(x, 0.0));
        let below = function.of_f64()(C::new(x, -0.0));
        assert_eq!(above, below.conj(), "{}: the two sides of the cut", function.name());
        assert!(above.im != 0.0);
    }
    let mut out = [0.0];
    binary(Function2::Hypot, &[3.0], &[4.0], &mut out);
    let mut size = [0.0_f32];
    abs(&[Complex::new(3.0_f32, -4.0)], &mut size);
    assert_eq!(f64::from(size[0]), out[0]);
    assert_eq!(ONE.hi, 1.0);
    let mut narrow = [Complex::new(0.0_f32, 0.0)];
    unary(ComplexFunction::Exp, &[Complex::new(1.0_f32, 0.0)], &mut narrow);
    assert_eq!(narrow[0], Complex::new(std::f32::consts::E, 0.0));
}

/// A slice has the bits of its elements, whatever stands beside them: special values, and angles
/// that are reduced apart.
#[test]
fn slices_have_the_bits_of_their_elements() {
    let mut random = Random(5);
    let mut part = |specials: &[f64]| {
        let at = random.between(0.0, 40.0) as usize;
        specials.get(at).copied().unwrap_or_else(|| random.between(-750.0, 750.0))
    };
    for len in (0..200).chain([1000]) {
        let re = [0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300];
        let im = [0.0, -0.0, f64::INFINITY, f64::NAN, 1e300, 5e6];
        // Some slices have no special value.
        let specials = if len % 3 == 0 { (&re[..0], &im[..0]) } else { (&re[..], &im[..]) };
        let z: Vec<C> = (0..len).map(|_| C::new(part(specials.0), part(specials.1))).collect();
        let bits = |z: &C| [z.re.to_bits(), z.im.to_bits()];
        for function in [ComplexFunction::Exp, ComplexFunction::Log, ComplexFunction::Sqrt] {
            let mut out = vec![C::default(); len];
            unary(function, &z, &mut out);
            for (z, out) in z.iter().zip(&out) {
                let alone = function.of_f64()(*z);
                let is_nan = alone.re.is_nan() && out.re.is_nan() || alone.im.is_nan() && out.im.is_nan();
                assert!(is_nan || bits(&alone) == bits(out), "{}({z}) = {out}, alone {alone}", function.name());
            }
        }
    }
}
