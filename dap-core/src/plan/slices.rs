//! Slices of block-cyclic dimensions: refusal of pairs that cost too much, and overlap counts.

use crate::dim::{Block, CyclicSlice, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank};
use crate::runs::{Runs, for_each_overlap, overlap_cost};

/// The greatest number of steps for the overlaps of one process with all others.
const MOST_STEPS: i64 = 1 << 26;

/// Refuses a slice and another dimension whose processes share too many groups.
pub(super) fn check_cost(mine: &Dim, others: &Dim) -> Result<()> {
    if !matches!(mine, Dim::CyclicSlice(_)) && !matches!(others, Dim::CyclicSlice(_)) {
        return Ok(());
    }
    // All pairs of processes cost about the same, so rank 0 is representative. Each group searches
    // a list once.
    let (a, b) = (mine.runs(GridRank(0)), others.runs(GridRank(0)));
    let groups = |runs: &Runs| i64::try_from(runs.group_count()).unwrap_or(i64::MAX);
    let pairs = groups(&a).max(1).saturating_mul(groups(&b).max(1)).saturating_mul(others.grid_size());
    let mut steps = pairs;
    if pairs <= MOST_STEPS && !a.is_listed() && !b.is_listed() {
        let each = a.groups().flat_map(|a| b.groups().map(move |b| overlap_cost(&a, &b)));
        steps = each.fold(0, i64::saturating_add).saturating_mul(others.grid_size());
    }
    if steps <= MOST_STEPS {
        return Ok(());
    }
    Err(Error::new(ErrorKind::PlanTooLarge).with_value("groups", steps).with_expected(MOST_STEPS))
}

/// How many indices the process at `at` has in common with each of the other side, ascending. One
/// side is a slice, and neither lists its indices.
pub(super) fn overlap_counts(mine: &Dim, at: GridRank, others: &Dim) -> Result<Vec<(GridRank, i64)>> {
    let mut counts = Vec::new();
    let mut count = |rank: i64, elements: i64| {
        if elements > 0 {
            counts.push((GridRank(rank), elements));
        }
    };
    match (mine, others) {
        (Dim::Block(mine), Dim::CyclicSlice(others)) => {
            for rank in 0..others.grid_size() {
                count(rank, in_section(others, GridRank(rank), mine, at));
            }
        }
        (Dim::CyclicSlice(mine), Dim::Block(others)) => {
            let Some((first, last)) = mine.runs(at).span() else { return Ok(counts) };
            let owner = |index: GlobalIndex| others.owner(index).map_or(0, |(rank, _)| rank.0);
            for rank in owner(first)..=owner(last) {
                count(rank, in_section(mine, at, others, GridRank(rank)));
            }
        }
        _ => {
            check_cost(mine, others)?;
            let runs = mine.runs(at);
            for rank in 0..others.grid_size() {
                let mut elements = 0;
                for_each_overlap(&runs, &others.runs(GridRank(rank)), |overlap| elements += overlap.elements());
                count(rank, elements);
            }
        }
    }
    Ok(counts)
}

/// How many indices of a slice's process lie in the section of a block dimension's.
fn in_section(slice: &CyclicSlice, rank: GridRank, block: &Block, at: GridRank) -> i64 {
    let section = block.section(at);
    slice.owned_below(rank, section.owned_stop) - slice.owned_below(rank, section.owned_start)
}
