//! The exact values of functions, to about 2^-95: the textbook's series and Newton's steps in
//! numbers of two words, one argument at a time. Slow, and independent of the crate's formulas,
//! constants and arithmetic. `oracle_is_right` compares it with a library of any precision.

use dap_kernels::math::{Function, Function2};

/// `hi + lo`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dd {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `value * 2^exponent`: results may lie beyond the range of `f64`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact {
    pub(crate) value: Dd,
    pub(crate) exponent: i32,
}

const LN_2: Dd = Dd { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };
const LN_10: Dd = Dd { hi: 2.302585092994046, lo: -2.1707562233822494e-16 };
pub(crate) const HALF_PI: [f64; 5] =
    [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33, 5.562271104316826e-50, 2.836115989820158e-66];
const TWO_OVER_SQRT_PI: Dd = Dd { hi: 1.1283791670955126, lo: 1.533545961316588e-17 };

impl Dd {
    pub(crate) fn new(x: f64) -> Self {
        Dd { hi: x, lo: 0.0 }
    }

    fn two_sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let back = hi - a;
        Dd { hi, lo: (a - (hi - back)) + (b - back) }
    }

    pub(crate) fn add(self, other: Dd) -> Self {
        let (high, low) = (Dd::two_sum(self.hi, other.hi), Dd::two_sum(self.lo, other.lo));
        let sum = Dd::two_sum(high.hi, high.lo + low.hi);
        Dd::two_sum(sum.hi, sum.lo + low.lo)
    }

    pub(crate) fn neg(self) -> Self {
        Dd { hi: -self.hi, lo: -self.lo }
    }

    pub(crate) fn sub(self, other: Dd) -> Self {
        self.add(other.neg())
    }

    pub(crate) fn mul(self, other: Dd) -> Self {
        let hi = self.hi * other.hi;
        let lo = self.hi.mul_add(other.hi, -hi) + (self.hi * other.lo + self.lo * other.hi);
        Dd::two_sum(hi, lo)
    }

    pub(crate) fn div(self, other: Dd) -> Self {
        let first = self.hi / other.hi;
        let rest = self.sub(other.mul(Dd::new(first)));
        let second = rest.hi / other.hi;
        let rest = rest.sub(other.mul(Dd::new(second)));
        Dd::two_sum(first, second).add(Dd::new(rest.hi / other.hi))
    }

    pub(crate) fn sqrt(self) -> Self {
        if self.hi == 0.0 {
            return self;
        }
        let first = Dd::new(self.hi.sqrt());
        first.add(self.sub(first.mul(first)).div(first.add(first)))
    }

    /// Times `2^power`, in steps that do not overflow on the way.
    pub(crate) fn scaled(self, power: i32) -> Self {
        Dd { hi: scale(self.hi, power), lo: scale(self.lo, power) }
    }

    pub(crate) fn times(self, factor: f64) -> Self {
        self.mul(Dd::new(factor))
    }
}

/// `x * 2^power`.
pub(crate) fn scale(mut x: f64, mut power: i32) -> f64 {
    while power != 0 {
        let step = power.clamp(-1000, 1000);
        x *= f64::from_bits(((1023 + step) as u64) << 52);
        power -= step;
    }
    x
}

/// The exponent of a number that is not zero: 0 for 1 to 2.
pub(crate) fn exponent_of(x: f64) -> i32 {
    let exponent = (x.abs().to_bits() >> 52) as i32;
    if exponent == 0 { exponent_of(x * 2.0_f64.powi(60)) - 60 } else { exponent - 1023 }
}

pub(crate) const ONE: Dd = Dd { hi: 1.0, lo: 0.0 };
const TWO: Dd = Dd { hi: 2.0, lo: 0.0 };

/// The sum of `first * ratio(1) * ... * ratio(n)` over n, until the terms vanish.
fn series(first: Dd, ratio: impl Fn(f64) -> Dd) -> Dd {
    let (mut sum, mut term) = (first, first);
    for n in 1..2000 {
        term = term.mul(ratio(f64::from(n)));
        sum = sum.add(term);
        if term.hi.abs() <= sum.hi.abs() * 1e-34 {
            break;
        }
    }
    sum
}

/// `e^x` as a number near 1 and a power of two.
pub(crate) fn exp(x: Dd) -> Exact {
    let k = (x.hi / LN_2.hi).round();
    let r = x.sub(Dd { hi: k * LN_2.hi, lo: k.mul_add(LN_2.hi, -(k * LN_2.hi)) });
    let r = r.sub(Dd::new(k).times(2.3190468138462996e-17)).sub(Dd::new(k * 5.707708438416212e-34));
    Exact { value: expm1_small(r).add(ONE), exponent: k as i32 }
}

/// `e^x - 1` for `|x| < 1`: the series of `x / 16`, and `(1 + e)^2 - 1` four times.
fn expm1_small(x: Dd) -> Dd {
    let x = x.scaled(-4);
    let mut e = series(x, |n| x.div(Dd::new(n + 1.0)));
    for _ in 0..4 {
        e = e.add(e).add(e.mul(e));
    }
    e
}

pub(crate) fn expm1(x: Dd) -> Exact {
    if x.hi.abs() < 0.5 {
        return Exact { value: expm1_small(x), exponent: 0 };
    }
    let exp = exp(x);
    match exp.exponent {
        201.. => exp,
        ..-200 => Exact { value: ONE.neg(), exponent: 0 },
        power => Exact { value: exp.value.scaled(power).sub(ONE), exponent: 0 },
    }
}

/// `ln(1 + t)` for `|t| < 3 / 4`: the logarithm in `f64`, and a step of Halley's iteration.
fn ln_1p_small(t: Dd) -> Dd {
    let guess = Dd::new(t.hi.ln_1p());
    let e = expm1_small(guess);
    guess.add(t.sub(e).times(2.0).div(TWO.add(t).add(e)))
}

pub(crate) fn ln(x: Dd) -> Dd {
    let near = x.sub(ONE);
    if near.hi.abs() < 0.4 {
        return ln_1p_small(near);
    }
    let k = exponent_of(x.hi);
    LN_2.times(f64::from(k)).add(ln_1p_small(x.scaled(-k - 1).sub(ONE))).add(LN_2)
}

pub(crate) fn ln_1p(t: Dd) -> Dd {
    if t.hi.abs() < 0.4 { ln_1p_small(t) } else { ln(t.add(ONE)) }
}

/// The sine and the cosine for `|x| < 2`, by their series.
fn sin_cos_small(x: Dd) -> (Dd, Dd) {
    let square = x.mul(x).neg();
    (
        series(x, |n| square.div(Dd::new((2.0 * n) * (2.0 * n + 1.0)))),
        series(ONE, |n| square.div(Dd::new((2.0 * n - 1.0) * (2.0 * n)))),
    )
}

/// The quadrant modulo 4 and the rest of an angle of at most 2^40.
fn reduced(x: f64) -> (i64, Dd) {
    let k = (x / HALF_PI[0]).round();
    let mut rest = Dd::new(x);
    for word in HALF_PI {
        let product = k * word;
        rest = rest.sub(Dd { hi: product, lo: k.mul_add(word, -product) });
    }
    ((k % 4.0) as i64, rest)
}

pub(crate) fn sin_cos(x: f64) -> (Dd, Dd) {
    let (quadrant, rest) = reduced(x);
    let (sin, cos) = sin_cos_small(rest);
    match quadrant.rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, sin.neg()),
        2 => (sin.neg(), cos.neg()),
        _ => (cos.neg(), sin),
    }
}

/// The angle of the point with the abscissa `x` and the ordinate `y`: the angle in `f64`, turned by
/// the small rest.
fn atan2(y: Dd, x: Dd) -> Dd {
    let guess = y.hi.atan2(x.hi);
    if guess.abs() < 1e-10 {
        // atan q = q - q^3 / 3
        let q = y.div(x);
        return q.sub(q.mul(q).mul(q).div(Dd::new(3.0)));
    }
    let (sin, cos) = sin_cos_small(Dd::new(guess / 2.0));
    let (sin, cos) = (sin.mul(cos).times(2.0), cos.mul(cos).sub(sin.mul(sin)));
    let rest = y.mul(cos).sub(x.mul(sin)).div(x.mul(cos).add(y.mul(sin)));
    Dd::new(guess).add(rest.sub(rest.mul(rest).mul(rest).div(Dd::new(3.0))))
}

fn plain(value: Dd) -> Exact {
    Exact { value, exponent: 0 }
}

/// A function of a number whose square is too small or too large: `of` gets `x * 2^-power`.
fn cbrt(x: f64) -> Exact {
    let power = exponent_of(x).div_euclid(3);
    let scaled = scale(x, -3 * power);
    let guess = Dd::new(scaled.cbrt());
    let cube = guess.mul(guess).mul(guess);
    // Newton's step, whose error is the square of the guess's.
    let root = guess.sub(cube.sub(Dd::new(scaled)).div(guess.mul(guess).times(3.0)));
    Exact { value: root, exponent: power }
}

fn erf(x: f64) -> Dd {
    // 2 / sqrt(pi) x e^(-x^2) (1 + 2 x^2 / 3 + (2 x^2)^2 / (3 5) + ...)
    let square = Dd::new(x).mul(Dd::new(x));
    let sum = series(Dd::new(x), |n| square.times(2.0).div(Dd::new(2.0 * n + 1.0)));
    let exp = exp(square.neg());
    sum.mul(exp.value.scaled(exp.exponent)).mul(TWO_OVER_SQRT_PI)
}

fn erfc(x: f64) -> Exact {
    if x < 2.0 {
        return plain(ONE.sub(if x < -7.0 { ONE.neg() } else { erf(x) }));
    }
    // e^(-x^2) / sqrt(pi) / (x + (1 / 2) / (x + (2 / 2) / (x + (3 / 2) / (x + ...))))
    let mut fraction = Dd::new(x);
    for n in (1..600).rev() {
        fraction = Dd::new(x).add(Dd::new(0.5 * f64::from(n)).div(fraction));
    }
    let exp = exp(Dd::new(x).mul(Dd::new(x)).neg());
    Exact { value: exp.value.mul(TWO_OVER_SQRT_PI).times(0.5).div(fraction), exponent: exp.exponent }
}

/// `e^x / 2 - sign e^-x / 2`, for `x > 0`.
pub(crate) fn hyperbolic(x: f64, sign: f64) -> Exact {
    if x > 100.0 {
        let exp = exp(Dd::new(x));
        return Exact { value: exp.value, exponent: exp.exponent - 1 };
    }
    let e = expm1(Dd::new(x)).value;
    let value = if sign > 0.0 { e.add(e.div(e.add(ONE))) } else { e.add(ONE).add(ONE.div(e.add(ONE))) };
    plain(value.scaled(-1))
}

/// The function's value at a finite argument in its domain where the value is finite, not zero, and
/// not given by the table of special values; angles are at most 2^40.
pub(crate) fn unary(function: Function, x: f64) -> Exact {
    let d = Dd::new(x);
    let (a, negative) = (Dd::new(x.abs()), x < 0.0);
    let odd = |exact: Exact| Exact { value: if negative { exact.value.neg() } else { exact.value }, ..exact };
    // An odd function that is x + c x^3 near zero is x to 2^-100 below 2^-50.
    let tiny = x.abs() < 2.0_f64.powi(-50);
    match function {
        Function::Sqrt => {
            let power = exponent_of(x).div_euclid(2);
            Exact { value: Dd::new(scale(x, -2 * power)).sqrt(), exponent: power }
        }
        Function::Cbrt => odd(cbrt(x.abs())),
        Function::Square => {
            let power = exponent_of(x);
            let scaled = Dd::new(scale(x, -power));
            Exact { value: scaled.mul(scaled), exponent: 2 * power }
        }
        Function::Reciprocal => {
            let power = exponent_of(x);
            Exact { value: ONE.div(Dd::new(scale(x, -power))), exponent: -power }
        }
        Function::Exp => exp(d),
        Function::Exp2 => {
            let k = x.round();
            Exact { value: expm1_small(LN_2.times(x - k)).add(ONE), exponent: k as i32 }
        }
        Function::Expm1 if tiny => {
            let power = exponent_of(x);
            // x + x^2 / 2, scaled.
            let scaled = Dd::new(scale(x, -power));
            Exact { value: scaled.add(scaled.times(x / 2.0)), exponent: power }
        }
        Function::Expm1 => expm1(d),
        Function::Log => plain(ln(d)),
        Function::Log2 => {
            let k = exponent_of(x);
            let m = scale(x, -k);
            let (k, m) = if m > 1.5 { (k + 1, m / 2.0) } else { (k, m) };
            plain(Dd::new(f64::from(k)).add(ln_1p_small(Dd::new(m - 1.0)).div(LN_2)))
        }
        Function::Log10 => plain(ln(d).div(LN_10)),
        Function::Log1p if tiny => {
            let power = exponent_of(x);
            let scaled = Dd::new(scale(x, -power));
            Exact { value: scaled.sub(scaled.times(x / 2.0)), exponent: power }
        }
        Function::Log1p => plain(ln_1p(d)),
        Function::Sin | Function::Tan | Function::Arcsin | Function::Arctan if tiny => odd_tiny(x),
        Function::Sinh | Function::Tanh | Function::Arcsinh | Function::Arctanh if tiny => odd_tiny(x),
        Function::Sin => plain(sin_cos(x).0),
        Function::Cos => plain(sin_cos(x).1),
        Function::Tan => {
            let (sin, cos) = sin_cos(x);
            plain(sin.div(cos))
        }
        Function::Arcsin => plain(atan2(d, ONE.sub(d).mul(ONE.add(d)).sqrt())),
        Function::Arccos => plain(atan2(ONE.sub(d).mul(ONE.add(d)).sqrt(), d)),
        Function::Arctan if x.abs() > 1.0 => odd(plain(Dd { hi: HALF_PI[0], lo: HALF_PI[1] }.sub(atan2(ONE, a)))),
        Function::Arctan => plain(atan2(d, ONE)),
        Function::Sinh => odd(hyperbolic(x.abs(), 1.0)),
        Function::Cosh if x == 0.0 => plain(ONE),
        Function::Cosh => hyperbolic(x.abs(), -1.0),
        Function::Tanh if x.abs() > 60.0 => odd(plain(ONE)),
        Function::Tanh => {
            let e = expm1(a.times(2.0)).value;
            odd(plain(e.div(e.add(TWO))))
        }
        Function::Arcsinh if x.abs() > 1e20 => odd(plain(ln(a).add(LN_2))),
        Function::Arcsinh => {
            let square = a.mul(a);
            odd(plain(ln_1p(a.add(square.div(ONE.add(ONE.add(square).sqrt()))))))
        }
        Function::Arccosh if x > 1e20 => plain(ln(d).add(LN_2)),
        Function::Arccosh => {
            let t = d.sub(ONE);
            plain(ln_1p(t.add(t.mul(t.add(TWO)).sqrt())))
        }
        Function::Arctanh => odd(plain(ln_1p(a.times(2.0).div(ONE.sub(a))).scaled(-1))),
        Function::Erf if tiny => {
            let power = exponent_of(x);
            Exact { value: Dd::new(scale(x, -power)).mul(TWO_OVER_SQRT_PI), exponent: power }
        }
        Function::Erf if x.abs() > 10.0 => odd(plain(ONE)),
        Function::Erf if x.abs() > 2.0 => {
            let rest = erfc(x.abs());
            odd(plain(ONE.sub(rest.value.scaled(rest.exponent))))
        }
        Function::Erf => plain(erf(x)),
        Function::Erfc => erfc(x),
        _ => panic!("{} is exact: compare it with its definition", function.name()),
    }
}

/// A number so small that the function's next term is below the oracle's precision.
fn odd_tiny(x: f64) -> Exact {
    let power = exponent_of(x);
    Exact { value: Dd::new(scale(x, -power)), exponent: power }
}

/// As [`unary`], for the functions of two arguments that are not exact.
pub(crate) fn binary(function: Function2, x: f64, y: f64) -> Exact {
    match function {
        Function2::Power => {
            let exponent = ln(Dd::new(x.abs())).mul(Dd::new(y));
            let odd = x < 0.0 && (y / 2.0).trunc() != y / 2.0;
            let exp = exp(exponent);
            Exact { value: if odd { exp.value.neg() } else { exp.value }, ..exp }
        }
        Function2::Arctan2 => {
            let (y, x) = (x, y);
            // The quotient may lie beyond the range; the angle is then it, or a right angle.
            let (p, q) = (exponent_of(y), exponent_of(x));
            if p - q < -120 && x > 0.0 {
                return Exact { value: Dd::new(scale(y, -p)).div(Dd::new(scale(x, -q))), exponent: p - q };
            }
            let power = p.max(q);
            plain(right_angle(Dd::new(scale(y, -power)), Dd::new(scale(x, -power))))
        }
        Function2::Hypot => {
            let power = exponent_of(x.abs().max(y.abs()));
            let (x, y) = (Dd::new(scale(x, -power)), Dd::new(scale(y, -power)));
            Exact { value: x.mul(x).add(y.mul(y)).sqrt(), exponent: power }
        }
        Function2::Logaddexp => {
            let (greater, lesser) = (x.max(y), x.min(y));
            let exp = exp(Dd::two_sum(lesser, -greater));
            if exp.exponent < -120 && greater != 0.0 {
                return plain(Dd::new(greater));
            }
            plain(Dd::new(greater).add(ln_1p(exp.value.scaled(exp.exponent))))
        }
        _ => panic!("{} is exact: compare it with its definition", function.name()),
    }
}

/// `atan2` in the octant around the axes, so that the series of `atan2` sees no angle above 2.
pub(crate) fn right_angle(y: Dd, x: Dd) -> Dd {
    let absolute = |d: Dd| if d.hi.is_sign_negative() { d.neg() } else { d };
    let (a, b) = (absolute(y), absolute(x));
    let half_pi = Dd { hi: HALF_PI[0], lo: HALF_PI[1] };
    let angle = if a.hi > b.hi { half_pi.sub(atan2(b, a)) } else { atan2(a, b) };
    let angle = if x.hi.is_sign_negative() { half_pi.add(half_pi).sub(angle) } else { angle };
    if y.hi.is_sign_negative() { angle.neg() } else { angle }
}

/// The error of `result` in units in the last place of the exact value, for a format with `digits`
/// binary digits and the least exponent `least`.
pub(crate) fn error_in_ulp(result: f64, exact: Exact, digits: i32, least: i32) -> f64 {
    let greatest = 1 - least;
    if exact.value.hi == 0.0 {
        return if result == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let exponent = exponent_of(exact.value.hi) + exact.exponent;
    let ulp = exponent.max(least) - (digits - 1);
    if exponent > greatest {
        // Beyond the format: infinity is right.
        return if result.is_infinite() && (result > 0.0) == (exact.value.hi > 0.0) { 0.0 } else { f64::INFINITY };
    }
    // The result, and an infinite one as the number that overflow begins with, in units of 2^ulp.
    let infinite = if result.is_infinite() { scale(1.0_f64.copysign(result), greatest + 1 - ulp) } else { 0.0 };
    let result = if result.is_infinite() { infinite } else { scale(result, -ulp) };
    let value = exact.value.scaled(exact.exponent - ulp);
    ((result - value.hi) - value.lo).abs()
}

/// [`error_in_ulp`] of `f64`.
pub(crate) fn error_64(result: f64, exact: Exact) -> f64 {
    error_in_ulp(result, exact, 53, -1022)
}

/// [`error_in_ulp`] of `f32`.
pub(crate) fn error_32(result: f32, exact: Exact) -> f64 {
    error_in_ulp(f64::from(result), exact, 24, -126)
}
