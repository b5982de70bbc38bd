//! The error function `erf` and its complement `erfc`.
//!
//! `erf x = x + x p(x^2)` up to `b = 7 / 8`, and `1 - erfc(b) 2^(-t p(t))` above, with `t = x - b`,
//! where `p` is a polynomial that fits `-log2(erfc(x) / erfc(b)) / t` with the weight `t erfc(x)`.
//! `erfc x = e^(-x^2) g(t) / (1 + 2 x)` for `x >= 0`, with `t = (x - 4) / (x + 4)` (the
//! substitution of Shepherd and Laframboise, Mathematics of Computation 36, 1981), the square and
//! the quotient in two words; `2 - erfc(-x)` for `x < 0`. Near zero, where `g` is steep in `t`,
//! `erfc x = 1 - x - x p(x^2)`.

use super::coefficients::{ERF, ERF_TAIL, ERFC, ERFC_EDGE, ERFC_MIDDLE};
use super::double::{Double, polynomial};
use super::exp::{Exponential, clamp, exp2_parts};

/// Where `erf` changes its formula.
const EDGE: f64 = 0.875;

/// The error function.
#[inline(always)]
#[must_use]
pub fn erf(x: f64) -> f64 {
    let a = x.abs();
    let near = a.mul_add(polynomial(a * a, &ERF), a);
    let t = clamp(a, EDGE, 6.0) - EDGE;
    let (power, exp) = exp2_parts(-t * polynomial(t, &ERF_TAIL));
    let far = (-ERFC_EDGE * power).mul_add(exp, 1.0);
    (if a < EDGE { near } else { far }).copysign(x)
}

/// The complement of the error function, `1 - erf(x)` without its cancellation.
#[inline(always)]
#[must_use]
pub fn erfc(x: f64) -> f64 {
    let a = clamp(x.abs(), 0.0, 28.0);
    let t = (a - 4.0) / (a + 4.0);
    let g = Double::ordered_sum(ERFC_MIDDLE[0], t.mul_add(polynomial(t, &ERFC), ERFC_MIDDLE[1]));
    let quotient = g.over(Double::sum(a + a, 1.0));
    let exp = Exponential::of_double(Double::product(a, a).negative());
    let value = exp.times(quotient);
    let positive = exp.scale(value.rounded());
    let negative = Double::ordered_sum(2.0, -exp.scale(value.hi));
    let negative = negative.hi + (negative.lo - exp.scale(value.lo));
    let far = if x < 0.0 { negative } else { positive };
    let one = Double::ordered_sum(1.0, -x);
    let near = one.hi + (-x).mul_add(polynomial(a * a, &ERF), one.lo);
    if a < 0.625 { near } else { far }
}
