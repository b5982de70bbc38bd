//! Agreement of the members of a group: on the call that they make, and on its success.

use std::sync::Arc;

use super::RankGroup;
use super::tree::neighbours;
use crate::error::{Error, ErrorKind, Result};

impl RankGroup {
    /// Agrees on the call and on success. If a member passes an error, all members return the error
    /// of the first such member. If members pass different texts `call`, all return an error that
    /// names two of the calls. Collective over the members.
    ///
    /// # Errors
    /// The error of a member, which [`Error::rank`] names; different calls; this rank is no member.
    pub fn agree<T>(&self, call: &str, result: Result<T>) -> Result<T> {
        let member = self.own()?;
        let mut first = result.as_ref().err().map(|error| (member, self.named(error, member)));
        let step = self.next_step();
        let around = neighbours(member, 0, self.size());
        for child in around.children {
            // A failure to receive is a failure of this member: the others are not left waiting.
            let failure =
                match self.wait_for(Some(child), step).and_then(|(_, bytes)| self.failure(&bytes, child, call)) {
                    Ok(failure) => failure,
                    Err(error) => Some((member, self.named(&error, member))),
                };
            first = [first, failure].into_iter().flatten().min_by_key(|(member, _)| *member);
        }
        if let Some(parent) = around.parent {
            self.post(parent, step, &Arc::new(report(call, first.as_ref())))?;
        }
        let verdict = self.spread(0, Ok(report("", first.as_ref())))?;
        match read_report(&verdict)?.1 {
            Some((_, error)) => Err(error),
            None => result,
        }
    }

    /// Waits for all members. Collective over the members.
    ///
    /// # Errors
    /// Another call of a member; this rank is no member; MPI refuses.
    pub fn barrier(&self) -> Result<()> {
        self.agree("barrier", Ok(()))
    }

    /// An error with the rank that it belongs to.
    pub(super) fn named(&self, error: &Error, member: usize) -> Error {
        error.clone().on_rank(error.rank().unwrap_or(self.ranks()[member]))
    }

    /// The failure that a child reports, or the difference between its call and this one.
    fn failure(&self, bytes: &[u8], child: usize, call: &str) -> Result<Option<(usize, Error)>> {
        let (there, failure) = read_report(bytes)?;
        Ok(failure.or_else(|| (there != call).then(|| (child, self.different(child, there, call)))))
    }

    fn different(&self, child: usize, there: &str, here: &str) -> Error {
        let message = format!(
            "this rank calls {there}, rank {} calls {here}: the members of a group make the same calls in the same order",
            self.comm().rank()
        );
        Error::new(ErrorKind::State, message).on_rank(self.ranks()[child])
    }
}

/// A call, and the first member that has failed so far, as bytes.
pub(super) fn report(call: &str, failure: Option<&(usize, Error)>) -> Vec<u8> {
    let mut bytes = (call.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(call.as_bytes());
    if let Some((member, error)) = failure {
        bytes.extend((*member as u64).to_le_bytes());
        bytes.extend(error.rank().unwrap_or(-1).to_le_bytes());
        bytes.push(error.kind().code());
        bytes.extend_from_slice(error.message().as_bytes());
    }
    bytes
}

/// The call and the failure of a report.
///
/// # Errors
/// Bytes that no member has sent.
pub(super) fn read_report(bytes: &[u8]) -> Result<(&str, Option<(usize, Error)>)> {
    let read = || {
        let (len, rest) = bytes.split_first_chunk()?;
        let (call, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
        let call = std::str::from_utf8(call).ok()?;
        if rest.is_empty() {
            return Some((call, None));
        }
        let (member, rest) = rest.split_first_chunk()?;
        let (rank, rest) = rest.split_first_chunk()?;
        let (kind, message) = rest.split_first()?;
        let error = Error::new(ErrorKind::from_code(*kind), String::from_utf8_lossy(message));
        let member = usize::try_from(u64::from_le_bytes(*member)).ok()?;
        let rank = i32::from_le_bytes(*rank);
        Some((call, Some((member, if rank < 0 { error } else { error.on_rank(rank) }))))
    };
    read().ok_or_else(|| Error::new(ErrorKind::Mpi, format!("found {} bytes that are no report", bytes.len())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_report_is_read_as_it_was_written(call in ".{0,9}", member in 0..9_usize, rank in 0..9_i32, message in ".{0,9}") {
            let error = Error::new(ErrorKind::Memory, message).on_rank(rank);
            for failure in [None, Some((member, error))] {
                let bytes = report(&call, failure.as_ref());
                prop_assert_eq!(read_report(&bytes).unwrap(), (&*call, failure));
            }
        }

        #[test]
        fn any_bytes_are_a_report_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read_report(&bytes);
        }
    }
}
