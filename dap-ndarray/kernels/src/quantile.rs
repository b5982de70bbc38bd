//! Order statistics, medians and quantiles, by counting: no element is moved, sorted or gathered.
//!
//! A [`Selection`] looks for elements by their places in the sorted order. Each element has a key,
//! an unsigned integer that has the order of the elements ([`OrderKey`]). A round counts the
//! elements in some ranges of keys, each divided into equal bins. The counts of threads, and of
//! ranks, are added; then each rank narrows its ranges alike. A round decides up to 16 bits of the
//! key, so `f64` takes four rounds, `f32` two, and a rank sends counts only.
//!
//! [`Quantiles`] says which places a quantile needs, by each of NumPy's methods, and interpolates.
//! [`quantiles`] does all of it in one process.
//!
//! ```
//! use dap_kernels::quantile::{Method, NanRule, Quantiles, Selection, quantiles};
//! use dap_kernels::view::View;
//! let items = [7.0, 1.0, 5.0, 3.0];
//! let median = Quantiles::median();
//! assert_eq!(quantiles::<f64>(&View::of(&items), &[0], &median, NanRule::Propagate)?, [4.0]);
//! // Two ranks with two elements each: their counts are added, nothing else is exchanged.
//! let ranks = items.split_at(2);
//! let mut selection = Selection::<f64, _>::new(1, median.places_len(), |n, places| median.places(n, places));
//! while !selection.is_done() {
//!     let mut counts = selection.count(&View::of(ranks.0), &[0])?;
//!     let others = selection.count(&View::of(ranks.1), &[0])?;
//!     counts.iter_mut().zip(&others).for_each(|(count, other)| *count += other);
//!     selection.answer(&counts);
//! }
//! assert_eq!(median.values(&selection.selected(0), NanRule::Propagate), [4.0]);
//! # Ok::<(), dap_kernels::view::ViewError>(())
//! ```
//!
//! # Rules
//!
//! -0 stands before +0, and each NaN behind all numbers. With [`NanRule::Propagate`] a NaN among
//! the elements makes the result NaN, as in `numpy.median`; with [`NanRule::Skip`] NaN are left
//! out, as in `numpy.nanmedian`. The result of no element is NaN.
//!
//! # Limits
//!
//! A round has at least 16 counters for each place of each output. For many outputs of few elements
//! it is cheaper to move the array so that each rank holds whole lines. Complex numbers have no
//! order here. Elements of `bool` are counted as bytes ([`View::as_bytes`]).
//!
//! [`View::as_bytes`]: crate::view::View::as_bytes

mod count;
mod key;
mod lines;
mod method;
mod selection;

pub use key::OrderKey;
pub use lines::quantiles;
pub use method::{Method, NanRule, QuantileError, Quantiles};
pub use selection::{Selected, Selection};

#[cfg(test)]
mod tests;
