//! An integer superaccumulator: a fixed-point number that is wide enough for every sum, exactly.
//!
//! The number is `sum words[i] * 2^(32 i + low)`. Each word is an `i64` that holds a digit of 32
//! bits and room for carries, so that a term is added to three words and nothing is carried; after
//! 2^29 terms the carries are propagated. Numbers are added word by word: with carries propagated a
//! word is below 2^32, so the sum over 2^31 ranks fits. The idea is that of Neal's xsum
//! (arXiv:1505.05571) and of Kulisch's accumulator before it.
//!
//! The lowest word of a [`Fixed`] for sums is worth 2^-1074, the least `f64`; that of one for
//! products 2^-2148. Both hold the sum of 2^63 of the greatest terms.

use super::natural::Natural;

/// The words of an accumulator of terms: 1074 + 1024 + 64 bits, and the sign.
pub(crate) const TERM_WORDS: usize = 68;

/// The words of an accumulator of products of two terms.
pub(crate) const PRODUCT_WORDS: usize = 135;

/// Terms that can be added to propagated words before the next propagation.
const PENDING: u32 = 1 << 29;

const DIGIT: i64 = 0xffff_ffff;

/// A fixed-point number of `WORDS` digits of 32 bits.
#[derive(Debug, Clone)]
pub(crate) struct Fixed<const WORDS: usize> {
    words: [i64; WORDS],
    pending: u32,
}

impl<const WORDS: usize> Default for Fixed<WORDS> {
    fn default() -> Self {
        Self { words: [0; WORDS], pending: 0 }
    }
}

impl<const WORDS: usize> Fixed<WORDS> {
    /// The exponent of the lowest bit.
    pub(crate) const LOW: i32 = if WORDS == TERM_WORDS { -1074 } else { -2148 };

    /// Adds `mantissa * 2^exponent`; the exponent is at least that of the lowest bit, and the term
    /// is less than the products or terms that the number is made for.
    #[inline]
    pub(crate) fn add(&mut self, mantissa: i64, exponent: i32) {
        let shift = (exponent - Self::LOW) as usize;
        let word = shift / 32;
        let shifted = i128::from(mantissa) << (shift % 32);
        self.words[word] += shifted as i64 & DIGIT;
        self.words[word + 1] += (shifted >> 32) as i64 & DIGIT;
        self.words[word + 2] += (shifted >> 64) as i64;
        self.count(1);
    }

    /// Adds a number, exactly; infinities and NaN are the caller's.
    #[inline]
    pub(crate) fn add_float(&mut self, value: f64) {
        let (mantissa, exponent) = decode(value);
        self.add(mantissa, exponent);
    }

    #[inline]
    fn count(&mut self, terms: u32) {
        self.pending += terms;
        if self.pending >= PENDING {
            self.propagate();
        }
    }

    /// Carries: each word but the highest is a digit afterwards.
    pub(crate) fn propagate(&mut self) {
        let mut carry = 0;
        for word in &mut self.words[..WORDS - 1] {
            let sum = *word + carry;
            *word = sum & DIGIT;
            carry = sum >> 32;
        }
        self.words[WORDS - 1] += carry;
        self.pending = 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word += more;
        }
        self.count(other.pending);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, less) in self.words.iter_mut().zip(&other.words) {
            *word -= less;
        }
        self.count(other.pending);
    }

    /// The words with carries propagated.
    pub(crate) fn words(&mut self) -> &[i64; WORDS] {
        self.propagate();
        &self.words
    }

    /// From words, or from their sums over at most 2^31 ranks.
    pub(crate) fn from_words(words: [i64; WORDS]) -> Self {
        let mut fixed = Self { words, pending: 0 };
        fixed.propagate();
        fixed
    }

    /// The sign (whether the number is negative) and the magnitude, in units of the lowest bit.
    pub(crate) fn magnitude(&self) -> (bool, Natural) {
        let mut words = self.clone();
        words.propagate();
        let negative = words.words[WORDS - 1] < 0;
        if negative {
            for word in &mut words.words {
                *word = -*word;
            }
            words.propagate();
        }
        (negative, Natural::from_digits(&words.words))
    }
}

impl Fixed<PRODUCT_WORDS> {
    /// Adds the product of two finite numbers, exactly.
    #[inline]
    pub(crate) fn add_product(&mut self, left: f64, right: f64) {
        let ((left, low), (right, high)) = (decode(left), decode(right));
        let product = i128::from(left) * i128::from(right);
        let exponent = low + high;
        // 106 bits and the sign, in two parts.
        let (bottom, top) = ((product & ((1 << 53) - 1)) as i64, (product >> 53) as i64);
        self.add(bottom, exponent);
        self.add(top, exponent + 53);
    }
}

/// A finite number as an integer of at most 53 bits and the exponent of its unit, at least -1074.
#[inline]
pub(crate) fn decode(value: f64) -> (i64, i32) {
    let bits = value.to_bits();
    let field = (bits >> 52 & 0x7ff) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let mantissa = if field == 0 { fraction } else { fraction | 1 << 52 };
    (if bits >> 63 == 0 { mantissa } else { -mantissa }, field.max(1) - 1075)
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;
    use proptest::prelude::*;

    fn whole<const WORDS: usize>(fixed: &Fixed<WORDS>) -> BigInt {
        let (negative, magnitude) = fixed.magnitude();
        let value = magnitude.limbs().iter().rev().fold(BigInt::ZERO, |sum, limb| (sum << 64) + BigInt::from(*limb));
        if negative { -value } else { value }
    }

    /// In units of 2^-1074.
    fn units(value: f64) -> BigInt {
        let (mantissa, exponent) = decode(value);
        BigInt::from(mantissa) << usize::try_from(exponent + 1074).unwrap()
    }

    fn finite() -> impl Strategy<Value = f64> {
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |value| value.is_finite())
    }

    proptest! {
        #[test]
        fn sums_are_exact(terms in prop::collection::vec(finite(), 0..40), cut in 0..40_usize) {
            let cut = cut.min(terms.len());
            let sum = |terms: &[f64]| {
                let mut fixed = Fixed::<TERM_WORDS>::default();
                terms.iter().for_each(|term| fixed.add_float(*term));
                fixed
            };
            let expected: BigInt = terms.iter().map(|term| units(*term)).sum();
            prop_assert_eq!(whole(&sum(&terms)), expected.clone());
            let (mut left, mut right) = (sum(&terms[..cut]), sum(&terms[cut..]));
            let words: [i64; TERM_WORDS] = std::array::from_fn(|word| left.words()[word] + right.words()[word]);
            prop_assert_eq!(whole(&Fixed::from_words(words)), expected.clone());
            left.merge(&right);
            prop_assert_eq!(whole(&left), expected);
        }

        #[test]
        fn products_are_exact(terms in prop::collection::vec((finite(), finite()), 0..40)) {
            let mut fixed = Fixed::<PRODUCT_WORDS>::default();
            terms.iter().for_each(|(left, right)| fixed.add_product(*left, *right));
            let expected: BigInt = terms.iter().map(|(left, right)| units(*left) * units(*right)).sum();
            prop_assert_eq!(whole(&fixed), expected);
        }
    }

    #[test]
    fn the_greatest_terms_fit() {
        let mut fixed = Fixed::<PRODUCT_WORDS>::default();
        fixed.add_product(f64::MAX, f64::MAX);
        let mut twice = fixed.clone();
        // 2^63 terms, by doubling.
        for _ in 0..63 {
            let other = twice.clone();
            twice.merge(&other);
            twice.propagate();
        }
        assert_eq!(whole(&twice), whole(&fixed) << 63);
        let mut fixed = Fixed::<TERM_WORDS>::default();
        fixed.add_float(-f64::MAX);
        let mut twice = fixed.clone();
        for _ in 0..63 {
            let other = twice.clone();
            twice.merge(&other);
            twice.propagate();
        }
        assert_eq!(whole(&twice), whole(&fixed) << 63);
    }
}
