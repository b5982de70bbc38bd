//! A slice of an unstructured dimension: the lists without the indices that it leaves out.

use crate::algebra::progression::Progression;
use crate::dim::{Dim, Unstructured};
use crate::error::Result;
use crate::index::GridRank;

/// The dimension of a slice. It costs what the base lists.
pub(super) fn dim(dim: &Dim, slice: &Progression) -> Result<Dim> {
    let Dim::Unstructured(lists) = dim else { return Ok(dim.clone()) };
    let kept = |rank: GridRank| lists.indices(rank).filter_map(|index| slice.position(index.0)).collect();
    let kept: Vec<Vec<i64>> = (0..lists.grid_size()).map(GridRank).map(kept).collect();
    Unstructured::new(slice.len(), lists.is_one_to_one(), &kept).map(Dim::from)
}

/// The places in a process's buffer that a slice keeps, in order.
pub(in crate::algebra) fn kept_places<'a>(
    lists: &'a Unstructured,
    rank: GridRank,
    slice: &'a Progression,
) -> impl Iterator<Item = i64> + 'a {
    (0..).zip(lists.indices(rank)).filter(|(_, index)| slice.position(index.0).is_some()).map(|(place, _)| place)
}
