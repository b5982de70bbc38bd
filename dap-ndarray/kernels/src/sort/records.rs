//! The radix sort of records.

use std::sync::Mutex;

use super::record::{Record, compare};
use crate::threads;

/// Fewer records than this are sorted by insertion.
const SMALL: usize = if cfg!(test) { 6 } else { 24 };
/// The most bits of a digit of records that are copied: the counters stay in the cache beside them.
const MOST_BITS: u32 = 17;
/// The most bits of a digit of records that are distributed where they lie.
const IN_PLACE_BITS: u32 = 13;
/// Bytes of records that are distributed into other memory; more are distributed where they lie.
const SCRATCH: usize = if cfg!(test) { 3000 } else { 8 << 20 };
/// Records of a part that a thread sorts.
const GRAIN: usize = 1 << 15;

/// Sorts records, on several threads if they are many. Records of equal words may change places.
///
/// It needs at most 8 MiB of memory a thread.
pub fn sort_records<R: Record>(records: &mut [R]) {
    let threads = threads_for(records.len());
    if threads == 1 {
        Sorter::default().sort(records);
        return;
    }
    if let Some(starts) = Sorter::default().distribute(records) {
        sort_within(records, &starts, threads);
    }
}

pub(super) fn threads_for(len: usize) -> usize {
    threads::parts(len, GRAIN, threads::threads())
}

/// Sorts the records between each of the places and the next one.
pub(super) fn sort_within<R: Record>(records: &mut [R], starts: &[usize], threads: usize) {
    if threads == 1 {
        let mut sorter = Sorter::default();
        starts.windows(2).for_each(|pair| sorter.sort(&mut records[pair[0]..pair[1]]));
        return;
    }
    // Several jobs a thread, for buckets of different sizes.
    let len = records.len() / (8 * threads) + 1;
    let (mut jobs, mut rest) = (Vec::new(), records);
    let mut first = 0;
    for at in 1..starts.len() {
        if starts[at] - starts[first] >= len || at == starts.len() - 1 {
            let (job, behind) = std::mem::take(&mut rest).split_at_mut(starts[at] - starts[first]);
            jobs.push(Mutex::new(Some((job, &starts[first..=at]))));
            (rest, first) = (behind, at);
        }
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    threads::for_parts(threads, |_| {
        let mut sorter = Sorter::default();
        while let Some(job) = jobs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let Some((records, starts)) = job.lock().ok().and_then(|mut job| job.take()) else { continue };
            for pair in starts.windows(2) {
                sorter.sort(&mut records[pair[0] - starts[0]..pair[1] - starts[0]]);
            }
        }
    });
}

/// The memory of one thread.
struct Sorter<R> {
    scratch: Vec<R>,
    /// Counters that are not in use.
    counters: Vec<Vec<u32>>,
}

impl<R> Default for Sorter<R> {
    fn default() -> Self {
        Self { scratch: Vec::new(), counters: Vec::new() }
    }
}

impl<R: Record> Sorter<R> {
    fn sort(&mut self, records: &mut [R]) {
        if records.len() < SMALL {
            insert_all(records);
        } else if records.len() > SCRATCH / size_of::<R>() {
            if let Some(starts) = self.distribute(records) {
                starts.windows(2).for_each(|pair| self.sort(&mut records[pair[0]..pair[1]]));
            }
        } else if let Some(distance) = Distance::first(records, (records.len().ilog2() + 1).min(MOST_BITS)) {
            self.by_copy(records, distance);
        }
    }

    /// Sorts records by way of other memory.
    fn by_copy(&mut self, records: &mut [R], distance: Distance) {
        let mut ends = self.counters.pop().unwrap_or_default();
        ends.clear();
        ends.resize(distance.values, 0);
        for record in &*records {
            ends[distance.of(record)] += 1;
        }
        let (mut sum, mut most) = (0, 0);
        for end in &mut ends {
            most = most.max(*end);
            sum += std::mem::replace(end, sum);
        }
        if self.scratch.len() < records.len() {
            self.scratch.resize(records.len(), R::default());
        }
        let scratch = &mut self.scratch[..records.len()];
        for record in &*records {
            let end = &mut ends[distance.of(record)];
            scratch[*end as usize] = *record;
            *end += 1;
        }
        if most < SMALL as u32 {
            copy_swapping(scratch, records);
            insert_all(records);
        } else {
            records.copy_from_slice(scratch);
            let mut start = 0;
            for &end in &ends {
                let bucket = start..end as usize;
                start = bucket.end;
                if bucket.len() > 1 {
                    self.sort(&mut records[bucket]);
                }
            }
        }
        self.counters.push(ends);
    }

    /// Distributes records to buckets where they lie, by their distances: a record
    /// that is not in its bucket goes to the next place of it, and the one that is there takes its
    /// turn. Returns the places of the buckets and the number of records; `None` if the records are
    /// sorted already.
    fn distribute(&mut self, records: &mut [R]) -> Option<Vec<usize>> {
        let distance = Distance::first(records, IN_PLACE_BITS)?;
        let mut places = vec![0; distance.values + 1];
        for record in &*records {
            places[distance.of(record) + 1] += 1;
        }
        for at in 1..places.len() {
            places[at] += places[at - 1];
        }
        let mut next = places.clone();
        for bucket in 0..distance.values {
            while next[bucket] < places[bucket + 1] {
                let mut record = records[next[bucket]];
                loop {
                    let to = distance.of(&record);
                    let place = next[to];
                    next[to] += 1;
                    std::mem::swap(&mut records[place], &mut record);
                    if to == bucket {
                        break;
                    }
                }
            }
        }
        Some(places)
    }
}

/// The highest bits of the distance from the least record, in the first word that differs.
///
/// Bits that differ are worse: two neighbours on both sides of a power of two differ in many.
#[derive(Clone, Copy)]
struct Distance {
    word: usize,
    least: u64,
    shift: u32,
    values: usize,
}

impl Distance {
    /// At most `bits` bits; `None` if the records are sorted.
    fn first<R: Record>(records: &[R], bits: u32) -> Option<Distance> {
        if records.is_sorted_by(|left, right| compare(left, right).is_le()) {
            return None;
        }
        for word in 0..R::WORDS {
            let (mut least, mut most) = (u64::MAX, 0);
            for record in records {
                least = least.min(record.word(word));
                most = most.max(record.word(word));
            }
            if least != most {
                let shift = (64 - (most - least).leading_zeros()).saturating_sub(bits);
                return Some(Distance { word, least, shift, values: ((most - least) >> shift) as usize + 1 });
            }
        }
        None
    }

    #[inline(always)]
    fn of<R: Record>(&self, record: &R) -> usize {
        ((record.word(self.word) - self.least) >> self.shift) as usize
    }
}

/// Copies records that are near their places, each behind the greater ones before it: a pass
/// without branches, which leaves few to insert.
fn copy_swapping<R: Record>(source: &[R], target: &mut [R]) {
    let Some((&first, rest)) = source.split_first() else { return };
    let mut greatest = first;
    for (&record, place) in rest.iter().zip(&mut *target) {
        (*place, greatest) = greatest.in_order(record);
    }
    target[source.len() - 1] = greatest;
}

/// Sorts records by insertion.
fn insert_all<R: Record>(records: &mut [R]) {
    for end in 1..records.len() {
        let record = records[end];
        let mut at = end;
        while at > 0 && compare(&record, &records[at - 1]).is_lt() {
            records[at] = records[at - 1];
            at -= 1;
        }
        if at < end {
            records[at] = record;
        }
    }
}
