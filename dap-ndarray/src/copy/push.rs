//! Writing everything that a process sends and keeps straight to where it belongs, in the order of
//! the source.
//!
//! A push is faster than a [`Pull`](super::Pull) where runs are short. It reads memory from its
//! beginning to its end, so all prefetched lines are used, and non-temporal stores may go anywhere.

use std::ops::Range;
use std::sync::Arc;

use dap_core::plan::{Plan, Transfer};

use super::engine::{Direction, Engine, PeerMemory};
use super::{CopyError, Order, Reuse};

/// A process's buffer, to be written: where its first item lies, and its strides in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'s> {
    /// The address of the item at index 0.
    pub data: *mut u8,
    /// The strides, in bytes.
    pub strides: &'s [i64],
}

/// Where the elements for a process are to be written.
#[derive(Debug, Clone, Copy)]
pub enum Demand<'s> {
    /// In its buffer.
    Buffer(Target<'s>),
    /// In a message, as [`unpack`](super::unpack) reads it.
    Message {
        /// Where it begins.
        data: *mut u8,
        /// The bytes that it has room for: at least those of the transfer's elements.
        len: usize,
        /// The order of its elements.
        order: Order,
    },
}

/// A prepared push, of everything that a plan says its process sends and keeps.
#[derive(Debug)]
pub struct Push(Engine);

impl Push {
    /// For items of `item` bytes, and a source with these strides in bytes, one for each dimension.
    ///
    /// # Errors
    /// Another number of strides than the plan's process has dimensions in its source; strides that
    /// reach further than memory does. A process that is no source pushes nothing, whatever its
    /// strides.
    pub fn new(plan: &Plan, item: usize, strides: &[i64]) -> Result<Push, CopyError> {
        Engine::new(Arc::new(plan.reversed()), item, strides).map(Push)
    }

    /// The push of some positions of the source only: a range for each factor, `None` (or no entry)
    /// for all of it.
    #[must_use]
    pub fn within(&self, positions: &[Option<Range<i64>>]) -> Push {
        Push(self.0.within(positions))
    }

    /// The transfers to each target, the kept elements included, by ascending rank of the target.
    /// The factors are those of the [reversed plan](Plan::reversed): from the target to this
    /// process.
    pub fn demands(&self) -> impl Iterator<Item = Transfer<'_>> {
        self.0.plan().supplies()
    }

    /// Copies to the targets that there are: `demand` says where each one's elements belong, or
    /// nothing if that is not reached from here. `messages` says when what is written to messages
    /// is read again.
    ///
    /// # Errors
    /// A target with another number of strides than its section has dimensions, or with strides
    /// that reach further than memory does; a message without room for its transfer's elements.
    /// Nothing was written.
    ///
    /// # Safety
    /// - `source` is the address of the item at index 0 of a buffer with the push's item size and
    ///   strides, and with the local extents of the plan's process in the plan's source
    ///   ([`Layout::local_shape`](dap_core::layout::Layout::local_shape)). Until this returns its
    ///   items are initialised, may be read, and are not written by others.
    /// - Each [`Target`] is the address of the item at index 0 of a buffer of the same item size,
    ///   with the strides that it names, and with the local extents of the transfer's peer in the
    ///   plan's target. Each message has the bytes that it names, which may be uninitialised. Until
    ///   this returns the elements of the transfer may be written there, and are neither read nor
    ///   written by others.
    /// - No target and no message overlaps the source or another one.
    pub unsafe fn run<'s>(
        &self,
        demand: impl Fn(&Transfer<'_>) -> Option<Demand<'s>>,
        source: *const u8,
        messages: Reuse,
    ) -> Result<(), CopyError> {
        let position = |transfer: &Transfer<'_>| {
            Some(match demand(transfer)? {
                Demand::Buffer(Target { data, strides }) => PeerMemory::Buffer(data, strides),
                Demand::Message { data, len, order } => PeerMemory::Message(data, order, len),
            })
        };
        // SAFETY: this function's contract is that of `Engine::run` for items that go out; the
        // address of the source was made mutable for it, and is only read.
        unsafe { self.0.run(Direction::Out, position, source.cast_mut(), messages) }
    }
}
