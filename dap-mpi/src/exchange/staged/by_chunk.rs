//! Staging in the order of each transfer, chunk by chunk, as in messages.

use dap_ndarray::Buffer;

use super::{Staged, StagedTransfer};
use crate::error::Result;
use crate::exchange::chunks::Chunks;

impl Staged<'_> {
    /// Publishes the parts of `source` that other ranks of the node need, and fills `target` from
    /// the parts that they publish.
    pub(crate) fn relay<'p>(
        &self,
        source: Option<(&Buffer, &[StagedTransfer<'p>])>,
        mut target: Option<(Buffer, &[StagedTransfer<'p>])>,
    ) -> Result<()> {
        let sends: Vec<_> = source.iter().flat_map(|(_, sends)| *sends).map(|along| self.chunks(along)).collect();
        let receives: Vec<_> =
            target.iter().flat_map(|(_, receives)| *receives).map(|along| self.chunks(along)).collect();
        let last = sends.iter().chain(&receives).map(|(_, chunks)| chunks.count()).max().unwrap_or(0);
        let mut outcome = Ok(());
        for at in 0..=last {
            for (node_rank, chunks) in &sends {
                if let (Some((source, _)), Some(piece)) = (source, chunks.get(at)) {
                    outcome = outcome.and(self.publish(source, &piece.transfer(), *node_rank));
                }
            }
            let Some(before) = at.checked_sub(1) else { continue };
            for (node_rank, chunks) in &receives {
                if let (Some((target, _)), Some(piece)) = (&mut target, chunks.get(before)) {
                    outcome = outcome.and(self.take(target, &piece.transfer(), *node_rank));
                }
            }
        }
        outcome
    }

    fn chunks<'p>(&self, (node_rank, transfer): &StagedTransfer<'p>) -> (usize, Chunks<'p>) {
        (*node_rank, Chunks::new(transfer.clone(), self.order, self.most()))
    }
}
