//! Scans: each element of the result reduces all elements up to its place.
//!
//! A scan begins with a carry and leaves one, so that parts of an array, and ranks, chain. The
//! prefixes of [`cumsum`] are the exact sums, rounded once each, whatever the parts.
//!
//! A distributed scan along an axis has three steps. Each rank reduces its lines to their totals.
//! The totals of the ranks before it, merged in any order, are its carries, one for each line.
//! [`along_axis_with`] then scans the lines. The result does not depend on where the ranks' parts
//! end; that of [`cumprod`] is certain but for the cases that [`PartialProduct`] names.
//!
//! | scan | total of a line ([`reduce_axes`]) | its words | carry |
//! |---|---|---|---|
//! | [`cumsum`] | [`ExactSum`] | [`Accumulator::packed`], [`Accumulator::words`] | [`Accumulator`] |
//! | [`cumprod`] | [`Product`] | [`PartialProduct::words`] | [`PartialProduct`] |
//! | [`cumsum_integers`] | [`IntegerSum`], wrapped | itself | `u64` |
//! | [`cumprod_integers`] | [`IntegerProduct`] | itself | `u64` |
//! | [`running_min`], [`running_max`] | [`Extremes`] | [`Range::parts`] | `Option` of an element |
//!
//! [`reduce_axes`]: crate::reduce::reduce_axes
//! [`ExactSum`]: crate::reduce::ExactSum
//! [`Product`]: crate::reduce::Product
//! [`IntegerSum`]: crate::reduce::IntegerSum
//! [`IntegerProduct`]: crate::reduce::IntegerProduct
//! [`Extremes`]: crate::reduce::Extremes
//! [`Range::parts`]: crate::reduce::Range::parts
//!
//! ```
//! use dap_kernels::scan::cumsum;
//! use dap_kernels::sum::Accumulator;
//! let (items, mut sums) = ([1e16, 1.0, -1e16, 0.5], [0.0; 4]);
//! let mut carry = Accumulator::default();
//! let (front, back) = sums.split_at_mut(2);
//! cumsum(&items[..2], &mut carry, front);
//! cumsum(&items[2..], &mut carry, back);
//! assert_eq!(sums, [1e16, 1e16, 1.0, 1.5]);
//! ```

use crate::element::Element;
use crate::environment::Environment;
use crate::isa::{Kernel, dispatch};
use crate::reduce::{Integer, Ordered, PartialProduct};
use crate::sum::{Accumulator, Finish, Prefix, Real};

mod lines;

pub use lines::{along_axis, along_axis_with};

/// Terms between two exact prefixes.
const BLOCK: usize = 1024;

fn same_length<T, U>(items: &[T], out: &[U]) {
    assert_eq!(items.len(), out.len(), "one result for each item");
}

/// The exact sums of the carry and all items up to each, rounded once each; the carry becomes the
/// sum of all.
///
/// # Panics
/// The slices have different lengths.
pub fn cumsum<T: Real>(items: &[T], carry: &mut Accumulator, out: &mut [T]) {
    same_length(items, out);
    let _environment = Environment::new();
    for (items, out) in items.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let mut prefix = Prefix::of(carry);
        let mut certain = true;
        for (item, out) in items.iter().zip(&mut *out) {
            match prefix.add(*item) {
                Finish::Certain(sum) => *out = sum,
                Finish::NeedsSecondPass => {
                    certain = false;
                    break;
                }
            }
        }
        if certain {
            carry.add(items);
            continue;
        }
        // Exactly, a term at a time; most sums are still decided by the pair.
        let mut prefix = Prefix::of(carry);
        for (item, out) in items.iter().zip(out) {
            carry.add_term(*item);
            *out = prefix.add(*item).or_else(|| {
                prefix = Prefix::of(carry);
                carry.finish()
            });
        }
    }
}

/// The products of the carry and all items up to each; see [`PartialProduct`] for their rounding.
///
/// # Panics
/// The slices have different lengths.
pub fn cumprod<T: Real + Element>(items: &[T], carry: &mut PartialProduct, out: &mut [T]) {
    same_length(items, out);
    let _environment = Environment::new();
    dispatch(Products { items, carry, out });
}

struct Products<'a, T> {
    items: &'a [T],
    carry: &'a mut PartialProduct,
    out: &'a mut [T],
}

impl<T: Real> Kernel for Products<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (item, out) in self.items.iter().zip(self.out) {
            self.carry.multiply(*item);
            *out = self.carry.value();
        }
    }
}

/// The wrapped sums of the carry and all items up to each, as 64 bits.
///
/// # Panics
/// The slices have different lengths.
pub fn cumsum_integers<T: Integer>(items: &[T], carry: &mut u64, out: &mut [u64]) {
    fold(items, carry, out, |sum, item| sum.wrapping_add(item.low_bits()));
}

/// The wrapped products of the carry and all items up to each, as 64 bits.
///
/// # Panics
/// The slices have different lengths.
pub fn cumprod_integers<T: Integer>(items: &[T], carry: &mut u64, out: &mut [u64]) {
    fold(items, carry, out, |product, item| product.wrapping_mul(item.low_bits()));
}

/// The least of the carry, if there is one, and all items up to each; NaN from the first NaN on.
///
/// # Panics
/// The slices have different lengths.
pub fn running_min<T: Ordered>(items: &[T], carry: &mut Option<T>, out: &mut [T]) {
    running(items, carry, out, |known, item| item.less(known) || (item.is_negative_zero() && known.is_signed_zero()));
}

/// The greatest of the carry, if there is one, and all items up to each; NaN from the first NaN on.
///
/// # Panics
/// The slices have different lengths.
pub fn running_max<T: Ordered>(items: &[T], carry: &mut Option<T>, out: &mut [T]) {
    running(items, carry, out, |known, item| known.less(item) || (known.is_negative_zero() && item.is_signed_zero()));
}

fn running<T: Ordered>(items: &[T], carry: &mut Option<T>, out: &mut [T], better: impl Fn(T, T) -> bool) {
    same_length(items, out);
    for (item, out) in items.iter().zip(out) {
        let chosen = match *carry {
            Some(known) if known.is_nan() || !(item.is_nan() || better(known, *item)) => known,
            _ => *item,
        };
        *carry = Some(chosen);
        *out = chosen;
    }
}

fn fold<T: Copy, U: Copy>(items: &[T], carry: &mut U, out: &mut [U], step: impl Fn(U, T) -> U) {
    same_length(items, out);
    for (item, out) in items.iter().zip(out) {
        *carry = step(*carry, *item);
        *out = *carry;
    }
}

#[cfg(test)]
mod tests;
