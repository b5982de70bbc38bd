//! Through slots that the node shares: what a neighbour cannot read is laid out for it, piece by piece.
//!
//! There are two orders. In that of the [targets](by_target) slots are read together with what can be read directly, so that each
//! target is written from its beginning to its end. In that of the [sources](by_source) each source is read from its beginning to its end. Each
//! element is written to memory once either way.
//!
//! All ranks of the node take part, and all take the pieces in order: nobody fills a slot twice before its reader has reached the piece, and
//! nobody waits for a piece before having laid out its own of that number. So there is always one that can go on.

mod by_source;
mod by_target;

use dap_core::plan::Plan;
use dap_ndarray::copy::Order;

use super::pieces::Pieces;
use crate::memory::{Board, Slots};

/// The slots of the node, and how they are used.
#[derive(Clone, Copy)]
pub(crate) struct Through<'m> {
    pub(crate) slots: &'m Slots,
    pub(crate) board: &'m Board,
    /// They are written past the cache, for readers that share none with the writer.
    pub(crate) streams: bool,
}

/// One move through slots, on one rank.
pub(crate) struct Staged<'m> {
    pub(crate) plan: &'m Plan,
    pub(crate) through: Through<'m>,
    /// Of the items of messages, the same on all ranks.
    pub(crate) order: Order,
    /// The bytes of an item, at most those of a slot.
    pub(crate) item: usize,
    /// The bytes of a piece are at most those of a slot, and these; one item is always a piece.
    pub(crate) limit: usize,
}

impl Staged<'_> {
    /// The pieces of a buffer with these extents, none if there is no such buffer.
    fn pieces(&self, extents: Option<Vec<i64>>) -> Pieces {
        let most = self.through.slots.size().min(self.limit) / self.item;
        Pieces::new(&extents.unwrap_or_else(|| vec![0]), self.order, most.max(1) as i64)
    }
}
