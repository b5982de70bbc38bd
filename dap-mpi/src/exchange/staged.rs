//! SlotRoute slots that the node shares: what a neighbour cannot read is laid out for it, piece by
//! piece.
//!
//! There are three orders. In that of the [targets](by_target) slots are read together with what
//! can be read directly, so that each target is written from its beginning to its end. In that of
//! the [sources](by_source) each source is read from its beginning to its end. And there is that of
//! the [transfers](by_chunk), for those whose elements follow no rule. Each element is written to
//! memory once in all of them.
//!
//! All ranks of the node take part, and all take the pieces in order: nobody fills a slot twice
//! before its reader has reached the piece, and nobody waits for a piece before having laid out its
//! own of that number. So there is always one that can go on.

mod by_chunk;
mod by_source;
mod by_target;

use std::mem::MaybeUninit;

use dap_core::plan::{Plan, Transfer};
use dap_ndarray::Buffer;
use dap_ndarray::copy::{self, Order, Reuse};

use super::bytes;
use super::pieces::Pieces;
use crate::error::Result;
use crate::memory::{Mailbox, Slots};

/// The slots of the node, and how they are used.
#[derive(Clone, Copy)]
pub(crate) struct SlotRoute<'m> {
    pub(crate) slots: &'m Slots,
    pub(crate) mailbox: &'m Mailbox,
    /// When they are read: whether the readers share a cache with the writer.
    pub(crate) reuse: Reuse,
}

/// One move through slots, on one rank.
pub(crate) struct Staged<'m> {
    pub(crate) plan: &'m Plan,
    pub(crate) through: SlotRoute<'m>,
    /// Of the items of messages, the same on all ranks.
    pub(crate) order: Order,
    /// The bytes of an item, at most those of a slot.
    pub(crate) item: usize,
    /// The bytes of a piece are at most those of a slot, and these; one item is always a piece.
    pub(crate) limit: usize,
}

/// What goes to a neighbour or comes from it, with its node_rank on the node.
pub(crate) type Along<'p> = (usize, Transfer<'p>);

impl Staged<'_> {
    /// The most elements of a piece.
    fn most(&self) -> i64 {
        (self.through.slots.size().min(self.limit) / self.item).max(1) as i64
    }

    /// The pieces of a buffer with these extents, none if there is no such buffer.
    fn pieces(&self, extents: Option<Vec<i64>>) -> Pieces {
        Pieces::new(&extents.unwrap_or_else(|| vec![0]), self.order, self.most())
    }

    /// Lays out a piece for the neighbour at a node_rank.
    fn publish(&self, source: &Buffer, piece: &Transfer<'_>, node_rank: usize) -> Result<()> {
        // Who takes it sees as well that there is nothing.
        if piece.elements() == 0 {
            return Ok(());
        }
        let SlotRoute { slots, mailbox, reuse } = self.through;
        let len = bytes(piece.elements(), self.item);
        let slot = slots.free(mailbox, node_rank).cast::<MaybeUninit<u8>>();
        // SAFETY: `most` makes no piece longer than a slot. `free` has waited until the reader has
        // emptied this one, and the reader waits for `fill`. This process has no other reference to
        // it: a `Comm` stays on one thread, and the last one ended before `fill`.
        let slot = unsafe { std::slice::from_raw_parts_mut(slot, len) };
        let packed = copy::pack_for(piece, source, self.order, slot, reuse);
        // An error would be one of the plan: who waits for the slot must go on all the same.
        slots.fill(mailbox, node_rank);
        Ok(packed?)
    }

    /// Takes what the neighbour at a node_rank has laid out of a piece.
    fn take(&self, target: &mut Buffer, piece: &Transfer<'_>, node_rank: usize) -> Result<()> {
        // Who lays it out sees as well that there is nothing.
        if piece.elements() == 0 {
            return Ok(());
        }
        let SlotRoute { slots, mailbox, .. } = self.through;
        let len = bytes(piece.elements(), self.item);
        // SAFETY: `most` makes no piece longer than a slot, whose mapping lives as long as `slots`.
        // `filled` has waited until the filler has written this very piece, and the filler waits
        // for `emptied`, which comes after the last use of the reference.
        let slot = unsafe { std::slice::from_raw_parts(slots.filled(mailbox, node_rank), len) };
        // However small the pieces are, what counts is how large all of them are together.
        let whole = Reuse::After(self.plan.incoming_elements().saturating_mul(self.item as i64));
        let unpacked = copy::unpack_for(piece, slot, self.order, target, whole);
        slots.emptied(mailbox, node_rank);
        Ok(unpacked?)
    }
}
