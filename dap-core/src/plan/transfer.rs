//! What two processes exchange: a product, one factor a dimension.

use smallvec::SmallVec;

use super::axis::Axis;
use super::common::Common;
use crate::grid::Grid;
use crate::index::Rank;

/// What one process has in common with another: the product over the dimensions of the elements that they have in common along each.
#[derive(Debug, Clone)]
pub struct Transfer<'p> {
    peer: Rank,
    dims: SmallVec<[&'p Common; 4]>,
}

impl<'p> Transfer<'p> {
    /// The product of these factors, one for each dimension.
    pub fn new(peer: Rank, dims: impl IntoIterator<Item = &'p Common>) -> Transfer<'p> {
        Transfer { peer, dims: dims.into_iter().collect() }
    }

    /// What is exchanged with one process of the other side's `grid`.
    pub(super) fn with(axes: &'p [Axis], grid: &Grid, peer: Rank) -> Option<Transfer<'p>> {
        let coordinates = grid.coordinates(peer)?;
        let dims: Option<SmallVec<_>> = axes.iter().zip(coordinates).map(|(axis, at)| axis.with(at)).collect();
        dims.map(|dims| Transfer { peer, dims })
    }

    /// The rank of the other process, in its own layout.
    pub fn peer(&self) -> Rank {
        self.peer
    }

    /// What is common along each dimension.
    pub fn dims(&self) -> &[&'p Common] {
        &self.dims
    }

    /// The number of elements.
    pub fn elements(&self) -> i64 {
        // No factor is longer than the dimension, and the product of those fits.
        self.dims.iter().map(|common| common.len()).product()
    }
}

/// All transfers, by ascending rank of the other process. `present` tells a process that takes no part from an array without dimensions.
pub(super) fn products<'p>(
    axes: &'p [Axis],
    grid: &Grid,
    present: bool,
) -> impl Iterator<Item = Transfer<'p>> + use<'p> {
    let extents: SmallVec<[i64; 4]> = grid.shape().into();
    let any = present && axes.iter().all(|axis| !axis.peers().is_empty());
    // An odometer over the peers of each dimension, the last one fastest.
    let mut next: Option<SmallVec<[usize; 4]>> = any.then(|| SmallVec::from_elem(0, axes.len()));
    std::iter::from_fn(move || {
        let at = next.as_mut()?;
        let mut rank = 0;
        let mut dims = SmallVec::new();
        for ((axis, &at), extent) in axes.iter().zip(at.iter()).zip(&extents) {
            let (coordinate, common) = axis.peers().get(at)?;
            rank = rank * extent + coordinate.0;
            dims.push(common);
        }
        let turned = (0..at.len()).rev().find(|&dim| {
            at[dim] += 1;
            let more = at[dim] < axes[dim].peers().len();
            if !more {
                at[dim] = 0;
            }
            more
        });
        if turned.is_none() {
            next = None;
        }
        Some(Transfer { peer: Rank(rank), dims })
    })
}
