//! One segment of each rank of a node, all readable by every rank.

use std::sync::atomic::AtomicU64;

use dap_ndarray::Access;

use super::Node;
use super::segment::{Mapping, MemoryHandle, Segment, handle_of};
use super::word::{self, Word};
use crate::error::Result;

/// This rank's segment, and a view of all ranks' segments, its own included.
#[derive(Debug)]
pub(super) struct Shared {
    own: Segment,
    others: Vec<Mapping>,
}

impl Shared {
    /// Shows `own` to the node. `None` if a rank has no segment, or cannot read another one.
    /// Collective on the node.
    pub(super) fn new(node: &Node, own: Option<Segment>) -> Result<Option<Shared>> {
        let handle = own.as_ref().and_then(|own| handle_of(own.data().addr(), own.len(), own.data().addr()));
        let said = node.exchange(&handle.map_or([-1; MemoryHandle::NUMBERS], MemoryHandle::numbers))?;
        let map = |numbers: &[i64]| Mapping::open(&MemoryHandle::from_numbers(numbers)?, Access::ReadOnly).ok();
        let others: Option<Vec<Mapping>> = said.chunks_exact(MemoryHandle::NUMBERS).map(map).collect();
        let works = node.exchange(&[i64::from(others.is_some())])?;
        let (Some(own), Some(others), false) = (own, others, works.contains(&0)) else { return Ok(None) };
        Ok(Some(Shared { own, others }))
    }

    /// A word of the own segment, at a multiple of 8 bytes.
    pub(super) fn own_word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset < self.own.len(), "no word at {offset}");
        // SAFETY: within this process's own segment, which begins at a page and holds a number of
        // pages, at a multiple of 8 (both asserted); the segment lives as long as the borrow. No
        // reference to its bytes covers words: messages and slots lie elsewhere in it.
        unsafe { word::own(self.own.data().wrapping_add(offset)) }
    }

    /// A word of a node rank's segment, at a multiple of 8 bytes.
    pub(super) fn word(&self, node_rank: usize, offset: usize) -> Word<'_> {
        self.others[node_rank].word(offset)
    }

    /// The address of an offset in the own segment.
    pub(super) fn own(&self, offset: usize) -> *mut u8 {
        self.own.data().wrapping_add(offset)
    }

    /// The address of an offset in a node rank's segment, to be read.
    pub(super) fn other(&self, node_rank: usize, offset: usize) -> *const u8 {
        self.others[node_rank].at(offset as i64)
    }

    /// The number of ranks.
    pub(super) fn ranks(&self) -> usize {
        self.others.len()
    }
}
