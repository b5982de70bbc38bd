//! The messages of all groups of one communicator: those that have arrived before a group asks for
//! them, and those that are being sent.
//!
//! All envelopes have one tag of MPI, and all longer payloads another one. From one rank to another
//! MPI keeps the order of messages with one tag, so that the payloads arrive in the order of their
//! envelopes. The rest of matching is done here: by group, channel and sender.

mod envelope;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::raw::{OwnedSend, RawComm, poll};
pub(crate) use envelope::Channel;
use envelope::{Envelope, INLINE};

const ENVELOPE: i32 = 4;
const PAYLOAD: i32 = 5;
/// The longest message of a payload, in bytes.
const PIECE: usize = 16 << 20;
/// The number of sends from which on complete ones are looked for.
const SENDS: usize = 16;

/// A group on this rank: the number of its list, and its number among the groups of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    list: u64,
    instance: u64,
}

/// The place of a message that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    key: Key,
    channel: Channel,
    /// The sender's rank in the communicator.
    source: i32,
}

/// The messages of one place, each with its number in the order of arrival.
type Messages = VecDeque<(u64, Arc<Vec<u8>>)>;

/// The groups of a communicator and their messages.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// This rank's numbers of the lists of ranks.
    numbers: HashMap<Arc<[i32]>, u64>,
    /// The number of groups that this rank has made, by list.
    made: Vec<u64>,
    /// The groups of which a handle exists.
    live: HashSet<Key>,
    /// The ranks that know this rank's number of a list.
    introduced: HashSet<(i32, u64)>,
    /// This rank's number of a list, by another rank's number of it.
    known: HashMap<(i32, u64), u64>,
    arrived: BTreeMap<Slot, Messages>,
    arrivals: u64,
    /// Messages of which the envelope has arrived, and the part of the payload that has.
    opened: BTreeMap<i32, (Envelope, Vec<u8>)>,
    sends: Vec<OwnedSend>,
    /// The number of sends at which complete ones are looked for again.
    sweep_at: usize,
}

impl Queue {
    /// A new group of these ranks.
    pub(crate) fn register(&mut self, ranks: &Arc<[i32]>) -> Key {
        let list = self.number(ranks);
        let made = &mut self.made[list as usize];
        let key = Key { list, instance: *made };
        *made += 1;
        self.live.insert(key);
        key
    }

    /// Forgets a group, with the messages that have arrived for it.
    pub(crate) fn forget(&mut self, key: Key) {
        self.live.remove(&key);
        self.arrived.retain(|slot, _| slot.key != key);
    }

    /// This rank's number of a list.
    fn number(&mut self, ranks: &Arc<[i32]>) -> u64 {
        if let Some(&number) = self.numbers.get(ranks) {
            return number;
        }
        let number = self.made.len() as u64;
        self.numbers.insert(Arc::clone(ranks), number);
        self.made.push(0);
        number
    }

    /// Starts to send a message of a group to another rank, or to this one.
    pub(crate) fn send(
        &mut self,
        comm: &RawComm,
        (key, ranks): (Key, &Arc<[i32]>),
        to: i32,
        channel: Channel,
        payload: &Arc<Vec<u8>>,
    ) -> Result<()> {
        if to == comm.rank() {
            self.put(Slot { key, channel, source: to }, Arc::clone(payload));
            return Ok(());
        }
        let introduced = self.introduced.insert((to, key.list)).then(|| ranks.to_vec());
        let envelope = Envelope { list: key.list, instance: key.instance, channel, len: payload.len(), introduced };
        let mut bytes = envelope.to_bytes();
        let is_inline = payload.len() <= INLINE;
        if is_inline {
            bytes.extend_from_slice(payload);
        }
        let bytes = Arc::new(bytes);
        self.sends.push(OwnedSend::start(comm, &bytes, 0..bytes.len(), to, ENVELOPE)?);
        let starts = (0..if is_inline { 0 } else { payload.len() }).step_by(PIECE);
        for start in starts {
            let end = payload.len().min(start.saturating_add(PIECE));
            self.sends.push(OwnedSend::start(comm, payload, start..end, to, PAYLOAD)?);
        }
        self.sweep()
    }

    /// Releases complete sends when their number has doubled since the last time.
    fn sweep(&mut self) -> Result<()> {
        if self.sends.len() < self.sweep_at.max(SENDS) {
            return Ok(());
        }
        let mut failed = None;
        self.sends.retain_mut(|send| match send.is_complete() {
            Ok(is_complete) => !is_complete,
            Err(error) => {
                failed = Some(error);
                true
            }
        });
        self.sweep_at = 2 * self.sends.len();
        failed.map_or(Ok(()), Err)
    }

    /// The next message of a group from a rank, or the first that arrived from any rank.
    pub(crate) fn take(&mut self, key: Key, channel: Channel, from: Option<i32>) -> Option<(i32, Arc<Vec<u8>>)> {
        let slot = |source: i32| Slot { key, channel, source };
        let slots = self.arrived.range(slot(from.unwrap_or(i32::MIN))..=slot(from.unwrap_or(i32::MAX)));
        let first = slots.min_by_key(|(_, messages)| messages.front().map(|(arrival, _)| *arrival));
        let slot = *first?.0;
        let messages = self.arrived.get_mut(&slot)?;
        let (_, payload) = messages.pop_front()?;
        if messages.is_empty() {
            self.arrived.remove(&slot);
        }
        Some((slot.source, payload))
    }

    fn put(&mut self, slot: Slot, payload: Arc<Vec<u8>>) {
        self.arrived.entry(slot).or_default().push_back((self.arrivals, payload));
        self.arrivals += 1;
    }

    /// Waits for the next message of a rank, or of any, whichever group it belongs to.
    pub(crate) fn pull(&mut self, comm: &RawComm, from: Option<i32>) -> Result<()> {
        let opened = from.or_else(|| self.opened.keys().next().copied());
        let (source, (envelope, mut payload)) = match opened.and_then(|from| self.opened.remove_entry(&from)) {
            Some(opened) => opened,
            None => {
                let found = poll(|| comm.probe(from, ENVELOPE))?;
                let mut bytes = Vec::new();
                comm.receive_probed(found, ENVELOPE, &mut bytes)?;
                let (envelope, inline) = Envelope::parse(&bytes).map_err(|error| error.on_rank(found.0))?;
                (found.0, (envelope, inline.to_vec()))
            }
        };
        while payload.len() < envelope.len {
            let piece = poll(|| comm.probe(Some(source), PAYLOAD))
                .and_then(|found| comm.receive_probed(found, PAYLOAD, &mut payload));
            if let Err(error) = piece {
                // The rest is asked for again when the rank has memory.
                self.opened.insert(source, (envelope, payload));
                return Err(error);
            }
        }
        self.file(source, envelope, payload)
    }

    /// Receives the next message that has arrived from any rank, whichever group it belongs to;
    /// `false` if none has.
    pub(crate) fn pull_arrived(&mut self, comm: &RawComm) -> Result<bool> {
        if self.opened.is_empty() && comm.probe(None, ENVELOPE)?.is_none() {
            return Ok(false);
        }
        self.pull(comm, None)?;
        Ok(true)
    }

    /// Puts a message to those of its group.
    fn file(&mut self, source: i32, envelope: Envelope, payload: Vec<u8>) -> Result<()> {
        if let Some(ranks) = envelope.introduced {
            let number = self.number(&ranks.into());
            self.known.insert((source, envelope.list), number);
        }
        let unknown = || Error::new(ErrorKind::Mpi, "found a message of a group that it has not introduced");
        let list = *self.known.get(&(source, envelope.list)).ok_or_else(|| unknown().on_rank(source))?;
        let key = Key { list, instance: envelope.instance };
        // A group that this rank has made and dropped receives nothing any more.
        if key.instance >= self.made[list as usize] || self.live.contains(&key) {
            self.put(Slot { key, channel: envelope.channel, source }, Arc::new(payload));
        }
        Ok(())
    }
}
