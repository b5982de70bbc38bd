//! Elements of chunks into an array: each rank reads whole chunks, whose elements then move.

use std::ops::Range;

use dap_array::{Context, DynArray};
use dap_core::algebra::{Slice, Subscript, View, ViewAxis};
use dap_core::dtype::{DType, Kind};
use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan};
use dap_mpi::Result;
use dap_ndarray::Buffer;
use dap_ndarray::copy::{self, Order};

use super::{ChunkGrid, ChunkPiece, LocalChunk, copy_box};
use crate::direct::whole;
use crate::rows::in_order_of;

/// Reads a view of the stored array into an array of the view's shape. `fetch` gives the items of a
/// chunk, of type `in_file`, that the stored array has. Only chunks between the first and the last
/// index of the view are read. Collective.
///
/// # Errors
/// Those of `fetch` on any rank, then on all.
pub(crate) fn read(
    array: &DynArray,
    grid: &ChunkGrid,
    view: &View,
    in_file: &DType,
    fetch: impl Fn(&LocalChunk) -> Result<Vec<u8>>,
) -> Result<()> {
    if array.is_empty() {
        return Ok(());
    }
    let context = array.context();
    let (comm, here) = (context.comm(), Rank(context.comm().rank().into()));
    for piece in grid.pieces(&bounds(view), in_file.itemsize(), comm.size().into()) {
        let piece = piece?;
        // All ranks have the same pieces and the same view.
        let Some((target, source)) = overlap(view, &piece) else { continue };
        let section = piece.layout.local_shape(here);
        let section = section.map(|shape| {
            let items = read_section(context, grid, &piece, in_file, &shape, &fetch)?;
            in_order_of(array.dtype(), items)
        });
        let section = comm.agree(section.transpose())?;
        let rows = DynArray::from_buffer(context, &piece.layout, array.dtype(), Ok(section))?;
        array.part(&target)?.copy_from(&rows.part(&source)?)?;
    }
    Ok(())
}

/// The chunks of this rank's section of a piece.
fn read_section(
    context: &Context,
    grid: &ChunkGrid,
    piece: &ChunkPiece,
    in_file: &DType,
    shape: &[i64],
    fetch: impl Fn(&LocalChunk) -> Result<Vec<u8>>,
) -> Result<Buffer> {
    let mut items = dap_mpi::memory::allocate(context.comm(), in_file, shape, Order::C)?;
    let local = whole(shape)?;
    let plan = Plan::new(&local, &local, Endpoints { source: None, target: Some(Rank(0)) })?;
    let Some(all) = plan.receives().next() else { return Ok(items) };
    for chunk in piece.local(grid, Rank(context.comm().rank().into())) {
        let bytes = fetch(&chunk)?;
        let part = all.slice(&chunk.ranges);
        copy::unpack(&part.transfer(), &bytes, Order::C, &mut items)?;
    }
    Ok(items)
}

/// The items of a chunk that the array has, of those of the whole chunk. Booleans of a file become
/// 0 and 1.
pub(crate) fn part_of_chunk(mut whole: Vec<u8>, grid: &ChunkGrid, chunk: &LocalChunk, dtype: &DType) -> Vec<u8> {
    if dtype.kind() == Some(Kind::Bool) {
        whole.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
    }
    if chunk.extents == grid.chunk {
        return whole;
    }
    let item = dtype.itemsize() as usize;
    let mut part = vec![0; chunk.extents.iter().product::<i64>() as usize * item];
    copy_box((&whole[..], &grid.chunk), (&mut part[..], &chunk.extents), &chunk.extents, item);
    part
}

/// The indices between the first and the last one of a view that has elements, along each dimension
/// of the array.
fn bounds(view: &View) -> Vec<Range<i64>> {
    let dims = view.base().layout().ndim();
    let mut bounds: Vec<Range<i64>> = (0..dims).map(|dim| view.picked(dim).map_or(0..0, |at| at..at + 1)).collect();
    for axis in view.axes() {
        if let ViewAxis::Dim { dim, slice } = axis {
            let last = slice.start() + (slice.len() - 1) * slice.step();
            bounds[*dim] = slice.start().min(last)..slice.start().max(last) + 1;
        }
    }
    bounds
}

/// The elements of a view that a piece has: subscripts of the array of the view, and of the piece.
/// `None` if there are none.
fn overlap(view: &View, piece: &ChunkPiece) -> Option<(Vec<Subscript>, Vec<Subscript>)> {
    let first = &piece.first;
    let mut target = Vec::with_capacity(view.ndim());
    let mut source: Vec<Subscript> =
        (0..first.len()).map(|dim| Subscript::Index(view.picked(dim).unwrap_or(0) - first[dim])).collect();
    for axis in view.axes() {
        let ViewAxis::Dim { dim, slice } = axis else {
            // A new axis has one index.
            target.push(Subscript::Index(0));
            continue;
        };
        let (start, step) = (slice.start() - first[*dim], slice.step());
        let extent = piece.layout.shape()[*dim];
        let numbers = numbers(start, step, extent, slice.len());
        if numbers.is_empty() {
            return None;
        }
        target.push(Subscript::Slice(Slice::range(numbers.start, numbers.end)));
        let at = |number: i64| start + number * step;
        let last = at(numbers.end - 1);
        let stop = match step {
            0.. => Some(last + 1),
            // An index before the first would count from the end.
            _ => (last > 0).then(|| last - 1),
        };
        source[*dim] = Subscript::Slice(Slice { start: Some(at(numbers.start)), stop, step: Some(step) });
    }
    Some((target, source))
}

/// The numbers k from 0 to `len - 1` for which `start + k * step` is from 0 to `extent - 1`.
fn numbers(start: i64, step: i64, extent: i64, len: i64) -> Range<i64> {
    let (start, step) = match step {
        1.. => (start, step),
        // Mirrored.
        _ => (extent - 1 - start, -step.min(-1)),
    };
    // The number of indices before 0, and before `extent`.
    let before = |bound: i64| if start >= bound { 0 } else { (bound - 1 - start) / step + 1 };
    before(0).min(len)..before(extent).min(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_a_loop() {
        for start in -9..9_i64 {
            for step in [-4, -3, -1, 1, 2, 5] {
                for (extent, len) in [(1, 1), (4, 3), (5, 9), (7, 2)] {
                    let slow = (0..len).filter(|k| (0..extent).contains(&(start + k * step)));
                    let found = numbers(start, step, extent, len);
                    assert_eq!(found.clone().collect::<Vec<_>>(), slow.collect::<Vec<_>>(), "{start} {step} {found:?}");
                }
            }
        }
    }
}
