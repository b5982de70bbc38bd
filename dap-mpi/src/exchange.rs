//! Exchange by messages: packing, sending, receiving and unpacking overlap, chunk by chunk.
//!
//! Each transfer is cut into [`Chunks`] of a size that all ranks agreed on. A receive is always
//! posted for every peer, so each send finds its receiver, whatever other ranks wait for. Sends use
//! a few staging buffers in turn. Elements that are contiguous in the buffer travel without being
//! packed. [`STAGING`] bounds the memory, whatever the size of the array and the number of peers.

mod chunks;
mod pieces;
#[expect(unsafe_code, reason = "addresses for the copy kernel")]
mod staged;

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ndarray::Buffer;
use dap_ndarray::copy::{self, Order};

use crate::comm::Comm;
use crate::error::Result;
use crate::raw::{Request, wait_any};
use chunks::Chunks;
pub use pieces::Pieces;
pub(crate) use staged::{SlotRoute, Staged, StagedTransfer};

/// The most memory for active messages on each rank, in bytes.
pub(crate) const STAGING: usize = 64 << 20;
/// The largest message, in bytes: large enough to be fast, small enough for several to be active.
const CHUNK: usize = 2 << 20;
/// The number of messages that are packed ahead.
const SLOTS: usize = 4;
/// The number of receives that are posted for each peer, if there is memory.
const WINDOW: usize = 2;
const TAG: i32 = 1;

/// The bytes of `elements` items of a buffer that exists.
pub(crate) fn bytes(elements: i64, item: usize) -> usize {
    usize::try_from(elements).unwrap_or(0).saturating_mul(item)
}

/// The messages of a move. Their staging memory is the communicator's, so that all moves on it
/// share the same.
#[derive(Debug)]
pub(crate) struct Messages {
    comm: Comm,
    /// The size of a message in bytes, the same on all ranks.
    chunk: usize,
    window: usize,
}

impl Messages {
    /// Messages for ranks that each receive from at most `peers` others.
    pub(crate) fn new(comm: &Comm, peers: usize) -> Messages {
        let peers = peers.max(1);
        let room = STAGING - SLOTS * CHUNK;
        let window = if peers * WINDOW * CHUNK <= room { WINDOW } else { 1 };
        let chunk = (room / (peers * window)).min(CHUNK);
        Messages { comm: comm.clone(), chunk, window }
    }

    /// Limits the length of each message in bytes; an item always travels as a whole. The same on
    /// all ranks.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.chunk = self.chunk.min(bytes);
    }

    /// The greatest length of a message in bytes, the same on all ranks.
    pub(crate) fn longest(&self) -> usize {
        self.chunk
    }

    /// Starts a move: posts receives, and sends the first messages. `to` and `from` give the rank
    /// of the communicator that a section is sent to or received from; `None` if it does not travel
    /// in messages.
    pub(crate) fn begin<'m>(
        &'m self,
        plan: &'m Plan,
        source: Option<&'m Buffer>,
        target: Option<Buffer>,
        order: Order,
        to: impl Fn(Rank) -> Option<i32>,
        from: impl Fn(Rank) -> Option<i32>,
    ) -> Result<InFlight<'m>> {
        let item = source.or(target.as_ref()).map_or(1, Buffer::itemsize).max(1);
        let most = i64::try_from((self.chunk / item).max(1)).unwrap_or(i64::MAX);
        let queue = |peer: i32, chunks: Chunks<'m>| PeerQueue { peer, chunks, next: 0, done: 0 };
        let mut sends: Vec<PeerQueue<'m>> = Vec::new();
        if source.is_some() {
            let queues = plan.sends().filter_map(|send| Some((to(send.peer())?, send)));
            sends.extend(queues.map(|(peer, send)| queue(peer, Chunks::new(send, order, most))));
            // Each rank begins with the rank behind its own, so that not all send to the same rank.
            let me = self.comm.rank();
            sends.sort_by_key(|queue| (queue.peer <= me, queue.peer));
        }
        let mut receives: Vec<PeerQueue<'m>> = Vec::new();
        if target.is_some() {
            let queues = plan.receives().filter_map(|receive| Some((from(receive.peer())?, receive)));
            receives.extend(queues.map(|(peer, receive)| queue(peer, Chunks::new(receive, order, most))));
        }
        // A chunk consists of whole items and is at most this long.
        let bytes = self.chunk.max(item);
        let outbox = self.comm.take_staging(SLOTS.min(sends.len() * SLOTS));
        let inbox = self.comm.take_staging(receives.len() * self.window);
        let requests = (0..inbox.len() + outbox.len()).map(|_| Request::null()).collect();
        let pending = (0..inbox.len() + outbox.len()).map(|_| None).collect();
        let mut in_flight = InFlight {
            messages: self,
            source,
            target,
            order,
            item,
            bytes,
            sends,
            receives,
            outbox,
            inbox,
            requests,
            pending,
            turn: 0,
        };
        in_flight.start()?;
        Ok(in_flight)
    }
}

/// The chunks of one peer.
struct PeerQueue<'m> {
    peer: i32,
    chunks: Chunks<'m>,
    /// The next chunk to be sent, or to be received.
    next: usize,
    done: usize,
}

/// A chunk whose request is active.
struct PendingChunk {
    queue: usize,
    chunk: usize,
    /// Whether it lies in the buffer itself.
    direct: bool,
}

/// Messages in flight. Dropping it waits for them, since their memory must stay until then.
pub(crate) struct InFlight<'m> {
    messages: &'m Messages,
    source: Option<&'m Buffer>,
    target: Option<Buffer>,
    order: Order,
    item: usize,
    bytes: usize,
    sends: Vec<PeerQueue<'m>>,
    receives: Vec<PeerQueue<'m>>,
    outbox: Vec<Vec<u8>>,
    inbox: Vec<Vec<u8>>,
    /// The requests of the inbox, then those of the outbox.
    requests: Vec<Request>,
    pending: Vec<Option<PendingChunk>>,
    /// The queue that sends next.
    turn: usize,
}

impl InFlight<'_> {
    fn start(&mut self) -> Result<()> {
        for queue in 0..self.receives.len() {
            for k in 0..self.messages.window {
                self.receive(queue * self.messages.window + k, queue)?;
            }
        }
        for slot in 0..self.outbox.len() {
            self.send(slot)?;
        }
        Ok(())
    }

    /// Posts the receive of a queue's next chunk.
    fn receive(&mut self, slot: usize, queue: usize) -> Result<()> {
        let Some(target) = &mut self.target else { return Ok(()) };
        let from = &mut self.receives[queue];
        let Some(piece) = from.chunks.get(from.next) else { return Ok(()) };
        let part = piece.transfer();
        let len = bytes(part.elements(), self.item);
        let direct = copy::contiguous_target(&part, target, self.order);
        let data = match direct {
            Some(offset) => target.as_mut_ptr()?.wrapping_offset(offset as isize),
            None => {
                let inbox = &mut self.inbox[slot];
                inbox.resize(self.bytes, 0);
                inbox.as_mut_ptr()
            }
        };
        // SAFETY: `len` bytes of the inbox, which has `self.bytes`, at least as many; or of the
        // target, for which `contiguous_target` has compared the transfer. Both are borrowed by
        // `self`, which touches neither before the request is done; its `Drop` waits.
        #[expect(unsafe_code, reason = "memory for MPI")]
        let request = unsafe { self.messages.comm.world().receive(data, len, from.peer, TAG)? };
        self.requests[slot] = request;
        self.pending[slot] = Some(PendingChunk { queue, chunk: from.next, direct: direct.is_some() });
        from.next += 1;
        Ok(())
    }

    /// Packs and sends the next chunk, of the peers in turn.
    fn send(&mut self, slot: usize) -> Result<()> {
        let Some(source) = self.source else { return Ok(()) };
        let count = self.sends.len();
        let Some(queue) = (0..count).map(|k| (self.turn + k) % count).find(|&queue| {
            let queue = &self.sends[queue];
            queue.next < queue.chunks.count()
        }) else {
            return Ok(());
        };
        self.turn = (queue + 1) % count;
        let to = &mut self.sends[queue];
        let Some(piece) = to.chunks.get(to.next) else { return Ok(()) };
        let part = piece.transfer();
        let len = bytes(part.elements(), self.item);
        let direct = copy::contiguous_source(&part, source, self.order);
        let data = match direct {
            Some(offset) => source.as_ptr().wrapping_offset(offset as isize),
            None => {
                let outbox = &mut self.outbox[slot];
                outbox.resize(self.bytes, 0);
                copy::pack(&part, source, self.order, &mut outbox[..len])?;
                outbox.as_ptr()
            }
        };
        let at = self.inbox.len() + slot;
        // SAFETY: `len` bytes of the outbox, which has `self.bytes`, at least as many; or of the
        // source, for which `contiguous_source` has compared the transfer. Both are borrowed by
        // `self`, which writes neither before the request is done; its `Drop` waits.
        #[expect(unsafe_code, reason = "memory for MPI")]
        let request = unsafe { self.messages.comm.world().send(data, len, to.peer, TAG)? };
        self.requests[at] = request;
        self.pending[at] = Some(PendingChunk { queue, chunk: to.next, direct: direct.is_some() });
        to.next += 1;
        Ok(())
    }

    /// Handles one request that is complete.
    fn completed(&mut self, at: usize) -> Result<()> {
        self.requests[at] = Request::null();
        let Some(pending) = self.pending[at].take() else { return Ok(()) };
        let inboxes = self.inbox.len();
        if at >= inboxes {
            self.sends[pending.queue].done += 1;
            return self.send(at - inboxes);
        }
        let queue = &mut self.receives[pending.queue];
        queue.done += 1;
        if !pending.direct
            && let (Some(target), Some(piece)) = (&mut self.target, queue.chunks.get(pending.chunk))
        {
            let part = piece.transfer();
            let len = bytes(part.elements(), self.item);
            copy::unpack(&part, &self.inbox[at][..len], self.order, target)?;
        }
        self.receive(at, pending.queue)
    }

    /// Waits until all chunks have been sent, received and unpacked.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.complete()
    }

    /// The requests that are not complete.
    fn active(&self) -> usize {
        self.requests.iter().filter(|request| !request.is_null()).count()
    }

    fn complete(&mut self) -> Result<()> {
        while let Some(at) = wait_any(&mut self.requests)? {
            self.completed(at)?;
        }
        Ok(())
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        // After an error MPI may still use the memory, which the caller gets back at the end of
        // this borrow.
        loop {
            let active = self.active();
            if active == 0 {
                break;
            }
            let _ = self.complete();
            // Each error of one message completes that message. If MPI completes none any more,
            // returning would free memory in use.
            if self.active() == active {
                eprintln!("dap-mpi: MPI does not complete {active} messages, whose memory cannot be given back");
                std::process::abort();
            }
        }
        let (outbox, inbox) = (std::mem::take(&mut self.outbox), std::mem::take(&mut self.inbox));
        self.messages.comm.keep_staging(outbox.into_iter().chain(inbox), STAGING);
    }
}
