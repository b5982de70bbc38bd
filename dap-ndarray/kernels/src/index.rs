//! Gather and scatter by lists of indices, and partition by a mask.
//!
//! | task | here |
//! |---|---|
//! | a list of indices, checked once | [`Indices`] |
//! | elements at indices | [`gather`] |
//! | writes to indices, the last one wins; sums into them | [`scatter`], [`scatter_add`], [`scatter_add_exact`] |
//! | elements where a mask is true, and back | [`count_true`], [`compress`], [`expand`] |
//!
//! ```
//! use dap_kernels::index::{Indices, gather, scatter};
//! let indices = Indices::check(&[2, -1, 0], 3)?;
//! assert_eq!(gather(&[10, 20, 30], &indices, 1), [30, 30, 10]);
//! let mut target = [0; 3];
//! scatter(&mut target, &indices, 1, &[1, 2, 3]);
//! assert_eq!(target, [3, 0, 2]);
//! # Ok::<(), dap_kernels::index::IndexError>(())
//! ```

mod gather;
mod list;
mod mask;
mod scatter;

pub use gather::gather;
pub use list::{IndexError, Indices};
pub use mask::{compress, count_true, expand};
pub use scatter::{scatter, scatter_add, scatter_add_exact};

#[cfg(test)]
mod tests;
