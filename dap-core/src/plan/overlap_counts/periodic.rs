//! Periodic overlap counts: the number of indices of some intervals that each process of a cyclic
//! dimension owns, as a few intervals of processes with equal counts.
//!
//! The blocks of a cyclic distribution repeat with the period `grid_size * block_size`. An interval
//! of indices covers some whole periods and a rest. Each process gets the same count for the whole
//! periods, a whole block more if its block lies inside the rest, and a part of a block at the ends
//! of the rest. Processes are numbered by their *position in the cycle*, a turn: turn 0 owns the
//! first block.

use super::OverlapCount;
use crate::dim::Cyclic;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::runs::gcd;

/// The greatest number of intervals that are merge_counts in one period, which bounds the time.
const MAX_INTERVALS: i64 = 1 << 26;

/// The greatest number of turns at which the count changes, which bounds the memory.
const MAX_CHANGES: usize = 1 << 21;

/// Below this number of changes, changes at the same turn are not joined.
const MIN_JOINED_CHANGES: usize = 1 << 8;

/// Turns with equal counts: `first..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EqualCounts {
    first: i64,
    end: i64,
    elements: i64,
}

/// The count of each turn over the intervals added so far.
struct IntervalCounts {
    turns: i64,
    width: i64,
    /// The indices of one period; `i64::MAX` if that is beyond 64 bits.
    round: i64,
    /// The count that every turn has.
    all: i64,
    /// The change of the count from a turn on.
    changes: Vec<(i64, i64)>,
    /// The number of changes at which those at the same turn are joined.
    full: usize,
}

impl IntervalCounts {
    fn of(cyclic: &Cyclic) -> IntervalCounts {
        let (turns, width) = (cyclic.grid_size(), cyclic.block_size());
        IntervalCounts {
            turns,
            width,
            round: turns.saturating_mul(width),
            all: 0,
            changes: Vec::new(),
            full: MIN_JOINED_CHANGES,
        }
    }

    /// Adds `times` copies of the interval of `len` indices from `start` on. The last index is
    /// below the size of a dimension.
    fn add_interval(&mut self, start: i64, len: i64, times: i64) {
        self.all += times * (len / self.round) * self.width;
        let (start, rest) = (start % self.round, len % self.round);
        // At most the last index, so it fits.
        let end = start + rest;
        self.add_part(start, end.min(self.round), times);
        if end > self.round {
            self.add_part(0, end - self.round, times);
        }
    }

    fn add_part(&mut self, start: i64, end: i64, times: i64) {
        if start >= end {
            return;
        }
        let (first, last) = (start / self.width, (end - 1) / self.width);
        if first == last {
            return self.add(first, first + 1, times * (end - start));
        }
        self.add(first, first + 1, times * ((first + 1) * self.width - start));
        self.add(first + 1, last, times * self.width);
        self.add(last, last + 1, times * (end - last * self.width));
    }

    fn add(&mut self, first: i64, end: i64, elements: i64) {
        if first < end {
            self.changes.extend([(first, elements), (end, -elements)]);
        }
    }

    /// Joins changes at the same turn if there are many: millions of intervals may be merge_counts
    /// on a few turns.
    fn settle(&mut self) -> Result<()> {
        if self.changes.len() < self.full {
            return Ok(());
        }
        self.changes.sort_unstable_by_key(|(turn, _)| *turn);
        self.changes.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        let count = self.changes.len();
        if count > MAX_CHANGES {
            let error = Error::new(ErrorKind::PlanTooLarge).with_value("counts", count as i64);
            return Err(error.with_expected(MAX_CHANGES as i64));
        }
        self.full = (2 * count).max(MIN_JOINED_CHANGES);
        Ok(())
    }

    fn turn(mut self) -> Vec<EqualCounts> {
        self.changes.sort_unstable_by_key(|(turn, _)| *turn);
        self.changes.push((self.turns, 0));
        let mut intervals: Vec<EqualCounts> = Vec::new();
        let (mut first, mut elements) = (0, self.all);
        for (turn, change) in self.changes {
            if turn > first && elements > 0 {
                match intervals.last_mut() {
                    Some(last) if last.end == first && last.elements == elements => last.end = turn,
                    _ => intervals.push(EqualCounts { first, end: turn, elements }),
                }
            }
            first = first.max(turn);
            elements += change;
        }
        intervals
    }
}

/// Blocks of equal length at equal distances: the indices of one process, or of consecutive ones,
/// in a cyclic dimension.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Blocks {
    pub(in crate::plan) start: i64,
    pub(in crate::plan) len: i64,
    /// The distance from start to start, at least `len`; `i64::MAX` if that is beyond 64 bits.
    pub(in crate::plan) stride: i64,
    /// The end of the dimension, which cuts the last block.
    pub(in crate::plan) size: i64,
}

impl Blocks {
    /// Blocks owned by `turns` consecutive grid ranks starting at `turn`; `None` if they own
    /// nothing.
    pub(in crate::plan) fn cyclic(by: &Cyclic, turn: i64, turns: i64) -> Option<Blocks> {
        let start = turn.checked_mul(by.block_size()).filter(|start| *start < by.size())?;
        // At least the size if it is beyond 64 bits.
        let len = turns.saturating_mul(by.block_size());
        let stride = by.grid_size().saturating_mul(by.block_size());
        Some(Blocks { start, len, stride, size: by.size() })
    }

    /// The number of blocks below `end`, a cut one included.
    fn below(&self, end: i64) -> i64 {
        if end <= self.start { 0 } else { (end - self.start - 1) / self.stride + 1 }
    }
}

/// The number of indices that each turn of a cyclic dimension shares with given intervals.
#[derive(Debug, Clone)]
pub(in crate::plan) struct PeriodicCounts {
    turns: i64,
    /// Ascending; each count is positive.
    intervals: Vec<EqualCounts>,
    /// The turns with the greatest count, and those with the next greatest.
    best: Vec<(i64, i64)>,
    next: Vec<(i64, i64)>,
    most: i64,
    less: i64,
}

/// A grid rank, and the number of elements that it shares; no rank if the number is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::plan) struct Top {
    pub(in crate::plan) elements: i64,
    pub(in crate::plan) at: i64,
}

impl PeriodicCounts {
    /// The indices of one interval that each turn of `cyclic` owns.
    pub(in crate::plan) fn interval(start: i64, end: i64, cyclic: &Cyclic) -> PeriodicCounts {
        let mut interval_count = IntervalCounts::of(cyclic);
        if start < end {
            interval_count.add_interval(start, end - start, 1);
        }
        PeriodicCounts::new(interval_count)
    }

    /// The number of intervals that [`PeriodicCounts::blocks`] adds: those of one common period, or
    /// fewer.
    pub(in crate::plan) fn interval_count(blocks: &Blocks, cyclic: &Cyclic) -> i64 {
        blocks.below(blocks.size.min(period(blocks, cyclic).unwrap_or(i64::MAX)))
    }

    /// The number of indices behind the last whole common period of two cyclic distributions.
    pub(in crate::plan) fn rest(a: &Cyclic, b: &Cyclic) -> i64 {
        let period = Blocks::cyclic(a, 0, 1).and_then(|blocks| period(&blocks, b));
        period.map_or(a.size(), |period| a.size() % period)
    }

    /// The indices of some blocks that each turn of `cyclic` owns.
    ///
    /// # Errors
    /// Too many blocks in the common period of the two distributions, or too many turns whose count
    /// differs from that of their neighbours.
    pub(in crate::plan) fn blocks(blocks: &Blocks, cyclic: &Cyclic) -> Result<PeriodicCounts> {
        let (period, periods) = match period(blocks, cyclic) {
            Some(period) => (period, blocks.size / period),
            None => (blocks.size, 0),
        };
        // The last, incomplete period.
        let rest = if periods == 0 { blocks.size } else { blocks.size % period };
        let count = PeriodicCounts::interval_count(blocks, cyclic);
        if count > MAX_INTERVALS {
            return Err(Error::new(ErrorKind::PlanTooLarge).with_value("blocks", count).with_expected(MAX_INTERVALS));
        }
        let mut interval_count = IntervalCounts::of(cyclic);
        for k in 0..count {
            // Below the size, so it fits.
            let start = blocks.start + k * blocks.stride;
            let left = (rest - start).clamp(0, blocks.len);
            let whole = if left == blocks.len { periods + 1 } else { periods };
            if whole > 0 {
                interval_count.add_interval(start, blocks.len, whole);
            }
            if left > 0 && left < blocks.len {
                interval_count.add_interval(start, left, 1);
            }
            interval_count.settle()?;
        }
        Ok(PeriodicCounts::new(interval_count))
    }

    fn new(interval_count: IntervalCounts) -> PeriodicCounts {
        let turns = interval_count.turns;
        let intervals = interval_count.turn();
        let most = intervals.iter().map(|equal| equal.elements).max().unwrap_or(0);
        let less = intervals.iter().map(|equal| equal.elements).filter(|elements| *elements < most).max().unwrap_or(0);
        let those = |elements: i64| {
            intervals.iter().filter(|s| s.elements == elements).map(|s| (s.first, s.end)).collect::<Vec<_>>()
        };
        PeriodicCounts { turns, best: those(most), next: those(less), most, less, intervals }
    }

    /// The sum over all turns.
    pub(in crate::plan) fn elements(&self) -> i64 {
        self.intervals.iter().map(|equal| (equal.end - equal.first) * equal.elements).sum()
    }

    /// The number of turns with a positive count.
    pub(in crate::plan) fn peers(&self) -> i64 {
        self.intervals.iter().map(|equal| equal.end - equal.first).sum()
    }

    /// The count of a grid rank, if grid rank `shift` has turn 0.
    pub(in crate::plan) fn at(&self, rank: i64, shift: i64) -> i64 {
        let turn = (rank - shift).rem_euclid(self.turns);
        let at = self.intervals.partition_point(|equal| equal.end <= turn);
        self.intervals.get(at).filter(|equal| equal.first <= turn).map_or(0, |equal| equal.elements)
    }

    /// The grid ranks with the greatest and the second greatest count; the lowest ones if several
    /// have it.
    pub(in crate::plan) fn tops(&self, shift: i64) -> [Top; 2] {
        if self.most == 0 {
            return [Top::default(); 2];
        }
        let first = self.lowest(&self.best, 0, shift).unwrap_or(0);
        let second = match self.lowest(&self.best, first + 1, shift) {
            Some(at) => Top { elements: self.most, at },
            None if self.less == 0 => Top::default(),
            None => Top { elements: self.less, at: self.lowest(&self.next, 0, shift).unwrap_or(0) },
        };
        [Top { elements: self.most, at: first }, second]
    }

    /// The lowest grid rank from `from` on whose turn is in one of these intervals.
    fn lowest(&self, intervals: &[(i64, i64)], from: i64, shift: i64) -> Option<i64> {
        if from >= self.turns {
            return None;
        }
        let within = |low: i64, high: i64| {
            let at = intervals.partition_point(|(_, end)| *end <= low);
            intervals.get(at).map(|(first, _)| low.max(*first)).filter(|turn| *turn < high)
        };
        // The turn of grid rank 0.
        let zero = (-shift).rem_euclid(self.turns);
        let turn = if from < self.turns - zero {
            within(zero + from, self.turns).or_else(|| within(0, zero))
        } else {
            within(from - (self.turns - zero), zero)
        };
        turn.map(|turn| (turn - zero).rem_euclid(self.turns))
    }

    /// The counts of all grid ranks, ascending.
    pub(in crate::plan) fn overlap_counts(&self, shift: i64) -> Vec<OverlapCount> {
        let zero = (-shift).rem_euclid(self.turns);
        let behind = self.intervals.partition_point(|equal| equal.end <= zero);
        let part = |equal: &EqualCounts, low: i64, high: i64| {
            let (first, end) = (equal.first.max(low), equal.end.min(high));
            let first_rank = GridRank((first - zero).rem_euclid(self.turns));
            (first < end).then_some(OverlapCount {
                first: first_rank,
                processes: end - first,
                elements: equal.elements,
            })
        };
        let from_zero = self.intervals[behind..].iter().filter_map(|equal| part(equal, zero, self.turns));
        let to_zero = self.intervals.iter().take(behind + 1).filter_map(|equal| part(equal, 0, zero));
        let mut overlap_counts: Vec<OverlapCount> = Vec::new();
        from_zero.chain(to_zero).for_each(|count| OverlapCount::join(&mut overlap_counts, count));
        overlap_counts
    }
}

/// The common period of both distributions in indices; `None` if it is beyond the dimension's size.
fn period(blocks: &Blocks, cyclic: &Cyclic) -> Option<i64> {
    let round = cyclic.grid_size().checked_mul(cyclic.block_size())?;
    if blocks.stride == i64::MAX {
        return None;
    }
    let common = blocks.stride / gcd(blocks.stride, round);
    common.checked_mul(round).filter(|period| *period <= blocks.size)
}
