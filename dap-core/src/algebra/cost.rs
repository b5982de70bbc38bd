//! The cost of moving an array from one placement to another.

use super::placement::Placement;
use crate::error::Result;
use crate::plan::Totals;

/// The amount that goes between different ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Cost {
    /// The number of elements.
    pub elements: i64,
    /// The number of pairs of ranks of which one sends something to the other.
    pub messages: i64,
}

impl Placement {
    /// The cost of moving an array of this placement to another one, by counting.
    ///
    /// # Errors
    /// As [`Totals::between`].
    pub fn cost_to(&self, target: &Placement) -> Result<Cost> {
        let totals = Totals::between(self, target)?;
        Ok(Cost { elements: totals.moved(), messages: totals.messages() })
    }
}
