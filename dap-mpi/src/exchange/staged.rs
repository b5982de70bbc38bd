//! Through slots that the node shares: what a neighbour cannot read is laid out for it, piece by piece, and read from there in the order of
//! its target, together with what can be read directly. So each element is still written to memory once.

use dap_core::index::Rank;
use dap_core::plan::{Plan, Transfer};
use dap_ndarray::Buffer;
use dap_ndarray::copy::{self, Order, Pull, Supply};

use super::pieces::Pieces;
use crate::error::Result;
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
    fn pieces(&self, target: Rank) -> Pieces {
        let shape = self.plan.target_extents(target).unwrap_or_default();
        let most = self.through.slots.size().min(self.limit) / self.item;
        Pieces::new(&shape, self.order, most.max(1) as i64)
    }

    /// Lays out what neighbours need of `source`, those at the places that `to` gives; and fills `target` by `pull` from the slots of
    /// those at the places that `from` gives, and from what `direct` gives.
    ///
    /// All ranks of the node come here, and all take the pieces in order: nobody fills a slot twice before its reader has reached the
    /// piece, and nobody waits for a piece before having laid out its own of that number. So there is always one that can go on.
    ///
    /// # Safety
    /// As [`Pull::run`] for what `direct` gives.
    pub(crate) unsafe fn run<'s>(
        &self,
        source: Option<(&Buffer, &[(usize, Transfer<'_>)])>,
        target: Option<(&Pull, *mut u8, Rank)>,
        from: impl Fn(Rank) -> Option<usize>,
        direct: impl Fn(Rank) -> Option<Supply<'s>>,
    ) -> Result<()> {
        let Through { slots, board, .. } = self.through;
        let sends = source.map_or(&[][..], |(_, sends)| sends);
        let theirs: Vec<Pieces> = sends.iter().map(|(_, send)| self.pieces(send.peer())).collect();
        let mine = target.map(|(_, _, rank)| self.pieces(rank));
        let own = mine.as_ref().map_or(0, Pieces::count);
        let last = theirs.iter().map(Pieces::count).fold(own, usize::max);
        let mut outcome = Ok(());
        for at in 0..=last {
            for ((place, send), pieces) in sends.iter().zip(&theirs) {
                let Some((source, _)) = source.filter(|_| at < pieces.count()) else { continue };
                // An error here would be one of the plan: the others are waiting for the slot all the same.
                outcome = outcome.and(self.lay_out(source, send, &pieces.get(at), *place));
            }
            let Some(before) = at.checked_sub(1).filter(|&before| before < own) else { continue };
            if let (Some((pull, data, _)), Some(pieces)) = (target, &mine) {
                let part = pull.within(&pieces.get(before));
                let supply = |transfer: &Transfer<'_>| match from(transfer.peer()) {
                    Some(place) => Some(Supply::Message(slots.filled(board, place), self.order)),
                    None => direct(transfer.peer()),
                };
                // SAFETY: the caller's promise; a slot holds what its filler has laid out for this very piece.
                unsafe { part.run(supply, data) };
                let read = part.plan().supplies().filter_map(|transfer| from(transfer.peer()));
                read.for_each(|place| slots.emptied(board, place));
            }
        }
        outcome
    }

    fn lay_out(
        &self,
        source: &Buffer,
        send: &Transfer<'_>,
        places: &[Option<std::ops::Range<i64>>],
        place: usize,
    ) -> Result<()> {
        let restricted: Vec<_> = send
            .factors()
            .iter()
            .zip(places)
            .map(|(&common, range)| match range {
                Some(range) => common.within(range.clone()),
                None => common.clone(),
            })
            .collect();
        let part = send.part(&restricted);
        // Who receives sees as well that there is nothing.
        if part.elements() == 0 {
            return Ok(());
        }
        let len = super::bytes(part.elements(), self.item);
        let Through { slots, board, streams } = self.through;
        let pack = if streams { copy::pack_streaming } else { copy::pack };
        Ok(slots.fill(board, place, |slot| pack(&part, source, self.order, &mut slot[..len]))?)
    }
}
