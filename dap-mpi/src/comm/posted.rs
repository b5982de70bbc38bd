//! Messages that travel while this process computes.

use std::cell::Cell;

use dap_ndarray::Buffer;

use crate::comm::Comm;
use crate::environment::is_running;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::{Request, wait_all};

const TAG: i32 = 6;
/// The most bytes of a single request, since counts are 32 bits wide.
const LONGEST: usize = 1 << 30;

/// Messages that were posted: see [`Comm::post`]. Dropping it waits for them.
#[derive(Debug)]
pub struct PostedMessages {
    requests: Vec<Request>,
    sends: Vec<Buffer>,
    receives: Vec<Buffer>,
    /// Outlives the requests.
    _comm: Comm,
}

/// The messages that a rank has posted to others since it made its communicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// The number of messages.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// [`Traffic`] that is counted.
#[derive(Debug, Default)]
pub(super) struct Counter(Cell<Traffic>);

impl Comm {
    /// Starts to send buffers to some ranks, and to receive into buffers from others: pairs of a
    /// rank and a buffer, whose items lie side by side. Messages from one rank to another one
    /// arrive in the order in which they were posted. Each message has a buffer of the same length
    /// on the other side.
    ///
    /// # Errors
    /// A buffer with gaps; a buffer to receive into that may only be read; MPI refuses.
    pub fn post(&self, sends: Vec<(i32, Buffer)>, receives: Vec<(i32, Buffer)>) -> Result<PostedMessages> {
        // All buffers are looked at before the first message leaves.
        let sends_bytes: Vec<usize> =
            sends.iter().map(|(_, buffer)| Ok(buffer.bytes()?.len())).collect::<Result<_>>()?;
        let (to, sends): (Vec<i32>, Vec<Buffer>) = sends.into_iter().unzip();
        let (from, mut receives): (Vec<i32>, Vec<Buffer>) = receives.into_iter().unzip();
        for buffer in &mut receives {
            buffer.bytes_mut()?;
        }
        let requests = Vec::with_capacity(to.len() + from.len());
        let mut posted = PostedMessages { requests, sends, receives, _comm: self.clone() };
        for (buffer, &from) in posted.receives.iter_mut().zip(&from) {
            for part in buffer.bytes_mut()?.chunks_mut(LONGEST) {
                // SAFETY: `part` is memory of a buffer that `posted` owns, which may be written and
                // stays where it is while the buffer lives. `posted` lends it out, or drops it,
                // only when the requests are complete; if it is leaked, so is the buffer.
                #[expect(unsafe_code, reason = "memory for MPI")]
                let request = unsafe { self.world().receive(part.as_mut_ptr(), part.len(), from, TAG)? };
                posted.requests.push(request);
            }
        }
        for (buffer, &to) in posted.sends.iter().zip(&to) {
            for part in buffer.bytes()?.chunks(LONGEST) {
                // SAFETY: as above; a buffer that is owned alone is written by no other code.
                #[expect(unsafe_code, reason = "memory for MPI")]
                let request = unsafe { self.world().send(part.as_ptr(), part.len(), to, TAG)? };
                posted.requests.push(request);
            }
        }
        let Traffic { messages, bytes } = self.posted();
        let more = sends_bytes.iter().map(|&len| len as u64).sum::<u64>();
        self.parts.posted.0.set(Traffic { messages: messages + to.len() as u64, bytes: bytes + more });
        Ok(posted)
    }

    /// The messages that this rank has [posted](Comm::post) to others so far.
    pub fn posted(&self) -> Traffic {
        self.parts.posted.0.get()
    }
}

impl PostedMessages {
    /// Waits until all messages have arrived, and returns the buffers that were received into.
    ///
    /// # Errors
    /// MPI refuses.
    pub fn wait(mut self) -> Result<Vec<Buffer>> {
        self.complete()?;
        Ok(std::mem::take(&mut self.receives))
    }

    fn complete(&mut self) -> Result<()> {
        if self.requests.is_empty() {
            return Ok(());
        }
        if !is_running() {
            return Err(Error::new(ErrorKind::State, "MPI was finalised while messages were on their way"));
        }
        wait_all(&mut self.requests)?;
        self.requests.clear();
        Ok(())
    }
}

impl Drop for PostedMessages {
    fn drop(&mut self) {
        if self.complete().is_err() {
            // MPI may still use the memory.
            std::mem::forget(std::mem::take(&mut self.receives));
            std::mem::forget(std::mem::take(&mut self.sends));
        }
    }
}
