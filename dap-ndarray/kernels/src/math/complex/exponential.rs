//! `exp`, `exp2`, `expm1`: `e^(a + i b) = e^a cos b + i e^a sin b`.
//!
//! The power of two of `e^a` is applied to the products, so they overflow only where the result
//! does.

use super::C;
use crate::math::double::Double;
use crate::math::exp::{Exponential, clamp};
use crate::math::reduce::BOUND;
use crate::math::trigonometric::{cos_fast, sin_fast};
use crate::math::{self, cos, sin};

/// `e^a / 2^halvings (cos b + i sin b)` for finite `b`, and `a` that is not NaN.
///
/// A sine or cosine that is not zero is above 2^-62, so times e^1400 it overflows, as the result
/// does for greater `a`.
#[inline(always)]
pub(super) fn polar(a: f64, b: f64, halvings: f64) -> C {
    turned(a, [cos(b), sin(b)], halvings)
}

/// As [`polar`], of the angle with this cosine and sine.
#[inline(always)]
fn turned(a: f64, [cos, sin]: [f64; 2], halvings: f64) -> C {
    let parts = Exponential::of(clamp(a, -800.0, 1400.0));
    let parts = Exponential { shifted: parts.shifted - halvings, ..parts };
    C::new(scaled(parts, cos), scaled(parts, sin))
}

/// The product of an exponential and a factor; zeros keep their sign.
#[inline(always)]
fn scaled(parts: Exponential, factor: f64) -> f64 {
    let product = parts.scale(parts.times(Double::new(factor, 0.0)).rounded());
    if factor == 0.0 { factor } else { product }
}

/// `e^z`.
#[inline(always)]
#[must_use]
pub fn exp(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        return C::new(math::exp(a), b);
    }
    if b.is_finite() {
        return if a.is_nan() { C::new(a, a) } else { polar(a, b, 0.0) };
    }
    match a {
        f64::INFINITY => C::new(a, f64::NAN),
        f64::NEG_INFINITY => C::new(0.0, 0.0_f64.copysign(b)),
        _ => C::new(f64::NAN, f64::NAN),
    }
}

/// Whether [`exp_fast`] serves a number.
#[inline(always)]
pub(super) fn served(z: C) -> bool {
    (z.re.abs() < f64::INFINITY) & (z.im != 0.0) & (z.im.abs() <= BOUND)
}

/// As [`exp`], without a branch, of a number that is [`served`].
#[inline(always)]
pub(super) fn exp_fast(z: C) -> C {
    turned(z.re, [cos_fast(z.im), sin_fast(z.im)], 0.0)
}

/// `2^z`.
#[inline(always)]
#[must_use]
pub fn exp2(z: C) -> C {
    if z.im == 0.0 {
        return C::new(math::exp2(z.re), z.im);
    }
    if !z.re.is_finite() || !z.im.is_finite() {
        return exp(z);
    }
    // 2^a exactly scaled, and the angle b ln 2 in two words: its low word turns by less than 2^-53.
    let angle = Double::product(z.im, std::f64::consts::LN_2);
    let low = z.im.mul_add(crate::math::coefficients::LN_2[1], angle.lo);
    let (sin, cos) = (sin(angle.hi), cos(angle.hi));
    let size = math::exp2(clamp(z.re, -1080.0, 2040.0) * 0.5);
    C::new(size * (low.mul_add(-sin, cos) * size), size * (low.mul_add(cos, sin) * size))
}

/// `e^z - 1`; its real part is `(e^a - 1) cos b - 2 sin(b / 2)^2`.
#[inline(always)]
#[must_use]
pub fn expm1(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        return C::new(math::expm1(a), b);
    }
    if !b.is_finite() || a > 40.0 || !a.is_finite() {
        return exp(z) - 1.0;
    }
    let half = sin(0.5 * b);
    let turn = Double::product(half, half).scaled(2.0);
    let re = Double::product(math::expm1(a), cos(b)).plus(turn.negative()).rounded();
    C::new(re, exp(z).im)
}
