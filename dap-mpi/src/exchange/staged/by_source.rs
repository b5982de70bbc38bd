//! Staging in the order of the sources.

use dap_core::index::Rank;
use dap_core::plan::Transfer;
use dap_ndarray::Buffer;
use dap_ndarray::copy::{Demand, Push, Target};

use super::{SlotRoute, Staged, StagedTransfer};
use crate::error::{Error, Result};
use crate::exchange::pieces::Pieces;

impl Staged<'_> {
    /// Goes through this rank's source. Kept elements go straight to `target`; elements for other
    /// ranks go to the slots of the node ranks that `to` gives. Meanwhile `target` is filled from
    /// the slots of the node ranks that are given with each transfer.
    ///
    /// # Safety
    /// As [`Push::run`] for the source.
    pub(crate) unsafe fn scatter(
        &self,
        source: Option<(&Push, *const u8)>,
        mut target: Option<Buffer>,
        to: impl Fn(Rank) -> Option<usize>,
        receives: &[StagedTransfer<'_>],
    ) -> Result<()> {
        let SlotRoute { slots, mailbox, reuse } = self.through;
        let pieces_of = |source: Rank| self.pieces(self.plan.source_extents(source));
        let mine = source.and(self.plan.endpoints().source).map(pieces_of);
        let theirs: Vec<Pieces> = receives.iter().map(|(_, receive)| pieces_of(receive.peer())).collect();
        let own = mine.as_ref().map_or(0, Pieces::count);
        let last = theirs.iter().map(Pieces::count).fold(own, usize::max);
        let kept = self.plan.endpoints().target;
        let mut outcome = Ok(());
        for at in 0..=last {
            if let (Some((push, data)), Some(pieces)) = (source, mine.as_ref().filter(|_| at < own)) {
                let part = push.within(&pieces.get(at));
                let node_rank = target.as_mut().and_then(|target| Some((target.as_mut_ptr().ok()?, target.strides())));
                let demand = |transfer: &Transfer<'_>| {
                    if Some(transfer.peer()) == kept {
                        return node_rank.map(|(data, strides)| Demand::Buffer(Target { data, strides }));
                    }
                    let data = slots.free(mailbox, to(transfer.peer())?);
                    Some(Demand::Message { data, len: slots.size(), order: self.order })
                };
                // SAFETY: `data` is this process's source, as the caller guarantees. The own target
                // is borrowed mutably for this function. No piece is longer than a slot (`most`);
                // `free` has waited until the reader has emptied it, and the reader waits for
                // `fill`.
                let pushed = unsafe { part.run(demand, data, reuse) };
                // An error here would be an error of the plan. The readers of the slots wait all
                // the same.
                outcome = outcome.and(pushed.map_err(Error::from));
                let others = part.demands().filter(|transfer| Some(transfer.peer()) != kept);
                others.filter_map(|transfer| to(transfer.peer())).for_each(|node_rank| slots.fill(mailbox, node_rank));
            }
            let Some(before) = at.checked_sub(1) else { continue };
            for ((node_rank, receive), pieces) in receives.iter().zip(&theirs) {
                let Some(target) = target.as_mut().filter(|_| before < pieces.count()) else { continue };
                let piece = receive.within_source(&pieces.get(before));
                outcome = outcome.and(self.take(target, &piece.transfer(), *node_rank));
            }
        }
        outcome
    }
}
