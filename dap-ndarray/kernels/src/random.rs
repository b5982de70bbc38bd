//! Random numbers by counters: each element from its own place in a keyed stream of words, so that
//! the numbers depend neither on ranks nor on threads nor on the order in which they are made.
//!
//! | subject | item |
//! |---|---|
//! | seeds and streams, as NumPy makes keys of them | [`SeedSequence`] |
//! | the stream of 64-bit words, Philox4x64-10 | [`Philox`] |
//! | elements of a distribution, for runs and lists of indices | [`Distribution`], [`fill_run`], [`fill_list`] |
//! | uniform floats; normal and exponential numbers | [`Fraction`], [`Uniform`], [`Normal`], [`ComplexNormal`], [`Exponential`] |
//! | integers of any range, without bias | [`Integers`] |
//! | a permutation of any size, index by index | [`Permutation`] |
//!
//! ```
//! use dap_kernels::random::{Fraction, Philox, SeedSequence, fill_run};
//! let stream = Philox::of(&SeedSequence::new(&[7]));
//! let mut x = [0.0_f64; 10];
//! fill_run(&stream, &Fraction::<f64>::default(), 0, &mut x);
//! // numpy.random.Generator(numpy.random.Philox(7)).random(10)
//! assert_eq!(x[0].to_bits(), 0x3fde_011b_0f91_315e);
//! // Elements 4 to 9 again, made without the others.
//! let mut y = [0.0_f64; 6];
//! fill_run(&stream, &Fraction::<f64>::default(), 4, &mut y);
//! assert_eq!(x[4..], y);
//! ```
//!
//! # Limits
//!
//! A stream has 2^130 words, of which 2^128 can be named. The numbers are for simulation: no claim
//! of cryptography is made.

mod distribution;
mod exponential;
mod integers;
mod normal;
mod permutation;
mod philox;
mod seed;
mod uniform;

pub use distribution::{Distribution, STRIP, Unit, fill_list, fill_run};
pub use exponential::Exponential;
pub use integers::Integers;
pub use normal::{ComplexNormal, Normal};
pub use permutation::Permutation;
pub use philox::Philox;
pub use seed::SeedSequence;
pub use uniform::{Fraction, RealFloat, Uniform};

#[cfg(test)]
mod tests;
