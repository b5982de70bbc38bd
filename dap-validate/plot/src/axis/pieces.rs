//! The contents of a process's buffer along one dimension, from its first element to its last.

use dap_core::check::Holding;
use dap_core::dim::{BlockSection, Dim};
use dap_core::index::GridRank;
use dap_core::runs::Runs;

/// The role of elements for the process that holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Owned,
    /// Owned, and at an outer end of the array.
    Boundary,
    /// Copies of a neighbour's elements.
    Communication,
}

/// Elements that follow one another in the buffer and in the array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BufferPiece {
    /// The first global index; below 0 or beyond the end where a halo wraps round.
    pub(crate) global: i64,
    /// The first index in the buffer.
    pub(crate) local: i64,
    pub(crate) len: i64,
    pub(crate) role: Role,
}

/// The buffer along one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BufferPieces {
    /// The pieces in the order of the buffer; a single one if they are too many to draw.
    pub(crate) list: Vec<BufferPiece>,
    pub(crate) extent: i64,
    /// Whether the list is complete, so that every element's global index is known.
    pub(crate) complete: bool,
}

/// The largest number of pieces that are drawn one by one.
const MOST: usize = 48;

impl BufferPieces {
    /// One element without an index: the contents along a dimension that does not exist.
    pub(crate) fn single() -> Self {
        let piece = BufferPiece { global: 0, local: 0, len: 1, role: Role::Owned };
        Self { list: vec![piece], extent: 1, complete: true }
    }

    pub(super) fn settled(dim: &Dim, rank: GridRank) -> Self {
        match dim {
            Dim::Block(block) => Self::block(&block.section(rank)),
            Dim::Unstructured(map) => Self::listed(map.indices(rank).map(|index| index.0), dim.extent(rank)),
            other => Self::runs(&other.runs(rank), dim.extent(rank)),
        }
    }

    pub(super) fn stated(holding: &Holding, size: i64, grid_size: i64) -> Self {
        match holding {
            Holding::Block(section) => Self::block(section),
            Holding::Unstructured { indices, .. } => {
                Self::listed(indices.iter().copied(), i64::try_from(indices.len()).unwrap_or(i64::MAX))
            }
            Holding::Cyclic { start, block_size, owned } => {
                let cycle = block_size.saturating_mul(grid_size);
                let mut local = 0;
                let mut list = Vec::new();
                while local < *owned && list.len() <= MOST {
                    let global = start.saturating_add((local / block_size).saturating_mul(cycle));
                    let len = (*block_size).min(owned - local).min(size.saturating_sub(global)).max(1);
                    list.push(BufferPiece { global, local, len, role: Role::Owned });
                    local += len;
                }
                Self::limited(list, *owned)
            }
            _ => Self { list: Vec::new(), extent: 0, complete: false },
        }
    }

    fn block(section: &BlockSection) -> Self {
        let BlockSection { comm_lo, comm_hi, boundary_lo, boundary_hi, .. } = *section;
        let core = section.owned_len().saturating_sub(boundary_lo).saturating_sub(boundary_hi);
        let (mut global, mut local, mut list) = (section.buffer_start(), 0_i64, Vec::new());
        for (len, role) in [
            (comm_lo, Role::Communication),
            (boundary_lo, Role::Boundary),
            (core, Role::Owned),
            (boundary_hi, Role::Boundary),
            (comm_hi, Role::Communication),
        ] {
            if len > 0 {
                list.push(BufferPiece { global, local, len, role });
                (global, local) = (global.saturating_add(len), local.saturating_add(len));
            }
        }
        Self { list, extent: section.extent(), complete: true }
    }

    fn runs(runs: &Runs, extent: i64) -> Self {
        let piece = |run: dap_core::runs::Run| BufferPiece {
            global: run.global.0,
            local: run.local.0,
            len: run.len,
            role: Role::Owned,
        };
        Self::limited(runs.iter().take(MOST + 1).map(piece).collect(), extent)
    }

    fn listed(indices: impl Iterator<Item = i64>, extent: i64) -> Self {
        let mut list: Vec<BufferPiece> = Vec::new();
        for (local, global) in (0..).zip(indices) {
            let follows = |last: &&mut BufferPiece| last.global.checked_add(last.len) == Some(global);
            if let Some(last) = list.last_mut().filter(follows) {
                last.len += 1;
            } else if list.len() > MOST {
                break;
            } else {
                list.push(BufferPiece { global, local, len: 1, role: Role::Owned });
            }
        }
        Self::limited(list, extent)
    }

    fn limited(list: Vec<BufferPiece>, extent: i64) -> Self {
        match list.first() {
            Some(first) if list.len() > MOST => {
                let all = BufferPiece { global: first.global, local: 0, len: extent, role: Role::Owned };
                Self { list: vec![all], extent, complete: false }
            }
            _ => Self { list, extent, complete: true },
        }
    }

    /// The owned indices as a slice of Python, `0:256`; `None` if they are not consecutive.
    pub(crate) fn range(&self) -> Option<String> {
        let owned: Vec<&BufferPiece> = self.list.iter().filter(|piece| piece.role != Role::Communication).collect();
        let follows = owned.windows(2).all(|pair| pair[0].global.checked_add(pair[0].len) == Some(pair[1].global));
        match (owned.first(), owned.last()) {
            (Some(first), Some(last)) if follows && self.complete => {
                Some(format!("{}:{}", first.global, last.global.saturating_add(last.len)))
            }
            _ => None,
        }
    }
}
