//! A few messages between ranks that know of each other.

use crate::comm::Comm;
use crate::error::{Result, abandon};
use crate::raw::{are_complete, wait_all};

const TAG: i32 = 3;

impl Comm {
    /// As [`Comm::exchange`], of words; lengths count words.
    ///
    /// # Errors
    /// MPI refuses.
    pub fn exchange_words(&self, sends: &[(i32, &[u64])], receives: &[(i32, usize)]) -> Result<Vec<Vec<u64>>> {
        let bytes: Vec<(i32, Vec<u8>)> = sends.iter().map(|(rank, words)| (*rank, bytes_of(words))).collect();
        let sends: Vec<(i32, &[u8])> = bytes.iter().map(|(rank, bytes)| (*rank, &bytes[..])).collect();
        let receives: Vec<(i32, usize)> = receives.iter().map(|&(rank, words)| (rank, 8 * words)).collect();
        Ok(self.exchange(&sends, &receives)?.iter().map(|bytes| words_of(bytes)).collect())
    }

    /// Sends bytes to some ranks, and receives bytes of known lengths from others: `sends` has the
    /// ranks and the bytes, `receives` the ranks and the lengths. Returns the received bytes, in
    /// the order of `receives`. Messages from one rank to another one arrive in order. A rank can
    /// send to itself. Each send has a receive of the same length on the other side.
    ///
    /// # Errors
    /// MPI refuses.
    #[expect(unsafe_code, reason = "messages whose buffers stay here")]
    pub fn exchange(&self, sends: &[(i32, &[u8])], receives: &[(i32, usize)]) -> Result<Vec<Vec<u8>>> {
        let mut received: Vec<Vec<u8>> = receives.iter().map(|&(_, len)| vec![0; len]).collect();
        let mut requests = Vec::with_capacity(sends.len() + receives.len());
        let mut failed = None;
        for (bytes, &(from, _)) in received.iter_mut().zip(receives) {
            // SAFETY: `bytes` keeps its memory, untouched, until `wait_all` below has seen the
            // request complete; otherwise it is never freed.
            match unsafe { self.world().receive(bytes.as_mut_ptr(), bytes.len(), from, TAG) } {
                Ok(request) => requests.push(request),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let active = requests.len();
        for &(to, bytes) in sends {
            // SAFETY: `bytes` is borrowed until this function returns, which is after `wait_all` or
            // `are_complete` has seen the request complete, or not at all.
            match unsafe { self.world().send(bytes.as_ptr(), bytes.len(), to, TAG) } {
                Ok(request) => requests.push(request),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Err(error) = wait_all(&mut requests) {
            // MPI keeps the memory of messages that may still arrive; the caller's it must not.
            if !are_complete(&mut requests[active..]) {
                abandon(&error)
            }
            std::mem::forget(received);
            return Err(error);
        }
        failed.map_or(Ok(received), Err)
    }
}

/// Words as bytes, for a message.
pub(super) fn bytes_of(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The words of a message.
pub(super) fn words_of(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default())).collect()
}
