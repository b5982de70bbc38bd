//! Communication padding, copied from the files of the owners.

use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use dap_core::plan::{Halo, Stencil, Transfer};

use super::rank_files::RankFiles;
use crate::values::{Direction, FileItems, Scratch, Tile, Tiles, at, ordinal_runs};

/// Fills the communication padding of all ranks. Owned elements are complete, and are not changed:
/// not at a periodic boundary either.
pub(super) fn fill(ranks: &RankFiles, layout: &Layout, dtype: &DType, scratch: &mut Scratch) -> Result<(), String> {
    if layout.dims().iter().all(|dim| !matches!(dim, Dim::Block(block) if !block.is_unpadded())) {
        return Ok(());
    }
    for rank in (0..layout.processes()).map(Rank) {
        let halo = Halo::new(layout, rank, Stencil::Box).map_err(|error| error.to_string())?;
        let coordinates = layout.grid().coordinates(rank).unwrap_or_default();
        let boxes = halo.receives().iter().flat_map(|message| message.boxes()).chain(halo.local());
        for part in boxes.filter(|part| is_padding(layout, &coordinates, part)) {
            copy(ranks.of(part.peer()), ranks.of(rank), &part, dtype, scratch)
                .map_err(|why| at(rank.0, &ranks.of(rank).path, &why))?;
        }
    }
    Ok(())
}

/// Whether the elements are outside of what the rank owns.
fn is_padding(layout: &Layout, coordinates: &[GridRank], part: &Transfer<'_>) -> bool {
    let dims = layout.dims().iter().zip(coordinates).zip(part.factors());
    dims.into_iter().any(|((dim, &at), factor)| match (dim, factor.target_bounds()) {
        (Dim::Block(block), Some((first, _))) => {
            let section = block.section(at);
            first < section.comm_lo || first >= section.comm_lo + section.owned_len()
        }
        _ => false,
    })
}

/// Copies a box from one rank's file to another's, piece by piece.
fn copy(
    from: &FileItems,
    to: &FileItems,
    part: &Transfer<'_>,
    dtype: &DType,
    scratch: &mut Scratch,
) -> Result<(), String> {
    let shape: Vec<i64> = part.factors().iter().map(|factor| factor.len()).collect();
    let order = from.slow_to_fast();
    let tiles = Tiles::new(&shape, dtype.itemsize(), [&order, &order]).map_err(|error| error.to_string())?;
    let (source, target) = (from.open(Direction::Read)?, to.open(Direction::Write)?);
    let mut memory = Vec::new();
    for tile in tiles.iter() {
        memory.resize(tile.bytes, 0);
        let Tile { start, shape, strides, .. } = &tile;
        let ranges: Vec<_> = start.iter().zip(shape).map(|(start, len)| Some(*start..start + len)).collect();
        let piece = part.slice(&ranges);
        let piece = piece.transfer();
        let runs = |of_source| piece.factors().iter().map(|factor| ordinal_runs(factor, of_source)).collect();
        from.copy(Direction::Read, &source, runs(true), (&mut memory, strides), scratch)?;
        to.copy(Direction::Write, &target, runs(false), (&mut memory, strides), scratch)?;
    }
    Ok(())
}
