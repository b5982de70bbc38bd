//! The logarithms: `ln |z| + i arg z`.
//!
//! `ln |z|` is half of `ln(1 + f)` with `f = a^2 + b^2 - 1` in two words, which keeps its last bits
//! near the unit circle; other numbers are scaled to it by a power of two.

use super::C;
use crate::math::coefficients::{LN_2, LOG2_E, LOG10_E};
use crate::math::double::Double;
use crate::math::log::{ln_1p, split_any};
use crate::math::{self, arctan2};

/// `ln |z|` of a finite number that is not zero.
#[inline(always)]
fn ln_abs(z: C) -> Double {
    let (a, b) = (z.re.abs(), z.im.abs());
    let (greater, lesser) = if a > b { (a, b) } else { (b, a) };
    let k = if (0.5..2.0).contains(&greater) { 0.0 } else { split_any(greater).0 };
    // 2^-k in two factors: k may be 1024 or -1074.
    let half = f64::from_bits(((1023 - (k as i64) / 2) as u64) << 52);
    let other = f64::from_bits(((1023 - (k as i64 - (k as i64) / 2)) as u64) << 52);
    let (a, b) = (greater * half * other, lesser * half * other);
    let f = Double::product(a, a).plus(Double::new(-1.0, 0.0)).plus(Double::product(b, b));
    ln_1p(f, 0.0).scaled(0.5).plus(Double::constant(LN_2).times(Double::new(k, 0.0)))
}

#[inline(always)]
fn with_factor(z: C, factor: [f64; 2]) -> C {
    let angle = Double::constant(factor).times(Double::new(arctan2(z.im, z.re), 0.0)).rounded();
    if z.re.is_infinite() || z.im.is_infinite() {
        return C::new(f64::INFINITY, angle);
    }
    if z.re.is_nan() || z.im.is_nan() {
        return C::new(f64::NAN, f64::NAN);
    }
    if z.re == 0.0 && z.im == 0.0 {
        return C::new(f64::NEG_INFINITY, angle);
    }
    C::new(ln_abs(z).times(Double::constant(factor)).rounded(), angle)
}

/// The natural logarithm.
#[inline(always)]
#[must_use]
pub fn log(z: C) -> C {
    let factor = with_factor(z, [1.0, 0.0]);
    C::new(factor.re, arctan2(z.im, z.re))
}

/// The logarithm to base 2.
#[inline(always)]
#[must_use]
pub fn log2(z: C) -> C {
    with_factor(z, LOG2_E)
}

/// The logarithm to base 10.
#[inline(always)]
#[must_use]
pub fn log10(z: C) -> C {
    with_factor(z, LOG10_E)
}

/// `ln(1 + z)`: half of `ln(1 + f)` with `f = a (2 + a) + b^2`; `ln` of the sum where that is
/// exact, or far from the unit circle.
#[inline(always)]
#[must_use]
pub fn log1p(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if b == 0.0 && a >= -1.0 {
        return C::new(math::log1p(a), b);
    }
    let moved = Double::sum(1.0, a);
    if !(a > -0.5 && a < 4.0 && b.abs() < 4.0) {
        return log(C::new(moved.hi, b));
    }
    let f = Double::product(a, a).plus(Double::new(2.0 * a, 0.0)).plus(Double::product(b, b));
    let tiny = a.abs() < 1e-150 && b.abs() < 1e-150;
    C::new(if tiny { a } else { 0.5 * ln_1p(f, 0.0).rounded() }, arctan2(b, moved.hi))
}
