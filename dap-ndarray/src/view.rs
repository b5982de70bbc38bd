//! Views of a slice: the whole buffer, and what of it is owned.

use std::fmt;

use dap_core::dim::Dim;
use dap_core::finding::{irregular, plural};
use dap_core::grid::Grid;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use ndarray::{ArrayViewD, Axis, Slice};

/// The whole buffer of `rank`, padding included, in C order.
///
/// # Errors
/// No such rank, or a buffer of another length than the section.
pub fn local_view<'b, T>(layout: &Layout, rank: Rank, buffer: &'b [T]) -> Result<ArrayViewD<'b, T>, ViewError> {
    let shape = layout.local_shape(rank).ok_or(ViewError::NoSuchRank { rank, processes: layout.grid().processes() })?;
    let wrong = || ViewError::Length { rank, expected: layout.local_len(rank), found: buffer.len() };
    // A view of a longer buffer would be taken.
    if layout.local_len(rank).and_then(|len| usize::try_from(len).ok()) != Some(buffer.len()) {
        return Err(wrong());
    }
    let extents: Option<Vec<usize>> = shape.iter().map(|&extent| usize::try_from(extent).ok()).collect();
    ArrayViewD::from_shape(extents.ok_or_else(wrong)?, buffer).map_err(|_| wrong())
}

/// What `rank` owns of its buffer: without communication padding; boundary padding is owned.
///
/// # Errors
/// As [`local_view`].
pub fn owned_view<'b, T>(layout: &Layout, rank: Rank, buffer: &'b [T]) -> Result<ArrayViewD<'b, T>, ViewError> {
    let mut view = local_view(layout, rank, buffer)?;
    for (axis, dim) in layout.dims().iter().enumerate() {
        let (below, owned) = owned_part(dim, layout.grid(), axis, rank);
        let begin = isize::try_from(below).unwrap_or(isize::MAX);
        let end = isize::try_from(below.saturating_add(owned)).unwrap_or(isize::MAX);
        view.slice_axis_inplace(Axis(axis), Slice::new(begin, Some(end), 1));
    }
    Ok(view)
}

/// Where the owned part begins in the buffer, and how long it is.
fn owned_part(dim: &Dim, grid: &Grid, axis: usize, rank: Rank) -> (i64, i64) {
    match (dim, grid.coordinate(rank, axis)) {
        (Dim::Block(block), Some(grid_rank)) => (block.section(grid_rank).comm_lo, block.owned_len(grid_rank)),
        (dim, Some(grid_rank)) => (0, dim.owned_len(grid_rank)),
        (_, None) => (0, 0),
    }
}

/// Why a buffer is no view of a rank's section.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViewError {
    /// The layout has no such rank.
    NoSuchRank {
        /// The rank asked for.
        rank: Rank,
        /// The number of processes of the layout.
        processes: i64,
    },
    /// The buffer and the section have different numbers of items.
    Length {
        /// The rank asked for.
        rank: Rank,
        /// The items of the section, padding included.
        expected: Option<i64>,
        /// The items of the buffer.
        found: usize,
    },
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRank { rank, processes } => {
                write!(f, "the layout has no rank {rank}: it has {}", irregular(processes, "process", "processes"))
            }
            Self::Length { rank, expected: Some(expected), found } => {
                write!(
                    f,
                    "the section of rank {rank} has {}, padding included; the buffer has {found}",
                    plural(expected, "item")
                )
            }
            Self::Length { rank, expected: None, found } => {
                write!(f, "the section of rank {rank} is larger than memory; the buffer has {}", plural(found, "item"))
            }
        }
    }
}

dap_core::debug_as_display!(ViewError);

impl std::error::Error for ViewError {}

#[cfg(test)]
mod tests {
    use super::*;
    use dap_core::dim::{Block, Cyclic};
    use dap_core::index::LocalIndex;

    /// Each element of every rank's owned view is one that the rank owns, and the other way round.
    #[test]
    fn the_owned_view_is_what_is_owned() {
        let block = Block::new(11, 3).and_then(|block| block.with_halo(2)).and_then(|block| block.with_boundary(1, 1));
        let layout = Layout::new(vec![block.unwrap().into(), Cyclic::new(7, 2, 2).unwrap().into()]).unwrap();
        for rank in (0..layout.grid().processes()).map(Rank) {
            let shape = layout.local_shape(rank).unwrap();
            let items: Vec<i64> = (0..shape[0] * shape[1]).collect();
            let owned: Vec<i64> = owned_view(&layout, rank, &items).unwrap().iter().copied().collect();
            let expected: Vec<i64> = items
                .iter()
                .copied()
                .filter(|at| {
                    let local = [LocalIndex(at / shape[1]), LocalIndex(at % shape[1])];
                    let global = layout.global(rank, &local).unwrap();
                    layout.owner(&global).is_some_and(|(owner, _)| owner == rank)
                })
                .collect();
            assert_eq!(owned, expected, "rank {rank}");
            assert!(!owned.is_empty());
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let layout = Layout::new(vec![Block::new(10, 2).unwrap().into()]).unwrap();
        let short = local_view(&layout, Rank(1), &[0; 4]).unwrap_err();
        assert_eq!(short.to_string(), "the section of rank 1 has 5 items, padding included; the buffer has 4");
        let long = owned_view(&layout, Rank(1), &[0; 6]).unwrap_err();
        assert_eq!(long.to_string(), "the section of rank 1 has 5 items, padding included; the buffer has 6");
        let absent = local_view(&layout, Rank(2), &[0; 5]).unwrap_err();
        assert_eq!(absent.to_string(), "the layout has no rank 2: it has 2 processes");
    }
}
