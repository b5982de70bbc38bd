//! The channel of one halo message: shared memory or MPI.

use crate::comm::Comm;
use crate::environment::is_running;
use crate::error::Result;
use crate::raw::{self, Request};

/// A channel for a message that is sent, or received, again and again.
#[derive(Debug)]
pub(super) enum Channel {
    /// Shared memory of the node, to or from this node rank.
    Node(usize),
    /// MPI messages.
    Mpi(PersistentMessage),
}

/// Memory and persistent requests.
#[derive(Debug)]
pub(super) struct PersistentMessage {
    bytes: Vec<u8>,
    requests: Vec<Request>,
    active: bool,
}

/// The role of this process for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Sends,
    Receives,
}

const TAG: i32 = 2;
/// The most bytes of a single request, since counts are 32 bits wide.
const LONGEST: usize = 1 << 30;

impl PersistentMessage {
    /// For messages of `len` bytes to or from a rank of the communicator.
    pub(super) fn new(comm: &Comm, role: Role, peer: i32, len: usize) -> Result<PersistentMessage> {
        let mut message = PersistentMessage { bytes: vec![0; len], requests: Vec::new(), active: false };
        for part in message.bytes.chunks_mut(LONGEST) {
            let (data, len) = (part.as_mut_ptr(), part.len());
            // SAFETY: `part` is in the heap memory of `bytes`, which never grows, so it stays where
            // it is. `Drop` waits for the requests before `bytes` is freed, and a
            // `PersistentMessage` that is leaked keeps both. `bytes` lends it out, and `complete`
            // waits before it does.
            #[expect(unsafe_code, reason = "memory for MPI")]
            let request = unsafe {
                match role {
                    Role::Sends => comm.world().send_init(data, len, peer, TAG),
                    Role::Receives => comm.world().receive_init(data, len, peer, TAG),
                }
            };
            message.requests.push(request?);
        }
        Ok(message)
    }

    /// The message, to be written. Waits until no request is active.
    pub(super) fn bytes(&mut self) -> Result<&mut [u8]> {
        self.complete()?;
        Ok(&mut self.bytes)
    }

    /// Starts the requests.
    pub(super) fn start(&mut self) -> Result<()> {
        self.active = true;
        raw::start_each(&mut self.requests)
    }

    /// Waits until no request is active, and returns the message.
    pub(super) fn complete(&mut self) -> Result<&[u8]> {
        if self.active {
            raw::wait_all(&mut self.requests)?;
            self.active = false;
        }
        Ok(&self.bytes)
    }
}

impl Drop for PersistentMessage {
    fn drop(&mut self) {
        if is_running() && self.complete().is_ok() {
            self.requests.iter_mut().for_each(Request::free);
        } else if self.active {
            // MPI may still use the memory.
            std::mem::forget(std::mem::take(&mut self.bytes));
        }
    }
}
