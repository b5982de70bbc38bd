//! Cyclic and block-cyclic: blocks of indices that are distributed cyclically over the processes.
//!
//! Index g lies in block `b = g / block_size`. Blocks are distributed in order, beginning with the
//! process `source`, so b goes to grid rank `(source + b) mod P`, where it is that process's block
//! number `b / P`. All maps follow from this one sentence:
//!
//! - owner of g: `(source + g / block_size) mod P`; local index
//!   `g / block_size / P * block_size + g mod block_size`;
//! - with `d = (rank - source) mod P`, the place of a process in the cycle, global index of its l:
//!   `(l / block_size * P + d) * block_size + l mod block_size`;
//! - owned count: of the `size / block_size` full blocks every process gets one a round, and those
//!   with `d` below the rest of the last round one more; the partial block goes to the next in
//!   turn. This is ScaLAPACK's NUMROC (its `RSRC` is `source`).
//!
//! ```
//! use dap_core::dim::Cyclic;
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! // 10 elements in blocks of 2 over 3 processes: 0 1|2 3|4 5|6 7|8 9 go to 0 1 2 0 1.
//! let cyclic = Cyclic::new(10, 3, 2)?;
//! assert_eq!(cyclic.owner(GlobalIndex(7)), Some((GridRank(0), LocalIndex(3))));
//! assert_eq!(cyclic.global(GridRank(1), LocalIndex(2)), Some(GlobalIndex(8)));
//! assert_eq!(cyclic.owned_len(GridRank(2)), 2);
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use std::fmt;

use crate::error::{Result, at_least, at_most};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{RunGroup, Runs};

/// A cyclic or block-cyclic dimension: `dist_type` 'c'.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cyclic {
    size: i64,
    grid_size: i64,
    block_size: i64,
    source: i64,
}

impl Cyclic {
    /// Blocks of `block_size` indices, the first one to grid rank 0.
    ///
    /// # Errors
    /// `size` below 0, `grid_size` or `block_size` below 1.
    pub fn new(size: i64, grid_size: i64, block_size: i64) -> Result<Cyclic> {
        at_least("size", size, 0)?;
        at_least("proc_grid_size", grid_size, 1)?;
        at_least("block_size", block_size, 1)?;
        Ok(Cyclic { size, grid_size, block_size, source: 0 })
    }

    /// Gives the first block to another process.
    ///
    /// ```
    /// use dap_core::{dim::Cyclic, index::{GlobalIndex, GridRank}};
    /// let rotated = Cyclic::new(10, 3, 2)?.with_source(GridRank(2))?;
    /// assert_eq!(rotated.owner(GlobalIndex(0)).map(|(rank, _)| rank), Some(GridRank(2)));
    /// assert_eq!(rotated.start(GridRank(1)), 4); // ((1 - 2) mod 3) * 2
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// A grid rank that is not on the grid.
    pub fn with_source(mut self, source: GridRank) -> Result<Cyclic> {
        at_least("proc_grid_rank", source.0, 0)?;
        at_most("proc_grid_rank", source.0, self.grid_size - 1)?;
        self.source = source.0;
        Ok(self)
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

    /// The block size: the number of consecutive indices in a block.
    #[inline]
    pub fn block_size(&self) -> i64 {
        self.block_size
    }

    /// The process that gets the first block.
    #[inline]
    pub fn source(&self) -> GridRank {
        GridRank(self.source)
    }

    /// The key `start` of a process: its place in the cycle times `block_size`, even where that
    /// is beyond `size` because the process owns nothing; `size` where the product is beyond 64-bit
    /// integers.
    pub fn start(&self, rank: GridRank) -> i64 {
        self.place(rank).and_then(|place| place.checked_mul(self.block_size)).unwrap_or(self.size)
    }

    /// How many elements a process owns; 0 beyond the grid.
    #[inline]
    pub fn owned_len(&self, rank: GridRank) -> i64 {
        let Some(place) = self.place(rank) else { return 0 };
        numroc(self.size, self.block_size, place, self.grid_size)
    }

    /// The extent of a process's buffer: a cyclic dimension has no padding, so this is the owned
    /// count.
    #[inline]
    pub fn extent(&self, rank: GridRank) -> i64 {
        self.owned_len(rank)
    }

    /// The process that owns an element, and where it lies in its buffer; `None` outside of
    /// `0..size`.
    #[inline]
    pub fn owner(&self, global: GlobalIndex) -> Option<(GridRank, LocalIndex)> {
        if global.0 < 0 || global.0 >= self.size {
            return None;
        }
        // Unsigned: division is faster, and the sum of two grid ranks fits.
        let (g, width, processes) = (global.0 as u64, self.block_size as u64, self.grid_size as u64);
        let (block, within) = (g / width, g % width);
        let (round, place) = (block / processes, block % processes);
        let mut rank = place + self.source as u64;
        if rank >= processes {
            rank -= processes;
        }
        Some((GridRank(rank as i64), LocalIndex((round * width + within) as i64)))
    }

    /// The element at a place of a process's buffer; `None` outside of the buffer.
    #[inline]
    pub fn global(&self, rank: GridRank, local: LocalIndex) -> Option<GlobalIndex> {
        let place = self.place(rank)?;
        if local.0 < 0 || local.0 >= self.owned_len(rank) {
            return None;
        }
        let (round, within) = (local.0 / self.block_size, local.0 % self.block_size);
        Some(GlobalIndex((round * self.grid_size + place) * self.block_size + within))
    }

    /// Where a process holds an element that it owns; `None` when it does not own it.
    #[inline]
    pub fn local(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        let (owner, local) = self.owner(global)?;
        (owner == rank).then_some(local)
    }

    /// The indices that a process owns: its full blocks as one strided group, and the partial block
    /// where it has that.
    pub fn runs(&self, rank: GridRank) -> Runs {
        let owned = self.owned_len(rank);
        let Some(place) = self.place(rank).filter(|_| owned > 0) else { return Runs::empty() };
        if self.grid_size == 1 {
            return Runs::interval(GlobalIndex(0), LocalIndex(0), owned);
        }
        let (blocks, partial) = (owned / self.block_size, owned % self.block_size);
        // A process that owns something has a first index; one that owns two blocks has a stride
        // that fits.
        let start = place * self.block_size;
        let stride = self.grid_size.checked_mul(self.block_size).unwrap_or(0);
        let full = RunGroup {
            global_start: GlobalIndex(start),
            local_start: LocalIndex(0),
            len: self.block_size,
            count: blocks,
            global_stride: stride,
            local_stride: self.block_size,
        };
        if partial == 0 {
            return Runs::group(full);
        }
        let behind = (GlobalIndex(start + blocks * stride), LocalIndex(blocks * self.block_size));
        let tail = RunGroup::single(behind.0, behind.1, partial);
        Runs::pair(full, tail)
    }

    /// The place of a process in the cycle.
    #[inline]
    fn place(&self, rank: GridRank) -> Option<i64> {
        if rank.0 < 0 || rank.0 >= self.grid_size {
            return None;
        }
        let place = rank.0 - self.source;
        Some(if place < 0 { place + self.grid_size } else { place })
    }
}

impl fmt::Display for Cyclic {
    /// `cyclic`, or `cyclic(2)` for blocks of 2, with `from 1` when grid rank 1 gets the first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cyclic")?;
        if self.block_size != 1 {
            write!(f, "({})", self.block_size)?;
        }
        if self.source != 0 {
            write!(f, " from {}", self.source)?;
        }
        Ok(())
    }
}

/// ScaLAPACK's NUMROC: how many of `size` indices, distributed in cyclic blocks to `grid_size`
/// processes, the process gets whose turn is `turn` (0 for the first). Each full round gives it a
/// block, the last round one more if its turn comes before the full blocks end, and the partial
/// block if its turn is just then.
///
/// `size` and `turn` are at least 0, `block_size` and `grid_size` at least 1.
#[inline]
pub(crate) fn numroc(size: i64, block_size: i64, turn: i64, grid_size: i64) -> i64 {
    let (full, partial) = (size / block_size, size % block_size);
    let (rounds, rest) = (full / grid_size, full % grid_size);
    // At most `size`, so nothing here overflows.
    (rounds + i64::from(turn < rest)) * block_size + if turn == rest { partial } else { 0 }
}
