//! Writes to indices.

use super::gather::rows;
use super::list::Indices;
use crate::element::Element;
use crate::environment::Environment;
use crate::reduce::Integer;
use crate::sort::{Indexed, sort_records};
use crate::sum::{Accumulator, Ball, Finish, PartialSum, Real};

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
    let _environment = Environment::new();
    // The places of the list, by index.
    let mut places: Vec<Indexed<1>> =
        indices.list().iter().enumerate().map(|(at, &index)| Indexed::new([index as u64], at as u64)).collect();
    sort_records(&mut places);
    let mut terms = Vec::new();
    for places in places.chunk_by(|left, right| left.key() == right.key()) {
        let [index] = places[0].key();
        for column in 0..width {
            let to = &mut target[index as usize * width + column];
            let value = |at: &Indexed<1>| values[at.index() as usize * width + column];
            if let [only] = places {
                // IEEE 754 rounds a sum of two once; the exact sum of nothing but zeros is +0.
                *to = T::narrow((to.widen() + value(only).widen()) + 0.0);
                continue;
            }
            terms.clear();
            terms.push(*to);
            terms.extend(places.iter().map(value));
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
    // Lanes cost more than a few additions of balls.
    let first = if terms.len() < 32 {
        Finish::of(terms.iter().fold(Ball::default(), |sum, term| sum.add(Ball::exact(term.widen()))))
    } else {
        PartialSum::of(terms).finish()
    };
    Finish::or_else(first, second)
}
