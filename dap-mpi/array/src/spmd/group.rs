//! Groups of ranks: typed messages and collective operations among the members.

use std::rc::Rc;

use dap_mpi::{RankGroup, Result};
use dap_ndarray::Item;

use super::payload::{Decode, Encode, Payload, other_size, read, write};
use super::storage::ContextStorage;
use crate::context::Context;

/// Some ranks of a context, in an order: the *members*, counted from 0. Clones are the same group.
///
/// Groups need no communicator of MPI, and several can be used at once: their messages are never
/// mixed with those of another group, nor with those of arrays. [`RankGroup`] says how members find
/// each other, and when calls wait. On a rank that is no member each call that sends or receives
/// returns an error at once.
#[derive(Debug, Clone)]
pub struct Group {
    ranks: RankGroup,
    context: Context,
    storage: Rc<ContextStorage>,
}

impl Context {
    /// The group of some ranks, in this order. It sends no message: each member makes it.
    ///
    /// # Errors
    /// No rank, a rank that is not there, or one that is named twice.
    pub fn group(&self, ranks: &[i32]) -> Result<Group> {
        let ranks = RankGroup::new(self.comm(), ranks)?;
        Ok(Group { ranks, context: self.clone(), storage: Rc::default() })
    }

    /// A group of all ranks, in order.
    ///
    /// # Errors
    /// None.
    pub fn all_ranks(&self) -> Result<Group> {
        self.group(&(0..self.comm().size()).collect::<Vec<_>>())
    }
}

impl Group {
    /// The context.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The ranks of the members in the communicator.
    pub fn ranks(&self) -> &[i32] {
        self.ranks.ranks()
    }

    /// The number of members.
    pub fn size(&self) -> usize {
        self.ranks.size()
    }

    /// The member that this rank is; `None` if it is no member.
    pub fn member(&self) -> Option<usize> {
        self.ranks.member()
    }

    /// Values that this rank keeps until the group, with all clones, is dropped.
    pub fn storage(&self) -> &ContextStorage {
        &self.storage
    }

    /// Sends a value to a member; a member can send to itself. The value is copied, and the call
    /// does not wait.
    ///
    /// # Errors
    /// This rank is no member; there is no such member; a value that has no bytes.
    pub fn send<P: Encode + ?Sized>(&self, to: usize, tag: u64, payload: &P) -> Result<()> {
        self.ranks.send(to, tag, write(payload)?)
    }

    /// The next value that a member has sent with a tag. It waits for the message.
    ///
    /// # Errors
    /// This rank is no member; there is no such member; another type, or another size, than the
    /// sender's, in which case the message is gone; a receive from this rank itself, which has sent
    /// nothing.
    pub fn recv<P: Decode>(&self, from: usize, tag: u64) -> Result<P> {
        let bytes = self.ranks.receive(from, tag)?;
        read(&bytes, &self.sender(from))
    }

    /// The next value with a tag from any member, and the member. It waits for the message.
    ///
    /// # Errors
    /// As [`recv`](Group::recv).
    pub fn recv_any<P: Decode>(&self, tag: u64) -> Result<(usize, P)> {
        let (from, bytes) = self.ranks.receive_any(tag)?;
        Ok((from, read(&bytes, &self.sender(from))?))
    }

    /// As [`recv`](Group::recv), into items that exist: all of them are overwritten.
    ///
    /// # Errors
    /// As `recv`; another number of items, in which case none is overwritten.
    pub fn recv_into<T: Item>(&self, from: usize, tag: u64, items: &mut [T]) -> Result<()> {
        let received: Vec<T> = self.recv(from, tag)?;
        if received.len() != items.len() {
            let error = other_size(received.len(), items.len());
            let message =
                format!("{} gave {}: {}", self.sender(from), <[T] as super::Typed>::type_name(), error.message());
            return Err(dap_mpi::Error::new(error.kind(), message));
        }
        items.copy_from_slice(&received);
        Ok(())
    }

    /// The value of member `root`, on all members; the others give `None`. Collective over the
    /// members.
    ///
    /// # Errors
    /// On all members: another type or root, or another call, on one; no value on `root`; a value
    /// that cannot be sent, or not received by one.
    pub fn bcast<P: Payload>(&self, root: usize, payload: Option<P>) -> Result<P> {
        let bytes = payload.filter(|_| self.member() == Some(root)).map(|it| write(&it)).transpose();
        self.ranks.broadcast(&call::<P>("bcast"), root, bytes, |bytes| read(bytes, &self.sender(root)))
    }

    /// To each member its value of those that member `root` gives; the others give `None`.
    /// Collective over the members.
    ///
    /// # Errors
    /// As [`bcast`](Group::bcast); another number of values than of members.
    pub fn scatter<P: Payload>(&self, root: usize, payloads: Option<Vec<P>>) -> Result<P> {
        let payloads = payloads.filter(|_| self.member() == Some(root));
        let bytes = payloads.map(|payloads| payloads.iter().map(write).collect::<Result<_>>()).transpose();
        self.ranks.scatter(&call::<P>("scatter"), root, bytes, |bytes| read(bytes, &self.sender(root)))
    }

    /// The values of all members, in order, on member `root`; `None` on the others. Collective over
    /// the members.
    ///
    /// # Errors
    /// As [`bcast`](Group::bcast).
    pub fn gather<P: Payload>(&self, root: usize, payload: &P) -> Result<Option<Vec<P>>> {
        self.ranks.gather(&call::<P>("gather"), root, write(payload), |all| self.read_all(&all))
    }

    /// The values of all members, in order, on all members. Collective over the members.
    ///
    /// # Errors
    /// As [`bcast`](Group::bcast).
    pub fn gather_all<P: Payload>(&self, payload: &P) -> Result<Vec<P>> {
        self.ranks.gather_all(&call::<P>("gather_all"), write(payload), |all| self.read_all(&all))
    }

    /// Waits for all members. Collective over the members.
    ///
    /// # Errors
    /// On all members: another call of one.
    pub fn barrier(&self) -> Result<()> {
        self.ranks.barrier()
    }

    /// Agrees on success: if a member passes an error, all members return the error of the first
    /// such member. Collective over the members.
    ///
    /// # Errors
    /// On all members: the error of one, which [`Error::rank`](dap_mpi::Error::rank) names; another
    /// call of one.
    pub fn agree<T>(&self, result: Result<T>) -> Result<T> {
        self.ranks.agree("agree", result)
    }

    /// The values of all members combined by a function, on all members: in the order of members,
    /// from the left, `f(f(value 0, value 1), value 2)` and so on. Member 0 calls the function, so
    /// that all members have the same bits. Collective over the members.
    ///
    /// # Errors
    /// As [`bcast`](Group::bcast).
    pub fn reduce<P: Payload>(&self, value: P, f: impl FnMut(P, P) -> P) -> Result<P> {
        let call = call::<P>("reduce");
        let combined = |all: Vec<Vec<u8>>| {
            let values = self.read_all::<P>(&all)?;
            // A group has a member.
            values.into_iter().reduce(f).map(|it| write(&it)).transpose()
        };
        let bytes = self.ranks.gather(&call, 0, write(&value), combined)?.flatten();
        self.ranks.broadcast(&call, 0, Ok(bytes), |bytes| read(bytes, &self.sender(0)))
    }

    /// On each member the values up to its own, combined by a function in the order of
    /// [`reduce`](Group::reduce), whose result is that of the last member. Collective over the
    /// members.
    ///
    /// # Errors
    /// As [`bcast`](Group::bcast).
    pub fn scan<P: Payload>(&self, value: P, mut f: impl FnMut(P, P) -> P) -> Result<P> {
        let call = call::<P>("scan");
        let prefixes = |all: Vec<Vec<u8>>| {
            let mut prefixes = Vec::with_capacity(all.len());
            let mut so_far: Option<P> = None;
            for value in self.read_all::<P>(&all)? {
                let prefix = match so_far.take() {
                    Some(before) => f(before, value),
                    None => value,
                };
                prefixes.push(write(&prefix)?);
                so_far = Some(prefix);
            }
            Ok(prefixes)
        };
        let bytes = self.ranks.gather(&call, 0, write(&value), prefixes)?;
        self.ranks.scatter(&call, 0, Ok(bytes), |bytes| read(bytes, &self.sender(0)))
    }

    /// The members, without types.
    pub(super) fn rank_group(&self) -> &RankGroup {
        &self.ranks
    }

    fn read_all<P: Decode>(&self, all: &[Vec<u8>]) -> Result<Vec<P>> {
        all.iter().enumerate().map(|(member, bytes)| read(bytes, &self.sender(member))).collect()
    }

    fn sender(&self, member: usize) -> String {
        format!("rank {}", self.ranks()[member])
    }
}

/// The description of a call, which is the same on all members.
fn call<P: Decode>(name: &str) -> String {
    format!("{name} of {}", P::type_name())
}
