//! `power`: `x^y = e^(y ln |x|)`, with the logarithm in two words of about 64 bits together.
//!
//! The exponent `y ln |x|` is below 746, so an error of 2^-64 in the logarithm is one of 2^-54.5 in
//! the power, about a third of the last bit. Where the power is a floating-point number it is
//! exact.

use super::double::Double;
use super::exp::{Exponential, clamp};
use super::log::ln;

/// Whether `y` is an integer, and an odd one.
#[inline(always)]
fn parity(y: f64) -> (bool, bool) {
    let half = 0.5 * y;
    let integer = y.trunc() == y;
    (integer, integer && half.trunc() != half)
}

/// `power_fast` serves finite arguments with `x` not zero.
#[inline(always)]
pub(super) fn served(x: f64, y: f64) -> bool {
    x.abs() > 0.0 && x.abs() < f64::INFINITY && y.abs() < f64::INFINITY
}

/// `x^y`, for arguments that are `served`.
#[inline(always)]
pub(super) fn power_fast(x: f64, y: f64) -> f64 {
    let ln = ln(x.abs());
    let hi = y * ln.hi;
    let lo = y.mul_add(ln.lo, y.mul_add(ln.hi, -hi));
    let within = hi.abs() < 800.0;
    let exponent = Double::new(clamp(hi, -800.0, 800.0), if within { lo } else { 0.0 });
    let value = Exponential::of_double(exponent).rounded();
    let (integer, odd) = parity(y);
    let negative = if odd { -value } else { value };
    let negative = if integer { negative } else { f64::NAN };
    if x < 0.0 { negative } else { value }
}

/// `x^y` as C99 Annex F has it, where an argument is zero or not finite.
#[cold]
#[inline(never)]
pub(super) fn power_special(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if y.is_infinite() {
        return match x.abs() {
            1.0 => 1.0,
            a if (a > 1.0) == (y > 0.0) => f64::INFINITY,
            _ => 0.0,
        };
    }
    let value = if (x == 0.0) == (y < 0.0) { f64::INFINITY } else { 0.0 };
    if x.is_sign_negative() && parity(y).1 { -value } else { value }
}

/// `x` to the power `y`.
///
/// It branches for arguments that are zero or not finite.
#[inline(always)]
#[must_use]
pub fn power(x: f64, y: f64) -> f64 {
    if served(x, y) { power_fast(x, y) } else { power_special(x, y) }
}
