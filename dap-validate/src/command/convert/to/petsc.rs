//! PETSc: the DMDA of an array, rank by rank; axes come reversed, x first.

use dap_core::dim::Block;
use dap_core::finding::plural;
use dap_core::index::GridRank;
use serde_json::{Value, json};

use super::super::raw::ConvertResult;
use super::ToArray;

pub(super) fn describe(array: &ToArray<'_>) -> ConvertResult<Value> {
    let mut blocks = array.blocks("the parts of a DMDA")?;
    if !(1..=3).contains(&blocks.len()) {
        return Err(format!("a DMDA has 1 to 3 dimensions, and the array has {}", plural(blocks.len(), "dimension")));
    }
    if array.order != Some(crate::values::MemoryOrder::C) {
        return Err("the buffers are not in C order, and x varies fastest in PETSc's vectors, whose axes are reversed"
            .to_owned());
    }
    let widths = blocks.iter().enumerate().map(|(at, block)| halo(block, at)).collect::<ConvertResult<Vec<_>>>()?;
    // Undistributed dimensions and single processes have no padding whatever the width is.
    let width = widths.iter().flatten().copied().max().unwrap_or(0);
    if let Some(at) = widths.iter().position(|of_dim| of_dim.is_some_and(|of_dim| of_dim != width)) {
        return Err(format!(
            "dimension {at} has padding of {}, another one of {width}, and a DMDA has one stencil width",
            widths[at].unwrap_or(0)
        ));
    }
    blocks.reverse();
    let sizes: Vec<i64> = blocks.iter().map(|block| block.size()).collect();
    let procs: Vec<i64> = blocks.iter().map(|block| block.grid_size()).collect();
    let own = |block: &&Block| -> Vec<i64> { (0..block.grid_size()).map(|at| block.owned_len(GridRank(at))).collect() };
    let own: Vec<Vec<i64>> = blocks.iter().map(own).collect();
    let rank = |(rank, mut places): (dap_core::index::Rank, Vec<GridRank>)| {
        places.reverse();
        let sections: Vec<_> = blocks.iter().zip(&places).map(|(block, &place)| block.section(place)).collect();
        let starts: Vec<i64> = sections.iter().map(|section| section.owned_start).collect();
        let lengths: Vec<i64> = sections.iter().map(|section| section.owned_len()).collect();
        let ghost_starts: Vec<i64> = sections.iter().map(|section| section.buffer_start()).collect();
        let ghost_lengths: Vec<i64> =
            sections.iter().map(|section| section.buffer_stop() - section.buffer_start()).collect();
        json!({
            "rank": rank.0,
            "dim": sizes.len(),
            "dof": 1,
            "sizes": sizes,
            "procs": procs,
            "own": own,
            "stencil_width": width,
            "corners": [starts, lengths],
            "ghost": [ghost_starts, ghost_lengths],
            "dtype": array.dtype(),
        })
    };
    Ok(Value::Array(array.ranks()?.map(rank).collect()))
}

/// The width of communication padding where two processes meet; `None` if none do.
fn halo(block: &Block, at: usize) -> ConvertResult<Option<i64>> {
    if block.boundary() != (0, 0) || block.wraps() {
        return Err(format!(
            "dimension {at} has boundary padding or is periodic: PETSc's ghost points beyond the domain belong to no array of \
             the protocol's shape. Create the DMDA with that boundary_type, and convert its own description"
        ));
    }
    let last = block.grid_size() - 1;
    let mut width = None;
    for place in 0..=last {
        let section = block.section(GridRank(place));
        for found in [(place > 0).then_some(section.comm_lo), (place < last).then_some(section.comm_hi)] {
            let Some(found) = found else { continue };
            if *width.get_or_insert(found) != found {
                return Err(format!(
                    "the padding of dimension {at} has different widths, and a DMDA has one stencil width"
                ));
            }
        }
    }
    Ok(width)
}
