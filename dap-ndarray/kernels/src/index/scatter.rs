//! Writes to indices.

use super::gather::rows;
use super::list::Indices;
use crate::element::Element;
use crate::reduce::Integer;
use crate::sum::{Accumulator, Finish, PartialSum, Real};

fn check<T>(target: &[T], indices: &Indices, width: usize, values: &[T]) {
    rows(target.len(), indices, width);
    assert_eq!(Some(values.len()), indices.list().len().checked_mul(width), "a row of {width} values for each index");
}

/// Writes rows of `width` values to the indices, in their order: the last one wins.
///
/// # Panics
/// The target has not `width` items for each index of the extent, or there is not a row of values
/// for each index of the list.
pub fn scatter<T: Element>(target: &mut [T], indices: &Indices, width: usize, values: &[T]) {
    check(target, indices, width, values);
    if width == 1 {
        indices.list().iter().zip(values).for_each(|(index, value)| target[*index] = *value);
    } else if width > 0 {
        for (index, row) in indices.list().iter().zip(values.chunks(width)) {
            target[index * width..][..width].copy_from_slice(row);
        }
    }
}

/// Adds rows of `width` integers at the indices, each as often as it is listed; sums wrap.
///
/// # Panics
/// As [`scatter`].
pub fn scatter_add<T: Integer>(target: &mut [T], indices: &Indices, width: usize, values: &[T]) {
    check(target, indices, width, values);
    if width > 0 {
        for (index, row) in indices.list().iter().zip(values.chunks(width)) {
            target[index * width..][..width].iter_mut().zip(row).for_each(|(to, value)| *to = to.plus(*value));
        }
    }
}

/// Adds rows of `width` floats at the indices: each target becomes the exact sum of itself and all
/// of its values, rounded once, hence in any order of the list.
///
/// # Panics
/// As [`scatter`].
pub fn scatter_add_exact<T: Real + Element>(target: &mut [T], indices: &Indices, width: usize, values: &[T]) {
    check(target, indices, width, values);
    // The places of the list, by index.
    let mut order: Vec<usize> = (0..indices.list().len()).collect();
    order.sort_unstable_by_key(|at| indices.list()[*at]);
    let mut terms = Vec::new();
    for places in order.chunk_by(|left, right| indices.list()[*left] == indices.list()[*right]) {
        let index = indices.list()[places[0]];
        for column in 0..width {
            let to = &mut target[index * width + column];
            terms.clear();
            terms.push(*to);
            terms.extend(places.iter().map(|at| values[at * width + column]));
            *to = exact_sum(&terms);
        }
    }
}

fn exact_sum<T: Real>(terms: &[T]) -> T {
    let second = || {
        let mut accumulator = Accumulator::default();
        terms.iter().for_each(|term| accumulator.add_term(*term));
        accumulator.finish()
    };
    // A first pass costs more than a few exact additions.
    if terms.len() < 16 { second() } else { Finish::or_else(PartialSum::of(terms).finish(), second) }
}
