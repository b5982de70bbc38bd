//! Blocks as the ranks stated them, cut into intervals with the same owners. Blocks may leave gaps,
//! and overlap.

use std::collections::BTreeSet;

/// The largest number of owners that are kept of an interval; a picture cannot show more.
const KEPT: usize = 8;

/// Consecutive intervals from 0 on.
#[derive(Debug)]
pub(crate) struct Intervals {
    /// The beginning of each interval.
    starts: Vec<i64>,
    /// The beginning of each interval's owners in `owners`.
    offsets: Vec<usize>,
    owners: Vec<u32>,
    end: i64,
}

impl Intervals {
    /// The intervals of `0..end`, from the ranges of the parts.
    pub(super) fn new(ranges: impl Iterator<Item = (i64, i64, u32)>, end: i64) -> Self {
        let mut events: Vec<(i64, bool, u32)> = Vec::new();
        for (start, stop, part) in ranges.filter(|(start, stop, _)| start < stop) {
            events.extend([(start, true, part), (stop, false, part)]);
        }
        events.sort_unstable();
        let mut intervals = Self { starts: Vec::new(), offsets: Vec::new(), owners: Vec::new(), end };
        let mut active = BTreeSet::new();
        intervals.push(0, &active);
        let mut events = events.into_iter().peekable();
        while let Some((at, begins, part)) = events.next() {
            if begins {
                active.insert(part)
            } else {
                active.remove(&part)
            };
            if events.peek().is_none_or(|next| next.0 != at) && at < end {
                intervals.push(at, &active);
            }
        }
        intervals
    }

    fn push(&mut self, start: i64, active: &BTreeSet<u32>) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.owners.truncate(self.offsets.pop().unwrap_or(0));
        }
        self.starts.push(start);
        self.offsets.push(self.owners.len());
        self.owners.extend(active.iter().take(KEPT));
    }

    fn interval(&self, at: usize) -> (i64, &[u32]) {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.end);
        let to = self.offsets.get(at + 1).copied().unwrap_or(self.owners.len());
        let from = self.offsets.get(at).copied().unwrap_or(to);
        (end, self.owners.get(from..to).unwrap_or(&[]))
    }

    /// The end of the interval around a position, and the parts that own it.
    pub(super) fn at(&self, position: i64) -> (i64, &[u32]) {
        self.interval(self.starts.partition_point(|start| *start <= position).saturating_sub(1))
    }

    /// The intervals that no process owns, or several do: start, end, number of owners.
    pub(super) fn faults(&self) -> impl Iterator<Item = (i64, i64, usize)> + '_ {
        let all = self.starts.iter().enumerate().map(|(at, start)| {
            let (end, owners) = self.interval(at);
            (*start, end, owners.len())
        });
        all.filter(|(start, end, owners)| start < end && *owners != 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_counting(ranges in prop::collection::vec((0_i64..20, 0_i64..8), 0..8)) {
            let ranges: Vec<(i64, i64)> = ranges.into_iter().map(|(start, len)| (start, start + len)).collect();
            let intervals = Intervals::new((0..).zip(&ranges).map(|(part, range)| (range.0, range.1, part)), 30);
            for at in 0..30 {
                let expected: Vec<u32> =
                    (0..).zip(&ranges).filter(|(_, range)| (range.0..range.1).contains(&at)).map(|(part, _)| part).collect();
                let (end, owners) = intervals.at(at);
                prop_assert_eq!(owners, &expected[..]);
                prop_assert!(at < end && intervals.at(end - 1).1 == &expected[..]);
            }
        }
    }
}
