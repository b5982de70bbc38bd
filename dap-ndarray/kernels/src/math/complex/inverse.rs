//! The inverse functions, by Kahan's formulas ("Branch cuts for complex elementary functions",
//! 1987): of the roots of `1 - z` and `1 + z`, which keep the signs of zeros on the cuts.
//!
//! Numbers above 2^500 take `ln(2 |z|)` and the angle.

use super::C;
use super::logarithm::log;
use super::root::sqrt;
use crate::math::{self, arctan2};
use std::f64::consts::{FRAC_PI_2, LN_2};

/// Beyond this `z^2 + 1` is `z^2`.
const FAR: f64 = f64::from_bits((1023 + 500) << 52);

#[inline(always)]
fn is_far(z: C) -> bool {
    z.re.abs() > FAR || z.im.abs() > FAR
}

/// The arc cosine.
#[inline(always)]
#[must_use]
pub fn arccos(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_nan() || b.is_nan() {
        return if a.is_infinite() {
            C::new(f64::NAN, -f64::INFINITY)
        } else if b.is_infinite() {
            C::new(f64::NAN, -b)
        } else {
            C::new(if a == 0.0 { FRAC_PI_2 } else { f64::NAN }, f64::NAN)
        };
    }
    if is_far(z) {
        return C::new(arctan2(b.abs(), a), -(log(z).re + LN_2).copysign(b));
    }
    let (minus, plus) = (sqrt(C::new(1.0 - a, -b)), sqrt(C::new(1.0 + a, b)));
    let re = 2.0 * arctan2(minus.re, plus.re);
    C::new(re, math::arcsinh(plus.re * minus.im - plus.im * minus.re))
}

/// The arc sine.
#[inline(always)]
#[must_use]
pub fn arcsin(z: C) -> C {
    // asin z = -i asinh(i z)
    let value = arcsinh(C::new(-z.im, z.re));
    C::new(value.im, -value.re)
}

/// The inverse hyperbolic sine.
#[inline(always)]
#[must_use]
pub fn arcsinh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_nan() || b.is_nan() {
        return if a.is_infinite() || b.is_infinite() {
            C::new(if a.is_infinite() { a } else { f64::INFINITY }, f64::NAN)
        } else {
            C::new(f64::NAN, if b == 0.0 { b } else { f64::NAN })
        };
    }
    if is_far(z) {
        return C::new((log(z).re + LN_2).copysign(a), arctan2(b, a.abs()));
    }
    // With w = i z: the roots of 1 - w and 1 + w.
    let (minus, plus) = (sqrt(C::new(1.0 + b, -a)), sqrt(C::new(1.0 - b, a)));
    let re = math::arcsinh(plus.re * minus.im - plus.im * minus.re);
    let im = arctan2(b, (minus.re * plus.re) - (minus.im * plus.im));
    C::new((-re).copysign(a), im)
}

/// The inverse hyperbolic cosine, of real part that is not negative.
#[inline(always)]
#[must_use]
pub fn arccosh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_nan() || b.is_nan() {
        return if a.is_infinite() || b.is_infinite() {
            C::new(f64::INFINITY, f64::NAN)
        } else {
            C::new(f64::NAN, if a == 0.0 { FRAC_PI_2 } else { f64::NAN })
        };
    }
    if is_far(z) {
        return C::new(log(z).re + LN_2, arctan2(b, a));
    }
    let (minus, plus) = (sqrt(C::new(a - 1.0, b)), sqrt(C::new(a + 1.0, b)));
    let re = math::arcsinh(minus.re.mul_add(plus.re, minus.im * plus.im));
    C::new(re, 2.0 * arctan2(minus.im, plus.re))
}

/// The inverse hyperbolic tangent: `ln(1 + 4 a / ((1 - a)^2 + b^2)) / 4`, and half of the angle of
/// `(1 - a) (1 + a) - b^2` and `2 b`.
#[inline(always)]
#[must_use]
pub fn arctanh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_nan() || b.is_nan() {
        return if a.is_infinite() {
            C::new(0.0_f64.copysign(a), f64::NAN)
        } else if b.is_infinite() {
            C::new(0.0_f64.copysign(a), FRAC_PI_2.copysign(b))
        } else {
            C::new(if a == 0.0 { a } else { f64::NAN }, f64::NAN)
        };
    }
    let x = a.abs();
    if is_far(z) {
        // 1 / z, of a real part a / |z|^2 that may be below all numbers.
        let (x, b) = (0.5 * x, 0.5 * b);
        let size = math::hypot(x, b);
        let re = if size.is_infinite() { 0.0 } else { x / size / size * 0.5 };
        return C::new(re.copysign(a), FRAC_PI_2.copysign(b));
    }
    if x == 1.0 && b == 0.0 {
        return C::new(f64::INFINITY.copysign(a), b);
    }
    let rest = 1.0 - x;
    let re = if x == 1.0 && b.abs() < 1e-150 {
        // ln(2 / |b|) / 2, whose square is below all numbers.
        0.5 * (LN_2 - math::log(b.abs()))
    } else {
        0.25 * math::log1p(4.0 * x / rest.mul_add(rest, b * b))
    };
    let im = 0.5 * arctan2(2.0 * b, rest.mul_add(1.0 + x, -(b * b)));
    C::new(re.copysign(a), im)
}

/// The arc tangent.
#[inline(always)]
#[must_use]
pub fn arctan(z: C) -> C {
    // atan z = -i atanh(i z)
    let value = arctanh(C::new(-z.im, z.re));
    C::new(value.im, -value.re)
}
