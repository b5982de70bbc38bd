//! `cbrt` and `hypot`.
//!
//! `cbrt`: with `x = 2^(3 q) m` and `m` between 0.7 and 5.7, a polynomial and one step of third
//! order give `r = m^(-1/3)` to 2^-22; `y = m r^2` is corrected by the remainder `m - y^3`, which
//! is exact to 2^-100, in a step of third order. `hypot` is the root of a sum of squares in two
//! words, scaled by a power of two.

use super::coefficients::INVERSE_CBRT;
use super::double::{Double, polynomial};
use super::log::split_any;

/// 1.5 * 2^52: the sum with a smaller number has the nearest integer in its lowest bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
const THIRD: f64 = 1.0 / 3.0;

/// The cube root.
#[inline(always)]
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    let a = x.abs();
    let (k, m) = split_any(a);
    let shifted = (k - 1.0).mul_add(THIRD, SHIFT);
    let q = shifted - SHIFT;
    let j = 3.0f64.mul_add(-q, k);
    // 2^j for j = 0, 1, 2.
    let m = m * (0.5 * j).mul_add(j + 1.0, 1.0);
    let r = polynomial(m, &INVERSE_CBRT);
    let error = (-m * r).mul_add(r * r, 1.0);
    let r = (r * error).mul_add(error.mul_add(2.0 / 9.0, THIRD), r);
    let y = m * (r * r);
    let square = Double::product(y, y);
    let cube = Double::product(square.hi, y);
    let remainder = (m - cube.hi) - square.lo.mul_add(y, cube.lo);
    // With e = remainder / m, cbrt(m) = y (1 + e / 3 + 2 e^2 / 9); as m^2 r^6 = 1 - e, 1 / m is
    // r^3 (1 + e / 2).
    let error = remainder * (r * r * r);
    let root = (y * error).mul_add(error.mul_add(7.0 / 18.0, THIRD), y);
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    let value = (root * power).copysign(x);
    if a > 0.0 && a < f64::INFINITY { value } else { x }
}

const LARGE: f64 = f64::from_bits((1023 + 500) << 52);
const SMALL: f64 = f64::from_bits((1023 - 400) << 52);

/// The length of `(x, y)`; infinite if a coordinate is, even beside NaN.
#[inline(always)]
#[must_use]
pub fn hypot(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let greatest = if x > y { x } else { y };
    let (scale, back) = if greatest > LARGE {
        (f64::from_bits((1023 - 600) << 52), f64::from_bits((1023 + 600) << 52))
    } else {
        (1.0, 1.0)
    };
    let (scale, back) = if greatest < SMALL {
        (f64::from_bits((1023 + 600) << 52), f64::from_bits((1023 - 600) << 52))
    } else {
        (scale, back)
    };
    let (a, b) = (x * scale, y * scale);
    let value = Double::product(a, a).plus(Double::product(b, b)).sqrt().rounded() * back;
    let value = if greatest == 0.0 { x + y } else { value };
    if x == f64::INFINITY || y == f64::INFINITY { f64::INFINITY } else { value }
}
