//! A notice mailbox for the ranks of a node: numbers for everybody, without a message.
//!
//! Each rank writes its own segment only, and reads the others'. A notice has two places that take
//! spins: nobody writes one again before all have put up the next notice, and so have read this
//! one.
//!
//! Who waits spins for a moment, then lets others run, and now and then lets MPI make progress: a
//! message of this rank may be what the one that it waits for is waiting for.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::thread::yield_now;

use super::shared::Shared;
use super::word::Word;
use crate::raw;

/// A notice has at most so many numbers.
pub(crate) const MAX_NUMBERS: usize = 152;
/// Numbers that many read and one writes lie on a cache line of their own; two, as lines are
/// fetched in pairs.
const LINE: usize = 128 / 8;
/// The word that says whose part it is; the first one counts notices.
pub(super) const SIGN: usize = 1;
/// Where notices begin.
const MESSAGES: usize = LINE;
/// Where counters begin.
const COUNTERS: usize = MESSAGES + 2 * MAX_NUMBERS;

/// What of the mailbox a counter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    /// So many slots have been filled for a rank of the node.
    Filled,
    /// So many slots of a rank of the node have been read.
    Emptied,
}

/// This rank's part, and a view of the others'.
#[derive(Debug)]
pub(crate) struct Mailbox {
    shared: Shared,
    node_rank: usize,
    /// The notices put up so far.
    count: AtomicU64,
    /// So often is looked before others are let run.
    spin_limit: u32,
}

impl Mailbox {
    /// The bytes that the part of each of so many ranks takes.
    pub(super) fn bytes(ranks: usize) -> usize {
        (COUNTERS + 2 * LINE * ranks) * 8
    }

    /// The mailbox of these segments, of [`Mailbox::bytes`] each, for ranks that share so many
    /// processors.
    pub(super) fn new(shared: Shared, node_rank: usize, processors: usize) -> Mailbox {
        let spin_limit = if shared.ranks() <= processors { 4000 } else { 20 };
        Mailbox { shared, node_rank, count: AtomicU64::new(0), spin_limit }
    }

    /// A word of the own part.
    fn word(&self, at: usize) -> &AtomicU64 {
        self.shared.own_word(8 * at)
    }

    /// A word of another's part.
    fn seen(&self, node_rank: usize, at: usize) -> Word<'_> {
        self.shared.word(node_rank, 8 * at)
    }

    /// Waits until this is so.
    pub(crate) fn wait(&self, is_so: impl Fn() -> bool) {
        let mut spins = 0_u32;
        while !is_so() {
            spins = spins.wrapping_add(1);
            if spins > self.spin_limit && spins.is_multiple_of(64) {
                raw::progress();
            }
            if spins < self.spin_limit { std::hint::spin_loop() } else { yield_now() }
        }
    }

    /// Everybody's numbers, by node_rank; all give as many, at most [`MAX_NUMBERS`]. Collective on the node.
    pub(crate) fn exchange(&self, mine: &[i64]) -> Vec<i64> {
        assert!(mine.len() <= MAX_NUMBERS, "{} numbers are too many for a notice", mine.len());
        // Collective, and on one thread (`Comm`): one at a time.
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let first = MESSAGES + (count % 2) as usize * MAX_NUMBERS;
        for (at, &number) in mine.iter().enumerate() {
            self.word(first + at).store(number as u64, Ordering::Relaxed);
        }
        self.word(0).store(count, Ordering::Release);
        let mut all = Vec::with_capacity(mine.len() * self.shared.ranks());
        for node_rank in 0..self.shared.ranks() {
            self.wait(|| self.seen(node_rank, 0).acquire() >= count);
            all.extend((0..mine.len()).map(|at| self.seen(node_rank, first + at).relaxed() as i64));
        }
        all
    }

    /// Waits for everybody. What was written before, also past the cache, is seen by all after it.
    /// Collective on the node.
    pub(crate) fn barrier(&self) {
        fence(Ordering::SeqCst);
        self.exchange(&[]);
    }

    fn counter(of: Counter, node_rank: usize) -> usize {
        COUNTERS + (2 * node_rank + usize::from(of == Counter::Emptied)) * LINE
    }

    /// This rank's counter for the rank at a node_rank.
    pub(crate) fn own_count(&self, of: Counter, node_rank: usize) -> u64 {
        self.word(Mailbox::counter(of, node_rank)).load(Ordering::Relaxed)
    }

    /// Sets this rank's counter for the rank at a node_rank.
    pub(crate) fn set_count(&self, of: Counter, node_rank: usize, count: u64) {
        self.word(Mailbox::counter(of, node_rank)).store(count, Ordering::Release);
    }

    /// Waits until the counter for this rank of the one at a node_rank has come so far.
    pub(crate) fn wait_count(&self, of: Counter, node_rank: usize, count: u64) {
        let at = Mailbox::counter(of, self.node_rank);
        self.wait(|| self.seen(node_rank, at).acquire() >= count);
    }
}
