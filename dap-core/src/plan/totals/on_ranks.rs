//! Totals of a move between layouts whose sections lie on any ranks of a communicator.
//!
//! The elements that stay depend on which sections of the two layouts one process holds, so each
//! section is counted by a [`Row`] of its own.

use std::collections::HashMap;

use super::{Largest, Spread, Totals};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Rank;
use crate::layout::Layout;
use crate::plan::{Endpoints, Row};

impl Totals {
    /// The totals of moving an array from one layout to another, where section r of the first lies
    /// on rank `sources[r]` of a communicator, and section r of the second on `targets[r]`. All
    /// ranks in the answer are those of the communicator. Of several largest messages of one source
    /// the target that comes first in its layout is named.
    ///
    /// Costs a [`Row`] for each section of either side.
    ///
    /// ```
    /// use dap_core::layout::Layout;
    /// use dap_core::plan::Totals;
    /// let layout = Layout::builder([8]).processes(2).build()?;
    /// let swapped = Totals::on_ranks((&layout, &[1, 0]), (&layout, &[0, 1]))?;
    /// assert_eq!((swapped.moved(), swapped.kept(), swapped.messages()), (8, 0, 2));
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Totals::new`]; another number of ranks than of processes of a layout.
    pub fn on_ranks((from, sources): (&Layout, &[i64]), (to, targets): (&Layout, &[i64])) -> Result<Totals> {
        let (source_sections, target_sections) = (sections(from, sources)?, sections(to, targets)?);
        let (mut sent, mut received) = (Sum::default(), Sum::default());
        let (mut kept, mut largest) = (0_i64, None::<Largest>);
        let rank_of = |ranks: &[i64], section: Rank| {
            usize::try_from(section.0).ok().and_then(|at| ranks.get(at)).copied().unwrap_or(0)
        };
        for (section, &rank) in (0..).map(Rank).zip(sources) {
            let ends = Endpoints { source: Some(section), target: target_sections.get(&rank).copied() };
            let row = Row::sends(from, to, ends)?;
            kept = kept.checked_add(row.kept()).ok_or_else(overflow)?;
            sent.add(rank, &row)?;
            if let Some((peer, elements)) = row.largest() {
                let message = Largest { source: Rank(rank), target: Rank(rank_of(targets, peer)), elements };
                let order = |it: &Largest| (it.elements, -it.source.0);
                if largest.as_ref().is_none_or(|known| order(known) < order(&message)) {
                    largest = Some(message);
                }
            }
        }
        for (section, &rank) in (0..).map(Rank).zip(targets) {
            let ends = Endpoints { source: source_sections.get(&rank).copied(), target: Some(section) };
            received.add(rank, &Row::receives(from, to, ends)?)?;
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
fn sections(layout: &Layout, ranks: &[i64]) -> Result<HashMap<i64, Rank>> {
    let count = i64::try_from(ranks.len()).unwrap_or(i64::MAX);
    if count != layout.processes() {
        return Err(Error::new(ErrorKind::Count).with_value("ranks", count).with_expected(layout.processes()));
    }
    Ok(ranks.iter().copied().zip((0..).map(Rank)).collect())
}

/// One side, as far as it is counted.
#[derive(Default)]
struct Sum {
    processes: i64,
    total: i64,
    messages: i64,
    /// Ranks and numbers.
    most: Option<(i64, i64)>,
    least: Option<(i64, i64)>,
    most_messages: Option<(i64, i64)>,
}

impl Sum {
    fn add(&mut self, rank: i64, row: &Row) -> Result<()> {
        self.processes += 1;
        self.total = self.total.checked_add(row.moved()).ok_or_else(overflow)?;
        self.messages = self.messages.checked_add(row.messages()).ok_or_else(overflow)?;
        // The lowest rank of several.
        let take = |known: &mut Option<(i64, i64)>, number: i64, sign: i64| {
            let order = |(rank, number): (i64, i64)| (sign * number, -rank);
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
        let named = |known: Option<(i64, i64)>| known.map_or((Rank(0), 0), |(rank, number)| (Rank(rank), number));
        Spread {
            processes: self.processes,
            total: self.total,
            most: named(self.most),
            least: named(self.least),
            most_messages: named(self.most_messages),
        }
    }
}
