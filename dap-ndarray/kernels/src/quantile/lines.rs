//! Quantiles within one process: short lines are copied and partitioned, long ones are counted.

use super::key::OrderKey;
use super::method::{NanRule, Quantiles};
use super::selection::{Selected, Selection};
use crate::reduce::GRAIN;
use crate::threads;
use crate::view::{Split, View, ViewError, ViewErrorKind};

/// Lines of at least this number of elements are counted: their copies would leave the cache.
const LONG: usize = if cfg!(test) { 80 } else { 1 << 18 };
/// Lines that are copied at once where the kept axis has the narrower stride.
const COLUMNS: usize = 16;

/// The quantiles along `axes`, for each index of the other axes, in C order: all quantiles of the
/// first output, then those of the next one.
///
/// # Errors
/// The elements are not of type `T`; no such axis, or one that is named twice; the results are
/// beyond the address space.
pub fn quantiles<T: OrderKey>(
    view: &View<'_>,
    axes: &[usize],
    quantiles: &Quantiles,
    nan: NanRule,
) -> Result<Vec<f64>, ViewError> {
    if view.element() != T::TYPE {
        return Err(ViewErrorKind::Element { found: view.element(), expected: T::TYPE }.into());
    }
    let split = view.split(axes)?;
    let (outputs, elements) = (split.outer().len(), split.inner().len());
    if outputs.checked_mul(quantiles.len()).is_none_or(|results| results > isize::MAX as usize / size_of::<f64>()) {
        return Err(ViewErrorKind::TooLarge.into());
    }
    if elements < LONG {
        return Ok(of_lines::<T>(&split, quantiles, nan));
    }
    let mut selection = Selection::<T, _>::new(outputs, quantiles.places_len(), |n, to| quantiles.places(n, to));
    while !selection.is_done() {
        let counts = selection.count(view, axes)?;
        selection.answer(&counts);
    }
    Ok((0..outputs).flat_map(|output| quantiles.values(&selection.selected(output), nan)).collect())
}

/// The quantiles of lines whose copies fit into the cache.
fn of_lines<T: OrderKey>(split: &Split<'_>, quantiles: &Quantiles, nan: NanRule) -> Vec<f64> {
    let (outputs, elements) = (split.outer().len(), split.inner().len());
    let parts = threads::parts(outputs, (GRAIN / elements.max(1)).max(1), threads::threads());
    let found = threads::map_parts(parts, |part| {
        let range = threads::range_of(part, parts, outputs, 1);
        let mut results = Vec::with_capacity(range.len() * quantiles.len());
        let mut keys: [Vec<u64>; COLUMNS] = std::array::from_fn(|_| Vec::new());
        let extent = split.outer().inner().0;
        let mut output = range.start;
        while output < range.end {
            let widest = if split.by_columns() { COLUMNS } else { 1 };
            let width = widest.min(extent - output % extent).min(range.end - output);
            keys.iter_mut().for_each(Vec::clear);
            if width == 1 {
                split.for_each_strip::<T>(output, 0..elements, |strip| {
                    keys[0].extend(strip.iter().map(|item| item.key()))
                });
            } else {
                split.for_each_lines::<T, 4>(output, width, 0..elements, |lines| {
                    for (column, keys) in keys[..width].iter_mut().enumerate() {
                        keys.extend(lines.iter().map(|line| line[column].key()));
                    }
                });
            }
            for keys in &mut keys[..width] {
                results.extend(quantiles.values(&select::<T>(keys, quantiles), nan));
            }
            output += width;
        }
        results
    });
    found.concat()
}

/// The elements at the places, by partitioning keys.
fn select<T: OrderKey>(keys: &mut [u64], quantiles: &Quantiles) -> Selected<T> {
    // NaN have a key of their own, the greatest one.
    let nans = keys.iter().filter(|key| T::from_key(**key).is_nan()).count();
    let numbers = keys.len() - nans;
    let mut places = vec![0; quantiles.places_len()];
    quantiles.places(numbers as u64, &mut places);
    let mut order: Vec<usize> = places.iter().map(|place| *place as usize).collect();
    order.sort_unstable();
    order.dedup();
    // Each place is looked for among the keys behind the one before it, which stays where it is.
    let mut from = 0;
    for place in order.into_iter().take_while(|place| *place < numbers) {
        keys[from..].select_nth_unstable(place - from);
        from = place + 1;
    }
    let found = places.iter().filter(|_| numbers > 0);
    Selected {
        count: numbers as u64,
        nans: nans as u64,
        values: found.map(|place| T::from_key(keys[*place as usize])).collect(),
    }
}
