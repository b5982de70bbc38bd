//! The counts of a round, over strided memory and on several threads.

use std::ops::Range;

use super::key::OrderKey;
use super::selection::Selection;
use crate::isa::{Kernel, dispatch};
use crate::reduce::GRAIN;
use crate::threads;
use crate::view::{Split, View, ViewError, ViewErrorKind};

/// Lines, and columns, that are counted at once where the kept axis has the narrower stride.
const LINES: usize = 16;
const COLUMNS: usize = 256;

impl<T: OrderKey, P: Fn(u64, &mut [u64]) + Sync> Selection<T, P> {
    /// Counts the elements of one part of the array: `axes` are reduced, and each index of the
    /// others is an output, in C order. A part may have no element; the counts are 0 then.
    ///
    /// # Errors
    /// The elements are not of type `T`; no such axis, or one that is named twice.
    ///
    /// # Panics
    /// The other axes have another number of indices than there are outputs.
    pub fn count(&self, view: &View<'_>, axes: &[usize]) -> Result<Vec<u64>, ViewError> {
        self.count_with(view, axes, threads::threads())
    }

    pub(super) fn count_with(&self, view: &View<'_>, axes: &[usize], threads: usize) -> Result<Vec<u64>, ViewError> {
        if view.element() != T::TYPE {
            return Err(ViewErrorKind::Element { found: view.element(), expected: T::TYPE }.into());
        }
        let split = view.split(axes)?;
        let (outputs, elements) = (split.outer().len(), split.inner().len());
        assert_eq!(outputs, self.outputs, "the indices of the axes that are kept");
        if view.is_empty() || self.is_done() {
            return Ok(vec![0; self.counters()]);
        }
        if outputs >= threads {
            let parts = threads::parts(outputs, (GRAIN / elements).max(1), threads);
            let count = |part| self.count_part(&split, threads::range_of(part, parts, outputs, 1), 0..elements);
            return Ok(threads::map_parts(parts, count).concat());
        }
        let parts = threads::parts(elements, GRAIN, threads);
        let count = |part| self.count_part(&split, 0..outputs, threads::range_of(part, parts, elements, 64));
        let mut counts = threads::map_parts(parts, count).into_iter();
        let mut sums = counts.next().unwrap_or_default();
        for counts in counts {
            sums.iter_mut().zip(&counts).for_each(|(sum, count)| *sum += count);
        }
        Ok(sums)
    }

    /// The counts of some outputs, of a range of the elements of each.
    fn count_part(&self, split: &Split<'_>, outputs: Range<usize>, elements: Range<usize>) -> Vec<u64> {
        let first = self.counters_before(outputs.start);
        let mut counts = vec![0; self.counters_before(outputs.end) - first];
        let mut add = |output: usize, items: &[T]| {
            self.add(output, items, &mut counts[self.counters_before(output) - first..]);
        };
        if !split.by_columns() {
            for output in outputs {
                split.for_each_strip(output, elements.clone(), |strip| add(output, strip));
            }
            return counts;
        }
        let extent = split.outer().inner().0;
        let mut from = outputs.start;
        while from < outputs.end {
            let width = COLUMNS.min(extent - from % extent).min(outputs.end - from);
            split.for_each_lines::<T, LINES>(from, width, elements.clone(), |lines| {
                for column in 0..width {
                    let mut items = [T::default(); LINES];
                    items.iter_mut().zip(lines).for_each(|(item, line)| *item = line[column]);
                    add(from + column, &items[..lines.len()]);
                }
            });
            from += width;
        }
        counts
    }

    /// Counts elements of an output, whose counters come first.
    fn add(&self, output: usize, items: &[T], counts: &mut [u64]) {
        if self.is_first() {
            dispatch(All { items, counts, bits: self.bits() });
        } else {
            let (ranges, unknown) = (self.ranges(output), self.unknown());
            dispatch(Within { items, counts, bits: self.bits(), ranges, unknown });
        }
    }
}

/// Counts all elements by the highest `bits` bits of their keys; NaN behind the others.
struct All<'a, T> {
    items: &'a [T],
    counts: &'a mut [u64],
    bits: u32,
}

impl<T: OrderKey> Kernel for All<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let counts = &mut self.counts[..=1 << self.bits];
        for item in self.items {
            let bin = if item.is_nan() { 1 << self.bits } else { item.key() >> (T::BITS - self.bits) };
            counts[bin as usize] += 1;
        }
    }
}

/// Counts the elements in some ranges: all but the lowest `unknown` bits of the key are the
/// range's, the next `bits` bits are the bin. NaN may be counted behind all numbers, where they
/// move none.
struct Within<'a, T> {
    items: &'a [T],
    counts: &'a mut [u64],
    bits: u32,
    ranges: &'a [u64],
    unknown: u32,
}

impl<T: OrderKey> Kernel for Within<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        /// Items that are compared at once: most have no item in a range.
        const BLOCK: usize = 16;
        let [Some(&low), Some(&high)] = [self.ranges.first(), self.ranges.last()] else { return };
        let mask = (1 << self.bits) - 1;
        for block in self.items.chunks(BLOCK) {
            let within = |item: &T| (low..=high).contains(&(item.key() >> self.unknown));
            if !block.iter().fold(false, |any, item| any | within(item)) {
                continue;
            }
            for item in block {
                let key = item.key();
                let prefix = key >> self.unknown;
                if let Ok(range) = self.ranges.binary_search(&prefix) {
                    let bin = key >> (self.unknown - self.bits) & mask;
                    self.counts[(range << self.bits) + bin as usize] += 1;
                }
            }
        }
    }
}
