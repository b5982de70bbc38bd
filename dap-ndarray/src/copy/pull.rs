//! Reading everything that a process is to receive straight from its owners' memory, in the order
//! of the target.

use std::ops::Range;
use std::sync::Arc;

use dap_core::plan::{Plan, Transfer};

use super::engine::{Direction, Engine, PeerMemory};
use super::{CopyError, Order, Reuse};

/// A process's buffer, to be read: where its first item lies, and its strides in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The address of the item at index 0.
    pub data: *const u8,
    /// The strides, in bytes.
    pub strides: &'s [i64],
}

/// Where the elements that come from a process are to be read.
#[derive(Debug, Clone, Copy)]
pub enum Supply<'s> {
    /// In its buffer.
    Buffer(Source<'s>),
    /// In a message, as [`pack`](super::pack) makes it.
    Message {
        /// Where it begins.
        data: *const u8,
        /// The bytes that are there: at least those of the transfer's elements.
        len: usize,
        /// The order of its elements.
        order: Order,
    },
}

/// A prepared pull, of everything that a plan says its process receives and keeps.
#[derive(Debug)]
pub struct Pull(Engine);

impl Pull {
    /// For items of `item` bytes, and a target with these strides in bytes, one for each dimension.
    ///
    /// # Errors
    /// Another number of strides than the plan's process has dimensions in its target; strides that
    /// reach further than memory does. A process that is no target pulls nothing, whatever its
    /// strides.
    pub fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Result<Pull, CopyError> {
        Engine::new(plan, item, strides).map(Pull)
    }

    /// The plan that it was made for.
    pub fn plan(&self) -> &Arc<Plan> {
        self.0.plan()
    }

    /// The pull of some positions of the target only, see [`Plan::within`].
    #[must_use]
    pub fn within(&self, positions: &[Option<Range<i64>>]) -> Pull {
        Pull(self.0.within(positions))
    }

    /// Copies from the sources that there are: `supply` says where each one's elements are, or
    /// nothing if they cannot be read from here.
    ///
    /// # Errors
    /// A source with another number of strides than its section has dimensions, or with strides
    /// that reach further than memory does; a message shorter than its transfer's elements. Nothing
    /// was written.
    ///
    /// # Safety
    /// - `target` is the address of the item at index 0 of a buffer with the pull's item size and
    ///   strides, and with the local extents of the plan's process in the plan's target
    ///   ([`Layout::local_shape`](dap_core::layout::Layout::local_shape)). Until this returns its
    ///   items may be written, and are neither read nor written by others.
    /// - Each [`Source`] is the address of the item at index 0 of a buffer of the same item size,
    ///   with the strides that it names, and with the local extents of the transfer's peer in the
    ///   plan's source. Each message has the bytes that it names. Until this returns what is there
    ///   is initialised, may be read, and is not written by others.
    /// - No source and no message overlaps the target.
    pub unsafe fn run<'s>(
        &self,
        supply: impl Fn(&Transfer<'_>) -> Option<Supply<'s>>,
        target: *mut u8,
    ) -> Result<(), CopyError> {
        let position = |transfer: &Transfer<'_>| {
            Some(match supply(transfer)? {
                Supply::Buffer(Source { data, strides }) => PeerMemory::Buffer(data.cast_mut(), strides),
                Supply::Message { data, len, order } => PeerMemory::Message(data.cast_mut(), order, len),
            })
        };
        // SAFETY: this function's contract is that of `Engine::run` for items that come in; the
        // addresses of sources and messages were made mutable for it, and are only read.
        unsafe { self.0.run(Direction::In, position, target, Reuse::Soon) }
    }
}
