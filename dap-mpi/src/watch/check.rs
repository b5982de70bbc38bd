//! `DAP_CHECK=1`: all ranks make the same call.

use std::panic::Location;

use super::call;
use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};

/// The numbers by which calls are compared: the number of the call, and hashes of its name and its
/// arguments.
const NUMBERS: usize = 3;

impl Comm {
    /// Compares this call with those of the other ranks. Collective.
    ///
    /// # Errors
    /// Another call, or other arguments, on some rank: the same error on all ranks.
    pub(super) fn check_call(&self, name: &str, caller: &Location<'_>, arguments: u64) -> Result<()> {
        let number = self.watch().position().number;
        let mine: [u64; NUMBERS] = [number, hash(name), arguments];
        let all = self.all_words(&mine)?;
        let calls = || all.chunks_exact(NUMBERS);
        let Some(other) = calls().position(|call| *call != all[..NUMBERS]) else { return Ok(()) };
        // All ranks have the same numbers, so that all of them come here.
        let text = call::describe(name, caller);
        let texts = self.gather_bytes(text.as_bytes())?;
        let said = |rank: usize| {
            format!("rank {rank} is in call {}, {}", all[rank * NUMBERS], String::from_utf8_lossy(&texts[rank]))
        };
        let (found, expected) = (&all[other * NUMBERS..][..NUMBERS], &all[..NUMBERS]);
        let what = if found[..2] == expected[..2] { "different arguments" } else { "different calls" };
        let message = format!("{what}: {}; {}", said(other), said(0));
        Err(Error::new(ErrorKind::Mismatch, message).on_rank(i32::try_from(other).unwrap_or(0)))
    }

    /// All ranks' numbers, in rank order.
    fn all_words(&self, mine: &[u64; NUMBERS]) -> Result<Vec<u64>> {
        let Some(mailbox) = self.node().mailbox_of_all() else { return self.gather_equal(mine) };
        let mine = mine.map(|word| word as i64);
        Ok(mailbox.exchange(&mine)?.into_iter().map(|word| word as u64).collect())
    }
}

fn hash(name: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
