//! The cost of moving an array from one placement to another.

use super::placement::Placement;
use crate::error::{Result, at_most};
use crate::index::Rank;
use crate::plan::Totals;

/// The most sections that are counted one by one.
const MOST_SECTIONS: i64 = 1 << 20;

/// The amount that goes between different ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Cost {
    /// The number of elements.
    pub elements: i64,
    /// The number of pairs of ranks of which one sends something to the other.
    pub messages: i64,
}

impl Placement {
    /// The totals of moving an array of this placement to another one, whose ranks are those of the
    /// communicator.
    ///
    /// Where section r lies on rank r in both this is [`Totals::new`], otherwise
    /// [`Totals::on_ranks`].
    ///
    /// ```
    /// use dap_core::algebra::{Placement, View};
    /// use dap_core::layout::Layout;
    /// let base = Placement::new(Layout::builder([8]).processes(2).build()?);
    /// let flipped = View::of(&base).flip(&[0])?.placement()?;
    /// // The ranks change places, so that all elements move.
    /// let totals = flipped.totals_to(&base)?;
    /// assert_eq!((totals.moved(), totals.kept(), totals.messages()), (8, 0, 2));
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Totals::new`]; more than 2^20 sections on one side, where they lie on other ranks.
    pub fn totals_to(&self, target: &Placement) -> Result<Totals> {
        if self.ranks().is_identity() && target.ranks().is_identity() {
            return Totals::new(self.layout(), target.layout());
        }
        Totals::on_ranks((self.layout(), &self.holders()?), (target.layout(), &target.holders()?))
    }

    /// The amount that moves from this placement to another one.
    ///
    /// # Errors
    /// As [`Placement::totals_to`].
    pub fn cost_to(&self, target: &Placement) -> Result<Cost> {
        let totals = self.totals_to(target)?;
        Ok(Cost { elements: totals.moved(), messages: totals.messages() })
    }

    /// The rank of each section.
    fn holders(&self) -> Result<Vec<i64>> {
        let sections = at_most("processes", self.layout().processes(), MOST_SECTIONS)?;
        Ok((0..sections).filter_map(|section| self.ranks().holder(Rank(section))).map(|rank| rank.0).collect())
    }
}
