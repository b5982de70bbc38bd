//! The elements of each type as records.

use num_complex::Complex;

use super::record::{Indexed, Record};
use crate::element::Element;
use crate::quantile::OrderKey;

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The least element first.
    Ascending,
    /// The greatest element first; NaN are before all numbers.
    Descending,
}

/// An element that can be sorted.
pub trait Sortable: Element + Record {
    /// The key with an index.
    type Indexed: Record;

    /// The item whose [words](Record::word) have the order of the elements: of a real number, one
    /// with the bits of its key.
    #[must_use]
    fn encoded(self) -> Self;

    /// The element that was encoded.
    #[must_use]
    fn decoded(self) -> Self;

    /// A record that stands where the element does; those of equal elements in the order of their
    /// indices, for both directions. -0 equals +0.
    fn indexed(self, index: u64, order: Order) -> Self::Indexed;

    /// The index of a record.
    fn index_of(record: &Self::Indexed) -> u64;

    /// Whether the element is, or has, a NaN.
    fn has_nan(self) -> bool;
}

macro_rules! sortable {
    ($($type:ty, $from:expr, $plain:expr;)*) => {$(
        impl Sortable for $type {
            type Indexed = Indexed<1>;
            #[inline(always)]
            fn encoded(self) -> Self {
                $from(self.key())
            }
            #[inline(always)]
            fn decoded(self) -> Self {
                OrderKey::from_key(self.word(0))
            }
            #[inline(always)]
            fn indexed(self, index: u64, order: Order) -> Indexed<1> {
                Indexed::new([directed(OrderKey::key($plain(self)), order)], index)
            }
            #[inline(always)]
            fn index_of(record: &Indexed<1>) -> u64 {
                record.index()
            }
            #[inline(always)]
            fn has_nan(self) -> bool {
                crate::reduce::Ordered::is_nan(self)
            }
        }
    )*};
}
sortable! {
    u8, |key| key as u8, |item| item; u16, |key| key as u16, |item| item;
    u32, |key| key as u32, |item| item; u64, |key| key, |item| item;
    i8, |key| key as i8, |item| item; i16, |key| key as i16, |item| item;
    i32, |key| key as i32, |item| item; i64, |key| key as i64, |item| item;
    // A sum with +0 is +0 for both zeros.
    f32, |key| f32::from_bits(key as u32), |item| item + 0.0;
    f64, f64::from_bits, |item| item + 0.0;
}

impl Sortable for bool {
    type Indexed = Indexed<1>;
    fn encoded(self) -> Self {
        self
    }
    fn decoded(self) -> Self {
        self
    }
    fn indexed(self, index: u64, order: Order) -> Indexed<1> {
        Indexed::new([directed(u64::from(self), order)], index)
    }
    fn index_of(record: &Indexed<1>) -> u64 {
        record.index()
    }
    fn has_nan(self) -> bool {
        false
    }
}

macro_rules! complex {
    ($($type:ty, $words:literal, $key:expr;)*) => {$(
        impl Sortable for Complex<$type> {
            type Indexed = Indexed<$words>;
            fn encoded(self) -> Self {
                self
            }
            fn decoded(self) -> Self {
                self
            }
            fn indexed(self, index: u64, order: Order) -> Indexed<$words> {
                let key: [u64; $words] = $key(self);
                Indexed::new(key.map(|word| directed(word, order)), index)
            }
            fn index_of(record: &Indexed<$words>) -> u64 {
                record.index()
            }
            fn has_nan(self) -> bool {
                self.re.is_nan() || self.im.is_nan()
            }
        }
    )*};
}
complex! {
    f32, 1, |item: Complex<f32>| [item.word(0)];
    f64, 2, |item: Complex<f64>| [item.word(0), item.word(1)];
}

#[inline(always)]
fn directed(word: u64, order: Order) -> u64 {
    if order == Order::Descending { !word } else { word }
}
