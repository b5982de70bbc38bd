//! Vector mathematics: the functions of the array over slices, and as values for other kernels.
//!
//! ```
//! use dap_kernels::math::{Function, Function2, binary, unary};
//!
//! let x = [0.0, 1.0, 2.0_f64];
//! let mut out = [0.0; 3];
//! unary(Function::Exp, &x, &mut out);
//! assert_eq!(out, [1.0, std::f64::consts::E, 7.38905609893065]);
//! binary(Function2::Power, &x, &[2.0; 3], &mut out);
//! assert_eq!(out, [0.0, 1.0, 4.0]);
//! ```
//!
//! The formulas are branch-free and without tables, so the compiler vectorises a loop over them.
//! The result of an element depends on its value only: not on the instruction set, the alignment,
//! or its place in the slice. Errors are at most 1 unit in the last place, 2 for `power`;
//! `make sweep-math` searches for the greatest ones, and `BENCHMARKS.md` has a table of them.
//! Special values are those of C99 Annex F. Complex functions stand in [`complex`].

mod addition;
mod coefficients;
pub mod complex;
mod double;
mod error_function;
mod exp;
mod hyperbolic;
mod inverse_trigonometric;
mod log;
mod neighbour;
mod power;
mod reduce;
mod remainder;
mod root;
mod slices;
mod table;
mod trigonometric;

pub use addition::logaddexp;
pub use error_function::{erf, erfc};
pub use exp::{exp, exp2, expm1};
pub use hyperbolic::{arccosh, arcsinh, arctanh, cosh, sinh, tanh};
pub use inverse_trigonometric::{arccos, arcsin, arctan, arctan2};
pub use log::{log, log1p, log2, log10};
pub use neighbour::{nextafter, nextafter_f32};
pub use power::power;
pub use root::{cbrt, hypot};
pub use table::{Float, Function, Function2};
pub use trigonometric::{cos, sin, tan};

use crate::isa::Isa;

/// `out = function(x)`.
///
/// # Panics
/// If the lengths differ.
pub fn unary<T: Float>(function: Function, x: &[T], out: &mut [T]) {
    T::unary(Isa::in_use(), function, x, out);
}

/// As [`unary`], with the instruction set `isa`, or the best one below it that the machine has.
///
/// # Panics
/// If the lengths differ.
pub fn unary_with<T: Float>(isa: Isa, function: Function, x: &[T], out: &mut [T]) {
    T::unary(isa, function, x, out);
}

/// `x = function(x)`.
pub fn unary_in_place<T: Float>(function: Function, x: &mut [T]) {
    let mut copy = [T::default(); 128];
    for strip in x.chunks_mut(copy.len()) {
        let copy = &mut copy[..strip.len()];
        copy.copy_from_slice(strip);
        unary(function, copy, strip);
    }
}

/// `out = function(x, y)`.
///
/// # Panics
/// If the lengths differ.
pub fn binary<T: Float>(function: Function2, x: &[T], y: &[T], out: &mut [T]) {
    T::binary(Isa::in_use(), function, x, y, out);
}

/// As [`binary`], with the instruction set `isa`, or the best one below it that the machine has.
///
/// # Panics
/// If the lengths differ.
pub fn binary_with<T: Float>(isa: Isa, function: Function2, x: &[T], y: &[T], out: &mut [T]) {
    T::binary(isa, function, x, y, out);
}
