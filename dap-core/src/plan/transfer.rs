//! What two processes exchange: a product, one factor a dimension, or one a group of dimensions.

use smallvec::SmallVec;

use super::Plan;
use super::axis::Axis;
use super::common::Common;
use super::reshape::{Group, Way};
use crate::grid::Grid;
use crate::index::Rank;

/// What one process has in common with another: the product over the dimensions of the elements that they have in common along each; or,
/// in a reshape, over the groups of dimensions.
#[derive(Debug, Clone)]
pub struct Transfer<'p> {
    peer: Rank,
    factors: SmallVec<[&'p Common; 4]>,
    /// Nothing: each factor is a dimension.
    reshaped: Option<Reshaped<'p>>,
}

/// The plan of a reshape that a transfer belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reshaped<'p> {
    pub(super) plan: &'p Plan,
    /// Whether the peer is the target or the source.
    pub(super) way: Way,
}

impl<'p> Transfer<'p> {
    /// The product of these factors, one for each dimension.
    pub fn new(peer: Rank, factors: impl IntoIterator<Item = &'p Common>) -> Transfer<'p> {
        Transfer { peer, factors: factors.into_iter().collect(), reshaped: None }
    }

    /// A part of this: as many factors, along the same dimensions or groups.
    pub fn part<'q>(&self, factors: impl IntoIterator<Item = &'q Common>) -> Transfer<'q>
    where
        'p: 'q,
    {
        Transfer { peer: self.peer, factors: factors.into_iter().collect(), reshaped: self.reshaped }
    }

    /// What is exchanged with one process of the other side's `grid`.
    pub(super) fn with(
        axes: &'p [Axis],
        grid: &Grid,
        reshaped: Option<Reshaped<'p>>,
        peer: Rank,
    ) -> Option<Transfer<'p>> {
        let coordinates = grid.coordinates(peer)?;
        let factors: Option<SmallVec<_>> = axes.iter().zip(coordinates).map(|(axis, at)| axis.with(at)).collect();
        factors.map(|factors| Transfer { peer, factors, reshaped })
    }

    /// The rank of the other process, in its own layout.
    pub fn peer(&self) -> Rank {
        self.peer
    }

    /// What is common along each dimension, or along each of the [groups](Transfer::groups).
    pub fn factors(&self) -> &[&'p Common] {
        &self.factors
    }

    /// The dimensions that each factor is about, in a reshape; `None` where each is about the dimension of its number.
    pub fn groups(&self) -> Option<&'p [Group]> {
        self.reshaped?.plan.groups()
    }

    /// In a reshape, the extents of the source's buffer, padding included: the places along a group count its indices in C order.
    pub fn source_shape(&self) -> Option<Vec<i64>> {
        let Reshaped { plan, way } = self.reshaped?;
        let rank = if way == Way::Outgoing { plan.party().source? } else { self.peer };
        plan.from().local_shape(rank)
    }

    /// In a reshape, the extents of the target's buffer, as [`Transfer::source_shape`].
    pub fn target_shape(&self) -> Option<Vec<i64>> {
        let Reshaped { plan, way } = self.reshaped?;
        let rank = if way == Way::Outgoing { self.peer } else { plan.party().target? };
        plan.to().local_shape(rank)
    }

    /// The number of elements.
    pub fn elements(&self) -> i64 {
        // No factor is longer than its dimensions.
        super::product(self.factors.iter().map(|common| common.len()))
    }
}

/// All transfers, by ascending rank of the other process. `present` tells a process that takes no part from an array without dimensions.
pub(super) fn products<'p>(
    axes: &'p [Axis],
    grid: &Grid,
    reshaped: Option<Reshaped<'p>>,
    present: bool,
) -> impl Iterator<Item = Transfer<'p>> + use<'p> {
    let extents: SmallVec<[i64; 4]> = grid.shape().into();
    let any = present && axes.iter().all(|axis| !axis.peers().is_empty());
    // An odometer over the peers along each factor, the last one fastest.
    let mut next: Option<SmallVec<[usize; 4]>> = any.then(|| SmallVec::from_elem(0, axes.len()));
    std::iter::from_fn(move || {
        let at = next.as_mut()?;
        let mut rank = 0;
        let mut factors = SmallVec::new();
        for ((axis, &at), extent) in axes.iter().zip(at.iter()).zip(&extents) {
            let (coordinate, common) = axis.peers().get(at)?;
            rank = rank * extent + coordinate.0;
            factors.push(common);
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
        Some(Transfer { peer: Rank(rank), factors, reshaped })
    })
}
