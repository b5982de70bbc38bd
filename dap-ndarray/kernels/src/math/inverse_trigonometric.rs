//! The inverse trigonometric functions: `arcsin`, `arccos`, `arctan`, `arctan2`.
//!
//! `arctan2` reduces `|y| / |x|` by the tangents of pi / 8 and 3 pi / 8 to a quotient `q` of at
//! most tan(pi / 8) in two words, beside an angle 0, pi / 4 or pi / 2; `atan q = q + q^3 p(q^2)`.
//! `arcsin` and `arccos` use `asin x = x + x^3 p(x^2)` up to 1 / 2, and `acos x = 2 asin(sqrt((1 -
//! x) / 2))` above.

use super::coefficients::{ASIN, ATAN, HALF_PI, PI, QUARTER_PI};
use super::double::{Double, polynomial};

/// tan(pi / 8) and tan(3 pi / 8).
const TAN_EIGHTH: [f64; 2] = [std::f64::consts::SQRT_2 - 1.0, std::f64::consts::SQRT_2 + 1.0];

/// The arc tangent of `y / x` for `x, y >= 0`, not both zero, in two words.
#[inline(always)]
fn arctan_positive(y: f64, x: f64) -> Double {
    let steep = y > x * TAN_EIGHTH[1];
    let middle = y > x * TAN_EIGHTH[0];
    let difference = Double::sum(y, -x);
    let sum = Double::sum(y, x);
    let numerator = Double::select(middle, difference, Double::new(y, 0.0));
    let numerator = Double::select(steep, Double::new(-x, 0.0), numerator);
    let denominator = Double::select(middle, sum, Double::new(x, 0.0));
    let denominator = Double::select(steep, Double::new(y, 0.0), denominator);
    let angle = Double::select(middle, Double::constant(QUARTER_PI), Double::new(0.0, 0.0));
    let angle = Double::select(steep, Double::constant(HALF_PI), angle);
    let q = numerator.over(denominator);
    let z = q.hi * q.hi;
    let rest = (q.hi * z).mul_add(polynomial(z, &ATAN), q.lo);
    let first = Double::ordered_sum(angle.hi, q.hi);
    Double::ordered_sum(first.hi, first.lo + (angle.lo + rest))
}

/// The arc tangent.
#[inline(always)]
#[must_use]
pub fn arctan(x: f64) -> f64 {
    let a = x.abs();
    // Beyond 2^60 the arc tangent is pi / 2 to the last bit.
    let bounded = if a > 1e18 { 1e18 } else { a };
    let value = arctan_positive(bounded, 1.0).hi;
    (if a < super::exp::TINY { a } else { value }).copysign(x)
}

/// `arctan2_fast` serves finite arguments that are not both zero.
#[inline(always)]
pub(super) fn served(y: f64, x: f64) -> bool {
    let greatest = if y.abs() > x.abs() { y.abs() } else { x.abs() };
    greatest > 0.0 && y.abs() < f64::INFINITY && x.abs() < f64::INFINITY
}

/// The angle of the point `(x, y)`, for arguments that are `served`.
#[inline(always)]
pub(super) fn arctan2_fast(y: f64, x: f64) -> f64 {
    let (a, b) = (y.abs(), x.abs());
    let greatest = if a > b { a } else { b };
    // Powers of two that keep the sum below overflow, and the remainder of the quotient normal.
    let scale = if greatest > 1e300 { 0.5 } else { 1.0 };
    let scale = if greatest < 1e-150 { TWO_500 } else { scale };
    let (a, b) = (a * scale, b * scale);
    // A quotient below 2^-1022 is subnormal: it is the result but for its rounding.
    let value = arctan_positive(a, b);
    let tiny = a < b * 1e-150;
    let turned = Double::ordered_sum(PI[0], -value.hi);
    let turned = turned.hi + (turned.lo + (PI[1] - value.lo));
    let value = if tiny { a / b } else { value.hi };
    (if x.is_sign_negative() { turned } else { value }).copysign(y)
}

const TWO_500: f64 = f64::from_bits((1023 + 500) << 52);

/// The angle of the point `(x, y)` where a coordinate is not finite, or both are zero.
#[cold]
#[inline(never)]
pub(super) fn arctan2_special(y: f64, x: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    let unit = |value: f64| -> f64 { if value.is_infinite() { 1.0 } else { 0.0 } };
    if x.is_infinite() || y.is_infinite() {
        return arctan2_fast(unit(y).copysign(y), unit(x).copysign(x));
    }
    (if x.is_sign_negative() { PI[0] } else { 0.0 }).copysign(y)
}

/// `asin x` for `0 <= x <= 1 / 2`, without its first term `x`.
#[inline(always)]
fn asin_rest(x: f64, z: f64) -> f64 {
    (x * z) * polynomial(z, &ASIN)
}

/// `(large, z, x)`: if `|x| > 1 / 2`, `z = (1 - |x|) / 2` and its root in two words, else `z =
/// x^2`.
#[inline(always)]
fn halved(a: f64) -> (bool, f64, Double) {
    let large = a > 0.5;
    let z = if large { 0.5f64.mul_add(-a, 0.5) } else { a * a };
    let root = z.sqrt();
    let error = (-root).mul_add(root, z) / if root > 0.0 { root + root } else { 1.0 };
    (large, z, Double::select(large, Double::new(root, error), Double::new(a, 0.0)))
}

/// The arc sine; NaN outside of -1 to 1.
#[inline(always)]
#[must_use]
pub fn arcsin(x: f64) -> f64 {
    let a = x.abs();
    let (large, z, s) = halved(a);
    let rest = asin_rest(s.hi, z);
    // pi / 2 - 2 (s + rest)
    let first = Double::ordered_sum(HALF_PI[0], -2.0 * s.hi);
    let turned = first.hi + (first.lo + (2.0f64.mul_add(-(rest + s.lo), HALF_PI[1])));
    (if large { turned } else { s.hi + rest }).copysign(x)
}

/// The arc cosine; NaN outside of -1 to 1.
#[inline(always)]
#[must_use]
pub fn arccos(x: f64) -> f64 {
    let (large, z, s) = halved(x.abs());
    let rest = asin_rest(s.hi, z);
    let s = Double::select(large || x.is_sign_positive(), s, s.negative());
    let rest = if large || x.is_sign_positive() { rest } else { -rest };
    // Near 1: 2 (s + rest). Near -1: pi - that. Between: pi / 2 - (x + rest).
    let near = 2.0 * (s.hi + (s.lo + rest));
    let middle = Double::ordered_sum(HALF_PI[0], -s.hi);
    let middle = middle.hi + (middle.lo + (HALF_PI[1] - rest));
    let far = Double::ordered_sum(PI[0], -2.0 * s.hi);
    let far = far.hi + (far.lo + 2.0f64.mul_add(-(rest + s.lo), PI[1]));
    let large_value = if x > 0.0 { near } else { far };
    if large { large_value } else { middle }
}

/// The angle of the point with the abscissa `x` and the ordinate `y`, from -pi to pi.
///
/// It branches for arguments that are not finite, and at the origin.
#[inline(always)]
#[must_use]
pub fn arctan2(y: f64, x: f64) -> f64 {
    if served(y, x) { arctan2_fast(y, x) } else { arctan2_special(y, x) }
}
