//! The first pass of a sort: the counts of each value of a digit, and buckets into which records
//! are put one after the other.

use super::digit::Digit;
use super::record::Record;
use super::records::{sort_within, threads_for};

/// Buckets that a pass writes to: the lines that it writes stay in a core's first cache.
const BUCKETS: u64 = 512;

/// The number of records with each value of a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The digit.
    pub digit: Digit,
    /// A count for each value.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Without records.
    #[must_use]
    pub fn new(digit: Digit) -> Self {
        Self { digit, counts: vec![0; digit.values()] }
    }

    /// Counts records.
    pub fn add<R: Record>(&mut self, records: &[R]) {
        for record in records {
            self.counts[self.digit.of(record)] += 1;
        }
    }
}

/// Memory in parts: one for some consecutive values of a digit.
#[derive(Debug)]
pub struct Buckets {
    digit: Digit,
    /// The bucket of each value.
    table: Vec<u16>,
    /// The first place of each bucket, and that behind the last one.
    starts: Vec<usize>,
    next: Vec<usize>,
}

impl Buckets {
    /// Buckets for the records of a histogram.
    #[must_use]
    pub fn new(histogram: &Histogram) -> Self {
        let total: u64 = histogram.counts.iter().sum();
        let least = (total / BUCKETS).max(1);
        let mut starts = vec![0];
        let (mut so_far, mut before) = (0_u64, 0_u64);
        let mut table = Vec::with_capacity(histogram.counts.len());
        for &count in &histogram.counts {
            // A bucket ends where it has enough, and before a value that has enough by itself.
            if so_far > 0 && (so_far >= least || count >= least) {
                before += so_far;
                starts.push(before as usize);
                so_far = 0;
            }
            table.push((starts.len() - 1) as u16);
            so_far += count;
        }
        let next = starts.clone();
        starts.push(total as usize);
        Self { digit: histogram.digit, table, starts, next }
    }

    /// Puts records behind those of their buckets, in `memory` for all records of the histogram.
    ///
    /// # Panics
    /// There are more records than the histogram has, or `memory` has another size.
    pub fn put<R: Record>(&mut self, records: &[R], memory: &mut [R]) {
        for record in records {
            let next = &mut self.next[usize::from(self.table[self.digit.of(record)])];
            memory[*next] = *record;
            *next += 1;
        }
    }

    /// Sorts each bucket.
    ///
    /// # Panics
    /// `memory` has another size than the histogram, or not all records were put there.
    pub fn sort<R: Record>(self, memory: &mut [R]) {
        assert!(memory.len() == self.starts[self.starts.len() - 1], "memory for the records of the histogram");
        assert!(self.next.iter().eq(&self.starts[1..]), "all records of the histogram are in their buckets");
        let threads = threads_for(memory.len());
        sort_within(memory, &self.starts, threads);
    }
}
