//! The partial result of a sum: a value that is merged in any order, sent, and finished.

use super::ball::Ball;
use super::real::{Finish, Real};
use super::specials::Specials;

/// The sum of some terms, as a pair of numbers with a bound on their error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartialSum {
    pub(crate) ball: Ball,
    pub(crate) specials: Specials,
    pub(crate) count: u64,
}

impl PartialSum {
    /// Adds the terms of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.ball = self.ball.add(other.ball);
        self.specials.merge(&other.specials);
        self.count += other.count;
    }

    /// The exact sum, rounded once.
    #[must_use]
    pub fn finish<T: Real>(&self) -> Finish<T> {
        match self.specials.sum() {
            Some(sum) => Finish::Certain(T::narrow(sum)),
            None => Finish::of(self.ball),
        }
    }

    /// Takes terms that were zero from the count.
    pub(crate) fn uncount(&mut self, terms: u64) {
        self.count -= terms;
    }

    /// The number of terms.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The exact mean, rounded once. NaN without terms.
    #[must_use]
    pub fn mean<T: Real>(&self) -> Finish<T> {
        if let Some(sum) = self.specials.sum() {
            return Finish::Certain(T::narrow(sum));
        }
        match self.count {
            0 => Finish::Certain(T::narrow(f64::NAN)),
            count if count < 1 << 53 => Finish::of(self.ball.divide(count as f64)),
            _ => Finish::NeedsSecondPass,
        }
    }

    /// The number of words of a value that is sent.
    pub const WORDS: usize = 7;

    /// The value as words.
    #[must_use]
    pub fn words(&self) -> [u64; Self::WORDS] {
        let [hi, lo, radius] = self.ball.words();
        let Specials { plus, minus, nan } = self.specials;
        [hi, lo, radius, plus, minus, nan, self.count]
    }

    /// The value whose words these are.
    #[must_use]
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        let [hi, lo, radius, plus, minus, nan, count] = *words;
        Self { ball: Ball::from_words([hi, lo, radius]), specials: Specials { plus, minus, nan }, count }
    }
}
