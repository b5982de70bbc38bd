//! The logarithms: `log`, `log2`, `log10`, `log1p`, and their common core in two words.
//!
//! `x = 2^k m` with `sqrt(1/2) <= m < sqrt(2)`; with `f = m - 1` and `s = f / (2 + f)`,
//! `ln m = 2 atanh(s) = 2 s + s^3 p(s^2)`. `log` avoids the rounding of `s` by the identity
//! `2 s = f - s f`, so that `ln m = f - (f^2 / 2 - s (f^2 / 2 + s^2 p(s^2)))`.

use super::coefficients::{LN_2_SHORT, LOG, LOG_LONG, LOG2_E, LOG10_2, LOG10_E, TWO_THIRDS};
use super::double::{Double, polynomial};
use super::exp::TINY;

const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const MANTISSA: u64 = (1 << 52) - 1;
/// 2^52: the sum of its bits with a small integer are those of its sum with that integer.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// `(k, m)` of a positive normal `x`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let moved = x.to_bits().wrapping_add(1.0_f64.to_bits() - SQRT_HALF);
    let k = f64::from_bits((moved >> 52) | TWO_52.to_bits()) - (TWO_52 + 1023.0);
    (k, f64::from_bits((moved & MANTISSA) + SQRT_HALF))
}

/// As `split`, for subnormal `x` too.
#[inline(always)]
pub(super) fn split_any(x: f64) -> (f64, f64) {
    let small = x < f64::MIN_POSITIVE;
    let (k, m) = split(if small { x * TWO_52 } else { x });
    (if small { k - 52.0 } else { k }, m)
}

/// `ln(1 + f)` for `1 + f` between `sqrt(1/2)` and `sqrt(2)`; right to 2^-64 of its value.
#[inline(always)]
fn ln_1p_reduced(f: Double) -> Double {
    let divisor = Double::ordered_sum(2.0, f.hi);
    let reciprocal = 1.0 / divisor.hi;
    let s = f.hi * reciprocal;
    let remainder = (-s).mul_add(divisor.hi, f.hi) + (-s).mul_add(divisor.lo + f.lo, f.lo);
    let s = Double::new(s, remainder * reciprocal);
    let z = Double::new(s.hi * s.hi, (s.hi + s.hi).mul_add(s.lo, s.hi.mul_add(s.hi, -(s.hi * s.hi))));
    let p = Double::ordered_sum(TWO_THIRDS[0], z.hi.mul_add(polynomial(z.hi, &LOG_LONG), TWO_THIRDS[1]));
    let cube = s.hi * z.hi;
    let cube = Double::new(cube, s.hi.mul_add(z.hi, -cube) + s.hi.mul_add(z.lo, s.lo * z.hi));
    let rest = cube.hi * p.hi;
    let rest_lo = cube.hi.mul_add(p.hi, -rest) + cube.hi.mul_add(p.lo, cube.lo * p.hi);
    let sum = Double::ordered_sum(s.hi + s.hi, rest);
    Double::new(sum.hi, sum.lo + (s.lo + s.lo + rest_lo))
}

/// `k ln 2 + ln m` for `|k| <= 2000`.
#[inline(always)]
fn with_exponent(k: f64, ln_m: Double) -> Double {
    let sum = Double::ordered_sum(k * LN_2_SHORT[0], ln_m.hi);
    Double::ordered_sum(sum.hi, sum.lo + k.mul_add(LN_2_SHORT[1], ln_m.lo))
}

/// `ln x` of a positive `x`, subnormal ones included; right to 2^-64 of its value.
#[inline(always)]
pub(super) fn ln(x: f64) -> Double {
    let (k, m) = split_any(x);
    with_exponent(k, ln_1p_reduced(Double::new(m - 1.0, 0.0)))
}

/// `ln(1 + f) + more ln 2` for finite `1 + f > 0`.
#[inline(always)]
pub(super) fn ln_1p(f: Double, more: f64) -> Double {
    let sum = Double::sum(1.0, f.hi);
    let (k, m) = split(sum.hi);
    // 2^-k; the low word of a large number has no weight in its logarithm.
    let power = f64::from_bits((TWO_52 + 1023.0 - k).to_bits() << 52);
    let power = if k > 200.0 { 0.0 } else { power };
    let reduced = Double::ordered_sum(m - 1.0, (sum.lo + f.lo) * power);
    with_exponent(k + more, ln_1p_reduced(Double::select(k == 0.0, f, reduced)))
}

/// `value`, or the result of a logarithm for an argument that is not positive and finite.
#[inline(always)]
fn with_special(x: f64, value: f64) -> f64 {
    let value = if x < f64::INFINITY { value } else { x };
    let special = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    if x > 0.0 { value } else { special }
}

/// `k ln 2 + ln m`, rounded.
#[inline(always)]
fn log_of((k, m): (f64, f64)) -> f64 {
    let f = m - 1.0;
    let s = f / (m + 1.0);
    let z = s * s;
    let half_square = 0.5 * f * f;
    let low = s.mul_add(z.mul_add(polynomial(z, &LOG), half_square), k * LN_2_SHORT[1]);
    k.mul_add(LN_2_SHORT[0], f - (half_square - low))
}

/// Whether `x` is positive, normal and finite.
#[inline(always)]
pub(super) fn is_positive_normal(x: f64) -> bool {
    // One comparison of integers: both bounds are moved to the ends of i64.
    const FIRST: i64 = 1 << 52;
    const COUNT: i64 = (0x7fe << 52) - 1;
    (x.to_bits() as i64).wrapping_sub(FIRST).wrapping_add(i64::MIN) <= i64::MIN + COUNT
}

/// The natural logarithm of a positive, normal and finite number.
#[inline(always)]
pub(super) fn log_fast(x: f64) -> f64 {
    log_of(split(x))
}

/// The natural logarithm of any number.
#[inline(never)]
pub(super) fn log_any(x: f64) -> f64 {
    log(x)
}

/// The natural logarithm.
#[inline(always)]
#[must_use]
pub fn log(x: f64) -> f64 {
    with_special(x, log_of(split_any(x)))
}

/// The logarithm to base 2; exact for powers of two.
#[inline(always)]
#[must_use]
pub fn log2(x: f64) -> f64 {
    let (k, m) = split_any(x);
    let ln_m = ln_1p_reduced(Double::new(m - 1.0, 0.0));
    let value = ln_m.times(Double::constant(LOG2_E));
    let sum = Double::ordered_sum(k, value.hi);
    with_special(x, sum.hi + (sum.lo + value.lo))
}

/// The logarithm to base 10; exact for powers of ten.
#[inline(always)]
#[must_use]
pub fn log10(x: f64) -> f64 {
    let (k, m) = split_any(x);
    let ln_m = ln_1p_reduced(Double::new(m - 1.0, 0.0));
    let value = ln_m.times(Double::constant(LOG10_E));
    let power = Double::product(k, LOG10_2[0]);
    let sum = Double::ordered_sum(power.hi, value.hi);
    with_special(x, sum.hi + (sum.lo + (value.lo + k.mul_add(LOG10_2[1], power.lo))))
}

/// `ln(1 + x)`, without the cancellation near zero.
#[inline(always)]
#[must_use]
pub fn log1p(x: f64) -> f64 {
    let value = ln_1p(Double::new(x, 0.0), 0.0).rounded();
    let value = if x < f64::INFINITY { value } else { x };
    let special = if x == -1.0 { f64::NEG_INFINITY } else { f64::NAN };
    let value = if x > -1.0 { value } else { special };
    if x.abs() < TINY { x } else { value }
}
