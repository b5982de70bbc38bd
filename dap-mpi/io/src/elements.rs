//! The elements of an array, between its ranks and one file: from where they are, or moved first.

use dap_array::{Context, DynArray};
use dap_core::algebra::{CommRank, Placement};
use dap_core::dtype::{ByteOrder, DType, Scalar};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_mpi::Result;
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use crate::cost;
use crate::direct::{self, NamedFile};
use crate::place::FilePlace;
use crate::rows;

/// Writes the elements of an array. Collective. Returns this rank's outcome, on which the caller
/// agrees.
///
/// # Errors
/// An error that all ranks have: failed writing, or memory that is in use, where elements move
/// first.
pub(crate) fn write(to: NamedFile<'_>, place: &FilePlace, array: &DynArray) -> Result<Result<()>> {
    if array.is_empty() || place.item() == 0 {
        return Ok(Ok(()));
    }
    if cost::moves_first(place, array.layout()) {
        return rows::write(to, place, array).map(Ok);
    }
    Ok(array.local_items().and_then(|items| match (items, array.section_rank()) {
        (Some(items), Some(rank)) => direct::write(to, place, (array.layout(), rank), items.buffer()),
        _ => Ok(()),
    }))
}

/// A new array of the elements of a file, whose items have type `in_file`, in that byte order or
/// this machine's. Collective.
///
/// # Errors
/// More ranks than the communicator has; failed reading or not enough memory on some rank, then on
/// all.
pub(crate) fn read(
    context: &Context,
    from: NamedFile<'_>,
    place: &FilePlace,
    (in_file, is_native): (&DType, bool),
    placement: &Placement,
) -> Result<DynArray> {
    context.comm().check_placement(placement)?;
    let dtype = if is_native { native(in_file) } else { in_file.clone() };
    let layout = placement.layout();
    let has_elements = layout.len() > 0 && place.item() > 0;
    if has_elements && cost::moves_first(place, layout) {
        let array = DynArray::zeros(context, placement, &dtype)?;
        rows::read(from, place, in_file, &array)?;
        return Ok(array);
    }
    let read = |rank: Rank| -> Result<Buffer> {
        let mut items = new_section(context, in_file, layout, rank)?;
        if has_elements {
            direct::read(from, place, (layout, rank), &mut items)?;
        }
        rows::in_order_of(&dtype, items)
    };
    let section = placement.ranks().section(CommRank(context.comm().rank().into())).map(read).transpose();
    let section = context.comm().agree(section)?;
    DynArray::from_buffer(context, placement, &dtype, Ok(section))
}

/// Memory for a section; padding is 0 until a halo fills it.
///
/// # Errors
/// Not enough memory.
pub(crate) fn new_section(context: &Context, dtype: &DType, layout: &Layout, section: Rank) -> Result<Buffer> {
    let shape = layout.local_shape(section).unwrap_or_default();
    let mut items = dap_mpi::memory::allocate(context.comm(), dtype, &shape, Order::C)?;
    if layout.owned_shape(section).is_some_and(|owned| owned != shape) {
        items.bytes_mut()?.fill(0);
    }
    Ok(items)
}

/// The same type in this machine's byte order; the fields of structs keep theirs.
pub(crate) fn native(dtype: &DType) -> DType {
    match dtype {
        DType::Scalar(scalar) if !scalar.is_native() => {
            Scalar::new(scalar.kind(), scalar.itemsize(), ByteOrder::NATIVE).map_or_else(|_| dtype.clone(), DType::from)
        }
        _ => dtype.clone(),
    }
}
