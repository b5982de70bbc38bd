//! Blocks as the ranks stated them, which may leave gaps and overlap: cut into stretches with the
//! same claims.

use std::collections::BTreeSet;

/// The most claims of a stretch that are kept; a picture has no use for more.
const KEPT: usize = 8;

/// Stretches that follow one another from 0 on.
#[derive(Debug)]
pub(crate) struct Intervals {
    /// Where each stretch begins.
    starts: Vec<i64>,
    /// Where the claims of each stretch begin in `claims`.
    offsets: Vec<usize>,
    claims: Vec<u32>,
    end: i64,
}

impl Intervals {
    /// The stretches of `0..end`, from the ranges of the parts.
    pub(super) fn new(ranges: impl Iterator<Item = (i64, i64, u32)>, end: i64) -> Self {
        let mut events: Vec<(i64, bool, u32)> = Vec::new();
        for (start, stop, part) in ranges.filter(|(start, stop, _)| start < stop) {
            events.extend([(start, true, part), (stop, false, part)]);
        }
        events.sort_unstable();
        let mut intervals = Self { starts: Vec::new(), offsets: Vec::new(), claims: Vec::new(), end };
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
            self.claims.truncate(self.offsets.pop().unwrap_or(0));
        }
        self.starts.push(start);
        self.offsets.push(self.claims.len());
        self.claims.extend(active.iter().take(KEPT));
    }

    fn stretch(&self, at: usize) -> (i64, &[u32]) {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.end);
        let to = self.offsets.get(at + 1).copied().unwrap_or(self.claims.len());
        let from = self.offsets.get(at).copied().unwrap_or(to);
        (end, self.claims.get(from..to).unwrap_or(&[]))
    }

    /// Where the stretch around a position ends, and the parts that claim it.
    pub(super) fn at(&self, position: i64) -> (i64, &[u32]) {
        self.stretch(self.starts.partition_point(|start| *start <= position).saturating_sub(1))
    }

    /// The stretches that no process claims, or several do.
    pub(super) fn faults(&self) -> impl Iterator<Item = (i64, i64, usize)> + '_ {
        let all = self.starts.iter().enumerate().map(|(at, start)| {
            let (end, claims) = self.stretch(at);
            (*start, end, claims.len())
        });
        all.filter(|(start, end, claims)| start < end && *claims != 1)
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
                let (end, claims) = intervals.at(at);
                prop_assert_eq!(claims, &expected[..]);
                prop_assert!(at < end && intervals.at(end - 1).1 == &expected[..]);
            }
        }
    }
}
