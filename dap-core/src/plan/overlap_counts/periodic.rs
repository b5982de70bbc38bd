//! How many indices of some intervals each process of a cyclic dimension owns, as few intervals of
//! equal numbers.
//!
//! The blocks of a dealing go round a periodic of `grid_size * block_size` indices. An interval goes
//! round it some times and covers an arc more: all turns get the same for the whole rounds, the
//! turns inside the arc a block more, those at its ends a part of one.

use super::OverlapCount;
use crate::dim::Cyclic;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::runs::gcd;

/// The most interval_count that are laid on one periodic: that takes time.
const MOST_ARCS: i64 = 1 << 26;

/// The most turns at which something changes: they take memory.
const MOST_CHANGES: usize = 1 << 21;

/// Fewer changes are not looked through for turns that are there twice.
const FEW_CHANGES: usize = 1 << 8;

/// Turns that get the same: `first..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EqualCounts {
    first: i64,
    end: i64,
    elements: i64,
}

/// What each turn gets of the intervals laid on so far.
struct IntervalCounts {
    turns: i64,
    width: i64,
    /// The indices of one round; more than any index where that is beyond 64 bits.
    round: i64,
    /// What every turn gets.
    all: i64,
    /// From this turn on, so many more.
    changes: Vec<(i64, i64)>,
    /// When there are so many changes, those at the same turn are added up.
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
            full: FEW_CHANGES,
        }
    }

    /// Lays `len` indices from `start` on, `times` over. The last index is below the size of some
    /// dimension.
    fn lay(&mut self, start: i64, len: i64, times: i64) {
        self.all += times * (len / self.round) * self.width;
        let (start, rest) = (start % self.round, len % self.round);
        // Not beyond the last index.
        let end = start + rest;
        self.arc(start, end.min(self.round), times);
        if end > self.round {
            self.arc(0, end - self.round, times);
        }
    }

    fn arc(&mut self, start: i64, end: i64, times: i64) {
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

    /// Adds up the changes at the same turn, if there are many: a periodic of a check_count turns may be laid
    /// with millions of interval_count.
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
        if count > MOST_CHANGES {
            let error = Error::new(ErrorKind::PlanTooLarge).with_value("overlap_counts", count as i64);
            return Err(error.with_expected(MOST_CHANGES as i64));
        }
        self.full = (2 * count).max(FEW_CHANGES);
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

/// Blocks of equal length at equal distances: what a process, or several in turn, own of a cyclic
/// dimension.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Blocks {
    pub(in crate::plan) start: i64,
    pub(in crate::plan) len: i64,
    /// From the start of one to the start of the next, at least `len`; more than any index where
    /// that is beyond 64 bits.
    pub(in crate::plan) stride: i64,
    /// The end of the dimension, where the last one is cut.
    pub(in crate::plan) size: i64,
}

impl Blocks {
    /// What takes so many turns, from `turn` on, own; `None` when that is nothing.
    pub(in crate::plan) fn cyclic(by: &Cyclic, turn: i64, turns: i64) -> Option<Blocks> {
        let start = turn.checked_mul(by.block_size()).filter(|start| *start < by.size())?;
        // Beyond the size, where it is beyond 64 bits.
        let len = turns.saturating_mul(by.block_size());
        let stride = by.grid_size().saturating_mul(by.block_size());
        Some(Blocks { start, len, stride, size: by.size() })
    }

    /// How many blocks there are below `end`, the cut one included.
    fn below(&self, end: i64) -> i64 {
        if end <= self.start { 0 } else { (end - self.start - 1) / self.stride + 1 }
    }
}

/// Turns of a cyclic dimension and what each has in common with the blocks of another.
#[derive(Debug, Clone)]
pub(in crate::plan) struct PeriodicCounts {
    turns: i64,
    /// Ascending, never nothing.
    intervals: Vec<EqualCounts>,
    /// Where the most is, and where the next most.
    best: Vec<(i64, i64)>,
    next: Vec<(i64, i64)>,
    most: i64,
    less: i64,
}

/// A grid rank, and how many elements it has in common; none where these are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::plan) struct Top {
    pub(in crate::plan) elements: i64,
    pub(in crate::plan) at: i64,
}

impl PeriodicCounts {
    /// What the turns of `cyclic` have in common with one interval.
    pub(in crate::plan) fn interval(start: i64, end: i64, cyclic: &Cyclic) -> PeriodicCounts {
        let mut interval_count = IntervalCounts::of(cyclic);
        if start < end {
            interval_count.lay(start, end - start, 1);
        }
        PeriodicCounts::new(interval_count)
    }

    /// How many interval_count [`PeriodicCounts::blocks`] lays: those of one common period, or fewer.
    pub(in crate::plan) fn interval_count(blocks: &Blocks, cyclic: &Cyclic) -> i64 {
        blocks.below(blocks.size.min(period(blocks, cyclic).unwrap_or(i64::MAX)))
    }

    /// How many indices there are behind the last whole period of two dealings.
    pub(in crate::plan) fn rest(a: &Cyclic, b: &Cyclic) -> i64 {
        let period = Blocks::cyclic(a, 0, 1).and_then(|blocks| period(&blocks, b));
        period.map_or(a.size(), |period| a.size() % period)
    }

    /// What the turns of `cyclic` have in common with some blocks.
    ///
    /// # Errors
    /// Too many blocks before the two dealings are back where they began, or too many turns that
    /// get something else than their neighbours.
    pub(in crate::plan) fn blocks(blocks: &Blocks, cyclic: &Cyclic) -> Result<PeriodicCounts> {
        let (period, periods) = match period(blocks, cyclic) {
            Some(period) => (period, blocks.size / period),
            None => (blocks.size, 0),
        };
        // The last, incomplete period.
        let rest = if periods == 0 { blocks.size } else { blocks.size % period };
        let count = PeriodicCounts::interval_count(blocks, cyclic);
        if count > MOST_ARCS {
            return Err(Error::new(ErrorKind::PlanTooLarge).with_value("blocks", count).with_expected(MOST_ARCS));
        }
        let mut interval_count = IntervalCounts::of(cyclic);
        for k in 0..count {
            // Below the size.
            let start = blocks.start + k * blocks.stride;
            let left = (rest - start).clamp(0, blocks.len);
            let whole = if left == blocks.len { periods + 1 } else { periods };
            if whole > 0 {
                interval_count.lay(start, blocks.len, whole);
            }
            if left > 0 && left < blocks.len {
                interval_count.lay(start, left, 1);
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

    /// All that is in common.
    pub(in crate::plan) fn elements(&self) -> i64 {
        self.intervals.iter().map(|equal| (equal.end - equal.first) * equal.elements).sum()
    }

    /// How many turns have something in common.
    pub(in crate::plan) fn peers(&self) -> i64 {
        self.intervals.iter().map(|equal| equal.end - equal.first).sum()
    }

    /// What a grid rank has in common, when grid rank `shift` has the first turn.
    pub(in crate::plan) fn at(&self, rank: i64, shift: i64) -> i64 {
        let turn = (rank - shift).rem_euclid(self.turns);
        let at = self.intervals.partition_point(|equal| equal.end <= turn);
        self.intervals.get(at).filter(|equal| equal.first <= turn).map_or(0, |equal| equal.elements)
    }

    /// The grid rank with the most, and the one with the most but that: the lowest ones where
    /// several have it.
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
        // Turns in the order of their grid ranks begin here.
        let zero = (-shift).rem_euclid(self.turns);
        let turn = if from < self.turns - zero {
            within(zero + from, self.turns).or_else(|| within(0, zero))
        } else {
            within(from - (self.turns - zero), zero)
        };
        turn.map(|turn| (turn - zero).rem_euclid(self.turns))
    }

    /// All grid ranks that have something in common.
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

/// After how many indices both dealings are back where they began; `None` when that is beyond the
/// dimension's size.
fn period(blocks: &Blocks, cyclic: &Cyclic) -> Option<i64> {
    let round = cyclic.grid_size().checked_mul(cyclic.block_size())?;
    if blocks.stride == i64::MAX {
        return None;
    }
    let common = blocks.stride / gcd(blocks.stride, round);
    common.checked_mul(round).filter(|period| *period <= blocks.size)
}
