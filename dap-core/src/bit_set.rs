//! A set of integers within a short span: one bit each, in memory of the caller.

/// A set of integers from `first` on.
pub(crate) struct BitSet<'w> {
    first: i64,
    words: &'w mut [u64],
}

impl<'w> BitSet<'w> {
    /// The number of words of a set of integers from `first` to `first + len - 1`.
    pub(crate) fn words(len: usize) -> usize {
        len.div_ceil(64)
    }

    /// The set whose words these are: empty if all of them are 0.
    pub(crate) fn new(first: i64, words: &'w mut [u64]) -> Self {
        Self { first, words }
    }

    /// Adds an integer of the span; whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, number: i64) -> bool {
        let slot = number.wrapping_sub(self.first) as usize;
        let Some(word) = self.words.get_mut(slot / 64) else { return true };
        let bit = 1 << (slot % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Removes an integer of the span.
    #[inline]
    pub(crate) fn remove(&mut self, number: i64) {
        let slot = number.wrapping_sub(self.first) as usize;
        if let Some(word) = self.words.get_mut(slot / 64) {
            *word &= !(1 << (slot % 64));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::BitSet;

    proptest! {
        #[test]
        fn as_a_set_of_the_standard_library(
            first in prop_oneof![Just(i64::MIN), -300_i64..300, Just(i64::MAX - 199)],
            steps in prop::collection::vec((0_i64..200, any::<bool>()), 0..80),
        ) {
            let mut words = vec![0; BitSet::words(200)];
            let (mut set, mut slow) = (BitSet::new(first, &mut words), BTreeSet::new());
            for (offset, adds) in steps {
                let number = first + offset;
                if adds {
                    prop_assert_eq!(set.insert(number), slow.insert(number));
                } else {
                    set.remove(number);
                    slow.remove(&number);
                }
            }
        }
    }
}
