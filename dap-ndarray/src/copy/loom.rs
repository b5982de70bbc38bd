//! One's own buffer and all those that it exchanges items with at once, in the order of one's own.
//!
//! Where the others alternate along the fastest axis, as from a cyclic distribution, copying one
//! after the other would touch every line of one's own buffer once for each. So they are *woven*: a
//! line is gone through from its beginning to its end, however often the other side changes. In
//! which order is worked out once ([`weave`]), and done for each array ([`weaver`]).

mod weave;
mod weaver;

use std::ops::Range;
use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Plan, Transfer};
use smallvec::SmallVec;

use super::checked::{CheckedCopy, Memory, message_steps};
use super::pitch::{End, Pitches};
use super::program::Program;
use super::run;
use super::stream::Sink;
use super::{CopyError, Order, Reuse};
use weave::Weaving;
use weaver::Weaver;

/// Which way items go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the others to one's own buffer.
    In,
    /// From one's own buffer to the others.
    Out,
}

/// Where another's items are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'s> {
    /// In a buffer: the address of the item at index 0, and the strides in bytes.
    Buffer(*mut u8, &'s [i64]),
    /// In a message, as [`pack`](super::pack) makes it: its address, its order, and the bytes that
    /// it has room for.
    Message(*mut u8, Order, usize),
}

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Loom {
    /// By which items come to one's own buffer: of the way back, where they leave it.
    plan: Arc<Plan>,
    /// Where places lie in one's own buffer.
    own: Pitches,
    item: usize,
    /// Whether what is written to buffers goes past the cache: together it is large.
    streams: bool,
    /// Nothing where indices are listed, places lie in rows, or too many others meet: then each is
    /// copied by itself.
    weaving: Option<Weaving>,
}

/// Another's items.
#[derive(Debug)]
struct Other<'p> {
    transfer: Transfer<'p>,
    data: *mut u8,
    memory: OtherMemory,
    /// Whether neighbours along each factor are evenly apart: a buffer's places may lie in rows
    /// instead.
    is_even: bool,
    /// How far apart they are in the buffer, or in the message.
    steps: SmallVec<[i64; 4]>,
}

#[derive(Debug)]
enum OtherMemory {
    Buffer(Pitches),
    Message(Order, usize),
}

impl Other<'_> {
    fn is_message(&self) -> bool {
        matches!(self.memory, OtherMemory::Message(..))
    }

    /// The other side of the copy: items leave it by the plan.
    fn memory(&self) -> Memory<'_> {
        match &self.memory {
            OtherMemory::Buffer(pitches) => Memory::Buffer(pitches, End::Source),
            OtherMemory::Message(order, room) => Memory::Message(*order, *room),
        }
    }
}

impl Loom {
    /// For items of `item` bytes, and one's own buffer with these strides in bytes, one for each
    /// dimension.
    ///
    /// # Errors
    /// Not one stride for each dimension of the plan's target; strides that reach further than
    /// memory does.
    pub(super) fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Result<Loom, CopyError> {
        let shape = plan.party().target.and_then(|rank| plan.to().local_shape(rank));
        // A process without such a buffer exchanges nothing.
        let own = match shape {
            Some(shape) => Some(Pitches::new(&shape, strides, plan.groups(), End::Target)?),
            None => None,
        };
        let even = own.as_ref().and_then(Pitches::even);
        let own = own.unwrap_or_default();
        let weaving = even.and_then(|steps| Weaving::new(&plan, &steps, |_| None));
        let streams = super::streams(plan.incoming_elements().saturating_mul(item as i64));
        Ok(Loom { plan, own, item, streams, weaving })
    }

    pub(super) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Some places of one's own buffer only, see [`Plan::within`].
    pub(super) fn within(&self, places: &[Option<Range<i64>>]) -> Loom {
        let plan = self.plan.within(places);
        let weaving = self.weaving.as_ref().and_then(|whole| {
            let same = |at: usize| {
                whole.axes.iter().find(|axis| axis.factor == at && places.get(at).is_none_or(Option::is_none))
            };
            Weaving::new(&plan, &self.own.even()?, same)
        });
        Loom { plan: Arc::new(plan), own: self.own.clone(), weaving, ..*self }
    }

    /// Copies from or to those that `place` finds. `messages` says when what is written to messages
    /// is read again.
    ///
    /// # Errors
    /// A buffer with another number of strides than its section has dimensions, or strides that
    /// reach further than memory does; a message without room for its elements. Nothing was
    /// written.
    ///
    /// # Safety
    /// - `own` is the address of the item at index 0 of a buffer of items of `item` bytes, with the
    ///   extents of the plan's target, and with the strides that this was made for.
    /// - Each buffer that `place` gives for a transfer has the extents of the section of the plan's
    ///   source with the transfer's rank; each message as many bytes as it says.
    /// - Until this returns, the items of the side that items come from are initialised, may be
    ///   read, and are not written by others; those of the other side may be written, and are
    ///   neither read nor written by others. No item of one side overlaps one of the other.
    pub(super) unsafe fn run<'s>(
        &self,
        way: Way,
        place: impl Fn(&Transfer<'_>) -> Option<Place<'s>>,
        own: *mut u8,
        messages: Reuse,
    ) -> Result<(), CopyError> {
        let mut others: Vec<Other<'_>> = Vec::new();
        // Ascending by rank.
        for transfer in self.plan.supplies() {
            if let Some(place) = place(&transfer) {
                others.push(self.other(transfer, place)?);
            }
        }
        let copy = |other| self.checked(way, other);
        let copies = others.iter().map(copy).collect::<Result<Vec<CheckedCopy<'_>>, CopyError>>()?;
        if self.item == 0 {
            return Ok(());
        }
        let mut sinks = [Sink::new(self.streams), Sink::new(messages.streams())];
        if let Some(weaving) = &self.weaving {
            let at = |rank: Rank| others.binary_search_by_key(&rank, |other| other.transfer.peer()).ok();
            let others: Vec<Option<&Other<'_>>> = weaving.ranks.iter().map(|&rank| others.get(at(rank)?)).collect();
            if let Some(mut weaver) = Weaver::new(weaving, &others, self.item, way, &mut sinks) {
                // SAFETY: the weaving has the overlaps of the plan's transfers, each of which was
                // compared above with the extents of its own and of the other's buffer, or with the
                // message's room; by this function's contract that memory is there, may be used so,
                // and does not overlap.
                unsafe { weaver.walk(weaver.outer, 0, own) };
                return Ok(());
            }
        }
        for (other, copy) in others.iter().zip(&copies) {
            let Some(program) = Program::new(copy) else { continue };
            let (src, dst, sink) = match way {
                Way::In => (other.data, own, &mut sinks[0]),
                Way::Out => (own, other.data, &mut sinks[usize::from(other.is_message())]),
            };
            // SAFETY: the copy was compared with the extents, or the room, of the memory that `src`
            // and `dst` are the first items of; by this function's contract that memory is there,
            // may be used so, and does not overlap.
            unsafe { run::run(&program, src, dst, sink) };
        }
        Ok(())
    }

    /// The transfer between one's own buffer and another's items, compared with both.
    fn checked<'a>(&'a self, way: Way, other: &'a Other<'_>) -> Result<CheckedCopy<'a>, CopyError> {
        let own = Memory::Buffer(&self.own, End::Target);
        let (source, target) = match way {
            Way::In => (other.memory(), own),
            Way::Out => (own, other.memory()),
        };
        CheckedCopy::new(&other.transfer, self.item, source, target)
    }

    fn other<'p>(&self, transfer: Transfer<'p>, place: Place<'_>) -> Result<Other<'p>, CopyError> {
        Ok(match place {
            Place::Buffer(data, strides) => {
                let shape = self.plan.from().local_shape(transfer.peer()).unwrap_or_default();
                let pitches = Pitches::new(&shape, strides, self.plan.groups(), End::Source)?;
                let steps = pitches.even();
                let is_even = steps.is_some();
                let memory = OtherMemory::Buffer(pitches);
                Other { transfer, data, memory, is_even, steps: steps.unwrap_or_default() }
            }
            Place::Message(data, order, room) => {
                let steps = message_steps(&transfer, self.item, order);
                Other { transfer, data, memory: OtherMemory::Message(order, room), is_even: true, steps }
            }
        })
    }
}
