//! An error instead of a hang: the position of each rank, ranks that have left, and calls that
//! differ between ranks.
//!
//! A collective call ends only if every rank makes it. Each collective function of this crate, and
//! of the crates above it, therefore begins with [`Comm::enter`](crate::Comm::enter), and the
//! [`Call`] that it returns lives until the function returns. Calls within a call count as the
//! outer one. The number of a call is the number of calls on its communicator so far, the same on
//! all ranks.
//!
//! | found | where | what happens |
//! |---|---|---|
//! | a rank has left that a call needs | in the slow part of each wait | an error of [`ErrorKind::Departed`] on the ranks that wait |
//! | ranks make different calls, or give different arguments | at the beginning of a call, with `DAP_CHECK=1` | an error of [`ErrorKind::Mismatch`] on all ranks |
//! | a rank waits for long | by a thread that sleeps | a warning that says where each rank is |
//!
//! A rank has *left* a communicator when it has dropped its last handle to it, when it finalises
//! MPI, or when it ends. A panic counts when it drops the last handle. The waiting rank knows that
//! from the other's board, which lies in shared memory of the node, and compares the positions. A
//! rank that left after it had made this call has done its part, and its messages arrive.
//! Processes of other nodes are asked over TCP when a wait has lasted a second, and again after
//! twice the time. Where TCP is blocked, nothing is known of their ranks.
//!
//! # Limits
//!
//! Waits in MPI itself are not seen: freeing communicators and windows, and one-sided access. Nor
//! are messages of a [`RankGroup`](crate::RankGroup) outside of a collective call, and the making
//! of communicators. Ranks that wait for one another on different communicators are only warned
//! of.
//!
//! # Environment
//!
//! | variable | meaning |
//! |---|---|
//! | `DAP_CHECK` | `1`: each collective call is compared between the ranks; the same on all ranks |
//! | `DAP_TIMEOUT` | the seconds of a wait before the first warning, 60 without it; each further one comes after twice the time; `0`: no warning |
//! | `DAP_ON_TIMEOUT` | `abort`: the first warning ends the job |

mod addresses;
mod answers;
mod call;
mod check;
mod departure;
mod peers;
mod place;
mod position;
mod report;
mod settings;
mod watchdog;

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use call::Call;
pub use departure::leave;
pub(crate) use departure::reason;
pub use place::{clear_source_line, set_source_line};

use crate::error::{Error, ErrorKind, Result};
use crate::node::{Board, Mailbox, Node, SITES, TextPlace};
use crate::raw::RawComm;
use crate::wait::{self, Waiter};
use peers::Peers;
use position::Position;
use report::Report;
use settings::Settings;

/// The state of the ranks of a communicator, and the position of this rank.
#[derive(Debug)]
pub(crate) struct Watch {
    rank: i32,
    size: i32,
    settings: Settings,
    /// `None` if the ranks of the node cannot read each other's memory.
    board: Option<Board>,
    /// This rank among those with boards here, and their ranks in the communicator.
    node_rank: usize,
    ranks: Vec<i32>,
    /// The processes of the other nodes, and their last reports.
    peers: Peers,
    reports: Mutex<Vec<Report>>,
    /// The number by which other nodes ask for this communicator.
    token: u64,
    /// This rank's position, as on its board.
    position: AtomicU64,
    /// The number of calls that this rank is in, one within the other.
    depth: AtomicU32,
    /// The key of the call whose text is at each site.
    sites: [AtomicU64; SITES],
    /// The reason for which this rank takes part in no further call.
    departure: OnceLock<String>,
    /// The first rank that has left and that a call needed. No call can succeed any more.
    lost: OnceLock<Error>,
    /// The position of the last wait that was long enough for a look.
    waited_at: AtomicU64,
}

impl Waiter for Watch {
    fn look(&self) -> Result<()> {
        self.waited_at.store(self.position.load(Ordering::Relaxed), Ordering::Relaxed);
        watchdog::start(self.settings.timeout, !self.peers.is_empty());
        if self.lost.get().is_none() {
            let Some(error) = self.find_lost() else { return Ok(()) };
            let _ = self.lost.set(error);
        }
        self.check_lost()
    }
}

impl Watch {
    /// The watch of a communicator. Collective.
    ///
    /// # Errors
    /// Settings that no number is, or that differ between ranks.
    pub(crate) fn new(world: &RawComm, node: &Node) -> Result<Arc<Watch>> {
        let settings = settings::agreed(world)?;
        let board = node.mailbox().map(Mailbox::board);
        // Without boards each process is a node by itself.
        let alone = (0, vec![world.rank()]);
        let (node_rank, ranks) = board.as_ref().map_or(alone, |_| (node.node_rank(), node.ranks().to_vec()));
        let token = RandomState::new().hash_one(world.rank());
        let peers = Peers::exchange(world, &ranks, token)?;
        let watch = Arc::new(Watch {
            rank: world.rank(),
            size: world.size(),
            settings,
            board,
            node_rank,
            ranks,
            peers,
            reports: Mutex::default(),
            token,
            position: AtomicU64::new(0),
            depth: AtomicU32::new(0),
            sites: std::array::from_fn(|_| AtomicU64::new(0)),
            departure: OnceLock::new(),
            lost: OnceLock::new(),
            waited_at: AtomicU64::new(0),
        });
        departure::register(&watch);
        Ok(watch)
    }

    /// Publishes that this rank takes part in no further call.
    pub(crate) fn depart(&self, reason: &str) {
        self.publish_departure(reason);
        wait::forget(std::ptr::from_ref(self).cast());
        if !self.peers.is_empty() {
            answers::remember(self.token, self.report(self.node_rank));
        }
        if departure::unregister(self) {
            watchdog::stop();
        }
    }

    fn publish_departure(&self, reason: &str) {
        // The first reason counts.
        if self.departure.set(reason.to_owned()).is_ok()
            && let Some(board) = &self.board
        {
            board.depart(reason);
        }
    }

    fn position(&self) -> Position {
        Position::from_word(self.position.load(Ordering::Relaxed))
    }

    fn set_position(&self, position: Position) {
        self.position.store(position.word(), Ordering::Relaxed);
        if let Some(board) = &self.board {
            board.set_position(position.word());
        }
    }

    /// The error of a rank that was lost before.
    fn check_lost(&self) -> Result<()> {
        self.lost.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// The error for a rank that has left before it has made this call, or within it.
    fn find_lost(&self) -> Option<Error> {
        let here = self.position();
        let near = self.board.as_ref().and_then(|board| {
            let is_lost = |&node_rank: &usize| {
                board.has_departed(node_rank) && here.needs(Position::from_word(board.position(node_rank)))
            };
            (0..self.ranks.len()).filter(|&it| it != self.node_rank).find(is_lost)
        });
        let report = match near {
            Some(node_rank) => self.report(node_rank),
            None if self.peers.is_empty() => return None,
            None => {
                let is_lost = |report: &&Report| report.departure.is_some() && here.needs(report.position);
                let reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
                reports.iter().find(is_lost)?.clone()
            }
        };
        let Report { rank, place, departure, .. } = report;
        let (reason, here) = (departure.unwrap_or_default(), self.describe(self.node_rank));
        let message = format!("{reason}, {place}; all ranks are needed {here}");
        Some(Error::new(ErrorKind::Departed, message).on_rank(rank))
    }

    /// The states of the ranks that have boards here.
    fn reports(&self) -> Vec<Report> {
        (0..self.ranks.len()).map(|node_rank| self.report(node_rank)).collect()
    }

    /// The state of a node rank.
    fn report(&self, node_rank: usize) -> Report {
        let rank = self.ranks[node_rank];
        let Some(board) = &self.board else {
            let (position, place) = (self.position(), self.describe(node_rank));
            let departure = self.departure.get().cloned();
            return Report { rank, position, place, departure, elsewhere: String::new() };
        };
        // The position of a rank that has departed is its last one.
        let departure = board.has_departed(node_rank).then(|| board.text(node_rank, TextPlace::Departure));
        let position = Position::from_word(board.position(node_rank));
        let (place, elsewhere) = (self.describe(node_rank), board.text(node_rank, TextPlace::Elsewhere));
        Report { rank, position, place, departure, elsewhere }
    }

    /// The position of a node rank in words.
    fn describe(&self, node_rank: usize) -> String {
        let Some(board) = &self.board else { return self.position().describe("whose text is unknown") };
        let mut position = board.position(node_rank);
        loop {
            let at = Position::from_word(position);
            let text = at.describe(&board.text(node_rank, TextPlace::Site(at.site)));
            let now = board.position(node_rank);
            // The text belongs to the position if the rank has made no call meanwhile.
            if now == position {
                return text;
            }
            position = now;
        }
    }
}
