//! Broadcast, scatter and gather of bytes whose lengths the receivers do not know.
//!
//! Each operation agrees before data are sent, and behind them. A member that fails in between
//! sends its error in place of the data, so that the others need not wait for them.

use std::sync::Arc;

use super::agreement::{read_report, report};
use super::tree::neighbours;
use super::{RankGroup, owned};
use crate::error::{Error, ErrorKind, Result};

impl RankGroup {
    /// The bytes of member `root`, read by `read` on all members. `bytes` is used on `root` only.
    /// `call` describes the call, which is the same on all members. Collective over the members.
    ///
    /// # Errors
    /// On all members: an error of `bytes` or `read` on one; other calls or another root on some;
    /// no such member; no bytes on `root`. On this rank: it is no member.
    pub fn broadcast<T>(
        &self,
        call: &str,
        root: usize,
        bytes: Result<Option<Vec<u8>>>,
        read: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<T> {
        let call = format!("{call} from member {root}");
        let given = self.given(root, bytes);
        let given = self.agree(&call, given)?;
        let data = self.spread(root, Ok(given.unwrap_or_default()));
        self.agree(&call, data.and_then(|bytes| read(&bytes)))
    }

    /// To each member its bytes of those that `root` gives, read by `read`. `bytes` is used on
    /// `root` only. Collective over the members.
    ///
    /// # Errors
    /// As [`broadcast`](RankGroup::broadcast); bytes for another number of members.
    pub fn scatter<T>(
        &self,
        call: &str,
        root: usize,
        bytes: Result<Option<Vec<Vec<u8>>>>,
        read: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<T> {
        let call = format!("{call} from member {root}");
        let given = self.given(root, bytes).and_then(|given| match given {
            Some(parts) if parts.len() != self.size() => {
                let message =
                    format!("{} parts for a group of {} members: give one for each", parts.len(), self.size());
                Err(Error::new(ErrorKind::Argument, message))
            }
            given => Ok(given),
        });
        let given = self.agree(&call, given)?;
        let step = self.next_step();
        let mut sent = Ok(());
        for (member, part) in given.into_iter().flatten().enumerate() {
            sent = sent.and(self.post(member, step, &Arc::new(part)));
        }
        let data = sent.and_then(|()| self.wait_for(Some(root), step));
        self.agree(&call, data.and_then(|(_, bytes)| read(&bytes)))
    }

    /// The bytes of all members, in order, read by `read` on member `root`; `None` on the others.
    /// Collective over the members.
    ///
    /// # Errors
    /// As [`broadcast`](RankGroup::broadcast).
    pub fn gather<T>(
        &self,
        call: &str,
        root: usize,
        bytes: Result<Vec<u8>>,
        read: impl FnOnce(Vec<Vec<u8>>) -> Result<T>,
    ) -> Result<Option<T>> {
        let call = format!("{call} to member {root}");
        let bytes = self.agree(&call, self.check(root).and(bytes))?;
        let all = self.collect(root, bytes);
        self.agree(&call, all.and_then(|all| all.map(read).transpose()))
    }

    /// The bytes of all members, in order, read by `read` on all members. Collective over the
    /// members.
    ///
    /// # Errors
    /// As [`broadcast`](RankGroup::broadcast).
    pub fn gather_all<T>(
        &self,
        call: &str,
        bytes: Result<Vec<u8>>,
        read: impl FnOnce(Vec<Vec<u8>>) -> Result<T>,
    ) -> Result<T> {
        let bytes = self.agree(call, bytes)?;
        let joined = self.collect(0, bytes).map(|all| joined(&all.unwrap_or_default()));
        let data = self.spread(0, joined).and_then(|bytes| read(parts(&bytes)?));
        self.agree(call, data)
    }

    /// The value of the root; nothing on other members.
    fn given<T>(&self, root: usize, given: Result<Option<T>>) -> Result<Option<T>> {
        self.check(root)?;
        if self.member() != Some(root) {
            return Ok(None);
        }
        let nothing =
            || Error::new(ErrorKind::Argument, "this rank is the root and gives nothing: it is to give a value");
        given?.ok_or_else(nothing).map(Some)
    }

    /// All members' bytes, on the root.
    fn collect(&self, root: usize, bytes: Vec<u8>) -> Result<Option<Vec<Vec<u8>>>> {
        let step = self.next_step();
        self.post(root, step, &Arc::new(bytes))?;
        if self.member() != Some(root) {
            return Ok(None);
        }
        let from = |member| self.wait_for(Some(member), step).map(|(_, bytes)| owned(bytes));
        (0..self.size()).map(from).collect::<Result<_>>().map(Some)
    }

    /// The root's bytes, or its error, on all members. One step of each member.
    pub(super) fn spread(&self, root: usize, bytes: Result<Vec<u8>>) -> Result<Vec<u8>> {
        let member = self.own()?;
        let step = self.next_step();
        let around = neighbours(member, root, self.size());
        let message = match around.parent {
            Some(parent) => self.wait_for(Some(parent), step).map(|(_, message)| message),
            None => bytes.map(|mut bytes| {
                bytes.push(0);
                Arc::new(bytes)
            }),
        };
        // The last byte says whether the others are data.
        let message = message.unwrap_or_else(|error| {
            let mut bytes = report("", Some(&(member, self.named(&error, member))));
            bytes.push(1);
            Arc::new(bytes)
        });
        for child in around.children.into_iter().rev() {
            self.post(child, step, &message)?;
        }
        let mut bytes = owned(message);
        match bytes.pop() {
            Some(0) => Ok(bytes),
            _ => {
                let unknown = || Error::new(ErrorKind::Mpi, "found a message without data");
                Err(read_report(&bytes)?.1.map_or_else(unknown, |(_, error)| error))
            }
        }
    }
}

/// Several texts of bytes as one: their lengths, then the bytes.
fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = (parts.len() as u64).to_le_bytes().to_vec();
    parts.iter().for_each(|part| bytes.extend((part.len() as u64).to_le_bytes()));
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// The texts that were joined.
///
/// # Errors
/// Bytes that no member has joined.
fn parts(bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let read = || {
        let (count, rest) = bytes.split_first_chunk()?;
        let lengths = usize::try_from(u64::from_le_bytes(*count)).ok()?.checked_mul(8)?;
        let (lengths, mut rest) = rest.split_at_checked(lengths)?;
        let mut parts = Vec::with_capacity(lengths.len() / 8);
        for len in lengths.chunks_exact(8) {
            let len = u64::from_le_bytes(len.try_into().ok()?);
            let (part, behind) = rest.split_at_checked(usize::try_from(len).ok()?)?;
            parts.push(part.to_vec());
            rest = behind;
        }
        rest.is_empty().then_some(parts)
    };
    read().ok_or_else(|| Error::new(ErrorKind::Mpi, format!("found {} bytes that are no joined parts", bytes.len())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_those_that_were_joined(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9), cut in 1_usize..99) {
            let bytes = joined(&texts);
            prop_assert_eq!(parts(&bytes).unwrap(), texts);
            prop_assert!(parts(&bytes[..bytes.len() - cut.min(bytes.len())]).is_err());
        }

        #[test]
        fn any_bytes_are_parts_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(found) = parts(&bytes) {
                prop_assert_eq!(joined(&found), bytes);
            }
        }
    }
}
