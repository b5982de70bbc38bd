//! Whose buffers can be read from here, for one operation.

use std::sync::Arc;

use dap_ndarray::Buffer;
use dap_ndarray::copy::Source;

use super::segment::{Mapping, Ticket};
use crate::comm::Comm;
use crate::error::Result;

/// The buffers of this node's ranks, by place; those that all of the node can read.
#[derive(Debug)]
pub(crate) struct Sources {
    found: Vec<Option<Found>>,
    own: usize,
}

#[derive(Debug)]
struct Found {
    mapping: Arc<Mapping>,
    offset: i64,
    strides: Vec<i64>,
}

impl Sources {
    /// Everybody says whether all is well, and where its buffer lies; `numbers` become the least of all ranks'. Nobody goes on before
    /// all have said so. Collective.
    ///
    /// # Errors
    /// As [`Comm::agree`].
    pub(crate) fn exchange(
        comm: &Comm,
        checked: Result<()>,
        numbers: &mut [i64],
        buffer: Option<&Buffer>,
        ndim: usize,
    ) -> Result<Sources> {
        let hood = comm.neighbourhood();
        let ticket = buffer.filter(|_| hood.board().is_some()).and_then(super::ticket);
        let strides = buffer.map_or_else(|| vec![0; ndim], |buffer| buffer.strides().to_vec());
        let place = ticket.map_or([-1; Ticket::NUMBERS], Ticket::numbers);
        // In one notice where everybody is on this node.
        let said = if let Some(board) = hood.board_of_all() {
            let mine = [&[i64::from(checked.is_ok())], &*numbers, &place, &strides].concat();
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
            let mine = [&place, &strides[..]].concat();
            hood.exchange(&mine)?.chunks_exact(mine.len()).map(<[i64]>::to_vec).collect()
        };
        let tickets: Vec<Option<Ticket>> = said.iter().map(|numbers| Ticket::from_numbers(numbers)).collect();
        let readable = hood.readable(&tickets)?;
        let found =
            tickets.iter().zip(readable).zip(said).enumerate().map(|(place, ((ticket, readable), mut said))| {
                let ticket = ticket.as_ref().filter(|_| readable)?;
                let strides = said.split_off(Ticket::NUMBERS);
                Some(Found { mapping: hood.map(place, ticket).ok()?, offset: ticket.offset, strides })
            });
        Ok(Sources { found: found.collect(), own: hood.place() })
    }

    /// Whether the buffer at a place of the node can be read, by everybody there.
    pub(crate) fn is_readable(&self, place: usize) -> bool {
        self.found.get(place).is_some_and(Option::is_some)
    }

    /// Whether this process's own buffer is read by others.
    pub(crate) fn own_is_readable(&self) -> bool {
        self.is_readable(self.own)
    }

    /// The buffer at a place.
    pub(crate) fn get(&self, place: usize) -> Option<Source<'_>> {
        let found = self.found.get(place)?.as_ref()?;
        Some(Source { data: found.mapping.at(found.offset), strides: &found.strides })
    }
}
