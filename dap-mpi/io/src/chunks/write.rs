//! Elements of an array into chunks: they move such that each rank has whole chunks.

use dap_array::DynArray;
use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan};
use dap_mpi::Result;
use dap_ndarray::copy::{self, Order};

use super::{ChunkGrid, copy_box};
use crate::direct::whole;

/// Passes all chunks to `store`, each on one rank: its place in the grid, and its items in C order.
/// Items beyond the array are those of `empty`, a whole chunk. Collective.
///
/// # Errors
/// Those of `store` on any rank, then on all.
pub(crate) fn write(
    array: &DynArray,
    grid: &ChunkGrid,
    empty: &[u8],
    mut store: impl FnMut(&[u64], Vec<u8>) -> Result<()>,
) -> Result<()> {
    let comm = array.context().comm();
    let all: Vec<_> = array.shape().iter().map(|&extent| 0..extent).collect();
    for piece in grid.pieces(&all, array.dtype().itemsize(), comm.size().into()) {
        let piece = piece?;
        let rows = array.part(&piece.subscripts)?.redistribute(&piece.layout)?;
        let written = rows.local_items().and_then(|items| {
            let (Some(items), Some(section)) = (items, rows.section_rank()) else { return Ok(()) };
            let local = whole(items.buffer().shape())?;
            let plan = Plan::new(&local, &local, Endpoints { source: Some(Rank(0)), target: None })?;
            let Some(all) = plan.sends().next() else { return Ok(()) };
            let item = items.buffer().itemsize();
            for chunk in piece.local(grid, section) {
                let part = all.slice(&chunk.ranges);
                let mut bytes = vec![0; chunk.extents.iter().product::<i64>() as usize * item];
                copy::pack(&part.transfer(), items.buffer(), Order::C, &mut bytes)?;
                if chunk.extents != grid.chunk {
                    let mut full = empty.to_vec();
                    let source = (&bytes[..], &chunk.extents[..]);
                    copy_box(source, (&mut full[..], &grid.chunk), &chunk.extents, item);
                    bytes = full;
                }
                store(&chunk.indices, bytes)?;
            }
            Ok(())
        });
        comm.agree(written)?;
    }
    Ok(())
}
