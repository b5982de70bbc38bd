//! The ranks of the same node, and their memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dap_ndarray::Access;

use super::board::{Board, SIGN};
use super::processors;
use super::segment::{FileId, Mapping, Segment, Ticket};
use super::shared::Shared;
use super::slots::Slots;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::RawComm;

/// Who shares this process's node, and the mappings of their memory.
#[derive(Debug)]
pub(crate) struct Neighbourhood {
    node: RawComm,
    /// Whether these are all ranks of the whole communicator.
    is_all: bool,
    /// For each rank of the node, its rank in the whole communicator.
    ranks: Vec<i32>,
    /// The other way round.
    places: HashMap<i32, usize>,
    /// Nothing where memory cannot be read.
    board: Option<Board>,
    /// Made when they are first used; nothing where they cannot be.
    slots: OnceLock<Option<Slots>>,
    /// By place and file.
    mappings: Mutex<HashMap<(usize, FileId), Arc<Mapping>>>,
    /// Which memory all could map, for the files that were asked for before.
    agreed: Mutex<HashMap<Vec<i64>, Vec<bool>>>,
}

/// A number to pretend that a node is smaller. Launchers do not hand the environment to every node
/// by themselves.
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

impl Neighbourhood {
    /// So many agreements are remembered.
    const REMEMBERED: usize = 1024;

    /// Collective.
    pub(crate) fn new(world: &RawComm) -> Result<Neighbourhood> {
        let size = pretended_size(world)?;
        let node = world.split_shared(world.rank() / size)?;
        let everyone = node.gather_all(&world.rank().to_le_bytes())?;
        let ranks: Vec<i32> =
            everyone.chunks_exact(4).map(|rank| i32::from_le_bytes([rank[0], rank[1], rank[2], rank[3]])).collect();
        let places = ranks.iter().enumerate().map(|(place, &rank)| (rank, place)).collect();
        let is_all = ranks.len() == usize::try_from(world.size()).unwrap_or(0);
        let (mappings, agreed) = (Mutex::default(), Mutex::default());
        let mut found =
            Neighbourhood { node, ranks, places, is_all, board: None, slots: OnceLock::new(), mappings, agreed };
        found.board = found.make_board()?;
        Ok(found)
    }

    /// The board, if every rank can read every other one's memory; in some containers they cannot.
    /// Collective.
    fn make_board(&self) -> Result<Option<Board>> {
        let own = Segment::new(Board::bytes(self.ranks.len())).ok();
        let sign = |place: usize| place as u64 + 1;
        if let Some(own) = &own {
            // SAFETY: the segment has `Board::bytes`, which is more than the words up to SIGN,
            // begins at a page, and is not yet shown to other processes.
            unsafe { own.data().cast::<u64>().add(SIGN).write(sign(self.place())) };
        }
        let Some(shared) = Shared::new(self, own)? else { return Ok(None) };
        // A number of another process's may be something else where this one runs.
        let right = (0..shared.ranks()).all(|place| shared.word(place, 8 * SIGN).relaxed() == sign(place));
        let mine = [&[i64::from(right)], &processors::mine()[..]].concat();
        let said = self.exchange(&mine)?;
        let said = || said.chunks_exact(mine.len());
        let processors = processors::of_all(said().map(|said| &said[1..]));
        Ok(said().all(|said| said[0] == 1).then(|| Board::new(shared, self.place(), processors)))
    }

    /// This process's place on the node.
    pub(crate) fn place(&self) -> usize {
        usize::try_from(self.node.rank()).unwrap_or(0)
    }

    /// The number of ranks on the node.
    pub(crate) fn size(&self) -> usize {
        self.ranks.len()
    }

    /// Their ranks in the whole communicator, by place.
    pub(crate) fn ranks(&self) -> &[i32] {
        &self.ranks
    }

    /// The place on this node of a rank of the whole communicator.
    pub(crate) fn place_of(&self, rank: i32) -> Option<usize> {
        self.places.get(&rank).copied()
    }

    /// What the ranks of this node write for one another; nothing where they cannot read each
    /// other's memory.
    pub(crate) fn board(&self) -> Option<&Board> {
        self.board.as_ref()
    }

    /// The slots between the ranks of this node, and the board to count on. Collective on the node.
    pub(crate) fn slots(&self) -> Result<Option<(&Slots, &Board)>> {
        let Some(board) = &self.board else { return Ok(None) };
        if self.slots.get().is_none() {
            // Collective, and on one thread (`Comm`): one at a time.
            let _ = self.slots.set(Slots::new(self)?);
        }
        Ok(self.slots.get().and_then(Option::as_ref).map(|slots| (slots, board)))
    }

    /// The board, if the whole communicator shares it.
    pub(crate) fn board_of_all(&self) -> Option<&Board> {
        self.board.as_ref().filter(|_| self.is_all)
    }

    /// Everybody's numbers, by place; all give as many. Collective on the node.
    pub(crate) fn exchange(&self, mine: &[i64]) -> Result<Vec<i64>> {
        if let Some(board) = &self.board {
            return Ok(board.exchange(mine));
        }
        let bytes: Vec<u8> = mine.iter().flat_map(|number| number.to_le_bytes()).collect();
        let all = self.node.gather_all(&bytes)?;
        Ok(all.chunks_exact(8).map(|chunk| chunk.try_into().map_or(-1, i64::from_le_bytes)).collect())
    }

    /// Waits for everybody on the node. Collective on it.
    pub(crate) fn barrier(&self) -> Result<()> {
        match &self.board {
            Some(board) => {
                board.barrier();
                Ok(())
            }
            None => self.node.barrier(),
        }
    }

    /// Which of these places' memory every rank of the node can map. All give the same. Collective
    /// on the node.
    pub(crate) fn reachable(&self, tickets: &[Option<Ticket>], access: Access) -> Result<Vec<bool>> {
        let file = |ticket: &Option<Ticket>| ticket.map_or([-1; FileId::NUMBERS], |ticket| ticket.file.numbers());
        let mut numbers: Vec<i64> = tickets.iter().flat_map(file).collect();
        numbers.push(i64::from(access == Access::ReadWrite));
        let known = |agreed: &HashMap<Vec<i64>, Vec<bool>>| agreed.get(&numbers).cloned();
        // What all could map once they have mapped still: a mapping stays as long as its owner
        // keeps the memory.
        if let Some(reachable) = known(&self.agreed.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(reachable);
        }
        let mut works: Vec<i64> = tickets
            .iter()
            .enumerate()
            .map(|(place, ticket)| {
                i64::from(ticket.as_ref().is_some_and(|ticket| self.map(place, ticket, access).is_ok()))
            })
            .collect();
        self.node.min(&mut works)?;
        let reachable: Vec<bool> = works.iter().map(|&works| works == 1).collect();
        let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        // The same on all ranks, and so forgotten by all at once.
        if agreed.len() >= Self::REMEMBERED {
            agreed.clear();
        }
        agreed.insert(numbers, reachable.clone());
        Ok(reachable)
    }

    /// The mapping of the memory at a place of the node.
    pub(crate) fn map(&self, place: usize, ticket: &Ticket, access: Access) -> Result<Arc<Mapping>> {
        let mut mappings = self.mappings.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = |mapping: &&Arc<Mapping>| !mapping.is_released() && mapping.allows(access);
        if let Some(mapping) = mappings.get(&(place, ticket.file)).filter(usable) {
            return Ok(Arc::clone(mapping));
        }
        // What its owner has let go would otherwise stay in memory for ever.
        mappings.retain(|_, mapping| !mapping.is_released());
        let mapping = Arc::new(Mapping::open(ticket, access)?);
        mappings.insert((place, ticket.file), Arc::clone(&mapping));
        Ok(mapping)
    }
}
