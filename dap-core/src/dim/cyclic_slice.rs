//! A strided slice of a block-cyclic dimension that has no closed form of its own: a dimension of
//! run sets.
//!
//! `x[1:]` of blocks of 2 begins with half a block, and `x[::3]` of blocks of 2 takes one element
//! of some blocks and none of others. The protocol can only list the indices of such a dimension,
//! as an unstructured one. Here they stay a rule: the dimension is aligned to a *template* (the
//! term of High Performance Fortran), whose cells are distributed in blocks of `block_size` to the
//! `grid_size` processes in turn. Index j lies at cell `start + j * step`. So index j belongs to
//! grid rank `floor((start + j * step) / block_size) mod P`, and on its process it lies behind all
//! lower indices of the same process.
//!
//! Cells count modulo one round, `block_size * grid_size`. The number of indices below j that a
//! process owns is a difference of two sums of quotients, in a logarithmic number of steps. The
//! indices of a process are a few strided groups, whatever the size. An export lists them one by
//! one; nothing else does.
//!
//! ```
//! use dap_core::dim::CyclicSlice;
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! // 0 1|2 3|4 5|6 7 in blocks of 2 over 2 processes, without the first element: 0 | 1 2 | 3 4 | 5 6.
//! let slice = CyclicSlice::new(7, 2, 2, 1, 1)?;
//! assert_eq!(slice.owner(GlobalIndex(3)), Some((GridRank(0), LocalIndex(1))));
//! assert_eq!(slice.owned_len(GridRank(1)), 4);
//! assert_eq!(slice.runs(GridRank(1)).run_count(), 2);
//! # Ok::<(), dap_core::error::Error>(())
//! ```

mod floor_sum;
mod groups;

use std::fmt;

use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::Runs;
use floor_sum::floor_sum;

/// A strided slice of a block-cyclic dimension: the result of a slice with a step, for which the
/// protocol has no type.
///
/// Equal values describe equal slices; cells are kept modulo one round.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CyclicSlice {
    size: i64,
    grid_size: i64,
    block_size: i64,
    /// The cell of index 0, at least 0 and less than a round.
    start: i64,
    /// From the cell of one index to that of the next, at least 0 and less than a round.
    step: i64,
}

impl CyclicSlice {
    /// The most strided groups of indices that one process may own. A slice whose indices are more
    /// irregular is refused.
    pub const MOST_GROUPS: i64 = 1 << 20;

    /// A dimension of `size` indices, of which j lies at cell `start + j * step` of blocks of
    /// `block_size` cells that go to `grid_size` processes in turn, beginning with grid rank 0.
    /// `start` and `step` may be any number; they count modulo `grid_size * block_size`.
    ///
    /// # Errors
    /// `size` below 0, `grid_size` or `block_size` below 1; a round of `grid_size * block_size`
    /// cells beyond 2^63 - 1; more than [`CyclicSlice::MOST_GROUPS`] groups of indices on one
    /// process ([`ErrorKind::TooManyRuns`]).
    pub fn new(size: i64, grid_size: i64, block_size: i64, start: i64, step: i64) -> Result<CyclicSlice> {
        at_least("size", size, 0)?;
        at_least("proc_grid_size", grid_size, 1)?;
        at_least("block_size", block_size, 1)?;
        let overflow = || Error::new(ErrorKind::Overflow).with_value("block_size", block_size);
        let round = grid_size.checked_mul(block_size).ok_or_else(overflow)?;
        let (start, step) = (start.rem_euclid(round), step.rem_euclid(round));
        let slice = CyclicSlice { size, grid_size, block_size, start, step };
        let groups = groups::most(&slice);
        if groups > CyclicSlice::MOST_GROUPS {
            let error = Error::new(ErrorKind::TooManyRuns).with_value("groups", groups);
            return Err(error.with_expected(CyclicSlice::MOST_GROUPS));
        }
        Ok(slice)
    }

    /// The number of elements of the whole dimension.
    #[inline]
    pub fn size(&self) -> i64 {
        self.size
    }

    /// The number of processes along the dimension.
    #[inline]
    pub fn grid_size(&self) -> i64 {
        self.grid_size
    }

    /// The number of consecutive cells that belong to one process.
    #[inline]
    pub fn block_size(&self) -> i64 {
        self.block_size
    }

    /// The cell of index 0: at least 0, less than `grid_size * block_size`.
    #[inline]
    pub fn start(&self) -> i64 {
        self.start
    }

    /// From the cell of one index to that of the next, modulo one round: at least 0, less than
    /// `grid_size * block_size`.
    #[inline]
    pub fn step(&self) -> i64 {
        self.step
    }

    /// The number of cells until the processes take turns again.
    #[inline]
    fn round(&self) -> i64 {
        self.grid_size * self.block_size
    }

    /// The cell of an index, modulo one round.
    #[inline]
    fn cell(&self, index: i64) -> i64 {
        let cell = i128::from(self.start) + i128::from(index) * i128::from(self.step);
        // Below the round, which is an `i64`.
        cell.rem_euclid(i128::from(self.round())) as i64
    }

    /// The number of indices below `end` that a process owns; `end` is at most `size`.
    pub(crate) fn owned_below(&self, rank: GridRank, end: i64) -> i64 {
        if !(0..self.grid_size).contains(&rank.0) || end <= 0 {
            return 0;
        }
        // Cell x is on `rank` if floor((x - first) / round) exceeds floor((x - behind) / round)
        // by one, where `first..behind` is its block.
        let (round, step) = (i128::from(self.round()), i128::from(self.step));
        let first = i128::from(self.start) - i128::from(rank.0) * i128::from(self.block_size);
        let quotients = |from: i128| floor_sum(i128::from(end), round, step, from);
        let count = quotients(first) - quotients(first - i128::from(self.block_size));
        // At most `end`.
        i64::try_from(count).unwrap_or(end)
    }

    /// The number of elements that a process owns; 0 beyond the grid.
    pub fn owned_len(&self, rank: GridRank) -> i64 {
        self.owned_below(rank, self.size)
    }

    /// The extent of a process's buffer: there is no padding, so this is the owned count.
    pub fn extent(&self, rank: GridRank) -> i64 {
        self.owned_len(rank)
    }

    /// The process that owns an element, and where it lies in its buffer; `None` outside of
    /// `0..size`.
    pub fn owner(&self, global: GlobalIndex) -> Option<(GridRank, LocalIndex)> {
        if !(0..self.size).contains(&global.0) {
            return None;
        }
        let rank = GridRank(self.cell(global.0) / self.block_size);
        Some((rank, LocalIndex(self.owned_below(rank, global.0))))
    }

    /// The element at a place of a process's buffer; `None` outside of the buffer.
    pub fn global(&self, rank: GridRank, local: LocalIndex) -> Option<GlobalIndex> {
        if local.0 < 0 || local.0 >= self.owned_len(rank) {
            return None;
        }
        // The greatest index with at most `local` owned ones below.
        let (mut low, mut high) = (local.0, self.size - 1);
        while low < high {
            let middle = high - (high - low) / 2;
            if self.owned_below(rank, middle) <= local.0 { low = middle } else { high = middle - 1 }
        }
        Some(GlobalIndex(low))
    }

    /// Where a process holds an element that it owns; `None` when it does not own it.
    pub fn local(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        let (owner, local) = self.owner(global)?;
        (owner == rank).then_some(local)
    }

    /// The indices that a process owns, as strided groups.
    pub fn runs(&self, rank: GridRank) -> Runs {
        if !(0..self.grid_size).contains(&rank.0) {
            return Runs::empty();
        }
        Runs::interleaved(groups::of(self, rank))
    }

    /// The same as single elements at equal distances, which hold for any cells between them.
    pub(crate) fn single_runs(&self, rank: GridRank) -> Option<Runs> {
        groups::most_single(self).and_then(|_| Some(Runs::interleaved(groups::single(self, rank)?)))
    }
}

impl fmt::Display for CyclicSlice {
    /// `cyclic(2)[1:]`, `cyclic(2)[3::-1]`: the sequence of blocks, and where the slice begins in
    /// it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let round = self.round();
        let step = if self.step > round - self.step { self.step - round } else { self.step };
        write!(f, "cyclic({})[{}:", self.block_size, self.start)?;
        if step != 1 {
            write!(f, ":{step}")?;
        }
        f.write_str("]")
    }
}
