//! Memory for messages that are packed or unpacked, which all moves on a communicator share.

use std::cell::RefCell;

use crate::comm::Comm;

/// Buffers that wait for the next move. Their content does not matter.
#[derive(Debug, Default)]
pub(super) struct Staging {
    kept: RefCell<Vec<Vec<u8>>>,
}

impl Comm {
    /// Buffers of any lengths, those of earlier moves first.
    pub(crate) fn take_staging(&self, count: usize) -> Vec<Vec<u8>> {
        let mut kept = self.staging().kept.borrow_mut();
        let first = kept.len().saturating_sub(count);
        let mut taken = kept.split_off(first);
        taken.resize_with(count, Vec::new);
        taken
    }

    /// Keeps buffers for the next move, at most this many bytes of them in all.
    pub(crate) fn keep_staging(&self, buffers: impl Iterator<Item = Vec<u8>>, most: usize) {
        let mut kept = self.staging().kept.borrow_mut();
        let mut bytes: usize = kept.iter().map(Vec::capacity).sum();
        for buffer in buffers.filter(|buffer| buffer.capacity() > 0) {
            if bytes + buffer.capacity() <= most {
                bytes += buffer.capacity();
                kept.push(buffer);
            }
        }
    }
}
