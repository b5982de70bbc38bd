//! Small pieces of memory between each two ranks of a node: what one cannot read of the other is
//! laid out there, piece by piece.
//!
//! Between two ranks there are two slots in each direction that take turns, so that one can be
//! filled while the other is read. They are small enough to stay in a cache. Who fills and who
//! reads count on the [`Board`], each what it has done.

use super::board::{Board, Counter};
use super::neighbours::Neighbourhood;
use super::segment::Segment;
use super::shared::Shared;
use crate::error::Result;

/// The most memory for them on each rank, in bytes.
const ROOM: usize = 16 << 20;
/// The size of a slot, in bytes; less where there are many ranks.
const SLOT: usize = 512 << 10;

/// This rank's slots, for the others to read, and a view of theirs.
#[derive(Debug)]
pub(crate) struct Slots {
    shared: Shared,
    place: usize,
    /// The bytes of a slot.
    size: usize,
}

impl Slots {
    /// Between the ranks of a node; nothing where they cannot be made. Collective on the node.
    pub(super) fn new(hood: &Neighbourhood) -> Result<Option<Slots>> {
        let size = (ROOM / (2 * hood.size())).min(SLOT) / 4096 * 4096;
        let own = if size == 0 { None } else { Segment::new(2 * size * hood.size()).ok() };
        let shared = Shared::new(hood, own)?;
        Ok(shared.map(|shared| Slots { shared, place: hood.place(), size }))
    }

    /// The bytes of a slot.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn offset(&self, place: usize, turn: u64) -> usize {
        (2 * place + (turn % 2) as usize) * self.size
    }

    /// The next slot for the rank at a place, as soon as it is free, to be written by this process
    /// alone until it is said to be [full](Slots::fill).
    pub(crate) fn free(&self, board: &Board, place: usize) -> *mut u8 {
        let turn = board.own_count(Counter::Filled, place);
        board.wait_count(Counter::Emptied, place, turn.saturating_sub(1));
        self.shared.own(self.offset(place, turn))
    }

    /// Says that the slot for the rank at a place is full.
    pub(crate) fn fill(&self, board: &Board, place: usize) {
        board.set_count(Counter::Filled, place, board.own_count(Counter::Filled, place) + 1);
    }

    /// The next slot of the rank at a place, as soon as it is filled; until it is
    /// [`Slots::emptied`].
    pub(crate) fn filled(&self, board: &Board, place: usize) -> *const u8 {
        let turn = board.own_count(Counter::Emptied, place);
        board.wait_count(Counter::Filled, place, turn + 1);
        self.shared.other(place, self.offset(self.place, turn))
    }

    /// Says that the slot of the rank at a place has been read.
    pub(crate) fn emptied(&self, board: &Board, place: usize) {
        board.set_count(Counter::Emptied, place, board.own_count(Counter::Emptied, place) + 1);
    }
}
