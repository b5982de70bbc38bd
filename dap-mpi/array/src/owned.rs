//! The indices that a process holds along each dimension.

use dap_core::algebra::Placement;
use dap_core::dim::{Block, Dim};
use dap_core::index::{GridRank, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_mpi::Result;

/// The global indices, in the order of the process's part. `dim` has no padding.
pub(crate) fn indices(dim: &Dim, rank: GridRank) -> Vec<i64> {
    (0..dim.owned_len(rank)).filter_map(|local| dim.global(rank, LocalIndex(local))).map(|index| index.0).collect()
}

/// The placement with blocks that are as even as can be along some axes, on the same ranks.
pub(crate) fn in_blocks(placement: &Placement, is_cut: impl Fn(usize, &Dim) -> bool) -> Result<Placement> {
    let mut dims = placement.layout().dims().to_vec();
    for (axis, dim) in dims.iter_mut().enumerate() {
        if is_cut(axis, dim) {
            *dim = Block::balanced(dim.size(), dim.grid_size())?.into();
        }
    }
    Ok(Placement::with_ranks(Layout::new(dims)?, placement.ranks().clone())?)
}

/// Whether an element lies on two ranks: an unstructured dimension has an index twice.
pub(crate) fn is_shared(layout: &Layout) -> bool {
    layout.dims().iter().any(|dim| matches!(dim, Dim::Unstructured(it) if !it.is_disjoint()))
}

/// For each dimension, the global index at each place of a process's buffer: of the element there,
/// or of the one that communication padding images; `None` for boundary padding.
pub(crate) fn imaged(layout: &Layout, rank: Rank) -> Vec<Vec<Option<i64>>> {
    let (Some(shape), Some(ranks)) = (layout.local_shape(rank), layout.grid().coordinates(rank)) else {
        return Vec::new();
    };
    let along = |((dim, extent), &rank): ((&Dim, i64), &GridRank)| {
        (0..extent).map(|local| dim.global(rank, LocalIndex(local)).map(|index| index.0)).collect()
    };
    layout.dims().iter().zip(shape).zip(&ranks).map(along).collect()
}
