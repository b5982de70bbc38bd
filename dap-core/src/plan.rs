//! Plans: the elements that each process sends, receives and keeps when an array moves from one
//! distribution to another.
//!
//! A layout is a product of dimensions, so an exchange is a product too. Along each dimension a
//! process has some peers ([`PeerOverlaps`]), and it shares a few strided groups of indices with
//! each of them ([`Overlaps`]). The elements that two processes exchange ([`Transfer`]) are the
//! product of these, one factor a dimension. A [`Plan`] holds the factors and never a product. Its
//! size and the time to make it depend neither on the number of elements nor on the number of
//! processes of the whole grid; only unstructured dimensions cost in proportion to their lists.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::{Endpoints, Plan};
//! // Eight elements in two blocks become cyclic: each process keeps half of its elements.
//! let from = Layout::new(vec![Block::new(8, 2)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(8, 2, 1)?.into()])?;
//! let plan = Plan::new(&from, &to, Endpoints::both(Rank(0)))?;
//! assert_eq!(plan.kept().map(|kept| kept.elements()), Some(2));
//! let sends: Vec<_> = plan.sends().map(|send| (send.peer(), send.elements())).collect();
//! assert_eq!(sends, [(Rank(1), 2)]);
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! A plan is mathematics: it knows no buffer, no memory order, no item type and no transport.
//! Elements of a transfer are in C order of its factors, and along each factor in the order of
//! [`Overlaps::iter`], so both ends enumerate them alike. That order is group by group, and within
//! a group run by run. Strided groups interleave, so it is not always the order of the global
//! indices.
//!
//! There are cheaper answers if only numbers are needed: [`Totals`] of all processes together, a
//! [`Row`] of one process, and the message [`Matrix`] by groups of ranks. None of them lists pairs.
//!
//! A plan also describes a *reshape* ([`Plan::reshape`]): the same items in the same row-major
//! order, as an array of another shape. Its factors are not dimensions but [`Group`]s of
//! neighbouring dimensions; everything else is the same.
//!
//! Owned elements move. A move does not fill communication padding of the target; a [`Halo`] does.
//! If several processes hold an unstructured index, the lowest grid rank is the source, and every
//! holder is written.

mod dim_overlaps;
mod factor;
mod factor_pair;
mod flat;
mod halo;
mod matrix;
mod overlap_counts;
mod overlaps;
mod pairs;
mod peer_overlaps;
mod positions;
mod reshape;
mod row;
mod slices;
mod totals;
mod transfer;
mod unstructured;

pub use halo::{Halo, Message, Stencil};
pub use matrix::Matrix;
pub use overlaps::{OverlapForm, Overlaps};
pub use peer_overlaps::PeerOverlaps;
pub use positions::{Positions, SharedSlice};
pub use reshape::Group;
pub use row::Row;
pub use totals::{Largest, Spread, Totals};
pub use transfer::{Transfer, TransferPart};

use std::ops::Range;

use factor_pair::complete;
use flat::Direction;
use reshape::Grouped;
use transfer::Reshaped;

use crate::error::{Error, ErrorKind, Result};
use crate::grid::Grid;
use crate::index::{GridRank, Rank};
use crate::layout::Layout;

/// The ranks of one process among the sources and among the targets. Either may be missing, since
/// the process sets may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoints {
    /// The rank in the source layout.
    pub source: Option<Rank>,
    /// The rank in the target layout.
    pub target: Option<Rank>,
}

impl Endpoints {
    /// The same rank on both sides.
    pub const fn both(rank: Rank) -> Endpoints {
        Endpoints { source: Some(rank), target: Some(rank) }
    }
}

/// One process's part in moving an array from one layout to another, of the same shape or of
/// another. See the [module](self).
#[derive(Debug, Clone)]
pub struct Plan {
    from: Layout,
    to: Layout,
    endpoints: Endpoints,
    /// The groups of a reshape; `None` if each dimension is a factor.
    grouped: Option<Grouped>,
    /// For each factor, the targets of this process's elements. Empty if it is no source.
    outgoing: Vec<PeerOverlaps>,
    /// For each factor, the sources of this process's elements. Empty if it is no target.
    incoming: Vec<PeerOverlaps>,
}

impl Plan {
    /// The part of `endpoints` in moving an array from one layout to another.
    ///
    /// # Errors
    /// Another number of dimensions, another extent, or other indices of an unstructured dimension
    /// (if the number of indices is the same, the target that holds an index without a source
    /// notices it); a rank that its layout does not have; along one dimension more than 2^24 peers,
    /// or more than 2^24 blocks in the common period of two cyclic distributions
    /// ([`ErrorKind::PlanTooLarge`]).
    pub fn new(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Plan> {
        same_array(from, to)?;
        let sides = || from.dims().iter().zip(to.dims()).enumerate();
        let place = |layout: &Layout, rank: Option<Rank>| rank.map(|rank| coordinates(layout.grid(), rank)).transpose();
        let (source, target) = (place(from, endpoints.source)?, place(to, endpoints.target)?);
        let (mut incoming, mut outgoing) = (Vec::new(), Vec::new());
        for ((dim, (from, to)), &at) in sides().zip(target.iter().flatten()) {
            let peer_overlaps = dim_overlaps::incoming(from, to, at).map_err(|error| error.with_dim(dim))?;
            let named = |error: Error| endpoints.target.into_iter().fold(error.with_dim(dim), Error::with_rank);
            complete(to, at, peer_overlaps.elements()).map_err(named)?;
            incoming.push(peer_overlaps);
        }
        for ((dim, (from, to)), &at) in sides().zip(source.iter().flatten()) {
            // Kept elements are the same overlap seen from either side.
            let stays = |target: &Vec<GridRank>| Some((target[dim], incoming[dim].with(at)?));
            let kept = target.as_ref().and_then(stays);
            outgoing.push(dim_overlaps::outgoing(from, at, to, kept).map_err(|error| error.with_dim(dim))?);
        }
        Ok(Plan { from: from.clone(), to: to.clone(), endpoints, grouped: None, outgoing, incoming })
    }

    /// The source layout.
    pub fn from(&self) -> &Layout {
        &self.from
    }

    /// The target layout.
    pub fn to(&self) -> &Layout {
        &self.to
    }

    /// The ranks of this plan's process.
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints
    }

    /// The groups of dimensions that are the factors of a reshape: all dimensions belong to one of
    /// them, in order. `None` for a plan of one shape, whose factors are its dimensions.
    pub fn groups(&self) -> Option<&[Group]> {
        self.grouped.as_ref().map(|grouped| &grouped.groups[..])
    }

    fn reshaped(&self, direction: Direction) -> Option<Reshaped<'_>> {
        self.grouped.is_some().then_some(Reshaped { plan: self, direction })
    }

    /// The sources as a process grid with one dimension a factor.
    pub fn source_grid(&self) -> &Grid {
        self.grouped.as_ref().map_or_else(|| self.from.grid(), |grouped| &grouped.grids[0])
    }

    /// The targets as a process grid with one dimension a factor.
    pub fn target_grid(&self) -> &Grid {
        self.grouped.as_ref().map_or_else(|| self.to.grid(), |grouped| &grouped.grids[1])
    }

    /// The number of positions of a target's buffer along each factor, padding included; `None` if
    /// there is no such target.
    pub fn target_extents(&self, rank: Rank) -> Option<Vec<i64>> {
        Some(self.extents(self.to.local_shape(rank)?, |group| group.target.clone()))
    }

    /// The number of positions of a source's buffer along each factor, padding included; `None` if
    /// there is no such source.
    pub fn source_extents(&self, rank: Rank) -> Option<Vec<i64>> {
        Some(self.extents(self.from.local_shape(rank)?, |group| group.source.clone()))
    }

    fn extents(&self, shape: Vec<i64>, dims: impl Fn(&Group) -> Range<usize>) -> Vec<i64> {
        let Some(groups) = self.groups() else { return shape };
        let positions = |group| product(shape.get(dims(group)).unwrap_or(&[]).iter().copied());
        groups.iter().map(positions).collect()
    }

    /// For each factor, the targets that get elements of this process; empty if it is no source.
    pub fn outgoing(&self) -> &[PeerOverlaps] {
        &self.outgoing
    }

    /// For each factor, the sources that have elements for this process, itself included; empty if
    /// it is no target.
    pub fn incoming(&self) -> &[PeerOverlaps] {
        &self.incoming
    }

    /// The number of elements that this process receives and keeps.
    pub fn incoming_elements(&self) -> i64 {
        // An extent of 0 may follow extents whose product is beyond 64 bits.
        product(self.incoming.iter().map(PeerOverlaps::elements))
    }

    /// The transfers from this process to others, by ascending rank of the target.
    pub fn sends(&self) -> impl Iterator<Item = Transfer<'_>> {
        let kept = self.endpoints.target;
        transfer::products(
            &self.outgoing,
            self.target_grid(),
            self.reshaped(Direction::Outgoing),
            self.endpoints.source.is_some(),
        )
        .filter(move |transfer| Some(transfer.peer()) != kept)
    }

    /// The transfers from others to this process, by ascending rank of the source.
    pub fn receives(&self) -> impl Iterator<Item = Transfer<'_>> {
        let kept = self.endpoints.source;
        self.supplies().filter(move |transfer| Some(transfer.peer()) != kept)
    }

    /// The transfers that make up this process's target section, by ascending rank of the source:
    /// received and kept elements.
    pub fn supplies(&self) -> impl Iterator<Item = Transfer<'_>> {
        transfer::products(
            &self.incoming,
            self.source_grid(),
            self.reshaped(Direction::Incoming),
            self.endpoints.target.is_some(),
        )
    }

    /// The part of the plan for some positions of this process's target buffer: a range for each
    /// factor, `None` (or no entry) for all of it. It describes incoming elements only.
    pub fn within(&self, positions: &[Option<Range<i64>>]) -> Plan {
        let peer_overlaps = |(at, peer_overlaps): (usize, &PeerOverlaps)| match positions.get(at) {
            Some(Some(positions)) => peer_overlaps.within(positions),
            _ => peer_overlaps.clone(),
        };
        Plan {
            from: self.from.clone(),
            to: self.to.clone(),
            endpoints: self.endpoints,
            grouped: self.grouped.clone(),
            outgoing: vec![PeerOverlaps::default(); self.outgoing.len()],
            incoming: self.incoming.iter().enumerate().map(peer_overlaps).collect(),
        }
    }

    /// The plan of the way back: the same pairs of positions, from this plan's targets to its
    /// sources. Elements that a process sends in one it receives in the other, in the same order.
    #[must_use]
    pub fn reversed(&self) -> Plan {
        Plan {
            from: self.to.clone(),
            to: self.from.clone(),
            endpoints: Endpoints { source: self.endpoints.target, target: self.endpoints.source },
            grouped: self.grouped.as_ref().map(Grouped::reversed),
            outgoing: self.incoming.iter().map(PeerOverlaps::reversed).collect(),
            incoming: self.outgoing.iter().map(PeerOverlaps::reversed).collect(),
        }
    }

    /// The transfer from this process to one other; `None` if it is empty.
    pub fn outgoing_to(&self, peer: Rank) -> Option<Transfer<'_>> {
        self.endpoints.source?;
        Transfer::with(&self.outgoing, self.target_grid(), self.reshaped(Direction::Outgoing), peer)
            .filter(|_| Some(peer) != self.endpoints.target)
    }

    /// The transfer from one other process to this one; `None` if it is empty.
    pub fn incoming_from(&self, peer: Rank) -> Option<Transfer<'_>> {
        self.endpoints.target?;
        Transfer::with(&self.incoming, self.source_grid(), self.reshaped(Direction::Incoming), peer)
            .filter(|_| Some(peer) != self.endpoints.source)
    }

    /// Elements whose source and target are both this process (a local copy).
    pub fn kept(&self) -> Option<Transfer<'_>> {
        self.endpoints.source?;
        Transfer::with(&self.outgoing, self.target_grid(), self.reshaped(Direction::Outgoing), self.endpoints.target?)
    }
}

/// The product of non-negative numbers that are bounded by extents whose product fits. The product
/// of the numbers before a 0 may not fit.
fn product(numbers: impl IntoIterator<Item = i64>) -> i64 {
    numbers.into_iter().fold(1, i64::saturating_mul)
}

/// Refuses layouts that do not describe the same array.
fn same_array(from: &Layout, to: &Layout) -> Result<()> {
    let ndim = |layout: &Layout| i64::try_from(layout.ndim()).unwrap_or(i64::MAX);
    if from.ndim() != to.ndim() {
        return Err(Error::new(ErrorKind::ShapesDiffer).with_value("ndim", ndim(to)).with_expected(ndim(from)));
    }
    for (dim, (a, b)) in from.dims().iter().zip(to.dims()).enumerate() {
        use crate::dim::Dim::{self, Unstructured};
        let differ = |kind, value, expected| {
            Err(Error::new(kind).with_dim(dim).with_value("size", value).with_expected(expected))
        };
        let count = |dim: &Dim| if let Unstructured(unstructured) = dim { unstructured.distinct() } else { dim.size() };
        let is_from_0 =
            |dim: &Dim| !matches!(dim, Unstructured(unstructured) if !unstructured.labels_are_0_to_distinct());
        match (a, b) {
            // If indices are shared, `size` may count them once or several times.
            (Unstructured(a), Unstructured(b)) if a.distinct() != b.distinct() => {
                return differ(ErrorKind::IndicesDiffer, b.distinct(), a.distinct());
            }
            (Unstructured(_), Unstructured(_)) => {}
            (a, b) if !(is_from_0(a) && is_from_0(b)) => {
                return Err(Error::new(ErrorKind::IndicesNotCounted).with_dim(dim));
            }
            (a, b) if count(a) != count(b) => return differ(ErrorKind::ShapesDiffer, count(b), count(a)),
            _ => {}
        }
    }
    Ok(())
}

/// The coordinates of a rank that the grid must have.
fn coordinates(grid: &Grid, rank: Rank) -> Result<Vec<GridRank>> {
    grid.coordinates(rank).ok_or_else(|| grid.no_rank(rank))
}

#[cfg(test)]
mod tests;
