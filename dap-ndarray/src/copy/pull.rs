//! Reading everything that a process is to receive straight from its owners' memory, in the order of the target.

use std::ops::Range;
use std::sync::Arc;

use dap_core::plan::{Plan, Transfer};

use super::Order;
use super::loom::{Loom, Place, Way};

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
    /// In a message, as [`pack`](super::pack) makes it, in this order.
    Message(*const u8, Order),
}

/// A prepared pull, of everything that a plan says its process receives and keeps.
#[derive(Debug)]
pub struct Pull(Loom);

impl Pull {
    /// For items of `item` bytes, and a target with these strides in bytes, one for each dimension.
    ///
    /// # Panics
    /// Fewer strides than the target has dimensions.
    pub fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Pull {
        Pull(Loom::new(plan, item, strides))
    }

    /// The plan that it was made for.
    pub fn plan(&self) -> &Arc<Plan> {
        self.0.plan()
    }

    /// The pull of some places of the target only, see [`Plan::within`].
    #[must_use]
    pub fn within(&self, places: &[Option<Range<i64>>]) -> Pull {
        Pull(self.0.within(places))
    }

    /// Copies from the sources that there are: `supply` says where each one's elements are, or nothing if they cannot be read from here.
    ///
    /// # Safety
    /// Every buffer has the extents that the plan's layout says, every message all elements of its transfer, and they may be read
    /// meanwhile; `target` is the address of the first item of a buffer with the extents of the target and the strides that the pull was
    /// made for, and may be written; none overlaps it.
    pub unsafe fn run<'s>(&self, supply: impl Fn(&Transfer<'_>) -> Option<Supply<'s>>, target: *mut u8) {
        let place = |transfer: &Transfer<'_>| {
            Some(match supply(transfer)? {
                Supply::Buffer(Source { data, strides }) => Place::Buffer(data.cast_mut(), strides),
                Supply::Message(data, order) => Place::Message(data.cast_mut(), order),
            })
        };
        // SAFETY: the caller's promise; the others are only read.
        unsafe { self.0.run(Way::In, place, target, false) };
    }
}
