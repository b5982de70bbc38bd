//! C order and Fortran order: which dimension of contiguous memory is the fastest.
//!
//! A buffer in Fortran order is a buffer in C order with its dimensions reversed. All memory in a
//! chosen order is made in this way, so that strides are computed in one place.

use crate::Buffer;

/// The order of the elements of a message or of contiguous memory. Both ends of a message must say
/// the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last dimension is the fastest.
    C,
    /// The first dimension is the fastest.
    F,
}

impl Order {
    /// The numbers of `ndim` dimensions from the slowest to the fastest.
    ///
    /// ```
    /// use dap_ndarray::copy::Order;
    /// assert!(Order::C.dims(3).eq([0, 1, 2]) && Order::F.dims(3).eq([2, 1, 0]));
    /// ```
    pub fn dims(self, ndim: usize) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..ndim).map(move |k| if self == Order::F { ndim - 1 - k } else { k })
    }

    /// A buffer of this shape whose items lie in this order. `in_c_order` makes a buffer in C order
    /// of the shape that it is given: for Fortran order the reversed shape.
    ///
    /// ```
    /// use dap_core::dtype::DType;
    /// use dap_ndarray::{Buffer, copy::Order};
    /// let dtype = DType::parse("<f8")?;
    /// let buffer = Order::F.make_buffer(&[2, 3], |shape| Buffer::zeros(dtype, shape))?;
    /// assert_eq!((buffer.shape(), buffer.strides()), (&[2, 3][..], &[8, 16][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of `in_c_order`.
    pub fn make_buffer<E>(
        self,
        shape: &[i64],
        in_c_order: impl FnOnce(&[i64]) -> Result<Buffer, E>,
    ) -> Result<Buffer, E> {
        match self {
            Order::C => in_c_order(shape),
            Order::F => {
                let reversed: Vec<i64> = shape.iter().rev().copied().collect();
                in_c_order(&reversed).map(Buffer::reversed_dims)
            }
        }
    }
}
