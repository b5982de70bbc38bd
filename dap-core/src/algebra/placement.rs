//! A layout, and the ranks of a communicator that hold its sections.

use std::fmt;

use super::rank_map::RankMap;
use super::resized::without_padding;
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Rank;
use crate::layout::Layout;

/// The distribution of an array over the ranks of a communicator. Cloning costs a few words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Placement {
    layout: Layout,
    ranks: RankMap,
}

impl Placement {
    /// A layout whose section r lies on rank r of the communicator.
    pub fn new(layout: Layout) -> Placement {
        let ranks = RankMap::identity(layout.grid());
        Placement { layout, ranks }
    }

    /// A layout, and the ranks that hold its sections.
    ///
    /// # Errors
    /// A map of ranks for another process grid than that of the layout.
    pub fn with_ranks(layout: Layout, ranks: RankMap) -> Result<Placement> {
        if ranks.grid() != layout.grid().shape() {
            let found = ranks.grid().iter().fold(1, |product: i64, &extent| product.saturating_mul(extent));
            let error = Error::new(ErrorKind::Count).with_value("ranks", found);
            return Err(error.with_expected(layout.processes()));
        }
        Ok(Placement { layout, ranks })
    }

    /// A smaller layout on the ranks that hold the first sections of this one.
    ///
    /// # Errors
    /// A layout with more sections.
    pub fn on_first_ranks(&self, layout: Layout) -> Result<Placement> {
        let holders = (0..layout.processes()).map_while(|section| self.ranks.holder(Rank(section)));
        let ranks = RankMap::listed(layout.grid(), holders.map(|rank| rank.0).collect::<Vec<_>>())?;
        Placement::with_ranks(layout, ranks)
    }

    /// The same owners without padding, and without declared periodicity.
    ///
    /// ```
    /// use dap_core::algebra::Placement;
    /// use dap_core::layout::Layout;
    /// let padded = Placement::new(Layout::builder([8]).processes(2).halo(1).build()?);
    /// assert_eq!(padded.without_padding()?.to_string(), "(8,) over 2: block(4)");
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// None of a layout that exists.
    pub fn without_padding(&self) -> Result<Placement> {
        let is_padded = |dim: &Dim| matches!(dim, Dim::Block(block) if !block.is_unpadded() || block.is_periodic());
        if !self.layout.dims().iter().any(is_padded) {
            return Ok(self.clone());
        }
        let dims = self.layout.dims().iter().map(without_padding).collect::<Result<Vec<_>>>()?;
        Ok(Placement { layout: Layout::new(dims)?, ranks: self.ranks.clone() })
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Which rank of the communicator holds which section.
    pub fn ranks(&self) -> &RankMap {
        &self.ranks
    }

    /// The extents of the whole array.
    pub fn shape(&self) -> &[i64] {
        self.layout.shape()
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }
}

impl From<&Layout> for Placement {
    fn from(layout: &Layout) -> Placement {
        Placement::new(layout.clone())
    }
}

impl From<&Placement> for Placement {
    fn from(placement: &Placement) -> Placement {
        placement.clone()
    }
}

impl From<Layout> for Placement {
    fn from(layout: Layout) -> Placement {
        Placement::new(layout)
    }
}

impl fmt::Display for Placement {
    /// The layout; behind it ` on ranks 3, 2, 1, 0` where layout ranks are not those of the
    /// communicator, at most eight of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.layout.fmt(f)?;
        if self.ranks.is_identity() { Ok(()) } else { write!(f, " on ranks {}", self.ranks) }
    }
}
