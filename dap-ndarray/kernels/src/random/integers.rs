//! Integers of any range, each with the same probability exactly.
//!
//! The element is the upper half of the product of its word and the size of the range, unless the
//! lower half says that the word belongs to the values that are left over (D. Lemire, "Fast random
//! integer generation in an interval", 2019). An element whose word is rejected goes on with the
//! blocks whose counter begins with the number of its word and has the number of the attempt, from
//! 1 on, as its third word. So an element uses one word of the stream, whatever happens to others.

use std::marker::PhantomData;

use super::distribution::Distribution;
use super::philox::Philox;

/// The integers from `low` on, `size` of them; `T` is an integer type of up to 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integers<T> {
    /// The least integer modulo 2^64.
    low: u64,
    /// From 1 to 2^64.
    size: u128,
    item: PhantomData<fn() -> T>,
}

impl<T: TryFrom<i128>> Integers<T> {
    /// The integers from `low` to `high` (excluded). `None` if there is none, or one of them is no
    /// `T`.
    #[must_use]
    pub fn between(low: i128, high: i128) -> Option<Self> {
        let is_item = |value: i128| T::try_from(value).is_ok();
        let fits = low < high && is_item(low) && is_item(high - 1) && high.abs_diff(low) <= 1 << 64;
        fits.then(|| Self { low: low as u64, size: high.abs_diff(low), item: PhantomData })
    }
}

/// An integer below `size`, which is from 1 to 2^64, of the word with this number.
#[inline]
pub(super) fn below(stream: &Philox, word: u64, number: impl Fn() -> u128, size: u128) -> u64 {
    let Ok(size) = u64::try_from(size) else { return word };
    let product = u128::from(word) * u128::from(size);
    if (product as u64) < size {
        return repaired(stream, product, number(), size);
    }
    (product >> 64) as u64
}

/// The integer of a product that may belong to the values that are left over.
#[cold]
fn repaired(stream: &Philox, product: u128, number: u128, size: u64) -> u64 {
    let left_over = size.wrapping_neg() % size;
    if product as u64 >= left_over {
        return (product >> 64) as u64;
    }
    let mut attempt = 0;
    loop {
        attempt += 1;
        for word in stream.block([number as u64, (number >> 64) as u64, attempt, 0]) {
            let product = u128::from(word) * u128::from(size);
            if product as u64 >= left_over {
                return (product >> 64) as u64;
            }
        }
    }
}

macro_rules! integers {
    ($($type:ty)*) => {
        $(impl Distribution for Integers<$type> {
            type Item = $type;

            fn strip(&self, stream: &Philox, words: &[u64], unit: impl Fn(usize) -> u128, out: &mut [$type]) {
                for (at, (&word, out)) in words.iter().zip(out).enumerate() {
                    // Within the type, as `between` has found, so that its low bits are the value.
                    *out = self.low.wrapping_add(below(stream, word, || unit(at), self.size)) as $type;
                }
            }
        })*
    };
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);
