//! The distribution of one whole dimension: four types with the same few operations.
//!
//! A [`Dim`] describes the indices of *all* processes along the dimension, so any process can
//! locate any element:
//!
//! | | [`Block`] | [`Cyclic`] | [`CyclicSlice`] | [`Unstructured`] |
//! |---|---|---|---|---|
//! | `owner`, `local` | O(1), irregular O(log P) | O(1) | O(log b P) | O(1) to O(log n) |
//! | `global` | the same | O(1) | O(log b P log n) | O(1) |
//! | `owned_len`, `extent` | O(1) | O(1) | O(log b P) | O(1) |
//! | `runs` | one run | a strided group and a tail | a few strided groups | a list of runs |
//! | memory | O(1), irregular O(P) | O(1) | O(1) | O(n) |
//!
//! (P processes along the dimension, blocks of b indices, n indices of the dimension, or listed.) A
//! [`CyclicSlice`] is the result of slicing a cyclic dimension; the protocol has no such type, and
//! an export lists its indices. Allocations are made only by the runs of the last two types, and by
//! the first search for an owner in an unstructured dimension, which may make a table.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic, Dim};
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! for dim in [Dim::from(Block::new(100, 8)?), Dim::from(Cyclic::new(100, 8, 3)?)] {
//!     let (rank, local) = dim.owner(GlobalIndex(42)).ok_or("outside")?;
//!     assert_eq!(dim.global(rank, local), Some(GlobalIndex(42)));
//!     let owned: i64 = (0..dim.grid_size()).map(|rank| dim.owned_len(GridRank(rank))).sum();
//!     assert_eq!(owned, dim.size());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use crate::error::Result;
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::Runs;

mod block;
mod cyclic;
mod cyclic_slice;
mod unstructured;

pub use block::{Block, BlockSection};
pub use cyclic::Cyclic;
pub(crate) use cyclic::numroc;
pub use cyclic_slice::CyclicSlice;
pub(crate) use unstructured::CountedLists;
pub use unstructured::Unstructured;

/// The distribution of one dimension over all processes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dim {
    /// `dist_type` 'b', the undistributed dimension included.
    Block(Block),
    /// `dist_type` 'c'.
    Cyclic(Cyclic),
    /// A slice of a block-cyclic dimension without a closed form; an export writes 'u'.
    CyclicSlice(CyclicSlice),
    /// `dist_type` 'u'.
    Unstructured(Unstructured),
}

macro_rules! each {
    ($dim:expr, $map:ident => $result:expr) => {
        match $dim {
            Dim::Block($map) => $result,
            Dim::Cyclic($map) => $result,
            Dim::CyclicSlice($map) => $result,
            Dim::Unstructured($map) => $result,
        }
    };
}

impl Dim {
    /// An undistributed dimension: one process holds it all. The protocol's alias `{}`.
    ///
    /// # Errors
    /// `size` below 0.
    pub fn undistributed(size: i64) -> Result<Dim> {
        Block::new(size, 1).map(Dim::Block)
    }

    /// The letter of the protocol: 'b', 'c' or 'u'.
    pub fn dist_type(&self) -> char {
        match self {
            Dim::Block(_) => 'b',
            Dim::Cyclic(_) => 'c',
            Dim::CyclicSlice(_) | Dim::Unstructured(_) => 'u',
        }
    }

    /// The number of elements of the whole dimension.
    #[inline]
    pub fn size(&self) -> i64 {
        each!(self, map => map.size())
    }

    /// The number of processes along the dimension.
    #[inline]
    pub fn grid_size(&self) -> i64 {
        each!(self, map => map.grid_size())
    }

    /// How many elements a process owns; 0 beyond the grid.
    #[inline]
    pub fn owned_len(&self, rank: GridRank) -> i64 {
        each!(self, map => map.owned_len(rank))
    }

    /// The extent of a process's buffer, communication padding included; 0 beyond the grid.
    #[inline]
    pub fn extent(&self, rank: GridRank) -> i64 {
        each!(self, map => map.extent(rank))
    }

    /// The process that owns an element, and where it lies in its buffer; `None` when there is no
    /// such element.
    #[inline]
    pub fn owner(&self, global: GlobalIndex) -> Option<(GridRank, LocalIndex)> {
        each!(self, map => map.owner(global))
    }

    /// The element at a place of a process's buffer, or the one that communication padding there
    /// images; `None` outside of the buffer.
    #[inline]
    pub fn global(&self, rank: GridRank, local: LocalIndex) -> Option<GlobalIndex> {
        each!(self, map => map.global(rank, local))
    }

    /// Where a process holds an element that it owns; `None` when it does not own it.
    #[inline]
    pub fn local(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        each!(self, map => map.local(rank, global))
    }

    /// The indices that a process holds as its own: communication padding left out, shared
    /// unstructured indices included. A move to this layout writes them.
    pub fn runs(&self, rank: GridRank) -> Runs {
        each!(self, map => map.runs(rank))
    }

    /// The indices that a process is the source of when data moves from this layout: [`Dim::runs`]
    /// without the unstructured indices that a process of lower grid rank holds too. These sets are
    /// disjoint, and together they are the whole dimension.
    pub fn source_runs(&self, rank: GridRank) -> Runs {
        match self {
            Dim::Unstructured(map) => map.source_runs(rank),
            _ => self.runs(rank),
        }
    }

    /// Whether the global indices are exactly `0..size`: always so but for unstructured labels.
    pub fn indices_are_0_to_size(&self) -> bool {
        match self {
            Dim::Unstructured(map) => map.labels_are_0_to_size(),
            _ => true,
        }
    }
}

impl From<Block> for Dim {
    fn from(map: Block) -> Dim {
        Dim::Block(map)
    }
}

impl From<Cyclic> for Dim {
    fn from(map: Cyclic) -> Dim {
        Dim::Cyclic(map)
    }
}

impl From<CyclicSlice> for Dim {
    fn from(map: CyclicSlice) -> Dim {
        Dim::CyclicSlice(map)
    }
}

impl From<Unstructured> for Dim {
    fn from(map: Unstructured) -> Dim {
        Dim::Unstructured(map)
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        each!(self, map => map.fmt(f))
    }
}
