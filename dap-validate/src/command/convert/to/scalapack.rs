//! ScaLAPACK: the descriptor of each rank, its place in the BLACS grid, and NUMROC's result.

use dap_core::finding::plural;
use serde_json::{Value, json};

use super::super::raw::ConvertResult;
use super::{ToArray, regular};
use crate::values::MemoryOrder;

const LIBRARY: &str = "ScaLAPACK";

pub(super) fn describe(array: &ToArray<'_>) -> ConvertResult<Value> {
    let layout = array.layout;
    if layout.ndim() != 2 {
        return Err(format!(
            "a descriptor is that of a matrix, and the array has {}",
            plural(layout.ndim(), "dimension")
        ));
    }
    let order = array
        .order
        .ok_or("the buffers are strided, or differ in memory order, and ScaLAPACK's have columns one after another")?;
    // In C order the same memory is that of the transposed matrix, whose ranks go down the columns.
    let is_transposed = order == MemoryOrder::C;
    let turned = |pair: [i64; 2]| if is_transposed { [pair[1], pair[0]] } else { pair };
    let dims = layout.dims();
    let blocks = [regular::of(&dims[0], 0, LIBRARY)?, regular::of(&dims[1], 1, LIBRARY)?];
    let [m, n] = turned([dims[0].size(), dims[1].size()]);
    let [mb, nb] = turned([blocks[0].width, blocks[1].width]);
    let [rsrc, csrc] = turned([blocks[0].source, blocks[1].source]);
    let mut ranks = Vec::new();
    for (rank, places) in array.ranks()? {
        let coord = turned([places[0].0, places[1].0]);
        let [rows, columns] = turned([dims[0].owned_len(places[0]), dims[1].owned_len(places[1])]);
        ranks.push(json!({
            "rank": rank.0,
            "order": if is_transposed { "Col" } else { "Row" },
            "coord": coord,
            "desc": [1, 0, m, n, mb, nb, rsrc, csrc, rows.max(1)],
            "numroc": [rows, columns],
            "dtype": array.dtype(),
        }));
    }
    Ok(Value::Array(ranks))
}
