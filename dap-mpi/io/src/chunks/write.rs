//! Elements of an array into chunks: they move such that each rank has whole chunks.

use dap_array::DynArray;
use dap_core::algebra::{Slice, Subscript};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan};
use dap_mpi::Result;
use dap_ndarray::copy::{self, Order};

use super::{ChunkGrid, ChunkPiece, LocalChunk, copy_box};
use crate::direct::whole;

/// The stored elements in front of an array that is appended.
pub(crate) struct Stored<'f> {
    /// The axis along which the array is appended.
    pub(crate) axis: usize,
    /// The extent of the stored elements along this axis.
    pub(crate) extent: i64,
    /// Reads the items of a whole chunk, in C order.
    pub(crate) fetch: &'f dyn Fn(&[u64]) -> Result<Vec<u8>>,
}

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
        comm.agree(each_chunk(&rows, grid, &piece, empty, |chunk, items| store(&chunk.indices, items)))?;
    }
    Ok(())
}

/// The extents of stored elements of this type and shape with those of an array behind them.
///
/// # Errors
/// An array that does not fit behind them along this axis: why.
pub(crate) fn appended(
    array: &DynArray,
    dtype: &DType,
    stored: &[i64],
    axis: usize,
) -> std::result::Result<Vec<i64>, String> {
    if array.dtype() != dtype {
        let (found, expected) = (array.dtype().name(), dtype.name());
        return Err(format!("the items are {found}, those in the file {expected}: convert them before"));
    }
    let shape = array.shape();
    let is_alike = |at: usize| at == axis || shape[at] == stored[at];
    if shape.len() != stored.len() || axis >= stored.len() || !(0..stored.len()).all(is_alike) {
        return Err(format!("an array of shape {shape:?} does not fit behind one of {stored:?} along axis {axis}"));
    }
    let mut both = stored.to_vec();
    both[axis] = both[axis]
        .checked_add(shape[axis])
        .ok_or_else(|| format!("the extent of axis {axis} would be 2^63 or more"))?;
    whole(&both).map_err(|error| error.to_string())?;
    Ok(both)
}

/// Passes the chunks to `store` that have elements of an array behind the stored ones, as [`write`]
/// does. The grid is that of both together. Stored elements of these chunks are kept. Collective.
///
/// # Errors
/// Those of `store` and of reading stored chunks, on any rank, then on all.
pub(crate) fn append(
    array: &DynArray,
    grid: &ChunkGrid,
    stored: &Stored<'_>,
    empty: &[u8],
    mut store: impl FnMut(&[u64], Vec<u8>) -> Result<()>,
) -> Result<()> {
    if array.is_empty() {
        return Ok(());
    }
    let (context, item) = (array.context(), array.dtype().itemsize() as usize);
    let (axis, extent) = (stored.axis, stored.extent);
    let mut bounds: Vec<_> = grid.shape.iter().map(|&extent| 0..extent).collect();
    bounds[axis].start = extent;
    for piece in grid.pieces(&bounds, array.dtype().itemsize(), context.comm().size().into()) {
        let piece = piece?;
        let (first, end) = (piece.first[axis], piece.first[axis] + piece.layout.shape()[axis]);
        let mut source = piece.subscripts.clone();
        source[axis] = Subscript::Slice(Slice::range(first.max(extent) - extent, end - extent));
        let part = array.part(&source)?;
        let rows = if first >= extent {
            part.redistribute(&piece.layout)?
        } else {
            // The piece begins with a chunk that has stored elements.
            let rows = DynArray::zeros(context, &piece.layout, array.dtype())?;
            let mut target = vec![Subscript::Slice(Slice::default()); bounds.len()];
            target[axis] = Subscript::Slice(Slice::range(extent - first, end - first));
            rows.part(&target)?.copy_from(&part)?;
            rows
        };
        let written = each_chunk(&rows, grid, &piece, empty, |chunk, mut items| {
            let kept = extent - chunk.indices[axis] as i64 * grid.chunk[axis];
            if kept > 0 {
                let old = (stored.fetch)(&chunk.indices)?;
                let mut extents = chunk.extents.clone();
                extents[axis] = kept;
                copy_box((&old[..], &grid.chunk), (&mut items[..], &grid.chunk), &extents, item);
            }
            store(&chunk.indices, items)
        });
        context.comm().agree(written)?;
    }
    Ok(())
}

/// Calls `store` for each chunk of this rank's section of a piece, with the items of the whole
/// chunk. Local.
fn each_chunk(
    rows: &DynArray,
    grid: &ChunkGrid,
    piece: &ChunkPiece,
    empty: &[u8],
    mut store: impl FnMut(&LocalChunk, Vec<u8>) -> Result<()>,
) -> Result<()> {
    let (Some(items), Some(section)) = (rows.local_items()?, rows.section_rank()) else { return Ok(()) };
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
        store(&chunk, bytes)?;
    }
    Ok(())
}
