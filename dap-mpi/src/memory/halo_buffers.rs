//! What the ranks of a node lay out for one another again and again: a node_rank for each message, in
//! memory that its receiver can read.
//!
//! A message has a count of its turns in front of it. Nobody lays out the next round before all have
//! taken this one, which the operation's own agreement sees to.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::mailbox::Mailbox;
use super::node::Node;
use super::segment::Segment;
use super::shared::Shared;
use crate::error::Result;

/// Messages begin this many bytes behind their count, and on lines of the cache of their own.
const HEAD: usize = 128;

/// This rank's messages for its node, and a view of theirs.
#[derive(Debug)]
pub(crate) struct HaloBuffers {
    shared: Shared,
    node_rank: usize,
    /// Where this rank's message for each node_rank lies, behind its count; empty where there is none.
    ranges: Vec<Range<usize>>,
}

impl HaloBuffers {
    /// For messages of so many bytes to the rank at each node_rank of the node. Nothing where it cannot
    /// be made. Collective on the node.
    pub(crate) fn new(node: &Node, lens: &[usize]) -> Result<Option<HaloBuffers>> {
        if node.mailbox().is_none() {
            return Ok(None);
        }
        // First a table: where the message for each node_rank begins.
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
                // to a page, and is not yet shown to other processes.
                unsafe { own.data().cast::<u64>().add(at).write(node_rank.start as u64) };
            }
        }
        let shared = Shared::new(node, own)?;
        Ok(shared.map(|shared| HaloBuffers { shared, node_rank: node.node_rank(), ranges }))
    }

    /// Lets `fill` write the message for the rank at a node_rank, of this round.
    pub(crate) fn publish<T>(&self, node_rank: usize, round: u64, fill: impl FnOnce(&mut [u8]) -> T) -> T {
        let range = self.ranges[node_rank].clone();
        // SAFETY: `new` made the segment large enough for all ranges, which do not overlap one
        // another, their counts, or the table. The reader has taken the last round, as all ranks
        // have agreed on this one, and reads this one after the count only. This process has no
        // other reference: a `Comm` stays on one thread, and `fill` gets no halo_buffers.
        let message = unsafe { std::slice::from_raw_parts_mut(self.shared.own(range.start), range.len()) };
        let filled = fill(message);
        self.shared.own_word(range.start - HEAD).store(round, Ordering::Release);
        filled
    }

    /// The message of the rank at a node_rank, of this round, `len` bytes long, as soon as it is there.
    pub(crate) fn consume(&self, mailbox: &Mailbox, node_rank: usize, round: u64, len: usize) -> &[u8] {
        let start = self.shared.word(node_rank, 8 * self.node_rank).relaxed() as usize;
        let count = self.shared.word(node_rank, start - HEAD);
        mailbox.wait(|| count.acquire() >= round);
        // SAFETY: the owner's table says where the message for this rank begins, and both have its
        // length from the same halo. The count has come, so the owner has written it, and writes it
        // again only after all ranks have agreed on the next round, which this borrow does not
        // reach: that takes `&mut` of the exchange.
        unsafe { std::slice::from_raw_parts(self.shared.other(node_rank, start), len) }
    }
}
