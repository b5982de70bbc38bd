//! Halo send buffers of the ranks of a node: a message for each receiver, in memory that the
//! receiver can read, used again in each round.
//!
//! A round counter stands in front of each message. No rank publishes the next round before all
//! ranks have consumed this one; the agreement of the operation ensures that.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::Node;
use super::mailbox::Mailbox;
use super::segment::Segment;
use super::shared::Shared;
use crate::error::Result;

/// The distance from a message's counter to its first byte. Messages lie on cache lines of their
/// own.
const HEAD: usize = 128;

/// This rank's messages for the ranks of the node, and a view of their messages.
#[derive(Debug)]
pub(crate) struct HaloBuffers {
    shared: Shared,
    node_rank: usize,
    /// The range of the message for each node rank, behind its counter; empty if there is no
    /// message.
    ranges: Vec<Range<usize>>,
}

impl HaloBuffers {
    /// Buffers for messages of `lens[k]` bytes to node rank k. `None` if they cannot be made.
    /// Collective on the node.
    pub(crate) fn new(node: &Node, lens: &[usize]) -> Result<Option<HaloBuffers>> {
        if node.mailbox().is_none() {
            return Ok(None);
        }
        // A table comes first: the offset of the message for each node rank.
        let mut end = (8 * lens.len()).next_multiple_of(HEAD);
        let mut ranges = Vec::with_capacity(lens.len());
        for len in lens {
            let start = end + HEAD;
            ranges.push(start..start + len);
            end = (start + len).next_multiple_of(HEAD);
        }
        let own = Segment::new(end).ok();
        if let Some(own) = &own {
            for (at, node_rank) in ranges.iter().enumerate() {
                // SAFETY: the segment has room for `lens.len()` words at its beginning, is aligned
                // to a page, and is not yet readable to other processes.
                unsafe { own.data().cast::<u64>().add(at).write(node_rank.start as u64) };
            }
        }
        let shared = Shared::new(node, own)?;
        Ok(shared.map(|shared| HaloBuffers { shared, node_rank: node.node_rank(), ranges }))
    }

    /// Lets `fill` write this round's message for a node rank, then publishes it.
    pub(crate) fn publish<T>(&self, node_rank: usize, round: u64, fill: impl FnOnce(&mut [u8]) -> T) -> T {
        let range = self.ranges[node_rank].clone();
        // SAFETY: `new` made the segment large enough for all ranges, which overlap neither one
        // another nor their counters nor the table. The reader has consumed the last round, as all
        // ranks have agreed on this one, and reads this round only after the counter says so. This
        // process has no other reference: a `Comm` stays on one thread, and `fill` gets no
        // `HaloBuffers`.
        let message = unsafe { std::slice::from_raw_parts_mut(self.shared.own(range.start), range.len()) };
        let filled = fill(message);
        self.shared.own_word(range.start - HEAD).store(round, Ordering::Release);
        filled
    }

    /// Waits for this round's message from a node rank; it is `len` bytes long.
    ///
    /// # Errors
    /// As [`Mailbox::wait`].
    pub(crate) fn consume(&self, mailbox: &Mailbox, node_rank: usize, round: u64, len: usize) -> Result<&[u8]> {
        let start = self.shared.word(node_rank, 8 * self.node_rank).relaxed() as usize;
        let count = self.shared.word(node_rank, start - HEAD);
        mailbox.wait(|| count.acquire() >= round)?;
        // SAFETY: the owner's table has the offset of the message for this rank, and both sides
        // have its length from the same halo. The counter has this round, so the owner has written
        // the message. The owner writes it again only after all ranks have agreed on the next
        // round, which this borrow does not reach: that takes `&mut` of the exchange.
        Ok(unsafe { std::slice::from_raw_parts(self.shared.other(node_rank, start), len) })
    }
}
