//! A transfer: the elements that two processes exchange, as a product of one factor a dimension, or
//! of one factor a group of dimensions.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use super::Plan;
use super::flat::Direction;
use super::overlaps::Overlaps;
use super::peer_overlaps::PeerOverlaps;
use super::reshape::Group;
use crate::grid::Grid;
use crate::index::Rank;

/// The elements that one process exchanges with another: the product over the dimensions of their
/// overlaps along each; or, in a reshape, over the groups of dimensions.
///
/// [`Plan`] and [`Halo`](super::Halo) make transfers, and nothing else does:
///
/// ```compile_fail
/// use dap_core::{index::Rank, plan::Transfer};
/// let _ = Transfer::new(Rank(0), []);
/// ```
///
/// ```compile_fail
/// use dap_core::{index::Rank, plan::Transfer};
/// let _ = Transfer { peer: Rank(0), factors: Default::default(), reshaped: None };
/// ```
#[derive(Debug, Clone)]
pub struct Transfer<'p> {
    peer: Rank,
    factors: SmallVec<[&'p Overlaps; 4]>,
    /// `None` if each factor is a dimension.
    reshaped: Option<Reshaped<'p>>,
}

/// A part of a transfer. It owns the factors that differ from those of the whole.
///
/// ```
/// use dap_core::dim::{Block, Cyclic};
/// use dap_core::{index::Rank, layout::Layout, plan::{Endpoints, Plan}};
/// let from = Layout::new(vec![Block::new(8, 2)?.into()])?;
/// let to = Layout::new(vec![Cyclic::new(8, 2, 1)?.into()])?;
/// let plan = Plan::new(&from, &to, Endpoints::both(Rank(0)))?;
/// let send = plan.sends().next().ok_or("nothing is sent")?;
/// assert_eq!(send.factors()[0].iter().collect::<Vec<_>>(), [(1, 0), (3, 1)]);
/// let second = send.slice(&[Some(1..2)]);
/// assert_eq!(second.transfer().factors()[0].iter().collect::<Vec<_>>(), [(3, 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TransferPart<'p> {
    peer: Rank,
    factors: SmallVec<[Cow<'p, Overlaps>; 4]>,
    reshaped: Option<Reshaped<'p>>,
}

impl TransferPart<'_> {
    /// The part, as a transfer.
    pub fn transfer(&self) -> Transfer<'_> {
        Transfer { peer: self.peer, factors: self.factors.iter().map(Cow::as_ref).collect(), reshaped: self.reshaped }
    }
}

/// The plan of a reshape that a transfer belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reshaped<'p> {
    pub(super) plan: &'p Plan,
    /// Whether the peer is the target or the source.
    pub(super) direction: Direction,
}

impl<'p> Transfer<'p> {
    /// The product of these factors, one for each dimension.
    pub(super) fn of_dims(peer: Rank, factors: &'p [Overlaps]) -> Transfer<'p> {
        Transfer { peer, factors: factors.iter().collect(), reshaped: None }
    }

    /// The elements with these numbers in each factor's order; `None` (or no entry) stands for all
    /// elements of a factor.
    pub fn slice(&self, positions: &[Option<Range<i64>>]) -> TransferPart<'p> {
        self.cut(positions, Overlaps::slice)
    }

    /// The elements at these positions of the source's buffer along each factor; `None` (or no
    /// entry) stands for all of them.
    pub fn within_source(&self, positions: &[Option<Range<i64>>]) -> TransferPart<'p> {
        self.cut(positions, Overlaps::within_source)
    }

    /// The elements at these positions of the target's buffer along each factor; `None` (or no
    /// entry) stands for all of them.
    pub fn within_target(&self, positions: &[Option<Range<i64>>]) -> TransferPart<'p> {
        self.cut(positions, Overlaps::within_target)
    }

    fn cut(
        &self,
        ranges: &[Option<Range<i64>>],
        within: impl Fn(&Overlaps, Range<i64>) -> Overlaps,
    ) -> TransferPart<'p> {
        let factor = |(at, &factor): (usize, &&'p Overlaps)| match ranges.get(at) {
            Some(Some(range)) => Cow::Owned(within(factor, range.clone())),
            _ => Cow::Borrowed(factor),
        };
        let factors = self.factors.iter().enumerate().map(factor).collect();
        TransferPart { peer: self.peer, factors, reshaped: self.reshaped }
    }

    /// The transfer with one process of the other side's `grid`.
    pub(super) fn with(
        axes: &'p [PeerOverlaps],
        grid: &Grid,
        reshaped: Option<Reshaped<'p>>,
        peer: Rank,
    ) -> Option<Transfer<'p>> {
        let coordinates = grid.coordinates(peer)?;
        let factors: Option<SmallVec<_>> =
            axes.iter().zip(coordinates).map(|(peer_overlaps, at)| peer_overlaps.with(at)).collect();
        factors.map(|factors| Transfer { peer, factors, reshaped })
    }

    /// The rank of the other process, in its own layout.
    pub fn peer(&self) -> Rank {
        self.peer
    }

    /// The overlaps along each dimension, or along each of the [groups](Transfer::groups).
    pub fn factors(&self) -> &[&'p Overlaps] {
        &self.factors
    }

    /// The dimensions of each factor, in a reshape; `None` if factor k is dimension k.
    pub fn groups(&self) -> Option<&'p [Group]> {
        self.reshaped?.plan.groups()
    }

    /// In a reshape, the extents of the source's buffer, padding included: the positions along a
    /// group count its indices in C order.
    pub fn source_shape(&self) -> Option<Vec<i64>> {
        let Reshaped { plan, direction } = self.reshaped?;
        let rank = if direction == Direction::Outgoing { plan.endpoints().source? } else { self.peer };
        plan.from().local_shape(rank)
    }

    /// In a reshape, the extents of the target's buffer, as [`Transfer::source_shape`].
    pub fn target_shape(&self) -> Option<Vec<i64>> {
        let Reshaped { plan, direction } = self.reshaped?;
        let rank = if direction == Direction::Outgoing { self.peer } else { plan.endpoints().target? };
        plan.to().local_shape(rank)
    }

    /// The number of elements.
    pub fn elements(&self) -> i64 {
        // The elements of a factor are at most those of its dimensions.
        super::product(self.factors.iter().map(|factor| factor.len()))
    }
}

/// All transfers, by ascending rank of the other process. `present` distinguishes a process that
/// takes no part from an array without dimensions.
pub(super) fn products<'p>(
    axes: &'p [PeerOverlaps],
    grid: &Grid,
    reshaped: Option<Reshaped<'p>>,
    present: bool,
) -> impl Iterator<Item = Transfer<'p>> + use<'p> {
    let extents: SmallVec<[i64; 4]> = grid.shape().into();
    let any = present && axes.iter().all(|peer_overlaps| !peer_overlaps.peers().is_empty());
    // An odometer over the peers along each factor, the last one fastest.
    let mut next: Option<SmallVec<[usize; 4]>> = any.then(|| SmallVec::from_elem(0, axes.len()));
    std::iter::from_fn(move || {
        let at = next.as_mut()?;
        let mut rank = 0;
        let mut factors = SmallVec::new();
        for ((peer_overlaps, &at), extent) in axes.iter().zip(at.iter()).zip(&extents) {
            let (coordinate, overlaps) = peer_overlaps.peers().get(at)?;
            rank = rank * extent + coordinate.0;
            factors.push(overlaps);
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
