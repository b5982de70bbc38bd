//! The ranks of the same node, and their memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::segment::{Mapping, Segment, Ticket, ticket_of};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::RawComm;

/// Who shares this process's node, and the mappings of their memory.
#[derive(Debug)]
pub(crate) struct Neighbourhood {
    node: RawComm,
    /// For each rank of the node, its rank in the whole communicator.
    ranks: Vec<i32>,
    /// The other way round.
    places: HashMap<i32, usize>,
    /// Whether memory can be read here at all: in some containers it cannot.
    shares: bool,
    /// By place and number of the file.
    mappings: Mutex<HashMap<(usize, i64), Arc<Mapping>>>,
    /// Which memory all could read, for the files' numbers that were asked for before.
    agreed: Mutex<HashMap<Vec<i64>, Vec<bool>>>,
}

impl Neighbourhood {
    /// So many agreements are remembered.
    const REMEMBERED: usize = 1024;

    /// Collective.
    pub(crate) fn new(world: &RawComm) -> Result<Neighbourhood> {
        // A number to pretend that a node is smaller; all ranks see the same environment.
        let size = match std::env::var("DAP_NODE_SIZE") {
            Ok(text) => text.parse::<i32>().ok().filter(|&size| size > 0).ok_or_else(|| {
                let message = format!("DAP_NODE_SIZE is {text:?}: a number of ranks from 1 on");
                Error::new(ErrorKind::State, message)
            })?,
            Err(_) => i32::MAX,
        };
        let node = world.split_shared(world.rank() / size)?;
        let everyone = node.gather_all(&world.rank().to_le_bytes())?;
        let ranks: Vec<i32> =
            everyone.chunks_exact(4).map(|rank| i32::from_le_bytes([rank[0], rank[1], rank[2], rank[3]])).collect();
        let places = ranks.iter().enumerate().map(|(place, &rank)| (rank, place)).collect();
        let mut found =
            Neighbourhood { node, ranks, places, shares: true, mappings: Mutex::default(), agreed: Mutex::default() };
        found.shares = found.try_sharing()?;
        Ok(found)
    }

    /// Whether every rank can read the next one's memory.
    fn try_sharing(&self) -> Result<bool> {
        if self.ranks.len() == 1 {
            return Ok(true);
        }
        let probe = Segment::new(8).ok();
        let mine = probe.as_ref().and_then(|probe| {
            let data = probe.data();
            // SAFETY: within the segment.
            unsafe { data.write(self.node.rank() as u8) };
            ticket_of(data.addr(), 8, data.addr())
        });
        let numbers = mine.map_or([-1; Ticket::NUMBERS], Ticket::numbers);
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let all = self.node.gather_all(&bytes)?;
        let next = (self.place() + 1) % self.ranks.len();
        let theirs = all.chunks_exact(8).skip(next * Ticket::NUMBERS).take(Ticket::NUMBERS);
        let theirs: Vec<i64> = theirs.map(|chunk| chunk.try_into().map(i64::from_le_bytes).unwrap_or(-1)).collect();
        // SAFETY: within the mapping; nobody writes it any more.
        let read = |mapping: Mapping, ticket: Ticket| unsafe { mapping.at(ticket.offset).read() };
        let seen = Ticket::from_numbers(&theirs)
            .and_then(|ticket| Mapping::open(&ticket).ok().map(|mapping| read(mapping, ticket)));
        let mut works = [i64::from(seen == Some(next as u8))];
        self.node.min(&mut works)?;
        Ok(works[0] == 1)
    }

    /// This process's place on the node.
    pub(crate) fn place(&self) -> usize {
        usize::try_from(self.node.rank()).unwrap_or(0)
    }

    /// The communicator of the node.
    pub(crate) fn node(&self) -> &RawComm {
        &self.node
    }

    /// The place on this node of a rank of the whole communicator.
    pub(crate) fn place_of(&self, rank: i32) -> Option<usize> {
        self.places.get(&rank).copied()
    }

    /// Whether the ranks of this node can read each other's memory.
    pub(crate) fn shares(&self) -> bool {
        self.shares
    }

    /// Which of these places' memory every rank of the node can read. All give the same tickets. Collective on the node.
    pub(crate) fn readable(&self, tickets: &[Option<Ticket>]) -> Result<Vec<bool>> {
        let numbers: Vec<i64> = tickets.iter().map(|ticket| ticket.map_or(-1, |ticket| ticket.number)).collect();
        let known = |agreed: &HashMap<Vec<i64>, Vec<bool>>| agreed.get(&numbers).cloned();
        // What all could map once they have mapped still: a mapping stays as long as its owner keeps the memory.
        if let Some(readable) = known(&self.agreed.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(readable);
        }
        let mut works: Vec<i64> = tickets
            .iter()
            .enumerate()
            .map(|(place, ticket)| i64::from(ticket.as_ref().is_some_and(|ticket| self.map(place, ticket).is_ok())))
            .collect();
        self.node.min(&mut works)?;
        let readable: Vec<bool> = works.iter().map(|&works| works == 1).collect();
        let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        // The same on all ranks, and so forgotten by all at once.
        if agreed.len() >= Self::REMEMBERED {
            agreed.clear();
        }
        agreed.insert(numbers, readable.clone());
        Ok(readable)
    }

    /// The mapping of the memory at a place of the node.
    pub(crate) fn map(&self, place: usize, ticket: &Ticket) -> Result<Arc<Mapping>> {
        let mut mappings = self.mappings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapping) = mappings.get(&(place, ticket.number)).filter(|mapping| !mapping.is_released()) {
            return Ok(Arc::clone(mapping));
        }
        // What its owner has let go would otherwise stay in memory for ever.
        mappings.retain(|_, mapping| !mapping.is_released());
        let mapping = Arc::new(Mapping::open(ticket)?);
        mappings.insert((place, ticket.number), Arc::clone(&mapping));
        Ok(mapping)
    }
}
