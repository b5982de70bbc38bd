//! A set of ranks, kept as ranges: a million ranks in a row cost as much as one.
//!
//! ```
//! use dap_core::{index::Rank, ranks::RankSet};
//! let mut set = RankSet::default();
//! for r in [0, 1, 2, 7] { set.insert(Rank(r)); }
//! assert_eq!(set.to_string(), "0-2, 7");
//! assert_eq!(set.len(), 4);
//! ```

use std::fmt;
use std::ops::Range;

use smallvec::SmallVec;

use crate::index::Rank;

/// A set of ranks as sorted, disjoint, non-adjacent ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RankSet {
    /// Most sets are one range, and a million of them must not be a million allocations.
    ranges: SmallVec<[Range<i64>; 1]>,
}

impl RankSet {
    /// Adds a rank; false if it was in already. Constant time when ranks come in ascending order.
    pub fn insert(&mut self, rank: Rank) -> bool {
        let r = rank.0;
        if self.ranges.last().is_none_or(|last| last.end < r) {
            self.ranges.push(r..r.saturating_add(1));
            return true;
        }
        // The first range that ends at `r` or later: it holds `r`, touches it, or lies above it.
        let at = self.ranges.partition_point(|range| range.end < r);
        let range = &mut self.ranges[at];
        if range.contains(&r) {
            return false;
        }
        if range.end == r {
            range.end = r.saturating_add(1);
            if self.ranges.get(at + 1).is_some_and(|next| next.start == r.saturating_add(1)) {
                self.ranges[at].end = self.ranges.remove(at + 1).end;
            }
        } else if range.start == r.saturating_add(1) {
            range.start = r;
        } else {
            self.ranges.insert(at, r..r + 1);
        }
        true
    }

    /// Adds all ranks of another set.
    pub fn insert_all(&mut self, other: &Self) {
        let mut all: Vec<Range<i64>> = self.ranges.iter().chain(&other.ranges).cloned().collect();
        all.sort_unstable_by_key(|range| range.start);
        self.ranges.clear();
        for range in all {
            match self.ranges.last_mut() {
                Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
                _ => self.ranges.push(range),
            }
        }
    }

    /// Whether the rank is in the set.
    #[must_use]
    pub fn contains(&self, rank: Rank) -> bool {
        let at = self.ranges.partition_point(|range| range.end <= rank.0);
        self.ranges.get(at).is_some_and(|range| range.start <= rank.0)
    }

    /// The number of ranks.
    #[must_use]
    pub fn len(&self) -> i64 {
        self.ranges.iter().fold(0, |sum, range| sum.saturating_add(range.end.saturating_sub(range.start)))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The lowest rank.
    #[must_use]
    pub fn first(&self) -> Option<Rank> {
        self.ranges.first().map(|range| Rank(range.start))
    }

    /// The ranges, ascending.
    #[must_use]
    pub fn ranges(&self) -> &[Range<i64>] {
        &self.ranges
    }

    /// The ranks of `0..processes` that are not in the set.
    #[must_use]
    pub fn missing_from(&self, processes: i64) -> Self {
        let mut missing = Self::default();
        let mut next = 0;
        for range in &self.ranges {
            let start = range.start.min(processes);
            if next < start {
                missing.ranges.push(next..start);
            }
            next = next.max(range.end);
        }
        if next < processes {
            missing.ranges.push(next..processes);
        }
        missing
    }

    /// The ranks that are `processes` or higher.
    #[must_use]
    pub fn beyond(&self, processes: i64) -> Self {
        let above = self.ranges.iter().filter(|range| range.end > processes);
        Self { ranges: above.map(|range| range.start.max(processes)..range.end).collect() }
    }

    /// The set in words, at most `most` ranges of it: `0-2, 7 and 12 more`.
    #[must_use]
    pub fn describe(&self, most: usize) -> String {
        let mut text = String::new();
        for (i, range) in self.ranges.iter().take(most).enumerate() {
            let (first, last) = (range.start, range.end - 1);
            text += if i == 0 { "" } else { ", " };
            text += &if first == last { first.to_string() } else { format!("{first}-{last}") };
        }
        let rest = Self { ranges: self.ranges.iter().skip(most).cloned().collect() };
        if rest.is_empty() { text } else { format!("{text} and {} more", rest.len()) }
    }
}

impl fmt::Display for RankSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(usize::MAX))
    }
}

impl FromIterator<Rank> for RankSet {
    fn from_iter<I: IntoIterator<Item = Rank>>(ranks: I) -> Self {
        let mut set = Self::default();
        for rank in ranks {
            set.insert(rank);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn agrees_with_a_tree(ranks in prop::collection::vec(0_i64..40, 0..60), processes in 0_i64..50) {
            let tree: BTreeSet<i64> = ranks.iter().copied().collect();
            let mut seen = BTreeSet::new();
            let mut set = RankSet::default();
            for &r in &ranks {
                prop_assert_eq!(set.insert(Rank(r)), seen.insert(r));
            }
            prop_assert_eq!(set.len(), i64::try_from(tree.len()).unwrap());
            for r in -1..50 {
                prop_assert_eq!(set.contains(Rank(r)), tree.contains(&r));
            }
            for pair in set.ranges().windows(2) {
                prop_assert!(pair[0].end < pair[1].start);
            }
            let missing: Vec<i64> = (0..processes).filter(|r| !tree.contains(r)).collect();
            let found: Vec<i64> = set.missing_from(processes).ranges().iter().cloned().flatten().collect();
            prop_assert_eq!(found, missing);
        }
    }

    #[test]
    fn says_at_most_so_much() {
        let set: RankSet = [1, 3, 5, 6, 9].map(Rank).into_iter().collect();
        assert_eq!(set.describe(2), "1, 3 and 3 more");
    }
}
