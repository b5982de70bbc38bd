//! Envelopes: the bytes in front of each message of a group, by which its receiver matches it.
//!
//! A sender names the list of a group's ranks by a number of its own. Its first message to each
//! rank about a list introduces the list. So lists distinguish the messages of different groups,
//! not hashes of lists, and an envelope is short in a group of many ranks.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | the sender's number of the list |
//! | 8 | the number of the group among the groups of this list |
//! | 8 | the kind of the tag |
//! | 8 | the tag |
//! | 8 | the length of the payload in bytes |
//! | 8 | the length of the list that follows; 0 if the receiver knows it |
//! | 4 each | the ranks of the list |
//! | | the payload, if it has at most [`INLINE`] bytes |
//!
//! The bytes are in the order of little-endian machines. No length in an envelope is trusted:
//! memory is allocated for bytes that have arrived.

use crate::error::{Error, ErrorKind, Result};

/// The longest payload, in bytes, that travels in its envelope's message.
pub(super) const INLINE: usize = 4096;
/// The words in front of the list.
const WORDS: usize = 6;

/// The channel of a message within its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    /// A tag of the program.
    Program(u64),
    /// A step of a collective operation, counted by each member.
    Collective(u64),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    /// The sender's number of the list of ranks.
    pub(super) list: u64,
    /// The number of the group among those of this list.
    pub(super) instance: u64,
    pub(super) channel: Channel,
    /// The length of the payload in bytes.
    pub(super) len: usize,
    /// The list, if this message introduces it.
    pub(super) introduced: Option<Vec<i32>>,
}

impl Envelope {
    /// The bytes of the envelope.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (kind, tag) = match self.channel {
            Channel::Program(tag) => (0, tag),
            Channel::Collective(step) => (1, step),
        };
        let list = self.introduced.as_deref().unwrap_or(&[]);
        let words = [self.list, self.instance, kind, tag, self.len as u64, list.len() as u64];
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        words.chain(list.iter().flat_map(|rank| rank.to_le_bytes())).collect()
    }

    /// An envelope and the bytes behind it: the payload, or nothing of it.
    ///
    /// # Errors
    /// Bytes that no rank of this library has sent.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Envelope, &[u8])> {
        let found = || Error::new(ErrorKind::Mpi, format!("found {} bytes that are no envelope", bytes.len()));
        let (words, rest) = bytes.split_at_checked(8 * WORDS).ok_or_else(found)?;
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| words[8 * at + byte]));
        let channel = match word(2) {
            0 => Channel::Program(word(3)),
            1 => Channel::Collective(word(3)),
            _ => return Err(found()),
        };
        let len = usize::try_from(word(4)).map_err(|_| found())?;
        let list = usize::try_from(word(5)).ok().and_then(|ranks| ranks.checked_mul(4)).ok_or_else(found)?;
        let (list, payload) = rest.split_at_checked(list).ok_or_else(found)?;
        if payload.len() != if len <= INLINE { len } else { 0 } {
            return Err(found());
        }
        let ranks = list.chunks_exact(4).map(|rank| i32::from_le_bytes([rank[0], rank[1], rank[2], rank[3]]));
        let introduced = Some(ranks.collect()).filter(|ranks: &Vec<i32>| !ranks.is_empty());
        Ok((Envelope { list: word(0), instance: word(1), channel, len, introduced }, payload))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn envelopes() -> impl Strategy<Value = Envelope> {
        let channel = (any::<bool>(), any::<u64>()).prop_map(|(is_program, tag)| match is_program {
            true => Channel::Program(tag),
            false => Channel::Collective(tag),
        });
        let list = prop::option::of(prop::collection::vec(any::<i32>(), 1..9));
        let len = prop_oneof![0..2 * INLINE, Just(usize::MAX)];
        (any::<[u64; 2]>(), channel, len, list).prop_map(|([list, instance], channel, len, introduced)| Envelope {
            list,
            instance,
            channel,
            len,
            introduced,
        })
    }

    proptest! {
        #[test]
        fn an_envelope_is_read_as_it_was_written(envelope in envelopes()) {
            let mut bytes = envelope.to_bytes();
            let payload = vec![7; if envelope.len <= INLINE { envelope.len } else { 0 }];
            bytes.extend(&payload);
            prop_assert_eq!(Envelope::parse(&bytes)?, (envelope, &payload[..]));
        }

        /// A byte less, a byte more, and every other length of the list or the payload is refused.
        #[test]
        fn other_lengths_are_refused(envelope in envelopes(), word in 4_usize..6, wrong in prop_oneof![any::<u64>(), 0..9_u64], cut in 1_usize..60) {
            let mut bytes = envelope.to_bytes();
            bytes.resize(bytes.len() + if envelope.len <= INLINE { envelope.len } else { 0 }, 7);
            prop_assert!(Envelope::parse(&bytes[..bytes.len() - cut.min(bytes.len())]).is_err());
            let mut longer = bytes.clone();
            longer.push(0);
            prop_assert!(Envelope::parse(&longer).is_err());
            let right = u64::from_le_bytes(bytes[8 * word..][..8].try_into()?);
            bytes[8 * word..][..8].copy_from_slice(&wrong.to_le_bytes());
            // A payload beyond `INLINE` travels in messages of its own, so that nothing of it is
            // here.
            let here = |len: u64| if len <= INLINE as u64 { len } else { 0 };
            let is_refused = if word == 4 { here(wrong) != here(right) } else { wrong != right };
            prop_assert!(!is_refused || Envelope::parse(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_an_envelope_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            if let Ok((envelope, payload)) = Envelope::parse(&bytes) {
                prop_assert_eq!([envelope.to_bytes(), payload.to_vec()].concat(), bytes);
            }
        }
    }
}
