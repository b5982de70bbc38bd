//! A notice board for the ranks of a node: numbers for everybody, without a message.
//!
//! Each rank writes its own segment only, and reads the others'. A notice has two places that take
//! turns: nobody writes one again before all have put up the next notice, and so have read this
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
pub(crate) const MOST: usize = 152;
/// Numbers that many read and one writes lie on a cache line of their own; two, as lines are
/// fetched in pairs.
const LINE: usize = 128 / 8;
/// The word that says whose part it is; the first one counts notices.
pub(super) const SIGN: usize = 1;
/// Where notices begin.
const NOTICES: usize = LINE;
/// Where counters begin.
const COUNTERS: usize = NOTICES + 2 * MOST;

/// What of the board a counter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    /// So many slots have been filled for a rank of the node.
    Filled,
    /// So many slots of a rank of the node have been read.
    Emptied,
}

/// This rank's part, and a view of the others'.
#[derive(Debug)]
pub(crate) struct Board {
    shared: Shared,
    place: usize,
    /// The notices put up so far.
    count: AtomicU64,
    /// So often is looked before others are let run.
    patience: u32,
}

impl Board {
    /// The bytes that the part of each of so many ranks takes.
    pub(super) fn bytes(ranks: usize) -> usize {
        (COUNTERS + 2 * LINE * ranks) * 8
    }

    /// The board of these segments, of [`Board::bytes`] each, for ranks that share so many
    /// processors.
    pub(super) fn new(shared: Shared, place: usize, processors: usize) -> Board {
        let patience = if shared.ranks() <= processors { 4000 } else { 20 };
        Board { shared, place, count: AtomicU64::new(0), patience }
    }

    /// A word of the own part.
    fn word(&self, at: usize) -> &AtomicU64 {
        self.shared.own_word(8 * at)
    }

    /// A word of another's part.
    fn seen(&self, place: usize, at: usize) -> Word<'_> {
        self.shared.word(place, 8 * at)
    }

    /// Waits until this is so.
    pub(crate) fn wait(&self, is_so: impl Fn() -> bool) {
        let mut turns = 0_u32;
        while !is_so() {
            turns = turns.wrapping_add(1);
            if turns > self.patience && turns.is_multiple_of(64) {
                raw::progress();
            }
            if turns < self.patience { std::hint::spin_loop() } else { yield_now() }
        }
    }

    /// Everybody's numbers, by place; all give as many, at most [`MOST`]. Collective on the node.
    pub(crate) fn exchange(&self, mine: &[i64]) -> Vec<i64> {
        assert!(mine.len() <= MOST, "{} numbers are too many for a notice", mine.len());
        // Collective, and on one thread (`Comm`): one at a time.
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let first = NOTICES + (count % 2) as usize * MOST;
        for (at, &number) in mine.iter().enumerate() {
            self.word(first + at).store(number as u64, Ordering::Relaxed);
        }
        self.word(0).store(count, Ordering::Release);
        let mut all = Vec::with_capacity(mine.len() * self.shared.ranks());
        for place in 0..self.shared.ranks() {
            self.wait(|| self.seen(place, 0).acquire() >= count);
            all.extend((0..mine.len()).map(|at| self.seen(place, first + at).relaxed() as i64));
        }
        all
    }

    /// Waits for everybody. What was written before, also past the cache, is seen by all after it.
    /// Collective on the node.
    pub(crate) fn barrier(&self) {
        fence(Ordering::SeqCst);
        self.exchange(&[]);
    }

    fn counter(of: Counter, place: usize) -> usize {
        COUNTERS + (2 * place + usize::from(of == Counter::Emptied)) * LINE
    }

    /// This rank's counter for the rank at a place.
    pub(crate) fn own_count(&self, of: Counter, place: usize) -> u64 {
        self.word(Board::counter(of, place)).load(Ordering::Relaxed)
    }

    /// Sets this rank's counter for the rank at a place.
    pub(crate) fn set_count(&self, of: Counter, place: usize, count: u64) {
        self.word(Board::counter(of, place)).store(count, Ordering::Release);
    }

    /// Waits until the counter for this rank of the one at a place has come so far.
    pub(crate) fn wait_count(&self, of: Counter, place: usize, count: u64) {
        let at = Board::counter(of, self.place);
        self.wait(|| self.seen(place, at).acquire() >= count);
    }
}
