//! A strided slice of one dimension: how it is distributed, over which grid ranks.
//!
//! | base | slice | result | grid ranks |
//! |---|---|---|---|
//! | any | the whole, in order | the same, padding included | the same |
//! | block | any | block with irregular bounds | all, reversed by a negative step; some own nothing |
//! | cyclic, blocks of b | step a multiple of b | cyclic | those that the steps reach, in that order |
//! | cyclic, blocks of b | step divides b, first block complete | cyclic with blocks of b / step | all, from the first owner, reversed by a negative step |
//! | cyclic, blocks of b | at most one block of each process | block | those of the blocks |
//! | cyclic, blocks of b | any other | [`CyclicSlice`] | all |
//! | unstructured | any | unstructured | all |
//!
//! An unstructured section stays in the order of its buffer: a negative step renumbers the indices.

mod cyclic;
mod listed;

use super::progression::Progression;
use super::rank_map::Along;
use crate::dim::{Block, Cyclic, CyclicSlice, Dim};
use crate::error::{Error, ErrorKind, Result, at_most};
use crate::index::{GlobalIndex, GridRank};
pub(super) use cyclic::Sequence;
pub(super) use listed::kept_places;

/// Irregular bounds are made for at most this number of processes along a dimension.
const MOST_BOUNDS: i64 = 1 << 24;

/// The form of a slice, before its dimension is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// All of the dimension, in order.
    Whole,
    /// One interval a process; the processes in reverse with a negative step.
    Block,
    /// All on one process.
    Single(GridRank),
    /// Blocks to `processes` grid ranks in turn: `first`, `first + step` and so on.
    Cyclic { block_size: i64, processes: i64, first: i64, step: i64 },
    /// One interval for each of a few grid ranks, up to these bounds.
    Blocks { bounds: Vec<i64>, first: i64, step: i64 },
    /// No closed form.
    Slice(CyclicSlice),
    /// Lists of indices.
    Listed,
}

impl Form {
    /// The form of a slice.
    ///
    /// # Errors
    /// Part of an unstructured dimension whose indices are not 0 to `size` - 1; a slice that falls
    /// into too many runs.
    pub(super) fn of(dim: &Dim, slice: &Progression) -> Result<Form> {
        if slice.is_whole(dim.size()) {
            return Ok(Form::Whole);
        }
        match dim {
            Dim::Block(_) => Ok(Form::Block),
            Dim::Cyclic(_) | Dim::CyclicSlice(_) => {
                Sequence::of(dim, slice).map_or(Ok(Form::Whole), |it| it.form(slice.len()))
            }
            Dim::Unstructured(lists) if !lists.labels_are_0_to_size() => {
                Err(Error::new(ErrorKind::SliceWithoutOrder).with_value("size", dim.size()))
            }
            Dim::Unstructured(_) => Ok(Form::Listed),
        }
    }

    /// The dimension.
    pub(super) fn dim(&self, dim: &Dim, slice: &Progression) -> Result<Dim> {
        match self {
            Form::Whole => Ok(dim.clone()),
            Form::Block => block(dim, slice),
            Form::Single(_) => Dim::undistributed(slice.len()),
            Form::Cyclic { block_size, processes, .. } => {
                Cyclic::new(slice.len(), *processes, *block_size).map(Dim::from)
            }
            Form::Blocks { bounds, .. } => Block::from_bounds(bounds.clone()).map(Dim::from),
            Form::Slice(slice) => Ok(slice.clone().into()),
            Form::Listed => listed::dim(dim, slice),
        }
    }

    /// The number of processes along the result.
    pub(super) fn processes(&self, dim: &Dim) -> i64 {
        match self {
            Form::Whole | Form::Block | Form::Slice(_) | Form::Listed => dim.grid_size(),
            Form::Single(_) => 1,
            Form::Cyclic { processes, .. } => *processes,
            Form::Blocks { bounds, .. } => i64::try_from(bounds.len() - 1).unwrap_or(i64::MAX),
        }
    }

    /// The grid ranks of the base, by the coordinate along dimension `axis` of the result.
    pub(super) fn along(&self, dim: &Dim, slice: &Progression, axis: usize) -> Along {
        let of = |first, step| Along::Dim { dim: axis, first, step };
        match self {
            Form::Block if slice.step() < 0 => of(dim.grid_size() - 1, if dim.grid_size() > 1 { -1 } else { 0 }),
            Form::Whole | Form::Block | Form::Slice(_) | Form::Listed => of(0, 1 % dim.grid_size()),
            Form::Single(rank) => Along::At(rank.0),
            Form::Cyclic { first, step, .. } | Form::Blocks { first, step, .. } => of(*first, step % dim.grid_size()),
        }
    }
}

/// The grid rank that owns one index of a dimension.
///
/// # Errors
/// An unstructured dimension whose indices are not 0 to `size` - 1.
pub(super) fn owner(dim: &Dim, index: i64) -> Result<GridRank> {
    if let Dim::Unstructured(lists) = dim
        && !lists.labels_are_0_to_size()
    {
        return Err(Error::new(ErrorKind::SliceWithoutOrder).with_value("size", dim.size()));
    }
    let missing =
        || Error::new(ErrorKind::IndexOutOfBounds).with_value("index", index).with_expected((dim.size() - 1).max(0));
    dim.owner(GlobalIndex(index)).map(|(rank, _)| rank).ok_or_else(missing)
}

/// A slice of a block dimension: each process owns the positions whose indices it owned.
fn block(dim: &Dim, slice: &Progression) -> Result<Dim> {
    let Dim::Block(block) = dim else { return Ok(dim.clone()) };
    let processes = block.grid_size();
    if slice.is_whole(block.size()) || processes == 1 || slice.is_empty() {
        return Block::new(slice.len(), processes).map(Dim::from);
    }
    at_most("proc_grid_size", processes, MOST_BOUNDS)?;
    let mut bounds = Vec::with_capacity(processes as usize + 1);
    bounds.push(0);
    for at in 0..processes {
        let section = block.section(GridRank(if slice.step() < 0 { processes - 1 - at } else { at }));
        let (_, end) = slice.within(section.owned_start, section.owned_stop);
        bounds.push(end);
    }
    Block::from_bounds(bounds).map(Dim::from)
}
