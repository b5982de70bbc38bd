//! Exchange through slots that the node shares: data that a rank cannot read from another one is
//! staged for it, piece by piece.
//!
//! There are three orders. In the order of the [targets](by_target), slots are read together with
//! memory that can be read directly, so each target is written from its beginning to its end. In
//! the order of the [sources](by_source), each source is read from its beginning to its end. The
//! order of the [transfers](by_chunk) serves transfers whose elements are listed. In all of them
//! each element is written to memory once.
//!
//! All ranks of the node take part, and all take the pieces in order. No rank fills a slot twice
//! before its reader has reached the piece. Each rank publishes piece k before it waits for piece
//! k, so the exchange cannot deadlock.

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
use crate::node::{Mailbox, Slots};

/// The slots of the node, and their use.
#[derive(Clone, Copy)]
pub(crate) struct SlotRoute<'m> {
    pub(crate) slots: &'m Slots,
    pub(crate) mailbox: &'m Mailbox,
    /// When slots are read: whether the readers share a cache with the writer.
    pub(crate) reuse: Reuse,
}

/// One move through slots, on one rank.
pub(crate) struct Staged<'m> {
    pub(crate) plan: &'m Plan,
    pub(crate) through: SlotRoute<'m>,
    /// The order of items in messages, the same on all ranks.
    pub(crate) order: Order,
    /// The bytes of an item, at most those of a slot.
    pub(crate) item: usize,
    /// The limit of a piece in bytes, besides the size of a slot; one item is always a piece.
    pub(crate) limit: usize,
}

/// A transfer to or from a rank of the node, with its node rank.
pub(crate) type StagedTransfer<'p> = (usize, Transfer<'p>);

impl Staged<'_> {
    /// The most elements of a piece.
    fn most(&self) -> i64 {
        (self.through.slots.size().min(self.limit) / self.item).max(1) as i64
    }

    /// The pieces of a buffer with these extents; no pieces if there is no such buffer.
    fn pieces(&self, extents: Option<Vec<i64>>) -> Pieces {
        Pieces::new(&extents.unwrap_or_else(|| vec![0]), self.order, self.most())
    }

    /// Publishes a piece for a node rank.
    fn publish(&self, source: &Buffer, piece: &Transfer<'_>, node_rank: usize) -> Result<()> {
        // The reader of an empty piece skips it as well.
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
        // An error here would be an error of the plan. The reader waits for the slot all the same.
        slots.fill(mailbox, node_rank);
        Ok(packed?)
    }

    /// Consumes a piece that a node rank has published.
    fn take(&self, target: &mut Buffer, piece: &Transfer<'_>, node_rank: usize) -> Result<()> {
        // The writer of an empty piece skips it as well.
        if piece.elements() == 0 {
            return Ok(());
        }
        let SlotRoute { slots, mailbox, .. } = self.through;
        let len = bytes(piece.elements(), self.item);
        // SAFETY: `most` makes no piece longer than a slot, whose mapping lives as long as `slots`.
        // `filled` has waited until the filler has written this very piece, and the filler waits
        // for `emptied`, which comes after the last use of the reference.
        let slot = unsafe { std::slice::from_raw_parts(slots.filled(mailbox, node_rank), len) };
        // The total size of all pieces decides, however small each piece is.
        let whole = Reuse::After(self.plan.incoming_elements().saturating_mul(self.item as i64));
        let unpacked = copy::unpack_for(piece, slot, self.order, target, whole);
        slots.emptied(mailbox, node_rank);
        Ok(unpacked?)
    }
}
