//! Totals of a move between placements, whose layout ranks may lie on any ranks of a communicator.
//!
//! The elements that stay depend on which ranks of the two layouts are one process, so each process
//! is counted by its own [`Row`]s: one for what it sends, one for what it receives.

use std::collections::HashMap;

use super::{Largest, Spread, Totals};
use crate::algebra::{CommRank, Placement};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Rank;
use crate::plan::{Endpoints, Row};

/// The most sections of a side that are counted one by one.
const MOST_SECTIONS: i64 = 1 << 20;

impl Totals {
    /// The totals of moving an array from one placement to another. All ranks in the answer are
    /// those of the communicator.
    ///
    /// Where layout ranks are the communicator's on both sides this is [`Totals::new`]. Otherwise
    /// it costs a [`Row`] for each section of either side.
    ///
    /// ```
    /// use dap_core::algebra::{Placement, View};
    /// use dap_core::layout::Layout;
    /// use dap_core::plan::Totals;
    /// let base = Placement::new(Layout::builder([8]).processes(2).build()?);
    /// let flipped = View::of(&base).flip(&[0])?.placement()?;
    /// // The ranks change places, so that all elements move.
    /// let totals = Totals::between(&flipped, &base)?;
    /// assert_eq!((totals.moved(), totals.kept(), totals.messages()), (8, 0, 2));
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Totals::new`]; more than 2^20 sections on one side, where the ranks differ.
    pub fn between(from: &Placement, to: &Placement) -> Result<Totals> {
        let (source_ranks, target_ranks) = (from.ranks(), to.ranks());
        if source_ranks.is_identity() && target_ranks.is_identity() {
            return Totals::new(from.layout(), to.layout());
        }
        let (sources, targets) = (sections(from)?, sections(to)?);
        let holder = |placement: &Placement, section| placement.ranks().holder(section).unwrap_or(CommRank(0));
        let (mut sent, mut received) = (Sum::default(), Sum::default());
        let (mut kept, mut largest) = (0_i64, None::<Largest>);
        for section in (0..from.layout().processes()).map(Rank) {
            let rank = holder(from, section);
            let ends = Endpoints { source: Some(section), target: targets.get(&rank).copied() };
            let row = Row::sends(from.layout(), to.layout(), ends)?;
            kept = kept.checked_add(row.kept()).ok_or_else(overflow)?;
            sent.add(rank, &row)?;
            if let Some((peer, elements)) = row.largest() {
                let message = Largest { source: Rank(rank.0), target: Rank(holder(to, peer).0), elements };
                let order = |it: &Largest| (it.elements, -it.source.0, -it.target.0);
                if largest.as_ref().is_none_or(|known| order(known) < order(&message)) {
                    largest = Some(message);
                }
            }
        }
        for section in (0..to.layout().processes()).map(Rank) {
            let rank = holder(to, section);
            let ends = Endpoints { source: sources.get(&rank).copied(), target: Some(section) };
            received.add(rank, &Row::receives(from.layout(), to.layout(), ends)?)?;
        }
        let elements = kept.checked_add(sent.total).ok_or_else(overflow)?;
        let messages = sent.messages;
        Ok(Totals { elements, kept, messages, largest, sent: sent.spread(), received: received.spread() })
    }
}

fn overflow() -> Error {
    Error::new(ErrorKind::Overflow)
}

/// The section of each rank.
fn sections(placement: &Placement) -> Result<HashMap<CommRank, Rank>> {
    let processes = placement.layout().processes();
    if processes > MOST_SECTIONS {
        let error = Error::new(ErrorKind::PlanTooLarge).with_value("processes", processes);
        return Err(error.with_expected(MOST_SECTIONS));
    }
    let sections = (0..processes).map(Rank);
    Ok(sections.filter_map(|section| Some((placement.ranks().holder(section)?, section))).collect())
}

/// One side, as far as it is counted.
#[derive(Default)]
struct Sum {
    processes: i64,
    total: i64,
    messages: i64,
    most: Option<(CommRank, i64)>,
    least: Option<(CommRank, i64)>,
    most_messages: Option<(CommRank, i64)>,
}

impl Sum {
    fn add(&mut self, rank: CommRank, row: &Row) -> Result<()> {
        self.processes += 1;
        self.total = self.total.checked_add(row.moved()).ok_or_else(overflow)?;
        self.messages = self.messages.checked_add(row.messages()).ok_or_else(overflow)?;
        // The lowest rank of several.
        let take = |known: &mut Option<(CommRank, i64)>, number: i64, sign: i64| {
            let order = |(rank, number): (CommRank, i64)| (sign * number, -rank.0);
            if known.is_none_or(|known| order(known) < order((rank, number))) {
                *known = Some((rank, number));
            }
        };
        take(&mut self.most, row.moved(), 1);
        take(&mut self.least, row.moved(), -1);
        take(&mut self.most_messages, row.messages(), 1);
        Ok(())
    }

    fn spread(&self) -> Spread {
        let named =
            |known: Option<(CommRank, i64)>| known.map_or((Rank(0), 0), |(rank, number)| (Rank(rank.0), number));
        Spread {
            processes: self.processes,
            total: self.total,
            most: named(self.most),
            least: named(self.least),
            most_messages: named(self.most_messages),
        }
    }
}
