//! The product of two matrices of one process, for each type of elements.
//!
//! Floats and complex numbers are multiplied by `ndarray`, whose kernels are those of the crate
//! `matrixmultiply`: for any strides, without a copy. `faer` and `gemm` were compared with it on
//! AVX-512 (processor time of one thread, 4096 by 4096): `matrixmultiply` is the fastest of the
//! three here, is built anyway, and needs no unsafe code at the call.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Zip};
use num_complex::Complex;

use dap_array::Element;
use dap_ndarray::Item;

/// Elements whose matrices can be multiplied.
pub(crate) trait Multiply: Element + Item {
    /// The sum of two elements; integers wrap, and of booleans one is true.
    fn plus(self, other: Self) -> Self;

    /// `c += a b`, for matrices that fit.
    fn multiply_add(a: &ArrayView2<'_, Self>, b: &ArrayView2<'_, Self>, c: &mut ArrayViewMut2<'_, Self>);
}

macro_rules! floats {
    ($($type:ty)*) => {$(
        impl Multiply for $type {
            fn plus(self, other: Self) -> Self {
                self + other
            }

            fn multiply_add(a: &ArrayView2<'_, Self>, b: &ArrayView2<'_, Self>, c: &mut ArrayViewMut2<'_, Self>) {
                let one = <$type>::from(1_u8);
                general_mat_mul(one, a, b, one, c);
            }
        }
    )*};
}
floats!(f32 f64);

macro_rules! complex {
    ($($part:ty)*) => {$(
        impl Multiply for Complex<$part> {
            fn plus(self, other: Self) -> Self {
                self + other
            }

            fn multiply_add(a: &ArrayView2<'_, Self>, b: &ArrayView2<'_, Self>, c: &mut ArrayViewMut2<'_, Self>) {
                let one = Complex::new(1.0, 0.0);
                general_mat_mul(one, a, b, one, c);
            }
        }
    )*};
}
complex!(f32 f64);

/// Row by row: a row of `c` gains multiples of the rows of `b`.
macro_rules! loops {
    ($($type:ty, $zero:expr, $plus:expr, $times:expr;)*) => {$(
        impl Multiply for $type {
            fn plus(self, other: Self) -> Self {
                $plus(self, other)
            }

            fn multiply_add(a: &ArrayView2<'_, Self>, b: &ArrayView2<'_, Self>, c: &mut ArrayViewMut2<'_, Self>) {
                let b = b.as_standard_layout();
                for (factors, mut row) in a.outer_iter().zip(c.outer_iter_mut()) {
                    for (&factor, other) in factors.iter().zip(b.outer_iter()) {
                        if factor != $zero {
                            Zip::from(&mut row).and(&other).for_each(|sum, &item| *sum = $plus(*sum, $times(factor, item)));
                        }
                    }
                }
            }
        }
    )*};
}
loops! {
    bool, false, |x, y| x | y, |x, y| x & y;
    i8, 0, i8::wrapping_add, i8::wrapping_mul;
    i16, 0, i16::wrapping_add, i16::wrapping_mul;
    i32, 0, i32::wrapping_add, i32::wrapping_mul;
    i64, 0, i64::wrapping_add, i64::wrapping_mul;
    u8, 0, u8::wrapping_add, u8::wrapping_mul;
    u16, 0, u16::wrapping_add, u16::wrapping_mul;
    u32, 0, u32::wrapping_add, u32::wrapping_mul;
    u64, 0, u64::wrapping_add, u64::wrapping_mul;
}
