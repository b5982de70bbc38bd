//! The records of a line on their way to the ranks that get them, some at a time.

use dap_kernels::sort::{Buckets, Histogram};
use dap_mpi::{Comm, Result};

use crate::bounds::{Bounds, NOWHERE, overlap};
use crate::element::Travel;
use crate::messages::{STEP, exchanged};
use crate::source::{BLOCK, Source};
use crate::splitters::{Splitter, Splitters};

/// The parts of records.
struct Router<'s> {
    histogram: &'s Histogram,
    splitters: &'s [Option<Splitter>],
    /// For each value of the first digit the part of its records, or the complement of a place in
    /// `shared`.
    table: Vec<u32>,
    /// For values whose records are in several parts, the first one and the last.
    shared: Vec<(u32, u32)>,
    /// The records that were equal to a splitter so far; of equal splitters the first counts.
    ties: Vec<u64>,
}

impl Router<'_> {
    fn new<'s>(bounds: &Bounds, splitters: &'s Splitters) -> Router<'s> {
        let mut before = 0;
        let parts = bounds.holders.len();
        let place = |position: u64| bounds.starts[1..].partition_point(|&end| end <= position) as u32;
        let mut shared = Vec::new();
        let table = splitters.histogram.counts.iter().map(|&count| {
            let (first, last) = (place(before), place((before + count).saturating_sub(1).max(before)));
            before += count;
            if first == last {
                return first;
            }
            shared.push((first, last));
            !(shared.len() as u32 - 1)
        });
        let table = table.collect();
        let (histogram, splitters) = (&splitters.histogram, &splitters.splitters[..]);
        Router { histogram, splitters, table, shared, ties: vec![0; parts] }
    }

    /// The part of a record: the number of parts if it goes nowhere.
    #[inline]
    fn part<R: Travel>(&mut self, record: &R) -> usize {
        let entry = self.table[self.histogram.digit.of(record)];
        match self.shared.get(!entry as usize) {
            Some(&(first, last)) => self.part_among(record, first as usize, last as usize),
            None => entry as usize,
        }
    }

    fn part_among<R: Travel>(&mut self, record: &R, first: usize, last: usize) -> usize {
        let before = |part: usize| self.splitters[part].as_ref().is_none_or(|it| it.compare(record).is_lt());
        // Splitters that are not greater than the record.
        let (mut low, mut high) = (first, last);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) { high = middle } else { low = middle + 1 }
        }
        let behind = low;
        // Of equal ones the first that has room for one more.
        let is_equal = |part: usize| self.splitters[part].as_ref().is_some_and(|it| it.compare(record).is_eq());
        let mut equal = behind;
        while equal > first && is_equal(equal - 1) {
            equal -= 1;
        }
        if equal == behind {
            return behind;
        }
        let seen = self.ties[equal];
        self.ties[equal] += 1;
        let has_room = |part: &usize| self.splitters[*part].as_ref().is_some_and(|it| seen < it.ties());
        (equal..behind).find(has_room).unwrap_or(behind)
    }
}

/// Sorts the records of a line: each part into the memory of the rank that gets it. Collective.
///
/// # Errors
/// MPI refuses.
pub(crate) fn sort_parts<R: Travel>(
    comm: &Comm,
    source: &impl Source<Record = R>,
    bounds: &Bounds,
    splitters: &Splitters,
    memory: &mut [R],
) -> Result<()> {
    let mine = bounds.part_of(comm.rank());
    let mut buckets = Buckets::new(&histogram_of(bounds, mine, &splitters.histogram));
    let mut router = Router::new(bounds, splitters);
    let step = (STEP / size_of::<R>()).max(BLOCK) / BLOCK * BLOCK;
    let parts = bounds.holders.len();
    let mut block = Vec::with_capacity(BLOCK);
    // The records of a block by their part; behind these, those that go nowhere.
    let mut parted: Vec<Vec<R>> = vec![Vec::new(); parts + 1];
    let mut from = 0;
    for _ in 0..(splitters.longest as usize).div_ceil(step) {
        let mut messages: Vec<Vec<R::Wire>> = vec![Vec::new(); parts];
        let end = (from + step).min(source.len());
        while from < end {
            block.clear();
            let count = BLOCK.min(end - from);
            source.read(from, count, &mut block);
            from += count;
            for record in &block {
                parted[router.part(record)].push(*record);
            }
            for (part, records) in parted.iter_mut().enumerate() {
                if Some(part) == mine {
                    buckets.put(records, memory);
                } else if part < parts && bounds.holders[part] != NOWHERE {
                    R::pack(records, &mut messages[part]);
                }
                records.clear();
            }
        }
        let messages = bounds.holders.iter().copied().zip(messages).filter(|it| it.0 != NOWHERE).collect();
        for (_, received) in exchanged(comm, messages)? {
            let items = received.view::<R::Wire>()?;
            // Messages lie side by side.
            R::unpack(items.as_slice().unwrap_or_default(), |records| buckets.put(records, memory));
        }
    }
    buckets.sort(memory);
    Ok(())
}

/// The records of a part by the first digit.
fn histogram_of(bounds: &Bounds, part: Option<usize>, all: &Histogram) -> Histogram {
    let mut histogram = Histogram::new(all.digit);
    if let Some(part) = part {
        let range = bounds.range(part);
        let mut before = 0;
        for (mine, &count) in histogram.counts.iter_mut().zip(&all.counts) {
            *mine = overlap(&range, &(before..before + count));
            before += count;
        }
    }
    histogram
}
