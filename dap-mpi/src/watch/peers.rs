//! The processes of other nodes, and the questions to them.
//!
//! The ranks exchange addresses when the communicator is made. A question has the token of the rank
//! that is asked, a random number that only the ranks of the communicator know. One process of a
//! node answers for all of its ranks.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::report::Report;
use super::{addresses, answers};
use crate::error::Result;
use crate::raw::RawComm;

/// The addresses of one process that others learn.
const ADDRESSES: usize = 4;
/// The time for one address, and for all questions of one round.
const PATIENCE: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_secs(5);
/// The longest answer in bytes.
const LONGEST: u64 = 1 << 20;

/// A process of another node.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    rank: i32,
    token: u64,
    addresses: Vec<SocketAddr>,
}

/// The other nodes, with the processes of each.
#[derive(Debug, Default)]
pub(super) struct Peers {
    nodes: Vec<Vec<Peer>>,
}

impl Peers {
    /// Exchanges addresses; `ranks` are those of this process's boards. Collective.
    pub(super) fn exchange(world: &RawComm, ranks: &[i32], token: u64) -> Result<Peers> {
        let own_node = ranks.first().copied().unwrap_or(0);
        // Each rank knows only its own node, so that all of them have to say whether there are
        // more.
        let mut ends = [i64::from(own_node), -i64::from(own_node)];
        world.min(&mut ends)?;
        if ends[0] == -ends[1] {
            return Ok(Peers::default());
        }
        let port = answers::port().unwrap_or(0);
        let mut mine = [&own_node.to_le_bytes()[..], &token.to_le_bytes(), &port.to_le_bytes()].concat();
        let mut own = addresses::own(ADDRESSES);
        own.resize(ADDRESSES, Ipv4Addr::UNSPECIFIED);
        own.iter().for_each(|address| mine.extend(address.octets()));
        let len = mine.len();
        let all = world.gather_all(mine)?;
        let mut nodes: Vec<(i32, Vec<Peer>)> = Vec::new();
        for (rank, bytes) in (0..).zip(all.chunks_exact(len)) {
            let (node, peer) = Peer::read(rank, bytes);
            if node == own_node {
                continue;
            }
            match nodes.iter_mut().find(|(known, _)| *known == node) {
                Some((_, peers)) => peers.push(peer),
                None => nodes.push((node, vec![peer])),
            }
        }
        Ok(Peers { nodes: nodes.into_iter().map(|(_, peers)| peers).collect() })
    }

    /// Whether all ranks are on this node.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The number of other nodes.
    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Their ranks.
    pub(super) fn ranks(&self) -> impl Iterator<Item = i32> {
        self.nodes.iter().flatten().map(|peer| peer.rank)
    }

    /// Asks the other nodes for the states of their ranks. Without an answer in time nothing is
    /// known of a node.
    pub(super) fn ask(&self) -> Vec<Report> {
        let began = Instant::now();
        let mut all: Vec<Report> = Vec::new();
        for peer in self.nodes.iter().flatten() {
            // A process that has left the communicator answers for itself only.
            if all.iter().any(|report| report.rank == peer.rank) {
                continue;
            }
            if began.elapsed() > ROUND {
                break;
            }
            all.extend(peer.ask().into_iter().flatten());
        }
        all
    }
}

impl Peer {
    /// The node and the peer of bytes that a rank gave.
    fn read(rank: i32, bytes: &[u8]) -> (i32, Peer) {
        let number = |from: usize, len: usize| {
            bytes[from..from + len].iter().rev().fold(0_u64, |number, &byte| number << 8 | u64::from(byte))
        };
        let port = number(12, 2) as u16;
        let address = |at: &[u8]| Ipv4Addr::new(at[0], at[1], at[2], at[3]);
        let addresses = bytes[14..].chunks_exact(4).map(address).filter(|address| !address.is_unspecified());
        let addresses = addresses.map(|address| SocketAddr::from((address, port)));
        (number(0, 4) as i32, Peer { rank, token: number(4, 8), addresses: addresses.collect() })
    }

    fn ask(&self) -> Option<Vec<Report>> {
        self.addresses.iter().find_map(|address| {
            let mut stream = TcpStream::connect_timeout(address, PATIENCE).ok()?;
            stream.set_read_timeout(Some(PATIENCE)).ok()?;
            stream.set_write_timeout(Some(PATIENCE)).ok()?;
            stream.write_all(&self.token.to_le_bytes()).ok()?;
            let mut text = String::new();
            stream.take(LONGEST).read_to_string(&mut text).ok()?;
            // A process that does not know the token says nothing.
            Report::decode(&text).filter(|reports| !reports.is_empty())
        })
    }
}
