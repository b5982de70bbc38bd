//! A mailbox that the ranks of a node share: numbers for all ranks, without a message.
//!
//! Each rank writes its own segment only, and reads the segments of the others. A segment has room
//! for two posts, which alternate. A rank writes the same room again only after all ranks have
//! posted once more, and so have read the earlier post.
//!
//! A waiting rank spins for a moment, then yields the processor, and now and then lets MPI make
//! progress: the rank that it waits for may be waiting for a message of this rank. It also looks
//! now and then whether that rank can still come ([`wait`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::thread::yield_now;

use super::board::Board;
use super::shared::Shared;
use super::word::Word;
use crate::error::{Result, abandon};
use crate::{raw, wait};

/// The greatest number of numbers in a post.
pub(crate) const MAX_NUMBERS: usize = 152;
/// Numbers that one rank writes and many read lie on a pair of cache lines of their own, since the
/// processor fetches lines in pairs.
const LINE: usize = 128 / 8;
/// The word that identifies the owner of the segment. The word before it counts posts.
pub(super) const SIGN: usize = 1;
/// The first word of the posts.
const MESSAGES: usize = LINE;
/// The first word of the counters.
const COUNTERS: usize = MESSAGES + 2 * MAX_NUMBERS;

/// The event that a counter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    /// A slot was filled for a rank of the node.
    Filled,
    /// A slot of a rank of the node was read.
    Emptied,
}

/// This rank's segment, and a view of the segments of the others.
#[derive(Debug)]
pub(crate) struct Mailbox {
    shared: Arc<Shared>,
    node_rank: usize,
    /// The number of posts so far.
    count: AtomicU64,
    /// The number of looks at a word before this rank yields the processor.
    spin_limit: u64,
}

impl Mailbox {
    /// The bytes of one segment on a node of `ranks` ranks.
    pub(super) fn bytes(ranks: usize) -> usize {
        (Mailbox::board_at(ranks) + Board::WORDS) * 8
    }

    /// The first word of the board.
    fn board_at(ranks: usize) -> usize {
        COUNTERS + 2 * LINE * ranks
    }

    /// The board of the ranks.
    pub(crate) fn board(&self) -> Board {
        Board::new(Arc::clone(&self.shared), Mailbox::board_at(self.shared.ranks()))
    }

    /// A mailbox in segments of [`Mailbox::bytes`] each. A waiting rank spins for long only where
    /// it has a processor to itself (`can_spin`).
    pub(super) fn new(shared: Shared, node_rank: usize, can_spin: bool) -> Mailbox {
        let spin_limit = if can_spin { 4000 } else { 20 };
        Mailbox { shared: Arc::new(shared), node_rank, count: AtomicU64::new(0), spin_limit }
    }

    /// A word of this rank's segment.
    fn word(&self, at: usize) -> &AtomicU64 {
        self.shared.own_word(8 * at)
    }

    /// A word of another rank's segment.
    fn seen(&self, node_rank: usize, at: usize) -> Word<'_> {
        self.shared.word(node_rank, 8 * at)
    }

    /// Waits until `is_so` returns true.
    ///
    /// # Errors
    /// A rank has left that this call needs.
    pub(crate) fn wait(&self, is_so: impl Fn() -> bool) -> Result<()> {
        let mut spins = 0_u64;
        while !is_so() {
            spins += 1;
            if spins > self.spin_limit && spins.is_multiple_of(64) {
                raw::progress();
                // A rank that has left has published all that it did before.
                if spins.is_multiple_of(wait::TURNS) && !is_so() {
                    wait::look()?;
                }
            }
            if spins < self.spin_limit { std::hint::spin_loop() } else { yield_now() }
        }
        Ok(())
    }

    /// All ranks' numbers, in the order of node ranks. Each rank gives equally many, at most
    /// [`MAX_NUMBERS`]. Collective on the node.
    ///
    /// # Errors
    /// As [`Mailbox::wait`].
    pub(crate) fn exchange(&self, mine: &[i64]) -> Result<Vec<i64>> {
        assert!(mine.len() <= MAX_NUMBERS, "{} numbers are too many for a notice", mine.len());
        // One call at a time: the call is collective, and `Comm` stays on one thread.
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let first = MESSAGES + (count % 2) as usize * MAX_NUMBERS;
        for (at, &number) in mine.iter().enumerate() {
            self.word(first + at).store(number as u64, Ordering::Relaxed);
        }
        self.word(0).store(count, Ordering::Release);
        let mut all = Vec::with_capacity(mine.len() * self.shared.ranks());
        for node_rank in 0..self.shared.ranks() {
            self.wait(|| self.seen(node_rank, 0).acquire() >= count)?;
            all.extend((0..mine.len()).map(|at| self.seen(node_rank, first + at).relaxed() as i64));
        }
        Ok(all)
    }

    /// Waits for all ranks of the node. All see the stores made before it, non-temporal ones
    /// included. Collective on the node.
    ///
    /// # Errors
    /// As [`Mailbox::wait`].
    pub(crate) fn barrier(&self) -> Result<()> {
        fence(Ordering::SeqCst);
        self.exchange(&[]).map(drop)
    }

    fn counter(of: Counter, node_rank: usize) -> usize {
        COUNTERS + (2 * node_rank + usize::from(of == Counter::Emptied)) * LINE
    }

    /// This rank's counter for a node rank.
    pub(crate) fn own_count(&self, of: Counter, node_rank: usize) -> u64 {
        self.word(Mailbox::counter(of, node_rank)).load(Ordering::Relaxed)
    }

    /// Sets this rank's counter for a node rank.
    pub(crate) fn set_count(&self, of: Counter, node_rank: usize, count: u64) {
        self.word(Mailbox::counter(of, node_rank)).store(count, Ordering::Release);
    }

    /// Waits until the counter of a node rank for this rank has reached `count`. A rank that leaves
    /// meanwhile ends the job: an operation that uses slots cannot be left half done.
    pub(crate) fn wait_count(&self, of: Counter, node_rank: usize, count: u64) {
        let at = Mailbox::counter(of, self.node_rank);
        self.wait(|| self.seen(node_rank, at).acquire() >= count).unwrap_or_else(|error| abandon(&error));
    }
}
