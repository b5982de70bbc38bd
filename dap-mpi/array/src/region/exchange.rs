//! The elements of regions between the ranks that own them and those that read or write them.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan, Transfer};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};

use super::pieces::{Piece, Regions};
use crate::access::part;
use crate::array::DynArray;

/// Where the elements go, with this process's memory for its region.
pub(super) enum Direction {
    /// From the owners into the regions.
    Read(Option<Arc<Buffer>>),
    /// From the regions to the owners.
    Write(Option<Arc<Buffer>>),
}

impl Regions {
    /// Moves the elements of all regions. Collective.
    ///
    /// # Errors
    /// Not enough memory on some rank.
    pub(super) fn exchange(&self, array: &DynArray, direction: &Direction) -> Result<()> {
        let comm = array.context().comm();
        let mut unpacked = Ok(());
        for round in 0..self.rounds() {
            let messages = self.pieces(array, round).and_then(|pieces| Messages::of(pieces, direction));
            let messages = comm.agree(messages)?;
            let sends: Vec<(i32, &[u8])> = messages.sends.iter().map(|(rank, bytes)| (*rank, &bytes[..])).collect();
            let mut arrived = comm.exchange(&sends, &messages.receives)?.into_iter();
            for (piece, plan) in &messages.pieces {
                let received: Vec<Vec<u8>> = arrived.by_ref().take(plan.receives().count()).collect();
                unpacked = unpacked.and(direction.unpack(piece, plan, &received));
            }
        }
        comm.agree(unpacked)
    }
}

/// The messages of one round.
struct Messages {
    pieces: Vec<(Piece, Plan)>,
    sends: Vec<(i32, Vec<u8>)>,
    receives: Vec<(i32, usize)>,
}

impl Messages {
    fn of(pieces: Vec<Piece>, direction: &Direction) -> Result<Messages> {
        let mut messages = Messages { pieces: Vec::new(), sends: Vec::new(), receives: Vec::new() };
        for piece in pieces {
            let plan = direction.plan(&piece)?;
            for transfer in plan.receives() {
                messages.receives.push((direction.sender(&piece, &transfer)?, length(&piece, &transfer)?));
            }
            direction.with_source(&piece, |source| {
                for transfer in plan.sends() {
                    let mut message = Vec::new();
                    let len = length(&piece, &transfer)?;
                    message.try_reserve_exact(len).map_err(|_| no_room(len))?;
                    message.resize(len, 0);
                    copy::pack(&transfer, source, Order::C, &mut message)?;
                    messages.sends.push((direction.receiver(&piece, &transfer)?, message));
                }
                Ok(())
            })?;
            messages.pieces.push((piece, plan));
        }
        Ok(messages)
    }
}

impl Direction {
    /// This process's part in moving a piece.
    fn plan(&self, piece: &Piece) -> Result<Plan> {
        let (owned, section) = (piece.array.layout(), piece.array.section_rank());
        let whole = piece.is_here().then_some(Rank(0));
        Ok(match self {
            Direction::Read(_) => Plan::new(owned, &piece.whole, Endpoints { source: section, target: whole })?,
            Direction::Write(_) => Plan::new(&piece.whole, owned, Endpoints { source: whole, target: section })?,
        })
    }

    fn sender(&self, piece: &Piece, transfer: &Transfer<'_>) -> Result<i32> {
        match self {
            Direction::Read(_) => piece.owner(transfer.peer()),
            Direction::Write(_) => Ok(piece.rank),
        }
    }

    fn receiver(&self, piece: &Piece, transfer: &Transfer<'_>) -> Result<i32> {
        match self {
            Direction::Read(_) => Ok(piece.rank),
            Direction::Write(_) => piece.owner(transfer.peer()),
        }
    }

    /// Uses the elements of a piece that this process sends or keeps, if it has some.
    fn with_source(&self, piece: &Piece, body: impl FnOnce(&Buffer) -> Result<()>) -> Result<()> {
        match self {
            Direction::Read(_) => piece.array.read()?.map_or(Ok(()), |reading| body(reading.buffer())),
            Direction::Write(Some(values)) if piece.is_here() => body(&piece.part(values, Access::ReadOnly)?),
            Direction::Write(_) => Ok(()),
        }
    }

    /// Writes the elements of a piece that this process has received or keeps.
    fn unpack(&self, piece: &Piece, plan: &Plan, received: &[Vec<u8>]) -> Result<()> {
        let into = |target: &mut Buffer| -> Result<()> {
            if let Some(kept) = plan.kept() {
                self.with_source(piece, |source| Ok(copy::copy_local(&kept, source, target)?))?;
            }
            for (transfer, message) in plan.receives().zip(received) {
                copy::unpack(&transfer, message, Order::C, target)?;
            }
            Ok(())
        };
        match self {
            Direction::Read(Some(room)) if piece.is_here() => into(&mut piece.part(room, Access::ReadWrite)?),
            Direction::Read(_) => Ok(()),
            Direction::Write(_) => match piece.array.write()? {
                Some(mut writing) => {
                    into(writing.buffer_mut())?;
                    writing.finish()
                }
                None => Ok(()),
            },
        }
    }
}

impl Piece {
    /// The piece in the memory of its region, which is in C order.
    fn part(&self, region: &Arc<Buffer>, access: Access) -> Result<Buffer> {
        let offset = self.first.iter().zip(region.strides()).map(|(first, stride)| first * stride).sum();
        part(region, offset, self.array.shape(), region.strides(), access)
    }
}

/// The bytes of a message.
fn length(piece: &Piece, transfer: &Transfer<'_>) -> Result<usize> {
    let item = piece.array.dtype().itemsize().max(0) as usize;
    copy::message_bytes(transfer, item).ok_or_else(|| no_room(usize::MAX))
}

fn no_room(bytes: usize) -> Error {
    Error::new(ErrorKind::Memory, format!("no memory for a message of {bytes} bytes"))
}
