//! Reductions of strided memory over any axes, one pass each.
//!
//! A [`Reducer`] says what is computed: its partial results ([`Reducer::State`]) are values that
//! are merged in any order, by threads here and by ranks elsewhere. [`reduce`] reduces all elements
//! of a view, [`reduce_axes`] some axes; [`Sink`] reduces strips that a program computes, without a
//! temporary array.
//!
//! | result | reducer |
//! |---|---|
//! | sum and mean of floats, exactly rounded | [`Sum`], [`Sum::skipping_nan`] for `nansum` and `nanmean` |
//! | variance, standard deviation, mean with them | [`Moments`] |
//! | norm | [`Squares`] |
//! | these, where the first pass is not certain | [`ExactSum`], [`ExactMoments`], [`ExactSquares`] |
//! | sum and mean of integers | [`IntegerSum`] |
//! | product | [`Product`], [`IntegerProduct`] |
//! | least and greatest, both at once | [`Extremes`] |
//! | their places | [`arg_extremes`], [`arg_extremes_along`] |
//! | count of elements that are not zero; all, any | [`CountNonzero`] |
//!
//! ```
//! use dap_kernels::reduce::{Extremes, Sum, reduce, reduce_axes};
//! use dap_kernels::view::View;
//! let items = [1.0, 5.0, 2.0, 4.0, 3.0, 6.0];
//! let view = View::shaped(&items, &[2, 3])?;
//! let both = reduce(&view, &Extremes::<f64>::new())?;
//! assert_eq!((both.least(), both.greatest()), (Some(1.0), Some(6.0)));
//! let sums = reduce_axes(&view, &[0], &Sum::<f64>::new())?;
//! assert_eq!(sums.iter().map(|sum| sum.finish::<f64>().or_else(|| 0.0)).collect::<Vec<_>>(), [5.0, 8.0, 8.0]);
//! # Ok::<(), dap_kernels::view::ViewError>(())
//! ```
//!
//! # Limits
//!
//! Whether a dimension is kept with extent 1 is a matter of the result's shape, which is the
//! caller's. Complex numbers have no least one; they are summed by parts.

mod arg;
mod count;
mod driver;
mod extremes;
mod integers;
mod product;
mod sums;

pub use arg::{ArgExtreme, Found, Places, arg_extremes, arg_extremes_along};
pub use count::{Count, CountNonzero};
pub(crate) use driver::GRAIN;
pub use driver::{Reducer, Sink, Transposed, reduce, reduce_axes};
pub use extremes::{Extremes, Ordered, Range};
pub use integers::{Integer, IntegerProduct, IntegerSum, PartialIntegers};
pub use product::{PartialProduct, Product};
pub use sums::{Columns, ExactMoments, ExactSquares, ExactSum, Moments, Squares, Sum};

#[cfg(test)]
mod tests;
