//! The cost of moving an array from one placement to another.

use super::placement::Placement;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Rank;
use crate::plan::{Endpoints, Row, Totals};

/// The most sections that are asked one by one for what they send.
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
    /// The cost of moving an array of this placement to another one.
    ///
    /// It follows from counting, never from a list of pairs: [`Totals`] where both name the same
    /// ranks, and one [`Row`] for each section otherwise.
    ///
    /// # Errors
    /// As [`Totals::new`]; more than 2^20 sections on ranks that differ between the two.
    pub fn cost_to(&self, target: &Placement) -> Result<Cost> {
        let (from, to) = (self.layout(), target.layout());
        if self.ranks().is_identity() && target.ranks().is_identity() || self.ranks().is_same(target.ranks()) {
            let totals = Totals::new(from, to)?;
            return Ok(Cost { elements: totals.moved(), messages: totals.messages() });
        }
        if from.processes() > MOST_SECTIONS {
            let error = Error::new(ErrorKind::PlanTooLarge).with_value("processes", from.processes());
            return Err(error.with_expected(MOST_SECTIONS));
        }
        let mut cost = Cost::default();
        for source in (0..from.processes()).map(Rank) {
            let target = self.ranks().holder(source).and_then(|holder| target.ranks().section(holder));
            let row = Row::sends(from, to, Endpoints { source: Some(source), target })?;
            let overflow = || Error::new(ErrorKind::Overflow).with_value("elements", row.moved());
            cost.elements = cost.elements.checked_add(row.moved()).ok_or_else(overflow)?;
            cost.messages = cost.messages.checked_add(row.messages()).ok_or_else(overflow)?;
        }
        Ok(cost)
    }
}
