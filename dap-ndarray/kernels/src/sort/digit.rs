//! The bits in which records differ, and digits of them.

use super::record::Record;

/// The bits that are set in all records, and in some: the others of a word differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varying {
    all: Vec<u64>,
    any: Vec<u64>,
}

impl Varying {
    /// Of no record.
    #[must_use]
    pub fn none<R: Record>() -> Self {
        Self { all: vec![u64::MAX; R::WORDS], any: vec![0; R::WORDS] }
    }

    /// Adds records.
    pub fn add<R: Record>(&mut self, records: &[R]) {
        for at in 0..R::WORDS {
            let (mut all, mut any) = (self.all[at], self.any[at]);
            for record in records {
                all &= record.word(at);
                any |= record.word(at);
            }
            (self.all[at], self.any[at]) = (all, any);
        }
    }

    /// The state as words, of which there are two for each word of a record.
    #[must_use]
    pub fn words(&self) -> Vec<u64> {
        self.all.iter().chain(&self.any).copied().collect()
    }

    /// Adds the records of another state, given by its words.
    pub fn add_words(&mut self, words: &[u64]) {
        let (all, any) = words.split_at(words.len().min(self.all.len()));
        self.all.iter_mut().zip(all).for_each(|(all, other)| *all &= other);
        self.any.iter_mut().zip(any).for_each(|(any, other)| *any |= other);
    }

    /// The bits that are the same in all records, from the highest one of word `at` down to the
    /// first that differs.
    #[must_use]
    pub fn differs(&self, at: usize) -> u64 {
        self.all.get(at).zip(self.any.get(at)).map_or(0, |(all, any)| !all & any)
    }

    /// The digit of at most `bits` bits that begins at the highest bit in which records differ;
    /// `None` if there is none.
    #[must_use]
    pub fn digit(&self, bits: u32) -> Option<Digit> {
        let word = (0..self.all.len()).find(|&word| self.differs(word) != 0)?;
        Some(Digit::below(word, 64 - self.differs(word).leading_zeros(), bits))
    }
}

/// Some bits of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digit {
    /// The word.
    pub word: usize,
    /// The number of lower bits of the word.
    pub shift: u32,
    /// The number of bits.
    pub bits: u32,
}

impl Digit {
    /// The digit of at most `bits` bits below bit number `end` of a word.
    #[must_use]
    pub fn below(word: usize, end: u32, bits: u32) -> Digit {
        let bits = bits.min(end);
        Digit { word, shift: end - bits, bits }
    }

    /// The digit of a record.
    #[inline(always)]
    pub fn of<R: Record>(self, record: &R) -> usize {
        (record.word(self.word) >> self.shift) as usize & ((1 << self.bits) - 1)
    }

    /// The number of values.
    #[must_use]
    pub fn values(self) -> usize {
        1 << self.bits
    }
}
