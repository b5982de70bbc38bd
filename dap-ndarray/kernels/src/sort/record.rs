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

    /// Two records in order. Records of one word need no branch.
    #[inline(always)]
    #[must_use]
    fn in_order(self, other: Self) -> (Self, Self) {
        if compare(&other, &self).is_lt() { (other, self) } else { (self, other) }
    }
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
    ($($type:ty, $bits:expr, $from:expr;)*) => {$(
        impl Record for $type {
            const WORDS: usize = 1;
            #[inline(always)]
            fn word(&self, at: usize) -> u64 {
                if at == 0 { u64::from($bits(*self)) } else { 0 }
            }
            #[inline(always)]
            fn in_order(self, other: Self) -> (Self, Self) {
                let (left, right) = ($bits(self), $bits(other));
                ($from(left.min(right)), $from(left.max(right)))
            }
        }
    )*};
}
encoded! {
    bool, |item| item, |bits| bits;
    u8, |item| item, |bits| bits; u16, |item| item, |bits| bits;
    u32, |item| item, |bits| bits; u64, |item| item, |bits| bits;
    i8, |item| item as u8, |bits| bits as i8; i16, |item| item as u16, |bits| bits as i16;
    i32, |item| item as u32, |bits| bits as i32; i64, |item| item as u64, |bits| bits as i64;
    f32, f32::to_bits, f32::from_bits; f64, f64::to_bits, f64::from_bits;
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
