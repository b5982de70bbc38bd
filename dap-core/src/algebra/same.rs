//! Whether two placements put the same elements in the same order on the same ranks, however they
//! are described.
//!
//! A dimension that one process holds is block, cyclic or undistributed alike; so are blocks that
//! meet each process once, and grids that differ in ranks without elements. Padding makes no
//! difference: it is not owned.

use std::collections::HashMap;

use super::placement::Placement;
use super::rank_map::CommRank;
use crate::dim::Dim;
use crate::index::{GridRank, Rank};
use crate::runs::{Run, RunGroup, Runs};

/// The most sections that are compared one by one.
const MOST_SECTIONS: i64 = 1 << 20;
/// The most runs of a section that are compared one by one.
const MOST_RUNS: i64 = 1 << 16;

impl Placement {
    /// Whether each rank owns the same elements in the same order in both.
    ///
    /// Two descriptions that are too large to be compared (more than 2^20 sections, or sections of
    /// more than 2^16 runs in different groups) count as different.
    pub fn holds_the_same(&self, other: &Placement) -> bool {
        if self.shape() != other.shape() {
            return false;
        }
        let is_alike = |(a, b): (&Dim, &Dim)| a == b;
        let dims = || self.layout().dims().iter().zip(other.layout().dims());
        if dims().all(is_alike) && self.ranks().is_same(other.ranks()) {
            return true;
        }
        if self.layout().processes().max(other.layout().processes()) > MOST_SECTIONS {
            return false;
        }
        let sections = |placement: &Placement| -> HashMap<CommRank, Vec<GridRank>> {
            let owners = (0..placement.layout().processes()).map(Rank);
            let owners = owners.filter(|&section| placement.layout().owned_len(section) > 0);
            let place =
                |section| Some((placement.ranks().holder(section)?, placement.layout().grid().coordinates(section)?));
            owners.filter_map(place).collect()
        };
        let (mine, theirs) = (sections(self), sections(other));
        let mut known: HashMap<(usize, GridRank, GridRank), bool> = HashMap::new();
        mine.len() == theirs.len()
            && mine.iter().all(|(holder, a)| {
                theirs.get(holder).is_some_and(|b| {
                    dims().enumerate().zip(a.iter().zip(b)).all(|((dim, (x, y)), (&a, &b))| {
                        *known.entry((dim, a, b)).or_insert_with(|| same_section(x, a, y, b))
                    })
                })
            })
    }
}

/// Whether a process of one dimension owns the same indices in the same order as one of another.
fn same_section(a: &Dim, at: GridRank, b: &Dim, other: GridRank) -> bool {
    if a.owned_len(at) != b.owned_len(other) {
        return false;
    }
    if a == b && at == other {
        return true;
    }
    let (a, b) = (a.runs(at), b.runs(other));
    if a.run_count().max(b.run_count()) <= MOST_RUNS || a.is_listed() && b.is_listed() {
        return joined(&a).eq(joined(&b));
    }
    groups(&a).eq(groups(&b))
}

/// Runs whose places count from the lowest one, neighbours joined.
fn joined(runs: &Runs) -> impl Iterator<Item = Run> + '_ {
    let first = lowest(runs);
    let mut runs = runs.iter().map(move |mut run| {
        run.local.0 -= first;
        run
    });
    let mut open = runs.next();
    std::iter::from_fn(move || {
        let mut run = open.take()?;
        for next in runs.by_ref() {
            if run.last().0.checked_add(1) != Some(next.global.0) || run.local.0 + run.len != next.local.0 {
                open = Some(next);
                break;
            }
            run.len += next.len;
        }
        Some(run)
    })
}

/// The same for groups, as they are.
fn groups(runs: &Runs) -> impl Iterator<Item = RunGroup> + '_ {
    let first = lowest(runs);
    runs.groups().map(move |mut group| {
        group.local_start.0 -= first;
        group
    })
}

/// The lowest place. Padding in front is all that can make it more than 0.
fn lowest(runs: &Runs) -> i64 {
    runs.groups().map(|group| group.local_start.0).min().unwrap_or(0)
}
