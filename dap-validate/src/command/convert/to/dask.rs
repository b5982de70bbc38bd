//! Dask: one chunk for each rank, of the elements that it owns. Communication padding is left out,
//! with a note: chunks have none.

use dap_core::dim::Dim;
use dap_core::index::GridRank;
use serde_json::{Value, json};

use super::super::raw::ConvertResult;
use super::ToArray;

pub(super) fn describe(array: &ToArray<'_>) -> ConvertResult<Value> {
    array.count()?;
    let blocks = array.blocks("chunks")?;
    let chunks = |block: &&dap_core::dim::Block| -> Vec<i64> {
        (0..block.grid_size()).map(|place| block.owned_len(GridRank(place))).collect()
    };
    let chunks: Vec<Vec<i64>> = blocks.iter().map(chunks).collect();
    Ok(json!({"chunks": chunks, "shape": array.layout.shape(), "dtype": array.dtype()}))
}

/// A note about padding that the chunks do not have; `None` if nothing is left out.
pub(super) fn note(array: &ToArray<'_>) -> Option<String> {
    let has_padding = |dim: &Dim| matches!(dim, Dim::Block(block) if !block.is_unpadded());
    let padded = (0..).zip(array.layout.dims()).filter(|(_, dim)| has_padding(dim));
    let dims: Vec<String> = padded.map(|(at, _): (usize, _)| at.to_string()).collect();
    let noun = if dims.len() == 1 { "dimension" } else { "dimensions" };
    let left_out = || {
        format!(
            "the padding of {noun} {} is left out: Dask's chunks have none, and each chunk is what its rank owns",
            dims.join(", ")
        )
    };
    (!dims.is_empty()).then(left_out)
}
