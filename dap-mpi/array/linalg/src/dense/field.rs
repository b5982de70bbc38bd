//! The numbers that matrices are factorized in: real and complex floats.

use std::ops::{Add, Div, Mul, Neg, Sub};

use num_complex::Complex;

use crate::product::Multiply;

/// A float or a complex number. Magnitudes are computed in `f64` for all of them.
pub(crate) trait Field:
    Multiply + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The distance from 1 to the next number.
    const EPSILON: f64;

    /// Shorter vectors have elements that are not precise, because their least bits are lost.
    const LEAST: f64;

    /// A real number.
    fn real(value: f64) -> Self;

    /// A complex number; its real part, of a real type.
    fn complex(re: f64, im: f64) -> Self;

    /// The conjugate.
    fn conj(self) -> Self;

    /// The real part.
    fn re(self) -> f64;

    /// The imaginary part.
    fn im(self) -> f64;

    /// The magnitude.
    fn abs(self) -> f64 {
        self.re().hypot(self.im())
    }

    /// The number times a real one.
    fn scaled(self, by: f64) -> Self;
}

macro_rules! fields {
    ($($type:ty)*) => {$(
        impl Field for $type {
            const EPSILON: f64 = <$type>::EPSILON as f64;
            const LEAST: f64 = <$type>::MIN_POSITIVE as f64 / <$type>::EPSILON as f64;

            fn real(value: f64) -> Self {
                value as $type
            }

            fn complex(re: f64, _: f64) -> Self {
                re as $type
            }

            fn conj(self) -> Self {
                self
            }

            fn re(self) -> f64 {
                self.into()
            }

            fn im(self) -> f64 {
                0.0
            }

            fn scaled(self, by: f64) -> Self {
                (f64::from(self) * by) as $type
            }
        }

        impl Field for Complex<$type> {
            const EPSILON: f64 = <$type>::EPSILON as f64;
            const LEAST: f64 = <$type>::MIN_POSITIVE as f64 / <$type>::EPSILON as f64;

            fn real(value: f64) -> Self {
                Complex::new(value as $type, 0.0)
            }

            fn complex(re: f64, im: f64) -> Self {
                Complex::new(re as $type, im as $type)
            }

            fn conj(self) -> Self {
                Complex::conj(&self)
            }

            fn re(self) -> f64 {
                self.re.into()
            }

            fn im(self) -> f64 {
                self.im.into()
            }

            fn scaled(self, by: f64) -> Self {
                Complex::new((f64::from(self.re) * by) as $type, (f64::from(self.im) * by) as $type)
            }
        }
    )*};
}
fields!(f32 f64);

/// Evaluates an expression with `T` as the type of the elements, a float or a complex one.
macro_rules! with_field {
    ($element:expr, $T:ident => $body:expr) => {{
        use dap_array::ElementType;
        use num_complex::Complex;
        match $element {
            ElementType::F32 => {
                type $T = f32;
                $body
            }
            ElementType::C64 => {
                type $T = Complex<f32>;
                $body
            }
            ElementType::C128 => {
                type $T = Complex<f64>;
                $body
            }
            // Integers and booleans have been converted.
            _ => {
                type $T = f64;
                $body
            }
        }
    }};
}
pub(crate) use with_field;
