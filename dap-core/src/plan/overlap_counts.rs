//! Overlap counts: the number of indices that one process shares with each process of the other
//! side along one dimension. They are merge_counts, not located.

mod periodic;

use std::collections::BTreeMap;

pub(super) use periodic::{Blocks, PeriodicCounts, Top};

use super::slices;
use crate::dim::{Block, Cyclic, Dim, Unstructured};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank};

/// Processes with consecutive grid ranks that share equally many indices with a given process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OverlapCount {
    pub(super) first: GridRank,
    pub(super) processes: i64,
    /// The number for each of them; at least 1.
    pub(super) elements: i64,
}

impl OverlapCount {
    pub(super) fn end(&self) -> i64 {
        self.first.0 + self.processes
    }

    /// Appends a count, joined with the last one if that has the same number of elements.
    pub(super) fn join(overlap_counts: &mut Vec<OverlapCount>, count: OverlapCount) {
        match overlap_counts.last_mut() {
            Some(last) if last.end() == count.first.0 && last.elements == count.elements => {
                last.processes += count.processes;
            }
            _ if count.elements > 0 => overlap_counts.push(count),
            _ => {}
        }
    }

    /// The number of elements of one grid rank.
    pub(super) fn at(overlap_counts: &[OverlapCount], rank: i64) -> i64 {
        let at = overlap_counts.partition_point(|count| count.end() <= rank);
        overlap_counts.get(at).filter(|count| count.first.0 <= rank).map_or(0, |count| count.elements)
    }
}

/// The number of indices that each target gets from the source at `at`, ascending by rank.
///
/// # Errors
/// Two cyclic distributions with too many blocks in their common period
/// ([`ErrorKind::PlanTooLarge`]).
pub(super) fn outgoing(from: &Dim, at: GridRank, to: &Dim) -> Result<Vec<OverlapCount>> {
    match (from, to) {
        (_, Dim::Unstructured(lists)) if lists.is_disjoint() => {
            Ok(merge_counts(indices(from, at).filter_map(|index| lists.owner(index)).map(|(rank, _)| (rank, 1))))
        }
        (_, Dim::Unstructured(lists)) => Ok(merge_counts((0..lists.grid_size()).map(GridRank).map(|rank| {
            let counts_of_list = lists.indices(rank).filter(|&index| from.local(at, index).is_some());
            (rank, counts_of_list.map(|_| 1).sum())
        }))),
        (Dim::Unstructured(_), _) => Ok(counts_by_owner(from, at, to)),
        (Dim::CyclicSlice(_), _) | (_, Dim::CyclicSlice(_)) => {
            Ok(merge_counts(slices::overlap_counts(from, at, to)?.into_iter()))
        }
        _ => structured(from, at, to),
    }
}

/// The number of indices that each source has for the target at `at`, ascending by rank.
///
/// # Errors
/// As [`outgoing`].
pub(super) fn incoming(from: &Dim, to: &Dim, at: GridRank) -> Result<Vec<OverlapCount>> {
    match (from, to) {
        (Dim::Unstructured(lists), Dim::Unstructured(mine)) => {
            Ok(merge_counts(mine.indices(at).filter_map(|index| lists.owner(index)).map(|(rank, _)| (rank, 1))))
        }
        (_, Dim::Unstructured(mine)) => Ok(counts_of_list(from, mine, at)),
        (Dim::Unstructured(lists), _) => {
            let owned = |rank| lists.indices(rank).filter(move |&index| to.local(at, index).is_some());
            let own = |rank, index| lists.owner(index).is_some_and(|(owner, _)| owner == rank);
            let ranks = (0..lists.grid_size()).map(GridRank);
            Ok(merge_counts(ranks.map(|rank| (rank, owned(rank).filter(|&index| own(rank, index)).map(|_| 1).sum()))))
        }
        (Dim::CyclicSlice(_), _) | (_, Dim::CyclicSlice(_)) => {
            Ok(merge_counts(slices::overlap_counts(to, at, from)?.into_iter()))
        }
        _ => structured(to, at, from),
    }
}

/// The counts_by_owner of the indices in an unstructured list.
fn counts_of_list(from: &Dim, mine: &Unstructured, at: GridRank) -> Vec<OverlapCount> {
    merge_counts(mine.indices(at).filter_map(|index| from.owner(index)).map(|(rank, _)| (rank, 1)))
}

/// The counts_by_owner of the indices whose source is an unstructured process.
fn counts_by_owner(from: &Dim, at: GridRank, to: &Dim) -> Vec<OverlapCount> {
    merge_counts(indices(from, at).filter_map(|index| to.owner(index)).map(|(rank, _)| (rank, 1)))
}

fn indices(dim: &Dim, at: GridRank) -> impl Iterator<Item = GlobalIndex> {
    let runs = dim.source_runs(at);
    let runs: Vec<_> = runs.iter().collect();
    runs.into_iter().flat_map(|run| (0..run.len).map(move |k| GlobalIndex(run.global.0 + k)))
}

/// Adds counts of the same rank.
fn merge_counts(counts: impl Iterator<Item = (GridRank, i64)>) -> Vec<OverlapCount> {
    let mut sums: BTreeMap<GridRank, i64> = BTreeMap::new();
    for (rank, count) in counts {
        *sums.entry(rank).or_default() += count;
    }
    let mut overlap_counts = Vec::new();
    sums.into_iter().for_each(|(first, elements)| {
        OverlapCount::join(&mut overlap_counts, OverlapCount { first, processes: 1, elements })
    });
    overlap_counts
}

/// Counts between dimensions in which a rule gives each index one owner.
fn structured(mine: &Dim, at: GridRank, others: &Dim) -> Result<Vec<OverlapCount>> {
    let (mine, others) = (RegularDim::of(mine)?, RegularDim::of(others)?);
    Ok(match (&mine, &others) {
        (RegularDim::Block(mine), RegularDim::Block(others)) => {
            let section = mine.section(at);
            overlaps(section.owned_start, section.owned_stop, others)
        }
        (RegularDim::Block(mine), RegularDim::Cyclic(others)) => {
            let section = mine.section(at);
            PeriodicCounts::interval(section.owned_start, section.owned_stop, others).overlap_counts(others.source().0)
        }
        // There are fewer blocks than processes, so most processes share nothing: each block is
        // merge_counts by itself.
        (RegularDim::Cyclic(mine), RegularDim::Block(others)) if mine.runs(at).run_count() < others.grid_size() => {
            let runs = mine.runs(at);
            let overlaps_of_candidates = runs.iter().flat_map(|run| overlaps(run.global.0, run.last().0 + 1, others));
            let ranks =
                |count: OverlapCount| (count.first.0..count.end()).map(move |rank| (GridRank(rank), count.elements));
            merge_counts(overlaps_of_candidates.flat_map(ranks))
        }
        (RegularDim::Cyclic(mine), RegularDim::Block(others)) => {
            let mut overlap_counts = Vec::new();
            for rank in 0..others.grid_size() {
                let section = others.section(GridRank(rank));
                let elements = owned_below(mine, at, section.owned_stop) - owned_below(mine, at, section.owned_start);
                OverlapCount::join(&mut overlap_counts, OverlapCount { first: GridRank(rank), processes: 1, elements });
            }
            overlap_counts
        }
        (RegularDim::Cyclic(mine), RegularDim::Cyclic(others)) => match Blocks::cyclic(mine, turn(mine, at), 1) {
            Some(blocks) => PeriodicCounts::blocks(&blocks, others)?.overlap_counts(others.source().0),
            None => Vec::new(),
        },
    })
}

/// The blocks that overlap an interval.
pub(super) fn overlaps(start: i64, stop: i64, others: &Block) -> Vec<OverlapCount> {
    let mut overlap_counts = Vec::new();
    if start >= stop {
        return overlap_counts;
    }
    let owner = |index| others.owner(GlobalIndex(index)).map_or(0, |(rank, _)| rank.0);
    for rank in owner(start)..=owner(stop - 1) {
        let section = others.section(GridRank(rank));
        let elements = section.owned_stop.min(stop) - section.owned_start.max(start);
        OverlapCount::join(
            &mut overlap_counts,
            OverlapCount { first: GridRank(rank), processes: 1, elements: elements.max(0) },
        );
    }
    overlap_counts
}

/// The number of indices below `end` that a process owns.
pub(super) fn owned_below(cyclic: &Cyclic, rank: GridRank, end: i64) -> i64 {
    crate::dim::numroc(end, cyclic.block_size(), turn(cyclic, rank), cyclic.grid_size())
}

/// The position of a process in the cycle.
pub(super) fn turn(cyclic: &Cyclic, rank: GridRank) -> i64 {
    (rank.0 - cyclic.source().0).rem_euclid(cyclic.grid_size())
}

/// A dimension in which a rule gives each index one owner.
pub(super) enum RegularDim {
    Block(Block),
    Cyclic(Cyclic),
}

impl RegularDim {
    /// A cyclic dimension on one process is a block.
    pub(super) fn of(dim: &Dim) -> Result<RegularDim> {
        match dim {
            Dim::Cyclic(cyclic) if cyclic.grid_size() == 1 => Block::new(cyclic.size(), 1).map(RegularDim::Block),
            Dim::Cyclic(cyclic) => Ok(RegularDim::Cyclic(cyclic.clone())),
            Dim::Block(block) => Ok(RegularDim::Block(block.clone())),
            Dim::CyclicSlice(_) | Dim::Unstructured(_) => Err(Error::new(ErrorKind::IndicesNotCounted)),
        }
    }
}

#[cfg(test)]
mod tests;
