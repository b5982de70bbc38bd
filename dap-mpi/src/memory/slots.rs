//! Small pieces of memory between each two ranks of a node: what one cannot read of the other is
//! laid out there, piece by piece.
//!
//! Between two ranks there are two slots in each direction that take turns, so that one can be
//! filled while the other is read. They are small enough to stay in a cache. Who fills and who
//! reads count on the [`Mailbox`], each what it has done.

use super::mailbox::{Counter, Mailbox};
use super::node::Node;
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
    node_rank: usize,
    /// The bytes of a slot.
    size: usize,
}

impl Slots {
    /// Between the ranks of a node; nothing where they cannot be made. Collective on the node.
    pub(super) fn new(node: &Node) -> Result<Option<Slots>> {
        let size = (ROOM / (2 * node.size())).min(SLOT) / 4096 * 4096;
        let own = if size == 0 { None } else { Segment::new(2 * size * node.size()).ok() };
        let shared = Shared::new(node, own)?;
        Ok(shared.map(|shared| Slots { shared, node_rank: node.node_rank(), size }))
    }

    /// The bytes of a slot.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn offset(&self, node_rank: usize, turn: u64) -> usize {
        (2 * node_rank + (turn % 2) as usize) * self.size
    }

    /// The next slot for the rank at a node_rank, as soon as it is free, to be written by this process
    /// alone until it is said to be [full](Slots::fill).
    pub(crate) fn free(&self, mailbox: &Mailbox, node_rank: usize) -> *mut u8 {
        let turn = mailbox.own_count(Counter::Filled, node_rank);
        mailbox.wait_count(Counter::Emptied, node_rank, turn.saturating_sub(1));
        self.shared.own(self.offset(node_rank, turn))
    }

    /// Says that the slot for the rank at a node_rank is full.
    pub(crate) fn fill(&self, mailbox: &Mailbox, node_rank: usize) {
        mailbox.set_count(Counter::Filled, node_rank, mailbox.own_count(Counter::Filled, node_rank) + 1);
    }

    /// The next slot of the rank at a node_rank, as soon as it is filled; until it is
    /// [`Slots::emptied`].
    pub(crate) fn filled(&self, mailbox: &Mailbox, node_rank: usize) -> *const u8 {
        let turn = mailbox.own_count(Counter::Emptied, node_rank);
        mailbox.wait_count(Counter::Filled, node_rank, turn + 1);
        self.shared.other(node_rank, self.offset(self.node_rank, turn))
    }

    /// Says that the slot of the rank at a node_rank has been read.
    pub(crate) fn emptied(&self, mailbox: &Mailbox, node_rank: usize) {
        mailbox.set_count(Counter::Emptied, node_rank, mailbox.own_count(Counter::Emptied, node_rank) + 1);
    }
}
