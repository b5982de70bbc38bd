//! Messages whose length the receiver learns when they arrive, and sends that own their bytes.
//!
//! A probe tells the sender and the length of the next message. The communicator stays on one
//! thread, so that no other receive takes the message between the probe and its own receive.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::Arc;

use mpi::ffi;

use super::{RawComm, Request, byte, check};
use crate::environment::is_running;
use crate::error::{Error, ErrorKind, Result};

impl RawComm {
    /// The sender and the length in bytes of the next message with this tag, from one rank or from
    /// any; `None` if none has arrived. It does not wait.
    pub(crate) fn probe(&self, from: Option<i32>, tag: i32) -> Result<Option<(i32, usize)>> {
        // SAFETY: a constant that the bindings define and nothing writes.
        let from = from.unwrap_or(unsafe { ffi::RSMPI_ANY_SOURCE });
        let mut found: c_int = 0;
        let mut status = MaybeUninit::<ffi::MPI_Status>::zeroed();
        // SAFETY: `self` is a communicator until it is dropped. One C int is written, and a status
        // if a message was found.
        let code = unsafe { ffi::MPI_Iprobe(from, tag, self.handle, &mut found, status.as_mut_ptr()) };
        check(code, "MPI_Iprobe")?;
        if found == 0 {
            return Ok(None);
        }
        // SAFETY: the call has found a message, and then has written the status. Its memory was
        // zeroed, so that each byte is initialised.
        let status = unsafe { status.assume_init() };
        let mut len: c_int = 0;
        // SAFETY: a status that MPI has written; one C int is written.
        check(unsafe { ffi::MPI_Get_count(&status, byte(), &mut len) }, "MPI_Get_count")?;
        let len = usize::try_from(len).map_err(|_| Error::new(ErrorKind::Mpi, "a message has no length in bytes"))?;
        Ok(Some((status.MPI_SOURCE, len)))
    }

    /// Receives the message that a probe has found, behind the bytes that `to` has.
    ///
    /// # Errors
    /// Not enough memory: then the message stays where it is.
    pub(crate) fn receive_probed(&self, (from, len): (i32, usize), tag: i32, to: &mut Vec<u8>) -> Result<()> {
        let short = || Error::new(ErrorKind::Memory, format!("not enough memory for a message of {len} bytes"));
        to.try_reserve_exact(len).map_err(|_| short())?;
        let start = to.len();
        to.resize(start + len, 0);
        // SAFETY: `to` has `len` bytes from `start` on. It is borrowed mutably until this function
        // returns, which is after `finish` has seen the request complete.
        unsafe { self.receive(to[start..].as_mut_ptr(), len, from, tag) }?.finish()
    }
}

/// A send that keeps its bytes until it is complete.
#[derive(Debug)]
pub(crate) struct OwnedSend {
    request: Request,
    bytes: Option<Arc<Vec<u8>>>,
}

impl OwnedSend {
    /// Starts to send a range of bytes.
    pub(crate) fn start(
        comm: &RawComm,
        bytes: &Arc<Vec<u8>>,
        range: Range<usize>,
        to: i32,
        tag: i32,
    ) -> Result<OwnedSend> {
        let part = &bytes[range];
        // SAFETY: the clone of the `Arc` keeps the bytes where they are, and unwritten, until the
        // request is complete: `is_complete` and `drop` see to it.
        let request = unsafe { comm.send(part.as_ptr(), part.len(), to, tag) }?;
        Ok(OwnedSend { request, bytes: Some(Arc::clone(bytes)) })
    }

    /// Whether the send is complete; its bytes are released then.
    pub(crate) fn is_complete(&mut self) -> Result<bool> {
        if self.bytes.is_some() && self.request.test()? {
            self.bytes = None;
        }
        Ok(self.bytes.is_none())
    }
}

impl Drop for OwnedSend {
    /// Does not wait: MPI may still read the bytes of a send that is not complete, so they stay in
    /// memory. After MPI has been finalised all sends are complete.
    fn drop(&mut self) {
        if is_running() && !self.is_complete().unwrap_or(false) {
            std::mem::forget(self.bytes.take());
        }
    }
}
