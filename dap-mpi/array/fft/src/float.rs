//! The types of the parts of complex numbers: `f32` and `f64`.

use dap_kernels::element::{Element, ElementType};
use dap_mpi::Result;
use dap_ndarray::Item;
use num_complex::Complex;
use rustfft::FftNum;
use rustfft::num_traits::NumAssign;

use crate::error::argument;

/// A real type that transforms compute in.
pub(crate) trait Float: FftNum + NumAssign + Default + Element + Item {
    /// Complex numbers of this type.
    const COMPLEX: ElementType;

    /// The nearest number of this type.
    fn nearest(value: f64) -> Self;
}

impl Float for f32 {
    const COMPLEX: ElementType = ElementType::C64;
    fn nearest(value: f64) -> f32 {
        value as f32
    }
}

impl Float for f64 {
    const COMPLEX: ElementType = ElementType::C128;
    fn nearest(value: f64) -> f64 {
        value
    }
}

/// An element of an array that is transformed, as a complex number.
pub(crate) trait Load<T>: Copy + Send + Sync {
    fn load(self) -> Complex<T>;
}

impl<T: Float> Load<T> for T {
    #[inline]
    fn load(self) -> Complex<T> {
        Complex::new(self, <T as Default>::default())
    }
}

impl<T: Float> Load<T> for Complex<T> {
    #[inline]
    fn load(self) -> Complex<T> {
        self
    }
}

/// The type that elements of this type are transformed in: integers and booleans as `f64`.
pub(crate) fn promoted(element: Option<ElementType>) -> Result<ElementType> {
    match element {
        Some(ElementType::F32 | ElementType::C64) => Ok(ElementType::F32),
        Some(_) => Ok(ElementType::F64),
        None => argument("the elements can be moved, not computed with: transforms take numbers"),
    }
}
