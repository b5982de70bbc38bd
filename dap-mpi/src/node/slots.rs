//! Slots: small pieces of shared memory between each two ranks of a node, for staging data that one
//! of them cannot read directly.
//!
//! Two ranks have two slots in each direction, which alternate: one is filled while the other is
//! read. They are small enough to stay in a cache. The writer and the reader each count their
//! events in the [`Mailbox`].

use super::Node;
use super::mailbox::{Counter, Mailbox};
use super::segment::Segment;
use super::shared::Shared;
use crate::error::Result;

/// The most memory for slots on each rank, in bytes.
const ROOM: usize = 16 << 20;
/// The size of a slot, in bytes; less on a node with many ranks.
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
    /// Slots between the ranks of a node; `None` if they cannot be made. Collective on the node.
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

    /// Waits until the next slot for a node rank is free. Only this process writes it until it is
    /// [full](Slots::fill).
    pub(crate) fn free(&self, mailbox: &Mailbox, node_rank: usize) -> *mut u8 {
        let turn = mailbox.own_count(Counter::Filled, node_rank);
        mailbox.wait_count(Counter::Emptied, node_rank, turn.saturating_sub(1));
        self.shared.own(self.offset(node_rank, turn))
    }

    /// Marks the slot for a node rank as full.
    pub(crate) fn fill(&self, mailbox: &Mailbox, node_rank: usize) {
        mailbox.set_count(Counter::Filled, node_rank, mailbox.own_count(Counter::Filled, node_rank) + 1);
    }

    /// Waits until the next slot of a node rank is full. It stays so until [`Slots::emptied`].
    pub(crate) fn filled(&self, mailbox: &Mailbox, node_rank: usize) -> *const u8 {
        let turn = mailbox.own_count(Counter::Emptied, node_rank);
        mailbox.wait_count(Counter::Filled, node_rank, turn + 1);
        self.shared.other(node_rank, self.offset(self.node_rank, turn))
    }

    /// Marks the slot of a node rank as read.
    pub(crate) fn emptied(&self, mailbox: &Mailbox, node_rank: usize) {
        mailbox.set_count(Counter::Emptied, node_rank, mailbox.own_count(Counter::Emptied, node_rank) + 1);
    }
}
