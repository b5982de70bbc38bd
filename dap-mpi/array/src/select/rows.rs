//! Rows between the ranks that own them and those that select them, some at a time.

use dap_core::algebra::Placement;
use dap_core::index::GridRank;
use dap_mpi::{Comm, Result};
use dap_ndarray::Buffer;

use super::copy;
use super::in_order::{self, InOrder, InOrderMut};
use super::indices::Selected;
use super::owners::Owners;
use crate::array::DynArray;

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
    fn owners(&self, array: &DynArray, selected: &Selected) -> Result<Owners> {
        match &self.kept_ranks {
            Some(kept) => Owners::of(array, &self.axes, &selected.indices, kept),
            None => Ok(Owners::default()),
        }
    }

    /// Fetches the selected rows into the result. Collective.
    pub(super) fn fetch(&self, array: &DynArray, result: &DynArray, selected: &Selected) -> Result<()> {
        let comm = array.context().comm();
        let (source, result) = (array.transpose(&self.order)?, result.transpose(&self.result_order)?);
        let own_bytes = self.row_here(&source);
        let sides = || Ok((InOrder::of(&source)?, InOrderMut::all_of(&result)?, self.owners(array, selected)?));
        let (owned, mut room, owners) = comm.agree(sides())?;
        let owned = in_order::bytes(&owned)?;
        let rows = |numbers: &[u64]| {
            let mut rows = vec![0; numbers.len() * own_bytes];
            copy::gather(owned, own_bytes, usizes(numbers), &mut rows);
            rows
        };
        let steps = Steps::new(comm, self.bytes);
        let mut from = 0;
        loop {
            let step = from..(from + steps.rows).min(owners.ranks.len());
            let ranks = &owners.ranks[step.clone()];
            let numbers = &owners.numbers[step.clone()];
            // This rank's own rows need no message.
            let are_own = steps.are_own(ranks);
            let mut wanted = if are_own { vec![Vec::new(); steps.ranks] } else { parted(steps.ranks, ranks, numbers) };
            let own = rows(&std::mem::take(&mut wanted[steps.here]));
            let more = u64::from(step.end < owners.ranks.len());
            let (asked, more) = comm.exchange_lists(&wanted, more)?;
            // This rank answers with rows of its own section.
            let answers: Vec<Vec<u8>> = asked.iter().map(|numbers| rows(numbers)).collect();
            let arrived = comm.exchange(&to_each(&answers, &asked), &from_each(&wanted, self.bytes))?;
            if let Some(room) = &mut room {
                let mut lists: Vec<&[u8]> = vec![&[]; steps.ranks];
                senders(&wanted).zip(&arrived).for_each(|(rank, rows)| lists[rank] = rows);
                lists[steps.here] = &own;
                let places = &mut room.buffer().bytes_mut()?[step.start * self.bytes..step.end * self.bytes];
                if are_own {
                    copy::gather(owned, self.bytes, usizes(numbers), places);
                } else {
                    copy::interleave(&lists, self.bytes, ranks, places);
                }
            }
            from = step.end;
            if more == 0 {
                break;
            }
        }
        room.map_or(Ok(()), InOrderMut::finish)
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
        let (target, source) = (array.transpose(&self.order)?, source.transpose(&self.result_order)?);
        let own_bytes = self.row_here(&target);
        let steps = Steps::new(comm, self.bytes);
        let is_ordered = sink.is_ordered() && (steps.ranks > 1 || !selected.is_ascending());
        let mut sides = || {
            let mut owned = InOrderMut::some_of(&target)?;
            if let (true, Some(owned)) = (is_ordered, &mut owned) {
                sink.begin_in_order((owned.buffer().bytes()?.len()).checked_div(own_bytes).unwrap_or(0))?;
            }
            Ok((InOrder::of(&source)?, owned, self.owners(array, selected)?))
        };
        let (mine, mut owned, owners) = comm.agree(sides())?;
        let mine = in_order::bytes(&mine)?;
        let orders = if is_ordered { selected.numbers() } else { Vec::new() };
        let each = if is_ordered { 2 } else { 1 };
        let mut from = 0;
        loop {
            let step = from..(from + steps.rows).min(owners.ranks.len());
            let (ranks, numbers) = (&owners.ranks[step.clone()], &owners.numbers[step.clone()]);
            let rows = &mine[step.start * self.bytes..step.end * self.bytes];
            let orders = orders.get(step.clone());
            // This rank's own rows need no message.
            let are_own = steps.are_own(ranks);
            let sent = if are_own { Sent::none(steps.ranks) } else { Sent::of(&steps, ranks, numbers, orders, rows) };
            let (named, more) = comm.exchange_lists(&sent.lists, u64::from(step.end < owners.ranks.len()))?;
            let receives: Vec<(i32, usize)> =
                senders(&named).map(|rank| (rank as i32, named[rank].len() / each * own_bytes)).collect();
            let arrived = comm.exchange(&to_each(&sent.rows, &sent.lists), &receives)?;
            if let Some(owned) = &mut owned {
                let places = owned.buffer().bytes_mut()?;
                if are_own {
                    let orders = orders.filter(|_| is_ordered);
                    sink.take(places, Updates { numbers, orders, rows, bytes: own_bytes })?;
                }
                let others = senders(&named).zip(&arrived).map(|(rank, rows)| (&named[rank], rows));
                for (list, rows) in others.chain([(&sent.own.0, &sent.own.1)]) {
                    let (numbers, orders) = list.split_at(list.len() / each);
                    let orders = is_ordered.then_some(orders);
                    sink.take(places, Updates { numbers, orders, rows, bytes: own_bytes })?;
                }
            }
            from = step.end;
            if more == 0 {
                break;
            }
        }
        let Some(mut owned) = owned else { return Ok(()) };
        sink.finish(owned.buffer(), own_bytes)?;
        owned.finish()
    }

    /// The bytes of a row of this rank's section of the array, whose indexed axes are in front.
    fn row_here(&self, array: &DynArray) -> usize {
        let shape = array.local_shape().unwrap_or_default();
        let items: i64 = shape.iter().skip(self.axes.len()).product();
        items as usize * array.dtype().itemsize().max(0) as usize
    }
}

/// Rows of one step by the ranks that own them.
struct Sent {
    /// Their numbers, and behind these their places in C order if that counts.
    lists: Vec<Vec<u64>>,
    rows: Vec<Vec<u8>>,
    /// The list and the rows of this rank, which are not sent.
    own: (Vec<u64>, Vec<u8>),
}

impl Sent {
    fn none(ranks: usize) -> Sent {
        Sent { lists: vec![Vec::new(); ranks], rows: vec![Vec::new(); ranks], own: (Vec::new(), Vec::new()) }
    }

    fn of(steps: &Steps, ranks: &[u32], numbers: &[u64], orders: Option<&[u64]>, rows: &[u8]) -> Sent {
        let mut lists = parted(steps.ranks, ranks, numbers);
        if let Some(orders) = orders {
            let orders = parted(steps.ranks, ranks, orders);
            lists.iter_mut().zip(&orders).for_each(|(list, orders)| list.extend(orders));
        }
        let mut rows = copy::part(rows, rows.len() / ranks.len().max(1), ranks, steps.ranks);
        let own = (std::mem::take(&mut lists[steps.here]), std::mem::take(&mut rows[steps.here]));
        Sent { lists, rows, own }
    }
}

/// Rows that an owner has received from one rank.
pub(super) struct Updates<'r> {
    /// The numbers of the rows on their owner.
    pub(super) numbers: &'r [u64],
    /// The places in C order of the whole index arrays; `None` if the rows come in this order, or
    /// the sink does not ask for it.
    pub(super) orders: Option<&'r [u64]>,
    /// The rows, one behind the other.
    pub(super) rows: &'r [u8],
    /// The bytes of a row.
    pub(super) bytes: usize,
}

/// The use that an owner makes of the rows that it receives, in any order.
pub(super) trait Sink {
    /// Whether the order counts.
    fn is_ordered(&self) -> bool;

    /// Makes room for the order of values for this number of rows.
    fn begin_in_order(&mut self, _rows: usize) -> Result<()> {
        Ok(())
    }

    /// Takes rows for the owner's rows, one behind the other in `places`.
    fn take(&mut self, places: &mut [u8], updates: Updates<'_>) -> Result<()>;

    /// Ends, when all rows have been taken: rows have `bytes` bytes.
    fn finish(&mut self, places: &mut Buffer, bytes: usize) -> Result<()>;
}

/// The number of rows that a rank selects in one step.
struct Steps {
    ranks: usize,
    here: usize,
    rows: usize,
}

impl Steps {
    fn new(comm: &Comm, bytes: usize) -> Steps {
        let ranks = comm.size() as usize;
        Steps { ranks, here: comm.rank() as usize, rows: (STEP / ranks / bytes.max(16)).max(1) }
    }

    /// Whether this rank owns all rows with these owners.
    fn are_own(&self, owners: &[u32]) -> bool {
        owners.iter().all(|&rank| rank as usize == self.here)
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

/// Numbers by rank, in their order.
fn parted(ranks: usize, of: &[u32], numbers: &[u64]) -> Vec<Vec<u64>> {
    let mut counts = vec![0; ranks];
    of.iter().for_each(|&rank| counts[rank as usize] += 1);
    let mut parts: Vec<Vec<u64>> = counts.into_iter().map(Vec::with_capacity).collect();
    of.iter().zip(numbers).for_each(|(&rank, &number)| parts[rank as usize].push(number));
    parts
}

fn usizes(numbers: &[u64]) -> impl Iterator<Item = usize> {
    numbers.iter().map(|&number| number as usize)
}
