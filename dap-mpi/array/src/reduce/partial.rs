//! Partial results as words, which ranks send to each other.

use dap_kernels::element::Element;
use dap_kernels::reduce::{Count, Ordered, PartialIntegers, PartialProduct, Range};
use dap_kernels::sum::{
    Accumulator, MomentAccumulator, PartialMoments, PartialSquares, PartialSum, ProductAccumulator,
};
use num_complex::Complex;

/// A partial result of a reducer.
pub(crate) trait Partial: Clone {
    /// The number of words.
    const WORDS: usize;

    /// Appends the words.
    fn put(&self, words: &mut Vec<u64>);

    /// The value whose words these are.
    fn get(words: &[u64]) -> Self;
}

/// Values with words of their own.
macro_rules! worded {
    ($($type:ident)*) => {
        $(impl Partial for $type {
            const WORDS: usize = $type::WORDS;
            fn put(&self, words: &mut Vec<u64>) {
                words.extend(self.words());
            }
            fn get(words: &[u64]) -> Self {
                $type::from_words(&first(words))
            }
        })*
    };
}
worded!(PartialSum PartialMoments PartialSquares PartialProduct);

/// Accumulators, whose words are signed.
macro_rules! accumulators {
    ($($type:ident)*) => {
        $(impl Partial for $type {
            const WORDS: usize = $type::WORDS;
            fn put(&self, words: &mut Vec<u64>) {
                words.extend(self.clone().words().map(i64::cast_unsigned));
            }
            fn get(words: &[u64]) -> Self {
                $type::from_words(&first(words).map(u64::cast_signed))
            }
        })*
    };
}
accumulators!(Accumulator ProductAccumulator);

impl Partial for MomentAccumulator {
    const WORDS: usize = Accumulator::WORDS + ProductAccumulator::WORDS;
    fn put(&self, words: &mut Vec<u64>) {
        self.sum.put(words);
        self.squares.put(words);
    }
    fn get(words: &[u64]) -> Self {
        let (sum, squares) = words.split_at(Accumulator::WORDS);
        MomentAccumulator { sum: Accumulator::get(sum), squares: ProductAccumulator::get(squares) }
    }
}

impl Partial for PartialIntegers {
    const WORDS: usize = 3;
    fn put(&self, words: &mut Vec<u64>) {
        words.extend([self.sum as u64, (self.sum >> 64) as u64, self.count]);
    }
    fn get(words: &[u64]) -> Self {
        let [low, high, count] = first(words);
        PartialIntegers { sum: i128::from(high.cast_signed()) << 64 | i128::from(low), count }
    }
}

impl Partial for Count {
    const WORDS: usize = 3;
    fn put(&self, words: &mut Vec<u64>) {
        words.extend([self.nonzero, self.total, self.zero.into()]);
    }
    fn get(words: &[u64]) -> Self {
        let [nonzero, total, zero] = first(words);
        Count { nonzero, total, zero: zero != 0 }
    }
}

/// A product of integers, which wraps.
impl Partial for u64 {
    const WORDS: usize = 1;
    fn put(&self, words: &mut Vec<u64>) {
        words.push(*self);
    }
    fn get(words: &[u64]) -> Self {
        first::<1>(words)[0]
    }
}

/// A product of complex numbers.
impl Partial for Complex<f64> {
    const WORDS: usize = 2;
    fn put(&self, words: &mut Vec<u64>) {
        words.extend([self.re.to_bits(), self.im.to_bits()]);
    }
    fn get(words: &[u64]) -> Self {
        let [re, im] = first(words).map(f64::from_bits);
        Complex { re, im }
    }
}

impl<T: Ordered + Word> Partial for Range<T> {
    const WORDS: usize = 4;
    fn put(&self, words: &mut Vec<u64>) {
        let (low, high, nan, count) = self.parts();
        words.extend([low.to_word(), high.to_word(), nan.into(), count]);
    }
    fn get(words: &[u64]) -> Self {
        let [low, high, nan, count] = first(words);
        Range::from_parts((T::from_word(low), T::from_word(high), nan != 0, count))
    }
}

/// A number of at most 64 bits.
pub(crate) trait Word: Element {
    fn to_word(self) -> u64;
    fn from_word(word: u64) -> Self;
}

macro_rules! words {
    ($($type:ty: |$value:ident| $to:expr, |$word:ident| $from:expr;)*) => {
        $(impl Word for $type {
            fn to_word(self) -> u64 {
                let $value = self;
                $to
            }
            fn from_word($word: u64) -> Self {
                $from
            }
        })*
    };
}
words! {
    i8: |value| i64::from(value).cast_unsigned(), |word| word as i8;
    i16: |value| i64::from(value).cast_unsigned(), |word| word as i16;
    i32: |value| i64::from(value).cast_unsigned(), |word| word as i32;
    i64: |value| value.cast_unsigned(), |word| word.cast_signed();
    u8: |value| value.into(), |word| word as u8;
    u16: |value| value.into(), |word| word as u16;
    u32: |value| value.into(), |word| word as u32;
    u64: |value| value, |word| word;
    f32: |value| value.to_bits().into(), |word| f32::from_bits(word as u32);
    f64: |value| value.to_bits(), |word| f64::from_bits(word);
}

/// The first words; zeros where words are missing.
fn first<const N: usize>(words: &[u64]) -> [u64; N] {
    std::array::from_fn(|at| words.get(at).copied().unwrap_or(0))
}
