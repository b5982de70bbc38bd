//! `sqrt`, `square`.

use super::C;
use crate::math::hypot;

/// The square root with a real part that is not negative: `t = sqrt((|z| + |a|) / 2)` is the
/// greater part, and `|b| / (2 t)` the other one.
#[inline(always)]
#[must_use]
pub fn sqrt(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if b.is_infinite() {
        return C::new(f64::INFINITY, b);
    }
    if a == 0.0 && b == 0.0 {
        return C::new(0.0, b);
    }
    if a.is_infinite() {
        // b is finite, or NaN.
        return if a > 0.0 {
            C::new(a, if b.is_nan() { b } else { 0.0_f64.copysign(b) })
        } else {
            C::new(if b.is_nan() { b } else { 0.0 }, f64::INFINITY.copysign(b))
        };
    }
    if a.is_nan() || b.is_nan() {
        return C::new(f64::NAN, f64::NAN);
    }
    // Powers of 4 that keep the sum below overflow and its parts normal.
    let greatest = a.abs().max(b.abs());
    let (scale, back) = if greatest > 1e307 {
        (1.0 / 16.0, 4.0)
    } else if greatest < 1e-280 {
        (f64::from_bits((1023 + 108) << 52), f64::from_bits((1023 - 54) << 52))
    } else {
        (1.0, 1.0)
    };
    let (x, y) = (a.abs() * scale, b.abs() * scale);
    let t = (0.5 * (hypot(x, y) + x)).sqrt();
    let (greater, lesser) = (t * back, y / (t + t) * back);
    if a >= 0.0 { C::new(greater, lesser.copysign(b)) } else { C::new(lesser, greater.copysign(b)) }
}

/// `z * z`, its real part as `(a - b) (a + b)`.
#[inline(always)]
#[must_use]
pub fn square(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_infinite() && b.is_infinite() {
        return C::new(f64::NAN, a * b);
    }
    let im = 2.0 * a * b;
    // The sum of finite parts may be beyond the range where the product is zero.
    let re = if a.abs() == b.abs() { 0.0 } else { (a - b) * (a + b) };
    C::new(if a.is_nan() || b.is_nan() { f64::NAN } else { re }, im)
}
