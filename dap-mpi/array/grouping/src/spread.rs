//! Arrays that every rank of some grid axes has a copy of, and arrays without copies.

use dap_array::{DynArray, Result};
use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::dim::{Block, Dim};
use dap_core::layout::Layout;

/// The array with each element on one rank only. Collective if elements are shared: then they move.
pub(crate) fn once_each(array: &DynArray) -> Result<DynArray> {
    let is_shared = |dim: &Dim| matches!(dim, Dim::Unstructured(it) if !it.is_disjoint());
    if !array.layout().dims().iter().any(is_shared) {
        return Ok(array.clone());
    }
    let mut dims = array.layout().dims().to_vec();
    for dim in dims.iter_mut().filter(|dim| is_shared(dim)) {
        *dim = Block::balanced(dim.size(), dim.grid_size())?.into();
    }
    array.redistribute(Placement::with_ranks(Layout::new(dims)?, array.placement().ranks().clone())?)
}

/// A list along one axis of a placement, on all ranks that have indices of this axis: the list has
/// the axis's distribution, and the other axes one index on each of their ranks. Collective.
pub(crate) fn on_each_rank(list: &DynArray, over: &Placement, axis: usize) -> Result<DynArray> {
    let mut dims = Vec::with_capacity(over.ndim());
    for (at, dim) in over.layout().dims().iter().enumerate() {
        dims.push(if at == axis { dim.clone() } else { one_each(dim)? });
    }
    let subscript = |at| if at == axis { Subscript::Slice(Slice::ALL) } else { Subscript::NewAxis };
    let list = list.part(&(0..over.ndim()).map(subscript).collect::<Vec<_>>())?;
    copies(&list, dims, over)
}

/// An array of the shape of a placement, but for the extent of `axis`: all of this axis on each of
/// its ranks, the others distributed as the placement says. In front of the axis stands another
/// one, with one index on each of these ranks. Collective.
pub(crate) fn whole_axis(array: &DynArray, over: &Placement, axis: usize) -> Result<DynArray> {
    let mut dims = over.layout().dims().to_vec();
    dims[axis] = one_each(&dims[axis])?;
    dims.insert(axis + 1, Dim::undistributed(array.shape()[axis])?);
    let mut subscripts = vec![Subscript::Slice(Slice::ALL); axis];
    subscripts.push(Subscript::NewAxis);
    copies(&array.part(&subscripts)?, dims, over)
}

/// One index on each rank of a dimension.
fn one_each(dim: &Dim) -> Result<Dim> {
    Ok(Block::new(dim.grid_size(), dim.grid_size())?.into())
}

/// An array that is repeated to the extents of `dims`, in this distribution, on the ranks of
/// `over`, whose grid differs by axes of one rank only.
fn copies(array: &DynArray, dims: Vec<Dim>, over: &Placement) -> Result<DynArray> {
    let shape: Vec<i64> = dims.iter().map(Dim::size).collect();
    array.broadcast_to(&shape)?.redistribute(over.on_first_ranks(Layout::new(dims)?)?)
}
