//! One factor of a move: a dimension met by the same dimension of the other layout, or a group of
//! dimensions by a group.

use super::axis::Axis;
use super::reshape::{self, Flat, Way, meet};
use super::shares::{self, Share};
use super::totals::{Factor, Meetings};
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::layout::Layout;

/// What a move is a product of: sources and targets, each with its own numbering.
#[derive(Debug, Clone)]
pub(super) enum Link {
    Dims { from: Dim, to: Dim },
    Groups { from: Flat, to: Flat },
}

/// The most pieces that a group's plans of all processes are made of.
const MOST_PIECES: i64 = 1 << 26;

impl Link {
    /// One for each dimension of an array.
    pub(super) fn all(from: &Layout, to: &Layout) -> Result<Vec<Link>> {
        super::same_array(from, to)?;
        let link = |(from, to): (&Dim, &Dim)| Link::Dims { from: from.clone(), to: to.clone() };
        Ok(from.dims().iter().zip(to.dims()).map(link).collect())
    }

    pub(super) fn of_group(from: Flat, to: Flat) -> Link {
        match (from.single(), to.single()) {
            (Some(from), Some(to)) => Link::Dims { from: from.clone(), to: to.clone() },
            _ => Link::Groups { from, to },
        }
    }

    /// The number of sources.
    pub(super) fn sources(&self) -> i64 {
        match self {
            Link::Dims { from, .. } => from.grid_size(),
            Link::Groups { from, .. } => from.processes(),
        }
    }

    /// The number of targets.
    pub(super) fn targets(&self) -> i64 {
        match self {
            Link::Dims { to, .. } => to.grid_size(),
            Link::Groups { to, .. } => to.processes(),
        }
    }

    /// What a source or a target has in common with all others. `left` is the number of pieces that
    /// may still be gone through.
    pub(super) fn axis(&self, at: GridRank, way: Way, left: &mut i64) -> Result<Axis> {
        match (self, way) {
            (Link::Dims { from, to }, Way::Outgoing) => Axis::outgoing(from, at, to, None),
            (Link::Dims { from, to }, Way::Incoming) => Axis::incoming(from, to, at),
            (Link::Groups { from, to }, Way::Outgoing) => meet(from, at, to, way, left),
            (Link::Groups { from, to }, Way::Incoming) => meet(to, at, from, way, left),
        }
    }

    /// Who gets how much of a source.
    pub(super) fn outgoing(&self, at: GridRank) -> Result<Vec<Share>> {
        match self {
            Link::Dims { from, to } => shares::outgoing(from, at, to),
            Link::Groups { .. } => {
                Ok(reshape::shares(&self.axis(at, Way::Outgoing, &mut reshape::MOST_PIECES.clone())?))
            }
        }
    }

    /// Who has how much for a target.
    pub(super) fn incoming(&self, at: GridRank) -> Result<Vec<Share>> {
        match self {
            Link::Dims { from, to } => {
                let shares = shares::incoming(from, to, at)?;
                complete(to, at, shares.iter().map(|share| share.processes * share.elements).sum())?;
                Ok(shares)
            }
            Link::Groups { .. } => {
                Ok(reshape::shares(&self.axis(at, Way::Incoming, &mut reshape::MOST_PIECES.clone())?))
            }
        }
    }

    /// The numbers of all.
    pub(super) fn factor(&self, meetings: Meetings) -> Result<Factor> {
        match self {
            Link::Dims { from, to } => {
                let factor = Factor::new(from, to, meetings)?;
                for (at, target) in (0..).map(GridRank).zip(factor.targets()) {
                    complete(to, at, target)?;
                }
                Ok(factor)
            }
            Link::Groups { .. } => {
                let mut left = MOST_PIECES;
                let shares = |at| Ok(reshape::shares(&self.axis(at, Way::Outgoing, &mut left)?));
                Factor::of_sources(self.sources(), self.targets(), meetings, shares)
            }
        }
    }

    /// The shares of every source, of groups that have no closed form.
    pub(super) fn every_source(&self, mut visit: impl FnMut(i64, &[Share])) -> Result<()> {
        let mut left = MOST_PIECES;
        for at in 0..self.sources() {
            visit(at, &reshape::shares(&self.axis(GridRank(at), Way::Outgoing, &mut left)?));
        }
        Ok(())
    }
}

/// Refuses a target for some of whose indices there is no source.
pub(super) fn complete(to: &Dim, at: GridRank, found: i64) -> Result<()> {
    let wanted = to.owned_len(at);
    if found == wanted {
        return Ok(());
    }
    let error = Error::new(ErrorKind::IndicesDiffer).with_grid_rank(at);
    Err(error.with_value("indices", wanted).with_expected(found))
}
