//! Elements of all types, with duplicates and, of floats, all special values.

use dap_array::Element;
use dap_ndarray::Item;
use num_complex::Complex;

/// An element of the tests.
pub(crate) trait Value: Item + Element {
    /// A value from a number: few different ones, NaN and both zeros among them.
    fn of(number: i64) -> Self;
    /// NumPy's "less than" of sorts.
    fn less(&self, other: &Self) -> bool;
    /// The bits; those of all NaN are the same.
    fn bits(&self) -> u128;
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn of(number: i64) -> Self { (number % 100) as $type }
            fn less(&self, other: &Self) -> bool { self < other }
            fn bits(&self) -> u128 { *self as u128 }
        }
    )*};
}
integers!(u8, u16, u32, u64, i8, i16, i32, i64);

impl Value for bool {
    fn of(number: i64) -> Self {
        number % 3 == 0
    }
    fn less(&self, other: &Self) -> bool {
        !self & other
    }
    fn bits(&self) -> u128 {
        u128::from(*self)
    }
}

macro_rules! floats {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn of(number: i64) -> Self {
                match number.rem_euclid(19) {
                    0 => <$type>::NAN,
                    1 => -0.0,
                    2 => 0.0,
                    3 => <$type>::NEG_INFINITY,
                    _ => (number % 50) as $type / 4.0,
                }
            }
            fn less(&self, other: &Self) -> bool { self < other || (other.is_nan() && !self.is_nan()) }
            fn bits(&self) -> u128 { if self.is_nan() { u128::MAX } else { self.to_bits().into() } }
        }

        impl Value for Complex<$type> {
            fn of(number: i64) -> Self { Complex::new(<$type>::of(number), <$type>::of(number / 3)) }
            fn less(&self, other: &Self) -> bool {
                let class = |it: &Self| (it.re.is_nan(), it.im.is_nan());
                if class(self) != class(other) {
                    return class(self) < class(other);
                }
                self.re < other.re || ((self.re == other.re || self.re.is_nan()) && self.im < other.im)
            }
            fn bits(&self) -> u128 { self.re.bits() << 64 | self.im.bits() & u128::from(u64::MAX) }
        }
    )*};
}
floats!(f32, f64);
