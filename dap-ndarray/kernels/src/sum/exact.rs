//! The second pass's accumulators, as values that are merged, sent, and finished.
//!
//! An [`Accumulator`] holds the exact sum of terms, a [`ProductAccumulator`] that of products; both
//! hold 2^63 terms of any size. Their words can be added, element by element, over at most 2^31
//! ranks (an `MPI_Allreduce` with `MPI_SUM` on `i64`), in any order.

use super::accumulator::{Fixed, PRODUCT_WORDS, TERM_WORDS};
use super::levels::{self, Block};
use super::natural::Natural;
use super::real::Real;
use super::specials::Specials;
use crate::environment::Environment;
use crate::isa::Isa;

/// The words that stand behind those of the number: infinities of both signs, NaN, terms.
const COUNTS: usize = 4;

macro_rules! accumulator {
    ($(#[$doc:meta])* $name:ident, $words:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            fixed: Fixed<{ $words }>,
            specials: Specials,
            count: u64,
        }

        impl $name {
            /// The number of words of a value that is sent.
            pub const WORDS: usize = $words + COUNTS;

            /// Adds the terms of another accumulator.
            pub fn merge(&mut self, other: &Self) {
                self.fixed.merge(&other.fixed);
                self.specials.merge(&other.specials);
                self.count += other.count;
            }

            /// The number of terms.
            #[must_use]
            pub fn count(&self) -> u64 {
                self.count
            }

            /// The value as words, whose sums over at most 2^31 ranks are the words of the merged
            /// value.
            #[must_use]
            pub fn words(&mut self) -> [i64; $words + COUNTS] {
                let Specials { plus, minus, nan } = self.specials;
                let counts = [plus, minus, nan, self.count].map(u64::cast_signed);
                let fixed = self.fixed.words();
                std::array::from_fn(|at| if at < $words { fixed[at] } else { counts[at - $words] })
            }

            /// The value whose words, or whose sums of words, these are.
            #[must_use]
            pub fn from_words(words: &[i64; $words + COUNTS]) -> Self {
                let counts: [u64; COUNTS] = std::array::from_fn(|at| words[$words + at].cast_unsigned());
                let [plus, minus, nan, count] = counts;
                let fixed = Fixed::from_words(std::array::from_fn(|at| words[at]));
                Self { fixed, specials: Specials { plus, minus, nan }, count }
            }

            /// The exact sum, rounded once. The sum of nothing is 0.
            #[must_use]
            pub fn finish<T: Real>(&self) -> T {
                if let Some(sum) = self.specials.sum() {
                    return T::narrow(sum);
                }
                let (negative, magnitude) = self.fixed.magnitude();
                round(negative, &magnitude, Fixed::<{ $words }>::LOW, false)
            }
        }
    };
}

accumulator! {
    /// The exact sum of terms.
    Accumulator, TERM_WORDS
}

accumulator! {
    /// The exact sum of products of two terms each.
    ProductAccumulator, PRODUCT_WORDS
}

/// `magnitude * 2^exponent`, and a little more if `sticky`, rounded once.
fn round<T: Real>(negative: bool, magnitude: &Natural, exponent: i32, sticky: bool) -> T {
    if magnitude.is_zero() {
        return T::default();
    }
    let (top, from, below) = magnitude.top(64, false);
    round_top(negative, top, exponent + shift(from), sticky || below)
}

fn round_top<T: Real>(negative: bool, top: u128, exponent: i32, sticky: bool) -> T {
    let top = top as u64;
    let zeros = top.leading_zeros();
    T::round_parts(negative, top << zeros, exponent - zeros.cast_signed(), sticky)
}

fn shift(bits: usize) -> i32 {
    bits as i32
}

/// The exact quotient of an integer and a count, rounded once; NaN for a count of 0.
pub(crate) fn quotient<T: Real>(sum: i128, count: u64) -> T {
    if count == 0 {
        return T::narrow(f64::NAN);
    }
    let magnitude = sum.unsigned_abs();
    let digits: [i64; 4] = std::array::from_fn(|digit| (magnitude >> (32 * digit) & 0xffff_ffff) as i64);
    let (quotient, rest) = Natural::from_digits(&digits).shifted(2).divide(count);
    round(sum < 0, &quotient, -128, rest)
}

/// The square root of `magnitude * 2^exponent`, and a little more if `sticky`, rounded once; the
/// exponent is even.
fn round_root<T: Real>(magnitude: &Natural, exponent: i32, sticky: bool) -> T {
    if magnitude.is_zero() {
        return T::default();
    }
    // Enough bits for 62 of the root.
    let (magnitude, exponent) = (magnitude.shifted(2), exponent - 128);
    let (top, from, below) = magnitude.top(124, true);
    let root = top.isqrt();
    let sticky = sticky || below || root * root != top;
    round_top(false, root, (exponent + shift(from)) / 2, sticky)
}

impl Accumulator {
    /// Adds terms.
    pub fn add<T: Real>(&mut self, terms: &[T]) {
        self.add_with(Isa::in_use(), terms);
    }

    /// Adds terms with an instruction set.
    pub fn add_with<T: Real>(&mut self, isa: Isa, terms: &[T]) {
        let _environment = Environment::new();
        levels::add_terms(isa, &mut self.fixed, &mut self.specials, &mut Block::default(), terms);
        self.count += terms.len() as u64;
    }

    /// Adds one term.
    #[inline]
    pub fn add_term<T: Real>(&mut self, term: T) {
        let term = term.widen();
        if term.is_finite() {
            self.fixed.add_float(term);
        } else {
            self.specials.count(term);
        }
        self.count += 1;
    }

    /// The mean of the terms: the exact quotient, rounded once. NaN without terms.
    #[must_use]
    pub fn mean<T: Real>(&self) -> T {
        if self.count == 0 {
            return T::narrow(f64::NAN);
        }
        if let Some(sum) = self.specials.sum() {
            return T::narrow(sum);
        }
        let (negative, magnitude) = self.fixed.magnitude();
        let (quotient, rest) = magnitude.shifted(2).divide(self.count);
        round(negative, &quotient, Fixed::<TERM_WORDS>::LOW - 128, rest)
    }
}

impl ProductAccumulator {
    /// Adds the products of terms.
    ///
    /// # Panics
    /// The slices have different lengths.
    pub fn add<T: Real>(&mut self, left: &[T], right: &[T]) {
        self.add_with(Isa::in_use(), left, right);
    }

    /// Adds the products of terms with an instruction set.
    ///
    /// # Panics
    /// The slices have different lengths.
    pub fn add_with<T: Real>(&mut self, isa: Isa, left: &[T], right: &[T]) {
        assert_eq!(left.len(), right.len(), "each term has a partner");
        let _environment = Environment::new();
        levels::add_products(isa, &mut self.fixed, &mut self.specials, &mut Block::default(), left, right);
        self.count += left.len() as u64;
    }

    /// Adds the negated products of another accumulator.
    pub fn subtract(&mut self, other: &Self) {
        self.fixed.subtract(&other.fixed);
        self.specials.merge(&Specials { plus: other.specials.minus, minus: other.specials.plus, ..other.specials });
    }

    /// The square root of the sum, which is one of squares: the exact root, rounded once.
    #[must_use]
    pub fn root<T: Real>(&self) -> T {
        if let Some(sum) = self.specials.sum() {
            return T::narrow(sum);
        }
        round_root(&self.fixed.magnitude().1, Fixed::<PRODUCT_WORDS>::LOW, false)
    }
}

/// The exact sums of terms and of their squares, for variances.
#[derive(Debug, Clone, Default)]
pub struct MomentAccumulator {
    /// The sum of the terms.
    pub sum: Accumulator,
    /// The sum of their squares.
    pub squares: ProductAccumulator,
}

impl MomentAccumulator {
    /// Adds terms.
    pub fn add<T: Real>(&mut self, terms: &[T]) {
        self.add_with(Isa::in_use(), terms);
    }

    /// Adds terms with an instruction set.
    pub fn add_with<T: Real>(&mut self, isa: Isa, terms: &[T]) {
        for terms in terms.chunks(1 << 14) {
            self.sum.add_with(isa, terms);
            self.squares.add_with(isa, terms, terms);
        }
    }

    /// Adds the terms of another accumulator.
    pub fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// The variance of numbers whose parts (one, or the real and the imaginary ones) these are: the
    /// sum of squared distances from the mean, divided by `n - ddof`; the exact quotient, rounded
    /// once. The difference `n - ddof` is that of `f64`, 0 if negative.
    #[must_use]
    pub fn variance<T: Real>(parts: &[Self], ddof: f64) -> T {
        Self::quotient(parts, ddof)
            .map_or_else(T::narrow, |(value, exponent, rest)| round(false, &value, exponent, rest))
    }

    /// The standard deviation: the exact root of the exact [`variance`](Self::variance), rounded
    /// once.
    #[must_use]
    pub fn deviation<T: Real>(parts: &[Self], ddof: f64) -> T {
        Self::quotient(parts, ddof)
            .map_or_else(|special| T::narrow(special), |(value, exponent, rest)| round_root(&value, exponent, rest))
    }

    /// The variance: magnitude, even exponent, whether there is a remainder; or a value that is not
    /// finite.
    fn quotient(parts: &[Self], ddof: f64) -> Result<(Natural, i32, bool), f64> {
        let count = parts.first().map_or(0, |part| part.sum.count);
        if count == 0 || parts.iter().any(|part| part.sum.specials.any()) || ddof.is_nan() {
            return Err(f64::NAN);
        }
        // The numerator: n times the sum of squares, less the square of the sum; not negative.
        let numerator = parts.iter().fold(Natural::default(), |sum, part| {
            let (_, squares) = part.squares.fixed.magnitude();
            let square = part.sum.fixed.magnitude().1.square();
            sum.plus(&squares.times(count).difference(&square).1)
        });
        let divisor = (count as f64 - ddof).max(0.0);
        if divisor == 0.0 || divisor.is_infinite() {
            // As NumPy: 0 / 0, or a positive number divided by 0; or by an infinity.
            return if divisor > 0.0 {
                Ok((Natural::default(), 0, false))
            } else {
                Err(if numerator.is_zero() { f64::NAN } else { f64::INFINITY })
            };
        }
        let (mantissa, exponent) = super::accumulator::decode(divisor);
        let odd = exponent.rem_euclid(2);
        let (first, rest) = numerator.times(1 << odd).shifted(6).divide(count);
        let (value, again) = first.divide(mantissa.cast_unsigned());
        Ok((value, Fixed::<PRODUCT_WORDS>::LOW - 384 - exponent - odd, rest || again))
    }
}
