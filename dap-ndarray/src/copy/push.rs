//! Writing everything that a process sends and keeps straight to where it belongs, in the order of the source.
//!
//! Where runs are short it is faster than a [`Pull`](super::Pull): what is read ahead is used, as memory is read from its beginning to
//! its end, and lines that are written past the cache may lie anywhere.

use std::ops::Range;
use std::sync::Arc;

use dap_core::plan::{Plan, Transfer};

use super::Order;
use super::loom::{Loom, Place, Way};

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
    /// In a message, as [`unpack`](super::unpack) reads it, in this order.
    Message(*mut u8, Order),
}

/// A prepared push, of everything that a plan says its process sends and keeps.
#[derive(Debug)]
pub struct Push(Loom);

impl Push {
    /// For items of `item` bytes, and a source with these strides in bytes, one for each dimension.
    ///
    /// # Panics
    /// Fewer strides than the source has dimensions.
    pub fn new(plan: &Plan, item: usize, strides: &[i64]) -> Push {
        Push(Loom::new(Arc::new(plan.reversed()), item, strides))
    }

    /// The push of some places of the source only: a range for each factor, `None` (or no entry) for all of it.
    #[must_use]
    pub fn within(&self, places: &[Option<Range<i64>>]) -> Push {
        Push(self.0.within(places))
    }

    /// What is sent to whom, and what is kept, by ascending rank of the target: each factor as the target's process sees it, which is
    /// [from it to here](Plan::reversed).
    pub fn demands(&self) -> impl Iterator<Item = Transfer<'_>> {
        self.0.plan().supplies()
    }

    /// Copies to the targets that there are: `demand` says where each one's elements belong, or nothing if that is not reached from here. What
    /// is written to messages goes past the cache if `streams` says so.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says, every message all elements of its transfer, and what goes there may be
    /// written meanwhile; `source` is the address of the first item of a buffer with the extents of the source and the strides that the
    /// push was made for, and may be read; none overlaps it.
    pub unsafe fn run<'s>(
        &self,
        demand: impl Fn(&Transfer<'_>) -> Option<Demand<'s>>,
        source: *const u8,
        streams: bool,
    ) {
        let place = |transfer: &Transfer<'_>| {
            Some(match demand(transfer)? {
                Demand::Buffer(Target { data, strides }) => Place::Buffer(data, strides),
                Demand::Message(data, order) => Place::Message(data, order),
            })
        };
        // SAFETY: the caller's promise; the source is only read.
        unsafe { self.0.run(Way::Out, place, source.cast_mut(), streams) };
    }
}
