//! Sums of squares of terms: norms.

use super::ball::{Ball, two_product};
use super::lanes::{ROOM, adapt, block_len, cut, fold, greatest, rests_and_steps};
use super::levels::dispatch_lanes;
use super::moments::{GREATEST, LEAST, PartialMoments, scale_for, unscale};
use super::real::{Finish, Real, exponent_of, power_of_two};
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};

/// The sum of squares of terms, with a bound on its error: a norm's.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartialSquares(PartialMoments);

/// Adds the squares of a block.
struct Squares<'a, T, const L: usize> {
    terms: &'a [T],
    scale: f64,
    exponent: i32,
}

impl<T: Real, const L: usize> Kernel for Squares<'_, T, L> {
    type Output = (Ball, f64);

    #[inline(always)]
    fn run(self) -> (Ball, f64) {
        let k = 2 * self.exponent + ROOM;
        let (mut s, mut rest, mut top) = ([1.5 * power_of_two(k); L], [0.0; L], [0.0; L]);
        let mut step = |terms: &[T; L]| {
            for lane in 0..L {
                let term = terms[lane].widen() * self.scale;
                let (product, error) = two_product(term, term);
                let (t, r) = cut(s[lane], product);
                s[lane] = t;
                rest[lane] += r + error;
                top[lane] = if product > top[lane] { product } else { top[lane] };
            }
        };
        let (chunks, tail) = self.terms.as_chunks::<L>();
        for chunk in chunks {
            step(chunk);
        }
        if !tail.is_empty() {
            let mut last = [T::default(); L];
            last[..tail.len()].copy_from_slice(tail);
            step(&last);
        }
        let nan = fold(&s, |left, right| left + right);
        let top = fold(&top, |left, right| if left > right { left } else { right });
        if nan.is_nan() || top > power_of_two(2 * self.exponent) {
            return (Ball::UNKNOWN, if nan.is_nan() { nan } else { top.sqrt() });
        }
        if top == 0.0 && self.terms.iter().all(|term| term.widen() == 0.0) {
            return (Ball::default(), 0.0);
        }
        (rests_and_steps(&s, &rest, k, self.terms.len().div_ceil(L), 3.0), top.sqrt())
    }
}

impl PartialSquares {
    /// Sums the squares of terms.
    #[must_use]
    pub fn of<T: Real>(terms: &[T]) -> Self {
        Self::of_with(Isa::in_use(), terms)
    }

    /// Sums the squares of terms with an instruction set.
    #[must_use]
    pub fn of_with<T: Real>(isa: Isa, terms: &[T]) -> Self {
        let _environment = Environment::new();
        let block = block_len(isa);
        let mut partial = PartialMoments { count: terms.len() as u64, ..PartialMoments::default() };
        let mut exponent = LEAST;
        for (number, terms) in terms.chunks(block).enumerate() {
            if number == 0 {
                partial.scale = scale_for(terms, 0.0);
                let top = greatest(terms) * power_of_two(partial.scale);
                exponent = (exponent_of(top) + 2).clamp(LEAST, GREATEST);
            }
            let scale = power_of_two(partial.scale);
            let deposit = |exponent| dispatch_lanes!(isa, Squares[T] { terms, scale, exponent });
            let squares = adapt(&mut exponent, LEAST..=GREATEST, deposit);
            if !squares.is_finite() {
                terms.iter().for_each(|term| partial.specials.count(term.widen() * term.widen().signum()));
            }
            partial.squares = partial.squares.add(squares);
        }
        Self(partial)
    }

    /// Adds the squares of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    /// The root of the sum: the exact root, rounded once.
    #[must_use]
    pub fn root<T: Real>(&self) -> Finish<T> {
        match self.0.specials.sum() {
            Some(sum) => Finish::Certain(T::narrow(sum)),
            None => Finish::of(unscale(self.0.squares.sqrt(), -self.0.scale)),
        }
    }

    /// The number of words of a value that is sent.
    pub const WORDS: usize = PartialMoments::WORDS;

    /// The value as words.
    #[must_use]
    pub fn words(&self) -> [u64; Self::WORDS] {
        self.0.words()
    }

    /// The value whose words these are.
    #[must_use]
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        Self(PartialMoments::from_words(words))
    }
}
