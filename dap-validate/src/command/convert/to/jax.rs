//! JAX: the mesh, the partition spec, and the shard of each device, one device for each rank.

use dap_core::index::GridRank;
use serde_json::{Value, json};

use super::super::raw::ConvertResult;
use super::{ToArray, unpadded};

pub(super) fn describe(array: &ToArray<'_>) -> ConvertResult<Value> {
    let blocks = array.blocks("shards")?;
    for (at, block) in blocks.iter().enumerate() {
        unpadded(block, at, "JAX")?;
        let lengths = || (0..block.grid_size()).map(|place| block.owned_len(GridRank(place)));
        let (least, most) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        if least != most {
            return Err(format!(
                "the blocks of dimension {at} have {least} to {most} indices, and JAX's shards are equal: \
                 its size, {}, must be a multiple of the {} processes",
                block.size(),
                block.grid_size()
            ));
        }
    }
    let name = |at: usize| format!("axis{at}");
    let is_shared = |at: &usize| blocks[*at].grid_size() > 1;
    let spec: Vec<Option<String>> = (0..blocks.len()).map(|at| Some(at).filter(is_shared).map(name)).collect();
    let axes: Vec<usize> = (0..blocks.len()).filter(is_shared).collect();
    let mesh: serde_json::Map<String, Value> =
        axes.iter().map(|&at| (name(at), blocks[at].grid_size().into())).collect();
    let shard = |(_, places): (_, Vec<GridRank>)| {
        let range = |(block, &place): (&&dap_core::dim::Block, &GridRank)| {
            let section = block.section(place);
            [section.owned_start, section.owned_stop]
        };
        let index: Vec<[i64; 2]> = blocks.iter().zip(&places).map(range).collect();
        json!({"index": index, "replica_id": 0, "platform": "cpu"})
    };
    let shards: Vec<Value> = array.ranks()?.map(shard).collect();
    Ok(json!({"shape": array.layout.shape(), "dtype": array.dtype(), "mesh": mesh, "spec": spec, "shards": shards}))
}
