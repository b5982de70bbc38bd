//! A dimension as a tuple, in which the engine of `daparray.array` takes it: the two extension
//! modules share no type. `ffi/mpi/python/src/layout.rs` lists the tuples and reads them.

use dap_core::dim::Dim as Map;
use dap_core::index::{GridRank, LocalIndex};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The tuple of a dimension. It lists each process's bounds, padding or indices, so its length
/// grows with the number of processes.
pub(crate) fn of<'py>(py: Python<'py>, map: &Map) -> PyResult<Bound<'py, PyTuple>> {
    let ranks = (0..map.grid_size()).map(GridRank);
    match map {
        Map::Block(block) if block.is_unpadded() => {
            let starts = ranks.map(|rank| block.section(rank).owned_start);
            ("b", starts.chain([block.size()]).collect::<Vec<i64>>()).into_pyobject(py)
        }
        Map::Block(block) => {
            let section = |rank| {
                let it = block.section(rank);
                (it.owned_start, it.owned_stop, it.comm_lo, it.comm_hi, it.boundary_lo, it.boundary_hi)
            };
            ("p", block.size(), block.is_periodic(), ranks.map(section).collect::<Vec<_>>()).into_pyobject(py)
        }
        Map::Cyclic(it) => ("c", it.size(), it.grid_size(), it.block_size(), it.source().0).into_pyobject(py),
        _ => {
            let indices = |rank: GridRank| {
                let locals = (0..map.owned_len(rank)).map(LocalIndex);
                locals.filter_map(|local| map.global(rank, local)).map(|index| index.0).collect::<Vec<i64>>()
            };
            let one_to_one = !matches!(map, Map::Unstructured(it) if !it.is_one_to_one());
            ("u", map.size(), one_to_one, ranks.map(indices).collect::<Vec<_>>()).into_pyobject(py)
        }
    }
}
