//! Stencils: each element of the result is computed from neighbours of its place.
//!
//! The input is an array with padding; the caller names the region whose elements are computed, so
//! the interior can be done while halos travel, and the edges after that. A [`Stencil`] has
//! declared taps: an offset in each dimension and a weight. [`map`] calls a closure with the
//! neighbours.
//!
//! ```
//! use dap_kernels::stencil::{Stencil, Store};
//! use dap_kernels::view::{View, ViewMut};
//! // Second differences of squares, from an input with one element of padding at both ends.
//! let second = Stencil::weighted(1, &[(&[1][..], 1.0), (&[0], -2.0), (&[-1], 1.0)])?;
//! let input: Vec<f64> = (0..8).map(|at| f64::from(at * at)).collect();
//! let mut output = [0.0; 6];
//! second.apply(&View::of(&input), &[1], ViewMut::of(&mut output), Store::Set)?;
//! assert_eq!(output, [2.0; 6]);
//! # Ok::<(), dap_kernels::view::ViewError>(())
//! ```
//!
//! # Speed and bits
//!
//! Four rows of the result are computed at once, a few columns at a time, so that each row of the
//! input is read into the nearest cache twice instead of five times for a radius of two. Results
//! are written through the cache, whatever their size: the loads and sums of a star of nine taps
//! take longer than memory does, and with stores past the cache it took 1.1 to 1.9 times as long on
//! a Zen 5 core. The order of operations is the stated one: `((w0 * x0) + w1 * x1) + ...`, each
//! rounded; [`Stencil::sum`] has no weights and adds in the same order. The result depends neither
//! on the instruction set nor on the region.

mod block;
mod closure;
mod taps;

pub use closure::map;
pub use taps::{Float, Stencil, Store};

#[cfg(test)]
mod tests;
