//! `logaddexp`: `ln(e^a + e^b)` without overflow, as `max + ln(1 + e^(min - max))`.
//!
//! The terms are computed in two words, to about 2^-60. They cancel where the result is near zero:
//! there the error is absolute, at most 2^-60, so the bound of 1 ulp holds for results above 2^-7.

use super::double::Double;
use super::exp::{Exponential, clamp};
use super::log::ln_1p;

/// `ln(e^a + e^b)`.
#[inline(always)]
#[must_use]
pub fn logaddexp(a: f64, b: f64) -> f64 {
    let (greater, lesser) = if a > b { (a, b) } else { (b, a) };
    let difference = Double::sum(lesser, -greater);
    let within = difference.hi > -800.0;
    let exponent = Double::new(clamp(difference.hi, -800.0, 0.0), if within { difference.lo } else { 0.0 });
    let exp = Exponential::of_double(exponent);
    let ln = ln_1p(exp.double(), 0.0);
    let sum = Double::sum(greater, ln.hi);
    let near = sum.hi + (sum.lo + ln.lo);
    let far = greater + exp.rounded();
    let value = if difference.hi > -45.0 { near } else { far };
    let value = if greater.abs() < f64::INFINITY { value } else { greater };
    if a.is_nan() || b.is_nan() { f64::NAN } else { value }
}
