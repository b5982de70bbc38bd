//! The gather/scatter engine: copies between the local buffer and all peers in one pass, in local
//! memory order.
//!
//! If peers alternate along the fastest dimension, as with a cyclic distribution, copying one peer
//! after the other touches every cache line of the local buffer once for each peer. The engine goes
//! through each line from its beginning to its end instead. The order of the peers' segments is
//! worked out once for a plan ([`schedule`]) and used for each array ([`executor`]).

mod executor;
mod schedule;

use std::ops::Range;
use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Plan, Transfer};
use dap_non_temporal::Sink;
use smallvec::SmallVec;

use super::checked::{CheckedCopy, Memory, message_steps};
use super::index_map::{End, IndexMaps};
use super::loop_nest::LoopNest;
use super::strided_copy;
use super::{CopyError, Order, Reuse};
use executor::Executor;
use schedule::Schedule;

/// The direction of a copy, seen from the local buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Gather: from the peers to the local buffer.
    In,
    /// Scatter: from the local buffer to the peers.
    Out,
}

/// The memory that holds a peer's items.
#[derive(Debug, Clone, Copy)]
pub(super) enum PeerMemory<'s> {
    /// A buffer: the address of the item at index 0, and the strides in bytes.
    Buffer(*mut u8, &'s [i64]),
    /// A message, as [`pack`](super::pack) makes it: its address, its order, and its room in bytes.
    Message(*mut u8, Order, usize),
}

/// See the [module](self).
#[derive(Debug)]
pub(super) struct Engine {
    /// The plan by which items come in. For items that go out this is the reversed plan.
    plan: Arc<Plan>,
    /// The index maps of the local buffer.
    local: IndexMaps,
    item: usize,
    /// Whether writes to buffers are non-temporal, since together they are large.
    non_temporal: bool,
    /// `None` if positions are listed, lie in rows, or if too many peers alternate. Then each peer
    /// is copied by itself.
    schedule: Option<Schedule>,
}

/// One peer's items.
#[derive(Debug)]
struct Peer<'p> {
    transfer: Transfer<'p>,
    data: *mut u8,
    side: PeerSide,
    /// Whether neighbours along each factor have a uniform distance. The positions of a buffer may
    /// lie in rows instead.
    is_uniform: bool,
    /// The distance of neighbours along each factor, in bytes of the buffer or of the message.
    steps: SmallVec<[i64; 4]>,
}

#[derive(Debug)]
enum PeerSide {
    Buffer(IndexMaps),
    Message(Order, usize),
}

impl Peer<'_> {
    fn is_message(&self) -> bool {
        matches!(self.side, PeerSide::Message(..))
    }

    /// The peer's side of the copy. It is the source of the engine's plan.
    fn memory(&self) -> Memory<'_> {
        match &self.side {
            PeerSide::Buffer(maps) => Memory::Buffer(maps, End::Source),
            PeerSide::Message(order, room) => Memory::Message(*order, *room),
        }
    }
}

impl Engine {
    /// An engine for items of `item` bytes and a local buffer with `strides` in bytes, one for each
    /// dimension.
    ///
    /// # Errors
    /// The number of strides differs from the number of dimensions of the plan's target, or the
    /// strides reach further than memory does.
    pub(super) fn new(plan: Arc<Plan>, item: usize, strides: &[i64]) -> Result<Engine, CopyError> {
        let shape = plan.endpoints().target.and_then(|rank| plan.to().local_shape(rank));
        // A process without such a buffer exchanges nothing.
        let local = match shape {
            Some(shape) => Some(IndexMaps::new(&shape, strides, plan.groups(), End::Target)?),
            None => None,
        };
        let steps = local.as_ref().and_then(IndexMaps::uniform_steps);
        let local = local.unwrap_or_default();
        let schedule = steps.and_then(|steps| Schedule::new(&plan, &steps, |_| None));
        let non_temporal = super::is_non_temporal(plan.incoming_elements().saturating_mul(item as i64));
        Ok(Engine { plan, local, item, non_temporal, schedule })
    }

    pub(super) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The engine for some positions of the local buffer only, see [`Plan::within`].
    pub(super) fn within(&self, positions: &[Option<Range<i64>>]) -> Engine {
        let plan = self.plan.within(positions);
        let schedule = self.schedule.as_ref().and_then(|whole| {
            let same = |at: usize| {
                whole.levels.iter().find(|level| level.factor == at && positions.get(at).is_none_or(Option::is_none))
            };
            Schedule::new(&plan, &self.local.uniform_steps()?, same)
        });
        Engine { plan: Arc::new(plan), local: self.local.clone(), schedule, ..*self }
    }

    /// Copies from or to the peers whose memory `locate` finds. `messages` says when bytes that are
    /// written to messages are read again.
    ///
    /// # Errors
    /// A buffer whose number of strides differs from the number of dimensions of its section, or
    /// whose strides reach further than memory does; a message without room for its elements.
    /// Nothing was written.
    ///
    /// # Safety
    /// - `local` is the address of the item at index 0 of a buffer of items of `item` bytes, with
    ///   the extents of the plan's target, and with the strides that this engine was made for.
    /// - Each buffer that `locate` gives for a transfer has the extents of the section of the
    ///   plan's source with the transfer's rank. Each message has the bytes that it names.
    /// - Until this returns, the items of the side that is read are initialised, may be read, and
    ///   are not written by others. The items of the other side may be written, and are neither
    ///   read nor written by others. No item of one side overlaps an item of the other.
    pub(super) unsafe fn run<'s>(
        &self,
        direction: Direction,
        locate: impl Fn(&Transfer<'_>) -> Option<PeerMemory<'s>>,
        local: *mut u8,
        messages: Reuse,
    ) -> Result<(), CopyError> {
        let mut peers: Vec<Peer<'_>> = Vec::new();
        // Ascending by rank.
        for transfer in self.plan.supplies() {
            if let Some(memory) = locate(&transfer) {
                peers.push(self.peer(transfer, memory)?);
            }
        }
        let copy = |peer| self.checked(direction, peer);
        let copies = peers.iter().map(copy).collect::<Result<Vec<CheckedCopy<'_>>, CopyError>>()?;
        if self.item == 0 {
            return Ok(());
        }
        let mut sinks = [Sink::new(self.non_temporal), Sink::new(messages.is_non_temporal())];
        if let Some(schedule) = &self.schedule {
            let at = |rank: Rank| peers.binary_search_by_key(&rank, |peer| peer.transfer.peer()).ok();
            let peers: Vec<Option<&Peer<'_>>> = schedule.ranks.iter().map(|&rank| peers.get(at(rank)?)).collect();
            if let Some(mut executor) = Executor::new(schedule, &peers, self.item, direction, &mut sinks) {
                // SAFETY: the schedule has the overlaps of the plan's transfers. Each transfer was
                // compared above with the extents of the local and of the peer's buffer, or with
                // the message's room. By this function's contract that memory is there, may be used
                // so, and does not overlap.
                unsafe { executor.walk(executor.outer, 0, local) };
                return Ok(());
            }
        }
        for (peer, copy) in peers.iter().zip(&copies) {
            let Some(loop_nest) = LoopNest::new(copy) else { continue };
            let (src, dst, sink) = match direction {
                Direction::In => (peer.data, local, &mut sinks[0]),
                Direction::Out => (local, peer.data, &mut sinks[usize::from(peer.is_message())]),
            };
            // SAFETY: the copy was compared with the extents, or the room, of the memory that `src`
            // and `dst` are the first items of. By this function's contract that memory is there,
            // may be used so, and does not overlap.
            unsafe { strided_copy::copy(&loop_nest, src, dst, sink) };
        }
        Ok(())
    }

    /// The transfer between the local buffer and a peer's items, compared with both.
    fn checked<'a>(&'a self, direction: Direction, peer: &'a Peer<'_>) -> Result<CheckedCopy<'a>, CopyError> {
        let local = Memory::Buffer(&self.local, End::Target);
        let (source, target) = match direction {
            Direction::In => (peer.memory(), local),
            Direction::Out => (local, peer.memory()),
        };
        CheckedCopy::new(&peer.transfer, self.item, source, target)
    }

    fn peer<'p>(&self, transfer: Transfer<'p>, memory: PeerMemory<'_>) -> Result<Peer<'p>, CopyError> {
        Ok(match memory {
            PeerMemory::Buffer(data, strides) => {
                let shape = self.plan.from().local_shape(transfer.peer()).unwrap_or_default();
                let maps = IndexMaps::new(&shape, strides, self.plan.groups(), End::Source)?;
                let steps = maps.uniform_steps();
                let is_uniform = steps.is_some();
                let side = PeerSide::Buffer(maps);
                Peer { transfer, data, side, is_uniform, steps: steps.unwrap_or_default() }
            }
            PeerMemory::Message(data, order, room) => {
                let steps = message_steps(&transfer, self.item, order);
                Peer { transfer, data, side: PeerSide::Message(order, room), is_uniform: true, steps }
            }
        })
    }
}
