//! Dimensions of equal blocks, as ScaLAPACK and MPI describe them.

use dap_core::dim::{Block, Dim};
use dap_core::index::GridRank;

use super::super::raw::ConvertResult;
use super::{kind, unpadded};

/// The blocks of a dimension: their length, at least 1, and the process that owns the first one.
pub(super) struct RegularBlocks {
    pub(super) width: i64,
    pub(super) source: i64,
    pub(super) is_cyclic: bool,
}

/// The blocks of a dimension; refused if they are no equal blocks. `library` is a sentence's
/// subject.
pub(super) fn of(dim: &Dim, at: usize, library: &str) -> ConvertResult<RegularBlocks> {
    match dim {
        Dim::Cyclic(cyclic) => {
            Ok(RegularBlocks { width: cyclic.block_size(), source: cyclic.source().0, is_cyclic: true })
        }
        Dim::Block(block) => {
            unpadded(block, at, library)?;
            let width = width(block).ok_or_else(|| {
                format!(
                    "the blocks of dimension {at} have different lengths, and {library} has blocks of one length, \
                     of which only the last may be shorter: `dap-validate plan` shows what a move costs"
                )
            })?;
            Ok(RegularBlocks { width, source: 0, is_cyclic: false })
        }
        dim => Err(format!("dimension {at} is {}, and {library} has no such distribution", kind(dim))),
    }
}

/// The length of all blocks but the last that has room.
fn width(block: &Block) -> Option<i64> {
    let width = block.owned_len(GridRank(0)).max(1);
    let is_regular = |place: i64| {
        let section = block.section(GridRank(place));
        let bound = |place: i64| place.saturating_mul(width).min(block.size());
        (section.owned_start, section.owned_stop) == (bound(place), bound(place + 1))
    };
    (0..block.grid_size()).all(is_regular).then_some(width)
}
