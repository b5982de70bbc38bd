//! The indices that a process holds along each dimension.

use dap_core::dim::Dim;
use dap_core::index::{GridRank, LocalIndex, Rank};
use dap_core::layout::Layout;

/// The global indices, in the order of the process's part. `dim` has no padding.
pub(crate) fn indices(dim: &Dim, rank: GridRank) -> Vec<i64> {
    (0..dim.owned_len(rank)).filter_map(|local| dim.global(rank, LocalIndex(local))).map(|index| index.0).collect()
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
