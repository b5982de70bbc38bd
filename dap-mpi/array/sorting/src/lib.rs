//! Sorting and searching of distributed arrays: any distribution in and out, and no array is whole
//! on a rank.
//!
//! | task | here |
//! |---|---|
//! | elements in order, along an axis or all of them | [`sort`] |
//! | the indices that sort, stable | [`argsort`] |
//! | the first elements in order, and their indices | [`topk`] |
//! | different elements, their places and counts | [`unique_all`], [`unique_counts`], [`unique_inverse`], [`unique_values`] |
//! | positions in a sorted array, membership | [`searchsorted`], [`isin`] |
//! | quantiles over any axes, exact | [`quantile`], [`percentile`], [`median`] |
//! | numbers of elements | [`histogram`], [`bincount`], [`digitize`] |
//!
//! All functions are collective. Results lie as the array does. Elements are in NumPy's order: NaN
//! behind all numbers, complex numbers by the real and then the imaginary part.
#![forbid(unsafe_code)]

mod arguments;
mod bounds;
mod element;
mod exchange;
mod histograms;
mod line;
mod local;
mod messages;
mod placement;
mod quantiles;
mod search;
mod slabs;
mod sort;
mod source;
mod splitters;
mod unique;

pub use dap_kernels::quantile::{Method, NanRule};
pub use dap_kernels::sort::{Order, Side};
pub use histograms::{Bins, Histogram, bincount, digitize, histogram};
pub use quantiles::{median, percentile, quantile};
pub use search::{isin, searchsorted};
pub use sort::{argsort, sort, topk};
pub use unique::{Unique, unique_all, unique_counts, unique_inverse, unique_values};
