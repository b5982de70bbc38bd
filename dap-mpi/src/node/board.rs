//! A board in the mailbox's segments: the position of each rank of the node, and texts about it.
//!
//! Each rank writes its own board only. A position is one word, so that each of its versions is
//! whole. A text is many words: a header that counts its versions tells a reader whether the text
//! changed while it was read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::shared::Shared;

/// The number of call sites whose texts a board has; more share the places.
pub(crate) const SITES: usize = 64;
/// The words of a text, its header included.
const TEXT: usize = 48;
/// The position and the flag of a departure lie on cache lines of their own.
const LINE: usize = 128 / 8;
const DEPARTED: usize = LINE;
const TEXTS: usize = 2 * LINE;

/// A text of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextPlace {
    /// The reason of the departure.
    Departure,
    /// The rank's wait on another communicator.
    Elsewhere,
    /// The call at a site, from 0 to [`SITES`].
    Site(usize),
}

impl TextPlace {
    fn first(self) -> usize {
        let at = match self {
            TextPlace::Departure => 0,
            TextPlace::Elsewhere => 1,
            TextPlace::Site(site) => 2 + site % SITES,
        };
        TEXTS + at * TEXT
    }
}

/// The boards of the ranks of a node.
#[derive(Debug)]
pub(crate) struct Board {
    shared: Arc<Shared>,
    /// The first word of a board in a segment.
    first: usize,
}

impl Board {
    /// The words of one board.
    pub(super) const WORDS: usize = TEXTS + (2 + SITES) * TEXT;

    /// Boards that begin at this word of each segment.
    pub(super) fn new(shared: Arc<Shared>, first: usize) -> Board {
        Board { shared, first }
    }

    fn own(&self, at: usize) -> &AtomicU64 {
        self.shared.own_word(8 * (self.first + at))
    }

    fn seen(&self, node_rank: usize, at: usize) -> u64 {
        self.shared.word(node_rank, 8 * (self.first + at)).acquire()
    }

    /// Sets this rank's position.
    pub(crate) fn set_position(&self, position: u64) {
        self.own(0).store(position, Ordering::Relaxed);
    }

    /// The position of a node rank.
    pub(crate) fn position(&self, node_rank: usize) -> u64 {
        self.seen(node_rank, 0)
    }

    /// Publishes that this rank takes part in no further call.
    pub(crate) fn depart(&self, reason: &str) {
        self.write(TextPlace::Departure, reason);
        self.own(DEPARTED).store(1, Ordering::Release);
    }

    /// Whether a node rank takes part in no further call. Its last position is seen after this.
    pub(crate) fn has_departed(&self, node_rank: usize) -> bool {
        self.seen(node_rank, DEPARTED) != 0
    }

    /// Writes a text of this rank's board, as much of it as there is room for.
    pub(crate) fn write(&self, place: TextPlace, text: &str) {
        let mut len = text.len().min(8 * (TEXT - 1));
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        let text = &text.as_bytes()[..len];
        let first = place.first();
        let version = self.own(first).load(Ordering::Relaxed) >> 32;
        // An odd version is being written.
        self.own(first).store((version + 1) << 32, Ordering::Relaxed);
        std::sync::atomic::fence(Ordering::Release);
        for (at, chunk) in text.chunks(8).enumerate() {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.own(first + 1 + at).store(u64::from_le_bytes(word), Ordering::Relaxed);
        }
        self.own(first).store((version + 2) << 32 | text.len() as u64, Ordering::Release);
    }

    /// A text of a node rank; empty if there is none, or if it changes again and again.
    pub(crate) fn text(&self, node_rank: usize, place: TextPlace) -> String {
        let first = place.first();
        for _ in 0..100 {
            let header = self.seen(node_rank, first);
            let len = ((header & 0xFFFF_FFFF) as usize).min(8 * (TEXT - 1));
            let words = (0..len.div_ceil(8)).map(|at| self.seen(node_rank, first + 1 + at).to_le_bytes());
            let bytes: Vec<u8> = words.flatten().take(len).collect();
            if (header >> 32).is_multiple_of(2) && self.seen(node_rank, first) == header {
                return String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        String::new()
    }
}
