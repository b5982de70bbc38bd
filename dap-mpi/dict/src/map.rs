//! A function of each item, with dynamic load balancing.
//!
//! Each rank computes its own items. A rank that has none left asks the others, one after the
//! other, and takes half of the items that the first one with some still has. The rank that is
//! asked answers between two of its items. Results of items that were taken return to their owner.
//!
//! A rank that has asked all others in vain ends; it serves until all have ended. It may end while
//! others still hold items that they took meanwhile, at most half of what was left.

use std::any::type_name;
use std::collections::{BTreeMap, VecDeque};

use dap_mpi::{RankGroup, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bytes::{Parts, decoded, encoded, put};
use crate::dict::{DistDict, Items};

/// Kinds of messages.
const ASK: u8 = 0;
const GIVE: u8 = 1;
const RESULTS: u8 = 2;
const DONE: u8 = 3;

/// Bytes of items in one message, if there are several, and of results that wait to be sent.
const MOST_BYTES: usize = 1 << 20;

/// An item of this rank: the bytes of the key, the key and the value.
type Own<'d, K, V> = (&'d [u8], &'d (K, V));

/// An item of another rank.
struct Taken {
    owner: usize,
    key: Vec<u8>,
    value: Vec<u8>,
}

struct Work<'d, K, V, R> {
    group: &'d RankGroup,
    tag: u64,
    own: VecDeque<Own<'d, K, V>>,
    taken: VecDeque<Taken>,
    /// Results of this rank's items.
    results: Items<K, R>,
    /// Results of others' items, as messages to their owners.
    outgoing: Vec<Vec<u8>>,
    done: usize,
}

impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> DistDict<K, V> {
    /// The results of a function of each item, under the same keys on the same ranks. Ranks that
    /// have finished their items take some from others, so that functions whose cost varies keep
    /// all ranks busy. The function must give the same result on each rank. Collective; the
    /// function makes no collective call on the communicator.
    ///
    /// # Errors
    /// On all ranks: an item or a result that serde refuses, on one; MPI refuses.
    #[track_caller]
    pub fn map_items<R: Serialize + DeserializeOwned>(&self, mut f: impl FnMut(&K, &V) -> R) -> Result<DistDict<K, R>> {
        let _call = self.comm().enter("DistDict::map_items", type_name::<(K, V, R)>())?;
        self.mapped(&mut |key, value| Ok(f(key, value)))
    }

    /// As [`map_items`](DistDict::map_items), by a function that can fail. A rank that fails
    /// computes no further item; the others finish theirs.
    ///
    /// # Errors
    /// As `map_items`; on all ranks, the error of the function on one.
    #[track_caller]
    pub fn try_map_items<R: Serialize + DeserializeOwned>(
        &self,
        mut f: impl FnMut(&K, &V) -> Result<R>,
    ) -> Result<DistDict<K, R>> {
        let _call = self.comm().enter("DistDict::try_map_items", type_name::<(K, V, R)>())?;
        self.mapped(&mut f)
    }

    fn mapped<R: Serialize + DeserializeOwned>(
        &self,
        f: &mut impl FnMut(&K, &V) -> Result<R>,
    ) -> Result<DistDict<K, R>> {
        let mut work = Work {
            group: &self.group,
            tag: self.next_session(),
            own: self.items.iter().map(|(key, item)| (&**key, item)).collect(),
            taken: VecDeque::new(),
            results: BTreeMap::new(),
            outgoing: vec![Vec::new(); self.group.size()],
            done: 0,
        };
        // A rank that fails ends as the others do, so that none waits for it.
        let computed = work.compute(f);
        let ended = work.end();
        let results = work.results;
        self.comm().agree(computed.and(ended))?;
        DistDict::with_items(RankGroup::new(self.comm(), self.group.ranks())?, results)
    }
}

impl<K, V, R> Work<'_, K, V, R>
where
    K: Serialize + DeserializeOwned,
    V: Serialize + DeserializeOwned,
    R: Serialize + DeserializeOwned,
{
    /// The other ranks, beginning behind this one.
    fn others(&self) -> impl Iterator<Item = usize> + use<K, V, R> {
        let (ranks, here) = (self.group.size(), self.group.member().unwrap_or(0));
        (1..ranks).map(move |step| (here + step) % ranks)
    }

    fn compute(&mut self, f: &mut impl FnMut(&K, &V) -> Result<R>) -> Result<()> {
        loop {
            while self.compute_one(f)? {
                while let Some((from, message)) = self.group.try_receive_any(self.tag)? {
                    self.serve(from, &message)?;
                }
            }
            let mut has_taken = false;
            for victim in self.others() {
                self.group.send(victim, self.tag, vec![ASK])?;
                self.wait_for_items()?;
                has_taken = !self.taken.is_empty();
                if has_taken {
                    break;
                }
            }
            if !has_taken {
                return Ok(());
            }
        }
    }

    /// Computes the next item; `false` if there is none.
    fn compute_one(&mut self, f: &mut impl FnMut(&K, &V) -> Result<R>) -> Result<bool> {
        if let Some((bytes, (key, value))) = self.own.pop_front() {
            let result = f(key, value)?;
            self.results.insert(bytes.into(), (decoded(bytes)?, result));
            return Ok(true);
        }
        let Some(item) = self.taken.pop_front() else { return Ok(false) };
        let key = decoded(&item.key)?;
        let result = f(&key, &decoded(&item.value)?)?;
        if Some(item.owner) == self.group.member() {
            // An item of this rank that another one has taken, and this one has taken back.
            self.results.insert(item.key.into(), (key, result));
            return Ok(true);
        }
        let result = encoded(&result)?;
        let message = &mut self.outgoing[item.owner];
        put(message, &item.key);
        put(message, &result);
        if message.len() > MOST_BYTES {
            self.send_results(item.owner)?;
        }
        Ok(true)
    }

    /// Waits for the answer of a rank that was asked, and serves others meanwhile.
    fn wait_for_items(&mut self) -> Result<()> {
        loop {
            let (from, message) = self.group.receive_any(self.tag)?;
            if self.serve(from, &message)? == GIVE {
                return Ok(());
            }
        }
    }

    /// Does what a message asks for; returns its kind.
    fn serve(&mut self, from: usize, message: &[u8]) -> Result<u8> {
        let mut parts = Parts(message);
        let kind = parts.byte()?;
        match kind {
            ASK => self.give(from)?,
            GIVE => {
                while !parts.is_empty() {
                    let owner = decoded(parts.part()?)?;
                    let (key, value) = (parts.part()?.to_vec(), parts.part()?.to_vec());
                    self.taken.push_back(Taken { owner, key, value });
                }
            }
            RESULTS => {
                while !parts.is_empty() {
                    let key = parts.part()?;
                    self.results.insert(key.into(), (decoded(key)?, decoded(parts.part()?)?));
                }
            }
            _ => self.done += 1,
        }
        Ok(kind)
    }

    /// Gives half of the items that are left to a rank, from behind. If that fails, it gets none.
    fn give(&mut self, to: usize) -> Result<()> {
        let (items, given) = match self.half() {
            Ok(items) => (items, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        let mut message = vec![GIVE];
        message.extend(items);
        self.group.send(to, self.tag, message).and(given)
    }

    fn half(&mut self) -> Result<Vec<u8>> {
        let mut items = Vec::new();
        let here = self.group.member().unwrap_or(0);
        for _ in 0..(self.own.len() + self.taken.len()).div_ceil(2) {
            let (owner, key, value) = if let Some(Taken { owner, key, value }) = self.taken.pop_back() {
                (owner, key, value)
            } else if let Some((key, (_, value))) = self.own.pop_back() {
                (here, key.to_vec(), encoded(value)?)
            } else {
                break;
            };
            put(&mut items, &encoded(&owner)?);
            put(&mut items, &key);
            put(&mut items, &value);
            if items.len() > MOST_BYTES {
                break;
            }
        }
        Ok(items)
    }

    fn send_results(&mut self, owner: usize) -> Result<()> {
        let results = std::mem::take(&mut self.outgoing[owner]);
        if results.is_empty() {
            return Ok(());
        }
        let mut message = vec![RESULTS];
        message.extend(results);
        self.group.send(owner, self.tag, message)
    }

    /// Sends the results that are left, and serves until all ranks have ended.
    fn end(&mut self) -> Result<()> {
        // After a failure there may be items left, which no other rank is to take.
        self.own.clear();
        self.taken.clear();
        for other in self.others() {
            self.send_results(other)?;
            self.group.send(other, self.tag, vec![DONE])?;
        }
        let mut served = Ok(());
        while self.done < self.group.size() - 1 {
            let (from, message) = self.group.receive_any(self.tag)?;
            served = served.and(self.serve(from, &message).map(drop));
        }
        served
    }
}
