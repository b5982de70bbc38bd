//! One factor of a move: a pair of dimensions, or a pair of groups of dimensions.

use super::dim_overlaps;
use super::factor::{Factor, SharedPairs};
use super::flat::{self, Direction, Flat, meet};
use super::overlap_counts::{self, OverlapCount};
use super::peer_overlaps::PeerOverlaps;
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::layout::Layout;

/// The sources and targets along one factor, each with its own numbering.
#[derive(Debug, Clone)]
pub(super) enum FactorPair {
    Dims { from: Dim, to: Dim },
    Groups { from: Flat, to: Flat },
}

/// The greatest number of pieces in the plans of all processes along a group.
const MAX_PIECES: i64 = 1 << 26;

impl FactorPair {
    /// One pair for each dimension of an array.
    pub(super) fn all(from: &Layout, to: &Layout) -> Result<Vec<FactorPair>> {
        super::same_array(from, to)?;
        let factor_pair = |(from, to): (&Dim, &Dim)| FactorPair::Dims { from: from.clone(), to: to.clone() };
        Ok(from.dims().iter().zip(to.dims()).map(factor_pair).collect())
    }

    pub(super) fn of_group(from: Flat, to: Flat) -> FactorPair {
        match (from.single(), to.single()) {
            (Some(from), Some(to)) => FactorPair::Dims { from: from.clone(), to: to.clone() },
            _ => FactorPair::Groups { from, to },
        }
    }

    /// The number of sources.
    pub(super) fn sources(&self) -> i64 {
        match self {
            FactorPair::Dims { from, .. } => from.grid_size(),
            FactorPair::Groups { from, .. } => from.processes(),
        }
    }

    /// The number of targets.
    pub(super) fn targets(&self) -> i64 {
        match self {
            FactorPair::Dims { to, .. } => to.grid_size(),
            FactorPair::Groups { to, .. } => to.processes(),
        }
    }

    /// The overlaps of one source or target with all peers. `left` is the number of pieces that may
    /// still be visited.
    pub(super) fn peer_overlaps(&self, at: GridRank, direction: Direction, left: &mut i64) -> Result<PeerOverlaps> {
        match (self, direction) {
            (FactorPair::Dims { from, to }, Direction::Outgoing) => dim_overlaps::outgoing(from, at, to, None),
            (FactorPair::Dims { from, to }, Direction::Incoming) => dim_overlaps::incoming(from, to, at),
            (FactorPair::Groups { from, to }, Direction::Outgoing) => meet(from, at, to, direction, left),
            (FactorPair::Groups { from, to }, Direction::Incoming) => meet(to, at, from, direction, left),
        }
    }

    /// The number of elements that each target gets from a source.
    pub(super) fn outgoing(&self, at: GridRank) -> Result<Vec<OverlapCount>> {
        match self {
            FactorPair::Dims { from, to } => overlap_counts::outgoing(from, at, to),
            FactorPair::Groups { .. } => {
                Ok(self.peer_overlaps(at, Direction::Outgoing, &mut flat::MAX_PIECES.clone())?.counts())
            }
        }
    }

    /// The number of elements that each source has for a target.
    pub(super) fn incoming(&self, at: GridRank) -> Result<Vec<OverlapCount>> {
        match self {
            FactorPair::Dims { from, to } => {
                let overlap_counts = overlap_counts::incoming(from, to, at)?;
                complete(to, at, overlap_counts.iter().map(|count| count.processes * count.elements).sum())?;
                Ok(overlap_counts)
            }
            FactorPair::Groups { .. } => {
                Ok(self.peer_overlaps(at, Direction::Incoming, &mut flat::MAX_PIECES.clone())?.counts())
            }
        }
    }

    /// The numbers of all sources and targets.
    pub(super) fn factor(&self, shared_pairs: SharedPairs) -> Result<Factor> {
        match self {
            FactorPair::Dims { from, to } => {
                let factor = Factor::new(from, to, shared_pairs)?;
                for (at, target) in (0..).map(GridRank).zip(factor.targets()) {
                    complete(to, at, target)?;
                }
                Ok(factor)
            }
            FactorPair::Groups { .. } => {
                let mut left = MAX_PIECES;
                let overlap_counts = |at| Ok(self.peer_overlaps(at, Direction::Outgoing, &mut left)?.counts());
                Factor::of_sources(self.sources(), self.targets(), shared_pairs, overlap_counts)
            }
        }
    }

    /// The overlap counts of every source, for groups that have no closed form.
    pub(super) fn every_source(&self, mut visit: impl FnMut(i64, &[OverlapCount])) -> Result<()> {
        let mut left = MAX_PIECES;
        for at in 0..self.sources() {
            visit(at, &self.peer_overlaps(GridRank(at), Direction::Outgoing, &mut left)?.counts());
        }
        Ok(())
    }
}

/// Refuses a target with indices that have no source.
pub(super) fn complete(to: &Dim, at: GridRank, found: i64) -> Result<()> {
    let wanted = to.owned_len(at);
    if found == wanted {
        return Ok(());
    }
    let error = Error::new(ErrorKind::IndicesDiffer).with_grid_rank(at);
    Err(error.with_value("indices", wanted).with_expected(found))
}
