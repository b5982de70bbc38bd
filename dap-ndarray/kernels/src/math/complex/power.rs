//! `power`: `z^w = e^(w ln z)`; small integer powers by multiplication.

use super::C;
use super::exponential::exp;
use super::logarithm::log;
use super::quotient::reciprocal;
use super::root::square;

/// Integer exponents up to this are products.
const PRODUCTS: f64 = 16.0;

/// `z` to the power `w`; `z^0` is 1, and a power of 0 is 0 for a positive real part of `w`.
#[inline(always)]
#[must_use]
pub fn power(z: C, w: C) -> C {
    let one = C::new(1.0, 0.0);
    if w.re == 0.0 && w.im == 0.0 {
        return one;
    }
    if z.re == 0.0 && z.im == 0.0 {
        return if w.re > 0.0 {
            C::new(0.0, 0.0)
        } else if w.re < 0.0 && w.im == 0.0 {
            C::new(f64::INFINITY, f64::NAN)
        } else {
            C::new(f64::NAN, f64::NAN)
        };
    }
    if w.im == 0.0 && w.re.trunc() == w.re && w.re.abs() <= PRODUCTS {
        let (mut value, mut factor, mut left) = (one, z, w.re.abs() as u32);
        loop {
            if left & 1 == 1 {
                value = if value == one { factor } else { value * factor };
            }
            left >>= 1;
            if left == 0 {
                break;
            }
            factor = square(factor);
        }
        return if w.re < 0.0 { reciprocal(value) } else { value };
    }
    exp(w * log(z))
}
