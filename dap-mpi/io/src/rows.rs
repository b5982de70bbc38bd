//! Elements that are moved so that each rank has consecutive bytes of the file: piece by piece, in
//! the order of the file.

use dap_array::{Context, DynArray};
use dap_core::algebra::{Slice, Subscript};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::{Pieces, Result};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use crate::direct::{self, NamedFile};
use crate::place::FilePlace;

/// Bytes of a piece on each rank.
const BYTES: i64 = 8 << 20;

/// A piece of an array, consecutive in the file.
struct Piece {
    subscripts: Vec<Subscript>,
    /// Its elements in the file.
    place: FilePlace,
    /// Its distribution: consecutive bytes on each rank.
    rows: Layout,
}

/// Writes an array. Collective.
///
/// # Errors
/// Failed writing or not enough memory on some rank; then on all.
pub(crate) fn write(to: NamedFile<'_>, place: &FilePlace, array: &DynArray) -> Result<()> {
    let comm = array.context().comm();
    for piece in pieces(array.context(), place, array.shape()) {
        let piece = piece?;
        let rows = array.part(&piece.subscripts)?.redistribute(piece.rows)?;
        let written = rows.local_items().and_then(|items| match (items, rows.section_rank()) {
            (Some(items), Some(rank)) => direct::write(to, &piece.place, (rows.layout(), rank), items.buffer()),
            _ => Ok(()),
        });
        comm.agree(written)?;
    }
    Ok(())
}

/// Reads into an array, whose items are of type `in_file` but for the order of their bytes.
/// Collective.
///
/// # Errors
/// Failed reading or not enough memory on some rank; then on all.
pub(crate) fn read(from: NamedFile<'_>, place: &FilePlace, in_file: &DType, array: &DynArray) -> Result<()> {
    let (context, comm) = (array.context(), array.context().comm());
    for piece in pieces(context, place, array.shape()) {
        let piece = piece?;
        let here = Rank(comm.rank().into());
        let section = piece.rows.local_shape(here).map(|shape| {
            let mut items = dap_mpi::memory::allocate(comm, in_file, &shape, Order::C)?;
            direct::read(from, &piece.place, (&piece.rows, here), &mut items)?;
            in_order_of(array.dtype(), items)
        });
        let section = comm.agree(section.transpose())?;
        let rows = DynArray::from_buffer(context, piece.rows, array.dtype(), Ok(section))?;
        array.part(&piece.subscripts)?.copy_from(&rows)?;
    }
    Ok(())
}

/// Items in the byte order of a type.
pub(crate) fn in_order_of(dtype: &DType, mut items: Buffer) -> Result<Buffer> {
    if items.dtype() != dtype {
        items.swap_in_place()?;
    }
    Ok(items)
}

fn pieces<'p>(
    context: &Context,
    place: &'p FilePlace,
    shape: &'p [i64],
) -> impl Iterator<Item = Result<Piece>> + use<'p> {
    let ranks = i64::from(context.comm().size());
    let most = (BYTES / place.item().max(1)).max(1).saturating_mul(ranks);
    let pieces = Pieces::new(shape, place.order(), most);
    (0..pieces.count()).map(move |number| Piece::of(place, shape, &pieces.get(number), ranks))
}

impl Piece {
    fn of(place: &FilePlace, shape: &[i64], ranges: &[Option<std::ops::Range<i64>>], ranks: i64) -> Result<Piece> {
        let ranges = ranges.iter().zip(shape).map(|(range, &extent)| range.clone().unwrap_or(0..extent));
        let ranges: Vec<_> = ranges.collect();
        let first: Vec<i64> = ranges.iter().map(|range| range.start).collect();
        let extents: Vec<i64> = ranges.iter().map(|range| range.end - range.start).collect();
        let subscripts = ranges.iter().map(|range| Subscript::Slice(Slice::range(range.start, range.end))).collect();
        // The slowest axis of the file that has an index for each rank, or else the longest one.
        let slowest_first = || place.order().dims(extents.len());
        let axis = slowest_first()
            .find(|&axis| extents[axis] >= ranks)
            .or_else(|| slowest_first().max_by_key(|&axis| (extents[axis], std::cmp::Reverse(axis))));
        let mut dims = vec![DimSpec::Undistributed; extents.len()];
        if let Some(axis) = axis {
            dims[axis] = DimSpec::Balanced;
        }
        let mut grid = vec![1; extents.len()];
        if let Some(axis) = axis {
            grid[axis] = ranks;
        }
        let rows = Layout::builder(extents).dims(dims).grid(grid).build()?;
        Ok(Piece { subscripts, place: place.from(&first), rows })
    }
}
