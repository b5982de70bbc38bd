//! The exponential functions: `exp`, `exp2`, `expm1`, and their common core in two words.
//!
//! `x = k ln 2 + r` with an integer `k` and `|r| <= ln 2 / 2`; `e^r` is `1 + r + r^2 q(r)` with a
//! polynomial `q`; the result is scaled by `2^k` in two steps, each of which is a normal number, so
//! that subnormal results are rounded once and overflow gives infinity. The first step of the
//! reduction is exact, as `k` times the first word of ln 2 and `x` are near each other.

use super::coefficients::{EXP, EXP_LONG, EXP2, LN_2, LOG2_E};
use super::double::{Double, polynomial};

/// `1.5 * 2^52 + 2046`: the sum with a number below 2^50 has the nearest integer plus 2046 in its
/// lowest bits. 2046 is twice the bias of an exponent.
const SHIFT: f64 = 6_755_399_441_055_744.0 + 2046.0;

/// `e^x` is `2^k (1 + hi + lo)`, where `shifted` is `k + SHIFT`.
#[derive(Clone, Copy)]
pub(super) struct Exponential {
    pub(super) shifted: f64,
    pub(super) hi: f64,
    pub(super) lo: f64,
}

impl Exponential {
    /// Of `x` in -10^6 to 10^6; right to 2^-62.
    #[inline(always)]
    pub(super) fn of(x: f64) -> Self {
        let (shifted, r) = reduced(x);
        Self::of_reduced(shifted, r)
    }

    /// As [`Self::of`].
    #[inline(always)]
    pub(super) fn of_double(x: Double) -> Self {
        let (shifted, r) = reduced(x.hi);
        // The low word of a large `x` is above the last bit of `r`.
        let r = Double::ordered_sum(r.hi, r.lo + x.lo);
        Self::of_reduced(shifted, r)
    }

    /// Of base 2.
    #[inline(always)]
    fn of_base_2(x: f64) -> Self {
        let shifted = x + SHIFT;
        let rest = x - (shifted - SHIFT);
        let hi = rest * LN_2[0];
        let lo = rest.mul_add(LN_2[1], rest.mul_add(LN_2[0], -hi));
        Self::of_reduced(shifted, Double::new(hi, lo))
    }

    #[inline(always)]
    pub(super) fn exponent(self) -> f64 {
        self.shifted - SHIFT
    }

    /// `2^k (1 + hi + lo)` as two words, for `k` from -1022 to 1023.
    #[inline(always)]
    pub(super) fn double(self) -> Double {
        let sum = Double::ordered_sum(1.0, self.hi);
        let power = f64::from_bits(self.shifted.to_bits().wrapping_sub(1023) << 52);
        Double::ordered_sum(sum.hi, sum.lo + self.lo).scaled(power)
    }

    /// `2^k (1 + hi + lo)`, rounded once, for any `k` from -2044 to 2046.
    #[inline(always)]
    pub(super) fn rounded(self) -> f64 {
        let sum = Double::ordered_sum(1.0, self.hi);
        scale(sum.hi + (sum.lo + self.lo), self.shifted)
    }

    /// `value 2^k`, rounded once.
    #[inline(always)]
    pub(super) fn scale(self, value: f64) -> f64 {
        scale(value, self.shifted)
    }

    /// `(1 + hi + lo) factor`.
    #[inline(always)]
    pub(super) fn times(self, factor: Double) -> Double {
        let sum = Double::ordered_sum(1.0, self.hi);
        Double::ordered_sum(sum.hi, sum.lo + self.lo).times(factor)
    }

    /// `2^k (1 + hi + lo) - 1` as two words, for `k` from -60 to 1000.
    #[inline(always)]
    pub(super) fn minus_one(self) -> Double {
        let (sum, power) = self.minus_one_unscaled();
        sum.scaled(power)
    }

    #[inline(always)]
    fn minus_one_unscaled(self) -> (Double, f64) {
        let biased = self.shifted.to_bits().wrapping_sub(1023);
        let power = f64::from_bits(biased << 52);
        let inverse = f64::from_bits(2046_u64.wrapping_sub(biased) << 52);
        let inverse = if self.exponent() > 100.0 { 0.0 } else { inverse };
        let one = Double::sum(1.0, -inverse);
        let sum = Double::sum(one.hi, self.hi);
        (Double::ordered_sum(sum.hi, sum.lo + (one.lo + self.lo)), power)
    }
}

/// `k + SHIFT` and `x - k ln 2`.
#[inline(always)]
fn reduced(x: f64) -> (f64, Double) {
    let shifted = x.mul_add(LOG2_E[0], SHIFT);
    let k = shifted - SHIFT;
    let near = (-k).mul_add(LN_2[0], x);
    let hi = (-k).mul_add(LN_2[1], near);
    (shifted, Double::new(hi, (-k).mul_add(LN_2[1], near - hi)))
}

impl Exponential {
    /// `e^r - 1` for a reduced `r`: `r + r^2 / 2` in two words, and `r^3 p(r)`.
    #[inline(always)]
    fn of_reduced(shifted: f64, r: Double) -> Self {
        let square = r.hi * r.hi;
        let sum = Double::ordered_sum(r.hi, 0.5 * square);
        let square_lo = r.hi.mul_add(r.hi, -square);
        let cube = (r.hi * square).mul_add(polynomial(r.hi, &EXP_LONG), 0.5 * square_lo);
        Self { shifted, hi: sum.hi, lo: sum.lo + (cube + r.hi.mul_add(r.lo, r.lo)) }
    }
}

/// `value * 2^k` for `shifted = k + SHIFT`, in two steps.
#[inline(always)]
fn scale(value: f64, shifted: f64) -> f64 {
    let biased = shifted.to_bits();
    let first = biased >> 1;
    let second = biased.wrapping_sub(first);
    value * f64::from_bits(first << 52) * f64::from_bits(second << 52)
}

/// `x` between `low` and `high`; NaN is kept.
#[inline(always)]
pub(super) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `e^x`.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    let x = clamp(x, -746.0, 710.0);
    let shifted = x.mul_add(LOG2_E[0], SHIFT);
    let k = shifted - SHIFT;
    let r = (-k).mul_add(LN_2[1], (-k).mul_add(LN_2[0], x));
    let sum = Double::ordered_sum(1.0, r);
    scale(sum.hi + (r * r).mul_add(polynomial(r, &EXP), sum.lo), shifted)
}

/// `2^x` for `x` from -1000 to 1000, as a power of two and a number near 1.
#[inline(always)]
pub(super) fn exp2_parts(x: f64) -> (f64, f64) {
    let shifted = x + SHIFT;
    let r = x - (shifted - SHIFT);
    (f64::from_bits(shifted.to_bits().wrapping_sub(1023) << 52), r.mul_add(polynomial(r, &EXP2), 1.0))
}

/// `2^x`.
#[inline(always)]
#[must_use]
pub fn exp2(x: f64) -> f64 {
    Exponential::of_base_2(clamp(x, -1076.0, 1025.0)).rounded()
}

/// `e^x - 1`, without the cancellation near zero.
#[inline(always)]
#[must_use]
pub fn expm1(x: f64) -> f64 {
    let within = clamp(x, -40.0, 710.0);
    let parts = Exponential::of(within);
    let (sum, _) = parts.minus_one_unscaled();
    let value = scale(sum.rounded(), parts.shifted);
    if x.abs() < TINY { x } else { value }
}

/// Below this, odd functions with slope 1 are `x` to the last bit, and low words may be subnormal.
pub(super) const TINY: f64 = 1.0 / (1_u64 << 60) as f64;
