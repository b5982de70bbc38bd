//! Staging in the order of the targets.

use dap_core::index::Rank;
use dap_core::plan::Transfer;
use dap_ndarray::Buffer;
use dap_ndarray::copy::{Pull, Supply};

use super::{SlotRoute, Staged, StagedTransfer};
use crate::error::{Error, Result};
use crate::exchange::pieces::Pieces;

impl Staged<'_> {
    /// Publishes the parts of `source` for the node ranks that are given with each transfer. Fills
    /// `target` by a pull from the slots of the node ranks that `from` gives, and from the memory
    /// that `direct` gives.
    ///
    /// # Safety
    /// As [`Pull::run`] for the memory that `direct` gives.
    pub(crate) unsafe fn gather<'s>(
        &self,
        source: Option<(&Buffer, &[StagedTransfer<'_>])>,
        target: Option<(&Pull, *mut u8)>,
        from: impl Fn(Rank) -> Option<usize>,
        direct: impl Fn(Rank) -> Option<Supply<'s>>,
    ) -> Result<()> {
        let SlotRoute { slots, mailbox, .. } = self.through;
        let pieces_of = |target: Rank| self.pieces(self.plan.target_extents(target));
        let sends = source.map_or(&[][..], |(_, sends)| sends);
        let theirs: Vec<Pieces> = sends.iter().map(|(_, send)| pieces_of(send.peer())).collect();
        let mine = target.and(self.plan.endpoints().target).map(pieces_of);
        let own = mine.as_ref().map_or(0, Pieces::count);
        let last = theirs.iter().map(Pieces::count).fold(own, usize::max);
        let mut outcome = Ok(());
        for at in 0..=last {
            for ((node_rank, send), pieces) in sends.iter().zip(&theirs) {
                let Some((source, _)) = source.filter(|_| at < pieces.count()) else { continue };
                let piece = send.within_target(&pieces.get(at));
                outcome = outcome.and(self.publish(source, &piece.transfer(), *node_rank));
            }
            let Some(before) = at.checked_sub(1).filter(|&before| before < own) else { continue };
            if let (Some((pull, data)), Some(pieces)) = (target, &mine) {
                let part = pull.within(&pieces.get(before));
                let supply = |transfer: &Transfer<'_>| match from(transfer.peer()) {
                    Some(node_rank) => {
                        let data = slots.filled(mailbox, node_rank);
                        Some(Supply::Message { data, len: slots.size(), order: self.order })
                    }
                    None => direct(transfer.peer()),
                };
                // SAFETY: `data` is this process's target and `direct` gives sources that can be
                // read, as the caller guarantees. `filled` has waited until the filler has written
                // this very piece, no longer than a slot, and the filler waits for `emptied`.
                let pulled = unsafe { part.run(supply, data) };
                outcome = outcome.and(pulled.map_err(Error::from));
                let read = part.plan().supplies().filter_map(|transfer| from(transfer.peer()));
                read.for_each(|node_rank| slots.emptied(mailbox, node_rank));
            }
        }
        outcome
    }
}
