//! Strided memory: a base, a shape, and for each dimension the distance between neighbours in
//! bytes.
//!
//! A [`View`] is read, a [`ViewMut`] written. Their bounds, alignment and, for a `ViewMut`, freedom
//! from overlap with itself are checked once, in checked arithmetic, when one is made; all kernels
//! rely on that. Strides are signed; 0 broadcasts, in a `View` only.
//!
//! | task | here |
//! |---|---|
//! | a slice of Rust | [`View::of`], [`View::new`] |
//! | memory of an array engine | [`View::from_raw`], [`ViewMut::from_raw`] |
//! | a part, other order, more dimensions | [`View::slice_axis`], [`View::permute`], [`View::broadcast_to`] |
//! | the items, if they lie side by side | [`View::slice`], [`ViewMut::slice_mut`] |
//! | the items as slices, wherever they lie | [`View::for_each_strip`] |
//! | some neighbours in a row | [`View::line`], [`ViewMut::lines_mut`] |
//! | the items, wherever they lie | [`Nest`](crate::loops::Nest) |
//!
//! ```
//! use dap_kernels::view::View;
//! let items = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
//! let columns = View::new(&items, 0, &[3, 2], &[1, 3])?; // a 2 x 3 matrix, transposed
//! assert_eq!(columns.get::<f64>(&[2, 1]), Some(5.0));
//! assert!(View::new(&items, 1, &[3, 2], &[1, 3]).is_err());
//! # Ok::<(), dap_kernels::view::ViewError>(())
//! ```
//!
//! # Limits
//!
//! Memory that is not aligned to its element type is refused: its owner copies it first. A byte of
//! a `bool` view may have any value; [`View::slice`] of `bool` returns `None` if one is neither 0
//! nor 1, kernels take each but 0 as true.

mod error;
mod geometry;
mod lines;
mod read;
mod strips;
mod write;

pub use error::{ViewError, ViewErrorKind};
pub use geometry::{Shape, Strides, broadcast_shape};
pub use read::View;
pub use strips::{STRIP, Split};
pub use write::ViewMut;

pub(crate) use read::read_element;

#[cfg(test)]
mod tests;
