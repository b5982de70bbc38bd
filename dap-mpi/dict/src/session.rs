//! Single operations of any rank, which the owners serve while they wait.
//!
//! In a session each rank runs its own body. A rank serves the others' requests whenever it waits:
//! for the answer to a `get` of its own, and behind the end of its body until the bodies of all
//! ranks have ended. So each request is answered, unless a body waits for something else for ever.
//! A rank whose body computes for long lets others wait: it serves nothing meanwhile.

use std::any::type_name;
use std::fmt;

use dap_mpi::watch::Call;
use dap_mpi::{RankGroup, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bytes::{Parts, decoded, encoded, put};
use crate::dict::{DistDict, Items, value_of};

/// Kinds of messages.
const SET: u8 = 0;
const GET: u8 = 1;
const REMOVE: u8 = 2;
const ANSWER: u8 = 3;
const DONE: u8 = 4;

/// A dictionary whose items each rank can read and write one by one: see [`DistDict::open`].
#[derive(Debug)]
pub struct Session<'d, K, V> {
    dict: &'d mut DistDict<K, V>,
    open: &'d mut OpenSession,
}

/// The state of a session between its operations: see [`DistDict::open_until_closed`].
#[must_use = "other ranks wait until the session is closed"]
pub struct OpenSession {
    /// A session is one collective call: a rank that leaves is found in the waits in between. Calls
    /// are compared at its beginning only (`DAP_CHECK=1`), since others may need this rank later.
    call: Call,
    tag: u64,
    /// The number of other ranks whose bodies have ended.
    done: usize,
    /// The first failure to serve a request.
    failed: Result<()>,
}

impl fmt::Debug for OpenSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenSession").field("tag", &self.tag).field("done", &self.done).finish_non_exhaustive()
    }
}

impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> DistDict<K, V> {
    /// Runs a body on each rank in which it reads and writes single items of any rank; the other
    /// ranks serve while they wait. With a body that does nothing on all ranks but one, that rank
    /// is a client of the others. Operations since the last flush stay queued. Collective; the body
    /// makes no collective call on the communicator.
    ///
    /// ```no_run
    /// # fn example(dict: &mut dap_dict::DistDict<String, f64>) -> dap_mpi::Result<()> {
    /// let mean = dict.open(|session| {
    ///     let (sum, count) = (session.get(&"sum".into())?, session.get(&"count".into())?);
    ///     Ok(sum.unwrap_or(0.0) / count.unwrap_or(1.0))
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// On all ranks: the error of the body of one; bytes that serde does not read; MPI refuses.
    #[track_caller]
    pub fn open<T>(&mut self, body: impl FnOnce(&mut Session<'_, K, V>) -> Result<T>) -> Result<T> {
        let mut open = self.open_until_closed()?;
        let result = body(&mut self.session(&mut open));
        self.close_session(open, result)
    }

    /// The first half of [`open`](DistDict::open), for languages in which the code in between is no
    /// closure; [`close_session`](DistDict::close_session) is the second. In between the rank calls
    /// no function of the dictionary but [`session`](DistDict::session). Collective.
    ///
    /// # Errors
    /// MPI refuses.
    #[track_caller]
    pub fn open_until_closed(&mut self) -> Result<OpenSession> {
        let call = self.comm().enter("DistDict::open", type_name::<(K, V)>())?;
        Ok(OpenSession { call, tag: self.next_session(), done: 0, failed: Ok(()) })
    }

    /// The operations of an open session.
    pub fn session<'d>(&'d mut self, open: &'d mut OpenSession) -> Session<'d, K, V> {
        Session { dict: self, open }
    }

    /// Ends a session: serves the other ranks until all have called it. Collective.
    ///
    /// # Errors
    /// As [`open`](DistDict::open); `result` of some rank.
    pub fn close_session<T>(&mut self, mut open: OpenSession, result: Result<T>) -> Result<T> {
        let ended = self.session(&mut open).end();
        let OpenSession { call: _call, failed, .. } = open;
        self.comm().agree(result.and_then(|result| ended.and(failed).map(|()| result)))
    }

    /// The tag of the messages of a new session: a rank may begin the next one while others still
    /// serve in this one.
    pub(crate) fn next_session(&self) -> u64 {
        self.sessions.replace(self.sessions.get() + 1)
    }
}

impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> Session<'_, K, V> {
    fn group(&self) -> &RankGroup {
        &self.dict.group
    }

    /// The items of this rank.
    fn items(&mut self) -> &mut Items<K, V> {
        &mut self.dict.items
    }

    /// The value of a key, `None` if there is no such key. It waits for the owner, and serves
    /// others meanwhile. It sees all operations that this rank made before.
    ///
    /// # Errors
    /// A key that serde refuses; bytes that are no value; MPI refuses.
    pub fn get(&mut self, key: &K) -> Result<Option<V>> {
        let key = encoded(key)?;
        let owner = self.dict.owner_of(&key);
        if Some(owner) == self.group().member() {
            return value_of(&self.dict.reply(&key)?);
        }
        self.send(owner, GET, &[&key])?;
        loop {
            let (from, message) = self.group().receive_any(self.open.tag)?;
            let (kind, rest) = split(&message)?;
            if kind == ANSWER {
                return value_of(rest);
            }
            self.serve(from, kind, rest)?;
        }
    }

    /// Gives a key a value. It does not wait.
    ///
    /// # Errors
    /// A key or value that serde refuses; MPI refuses.
    pub fn set(&mut self, key: &K, value: &V) -> Result<()> {
        let (key, value) = (encoded(key)?, encoded(value)?);
        let owner = self.dict.owner_of(&key);
        if Some(owner) == self.group().member() {
            return self.insert(&key, &value);
        }
        self.send(owner, SET, &[&key, &value])
    }

    /// Takes a key away. It does not wait.
    ///
    /// # Errors
    /// A key that serde refuses; MPI refuses.
    pub fn remove(&mut self, key: &K) -> Result<()> {
        let key = encoded(key)?;
        let owner = self.dict.owner_of(&key);
        if Some(owner) == self.group().member() {
            self.items().remove(&key[..]);
            return Ok(());
        }
        self.send(owner, REMOVE, &[&key])
    }

    /// Serves the requests that have arrived, without waiting: for bodies that compute for long.
    ///
    /// # Errors
    /// MPI refuses.
    pub fn serve_arrived(&mut self) -> Result<()> {
        while let Some((from, message)) = self.group().try_receive_any(self.open.tag)? {
            let (kind, rest) = split(&message)?;
            self.serve(from, kind, rest)?;
        }
        Ok(())
    }

    fn insert(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let item = (decoded(key)?, decoded(value)?);
        self.items().insert(key.into(), item);
        Ok(())
    }

    fn send(&self, to: usize, kind: u8, parts: &[&[u8]]) -> Result<()> {
        let mut message = vec![kind];
        parts.iter().for_each(|part| put(&mut message, part));
        self.group().send(to, self.open.tag, message)
    }

    /// Does what a message asks for. A request that fails is the session's failure, and its sender
    /// is answered nevertheless.
    fn serve(&mut self, from: usize, kind: u8, message: &[u8]) -> Result<()> {
        let mut parts = Parts(message);
        let served = match kind {
            DONE => {
                self.open.done += 1;
                Ok(())
            }
            SET => parts.part().and_then(|key| parts.part().and_then(|value| self.insert(key, value))),
            REMOVE => parts.part().map(|key| drop(self.items().remove(key))),
            _ => {
                let reply = parts.part().and_then(|key| self.dict.reply(key));
                let (reply, served) = match reply {
                    Ok(reply) => (reply, Ok(())),
                    Err(error) => (Vec::new(), Err(error)),
                };
                let mut message = vec![ANSWER];
                message.extend(reply);
                self.group().send(from, self.open.tag, message)?;
                served
            }
        };
        if self.open.failed.is_ok() {
            self.open.failed = served;
        }
        Ok(())
    }

    /// Serves until the bodies of all ranks have ended.
    fn end(&mut self) -> Result<()> {
        let others = self.group().size() - 1;
        for rank in (0..=others).filter(|&rank| Some(rank) != self.group().member()) {
            self.send(rank, DONE, &[])?;
        }
        while self.open.done < others {
            let (from, message) = self.group().receive_any(self.open.tag)?;
            let (kind, rest) = split(&message)?;
            self.serve(from, kind, rest)?;
        }
        Ok(())
    }
}

fn split(message: &[u8]) -> Result<(u8, &[u8])> {
    let mut parts = Parts(message);
    Ok((parts.byte()?, parts.0))
}
