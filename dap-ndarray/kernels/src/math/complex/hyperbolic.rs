//! `sinh`, `cosh`, `tanh`, and `sin`, `cos`, `tan`, which are the same turned by a right angle.
//!
//! `cosh(a + i b) = cosh a cos b + i sinh a sin b`, and beyond 40 both hyperbolic functions are
//! `e^|a| / 2`. `tanh` is Kahan's: with `t = tan b` and `s = sinh a`, it is
//! `((1 + t^2) s sqrt(1 + s^2) + i t) / (1 + (1 + t^2) s^2)`.

use super::C;
use super::exponential::polar;
use crate::math::{self, cos as cos_of, sin as sin_of};

/// Beyond this `e^-a` is below the last bit of `e^a`.
const FAR: f64 = 40.0;

/// A zero or an infinity times a factor of the same sign whatever its size; NaN of both if unknown.
#[inline(always)]
fn signed(size: f64, factor: f64) -> f64 {
    if factor == 0.0 { factor * size.signum() } else { size * factor.signum() }
}

/// The hyperbolic cosine.
#[inline(always)]
#[must_use]
pub fn cosh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_finite() && b.is_finite() {
        if a.abs() > FAR {
            let value = polar(a.abs(), b, 1.0);
            return C::new(value.re, value.im.copysign(1.0) * value.im.signum() * a.signum());
        }
        return C::new(math::cosh(a) * cos_of(b), math::sinh(a) * sin_of(b));
    }
    if a == 0.0 {
        return C::new(f64::NAN, 0.0);
    }
    if b == 0.0 {
        return C::new(math::cosh(a), if a.is_nan() { b } else { b * a.signum() });
    }
    if a.is_infinite() {
        return if b.is_finite() {
            C::new(signed(f64::INFINITY, cos_of(b)), signed(a, sin_of(b)))
        } else {
            C::new(f64::INFINITY, f64::NAN)
        };
    }
    C::new(f64::NAN, f64::NAN)
}

/// The hyperbolic sine.
#[inline(always)]
#[must_use]
pub fn sinh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_finite() && b.is_finite() {
        if a.abs() > FAR {
            let value = polar(a.abs(), b, 1.0);
            return C::new(value.re * a.signum(), value.im);
        }
        return C::new(math::sinh(a) * cos_of(b), math::cosh(a) * sin_of(b));
    }
    if a == 0.0 {
        return C::new(a, f64::NAN);
    }
    if b == 0.0 {
        return C::new(math::sinh(a), b);
    }
    if a.is_infinite() {
        return if b.is_finite() {
            C::new(signed(a, cos_of(b)), signed(f64::INFINITY, sin_of(b)))
        } else {
            C::new(a, f64::NAN)
        };
    }
    C::new(f64::NAN, f64::NAN)
}

/// The hyperbolic tangent.
#[inline(always)]
#[must_use]
pub fn tanh(z: C) -> C {
    let (a, b) = (z.re, z.im);
    if a.is_nan() {
        return C::new(a, if b == 0.0 { b } else { a });
    }
    if !b.is_finite() {
        return if a.is_infinite() {
            C::new(1.0_f64.copysign(a), 0.0_f64.copysign(b))
        } else {
            C::new(if a == 0.0 { a } else { f64::NAN }, f64::NAN)
        };
    }
    if a.abs() > FAR {
        // The imaginary part is 4 sin b cos b e^(-2 a).
        let turn = sin_of(b) * cos_of(b);
        return C::new(1.0_f64.copysign(a), 4.0 * turn * math::exp(-2.0 * a.abs()));
    }
    let (t, s) = (math::tan(b), math::sinh(a));
    let beta = t.mul_add(t, 1.0);
    let rho = s.mul_add(s, 1.0).sqrt();
    let denominator = (beta * s).mul_add(s, 1.0);
    C::new(beta * rho * s / denominator, t / denominator)
}

/// `i z`.
#[inline(always)]
fn turned(z: C) -> C {
    C::new(-z.im, z.re)
}

/// `-i z`.
#[inline(always)]
fn turned_back(z: C) -> C {
    C::new(z.im, -z.re)
}

/// The sine.
#[inline(always)]
#[must_use]
pub fn sin(z: C) -> C {
    turned_back(sinh(turned(z)))
}

/// The cosine.
#[inline(always)]
#[must_use]
pub fn cos(z: C) -> C {
    cosh(turned(z))
}

/// The tangent.
#[inline(always)]
#[must_use]
pub fn tan(z: C) -> C {
    turned_back(tanh(turned(z)))
}
