//! Writing everything that a process sends and keeps straight to where it belongs, in the order of
//! the source.
//!
//! Where runs are short it is faster than a [`Pull`](super::Pull): what is read ahead is used, as
//! memory is read from its beginning to its end, and lines that are written past the cache may lie
//! anywhere.

use std::ops::Range;
use std::sync::Arc;

use dap_core::plan::{Plan, Transfer};

use super::loom::{Loom, Place, Way};
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
pub struct Push(Loom);

impl Push {
    /// For items of `item` bytes, and a source with these strides in bytes, one for each dimension.
    ///
    /// # Errors
    /// Another number of strides than the plan's process has dimensions in its source; strides that
    /// reach further than memory does. A process that is no source pushes nothing, whatever its
    /// strides.
    pub fn new(plan: &Plan, item: usize, strides: &[i64]) -> Result<Push, CopyError> {
        Loom::new(Arc::new(plan.reversed()), item, strides).map(Push)
    }

    /// The push of some places of the source only: a range for each factor, `None` (or no entry)
    /// for all of it.
    #[must_use]
    pub fn within(&self, places: &[Option<Range<i64>>]) -> Push {
        Push(self.0.within(places))
    }

    /// What is sent to whom, and what is kept, by ascending rank of the target: each factor as the
    /// target's process sees it, which is [from it to here](Plan::reversed).
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
        let place = |transfer: &Transfer<'_>| {
            Some(match demand(transfer)? {
                Demand::Buffer(Target { data, strides }) => Place::Buffer(data, strides),
                Demand::Message { data, len, order } => Place::Message(data, order, len),
            })
        };
        // SAFETY: this function's contract is that of `Loom::run` for items that go out; the
        // address of the source was made mutable for it, and is only read.
        unsafe { self.0.run(Way::Out, place, source.cast_mut(), messages) }
    }
}
