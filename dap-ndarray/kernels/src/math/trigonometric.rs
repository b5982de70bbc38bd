//! The trigonometric functions: `sin`, `cos`, `tan`.
//!
//! The angle is reduced to a quadrant and a rest `r` of two words; `sin r = r + r^3 p(r^2)` and
//! `cos r = 1 - r^2 / 2 + r^4 p(r^2)` are both computed, and the quadrant chooses. `tan` is their
//! quotient in two words. Angles above [`BOUND`] are reduced apart, see `reduce`.

use super::coefficients::{COS, SIN};
use super::double::{Double, polynomial};
use super::exp::TINY;
use super::reduce::{Angle, BOUND, quadrant, quadrant_of_large};

const SIGN: u64 = 1 << 63;

/// The sine of a rest.
#[inline(always)]
fn sin_rest(r: Double) -> f64 {
    let z = r.hi * r.hi;
    // The low word times the cosine, but for a seventh of the last bit.
    r.hi + (r.hi * z).mul_add(polynomial(z, &SIN), r.lo)
}

/// The tangent's sine and cosine, with what `sin_rest` and `cos_rest` leave out.
#[inline(always)]
fn sin_cos_rest(r: Double) -> (Double, Double) {
    let z = r.hi * r.hi;
    let half = -0.5 * z;
    let low = half.mul_add(r.lo, r.lo);
    let sin = Double::ordered_sum(r.hi, (r.hi * z).mul_add(polynomial(z, &SIN), low));
    let sum = Double::ordered_sum(1.0, half);
    let z_lo = r.hi.mul_add(r.hi, -z);
    let low = 0.5f64.mul_add(-z_lo, (-r.hi).mul_add(r.lo, sum.lo));
    (sin, Double::ordered_sum(sum.hi, (z * z).mul_add(polynomial(z, &COS), low)))
}

/// The cosine of a rest.
#[inline(always)]
fn cos_rest(r: Double) -> f64 {
    let z = r.hi * r.hi;
    let sum = Double::ordered_sum(1.0, -0.5 * z);
    sum.hi + (z * z).mul_add(polynomial(z, &COS), (-r.hi).mul_add(r.lo, sum.lo))
}

#[inline(always)]
fn sin_of(angle: Angle) -> f64 {
    let value = if angle.quadrant & 1 == 0 { sin_rest(angle.rest) } else { cos_rest(angle.rest) };
    f64::from_bits(value.to_bits() ^ (angle.quadrant << 62 & SIGN))
}

#[inline(always)]
fn cos_of(angle: Angle) -> f64 {
    let value = if angle.quadrant & 1 == 0 { cos_rest(angle.rest) } else { sin_rest(angle.rest) };
    f64::from_bits(value.to_bits() ^ (angle.quadrant.wrapping_add(1) << 62 & SIGN))
}

#[inline(always)]
fn tan_of(angle: Angle) -> f64 {
    let (sin, cos) = sin_cos_rest(angle.rest);
    let odd = angle.quadrant & 1 == 1;
    let value = Double::select(odd, cos.negative(), sin).over(Double::select(odd, sin, cos));
    value.hi
}

/// The fast form of a function serves angles up to [`BOUND`], and NaN.
#[inline(always)]
pub(super) fn served(x: f64) -> bool {
    let beyond = x.abs() > BOUND;
    !beyond
}

/// The sine of an angle that is `served`.
#[inline(always)]
pub(super) fn sin_fast(x: f64) -> f64 {
    f64::from_bits(sin_of(quadrant(x.abs())).to_bits() ^ (x.to_bits() & SIGN))
}

/// The cosine of an angle that is `served`.
#[inline(always)]
pub(super) fn cos_fast(x: f64) -> f64 {
    cos_of(quadrant(x.abs()))
}

/// The tangent of an angle that is `served`.
#[inline(always)]
pub(super) fn tan_fast(x: f64) -> f64 {
    let value = f64::from_bits(tan_of(quadrant(x.abs())).to_bits() ^ (x.to_bits() & SIGN));
    if x.abs() < TINY { x } else { value }
}

/// `of` the reduced absolute angle; NaN for an infinite one.
fn large(x: f64, of: impl Fn(Angle) -> f64) -> f64 {
    if x.is_finite() { of(quadrant_of_large(x.abs())) } else { f64::NAN }
}

/// The sine of any angle above [`BOUND`].
#[cold]
#[inline(never)]
pub(super) fn sin_large(x: f64) -> f64 {
    if x < 0.0 { -large(x, sin_of) } else { large(x, sin_of) }
}

/// The cosine of any angle above [`BOUND`].
#[cold]
#[inline(never)]
pub(super) fn cos_large(x: f64) -> f64 {
    large(x, cos_of)
}

/// The tangent of any angle above [`BOUND`].
#[cold]
#[inline(never)]
pub(super) fn tan_large(x: f64) -> f64 {
    if x < 0.0 { -large(x, tan_of) } else { large(x, tan_of) }
}

macro_rules! whole {
    ($name:ident, $fast:ident, $large:ident, $doc:literal) => {
        #[doc = $doc]
        ///
        /// It branches for angles above 2^22, so a loop over it is not vectorised; that over a
        /// slice is ([`super::unary`]).
        #[inline(always)]
        #[must_use]
        pub fn $name(x: f64) -> f64 {
            if served(x) { $fast(x) } else { $large(x) }
        }
    };
}

whole!(sin, sin_fast, sin_large, "The sine.");
whole!(cos, cos_fast, cos_large, "The cosine.");
whole!(tan, tan_fast, tan_large, "The tangent.");
