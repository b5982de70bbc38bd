//! The statement of one rank about one dimension, once its numbers are in range.

use std::sync::Arc;

use crate::export::DistType;

/// The size of a dimension and a process's grid size and rank, each in its range, or [`UNKNOWN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DimGrid {
    pub(super) size: i64,
    pub(super) grid_size: i64,
    pub(super) grid_rank: i64,
}

/// A number that an export did not give, or not in its range: none of them may be negative. (An
/// `Option` for each costs a tenth of the whole check.)
pub(super) const UNKNOWN: i64 = -1;

impl DimGrid {
    /// Whether all three are known.
    #[inline]
    pub(super) fn is_known(self) -> bool {
        (self.size | self.grid_size | self.grid_rank) >= 0
    }

    pub(super) fn is_first(self) -> bool {
        self.grid_rank == 0
    }

    pub(super) fn is_last(self) -> bool {
        self.grid_rank == self.grid_size - 1
    }
}

impl Default for DimGrid {
    fn default() -> Self {
        Self { size: UNKNOWN, grid_size: UNKNOWN, grid_rank: UNKNOWN }
    }
}

/// A rank's statement about one dimension. A value is `None` if the export gave no usable one.
#[derive(Debug, Clone, Default)]
pub(super) struct LocalDim {
    pub(super) grid: DimGrid,
    pub(super) dist_type: Option<DistType>,
    pub(super) periodic: Option<bool>,
    pub(super) padding: Outer,
    pub(super) section: Option<Section>,
}

/// The padding that may differ between processes with the same grid rank.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outer {
    /// The widths of the boundary padding, which is owned.
    pub(super) boundary: [i64; 2],
    /// Whether the key `padding` is present, which matters in version 0.9.
    pub(super) is_written: bool,
    /// The number of items that the buffer has beyond those of the section, padding included.
    pub(super) surplus: i64,
}

/// The indices that a rank holds along one dimension, in the same terms for every version of the
/// protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Section {
    Block(BlockSection),
    Cyclic(CyclicSection),
    Unstructured(UnstructuredSection),
}

/// `start..stop` are the owned indices, boundary padding included. Communication padding lies
/// outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockSection {
    pub(super) start: i64,
    pub(super) stop: i64,
    pub(super) communication: [i64; 2],
}

impl BlockSection {
    pub(super) fn owned(&self) -> i64 {
        self.stop - self.start
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CyclicSection {
    pub(super) start: i64,
    pub(super) block_size: i64,
    /// The number of indices; [`UNKNOWN`] if no cycle of such blocks has a block at `start`.
    pub(super) owned: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnstructuredSection {
    pub(super) indices: Arc<[i64]>,
    pub(super) one_to_one: bool,
}
