//! Whose buffers can be read or written from here, for one operation.

use std::sync::Arc;

use dap_ndarray::{Access, Buffer};

use super::neighbours::Neighbourhood;
use super::segment::{Mapping, Ticket};
use crate::comm::Comm;
use crate::error::Result;

/// Where the ranks of this node say that their buffers of one side lie, by place.
#[derive(Debug)]
pub(crate) struct Told {
    tickets: Vec<Option<Ticket>>,
    strides: Vec<Vec<i64>>,
}

/// What an operation reads of a process, or writes there, and how many dimensions it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'b> {
    pub(crate) buffer: Option<&'b Buffer>,
    pub(crate) ndim: usize,
}

impl Side<'_> {
    /// What is told of it: a ticket, and the strides.
    fn numbers(&self, hood: &Neighbourhood) -> Vec<i64> {
        let ticket = self.buffer.filter(|_| hood.board().is_some()).and_then(super::ticket);
        let mut numbers = ticket.map_or([-1; Ticket::NUMBERS], Ticket::numbers).to_vec();
        match self.buffer {
            Some(buffer) => numbers.extend(buffer.strides()),
            None => numbers.resize(numbers.len() + self.ndim, 0),
        }
        numbers
    }

    fn told<'n>(&self, all: impl Iterator<Item = &'n [i64]>) -> Told {
        let (tickets, strides) = all
            .map(|numbers| (Ticket::from_numbers(numbers), numbers[Ticket::NUMBERS..][..self.ndim].to_vec()))
            .unzip();
        Told { tickets, strides }
    }
}

/// Everybody says whether all is well, and where its buffers lie; `numbers` become the least of all
/// ranks'. Nobody goes on before all have said so. Collective.
///
/// # Errors
/// As [`Comm::agree`].
pub(crate) fn tell(comm: &Comm, checked: Result<()>, numbers: &mut [i64], sides: [Side<'_>; 2]) -> Result<[Told; 2]> {
    let hood = comm.neighbourhood();
    let [first, second] = sides.map(|side| side.numbers(hood));
    let split = first.len();
    // In one notice where everybody is on this node.
    let said = if let Some(board) = hood.board_of_all() {
        let mine = [&[i64::from(checked.is_ok())], &*numbers, &first, &second].concat();
        let all = board.exchange(&mine);
        let said = || all.chunks_exact(mine.len());
        if said().any(|said| said[0] == 0) {
            comm.agree(checked)?;
        }
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = said().map(|said| said[1 + at]).min().unwrap_or(*number);
        }
        said().map(|said| said[1 + numbers.len()..].to_vec()).collect::<Vec<_>>()
    } else {
        comm.agree_with(checked, numbers)?;
        let mine = [first, second].concat();
        hood.exchange(&mine)?.chunks_exact(mine.len()).map(<[i64]>::to_vec).collect()
    };
    let [source, target] = sides;
    Ok([source.told(said.iter().map(|said| &said[..split])), target.told(said.iter().map(|said| &said[split..]))])
}

/// The buffers of this node's ranks, by place; those that all of the node can reach.
#[derive(Debug)]
pub(crate) struct Exposed {
    found: Vec<Option<Found>>,
    own: usize,
}

#[derive(Debug)]
struct Found {
    mapping: Arc<Mapping>,
    offset: i64,
    strides: Vec<i64>,
}

impl Told {
    /// Those that everybody can map for this. Collective on the node.
    pub(crate) fn open(self, hood: &Neighbourhood, access: Access) -> Result<Exposed> {
        let reachable = hood.reachable(&self.tickets, access)?;
        let all = self.tickets.iter().zip(reachable).zip(self.strides).enumerate();
        let found = all.map(|(place, ((ticket, reachable), strides))| {
            let ticket = ticket.as_ref().filter(|_| reachable)?;
            Some(Found { mapping: hood.map(place, ticket, access).ok()?, offset: ticket.offset, strides })
        });
        Ok(Exposed { found: found.collect(), own: hood.place() })
    }
}

impl Exposed {
    /// Whether everybody on the node can reach the buffer at a place.
    pub(crate) fn is_reachable(&self, place: usize) -> bool {
        self.found.get(place).is_some_and(Option::is_some)
    }

    /// Whether others can reach this process's own buffer.
    pub(crate) fn own_is_reachable(&self) -> bool {
        self.is_reachable(self.own)
    }

    /// The buffer at a place: the address of its item at index 0, and its strides. It may be
    /// written only if it was opened for that.
    pub(crate) fn get(&self, place: usize) -> Option<(*mut u8, &[i64])> {
        let found = self.found.get(place)?.as_ref()?;
        Some((found.mapping.at(found.offset), &found.strides))
    }
}
