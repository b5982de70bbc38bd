//! The dictionary: local items, and operations in batches.

use std::any::type_name;
use std::collections::BTreeMap;

use dap_mpi::{Comm, Error, ErrorKind, RankGroup, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bytes::{Parts, decoded, encoded, put};
use crate::exchange::exchange;
use crate::owner;

/// Kinds of operations in a batch.
const SET: u8 = 0;
const GET: u8 = 1;
const REMOVE: u8 = 2;

/// A dictionary over all ranks of a communicator: see the [crate](crate). All ranks make the same
/// dictionaries with the same types, and call functions that say *collective* in the same order.
#[derive(Debug)]
pub struct DistDict<K, V> {
    pub(crate) group: RankGroup,
    pub(crate) items: Items<K, V>,
    /// For each rank the operations that go there with the next flush.
    queued: Vec<Vec<u8>>,
    /// For each rank the numbers of the tickets of its `get` operations.
    asked: Vec<Vec<usize>>,
    /// The number of flushes so far.
    round: u64,
    /// The values of the last flush, by the number of their ticket, until they are taken.
    answers: Vec<Option<Option<V>>>,
    /// The number of sessions and maps so far: the tag of their messages.
    pub(crate) sessions: std::cell::Cell<u64>,
}

/// Items by the bytes of their keys.
pub(crate) type Items<K, V> = BTreeMap<Box<[u8]>, (K, V)>;

/// The claim to the value that a [`DistDict::get`] asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the value is taken by the ticket, after the next flush"]
pub struct Ticket {
    round: u64,
    number: usize,
}

/// An operation that has arrived.
enum Arrived<'m, K, V> {
    Set(&'m [u8], K, V),
    Get(&'m [u8]),
    Remove(&'m [u8]),
}

impl<K, V> DistDict<K, V> {
    /// An empty dictionary. Each rank makes it; it sends no message.
    ///
    /// # Errors
    /// None of a communicator that exists.
    pub fn new(comm: &Comm) -> Result<DistDict<K, V>> {
        let ranks: Vec<i32> = (0..comm.size()).collect();
        DistDict::with_items(RankGroup::new(comm, &ranks)?, BTreeMap::new())
    }

    pub(crate) fn with_items(group: RankGroup, items: Items<K, V>) -> Result<DistDict<K, V>> {
        let ranks = group.size();
        Ok(DistDict {
            group,
            items,
            queued: vec![Vec::new(); ranks],
            asked: vec![Vec::new(); ranks],
            round: 0,
            answers: Vec::new(),
            sessions: std::cell::Cell::new(0),
        })
    }

    /// The communicator.
    pub fn comm(&self) -> &Comm {
        self.group.comm()
    }

    /// The items that this rank owns, in the order of the bytes of their keys. Operations since the
    /// last flush have no effect yet.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        self.items.values().map(|(key, value)| (key, value))
    }

    /// The items that this rank owns, their values to be changed.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&K, &mut V)> {
        self.items.values_mut().map(|(key, value)| (&*key, value))
    }

    /// The keys that this rank owns, in the order of their bytes.
    pub fn local_keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.items.values().map(|(key, _)| key)
    }

    /// The values of the keys that this rank owns, in the order of [`local_keys`].
    ///
    /// [`local_keys`]: DistDict::local_keys
    pub fn local_values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.items.values().map(|(_, value)| value)
    }

    /// The number of items that this rank owns.
    pub fn local_len(&self) -> usize {
        self.items.len()
    }

    /// The number of items of all ranks. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn len(&self) -> Result<u64> {
        let _call = self.comm().enter("DistDict::len", ())?;
        Ok(self.comm().gather_words(&[self.items.len() as u64])?.iter().sum())
    }

    /// Whether no rank has an item. Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// The value that a ticket asked for in the last flush; `None` if there was no such key. Each
    /// value is taken once. Local.
    ///
    /// # Errors
    /// The ticket is not of the last flush, or its value was taken.
    pub fn take(&mut self, ticket: Ticket) -> Result<Option<V>> {
        let why = match self.round.checked_sub(ticket.round) {
            Some(1) => match self.answers.get_mut(ticket.number).and_then(Option::take) {
                Some(answer) => return Ok(answer),
                None => "its value was taken before",
            },
            Some(0) => "it was not flushed yet: call flush",
            _ => "another flush has followed: take values before the next one",
        };
        Err(Error::new(ErrorKind::State, format!("a ticket of the dictionary has no value: {why}")))
    }
}

impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> DistDict<K, V> {
    /// A dictionary of the items that all ranks give; of equal keys the last one counts.
    /// Collective.
    ///
    /// # Errors
    /// As [`flush`](DistDict::flush), and as [`set`](DistDict::set) on some rank.
    #[track_caller]
    pub fn from_items(comm: &Comm, items: impl IntoIterator<Item = (K, V)>) -> Result<DistDict<K, V>> {
        let _call = comm.enter("DistDict::from_items", type_name::<(K, V)>())?;
        let mut dict = DistDict::new(comm)?;
        let queued = items.into_iter().try_for_each(|(key, value)| dict.set(&key, &value));
        comm.agree(queued)?;
        dict.flush()?;
        Ok(dict)
    }

    /// The value of a key that this rank owns; `None` if it has none, or if another rank owns the
    /// key. Operations since the last flush have no effect yet.
    ///
    /// # Errors
    /// A key that serde refuses.
    pub fn local_get(&self, key: &K) -> Result<Option<&V>> {
        Ok(self.items.get(&encoded(key)?[..]).map(|(_, value)| value))
    }

    /// The rank that owns a key, whether the key has a value or not. Local.
    ///
    /// # Errors
    /// A key that has no bytes.
    pub fn owner(&self, key: &K) -> Result<i32> {
        // Ranks of a communicator.
        Ok(self.owner_of(&encoded(key)?) as i32)
    }

    pub(crate) fn owner_of(&self, key: &[u8]) -> usize {
        owner::owner(key, self.group.size())
    }

    /// Gives a key a value, with the next flush. Local.
    ///
    /// # Errors
    /// A key or value that serde refuses, or that has too many bytes.
    pub fn set(&mut self, key: &K, value: &V) -> Result<()> {
        let value = encoded(value)?;
        let (_, message) = self.queue(SET, key)?;
        put(message, &value);
        Ok(())
    }

    /// Takes a key away, with the next flush. Local.
    ///
    /// # Errors
    /// A key that serde refuses.
    pub fn remove(&mut self, key: &K) -> Result<()> {
        self.queue(REMOVE, key).map(drop)
    }

    /// Asks for the value of a key, with the next flush; [`take`](DistDict::take) gives it then.
    /// Local.
    ///
    /// # Errors
    /// A key that serde refuses.
    pub fn get(&mut self, key: &K) -> Result<Ticket> {
        let (owner, _) = self.queue(GET, key)?;
        let number = self.asked.iter().map(Vec::len).sum();
        self.asked[owner].push(number);
        Ok(Ticket { round: self.round, number })
    }

    fn queue(&mut self, kind: u8, key: &K) -> Result<(usize, &mut Vec<u8>)> {
        let key = encoded(key)?;
        let owner = self.owner_of(&key);
        let message = &mut self.queued[owner];
        message.push(kind);
        put(message, &key);
        Ok((owner, message))
    }

    /// Executes the operations of all ranks since the last flush. Collective.
    ///
    /// # Errors
    /// Bytes that serde does not read as a key or value, on some rank: then no operation has an
    /// effect. MPI refuses.
    #[track_caller]
    pub fn flush(&mut self) -> Result<()> {
        let _call = self.comm().enter("DistDict::flush", type_name::<(K, V)>())?;
        let ranks = self.group.size();
        let queued = std::mem::replace(&mut self.queued, vec![Vec::new(); ranks]);
        let asked = std::mem::replace(&mut self.asked, vec![Vec::new(); ranks]);
        self.round += 1;
        self.answers.clear();
        let arrived = exchange(self.comm(), &queued)?;
        drop(queued);
        let operations = arrived.iter().map(|message| operations(message)).collect::<Result<Vec<_>>>();
        let mut replies = vec![Vec::new(); ranks];
        let mut failed = Ok(());
        for (rank, operations) in self.group.comm().agree(operations)?.into_iter().enumerate() {
            for operation in operations {
                match self.execute(operation) {
                    Some(Ok(reply)) => put(&mut replies[rank], &reply),
                    Some(Err(error)) => failed = failed.and(Err(error)),
                    None => {}
                }
            }
        }
        let replies = exchange(self.comm(), &self.comm().agree(failed.map(|()| replies))?)?;
        let answers = answers(&replies, &asked);
        self.answers = self.comm().agree(answers)?;
        Ok(())
    }

    /// Executes an operation; a `get` has a reply.
    fn execute(&mut self, operation: Arrived<'_, K, V>) -> Option<Result<Vec<u8>>> {
        match operation {
            Arrived::Set(bytes, key, value) => drop(self.items.insert(bytes.into(), (key, value))),
            Arrived::Remove(bytes) => drop(self.items.remove(bytes)),
            Arrived::Get(bytes) => return Some(self.reply(bytes)),
        }
        None
    }

    /// The value of a key as a message: nothing, or 1 and the bytes.
    pub(crate) fn reply(&self, key: &[u8]) -> Result<Vec<u8>> {
        let Some((_, value)) = self.items.get(key) else { return Ok(Vec::new()) };
        let mut reply = vec![1];
        reply.extend(encoded(value)?);
        Ok(reply)
    }
}

/// The operations of one rank.
fn operations<K: DeserializeOwned, V: DeserializeOwned>(message: &[u8]) -> Result<Vec<Arrived<'_, K, V>>> {
    let (mut parts, mut operations) = (Parts(message), Vec::new());
    while !parts.is_empty() {
        let (kind, key) = (parts.byte()?, parts.part()?);
        operations.push(match kind {
            SET => Arrived::Set(key, decoded(key)?, decoded(parts.part()?)?),
            GET => Arrived::Get(key),
            _ => Arrived::Remove(key),
        });
    }
    Ok(operations)
}

/// The values of replies, by the numbers of their tickets.
fn answers<V: DeserializeOwned>(replies: &[Vec<u8>], asked: &[Vec<usize>]) -> Result<Vec<Option<Option<V>>>> {
    let mut answers: Vec<Option<Option<V>>> = (0..asked.iter().map(Vec::len).sum()).map(|_| None).collect();
    for (message, numbers) in replies.iter().zip(asked) {
        let mut parts = Parts(message);
        for &number in numbers {
            answers[number] = Some(value_of(parts.part()?)?);
        }
    }
    Ok(answers)
}

/// The value of a reply.
pub(crate) fn value_of<V: DeserializeOwned>(reply: &[u8]) -> Result<Option<V>> {
    reply.split_first().map(|(_, bytes)| decoded(bytes)).transpose()
}
