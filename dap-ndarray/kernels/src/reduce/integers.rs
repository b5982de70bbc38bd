//! Sums, means and products of integers.
//!
//! Sums are exact in 128 bits; the sum of NumPy's type is its low half, which wraps. The mean is
//! the exact quotient, rounded once.

use super::driver::{GATHERED, Reducer, Transposed, reducers};
use crate::element::Element;
use crate::isa::{Kernel, dispatch};
use crate::sum::{Real, quotient};

/// A type of integers.
pub trait Integer: Element {
    /// The number as `high * 2^32 + low`, with `low` in `0..2^32`; or, for narrow types, all of it
    /// in `low`.
    #[doc(hidden)]
    fn halves(self) -> (i64, i64);

    /// Whether the type has 64 bits.
    #[doc(hidden)]
    const WIDE: bool;

    /// The wrapped sum.
    #[doc(hidden)]
    fn plus(self, other: Self) -> Self;

    /// The low 64 bits, the sign extended.
    #[doc(hidden)]
    fn low_bits(self) -> u64;
}

macro_rules! integers {
    ($wide:literal $($type:ty)*) => {
        $(impl Integer for $type {
            const WIDE: bool = $wide;
            #[inline(always)]
            fn halves(self) -> (i64, i64) {
                if $wide { ((self >> (Self::BITS / 2)) as i64, (self as u64 & 0xffff_ffff) as i64) } else { (0, self as i64) }
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn low_bits(self) -> u64 {
                self as u64
            }
        })*
    };
}

integers!(false i8 i16 i32 u8 u16 u32);
integers!(true i64 u64);

/// The sum of some integers and their number; a value that is merged in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartialIntegers {
    /// The exact sum.
    pub sum: i128,
    /// The number of integers.
    pub count: u64,
}

impl PartialIntegers {
    /// Adds the integers of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.count += other.count;
    }

    /// The sum as an integer of 64 bits, wrapped; an `i64` has the same bits.
    #[must_use]
    pub fn wrapped(&self) -> u64 {
        self.sum as u64
    }

    /// The exact mean, rounded once. NaN without elements.
    #[must_use]
    pub fn mean<T: Real>(&self) -> T {
        quotient(self.sum, self.count)
    }
}

/// Sums integers.
#[derive(Debug, Clone, Copy)]
pub struct IntegerSum<T>(std::marker::PhantomData<fn(T)>);

impl<T> IntegerSum<T> {
    /// The reducer.
    #[must_use]
    pub fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T> Default for IntegerSum<T> {
    fn default() -> Self {
        Self::new()
    }
}

struct Sums<'a, T> {
    items: &'a [T],
}

impl<T: Integer> Kernel for Sums<'_, T> {
    type Output = i128;

    #[inline(always)]
    fn run(self) -> i128 {
        const LANES: usize = 32;
        let mut total = 0_i128;
        // A lane of 64 bits holds 2^30 halves of 32 bits.
        for block in self.items.chunks(1 << 30) {
            let (mut high, mut low) = ([0_i64; LANES], [0_i64; LANES]);
            let (chunks, tail) = block.as_chunks::<LANES>();
            for chunk in chunks {
                for lane in 0..LANES {
                    let (upper, lower) = chunk[lane].halves();
                    low[lane] += lower;
                    if T::WIDE {
                        high[lane] += upper;
                    }
                }
            }
            for (lane, item) in tail.iter().enumerate() {
                let (upper, lower) = item.halves();
                high[lane] += upper;
                low[lane] += lower;
            }
            let sum = |lanes: &[i64]| lanes.iter().map(|lane| i128::from(*lane)).sum::<i128>();
            total += (sum(&high) << 32) + sum(&low);
        }
        total
    }
}

reducers! {
    [Integer] IntegerSum PartialIntegers: |_this, to, items| {
        to.merge(&PartialIntegers { sum: dispatch(Sums { items }), count: items.len() as u64 });
    };
}

/// Multiplies integers; the product wraps, its low 64 bits are the result.
#[derive(Debug, Clone, Copy)]
pub struct IntegerProduct<T>(std::marker::PhantomData<fn(T)>);

impl<T> IntegerProduct<T> {
    /// The reducer.
    #[must_use]
    pub fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T> Default for IntegerProduct<T> {
    fn default() -> Self {
        Self::new()
    }
}

struct Products<'a, T> {
    items: &'a [T],
}

impl<T: Integer> Kernel for Products<'_, T> {
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let mut lanes = [1_u64; 16];
        let (chunks, tail) = self.items.as_chunks::<16>();
        for chunk in chunks {
            for lane in 0..16 {
                lanes[lane] = lanes[lane].wrapping_mul(chunk[lane].low_bits());
            }
        }
        let tail = tail.iter().fold(1, |product: u64, item| product.wrapping_mul(item.low_bits()));
        lanes.iter().fold(tail, |product, lane| product.wrapping_mul(*lane))
    }
}

impl<T: Integer> Reducer for IntegerProduct<T> {
    type Item = T;
    type State = u64;
    type Output = u64;
    type Columns = Vec<u64>;

    fn start(&self) -> u64 {
        1
    }

    fn add(&self, state: &mut u64, items: &[T]) {
        *state = state.wrapping_mul(dispatch(Products { items }));
    }

    fn done(&self, state: u64) -> u64 {
        state
    }

    fn merge(&self, result: &mut u64, other: &u64) {
        *result = result.wrapping_mul(*other);
    }

    fn columns(&self, count: usize) -> Vec<u64> {
        vec![1; count]
    }

    fn add_rows(&self, columns: &mut Vec<u64>, rows: &[&[T]]) {
        for row in rows {
            columns.iter_mut().zip(*row).for_each(|(column, item)| *column = column.wrapping_mul(item.low_bits()));
        }
    }

    fn finish(&self, columns: Vec<u64>) -> Vec<u64> {
        columns
    }
}
