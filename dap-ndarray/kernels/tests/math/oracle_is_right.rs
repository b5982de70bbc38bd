//! The oracle beside `astro-float`, which computes in any precision; and angles too large for the
//! oracle beside it alone.

use astro_float_num::{BigFloat, Consts, RoundingMode, Sign};
use dap_kernels::math::{Function, unary};

use crate::domain::{Random, argument};
use crate::oracle::{self, Dd, Exact, error_64};

const NEAREST: RoundingMode = RoundingMode::ToEven;

/// The first 106 bits as an exact value.
fn exact(mut value: BigFloat) -> Exact {
    let exponent = value.exponent().unwrap();
    value.set_exponent(0);
    let double = |value: &BigFloat| {
        let Some((words, _, sign, exponent, _)) = value.as_raw_parts() else { unreachable!("the value is finite") };
        let Some(top) = words.last() else { return 0.0 };
        let magnitude = oracle::scale((top >> 11) as f64, exponent - 53);
        if sign == Sign::Neg { -magnitude } else { magnitude }
    };
    let hi = double(&value);
    let rest = value.sub(&BigFloat::from_f64(hi, 64), 256, NEAREST);
    Exact { value: Dd { hi, lo: if rest.is_zero() { 0.0 } else { double(&rest) } }, exponent }
}

fn reference(function: Function, x: f64, p: usize, consts: &mut Consts) -> BigFloat {
    // Through a normal number: `from_f64` does not keep the value of a subnormal one.
    let power = oracle::exponent_of(x);
    let mut d = BigFloat::from_f64(oracle::scale(x, -power), p);
    d.set_exponent(d.exponent().unwrap() + power);
    let one = BigFloat::from_f64(1.0, p);
    let rm = NEAREST;
    match function {
        Function::Sqrt => d.sqrt(p, rm),
        Function::Cbrt => d.cbrt(p, rm),
        Function::Square => d.mul(&d, p, rm),
        Function::Reciprocal => d.reciprocal(p, rm),
        Function::Exp => d.exp(p, rm, consts),
        Function::Exp2 => BigFloat::from_f64(2.0, p).pow(&d, p, rm, consts),
        Function::Expm1 => d.exp(p, rm, consts).sub(&one, p, rm),
        Function::Log => d.ln(p, rm, consts),
        Function::Log2 => d.log2(p, rm, consts),
        Function::Log10 => d.log10(p, rm, consts),
        Function::Log1p => d.add(&one, p, rm).ln(p, rm, consts),
        Function::Sin => d.sin(p, rm, consts),
        Function::Cos => d.cos(p, rm, consts),
        Function::Tan => d.tan(p, rm, consts),
        Function::Arcsin => d.asin(p, rm, consts),
        Function::Arccos => d.acos(p, rm, consts),
        Function::Arctan => d.atan(p, rm, consts),
        Function::Sinh => d.sinh(p, rm, consts),
        Function::Cosh => d.cosh(p, rm, consts),
        Function::Tanh => d.tanh(p, rm, consts),
        Function::Arcsinh => d.asinh(p, rm, consts),
        Function::Arccosh => d.acosh(p, rm, consts),
        Function::Arctanh => d.atanh(p, rm, consts),
        Function::Erf | Function::Erfc => erf_by_taylor(function, x, p),
        _ => unreachable!("{} is exact", function.name()),
    }
}

/// 2 / sqrt(pi) (x - x^3 / 3 + x^5 / (2! 5) - ...), for small `x`; 1 minus it for `erfc`.
fn erf_by_taylor(function: Function, x: f64, p: usize) -> BigFloat {
    let rm = NEAREST;
    let number = |value: f64| BigFloat::from_f64(value, p);
    let square = number(x).mul(&number(-x), p, rm);
    let (mut power, mut sum) = (number(x), number(x));
    for n in 1..400 {
        power = power.mul(&square, p, rm).div(&number(f64::from(n)), p, rm);
        sum = sum.add(&power.div(&number(f64::from(2 * n + 1)), p, rm), p, rm);
    }
    let mut consts = Consts::new().unwrap();
    let pi = number(1.0).atan(p, rm, &mut consts).mul(&number(4.0), p, rm);
    let erf = sum.mul(&number(2.0), p, rm).div(&pi.sqrt(p, rm), p, rm);
    if function == Function::Erf { erf } else { number(1.0).sub(&erf, p, rm) }
}

#[test]
fn to_eighty_bits() {
    let mut consts = Consts::new().unwrap();
    for &function in Function::ALL {
        if matches!(function, Function::Floor | Function::Ceil | Function::Trunc | Function::Round) {
            continue;
        }
        let series = matches!(function, Function::Erf | Function::Erfc);
        let mut random = Random(13);
        for _ in 0..if series { 20 } else { 60 } {
            let x = argument(function, &mut random);
            let x = if series { x.clamp(-5.0, 6.0) } else { x };
            let precision = if x.abs() < 1e-10 || series { 1400 } else { 320 };
            let expected = reference(function, x, precision, &mut consts);
            if expected.is_zero() {
                continue;
            }
            let (expected, found) = (exact(expected), oracle::unary(function, x));
            // Both in units of the expected value's exponent.
            let shift = found.exponent - expected.exponent;
            let hi = oracle::scale(found.value.hi, shift) - expected.value.hi;
            let error = (hi + (oracle::scale(found.value.lo, shift) - expected.value.lo)).abs();
            assert!(error < 2.0_f64.powi(-80) * expected.value.hi.abs(), "{}({x:e}): {error:e}", function.name());
        }
    }
}

/// Angles of any exponent, whose quadrant takes up to 1100 bits of pi.
#[test]
fn for_large_angles() {
    let mut consts = Consts::new().unwrap();
    let mut random = Random(14);
    let mut angles: Vec<f64> = (0..150).map(|_| random.exponents(1e6, f64::MAX)).collect();
    // The f64 that is nearest to a multiple of pi / 2 for its size, and others near it.
    angles.extend([5.319372648326541e255, 6381956970095103.0 * 2.0_f64.powi(797), f64::MAX, 1e22]);
    for function in [Function::Sin, Function::Cos, Function::Tan] {
        let x: Vec<f64> = angles.iter().flat_map(|&x| [x, -x]).collect();
        let mut out = vec![0.0; x.len()];
        unary(function, &x, &mut out);
        for (x, out) in x.into_iter().zip(out) {
            let error = error_64(out, exact(reference(function, x, 1400, &mut consts)));
            assert!(error <= 1.0, "{}({x:e}) = {out:e}: {error} ulp", function.name());
        }
    }
}
