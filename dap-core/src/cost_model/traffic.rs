//! Messages and copies of each rank, and the time that they take together.

use super::{Machine, Time};
use crate::error::{Result, at_most};

/// The messages of one rank in one direction.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    node_messages: f64,
    network_messages: f64,
    node_bytes: f64,
}

/// The bytes of one host: over its link in each direction, and copied by its ranks.
#[derive(Debug, Clone, Copy, Default)]
struct HostBytes {
    link: [f64; 2],
    copied: f64,
}

/// Messages between ranks, added one by one, and their time by the formula of the
/// [cost model](super).
///
/// Memory is some 60 bytes a rank. Numbers are added as floats: exactly below 2^53, and without
/// overflow beyond.
#[derive(Debug, Clone)]
pub struct Traffic {
    machine: Machine,
    /// The messages of each rank: sent, then received.
    ranks: Vec<[Side; 2]>,
    hosts: Vec<HostBytes>,
}

impl Traffic {
    /// The greatest number of ranks.
    pub const MOST_RANKS: i64 = 1 << 20;

    /// No messages yet between `ranks` ranks.
    ///
    /// # Errors
    /// More than [`Traffic::MOST_RANKS`] ranks. A number below 0 counts as 0.
    pub fn new(machine: &Machine, ranks: i64) -> Result<Traffic> {
        let ranks = at_most("ranks", ranks.max(0), Traffic::MOST_RANKS)?;
        let hosts = ranks.div_euclid(machine.ranks_per_node()) + 1;
        // Both are at most 2^20 + 1.
        Ok(Traffic {
            machine: *machine,
            ranks: vec![Default::default(); ranks as usize],
            hosts: vec![HostBytes::default(); hosts as usize],
        })
    }

    fn host(&self, rank: usize) -> usize {
        // At most 2^20.
        rank / self.machine.ranks_per_node() as usize
    }

    /// Adds a message. One from a rank to itself is a copy; one with a rank that there is not is
    /// left out.
    pub fn message(&mut self, source: i64, target: i64, bytes: f64) {
        if source == target {
            return self.copy(source, bytes);
        }
        let (Ok(source), Ok(target)) = (usize::try_from(source), usize::try_from(target)) else { return };
        if source.max(target) >= self.ranks.len() {
            return;
        }
        let hosts = [self.host(source), self.host(target)];
        for (side, (rank, host)) in [source, target].into_iter().zip(hosts).enumerate() {
            let of_rank = &mut self.ranks[rank][side];
            if hosts[0] == hosts[1] {
                of_rank.node_messages += 1.0;
                of_rank.node_bytes += bytes;
            } else {
                of_rank.network_messages += 1.0;
                self.hosts[host].link[side] += bytes;
            }
        }
    }

    /// Adds a copy within the memory of a rank; one of a rank that there is not is left out.
    pub fn copy(&mut self, rank: i64, bytes: f64) {
        if let Some(rank) = usize::try_from(rank).ok().filter(|&rank| rank < self.ranks.len()) {
            let host = self.host(rank);
            self.hosts[host].copied += bytes;
        }
    }

    /// The time of the slowest rank: the lowest of several, and its sends before its receives. All
    /// terms are 0 without ranks.
    pub fn time(&self) -> Time {
        let machine = &self.machine;
        let times = self.ranks.iter().enumerate().flat_map(|(rank, sides)| {
            let host = self.hosts[self.host(rank)];
            sides.iter().zip(host.link).map(move |(side, link)| Time {
                latency: machine.node_latency() * side.node_messages
                    + machine.network_latency() * side.network_messages,
                node: side.node_bytes / machine.node_bandwidth(),
                network: link / machine.network_bandwidth(),
                memory: 2.0 * host.copied / machine.memory_bandwidth(),
                compute: 0.0,
            })
        });
        times.fold(Time::default(), |most, time| if time.seconds() > most.seconds() { time } else { most })
    }
}
