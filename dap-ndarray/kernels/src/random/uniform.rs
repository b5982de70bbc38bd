//! Uniform floats.
//!
//! In [0, 1) an `f64` is the upper 53 bits of a word times 2^-53, and an `f32` the upper 24 bits of
//! a half word times 2^-24: the bits of NumPy's `Generator.random` with the same dtype. In another
//! interval both are `low + (high - low) * u` in `f64`, of a whole word, which is NumPy's
//! `Generator.uniform`; an `f32` is that number, rounded.

use std::marker::PhantomData;

use super::distribution::{Distribution, Unit};
use super::philox::Philox;
use crate::isa::{Kernel, dispatch};

/// `f32` and `f64`.
pub trait RealFloat: Copy + Default + Send + Sync + 'static {
    /// The nearest number of the type.
    fn rounded(value: f64) -> Self;
}

impl RealFloat for f64 {
    #[inline(always)]
    fn rounded(value: f64) -> f64 {
        value
    }
}

impl RealFloat for f32 {
    #[inline(always)]
    fn rounded(value: f64) -> f32 {
        value as f32
    }
}

/// Fractions: numbers in [0, 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction<T> {
    item: PhantomData<fn() -> T>,
}

impl<T> Default for Fraction<T> {
    fn default() -> Self {
        Self { item: PhantomData }
    }
}

/// Numbers in an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform<T> {
    low: f64,
    width: f64,
    item: PhantomData<fn() -> T>,
}

impl<T> Uniform<T> {
    /// The interval [low, high); a result may be rounded to `high`. `None` if a bound or the
    /// difference is not finite.
    #[must_use]
    pub fn between(low: f64, high: f64) -> Option<Self> {
        let width = high - low;
        (low.is_finite() && width.is_finite()).then_some(Self { low, width, item: PhantomData })
    }
}

/// The upper 53 bits of a word as a fraction.
#[inline(always)]
pub(super) fn fraction(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// A loop over words.
struct Each<'a, T, F>(&'a [u64], &'a mut [T], F);

impl<T, F: Fn(u64) -> T> Kernel for Each<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (&word, out) in self.0.iter().zip(self.1) {
            *out = (self.2)(word);
        }
    }
}

/// `f` of each word, compiled for each instruction set.
pub(super) fn each<T>(words: &[u64], out: &mut [T], f: impl Fn(u64) -> T) {
    dispatch(Each(words, out, f));
}

impl Distribution for Fraction<f64> {
    type Item = f64;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [f64]) {
        each(words, out, fraction);
    }
}

impl Distribution for Fraction<f32> {
    type Item = f32;
    const UNIT: Unit = Unit::Half;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [f32]) {
        each(
            words,
            out,
            #[inline(always)]
            |word| (word >> 40) as f32 * (1.0 / 16_777_216.0),
        );
    }
}

impl<T: RealFloat> Distribution for Uniform<T> {
    type Item = T;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [T]) {
        let (low, width) = (self.low, self.width);
        each(
            words,
            out,
            #[inline(always)]
            |word| T::rounded(low + width * fraction(word)),
        );
    }
}
