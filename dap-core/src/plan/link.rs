//! One factor of a move: a dimension, met by the same dimension of the other layout.

use super::shares::{self, Share};
use super::totals::Factor;
use super::totals::Meetings;
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::layout::Layout;

/// What a move is a product of: sources and targets along one dimension, each with its own numbering.
#[derive(Debug, Clone)]
pub(super) struct Link {
    from: Dim,
    to: Dim,
}

impl Link {
    /// One for each dimension of the array.
    pub(super) fn all(from: &Layout, to: &Layout) -> Result<Vec<Link>> {
        super::same_array(from, to)?;
        let link = |(from, to): (&Dim, &Dim)| Link { from: from.clone(), to: to.clone() };
        Ok(from.dims().iter().zip(to.dims()).map(link).collect())
    }

    pub(super) fn dims(&self) -> (&Dim, &Dim) {
        (&self.from, &self.to)
    }

    /// Who gets how much of a source.
    pub(super) fn outgoing(&self, at: GridRank) -> Result<Vec<Share>> {
        shares::outgoing(&self.from, at, &self.to)
    }

    /// Who has how much for a target.
    pub(super) fn incoming(&self, at: GridRank) -> Result<Vec<Share>> {
        let shares = shares::incoming(&self.from, &self.to, at)?;
        self.complete(at, shares.iter().map(|share| share.processes * share.elements).sum())?;
        Ok(shares)
    }

    /// The numbers of all.
    pub(super) fn factor(&self, meetings: Meetings) -> Result<Factor> {
        let factor = Factor::new(&self.from, &self.to, meetings)?;
        for (at, target) in (0..).map(GridRank).zip(factor.targets()) {
            self.complete(at, target)?;
        }
        Ok(factor)
    }

    /// Refuses a target for some of whose indices there is no source.
    fn complete(&self, at: GridRank, found: i64) -> Result<()> {
        let wanted = self.to.owned_len(at);
        if found == wanted {
            return Ok(());
        }
        let error = Error::new(ErrorKind::IndicesDiffer).with_grid_rank(at);
        Err(error.with_value("indices", wanted).with_expected(found))
    }
}
