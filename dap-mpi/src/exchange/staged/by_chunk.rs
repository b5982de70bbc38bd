//! In the order of each transfer, chunk by chunk, as in messages.

use dap_ndarray::Buffer;

use super::{Along, Staged};
use crate::error::Result;
use crate::exchange::chunks::Chunks;

impl Staged<'_> {
    /// Lays out what node need of `source`, and fills `target` from what they have laid out.
    pub(crate) fn relay<'p>(
        &self,
        source: Option<(&Buffer, &[Along<'p>])>,
        mut target: Option<(Buffer, &[Along<'p>])>,
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

    fn chunks<'p>(&self, (node_rank, transfer): &Along<'p>) -> (usize, Chunks<'p>) {
        (*node_rank, Chunks::new(transfer.clone(), self.order, self.most()))
    }
}
