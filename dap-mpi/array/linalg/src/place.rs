//! The placements of operands and results: dimensions, ranks, and the move there.

use dap_array::{DynArray, ElementType, Result};
use dap_core::algebra::Placement;
use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::grid::Grid;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;

/// The ranks that hold the sections, in the order of the sections.
pub(crate) fn holders(placement: &Placement) -> Vec<i64> {
    let sections = 0..placement.layout().processes();
    sections.map(|section| placement.ranks().holder(Rank(section)).map_or(section, |rank| rank.0)).collect()
}

/// These dimensions on the first ranks of a placement, as many as the grid has.
pub(crate) fn placement(dims: Vec<Dim>, on: &Placement) -> Result<Placement> {
    Ok(on.on_first_ranks(Layout::new(dims)?)?)
}

/// Whether both say the same of each element.
pub(crate) fn is_same(one: &Placement, other: &Placement) -> bool {
    one.layout() == other.layout() && one.ranks().is_same(other.ranks())
}

/// The most indices that a process owns.
pub(crate) fn widest(dim: &Dim) -> i64 {
    (0..dim.grid_size()).map(|rank| dim.owned_len(GridRank(rank))).max().unwrap_or(0)
}

/// The most elements that a process owns, as a float: estimates do not overflow.
pub(crate) fn most_elements(dims: &[Dim]) -> f64 {
    dims.iter().map(|dim| widest(dim) as f64).product()
}

/// The number of processes along these dimensions.
pub(crate) fn processes(dims: &[Dim]) -> i64 {
    dims.iter().map(Dim::grid_size).fold(1, i64::saturating_mul)
}

/// Whether a new array can have a dimension of another: each index is on one process.
pub(crate) fn is_usable(dim: &Dim) -> bool {
    match dim {
        Dim::Unstructured(lists) => lists.is_disjoint() && dim.indices_are_0_to_size(),
        _ => dim.indices_are_0_to_size(),
    }
}

/// Dimensions on `wanted` processes: these themselves if they have as many, else new ones of their
/// kind, in blocks or cyclic. Fewer processes where the extents are too small.
pub(crate) fn over(dims: &[Dim], wanted: i64) -> Result<Vec<Dim>> {
    if processes(dims) == wanted && dims.iter().all(is_usable) {
        return Ok(dims.to_vec());
    }
    let shape: Vec<i64> = dims.iter().map(Dim::size).collect();
    let grid = Grid::choose(&shape, &vec![true; shape.len()], wanted)?;
    let along = |(dim, &count): (&Dim, &i64)| match dim {
        Dim::Cyclic(it) => Ok(Dim::Cyclic(Cyclic::new(it.size(), count, it.block_size())?)),
        _ => Ok(Dim::Block(Block::new(dim.size(), count)?)),
    };
    dims.iter().zip(grid.shape()).map(along).collect()
}

/// An axis along which each process has a copy of the one element.
pub(crate) fn copies(processes: i64) -> Result<Dim> {
    Ok(Dim::Block(Block::new(processes, processes)?))
}

/// The elements on the ranks of a placement, with this type. Axes of one element are repeated as
/// the placement says. Collective; elements that are there stay.
pub(crate) fn brought(array: &DynArray, to: &Placement, element: ElementType) -> Result<DynArray> {
    let whole = if array.shape() == to.shape() { array.clone() } else { array.broadcast_to(to.shape())? };
    let there = if is_same(whole.placement(), to) { whole } else { whole.redistribute(to)? };
    if there.element() == Some(element) { Ok(there) } else { there.expr().cast(element).eval() }
}

/// A result where an operand lies, if it has the shape of it, or else in blocks of its first axis
/// on the operand's ranks. Collective.
pub(crate) fn like(result: &DynArray, operand: &DynArray) -> Result<DynArray> {
    let placed = operand.placement();
    if result.shape() == operand.shape() && placed.layout().dims().iter().all(is_usable) {
        return result.redistribute(placed);
    }
    let layout = Layout::builder(result.shape().to_vec()).processes(placed.layout().processes()).build()?;
    result.redistribute(placed.on_first_ranks(layout)?)
}

/// The bytes that a rank copies of an array that is [brought] there, at most.
pub(crate) fn copied_bytes(array: &DynArray, to: &Placement, element: ElementType) -> f64 {
    let is_converted = array.element() != Some(element);
    if !is_converted && array.shape() == to.shape() && is_same(array.placement(), to) {
        return 0.0;
    }
    // An element that is converted is there twice for a while.
    let before = if is_converted { array.dtype().itemsize() } else { 0 };
    most_elements(to.layout().dims()) * (element.size() as i64 + before) as f64
}
