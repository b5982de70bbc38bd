//! Exponential numbers: the inverse of the distribution function, one word for each.
//!
//! A word below 2^63 gives a probability `u` in steps of 2^-64, from 2^-65 to 1/2, and the number
//! `-log(u)`; another one gives the probability `v` of the rest in the same steps, and the number
//! `-log1p(-v)`. So numbers are exact near 0 as well as far out, where they reach 45 times the
//! scale. The functions are those of [`math`](crate::math): the same bits on every machine.

use std::marker::PhantomData;

use super::distribution::{Distribution, STRIP};
use super::philox::Philox;
use super::uniform::{RealFloat, each};
use crate::math::{Function, unary};

/// Exponential numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential<T> {
    scale: f64,
    item: PhantomData<fn() -> T>,
}

impl<T> Exponential<T> {
    /// Numbers with this mean. `None` if it is negative or not finite.
    #[must_use]
    pub fn new(scale: f64) -> Option<Self> {
        (scale.is_finite() && scale >= 0.0).then_some(Self { scale, item: PhantomData })
    }
}

impl<T> Default for Exponential<T> {
    /// The mean 1.
    fn default() -> Self {
        Self { scale: 1.0, item: PhantomData }
    }
}

/// 2^-65.
const STEP: f64 = 1.0 / (1_u128 << 65) as f64;

/// The exponential numbers with mean 1 of up to [`STRIP`] words.
pub(super) fn standard(words: &[u64], out: &mut [f64]) {
    let mut probabilities = [0.0; STRIP];
    let probabilities = &mut probabilities[..words.len()];
    let (mut low, mut high) = ([0.0; STRIP], [0.0; STRIP]);
    let (low, high) = (&mut low[..words.len()], &mut high[..words.len()]);
    each(
        words,
        probabilities,
        #[inline(always)]
        |word| (word << 1 | 1) as f64 * STEP,
    );
    unary(Function::Log, probabilities, low);
    each(
        words,
        probabilities,
        #[inline(always)]
        |word| -((!word << 1 | 1) as f64 * STEP),
    );
    unary(Function::Log1p, probabilities, high);
    for (at, out) in out.iter_mut().enumerate() {
        *out = -if words[at] >> 63 == 0 { low[at] } else { high[at] };
    }
}

impl<T: RealFloat> Distribution for Exponential<T> {
    type Item = T;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [T]) {
        let mut values = [0.0; STRIP];
        let values = &mut values[..words.len()];
        standard(words, values);
        for (out, value) in out.iter_mut().zip(values) {
            *out = T::rounded(self.scale * *value);
        }
    }
}
