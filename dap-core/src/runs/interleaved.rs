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
