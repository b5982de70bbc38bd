//! Scans: each element of the result reduces all elements up to its place.
//!
//! A scan begins with a carry and leaves one, so that parts of an array, and ranks, chain. The
//! prefixes of [`cumsum`] are the exact sums, rounded once each, whatever the parts.
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
use crate::reduce::{Integer, Ordered, PartialProduct};
use crate::sum::{Accumulator, Finish, Prefix, Real};
use crate::view::{View, ViewError, ViewErrorKind, ViewMut};

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
    for (item, out) in items.iter().zip(out) {
        carry.multiply(*item);
        *out = carry.value();
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

/// Scans along one axis: `scan` takes the number of a line (its index in the other axes, in C
/// order), its items, and its results.
///
/// # Errors
/// Types or shapes differ; no such axis.
pub fn along_axis<T: Element, U: Element>(
    input: &View<'_>,
    axis: usize,
    output: ViewMut<'_>,
    mut scan: impl FnMut(usize, &[T], &mut [U]),
) -> Result<(), ViewError> {
    for (found, expected) in [(input.element(), T::TYPE), (output.element(), U::TYPE)] {
        if found != expected {
            return Err(ViewErrorKind::Element { found, expected }.into());
        }
    }
    if input.shape() != output.shape() {
        return Err(ViewErrorKind::Rank { shape: input.ndim(), found: output.shape().len() }.into());
    }
    if axis >= input.ndim() {
        return Err(ViewErrorKind::Axis { axis }.into());
    }
    let axes: Vec<usize> = (0..input.ndim()).filter(|other| *other != axis).chain([axis]).collect();
    let (input, mut output) = (input.permute(&axes)?, output.permute(&axes)?);
    if input.is_empty() {
        return Ok(());
    }
    let last = axes.len() - 1;
    let len = input.shape()[last];
    let mut index = vec![0; axes.len()];
    let (mut items, mut results) = (Vec::new(), vec![U::default(); len]);
    for line in 0..input.len() / len {
        let mut rest = line;
        for dim in (0..last).rev() {
            index[dim] = rest % input.shape()[dim];
            rest /= input.shape()[dim];
        }
        items.clear();
        input.copy_line(&index, len, &mut items);
        scan(line, &items, &mut results);
        output.write_line(&index, &results);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn items() -> impl Strategy<Value = Vec<f64>> {
        let item = prop_oneof![
            8 => -1.0..1.0_f64,
            2 => prop::sample::select(vec![1e16, -1e16, 1.0, 1e300, -1e300, f64::MAX, -f64::MAX, 1e-300, 0.0, -0.0]),
        ];
        let special = prop::option::weighted(
            0.2,
            (0_usize..300, prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])),
        );
        (prop::collection::vec(item, 0..300), special).prop_map(|(mut items, special)| {
            if let Some((at, special)) = special
                && at < items.len()
            {
                items[at] = special;
            }
            items
        })
    }

    type Scan = dyn Fn(&[f64], &mut Option<f64>, &mut [f64]);

    fn same(left: f64, right: f64) -> bool {
        left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
    }

    proptest! {
        #[test]
        fn prefixes_are_exact_whatever_the_parts(items in items(), cut in 0_usize..300) {
            let cut = cut.min(items.len());
            let mut sums = vec![0.0; items.len()];
            let mut carry = Accumulator::default();
            let (front, back) = sums.split_at_mut(cut);
            cumsum(&items[..cut], &mut carry, front);
            cumsum(&items[cut..], &mut carry, back);
            let mut exact = Accumulator::default();
            for (at, item) in items.iter().enumerate() {
                exact.add_term(*item);
                prop_assert!(same(sums[at], exact.finish()), "{at}: {} {}", sums[at], exact.finish::<f64>());
            }
            let narrow: Vec<f32> = items.iter().map(|item| *item as f32).collect();
            let (mut sums, mut carry, mut exact) = (vec![0.0; items.len()], Accumulator::default(), Accumulator::default());
            cumsum(&narrow, &mut carry, &mut sums);
            for (sum, item) in sums.iter().zip(&narrow) {
                exact.add_term(*item);
                prop_assert!(same((*sum).into(), exact.finish::<f32>().into()));
            }
        }

        #[test]
        fn running_ends_are_those_of_the_items_so_far(items in items(), cut in 0_usize..300) {
            let cut = cut.min(items.len());
            let run = |scan: &Scan| {
                let (mut out, mut carry) = (vec![0.0; items.len()], None);
                scan(&items[..cut], &mut carry, &mut out[..cut]);
                scan(&items[cut..], &mut carry, &mut out[cut..]);
                out
            };
            let (least, greatest) = (run(&running_min), run(&running_max));
            for at in 0..items.len() {
                let so_far = &items[..=at];
                let nan = so_far.iter().any(|item| item.is_nan());
                let end = |end: Option<f64>| if nan { f64::NAN } else { end.unwrap() };
                prop_assert!(same(least[at], end(so_far.iter().copied().min_by(f64::total_cmp))));
                prop_assert!(same(greatest[at], end(so_far.iter().copied().max_by(f64::total_cmp))));
            }
        }

        #[test]
        fn products_are_those_of_the_items_so_far(items in prop::collection::vec(-3.0..3.0_f64, 0..40)) {
            use num_rational::BigRational;
            let (mut out, mut carry) = (vec![0.0; items.len()], PartialProduct::default());
            cumprod(&items, &mut carry, &mut out);
            let mut exact = BigRational::from_integer(1.into());
            for (out, item) in out.iter().zip(&items) {
                exact *= BigRational::from_float(*item).unwrap();
                let rounded: f64 = crate::sum::oracle::rounded(&exact);
                prop_assert!((out - rounded).abs() <= (rounded.next_up() - rounded).abs());
            }
        }

        #[test]
        fn integers_wrap_and_axes_are_lines(items in prop::collection::vec(any::<i32>(), 24), axis in 0_usize..3) {
            let shape = [2, 3, 4];
            let mut out = [0_u64; 24];
            let view = View::shaped(&items, &shape).unwrap();
            let target = ViewMut::shaped(&mut out, &shape).unwrap();
            along_axis::<i32, u64>(&view, axis, target, |_, items, out| cumsum_integers(items, &mut 0, out)).unwrap();
            let strides = [12, 4, 1];
            for at in 0..24 {
                let place = at / strides[axis] % shape[axis];
                let expected = (0..=place).map(|back| i64::from(items[at - back * strides[axis]])).fold(0_i64, i64::wrapping_add);
                prop_assert_eq!(out[at], expected as u64);
            }
            let mut products = [0; 24];
            cumprod_integers(&items, &mut 1, &mut products);
            prop_assert_eq!(products[23], items.iter().fold(1_i64, |product, item| product.wrapping_mul(i64::from(*item))) as u64);
        }
    }
}
