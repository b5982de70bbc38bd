//! The predicted time of a move, a reshape and a halo exchange, from their plans.

use std::collections::HashMap;

use super::{Machine, Time, Traffic};
use crate::algebra::Placement;
use crate::error::Result;
use crate::index::Rank;
use crate::layout::Layout;
use crate::plan::{Endpoints, Halo, Row, Stencil, Totals};

/// The greatest number of messages that are added one by one.
const MOST_MESSAGES: i64 = 1 << 22;

/// A predicted time, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The time of the slowest rank.
    pub time: Time,
    /// Whether the messages of each rank were counted by themselves. Otherwise there are too many:
    /// all ranks count as the busiest, which keeps the mean, and all messages go to other hosts if
    /// there are several.
    pub by_rank: bool,
}

impl Prediction {
    /// The time to move an array of items of this size to another placement. Section r of a
    /// placement is on the rank that it names.
    ///
    /// # Errors
    /// As [`Placement::totals_to`] and [`Row::sends`].
    pub fn of_move(machine: &Machine, from: &Placement, to: &Placement, itemsize: i64) -> Result<Prediction> {
        Prediction::of(machine, from, to, itemsize, &from.totals_to(to)?, Row::sends)
    }

    /// The time to reshape an array of items of this size.
    ///
    /// # Errors
    /// As [`Totals::of_reshape`] and [`Row::reshape_sends`].
    pub fn of_reshape(machine: &Machine, from: &Layout, to: &Layout, itemsize: i64) -> Result<Prediction> {
        let totals = Totals::of_reshape(from, to)?;
        let [from, to] = [from, to].map(|layout| Placement::new(layout.clone()));
        Prediction::of(machine, &from, &to, itemsize, &totals, Row::reshape_sends)
    }

    /// The time to fill the padding of an array of items of this size.
    ///
    /// # Errors
    /// As [`Halo::new`]; more than [`Traffic::MOST_RANKS`] ranks.
    pub fn of_halo(machine: &Machine, layout: &Layout, stencil: Stencil, itemsize: i64) -> Result<Prediction> {
        let mut traffic = Traffic::new(machine, layout.processes())?;
        let itemsize = itemsize as f64;
        for rank in (0..layout.processes()).map(Rank) {
            let halo = Halo::new(layout, rank, stencil)?;
            for message in halo.sends() {
                traffic.message(rank.0, message.peer().0, message.elements() as f64 * itemsize);
            }
            for copy in halo.local() {
                traffic.copy(rank.0, copy.elements() as f64 * itemsize);
            }
        }
        Ok(Prediction { time: traffic.time(), by_rank: true })
    }

    fn of(
        machine: &Machine,
        from: &Placement,
        to: &Placement,
        itemsize: i64,
        totals: &Totals,
        row: fn(&Layout, &Layout, Endpoints) -> Result<Row>,
    ) -> Result<Prediction> {
        let itemsize = itemsize as f64;
        let sections = from.layout().processes().max(to.layout().processes());
        if totals.messages() > MOST_MESSAGES || sections > Traffic::MOST_RANKS {
            return Ok(Prediction { time: of_totals(machine, sections, itemsize, totals), by_rank: false });
        }
        let holders = |side: &Placement| -> Vec<(i64, i64)> {
            let holder = |section| Some((side.ranks().holder(Rank(section))?.0, section));
            (0..side.layout().processes()).filter_map(holder).collect()
        };
        let (sources, targets) = (holders(from), holders(to));
        let ranks = sources.iter().chain(&targets).map(|(rank, _)| rank + 1).max().unwrap_or(0);
        if ranks > Traffic::MOST_RANKS {
            return Ok(Prediction { time: of_totals(machine, sections, itemsize, totals), by_rank: false });
        }
        let section_of: HashMap<i64, i64> = targets.iter().copied().collect();
        let mut traffic = Traffic::new(machine, ranks)?;
        for (rank, section) in sources {
            let endpoints = Endpoints { source: Some(Rank(section)), target: section_of.get(&rank).copied().map(Rank) };
            let row = row(from.layout(), to.layout(), endpoints)?;
            traffic.copy(rank, row.kept() as f64 * itemsize);
            for (peer, elements) in row.iter() {
                if let Some(peer) = to.ranks().holder(peer) {
                    traffic.message(rank, peer.0, elements as f64 * itemsize);
                }
            }
        }
        Ok(Prediction { time: traffic.time(), by_rank: true })
    }
}

/// The time if all ranks are as busy as the busiest one.
fn of_totals(machine: &Machine, ranks: i64, itemsize: f64, totals: &Totals) -> Time {
    let side = |most: fn(&crate::plan::Spread) -> i64| most(totals.sent()).max(most(totals.received())) as f64;
    let messages = side(|spread| spread.most_messages().1);
    let bytes = side(|spread| spread.most().1) * itemsize;
    let of_host = ranks.min(machine.ranks_per_node()) as f64;
    let kept = totals.kept() as f64 * itemsize / ranks.max(1) as f64;
    let is_network = ranks > machine.ranks_per_node();
    Time {
        latency: messages * if is_network { machine.network_latency() } else { machine.node_latency() },
        node: if is_network { 0.0 } else { bytes / machine.node_bandwidth() },
        network: if is_network { of_host * bytes / machine.network_bandwidth() } else { 0.0 },
        memory: 2.0 * of_host * kept / machine.memory_bandwidth(),
        compute: 0.0,
    }
}
