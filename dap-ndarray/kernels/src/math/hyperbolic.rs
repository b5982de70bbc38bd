//! The hyperbolic functions `sinh`, `cosh`, `tanh`, and their inverses.
//!
//! With `E = e^a - 1` in two words: `sinh a = (E + E / (E + 1)) / 2`, `tanh a = E2 / (E2 + 2)` with
//! `E2 = e^(2 a) - 1`, `cosh a = (e^a + 1 / e^a) / 2`; above 40, `e^a / 2`. The inverses are
//! `ln(1 + f)` with `f` in two words:
//! `arcsinh`: `f = a + a^2 / (1 + sqrt(1 + a^2))`; `arccosh`: `f = t + sqrt(t (t + 2))` with
//! `t = x - 1`; `arctanh`: half of it, `f = 2 a / (1 - a)`.

use super::double::Double;
use super::exp::{Exponential, TINY, clamp};
use super::log::ln_1p;

const ONE: Double = Double { hi: 1.0, lo: 0.0 };
/// From here on `e^-a` is below the last bit of `e^a`.
const FAR: f64 = 40.0;

/// `e^a / 2`, infinity above 710.5.
#[inline(always)]
fn half_exp(parts: Exponential) -> f64 {
    Exponential { shifted: parts.shifted - 1.0, ..parts }.rounded()
}

/// The hyperbolic sine.
#[inline(always)]
#[must_use]
pub fn sinh(x: f64) -> f64 {
    let a = x.abs();
    let parts = Exponential::of(clamp(a, 0.0, 720.0));
    let near = parts.minus_one();
    let near = near.plus(near.over(near.plus(ONE))).rounded() * 0.5;
    let value = if a > FAR { half_exp(parts) } else { near };
    (if a < TINY { a } else { value }).copysign(x)
}

/// The hyperbolic cosine.
#[inline(always)]
#[must_use]
pub fn cosh(x: f64) -> f64 {
    let a = x.abs();
    let parts = Exponential::of(clamp(a, 0.0, 720.0));
    let exp = parts.double();
    let near = exp.plus(ONE.over(exp)).rounded() * 0.5;
    if a > FAR { half_exp(parts) } else { near }
}

/// The hyperbolic tangent.
#[inline(always)]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    let a = x.abs();
    let twice = Exponential::of(clamp(a + a, 0.0, FAR + FAR)).minus_one();
    let value = twice.over(twice.plus(Double::new(2.0, 0.0))).hi;
    (if a < TINY { a } else { value }).copysign(x)
}

/// `f` for arguments up to 2^60; beyond, `x - 1` with one more factor 2, as `ln(2 x)` is the
/// result.
#[inline(always)]
fn ln_1p_or_ln_twice(x: f64, f: Double) -> f64 {
    let far = x > 1.0 / TINY;
    let f = Double::select(far, Double::sum(x, -1.0), f);
    ln_1p(f, if far { 1.0 } else { 0.0 }).rounded()
}

/// The inverse hyperbolic sine.
#[inline(always)]
#[must_use]
pub fn arcsinh(x: f64) -> f64 {
    let a = x.abs();
    let square = Double::product(a, a);
    let root = square.plus(ONE).sqrt();
    let f = square.over(root.plus(ONE)).plus(Double::new(a, 0.0));
    let value = if a < f64::INFINITY { ln_1p_or_ln_twice(a, f) } else { a };
    (if a < TINY { a } else { value }).copysign(x)
}

/// The inverse hyperbolic cosine; NaN below 1.
#[inline(always)]
#[must_use]
pub fn arccosh(x: f64) -> f64 {
    let t = Double::sum(x, -1.0);
    let root = t.times(t.plus(Double::new(2.0, 0.0))).sqrt();
    let value = if x < f64::INFINITY { ln_1p_or_ln_twice(x, root.plus(t)) } else { x };
    let value = if x > 1.0 { value } else { f64::NAN };
    if x == 1.0 { 0.0 } else { value }
}

/// The inverse hyperbolic tangent; NaN outside of -1 to 1.
#[inline(always)]
#[must_use]
pub fn arctanh(x: f64) -> f64 {
    let a = x.abs();
    let f = Double::new(a + a, 0.0).over(Double::sum(1.0, -a));
    let value = 0.5 * ln_1p(f, 0.0).rounded();
    let special = if a == 1.0 { f64::INFINITY } else { f64::NAN };
    let value = if a < 1.0 { value } else { special };
    (if a < TINY { a } else { value }).copysign(x)
}
