//! Sums of products of two terms: `vecdot`.

use super::ball::{Ball, two_product};
use super::lanes::{ROOM, adapt, block_len, cut, fold, rests_and_steps};
use super::levels::dispatch_lanes;
use super::partial::PartialSum;
use super::real::{Finish, Real, power_of_two};
use super::specials::Specials;
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};

/// The range of exponents of products whose residuals, and the bounds of these, are normal.
const LEAST: i32 = -760;
const GREATEST: i32 = 990;

/// The sum of some products, with a bound on its error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartialProducts(PartialSum);

struct Deposit<'a, T, const L: usize> {
    left: &'a [T],
    right: &'a [T],
    exponent: i32,
}

impl<T: Real, const L: usize> Kernel for Deposit<'_, T, L> {
    type Output = (Ball, f64);

    #[inline(always)]
    fn run(self) -> (Ball, f64) {
        let k = self.exponent + ROOM;
        let (mut s, mut rest, mut top) = ([1.5 * power_of_two(k); L], [0.0; L], [0.0; L]);
        let mut step = |left: &[T; L], right: &[T; L]| {
            for lane in 0..L {
                let (product, error) = two_product(left[lane].widen(), right[lane].widen());
                let (t, r) = cut(s[lane], product);
                s[lane] = t;
                rest[lane] += r + error;
                let magnitude = product.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        };
        let (left, left_tail) = self.left.as_chunks::<L>();
        let (right, right_tail) = self.right.as_chunks::<L>();
        for (left, right) in left.iter().zip(right) {
            step(left, right);
        }
        if !left_tail.is_empty() {
            let (mut last, mut other) = ([T::default(); L], [T::default(); L]);
            last[..left_tail.len()].copy_from_slice(left_tail);
            other[..right_tail.len()].copy_from_slice(right_tail);
            step(&last, &other);
        }
        let nan = fold(&s, |left, right| left + right);
        let top = fold(&top, |left, right| if left > right { left } else { right });
        if nan.is_nan() || top > power_of_two(self.exponent) {
            return (Ball::UNKNOWN, if nan.is_nan() { nan } else { top });
        }
        // The residual of a small product is off by less than the least bound's unit.
        (rests_and_steps(&s, &rest, k, self.left.len().div_ceil(L), 3.0), top)
    }
}

impl PartialProducts {
    /// Sums the products of terms.
    ///
    /// # Panics
    /// The slices have different lengths.
    #[must_use]
    pub fn of<T: Real>(left: &[T], right: &[T]) -> Self {
        Self::of_with(Isa::in_use(), left, right)
    }

    /// Sums the products of terms with an instruction set.
    ///
    /// # Panics
    /// The slices have different lengths.
    #[must_use]
    pub fn of_with<T: Real>(isa: Isa, left: &[T], right: &[T]) -> Self {
        assert_eq!(left.len(), right.len(), "each term has a partner");
        let _environment = Environment::new();
        let block = block_len(isa);
        let mut partial = PartialSum { count: left.len() as u64, ..PartialSum::default() };
        let mut exponent = LEAST;
        for (left, right) in left.chunks(block).zip(right.chunks(block)) {
            let deposit = |exponent| dispatch_lanes!(isa, Deposit[T] { left, right, exponent });
            let ball = adapt(&mut exponent, LEAST..=GREATEST, deposit);
            if !ball.is_finite() {
                for (left, right) in left.iter().zip(right) {
                    let (left, right) = (left.widen(), right.widen());
                    // A product that overflows is no infinity.
                    if !(left.is_finite() && right.is_finite()) {
                        partial.specials.count(left * right);
                    }
                }
            }
            partial.ball = partial.ball.add(ball);
        }
        Self(partial)
    }

    /// Adds the products of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    /// Adds the negated products of another partial result, as the real part of a complex product
    /// does.
    pub fn subtract(&mut self, other: &Self) {
        self.0.ball = self.0.ball.add(other.0.ball.negate());
        let Specials { plus, minus, nan } = other.0.specials;
        self.0.specials.merge(&Specials { plus: minus, minus: plus, nan });
    }

    /// The exact sum, rounded once.
    #[must_use]
    pub fn finish<T: Real>(&self) -> Finish<T> {
        self.0.finish()
    }

    /// The number of words of a value that is sent.
    pub const WORDS: usize = PartialSum::WORDS;

    /// The value as words.
    #[must_use]
    pub fn words(&self) -> [u64; Self::WORDS] {
        self.0.words()
    }

    /// The value whose words these are.
    #[must_use]
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        Self(PartialSum::from_words(words))
    }
}
