//! `divide`, `reciprocal`: Annex G's quotient.
//!
//! Both operands of `(a + i b) / (c + i d)` keep their sizes; the divisor is scaled by a power of
//! two, which is exact, so that its square neither overflows nor vanishes. A quotient that is NaN
//! in both parts is computed again, as Annex G says, since an infinite or zero operand may
//! determine it. The choice depends on the operands only.

use super::C;

/// `z / w`.
#[inline(always)]
#[must_use]
pub fn divide(z: C, w: C) -> C {
    let exponent = exponent(w.re.abs().max(w.im.abs()));
    let (c, d) = (scaled(w.re, -exponent), scaled(w.im, -exponent));
    let denominator = c * c + d * d;
    let re = scaled((z.re * c + z.im * d) / denominator, -exponent);
    let im = scaled((z.im * c - z.re * d) / denominator, -exponent);
    if !(re.is_nan() && im.is_nan()) {
        return C::new(re, im);
    }
    let is_infinite = |z: C| z.re.is_infinite() || z.im.is_infinite();
    let is_finite = |z: C| z.re.is_finite() && z.im.is_finite();
    if denominator == 0.0 && (!z.re.is_nan() || !z.im.is_nan()) {
        let infinity = f64::INFINITY.copysign(c);
        C::new(infinity * z.re, infinity * z.im)
    } else if is_infinite(z) && is_finite(w) {
        let (a, b) = (boxed(z.re), boxed(z.im));
        C::new(f64::INFINITY * (a * c + b * d), f64::INFINITY * (b * c - a * d))
    } else if is_infinite(w) && is_finite(z) {
        let (c, d) = (boxed(w.re), boxed(w.im));
        C::new(0.0 * (z.re * c + z.im * d), 0.0 * (z.im * c - z.re * d))
    } else {
        C::new(re, im)
    }
}

/// `1 / z`; of infinity 0, of 0 infinity and NaN.
#[inline(always)]
#[must_use]
pub fn reciprocal(z: C) -> C {
    divide(C::new(1.0, 0.0), z)
}

/// 1 for an infinite part, 0 for another one, with the sign of the part.
#[inline(always)]
fn boxed(part: f64) -> f64 {
    (if part.is_infinite() { 1.0_f64 } else { 0.0 }).copysign(part)
}

/// The exponent of a positive number; 0 if it is zero, infinite or NaN.
#[inline(always)]
fn exponent(x: f64) -> i32 {
    let (bits, bias) = (x.to_bits(), 1023);
    match bits >> 52 & 0x7ff {
        0x7ff => 0,
        0 if bits << 1 == 0 => 0,
        0 => 11 - bits.leading_zeros() as i32 - (bias - 1),
        exponent => exponent as i32 - bias,
    }
}

/// The number times a power of two.
#[inline(always)]
fn scaled(x: f64, exponent: i32) -> f64 {
    // Two factors: one may be beyond the normal numbers.
    let half = exponent / 2;
    let power = |exponent: i32| f64::from_bits(((exponent + 1023) as u64) << 52);
    x * power(half) * power(exponent - half)
}
