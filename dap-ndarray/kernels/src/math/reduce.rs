//! The reduction of an angle to a quadrant and a rest between -pi/4 and pi/4, in two words.
//!
//! Up to [`BOUND`] by Cody and Waite: pi / 2 in three words. The product of the first with the
//! quadrant is near the angle, and is subtracted exactly; the second has 30 bits, so its product is
//! exact. Above by Payne and Hanek: the
//! bits of 2 / pi that matter for the exponent of the angle times its mantissa, in integers.

use super::coefficients::{HALF_PI, HALF_PI_SHORT, TWO_OVER_PI};
use super::double::Double;

/// Angles up to this are reduced by [`quadrant`].
pub(super) const BOUND: f64 = (1_u64 << 22) as f64;

/// An angle is `quadrant * pi / 2 + rest`; only the two lowest bits of the quadrant have a meaning.
#[derive(Clone, Copy)]
pub(super) struct Angle {
    pub(super) quadrant: u64,
    pub(super) rest: Double,
}

/// 1.5 * 2^52: the sum with a smaller number has the nearest integer in its lowest bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// Of an angle between 0 and [`BOUND`].
#[inline(always)]
pub(super) fn quadrant(x: f64) -> Angle {
    let shifted = x.mul_add(std::f64::consts::FRAC_2_PI, SHIFT);
    let k = shifted - SHIFT;
    let near = (-k).mul_add(HALF_PI_SHORT[0], x);
    let middle = k * HALF_PI_SHORT[1];
    let hi = near - middle;
    let lo = (-k).mul_add(HALF_PI_SHORT[2], (near - hi) - middle);
    Angle { quadrant: shifted.to_bits(), rest: Double::new(hi, lo) }
}

/// Of any finite angle above [`BOUND`].
///
/// The angle is `mantissa * 2^e`. Bits of 2 / pi whose products are multiples of 4 are left out;
/// 192 bits from there on give the quadrant in the first two bits of the product, and at least 67
/// bits of the fraction however small it is: no f64 is nearer to a multiple of pi / 2 than 2^-61.
pub(super) fn quadrant_of_large(x: f64) -> Angle {
    let bits = x.to_bits();
    let mantissa = u128::from(bits & ((1 << 52) - 1) | 1 << 52);
    // e - 2, and 64 zero bits before the point; e is at least 22 - 52.
    let first = (bits >> 52) as usize + 64 - 1075 - 2;
    let word = |index: usize| u128::from(if index == 0 { 0 } else { TWO_OVER_PI.get(index - 1).copied().unwrap_or(0) });
    let window = |index: usize| {
        let pair = word(first / 64 + index) << 64 | word(first / 64 + index + 1);
        (pair << (first % 64)) >> 64
    };
    let low = mantissa * window(2);
    let middle = mantissa * window(1) + (low >> 64);
    let high = (mantissa * window(0) + (middle >> 64)) as u64;
    let rest = high << 2 | (middle as u64) >> 62;
    let fraction = (u128::from(rest) << 64 | u128::from((middle as u64) << 2 | (low as u64) >> 62)) as i128;
    let quadrant = (high >> 62) + u64::from(fraction < 0);
    let hi = fraction as f64;
    let lo = (fraction - hi as i128) as f64;
    Angle { quadrant, rest: Double::new(hi, lo).scaled(TWO_MINUS_128).times(Double::constant(HALF_PI)) }
}

const TWO_MINUS_128: f64 = f64::from_bits((1023 - 128) << 52);
