//! Records: items with unsigned words that have their order.

use std::cmp::Ordering;
use std::fmt;

use num_complex::Complex;

use super::complex::{complex_words, lower_words};

/// An item that is sorted by its words, the most significant one first.
pub trait Record: Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The number of words.
    const WORDS: usize;

    /// A word; those from `WORDS` on are 0.
    fn word(&self, at: usize) -> u64;
}

/// The order of two records.
#[inline(always)]
pub fn compare<R: Record>(left: &R, right: &R) -> Ordering {
    for at in 0..R::WORDS {
        match left.word(at).cmp(&right.word(at)) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    Ordering::Equal
}

/// A key of `N` words, and the index of its element, which is the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed<const N: usize> {
    key: [u64; N],
    index: u64,
}

impl<const N: usize> Indexed<N> {
    /// A record.
    #[inline(always)]
    #[must_use]
    pub fn new(key: [u64; N], index: u64) -> Self {
        Self { key, index }
    }

    /// The words of the key.
    #[inline(always)]
    #[must_use]
    pub fn key(&self) -> [u64; N] {
        self.key
    }

    /// The index.
    #[inline(always)]
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }
}

impl<const N: usize> Default for Indexed<N> {
    fn default() -> Self {
        Self { key: [0; N], index: 0 }
    }
}

impl<const N: usize> Record for Indexed<N> {
    const WORDS: usize = N + 1;

    #[inline(always)]
    fn word(&self, at: usize) -> u64 {
        if at < N {
            self.key[at]
        } else if at == N {
            self.index
        } else {
            0
        }
    }
}

/// Real elements are records when [encoded](super::Sortable::encoded): their bits are the key.
macro_rules! encoded {
    ($($type:ty, $bits:expr;)*) => {$(
        impl Record for $type {
            const WORDS: usize = 1;
            #[inline(always)]
            fn word(&self, at: usize) -> u64 {
                if at == 0 { $bits(*self) } else { 0 }
            }
        }
    )*};
}
encoded! {
    bool, u64::from;
    u8, u64::from; u16, u64::from; u32, u64::from; u64, u64::from;
    i8, |item| u64::from(item as u8); i16, |item| u64::from(item as u16);
    i32, |item| u64::from(item as u32); i64, |item| item as u64;
    f32, |item: f32| u64::from(item.to_bits()); f64, f64::to_bits;
}

// Elements that are equal in NumPy's order, by their bits: so the result is one and the same.
impl Record for Complex<f32> {
    const WORDS: usize = 2;
    #[inline(always)]
    fn word(&self, at: usize) -> u64 {
        match at {
            0 => complex_words(self.re, self.im)[0] << 32 | complex_words(self.re, self.im)[1],
            1 => lower_words(self.re, self.im)[0] << 32 | lower_words(self.re, self.im)[1],
            _ => 0,
        }
    }
}

impl Record for Complex<f64> {
    const WORDS: usize = 4;
    #[inline(always)]
    fn word(&self, at: usize) -> u64 {
        match at {
            0 | 1 => complex_words(self.re, self.im)[at],
            2 | 3 => lower_words(self.re, self.im)[at - 2],
            _ => 0,
        }
    }
}
