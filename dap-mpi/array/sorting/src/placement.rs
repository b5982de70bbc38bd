//! The placements between which elements move.

use dap_array::{DynArray, Result};
use dap_core::algebra::Placement;
use dap_core::dim::{Block, Dim};
use dap_core::index::{GridRank, Rank};
use dap_core::layout::{DimSpec, Layout};

use crate::bounds::Bounds;

/// Whether one process has all indices of a dimension, in order.
pub(crate) fn is_local(dim: &Dim) -> bool {
    dim.grid_size() == 1 && matches!(dim, Dim::Block(_) | Dim::Cyclic(_))
}

/// A placement in which an axis has `len` indices, in blocks as even as can be; `placement` itself
/// if that is the axis's extent already.
pub(crate) fn resized(placement: &Placement, axis: usize, len: i64) -> Result<Placement> {
    if placement.shape()[axis] == len {
        return Ok(placement.clone());
    }
    let mut dims = placement.layout().dims().to_vec();
    dims[axis] = Block::balanced(len, dims[axis].grid_size())?.into();
    Ok(Placement::with_ranks(Layout::new(dims)?, placement.ranks().clone())?)
}

/// Blocks on the same number of ranks.
pub(crate) fn in_blocks(array: &DynArray) -> Result<Placement> {
    let processes = array.layout().processes();
    Ok(Layout::builder(array.shape().to_vec()).processes(processes).build()?.into())
}

/// A placement of one dimension in blocks of these lengths, on the ranks of another one.
pub(crate) fn in_parts(placement: &Placement, lens: &[u64]) -> Result<Placement> {
    let mut bounds = vec![0];
    lens.iter().for_each(|&len| bounds.push(bounds[bounds.len() - 1] + len as i64));
    let layout = Layout::new(vec![Block::from_bounds(bounds)?.into()])?;
    Ok(Placement::with_ranks(layout, placement.ranks().clone())?)
}

/// Whether an index lies on two ranks, or on none.
pub(crate) fn is_partial(layout: &Layout) -> bool {
    layout.dims().iter().any(|dim| match dim {
        Dim::Unstructured(lists) => !lists.is_disjoint() || lists.distinct() != lists.size(),
        _ => false,
    })
}

/// The placement in which the indices along an axis are in blocks in the order of the grid. The
/// number of indices of each process stays.
pub(crate) fn in_order(placement: &Placement, axis: usize) -> Result<Placement> {
    let mut dims = placement.layout().dims().to_vec();
    let dim = &mut dims[axis];
    if matches!(dim, Dim::Block(_)) {
        return Ok(placement.clone());
    }
    let mut bounds = vec![0];
    for rank in 0..dim.grid_size() {
        bounds.push(bounds[bounds.len() - 1] + dim.owned_len(GridRank(rank)));
    }
    *dim = Block::from_bounds(bounds)?.into();
    Ok(Placement::with_ranks(Layout::new(dims)?, placement.ranks().clone())?)
}

/// The positions of a line in order, by the rank that has them.
pub(crate) fn bounds_of(line: &Placement) -> Bounds {
    let (layout, ranks) = (line.layout(), line.ranks());
    let mut starts = vec![0];
    let mut holders = Vec::new();
    for section in (0..layout.processes()).map(Rank) {
        starts.push(starts[starts.len() - 1] + layout.owned_len(section) as u64);
        // Ranks of the communicator: the array's placement was checked against it.
        holders.push(ranks.holder(section).map_or(0, |rank| rank.0 as i32));
    }
    Bounds { starts, holders }
}

/// A placement with all of some axes on each process, and the other axes in blocks on the same
/// ranks; `None` if the ranks would have numbers of elements that differ by more than 5 %.
pub(crate) fn whole_axes(array: &DynArray, axes: &[usize]) -> Result<Option<Placement>> {
    let placement = with_axes_whole(array, axes)?;
    let layout = placement.layout();
    let most = (0..layout.processes()).map(|section| layout.owned_len(Rank(section))).max().unwrap_or(0);
    let processes = array.layout().processes();
    let is_even = i128::from(most) * i128::from(processes) * 20 <= i128::from(layout.len()) * 21;
    Ok(is_even.then_some(placement))
}

/// A placement with all of some axes on each process, and the other axes in blocks on the same
/// ranks, as even as can be.
pub(crate) fn with_axes_whole(array: &DynArray, axes: &[usize]) -> Result<Placement> {
    let specs: Vec<DimSpec> = (0..array.ndim())
        .map(|at| if axes.contains(&at) { DimSpec::Undistributed } else { DimSpec::Balanced })
        .collect();
    let layout = Layout::builder(array.shape().to_vec()).dims(specs).processes(array.layout().processes()).build()?;
    Ok(array.placement().on_first_ranks(layout)?)
}
