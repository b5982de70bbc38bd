//! Groups: some ranks of a communicator, in an order, with messages of their own.
//!
//! A group is made without a message and without a communicator of MPI. Messages of different
//! groups, and messages of arrays, are never mixed: each message has an envelope, and
//! each rank keeps messages until the group asks for them (`queue`).
//!
//! Collective operations run on binomial trees of the members (`tree`). They agree that all members
//! make the same call before data are sent, and on success behind them (`agreement`).

mod agreement;
mod collectives;
mod tree;

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::queue::{Channel, Key};

/// Some ranks of a communicator, in an order: the *members*, counted from 0. Clones are the same
/// group.
///
/// Each member makes the group by itself. Two groups of the same ranks in the same order are
/// different groups: the first one that a rank makes is the first one of every other member, and so
/// on. Ranks that are no members can hold the group, too; each call that sends or receives returns
/// an error at once on them.
///
/// ```no_run
/// # fn ring(comm: &dap_mpi::Comm) -> dap_mpi::Result<()> {
/// use dap_mpi::RankGroup;
/// let even = RankGroup::new(comm, &(0..comm.size()).step_by(2).collect::<Vec<_>>())?;
/// if let Some(member) = even.member() {
///     let next = (member + 1) % even.size();
///     even.send(next, 0, b"bytes of any length".to_vec())?;
///     let before = (member + even.size() - 1) % even.size();
///     println!("{} bytes", even.receive(before, 0)?.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Waiting
///
/// A send copies nothing and does not wait: the group keeps the bytes until MPI has sent them. A
/// receive waits for its message, and a collective operation for all members. Neither ends if the
/// partner never comes. Only a receive that nothing can ever satisfy, from this rank itself, is an
/// error at once.
///
/// # Memory
///
/// A rank that waits keeps the messages that arrive meanwhile for other groups, tags and senders.
/// Bytes that no receive has asked for stay in the memory of the sender or of the receiver.
/// Messages of a group that the receiver has dropped are thrown away.
#[derive(Debug, Clone)]
pub struct RankGroup {
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    comm: Comm,
    ranks: Arc<[i32]>,
    /// The member that each rank is.
    members: HashMap<i32, usize>,
    member: Option<usize>,
    key: Key,
    /// The number of steps of collective operations so far.
    steps: Cell<u64>,
}

impl RankGroup {
    /// A group of these ranks, in this order. It sends no message.
    ///
    /// # Errors
    /// No rank, a rank that the communicator does not have, or one that is named twice.
    pub fn new(comm: &Comm, ranks: &[i32]) -> Result<RankGroup> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Argument, message));
        if ranks.is_empty() {
            return wrong("a group without ranks: name at least one".into());
        }
        let mut members = HashMap::with_capacity(ranks.len());
        for (member, &rank) in ranks.iter().enumerate() {
            if !(0..comm.size()).contains(&rank) {
                return wrong(format!("rank {rank} is not there: the communicator has ranks 0 to {}", comm.size() - 1));
            }
            if members.insert(rank, member).is_some() {
                return wrong(format!("rank {rank} is named twice in a group"));
            }
        }
        let ranks: Arc<[i32]> = ranks.into();
        let member = members.get(&comm.rank()).copied();
        let key = comm.queue().borrow_mut().register(&ranks);
        let shared = Shared { comm: comm.clone(), ranks, members, member, key, steps: Cell::new(0) };
        Ok(RankGroup { shared: Rc::new(shared) })
    }

    /// The communicator.
    pub fn comm(&self) -> &Comm {
        &self.shared.comm
    }

    /// The ranks of the members in the communicator.
    pub fn ranks(&self) -> &[i32] {
        &self.shared.ranks
    }

    /// The number of members.
    pub fn size(&self) -> usize {
        self.shared.ranks.len()
    }

    /// The member that this rank is; `None` if it is no member.
    pub fn member(&self) -> Option<usize> {
        self.shared.member
    }

    /// Sends bytes to a member; a member can send to itself. It does not wait.
    ///
    /// # Errors
    /// This rank is no member; there is no such member; MPI refuses.
    pub fn send(&self, to: usize, tag: u64, bytes: Vec<u8>) -> Result<()> {
        self.own()?;
        self.post(to, Channel::Program(tag), &Arc::new(bytes))
    }

    /// The next bytes that a member has sent with a tag. It waits for them. Messages of one member
    /// with one tag are received in the order in which they were sent.
    ///
    /// # Errors
    /// This rank is no member; there is no such member; the member is this rank, which has sent
    /// nothing; not enough memory, in which case the message can be received later; MPI refuses.
    pub fn receive(&self, from: usize, tag: u64) -> Result<Vec<u8>> {
        self.own()?;
        self.check(from)?;
        self.wait_for(Some(from), Channel::Program(tag)).map(|(_, bytes)| owned(bytes))
    }

    /// The next bytes with a tag from any member, and the member. It waits for them.
    ///
    /// # Errors
    /// As [`receive`](RankGroup::receive).
    pub fn receive_any(&self, tag: u64) -> Result<(usize, Vec<u8>)> {
        self.own()?;
        self.wait_for(None, Channel::Program(tag)).map(|(from, bytes)| (from, owned(bytes)))
    }

    /// As [`receive_any`](RankGroup::receive_any), without waiting: `None` if no such message has
    /// arrived.
    ///
    /// # Errors
    /// As `receive_any`.
    pub fn try_receive_any(&self, tag: u64) -> Result<Option<(usize, Vec<u8>)>> {
        self.own()?;
        let Shared { comm, members, key, .. } = &*self.shared;
        let mut queue = comm.queue().borrow_mut();
        loop {
            if let Some((source, bytes)) = queue.take(*key, Channel::Program(tag), None)
                && let Some(&from) = members.get(&source)
            {
                return Ok(Some((from, owned(bytes))));
            }
            if !queue.pull_arrived(comm.world())? {
                return Ok(None);
            }
        }
    }

    /// The member that this rank is.
    ///
    /// # Errors
    /// It is none.
    fn own(&self) -> Result<usize> {
        let Shared { ranks, member, comm, .. } = &*self.shared;
        let stranger = || {
            let message = format!("rank {} is no member of the group of ranks {ranks:?}", comm.rank());
            Error::new(ErrorKind::Argument, message)
        };
        member.ok_or_else(stranger)
    }

    /// Refuses a member that is not there.
    fn check(&self, member: usize) -> Result<()> {
        if member < self.size() {
            return Ok(());
        }
        let message = format!("member {member} is not there: the group has members 0 to {}", self.size() - 1);
        Err(Error::new(ErrorKind::Argument, message))
    }

    fn post(&self, to: usize, channel: Channel, bytes: &Arc<Vec<u8>>) -> Result<()> {
        self.check(to)?;
        let Shared { comm, ranks, key, .. } = &*self.shared;
        comm.queue().borrow_mut().send(comm.world(), (*key, ranks), ranks[to], channel, bytes)
    }

    fn wait_for(&self, from: Option<usize>, channel: Channel) -> Result<(usize, Arc<Vec<u8>>)> {
        let Shared { comm, ranks, members, key, .. } = &*self.shared;
        let source = from.map(|from| ranks[from]);
        let mut queue = comm.queue().borrow_mut();
        loop {
            if let Some((source, bytes)) = queue.take(*key, channel, source)
                && let Some(&from) = members.get(&source)
            {
                return Ok((from, bytes));
            }
            if source == Some(comm.rank()) || self.size() == 1 {
                let message = "a receive from this rank itself would wait for ever: send the message first";
                return Err(Error::new(ErrorKind::State, message));
            }
            queue.pull(comm.world(), source)?;
        }
    }

    /// The channel of the next step of a collective operation.
    fn next_step(&self) -> Channel {
        let step = self.shared.steps.get();
        self.shared.steps.set(step + 1);
        Channel::Collective(step)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.comm.queue().borrow_mut().forget(self.key);
    }
}

fn owned(bytes: Arc<Vec<u8>>) -> Vec<u8> {
    Arc::unwrap_or_clone(bytes)
}
