//! Sorting: radix sorts of records in memory of bounded size, and searches in sorted memory.
//!
//! A [`Record`] has *words*, unsigned integers that compare as the records do: the most significant
//! word first. Elements become records by [`Sortable`], whose keys are those of
//! [`quantile`](crate::quantile::OrderKey); an [`Indexed`] record is a key with the element's
//! index, so that elements of one key stay in the order of their indices.
//!
//! ```
//! use dap_kernels::sort::{Order, Sortable, sort, sort_records};
//! let mut items = [3.0, f64::NAN, -1.0, 2.0];
//! sort(&mut items);
//! assert_eq!(items[..3], [-1.0, 2.0, 3.0]);
//! let numbered = [5_i32, 3, 5, 3].iter().zip(0..);
//! let mut records: Vec<_> = numbered.map(|(item, at)| item.indexed(at, Order::Ascending)).collect();
//! sort_records(&mut records);
//! assert_eq!(records.iter().map(|record| record.index()).collect::<Vec<_>>(), [1, 3, 0, 2]);
//! ```
//!
//! # Method
//!
//! A pass finds the highest bit in which records differ, and distributes them by a digit of up to
//! 14 bits from there on; each bucket is sorted alike, and small ones by insertion. So work follows
//! the bits that differ: a constant or sorted array takes one pass. Records that fit into a
//! block of 8 MiB are distributed into memory of that size, more of them where they lie (the
//! "American flag" of McIlroy, Bostic and McIlroy, Computing Systems 6, 1993).
//!
//! [`Histogram`] and [`Buckets`] are the first pass in parts: the counts of several processes are
//! added, and records that arrive from any of them are put into their buckets.
//!
//! # Rules
//!
//! -0 stands before +0 if elements are sorted, and equals it in the key of an [`Indexed`] record.
//! NaN is behind all numbers, and becomes one NaN. Complex numbers are in NumPy's order: by the
//! real part, then by the imaginary one; behind them those with a NaN as imaginary part, as real
//! part, as both.

mod buckets;
mod complex;
mod digit;
mod elements;
mod key;
mod record;
mod records;
mod search;

pub use buckets::{Buckets, Histogram};
pub use digit::{Digit, Varying};
pub use elements::{sort, sort_descending};
pub use key::{Order, Sortable};
pub use record::{Indexed, Record, compare};
pub use records::sort_records;
pub use search::{Side, insertion_point};

#[cfg(test)]
mod tests;
