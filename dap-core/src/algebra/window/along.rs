//! The local indices of a slice along one dimension, on one grid rank of the base.

use super::{LocalIndices, LocalRuns};
use crate::algebra::progression::Progression;
use crate::algebra::sliced::{Form, Sequence, kept_places};
use crate::dim::{Block, Cyclic, CyclicSlice, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank};
use crate::runs::RunGroup;

/// The number of elements, and where they lie. Of a whole dimension also the padding.
pub(super) fn place(dim: &Dim, slice: &Progression, rank: GridRank) -> Result<(i64, LocalIndices)> {
    if slice.is_whole(dim.size()) {
        return Ok((dim.extent(rank), LocalIndices::Strided { start: 0, step: 1 }));
    }
    owned(dim, slice, rank)
}

/// The number of elements that the process owns, and where they lie.
pub(super) fn owned(dim: &Dim, slice: &Progression, rank: GridRank) -> Result<(i64, LocalIndices)> {
    match dim {
        Dim::Cyclic(_) | Dim::CyclicSlice(_) | Dim::Unstructured(_) if slice.is_whole(dim.size()) => {
            Ok(strided(dim.extent(rank), 0, 1))
        }
        Dim::Block(block) => Ok(in_block(block, slice, rank)),
        Dim::Cyclic(cyclic) => in_cyclic(dim, cyclic, slice, rank),
        Dim::CyclicSlice(base) => in_slice(dim, base, slice, rank),
        Dim::Unstructured(lists) => {
            // Refuses indices that have no order.
            Form::of(dim, slice)?;
            Ok(listed(kept_places(lists, rank, slice)))
        }
    }
}

fn strided(len: i64, start: i64, step: i64) -> (i64, LocalIndices) {
    let (start, step) = if len == 0 { (0, 1) } else { (start, step) };
    (len, LocalIndices::Strided { start, step })
}

fn in_block(block: &Block, slice: &Progression, rank: GridRank) -> (i64, LocalIndices) {
    let section = block.section(rank);
    let (from, to) = slice.within(section.owned_start, section.owned_stop);
    let start = slice.at(from).map_or(0, |index| index - section.owned_start + section.comm_lo);
    strided(to - from, start, slice.step())
}

/// Local indices of a cyclic dimension advance with the rounds, so that runs keep their distance
/// also where a step is longer than a round.
fn in_cyclic(dim: &Dim, cyclic: &Cyclic, slice: &Progression, rank: GridRank) -> Result<(i64, LocalIndices)> {
    if cyclic.grid_size() == 1 {
        let len = if rank == GridRank(0) { slice.len() } else { 0 };
        return Ok(strided(len, slice.start(), slice.step()));
    }
    let Some(sequence) = Sequence::of(dim, slice) else { return Ok(strided(0, 0, 1)) };
    let taken = match sequence.slice(slice.len()) {
        Ok(taken) => taken,
        // Rounds beyond 64 bits: all of it lies within one.
        Err(error) if error.kind() == ErrorKind::Overflow => return within_a_round(dim, slice, rank),
        Err(error) => return Err(error),
    };
    let runs = taken.runs(rank);
    if slice.step().abs() == 1 {
        return Ok(neighbours(dim, slice, rank, runs.len(), runs.span().map(|(first, _)| first.0)));
    }
    Ok(in_runs(dim, slice, rank, &runs.groups().collect::<Vec<_>>()))
}

/// On each process the elements of at most one block.
fn within_a_round(dim: &Dim, slice: &Progression, rank: GridRank) -> Result<(i64, LocalIndices)> {
    let runs = dim.runs(rank);
    let Some((first, last)) = runs.span() else { return Ok(strided(0, 0, 1)) };
    let (from, to) = slice.within(first.0, last.0.saturating_add(1));
    Ok(neighbours(dim, slice, rank, to - from, Some(from)))
}

/// Elements whose local indices advance by the step, from the first one on.
fn neighbours(dim: &Dim, slice: &Progression, rank: GridRank, len: i64, first: Option<i64>) -> (i64, LocalIndices) {
    let start = first.and_then(|first| local(dim, slice, rank, first));
    strided(len, start.unwrap_or(0), slice.step())
}

/// Elements of a dimension that is itself a slice: their local indices count the elements between.
fn in_slice(dim: &Dim, base: &CyclicSlice, slice: &Progression, rank: GridRank) -> Result<(i64, LocalIndices)> {
    let Some(sequence) = Sequence::of(dim, slice) else { return Ok(strided(0, 0, 1)) };
    let taken = sequence.slice(slice.len())?;
    let runs = taken.runs(rank);
    if slice.step().abs() == 1 {
        return Ok(neighbours(dim, slice, rank, runs.len(), runs.span().map(|(first, _)| first.0)));
    }
    // Within a run the elements between two neighbours are as many as the step says only if the
    // cells do not go round meanwhile.
    let round = i128::from(base.block_size()) * i128::from(base.grid_size());
    let short = i128::from(base.step()).min(round - i128::from(base.step()));
    let goes_round = short * i128::from(slice.step()).abs() * 2 > round;
    let runs = if goes_round { taken.single_runs(rank) } else { Some(runs) };
    let too_many = || Error::new(ErrorKind::TooManyRuns).with_value("groups", CyclicSlice::MOST_GROUPS + 1);
    let runs = runs.ok_or_else(|| too_many().with_expected(CyclicSlice::MOST_GROUPS))?;
    Ok(in_runs(dim, slice, rank, &runs.groups().collect::<Vec<_>>()))
}

/// The local index of element k of the slice.
fn local(dim: &Dim, slice: &Progression, rank: GridRank, k: i64) -> Option<i64> {
    dim.local(rank, GlobalIndex(slice.at(k)?)).map(|local| local.0)
}

/// Groups of the slice's elements on a process, each of which keeps its distances in the base. One
/// stride, if all of them agree on it.
fn in_runs(dim: &Dim, slice: &Progression, rank: GridRank, groups: &[RunGroup]) -> (i64, LocalIndices) {
    let at = |k: i64| local(dim, slice, rank, k).unwrap_or(0);
    let each = |group: &RunGroup| {
        let (first, start) = (group.global_start.0, at(group.global_start.0));
        LocalRuns {
            position: group.local_start.0,
            start,
            step: if group.len > 1 { at(first + 1) - start } else { 0 },
            len: group.len,
            count: group.count,
            position_stride: group.local_stride,
            stride: if group.count > 1 { at(first + group.global_stride) - start } else { 0 },
        }
    };
    let runs: Vec<LocalRuns> = groups.iter().map(each).collect();
    let len = groups.iter().map(RunGroup::elements).sum();
    match one_stride(&runs) {
        Some((start, step)) => strided(len, start, step),
        None => (len, LocalIndices::Runs(runs)),
    }
}

/// The first local index and the distance, where all elements have the same.
fn one_stride(runs: &[LocalRuns]) -> Option<(i64, i64)> {
    let Some(first) = runs.iter().find(|run| run.position == 0) else { return Some((0, 1)) };
    let start = first.start;
    let second = runs.iter().find_map(|run| run.at(1));
    let step = second.map_or(1, |second| second - start);
    let fits = |run: &LocalRuns| {
        let is_at = step.checked_mul(run.position).and_then(|ahead| ahead.checked_add(start)) == Some(run.start);
        let runs_fit = run.count == 1 || step.checked_mul(run.position_stride) == Some(run.stride);
        is_at && runs_fit && (run.len == 1 || run.step == step)
    };
    runs.iter().all(fits).then_some((start, step))
}

/// Places of a list, ascending, as runs of neighbours.
fn listed(places: impl Iterator<Item = i64>) -> (i64, LocalIndices) {
    let mut runs: Vec<LocalRuns> = Vec::new();
    let mut len = 0;
    for place in places {
        match runs.last_mut() {
            Some(run) if run.len == 1 || run.start + run.len * run.step == place => {
                run.step = place - (run.start + (run.len - 1) * run.step);
                run.len += 1;
            }
            _ => runs.push(LocalRuns {
                position: len,
                start: place,
                step: 1,
                len: 1,
                count: 1,
                position_stride: 0,
                stride: 0,
            }),
        }
        len += 1;
    }
    match one_stride(&runs) {
        Some((start, step)) => strided(len, start, step),
        None => (len, LocalIndices::Runs(runs)),
    }
}
