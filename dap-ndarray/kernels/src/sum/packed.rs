//! An exact sum in few words, for many sums that are sent, such as the carries of scans.
//!
//! Most of the 68 digits of an accumulator repeat: below the lowest term they are zeros, above the
//! sum they are copies of the sign. Only those between are packed.

use smallvec::SmallVec;

use super::accumulator::TERM_WORDS;
use super::exact::Accumulator;

/// The place of the highest digit, which has the sign.
const TOP: usize = TERM_WORDS - 1;
/// Bits of the header, above the numbers of the first digit and of the digits.
const NEGATIVE: u64 = 1 << 16;
const SPECIAL: u64 = 1 << 17;

impl Accumulator {
    /// The sum in few words: a header, the number of terms, the numbers of terms that are not
    /// finite if there are some, and the digits, two a word.
    #[must_use]
    pub fn packed(&mut self) -> SmallVec<[u64; 8]> {
        let words = self.words();
        let [plus, minus, nan, count] = std::array::from_fn(|at| words[TERM_WORDS + at].cast_unsigned());
        // The sum of 2^63 terms leaves 32 bits of the highest digit more than enough.
        let digits: [u32; TERM_WORDS] = std::array::from_fn(|digit| words[digit] as u32);
        let negative = words[TOP] < 0;
        let sign = if negative { u32::MAX } else { 0 };
        let low = digits.iter().position(|digit| *digit != 0).unwrap_or(0);
        let end = digits.iter().rposition(|digit| *digit != sign).map_or(low, |high| low.max(high + 1));
        let special = plus | minus | nan != 0;
        let mut packed = SmallVec::new();
        let flags = if negative { NEGATIVE } else { 0 } | if special { SPECIAL } else { 0 };
        packed.push(low as u64 | ((end - low) as u64) << 8 | flags);
        packed.push(count);
        if special {
            packed.extend([plus, minus, nan]);
        }
        let pair = |pair: &[u32]| u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(0)) << 32;
        packed.extend(digits[low..end].chunks(2).map(pair));
        packed
    }

    /// The sum that `words` begin with, and the number of its words; `None` if no sum is packed
    /// like that.
    #[must_use]
    pub fn from_packed(words: &[u64]) -> Option<(Self, usize)> {
        let (&header, rest) = words.split_first()?;
        let (&count, mut rest) = rest.split_first()?;
        let (low, len) = ((header & 0xff) as usize, (header >> 8 & 0xff) as usize);
        if header >= SPECIAL << 1 || low + len > TERM_WORDS {
            return None;
        }
        let mut specials = [0; 3];
        if header & SPECIAL != 0 {
            let (found, more) = rest.split_first_chunk::<3>()?;
            (specials, rest) = (*found, more);
        }
        let pairs = rest.get(..len.div_ceil(2))?;
        let sign = if header & NEGATIVE != 0 { u32::MAX } else { 0 };
        let digit = |at: usize| match at.checked_sub(low) {
            None => 0,
            Some(above) if above >= len => sign,
            Some(within) => (pairs[within / 2] >> (within % 2 * 32)) as u32,
        };
        let [plus, minus, nan] = specials;
        let counts = [plus, minus, nan, count];
        let unpacked = std::array::from_fn(|at| match at {
            TOP => i64::from(digit(at).cast_signed()),
            _ if at < TERM_WORDS => i64::from(digit(at)),
            _ => counts[at - TERM_WORDS].cast_signed(),
        });
        Some((Self::from_words(&unpacked), words.len() - rest.len() + pairs.len()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packed_sums_are_the_sums(lists in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..6), 1..5)) {
            let mut sums: Vec<Accumulator> = Vec::new();
            for list in &lists {
                let mut sum = Accumulator::default();
                list.iter().for_each(|bits| sum.add_term(f64::from_bits(*bits)));
                sums.push(sum);
            }
            let all: Vec<u64> = sums.iter_mut().flat_map(Accumulator::packed).collect();
            let mut rest = &all[..];
            for sum in &mut sums {
                let (mut found, used) = Accumulator::from_packed(rest).unwrap();
                prop_assert_eq!(found.words(), sum.words());
                // Each beginning that is too short is refused.
                prop_assert!((0..used).all(|short| Accumulator::from_packed(&rest[..short]).is_none()));
                rest = &rest[used..];
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn powers_of_two_and_their_neighbours_are_packed(exponent in -1074..1024_i32, below in 0..2_u8, negative: bool) {
            let power = f64::from(exponent).exp2();
            let mut sum = Accumulator::default();
            sum.add_term(if negative { -power } else { power });
            sum.add_term(if below == 1 { -5e-324 } else { 0.0 });
            let packed = sum.packed();
            prop_assert!(below == 1 || packed.len() <= 3, "{packed:?}");
            let (mut found, used) = Accumulator::from_packed(&packed).unwrap();
            prop_assert_eq!((found.words(), used), (sum.words(), packed.len()));
        }

        #[test]
        fn any_words_are_a_sum_or_none(words in prop::collection::vec(any::<u64>(), 0..80), header in 0_u64..1 << 18) {
            let words = [&[header], &words[..]].concat();
            if let Some((sum, used)) = Accumulator::from_packed(&words) {
                prop_assert!(used <= words.len());
                let _: f64 = sum.finish();
            }
        }
    }
}
