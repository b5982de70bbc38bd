//! What the ranks of a node lay out for one another again and again: a place for each message, in
//! memory that its receiver can read.
//!
//! A message has a count of its turns in front of it. Nobody lays out the next turn before all have
//! taken this one, which the operation's own agreement sees to.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::board::Board;
use super::neighbours::Neighbourhood;
use super::segment::Segment;
use super::shared::Shared;
use crate::error::Result;

/// Messages begin this many bytes behind their count, and on lines of the cache of their own.
const HEAD: usize = 128;

/// This rank's messages for its neighbours, and a view of theirs.
#[derive(Debug)]
pub(crate) struct Shelf {
    shared: Shared,
    place: usize,
    /// Where this rank's message for each place lies, behind its count; empty where there is none.
    places: Vec<Range<usize>>,
}

impl Shelf {
    /// For messages of so many bytes to the rank at each place of the node. Nothing where it cannot
    /// be made. Collective on the node.
    pub(crate) fn new(hood: &Neighbourhood, lens: &[usize]) -> Result<Option<Shelf>> {
        if hood.board().is_none() {
            return Ok(None);
        }
        // First a table: where the message for each place begins.
        let mut end = (8 * lens.len()).next_multiple_of(HEAD);
        let mut places = Vec::with_capacity(lens.len());
        for len in lens {
            let start = end + HEAD;
            places.push(start..start + len);
            end = (start + len).next_multiple_of(HEAD);
        }
        let own = Segment::new(end).ok();
        if let Some(own) = &own {
            for (at, place) in places.iter().enumerate() {
                // SAFETY: the segment has room for `lens.len()` words at its beginning, is aligned
                // to a page, and is not yet shown to other processes.
                unsafe { own.data().cast::<u64>().add(at).write(place.start as u64) };
            }
        }
        let shared = Shared::new(hood, own)?;
        Ok(shared.map(|shared| Shelf { shared, place: hood.place(), places }))
    }

    /// Lets `fill` write the message for the rank at a place, of this turn.
    pub(crate) fn lay_out<T>(&self, place: usize, turn: u64, fill: impl FnOnce(&mut [u8]) -> T) -> T {
        let range = self.places[place].clone();
        // SAFETY: `new` made the segment large enough for all places, which do not overlap one
        // another, their counts, or the table. The reader has taken the last turn, as all ranks
        // have agreed on this one, and reads this one after the count only. This process has no
        // other reference: a `Comm` stays on one thread, and `fill` gets no shelf.
        let message = unsafe { std::slice::from_raw_parts_mut(self.shared.own(range.start), range.len()) };
        let filled = fill(message);
        self.shared.own_word(range.start - HEAD).store(turn, Ordering::Release);
        filled
    }

    /// The message of the rank at a place, of this turn, `len` bytes long, as soon as it is there.
    pub(crate) fn take(&self, board: &Board, place: usize, turn: u64, len: usize) -> &[u8] {
        let start = self.shared.word(place, 8 * self.place).relaxed() as usize;
        let count = self.shared.word(place, start - HEAD);
        board.wait(|| count.acquire() >= turn);
        // SAFETY: the owner's table says where the message for this rank begins, and both have its
        // length from the same halo. The count has come, so the owner has written it, and writes it
        // again only after all ranks have agreed on the next turn, which this borrow does not
        // reach: that takes `&mut` of the exchange.
        unsafe { std::slice::from_raw_parts(self.shared.other(place, start), len) }
    }
}
