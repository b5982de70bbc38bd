//! The types of elements that are sorted, and the records that travel between ranks.

use dap_kernels::sort::{Indexed, Record, Sortable};
use dap_ndarray::Item;
use num_complex::Complex;

/// An element that can be sorted, and lies in arrays.
pub(crate) trait Sorted: Sortable<Indexed: Travel<Wire = u64> + Key> + Item + Travel {
    /// The element in front of which all numbers are, and behind which all that are, or have, a
    /// NaN.
    const LEAST_NAN: Option<Self>;
}

/// A record that has a key.
pub(crate) trait Key: Record {
    /// Whether two records have the same key.
    fn is_same(&self, other: &Self) -> bool;
}

/// A record as items of a message.
pub(crate) trait Travel: Record {
    /// The items.
    type Wire: Item;

    /// Appends the items of records.
    fn pack(records: &[Self], to: &mut Vec<Self::Wire>);

    /// Calls `body` with the records of a message.
    fn unpack(items: &[Self::Wire], body: impl FnMut(&[Self]));
}

macro_rules! elements {
    ($($type:ty, $nan:expr;)*) => {$(
        impl Sorted for $type {
            const LEAST_NAN: Option<$type> = $nan;
        }

        impl Travel for $type {
            type Wire = $type;

            fn pack(records: &[$type], to: &mut Vec<$type>) {
                to.extend_from_slice(records);
            }

            fn unpack(items: &[$type], mut body: impl FnMut(&[$type])) {
                body(items);
            }
        }
    )*};
}
elements! {
    bool, None;
    i8, None; i16, None; i32, None; i64, None;
    u8, None; u16, None; u32, None; u64, None;
    f32, Some(f32::NAN); f64, Some(f64::NAN);
    Complex<f32>, Some(Complex::new(f32::NEG_INFINITY, f32::NAN));
    Complex<f64>, Some(Complex::new(f64::NEG_INFINITY, f64::NAN));
}

macro_rules! indexed {
    ($($words:literal),*) => {$(
        impl Key for Indexed<$words> {
            fn is_same(&self, other: &Self) -> bool {
                self.key() == other.key()
            }
        }

        impl Travel for Indexed<$words> {
            type Wire = u64;

            fn pack(records: &[Self], to: &mut Vec<u64>) {
                to.reserve(records.len() * Self::WORDS);
                for record in records {
                    to.extend(record.key());
                    to.push(record.index());
                }
            }

            fn unpack(items: &[u64], mut body: impl FnMut(&[Self])) {
                let record = |words: &[u64; $words + 1]| {
                    Indexed::new(std::array::from_fn(|at| words[at]), words[$words])
                };
                for block in items.as_chunks::<{ $words + 1 }>().0.chunks(1 << 12) {
                    body(&block.iter().map(record).collect::<Vec<_>>());
                }
            }
        }
    )*};
}
indexed!(1, 2);
