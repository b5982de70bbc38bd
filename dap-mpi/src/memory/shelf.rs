//! What the ranks of a node lay out for one another again and again: a place for each message, in memory that its receiver can read.
//!
//! A message has a count of its turns in front of it. Nobody lays out the next turn before all have taken this one, which the
//! operation's own agreement sees to.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

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
    /// For messages of so many bytes to the rank at each place of the node. Nothing where it cannot be made. Collective on the node.
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
                // SAFETY: within the segment, which nobody else knows yet.
                unsafe { own.data().cast::<u64>().add(at).write(place.start as u64) };
            }
        }
        let shared = Shared::new(hood, own)?;
        Ok(shared.map(|shared| Shelf { shared, place: hood.place(), places }))
    }

    /// Lets `fill` write the message for the rank at a place, of this turn.
    pub(crate) fn lay_out<T>(&self, place: usize, turn: u64, fill: impl FnOnce(&mut [u8]) -> T) -> T {
        let range = self.places[place].clone();
        // SAFETY: within the segment. The reader has taken the last turn, and waits for the count before it reads this one.
        unsafe {
            let data = self.shared.own(range.start);
            let filled = fill(std::slice::from_raw_parts_mut(data, range.len()));
            (*data.sub(HEAD).cast::<AtomicU64>()).store(turn, Ordering::Release);
            filled
        }
    }

    /// The message of the rank at a place, of this turn, `len` bytes long, as soon as it is there.
    pub(crate) fn take(&self, board: &Board, place: usize, turn: u64, len: usize) -> &[u8] {
        // SAFETY: within the mapping, as its owner laid it out: the table is not written any more; the count is used as an atomic
        // by both; the message is not written again before all have agreed on the next turn.
        unsafe {
            let start = self.shared.other(place, 8 * self.place).cast::<u64>().read() as usize;
            let data = self.shared.other(place, start);
            let count = &*data.sub(HEAD).cast::<AtomicU64>();
            board.wait(|| count.load(Ordering::Acquire) >= turn);
            std::slice::from_raw_parts(data, len)
        }
    }
}
