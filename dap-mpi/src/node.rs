//! The ranks of one node, and the memory that they can reach of each other.
//!
//! A segment is an anonymous file in memory (`memfd_create`), mapped by its owner. Another process
//! opens it through the owner's entry in `/proc` when it reads the segment for the first time, and
//! keeps the mapping. So the owner alone makes and releases memory: on any thread, in any order,
//! and also after MPI has been finalised. Nothing has a name, and nothing is left behind when a
//! process is killed. Segments do not count against `/dev/shm`, which is small in containers.
//!
//! Segments are recycled, since fresh pages cost several times the copy that fills them. They lie
//! on large pages if the kernel has some (`map`).
//!
//! # Safety argument of this module
//!
//! A mapping covers its file, whose size was reserved before (`fallocate`) and never shrinks. A
//! process reads or writes the memory of another one between two agreements of all ranks. During
//! that time the owner holds the buffer, does not write memory that is read, and does not touch
//! memory that is written.

mod available;
mod board;
mod halo_buffers;
mod mailbox;
mod map;
mod pool;
mod processors;
mod segment;
mod shared;
mod slots;
mod word;

pub(crate) use available::available;
pub(crate) use board::{Board, SITES, TextPlace};
pub(crate) use halo_buffers::HaloBuffers;
pub(crate) use mailbox::Mailbox;
pub(crate) use pool::Pool;
pub(crate) use segment::{Mapping, MemoryHandle, handle_of};
pub(crate) use slots::Slots;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dap_ndarray::Access;

use crate::error::{Error, ErrorKind, Result, abandon};
use crate::raw::RawComm;
use mailbox::SIGN;
use processors::ProcessorShare;
use segment::{FileId, Segment};
use shared::Shared;

/// The node communicator and the mappings of its ranks' memory. A *node rank* is a rank of this
/// communicator.
#[derive(Debug)]
pub(crate) struct Node {
    comm: RawComm,
    /// Whether these are all ranks of the whole communicator.
    is_all: bool,
    /// The rank in the whole communicator of each node rank.
    ranks: Vec<i32>,
    /// The inverse: the node rank of each rank of the whole communicator.
    places: HashMap<i32, usize>,
    share: ProcessorShare,
    /// `None` if the ranks cannot read each other's memory.
    mailbox: Option<Mailbox>,
    /// Made when they are first used; `None` if they cannot be made.
    slots: OnceLock<Option<Slots>>,
    /// By node rank and file.
    mappings: Mutex<HashMap<(usize, FileId), Arc<Mapping>>>,
    /// For each set of files asked for before: which of them all ranks could map.
    agreed: Mutex<HashMap<Vec<i64>, Vec<bool>>>,
}

/// The size that `DAP_NODE_SIZE` gives to nodes, to divide one machine into several. Launchers do
/// not pass the environment to every node by themselves, so the ranks compare it.
fn pretended_size(world: &RawComm) -> Result<i32> {
    let size = match std::env::var("DAP_NODE_SIZE") {
        Ok(text) => text.parse::<i32>().ok().filter(|&size| size > 0).unwrap_or(-1),
        Err(_) => i32::MAX,
    };
    let mut ends = [i64::from(size), -i64::from(size)];
    world.min(&mut ends)?;
    match ends {
        [-1, _] => Err(Error::new(ErrorKind::State, "DAP_NODE_SIZE is not a number of ranks from 1 on, on every rank")),
        [least, most] if least != -most => {
            Err(Error::new(ErrorKind::State, "DAP_NODE_SIZE is not the same on all ranks"))
        }
        _ => Ok(size),
    }
}

impl Node {
    /// The number of agreements that are remembered.
    const REMEMBERED: usize = 1024;

    /// Splits `world` into nodes. Collective.
    pub(crate) fn new(world: &RawComm) -> Result<Node> {
        let size = pretended_size(world)?;
        let machine = world.split_shared()?;
        let share = ProcessorShare::of(&machine)?;
        let comm = machine.split(world.rank() / size)?;
        let everyone = comm.gather_all(world.rank().to_le_bytes().to_vec())?;
        let ranks: Vec<i32> =
            everyone.chunks_exact(4).map(|rank| i32::from_le_bytes([rank[0], rank[1], rank[2], rank[3]])).collect();
        let places = ranks.iter().enumerate().map(|(node_rank, &rank)| (rank, node_rank)).collect();
        let is_all = ranks.len() == usize::try_from(world.size()).unwrap_or(0);
        let (mappings, agreed) = (Mutex::default(), Mutex::default());
        let (mailbox, slots) = (None, OnceLock::new());
        let mut found = Node { comm, ranks, places, is_all, share, mailbox, slots, mappings, agreed };
        found.mailbox = found.make_mailbox()?;
        Ok(found)
    }

    /// The mailbox, if every rank can read the memory of every other one; in some containers they
    /// cannot. Collective.
    fn make_mailbox(&self) -> Result<Option<Mailbox>> {
        let own = Segment::new(Mailbox::bytes(self.ranks.len())).ok();
        let sign = |node_rank: usize| node_rank as u64 + 1;
        if let Some(own) = &own {
            // SAFETY: the segment has `Mailbox::bytes`, which is more than the words up to SIGN,
            // begins at a page, and is not yet readable to other processes.
            unsafe { own.data().cast::<u64>().add(SIGN).write(sign(self.node_rank())) };
        }
        let Some(shared) = Shared::new(self, own)? else { return Ok(None) };
        // In another namespace the number of a process may name a different process.
        let right = (0..shared.ranks()).all(|node_rank| shared.word(node_rank, 8 * SIGN).relaxed() == sign(node_rank));
        let said = self.exchange(&[i64::from(right)])?;
        let can_spin = !self.share.is_oversubscribed();
        Ok(said.iter().all(|&right| right == 1).then(|| Mailbox::new(shared, self.node_rank(), can_spin)))
    }

    /// This rank's share of the processors of its machine.
    pub(crate) fn share(&self) -> ProcessorShare {
        self.share
    }

    /// This process's node rank.
    pub(crate) fn node_rank(&self) -> usize {
        usize::try_from(self.comm.rank()).unwrap_or(0)
    }

    /// The number of ranks on the node.
    pub(crate) fn size(&self) -> usize {
        self.ranks.len()
    }

    /// Their ranks in the whole communicator, in the order of node ranks.
    pub(crate) fn ranks(&self) -> &[i32] {
        &self.ranks
    }

    /// The node rank of a rank of the whole communicator; `None` if it is on another node.
    pub(crate) fn node_rank_of(&self, rank: i32) -> Option<usize> {
        self.places.get(&rank).copied()
    }

    /// The mailbox; `None` if the ranks of the node cannot read each other's memory.
    pub(crate) fn mailbox(&self) -> Option<&Mailbox> {
        self.mailbox.as_ref()
    }

    /// The slots between the ranks of the node, and the mailbox with their counters. Collective on
    /// the node.
    pub(crate) fn slots(&self) -> Result<Option<(&Slots, &Mailbox)>> {
        let Some(mailbox) = &self.mailbox else { return Ok(None) };
        if self.slots.get().is_none() {
            // One call at a time: the call is collective, and `Comm` stays on one thread.
            let _ = self.slots.set(Slots::new(self)?);
        }
        Ok(self.slots.get().and_then(Option::as_ref).map(|slots| (slots, mailbox)))
    }

    /// The mailbox, if the whole communicator shares it.
    pub(crate) fn mailbox_of_all(&self) -> Option<&Mailbox> {
        self.mailbox.as_ref().filter(|_| self.is_all)
    }

    /// All ranks' numbers, in the order of node ranks; each rank gives equally many. Collective on
    /// the node.
    pub(crate) fn exchange(&self, mine: &[i64]) -> Result<Vec<i64>> {
        if let Some(mailbox) = &self.mailbox {
            return mailbox.exchange(mine);
        }
        let bytes: Vec<u8> = mine.iter().flat_map(|number| number.to_le_bytes()).collect();
        let all = self.comm.gather_all(bytes)?;
        Ok(all.chunks_exact(8).map(|chunk| chunk.try_into().map_or(-1, i64::from_le_bytes)).collect())
    }

    /// Ends an operation that reads or writes memory of other ranks: waits for all ranks of the
    /// node. Collective on the node. A rank that leaves within the operation ends the job, because
    /// the others may be using this process's memory.
    pub(crate) fn close(&self) -> Result<()> {
        match &self.mailbox {
            Some(mailbox) => mailbox.barrier().map_err(|error| abandon(&error)),
            None => self.comm.barrier(),
        }
    }

    /// For each node rank, whether every rank of the node can map its memory. All ranks get the
    /// same result. Collective on the node.
    pub(crate) fn reachable(&self, handles: &[Option<MemoryHandle>], access: Access) -> Result<Vec<bool>> {
        let file = |handle: &Option<MemoryHandle>| handle.map_or([-1; FileId::NUMBERS], |handle| handle.file.numbers());
        let mut numbers: Vec<i64> = handles.iter().flat_map(file).collect();
        numbers.push(i64::from(access == Access::ReadWrite));
        let known = |agreed: &HashMap<Vec<i64>, Vec<bool>>| agreed.get(&numbers).cloned();
        // All ranks can still map memory that they could map once: a mapping stays as long as its
        // owner keeps the memory.
        if let Some(reachable) = known(&self.agreed.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(reachable);
        }
        let mut works: Vec<i64> = handles
            .iter()
            .enumerate()
            .map(|(node_rank, handle)| {
                i64::from(handle.as_ref().is_some_and(|handle| self.map(node_rank, handle, access).is_ok()))
            })
            .collect();
        self.comm.min(&mut works)?;
        let reachable: Vec<bool> = works.iter().map(|&works| works == 1).collect();
        let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        // The table is the same on all ranks, so all clear it at once.
        if agreed.len() >= Self::REMEMBERED {
            agreed.clear();
        }
        agreed.insert(numbers, reachable.clone());
        Ok(reachable)
    }

    /// The mapping of the memory of a node rank.
    pub(crate) fn map(&self, node_rank: usize, handle: &MemoryHandle, access: Access) -> Result<Arc<Mapping>> {
        let mut mappings = self.mappings.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = |mapping: &&Arc<Mapping>| !mapping.is_released() && mapping.allows(access);
        if let Some(mapping) = mappings.get(&(node_rank, handle.file)).filter(usable) {
            return Ok(Arc::clone(mapping));
        }
        // Memory that its owner has released would otherwise stay mapped for ever.
        mappings.retain(|_, mapping| !mapping.is_released());
        let mapping = Arc::new(Mapping::open(handle, access)?);
        mappings.insert((node_rank, handle.file), Arc::clone(&mapping));
        Ok(mapping)
    }
}
