//! Rows between the ranks that own them and those that select them, some at a time.

use std::collections::HashMap;

use dap_core::algebra::Placement;
use dap_core::index::{GlobalIndex, GridRank};
use dap_mpi::{Comm, Error, ErrorKind, Result};
use dap_ndarray::Buffer;

use super::indices::Selected;
use crate::array::DynArray;
use crate::transfer::copy_items;

/// Bytes of rows that a rank selects in one step, over the number of ranks.
const STEP: usize = 32 << 20;

/// The rows of an array along some axes.
pub(super) struct Rows {
    axes: Vec<usize>,
    /// The axes of the array, the indexed ones in front.
    order: Vec<i64>,
    /// The axes of the result, those of the indices in front.
    result_order: Vec<i64>,
    /// The process grid's coordinates of this rank's part of the result along the other axes, in
    /// the places of the array's axes; `None` if this rank has no part.
    kept_ranks: Option<Vec<GridRank>>,
    /// The bytes of a row of this rank's part of the result.
    bytes: usize,
}

/// The rank that owns a row, and the row's number there.
type Owned = (usize, u64);

impl Rows {
    pub(super) fn new(array: &DynArray, axes: &[usize], result: &Placement, in_front: usize, new: usize) -> Rows {
        let is_indexed = |axis: &usize| axes.contains(axis);
        let kept: Vec<usize> = (0..array.ndim()).filter(|axis| !is_indexed(axis)).collect();
        let order = axes.iter().chain(&kept).map(|&axis| axis as i64).collect();
        let is_new = |axis: &usize| (in_front..in_front + new).contains(axis);
        let news = (0..result.ndim()).filter(is_new);
        let others: Vec<usize> = (0..result.ndim()).filter(|axis| !is_new(axis)).collect();
        let result_order = news.chain(others.iter().copied()).map(|axis| axis as i64).collect();
        let section = result.ranks().section(array.context().rank());
        let coordinates = section.and_then(|section| result.layout().grid().coordinates(section));
        let kept_ranks = coordinates.map(|coordinates| {
            let mut ranks = vec![GridRank(0); array.ndim()];
            kept.iter().zip(&others).for_each(|(&axis, &other)| ranks[axis] = coordinates[other]);
            ranks
        });
        let shape = section.and_then(|section| result.layout().owned_shape(section));
        let items = shape.map_or(0, |shape| others.iter().map(|&axis| shape[axis] as usize).product());
        let bytes = items * array.dtype().itemsize().max(0) as usize;
        Rows { axes: axes.to_vec(), order, result_order, kept_ranks, bytes }
    }

    /// The owners of the selected rows.
    fn owners(&self, array: &DynArray, selected: &Selected) -> Result<Vec<Owned>> {
        let Some(kept) = &self.kept_ranks else { return Ok(Vec::new()) };
        let layout = array.layout();
        let nowhere = || Error::new(ErrorKind::Layout, "no rank owns an element of the array");
        let mut owners = Vec::with_capacity(selected.len());
        let mut ranks = kept.clone();
        for tuple in 0..selected.len() {
            let mut number = 0_u64;
            for (&axis, indices) in self.axes.iter().zip(&selected.indices) {
                let dim = &layout.dims()[axis];
                let (rank, local) = dim.owner(GlobalIndex(indices[tuple])).ok_or_else(nowhere)?;
                ranks[axis] = rank;
                number = number * dim.owned_len(rank) as u64 + local.0 as u64;
            }
            let section = layout.grid().rank(&ranks).ok_or_else(nowhere)?;
            let holder = array.placement().ranks().holder(section).ok_or_else(nowhere)?;
            owners.push((usize::try_from(holder.0).map_err(|_| nowhere())?, number));
        }
        Ok(owners)
    }

    /// Fetches the selected rows into the result. Collective.
    pub(super) fn fetch(&self, array: &DynArray, result: &DynArray, selected: &Selected) -> Result<()> {
        let comm = array.context().comm();
        let sides = || -> Result<_> {
            let owned = contiguous(&array.transpose(&self.order)?)?;
            let room = part_of(&result.transpose(&self.result_order)?)?;
            Ok((owned, room, self.owners(array, selected)?))
        };
        let (owned, mut room, owners) = comm.agree(sides())?;
        let owned_bytes = owned.as_ref().map_or(Ok(&[][..]), Buffer::bytes)?;
        let own_bytes = self.row_here(array);
        let row = |number: &u64| &owned_bytes[*number as usize * own_bytes..][..own_bytes];
        let steps = Steps::new(comm, self.bytes);
        let mut from = 0;
        loop {
            let step = &owners[from..(from + steps.rows).min(owners.len())];
            let mut wanted: Vec<Vec<u64>> = vec![Vec::new(); steps.ranks];
            step.iter().for_each(|&(rank, number)| wanted[rank].push(number));
            let more = u64::from(from + step.len() < owners.len());
            let (asked, more) = comm.exchange_lists(&wanted, more)?;
            // This rank answers with rows of its own section.
            let rows = |numbers: &Vec<u64>| numbers.iter().map(row).collect::<Vec<_>>().concat();
            let answers: Vec<Vec<u8>> = asked.iter().map(rows).collect();
            let arrived = comm.exchange(&to_each(&answers, &asked), &from_each(&wanted, self.bytes))?;
            let mut arrived: HashMap<usize, std::slice::ChunksExact<'_, u8>> = senders(&wanted)
                .zip(&arrived)
                .map(|(rank, bytes)| (rank, bytes.chunks_exact(self.bytes.max(1))))
                .collect();
            if let Some(room) = &mut room {
                let places = room.bytes_mut()?.chunks_exact_mut(self.bytes.max(1)).skip(from);
                for (&(rank, _), place) in step.iter().zip(places) {
                    if let Some(row) = arrived.get_mut(&rank).and_then(Iterator::next) {
                        place.copy_from_slice(row);
                    }
                }
            }
            from += step.len();
            if more == 0 {
                break;
            }
        }
        match room {
            Some(room) => put_back(&result.transpose(&self.result_order)?, &room),
            None => Ok(()),
        }
    }

    /// Sends the rows of `source` to the owners of the selected rows, who do with them as `sink`
    /// says. Collective.
    pub(super) fn store(
        &self,
        array: &DynArray,
        source: &DynArray,
        selected: &Selected,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let comm = array.context().comm();
        let target = array.transpose(&self.order)?;
        let sides = || -> Result<_> {
            let mine = contiguous(&source.transpose(&self.result_order)?)?;
            // Memory that may not be written is found before any rank writes.
            drop(target.write()?);
            Ok((mine, contiguous(&target)?, self.owners(array, selected)?))
        };
        let (mine, mut owned, owners) = comm.agree(sides())?;
        let mine = mine.as_ref().map_or(Ok(&[][..]), Buffer::bytes)?;
        let own_bytes = self.row_here(array);
        let steps = Steps::new(comm, self.bytes);
        let mut from = 0;
        loop {
            let to = (from + steps.rows).min(owners.len());
            let mut wanted: Vec<Vec<u64>> = vec![Vec::new(); steps.ranks];
            let mut rows: Vec<Vec<u8>> = vec![Vec::new(); steps.ranks];
            for at in from..to {
                let (rank, number) = owners[at];
                wanted[rank].extend([number, selected.numbers[at]]);
                rows[rank].extend_from_slice(&mine[at * self.bytes..][..self.bytes]);
            }
            let (named, more) = comm.exchange_lists(&wanted, u64::from(to < owners.len()))?;
            let receives: Vec<(i32, usize)> =
                senders(&named).map(|rank| (rank as i32, named[rank].len() / 2 * own_bytes)).collect();
            let arrived = comm.exchange(&to_each(&rows, &wanted), &receives)?;
            if let Some(owned) = &mut owned {
                let places = owned.bytes_mut()?;
                for (rank, rows) in senders(&named).zip(&arrived) {
                    for (pair, row) in named[rank].chunks_exact(2).zip(rows.chunks_exact(own_bytes.max(1))) {
                        sink.take(places, Update { number: pair[0], order: pair[1], row });
                    }
                }
            }
            from = to;
            if more == 0 {
                break;
            }
        }
        match owned {
            Some(mut owned) => {
                sink.finish(owned.bytes_mut()?, own_bytes);
                put_back(&target, &owned)
            }
            None => Ok(()),
        }
    }

    /// The bytes of a row of this rank's section of the array.
    fn row_here(&self, array: &DynArray) -> usize {
        let shape = array.local_shape().unwrap_or_default();
        let kept = shape.iter().enumerate().filter(|(axis, _)| !self.axes.contains(axis));
        kept.map(|(_, &extent)| extent as usize).product::<usize>() * array.dtype().itemsize().max(0) as usize
    }
}

/// A row that an owner has received.
pub(super) struct Update<'r> {
    /// The number of the row on its owner.
    pub(super) number: u64,
    /// The place in C order of the whole index arrays.
    pub(super) order: u64,
    pub(super) row: &'r [u8],
}

/// The use that an owner makes of the rows that it receives, in any order.
pub(super) trait Sink {
    /// Takes a row for the owner's rows, one behind the other in `places`.
    fn take(&mut self, places: &mut [u8], update: Update<'_>);

    /// Ends, when all rows have been taken: rows have `bytes` bytes.
    fn finish(&mut self, places: &mut [u8], bytes: usize);
}

/// Overwrites rows; the last one in C order counts.
#[derive(Default)]
pub(super) struct Overwrite {
    /// The order of the value that was written last to a row.
    written: HashMap<u64, u64>,
}

impl Sink for Overwrite {
    fn take(&mut self, places: &mut [u8], update: Update<'_>) {
        let last = self.written.entry(update.number).or_insert(update.order);
        if *last <= update.order {
            *last = update.order;
            let bytes = update.row.len();
            places[update.number as usize * bytes..][..bytes].copy_from_slice(update.row);
        }
    }

    fn finish(&mut self, _places: &mut [u8], _bytes: usize) {}
}

/// The number of rows that a rank selects in one step.
struct Steps {
    ranks: usize,
    rows: usize,
}

impl Steps {
    fn new(comm: &Comm, bytes: usize) -> Steps {
        let ranks = comm.size() as usize;
        Steps { ranks, rows: (STEP / ranks / bytes.max(16)).max(1) }
    }
}

/// The ranks with a list.
fn senders(lists: &[Vec<u64>]) -> impl Iterator<Item = usize> + '_ {
    (0..lists.len()).filter(|&rank| !lists[rank].is_empty())
}

/// Messages to the ranks with a list.
fn to_each<'m>(messages: &'m [Vec<u8>], lists: &[Vec<u64>]) -> Vec<(i32, &'m [u8])> {
    senders(lists).map(|rank| (rank as i32, &messages[rank][..])).collect()
}

/// Messages of a row for each number of a list.
fn from_each(lists: &[Vec<u64>], bytes: usize) -> Vec<(i32, usize)> {
    senders(lists).map(|rank| (rank as i32, lists[rank].len() * bytes)).collect()
}

/// This process's elements in C order.
pub(super) fn contiguous(array: &DynArray) -> Result<Option<Buffer>> {
    let Some(reading) = array.read()? else { return Ok(None) };
    let mut elements = Buffer::zeros(array.dtype().clone(), reading.buffer().shape())?;
    copy_items(reading.buffer(), &mut elements)?;
    Ok(Some(elements))
}

/// Memory for this process's elements in C order.
fn part_of(array: &DynArray) -> Result<Option<Buffer>> {
    let shape = array.local_shape();
    Ok(shape.map(|shape| Buffer::zeros(array.dtype().clone(), &shape)).transpose()?)
}

/// Overwrites this process's elements by those of a buffer in C order.
fn put_back(array: &DynArray, elements: &Buffer) -> Result<()> {
    let Some(mut writing) = array.write()? else { return Ok(()) };
    copy_items(elements, writing.buffer_mut())?;
    writing.finish()
}
