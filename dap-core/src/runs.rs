//! Run sets: "these global indices lie here locally", as a few strided groups whatever the number
//! of elements.
//!
//! A [`Run`] is an interval of global indices that lies consecutively in a buffer. A [`RunGroup`]
//! is a run repeated at equal distances. A block is one group of one run; a block-cyclic section of
//! any size is one group and a shorter run behind it; an unstructured section is a list of runs,
//! found by joining consecutive indices. Runs never overlap, and they come in ascending order of
//! their global indices, which for an unstructured section is not the order of its buffer.
//!
//! ```
//! use dap_core::dim::Cyclic;
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! use dap_core::runs::Run;
//! // Grid rank 0 owns 0 1 | 4 5 | 8 of nine elements, in blocks of 2 over 2 processes.
//! let runs = Cyclic::new(9, 2, 2)?.runs(GridRank(0));
//! assert_eq!((runs.len(), runs.run_count(), runs.group_count()), (5, 3, 2));
//! let last = runs.iter().last();
//! assert_eq!(last, Some(Run { global: GlobalIndex(8), local: LocalIndex(4), len: 1 }));
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! Two run sets meet in [`intersect`], the basis of every plan.

use std::sync::Arc;

use crate::index::{GlobalIndex, LocalIndex};

mod interleaved;
mod intersect;
mod list;
mod overlap;
mod strided;

pub use intersect::{for_each_overlap, intersect};
pub(crate) use list::RunList;
pub use overlap::Overlap;
pub(crate) use overlap::Starts;
pub(crate) use strided::{cost as overlap_cost, gcd, groups as group_overlaps, inverse};

/// `len` consecutive global indices that lie consecutively in a buffer. `len` is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run {
    /// The first global index.
    pub global: GlobalIndex,
    /// Its local index in the buffer.
    pub local: LocalIndex,
    /// The number of consecutive indices, this one included.
    pub len: i64,
}

impl Run {
    /// The last global index.
    #[inline]
    pub fn last(&self) -> GlobalIndex {
        GlobalIndex(self.global.0 + (self.len - 1))
    }
}

/// A run of `len` indices, `count` times: the k-th begins at global index `global_start + k *
/// global_stride` and lies at `local_start + k * local_stride`. With a `count` of 1 both strides
/// are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RunGroup {
    /// The first global index of the first run.
    pub global_start: GlobalIndex,
    /// Its local index in the buffer.
    pub local_start: LocalIndex,
    /// The length of each run, at least 1.
    pub len: i64,
    /// The number of runs, at least 1.
    pub count: i64,
    /// From the start of one run to the start of the next, in global indices; more than `len`.
    pub global_stride: i64,
    /// The distance from run to run in the buffer.
    pub local_stride: i64,
}

impl RunGroup {
    pub(crate) fn single(global_start: GlobalIndex, local_start: LocalIndex, len: i64) -> RunGroup {
        RunGroup { global_start, local_start, len, count: 1, global_stride: 0, local_stride: 0 }
    }

    /// The number of elements.
    #[inline]
    pub fn elements(&self) -> i64 {
        self.len * self.count
    }

    /// The last global index of the last run.
    #[inline]
    pub fn last(&self) -> GlobalIndex {
        GlobalIndex(self.global_start.0 + (self.count - 1) * self.global_stride + (self.len - 1))
    }

    /// The runs one by one.
    pub fn iter(&self) -> impl Iterator<Item = Run> + use<> {
        let group = *self;
        (0..group.count).map(move |k| Run {
            global: GlobalIndex(group.global_start.0 + k * group.global_stride),
            local: LocalIndex(group.local_start.0 + k * group.local_stride),
            len: group.len,
        })
    }
}

/// The indices that a process holds along one dimension, or a part of them. See the [module](self).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Runs {
    store: Store,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Store {
    /// The first `used` of these, ascending, the second one wholly behind the first. There is no
    /// allocation, since plans make many of them.
    Groups {
        groups: [RunGroup; 2],
        used: u8,
    },
    /// Ascending by their first index. They may interleave, but no two hold the same index.
    Interleaved(Arc<[RunGroup]>),
    List(RunList),
}

impl Runs {
    /// The empty set.
    pub fn empty() -> Runs {
        Runs { store: Store::Groups { groups: [RunGroup::default(); 2], used: 0 } }
    }

    /// One run, or none if `len` is 0.
    pub(crate) fn interval(global: GlobalIndex, local: LocalIndex, len: i64) -> Runs {
        Runs::group(RunGroup::single(global, local, len))
    }

    pub(crate) fn group(group: RunGroup) -> Runs {
        let mut runs = Runs::empty();
        runs.push(group);
        runs
    }

    /// Two groups, either of which may be empty; the second begins behind the end of the first.
    pub(crate) fn pair(first: RunGroup, second: RunGroup) -> Runs {
        let mut runs = Runs::group(first);
        runs.push(second);
        runs
    }

    /// Groups that do not overlap, ascending by their first index; they may interleave.
    pub(crate) fn interleaved(groups: Vec<RunGroup>) -> Runs {
        let mut runs = Runs::empty();
        match groups[..] {
            [] => {}
            [group] => runs.push(group),
            [first, second] if first.last() < second.global_start => {
                runs.push(first);
                runs.push(second);
            }
            _ => runs.store = Store::Interleaved(groups.into()),
        }
        runs
    }

    pub(crate) fn list(list: RunList) -> Runs {
        Runs { store: Store::List(list) }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn push(&mut self, mut group: RunGroup) {
        if group.len <= 0 || group.count <= 0 {
            return;
        }
        if group.count == 1 {
            (group.global_stride, group.local_stride) = (0, 0);
        }
        if let Store::Groups { groups, used } = &mut self.store
            && let Some(free) = groups.get_mut(usize::from(*used))
        {
            *free = group;
            *used += 1;
        }
    }

    /// Whether this is an explicit list, of a dimension whose indices follow no rule.
    pub fn is_listed(&self) -> bool {
        matches!(self.store, Store::List(_))
    }

    /// The number of elements.
    pub fn len(&self) -> i64 {
        match &self.store {
            Store::Groups { .. } | Store::Interleaved(_) => self.groups().map(|group| group.elements()).sum(),
            Store::List(list) => list.elements(),
        }
    }

    /// Whether there is no index at all.
    pub fn is_empty(&self) -> bool {
        self.group_count() == 0
    }

    /// The number of groups, which is the cost of operations on this set.
    pub fn group_count(&self) -> usize {
        match &self.store {
            Store::Groups { used, .. } => usize::from(*used),
            Store::Interleaved(groups) => groups.len(),
            Store::List(list) => list.len(),
        }
    }

    /// The number of runs.
    pub fn run_count(&self) -> i64 {
        match &self.store {
            Store::Groups { .. } | Store::Interleaved(_) => self.groups().map(|group| group.count).sum(),
            Store::List(list) => i64::try_from(list.len()).unwrap_or(i64::MAX),
        }
    }

    /// The least and the greatest global index; `None` if the set is empty.
    pub fn span(&self) -> Option<(GlobalIndex, GlobalIndex)> {
        match &self.store {
            Store::Groups { groups, used } => {
                let last = groups.get(usize::from(*used).checked_sub(1)?)?;
                Some((groups[0].global_start, last.last()))
            }
            Store::Interleaved(groups) => {
                Some((groups.first()?.global_start, groups.iter().map(RunGroup::last).max()?))
            }
            Store::List(list) => Some((list.get(0)?.global, list.get(list.len() - 1)?.last())),
        }
    }

    /// The groups, ascending by their first index. Those of a slice of a block-cyclic dimension may
    /// interleave; no others do.
    pub fn groups(&self) -> impl Iterator<Item = RunGroup> + '_ {
        (0..self.group_count()).filter_map(move |at| match &self.store {
            Store::Groups { groups, .. } => groups.get(at).copied(),
            Store::Interleaved(groups) => groups.get(at).copied(),
            Store::List(list) => list.get(at).map(|run| RunGroup::single(run.global, run.local, run.len)),
        })
    }

    /// The groups such that each lies wholly behind the one before: single runs where they
    /// interleave.
    pub(crate) fn ascending_groups(&self) -> Vec<RunGroup> {
        match &self.store {
            Store::Interleaved(_) => self.iter().map(|run| RunGroup::single(run.global, run.local, run.len)).collect(),
            _ => self.groups().collect(),
        }
    }

    /// The number of these.
    pub(crate) fn ascending_count(&self) -> i64 {
        match &self.store {
            Store::Interleaved(_) => self.run_count(),
            _ => i64::try_from(self.group_count()).unwrap_or(i64::MAX),
        }
    }

    /// The runs one by one, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Run> + '_ {
        let merged = match &self.store {
            Store::Interleaved(groups) => Some(interleaved::Ascending::new(groups)),
            _ => None,
        };
        let in_order = if merged.is_none() { self.group_count() } else { 0 };
        let groups = self.groups().take(in_order).flat_map(|group| group.iter());
        merged.into_iter().flatten().chain(groups)
    }
}
