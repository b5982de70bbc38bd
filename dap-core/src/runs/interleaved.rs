//! Strided groups whose runs alternate: in ascending order, and met by a list of runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::list::RunList;
use super::{Overlap, Run, RunGroup, strided};
use crate::index::{GlobalIndex, LocalIndex};

/// All runs of groups that do not overlap, ascending.
pub(super) struct Ascending<'a> {
    groups: &'a [RunGroup],
    /// The first index of the next run of a group, the group, and the number of the run.
    next: BinaryHeap<Reverse<(i64, usize, i64)>>,
    /// Groups from this one on have not begun.
    behind: usize,
}

impl<'a> Ascending<'a> {
    pub(super) fn new(groups: &'a [RunGroup]) -> Ascending<'a> {
        Ascending { groups, next: BinaryHeap::new(), behind: 0 }
    }
}

impl Iterator for Ascending<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        // Groups ascend by their first index: none but the next one can begin before those at hand.
        if let Some(group) = self.groups.get(self.behind)
            && self.next.peek().is_none_or(|Reverse((start, ..))| group.global_start.0 < *start)
        {
            self.next.push(Reverse((group.global_start.0, self.behind, 0)));
            self.behind += 1;
        }
        let Reverse((start, at, run)) = self.next.pop()?;
        let group = self.groups.get(at)?;
        if run + 1 < group.count {
            self.next.push(Reverse((start + group.global_stride, at, run + 1)));
        }
        Some(Run {
            global: GlobalIndex(start),
            local: LocalIndex(group.local_start.0 + run * group.local_stride),
            len: group.len,
        })
    }
}

/// The overlaps of a list with groups that may interleave, run by run and ascending. The list
/// bounds their number.
pub(super) fn list_with_interleaved(list: &RunList, groups: &[RunGroup], visit: impl FnMut(Overlap)) {
    let mut overlaps: Vec<Overlap> = Vec::new();
    let mut each = |overlap: Overlap| {
        let runs = overlap.iter();
        overlaps.extend(runs.map(|(global, a, b, len)| Overlap::single(global.0, a.0, b.0, len)));
    };
    for group in groups {
        let mut at = list.seek(0, group.global_start.0);
        while let Some(run) = list.get(at).filter(|run| run.global <= group.last()) {
            strided::clip(run, group, &mut each);
            at += 1;
        }
    }
    overlaps.sort_unstable_by_key(Overlap::global_start);
    overlaps.into_iter().for_each(visit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::{Runs, for_each_overlap};

    fn group(start: i64, local: i64) -> RunGroup {
        let (global_start, local_start) = (GlobalIndex(start), LocalIndex(local));
        RunGroup { global_start, local_start, len: 1, count: 5, global_stride: 6, local_stride: 3 }
    }

    /// Runs, and overlaps with a list, ascend though the groups take turns.
    #[test]
    fn in_order() {
        let runs = Runs::interleaved(vec![group(0, 0), group(2, 1), group(3, 2)]);
        let indices: Vec<(i64, i64)> = runs.iter().map(|run| (run.global.0, run.local.0)).collect();
        let expected: Vec<(i64, i64)> =
            (0..5).flat_map(|k| [(0, 0), (2, 1), (3, 2)].map(|(g, l)| (g + 6 * k, l + 3 * k))).collect();
        assert_eq!(indices, expected);
        let labels: Vec<i64> = (0..30).rev().collect();
        let list = Runs::list(RunList::new(&labels, |_| true));
        let mut found = Vec::new();
        for_each_overlap(&list, &runs, |overlap| {
            found.push((overlap.global_start().0, overlap.a_start().0, overlap.b_start().0))
        });
        assert_eq!(found, expected.iter().map(|&(global, local)| (global, 29 - global, local)).collect::<Vec<_>>());
    }
}
