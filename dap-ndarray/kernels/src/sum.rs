//! Exactly rounded sums: the same bits in any order, on any number of threads and ranks.
//!
//! A sum of floats is the exact sum, rounded once. The first pass costs little more than a plain
//! sum and gives a value with a bound on its error ([`PartialSum`]). Partial results are merged in
//! any order, or sent as words; [`PartialSum::finish`] gives the result if the bound decides its
//! last bit. Otherwise the terms are added again, into an integer wide enough for all floats
//! ([`Accumulator`]), which decides always. In both cases it is the same number, so nothing depends
//! on the way that was taken.
//!
//! | result | first pass | second pass |
//! |---|---|---|
//! | sum, mean | [`PartialSum`], of strips [`SumStream`] | [`Accumulator`] |
//! | variance, standard deviation, and the mean with them | [`PartialMoments`] | [`MomentAccumulator`] |
//! | norm | [`PartialSquares`] | [`ProductAccumulator`] |
//! | dot product | [`PartialProducts`] | [`ProductAccumulator`] |
//!
//! ```
//! use dap_kernels::sum::{Accumulator, PartialSum};
//! let terms = [1e16, 1.0, -1e16, 0.5];
//! let (front, back) = terms.split_at(2);
//! let mut partial = PartialSum::of(back);
//! partial.merge(&PartialSum::of(front));
//! let sum: f64 = partial.finish().or_else(|| {
//!     let mut accumulator = Accumulator::default();
//!     accumulator.add(&terms);
//!     accumulator.finish()
//! });
//! assert_eq!(sum, 1.5);
//! ```
//!
//! # Rules
//!
//! The sum of NaN, or of both infinities, is NaN; of one infinity, that infinity. A sum that
//! overflows on its way and not at its end is finite. A zero is +0. The sum of nothing is 0, its
//! mean NaN. Results of `f32` are rounded once, from the exact value. Complex numbers are summed by
//! parts.
//!
//! # Limits
//!
//! Accumulators hold 2^63 terms, and their words can be added over 2^31 ranks. Where many are sent
//! from rank to rank, [`Accumulator::packed`] takes about a tenth of the words. Below AVX2 a fused
//! multiply-add is a call of the C library, which costs squares and products some speed.

mod accumulator;
mod ball;
mod columns;
mod exact;
mod lanes;
mod levels;
mod moments;
mod natural;
mod packed;
mod partial;
mod prefix;
mod products;
mod real;
mod specials;
mod squares;
mod stream;

pub(crate) use ball::Ball;
pub use columns::ColumnSums;
pub(crate) use exact::quotient;
pub use exact::{Accumulator, MomentAccumulator, ProductAccumulator};
pub use moments::PartialMoments;
pub use partial::PartialSum;
pub(crate) use prefix::Prefix;
pub use products::PartialProducts;
pub(crate) use real::power_of_two;
pub use real::{Finish, Real};
pub use specials::Specials;
pub use squares::PartialSquares;
pub use stream::SumStream;

#[cfg(test)]
pub(crate) mod oracle;
#[cfg(test)]
mod tests;
