//! The elements that a mask selects, as an array of one dimension.
//!
//! Where the ranks of the masked axes hold their elements in C order, one after the other, each
//! rank keeps what it has: the result is a block dimension with irregular bounds. Elsewhere the
//! selected elements are spread evenly over the same ranks, by one move. Which of the two happens
//! follows from the layout, never from the mask. On request the elements stay where they are
//! instead ([`Placement::compress_in_place`]).

mod in_place;

use super::placement::Placement;
use super::resized::without_padding;
use crate::dim::{Block, CyclicSlice, Dim};
use crate::error::{Error, ErrorKind, Result, at_least, at_most};
use crate::grid::Grid;
use crate::index::{GlobalIndex, GridRank, Rank};
use crate::layout::Layout;

/// The distribution of the elements that a mask selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compressed {
    /// The result: the selected elements in C order along the first axis, the axes behind those of
    /// the mask after it.
    pub result: Placement,
    /// Whether elements move.
    pub moves: bool,
}

impl Placement {
    /// Whether the ranks hold their sections of the first `ndim` axes in C order: all elements of
    /// layout rank r come before those of rank r + 1, and each section is in C order.
    pub fn ranks_are_in_c_order(&self, ndim: usize) -> bool {
        let dims = self.layout().dims().get(..ndim).unwrap_or(self.layout().dims());
        if dims.iter().any(|dim| dim.size() == 0) {
            return true;
        }
        // Behind an axis of which one rank holds several indices, all is on one rank.
        let mut has_rows = false;
        for dim in dims {
            let order = Order::of(dim);
            if !order.is_ascending || has_rows && !order.is_on_one {
                return false;
            }
            has_rows |= order.has_several;
        }
        true
    }

    /// A placement of the same array, without padding, whose ranks hold their sections of the first
    /// `ndim` axes in C order: this one if its ranks do, otherwise blocks along the first axis over
    /// the ranks along these axes.
    ///
    /// # Errors
    /// More axes than the array has.
    pub fn in_c_order(&self, ndim: usize) -> Result<Placement> {
        if self.ranks_are_in_c_order(ndim) {
            return self.without_padding();
        }
        let processes = self.masked(ndim)?.processes();
        let mut dims = Vec::with_capacity(self.ndim());
        for (axis, dim) in self.layout().dims().iter().enumerate() {
            dims.push(match axis {
                0 => Dim::from(Block::balanced(dim.size(), processes)?),
                _ if axis < ndim => Dim::undistributed(dim.size())?,
                _ => without_padding(dim)?,
            });
        }
        let layout = Layout::new(dims)?;
        // The grid keeps its C order: the masked axes' ranks, and then those of the others.
        let ranks = self.ranks().regrouped(layout.grid())?;
        Placement::with_ranks(layout, ranks)
    }

    /// The distribution of the elements that a mask over the first `ndim` axes selects. `counts` is
    /// the number that it selects on each layout rank of these axes, in order.
    ///
    /// # Errors
    /// More axes than the array has; another number of counts than of ranks along these axes; a
    /// count below 0, or beyond what the rank owns of these axes.
    pub fn compress(&self, ndim: usize, counts: &[i64]) -> Result<Compressed> {
        let masked = self.masked(ndim)?;
        if number(counts.len()) != masked.processes() {
            let error = Error::new(ErrorKind::Count).with_value("counts", number(counts.len()));
            return Err(error.with_expected(masked.processes()));
        }
        let mut bounds = Vec::with_capacity(counts.len() + 1);
        bounds.push(0);
        let mut total = 0;
        for (rank, &count) in (0..).map(Rank).zip(counts) {
            at_least("counts", count, 0).map_err(|error| error.with_rank(rank))?;
            at_most("counts", count, masked.owned_len(rank)).map_err(|error| error.with_rank(rank))?;
            // At most the elements of the masked axes.
            total += count;
            bounds.push(total);
        }
        let moves = !self.ranks_are_in_c_order(ndim);
        let selected = if moves { Block::balanced(total, masked.processes()) } else { Block::from_bounds(bounds) }?;
        let mut dims = vec![Dim::from(selected)];
        for dim in self.layout().dims().iter().skip(ndim) {
            dims.push(without_padding(dim)?);
        }
        let layout = Layout::new(dims)?;
        let grid: &Grid = layout.grid();
        // C order of the grid is that of the masked axes' grid, and then of the others.
        let ranks = self.ranks().regrouped(grid)?;
        Ok(Compressed { result: Placement::with_ranks(layout, ranks)?, moves })
    }

    /// The layout of the axes that a mask has.
    fn masked(&self, ndim: usize) -> Result<Layout> {
        let Some(masked) = self.layout().dims().get(..ndim) else {
            let error = Error::new(ErrorKind::TooManyIndices).with_value("ndim", number(ndim));
            return Err(error.with_expected(number(self.ndim())));
        };
        Layout::new(masked.to_vec())
    }
}

fn number(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

/// How a dimension that is not empty lies on its ranks.
struct Order {
    /// The ranks ascend with the indices, and on each rank so do the places.
    is_ascending: bool,
    /// Some rank owns several indices.
    has_several: bool,
    /// One rank owns all.
    is_on_one: bool,
}

impl Order {
    fn of(dim: &Dim) -> Order {
        let (size, processes) = (dim.size(), dim.grid_size());
        let owner = |index: i64| dim.owner(GlobalIndex(index)).map_or(0, |(rank, _)| rank.0);
        match dim {
            Dim::Block(block) => {
                let (first, last) = (owner(0), owner(size - 1));
                let several = |rank| block.owned_len(GridRank(rank)) > 1;
                // A regular split gives the first owner the most; the bounds of others are at hand.
                let regular = Block::new(size, processes).map(Dim::from);
                let is_regular = without_padding(dim).is_ok_and(|plain| regular.is_ok_and(|regular| plain == regular));
                let has_several = several(first) || !is_regular && (first..=last).any(several);
                Order { is_ascending: true, has_several, is_on_one: first == last }
            }
            Dim::Cyclic(cyclic) => {
                let blocks = (size - 1) / cyclic.block_size() + 1;
                Order {
                    is_ascending: processes == 1 || blocks <= processes - cyclic.source().0,
                    has_several: cyclic.block_size().min(size) > 1 || blocks > processes,
                    is_on_one: processes == 1 || blocks == 1,
                }
            }
            Dim::CyclicSlice(slice) => sliced(slice),
            Dim::Unstructured(lists) => {
                let mut last = None;
                let mut is_ascending = lists.is_disjoint();
                for index in (0..processes).flat_map(|rank| lists.indices(GridRank(rank))) {
                    is_ascending &= last.replace(index).is_none_or(|last| last < index);
                }
                let len = |rank| lists.owned_len(GridRank(rank));
                Order {
                    is_ascending,
                    has_several: (0..processes).any(|rank| len(rank) > 1),
                    is_on_one: (0..processes).any(|rank| len(rank) == lists.distinct()),
                }
            }
        }
    }
}

/// Without going round, ranks ascend with the cells. Going round leads to a lower rank, or, by less
/// than a block, to a cell further back in the same block.
fn sliced(slice: &CyclicSlice) -> Order {
    let (size, block) = (i128::from(slice.size()), i128::from(slice.block_size()));
    let (start, step) = (i128::from(slice.start()), i128::from(slice.step()));
    let first = GridRank(slice.start() / slice.block_size());
    let is_on_one = slice.owned_len(first) == slice.size();
    let round = block * i128::from(slice.grid_size());
    let goes_round = start + (size - 1) * step >= round;
    if !is_on_one && goes_round {
        return backwards(size, (start, round - step), block);
    }
    // Each step that leaves a block shortens the way to the block's start by `block - step`.
    let left = start % block + step - block;
    let single = if left < 0 || step >= block { 0 } else { left / (block - step) + 1 };
    let has_several = if is_on_one { size > 1 } else { step < block && single <= size - 2 };
    Order { is_ascending: true, has_several, is_on_one }
}

/// Cells `start`, `start - by` and so on, round by round, on several ranks: the ranks ascend only
/// from the first block to the last one.
fn backwards(size: i128, (start, by): (i128, i128), block: i128) -> Order {
    // The cells in the first block; the next one is at `ahead` places from the end of the last.
    let in_first = start / by + 1;
    let ahead = in_first * by - start;
    let in_last = if ahead > block { 0 } else { (block - ahead) / by + 1 };
    let is_ascending = by < block && start < block && size <= in_first + in_last;
    let has_several = in_first.min(size) > 1 || size - in_first > 1;
    Order { is_ascending, has_several, is_on_one: false }
}
