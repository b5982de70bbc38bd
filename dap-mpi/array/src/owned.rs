//! The indices that a process owns along one dimension.

use dap_core::dim::Dim;
use dap_core::index::{GridRank, LocalIndex};

/// The global indices, in the order of the process's part. `dim` has no padding.
pub(crate) fn indices(dim: &Dim, rank: GridRank) -> Vec<i64> {
    (0..dim.owned_len(rank)).filter_map(|local| dim.global(rank, LocalIndex(local))).map(|index| index.0).collect()
}
