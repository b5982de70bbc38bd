//! Dask: one chunk for each rank. Padding is left out: chunks have none.

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
