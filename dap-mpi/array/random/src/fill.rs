//! New arrays, each process's elements made by itself.

use std::sync::{Mutex, PoisonError};

use dap_array::{Context, DynArray, Element, Result};
use dap_core::algebra::{CommRank, Placement};
use dap_kernels::random::{Distribution, Philox, STRIP, Unit, fill_list, fill_run};
use dap_kernels::threads;
use dap_mpi::memory;
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item};

use crate::segments::{SectionMap, Segment};

/// Elements that are worth a thread's wake-up.
const GRAIN: usize = 1 << 14;
/// Shorter runs are put together.
const SHORT: usize = 16;

/// An array in which element number i, in C order of the whole array, is `element` of that number
/// for a list, or for a run of numbers. It sends no message.
pub(crate) trait Numbered: Sync {
    type Item: Item + Element + Default;

    /// The elements with consecutive numbers from `first` on.
    fn run(&self, first: u64, out: &mut [Self::Item]);

    /// The elements with these numbers, at most [`STRIP`].
    fn list(&self, numbers: &[u64], out: &mut [Self::Item]);
}

/// The elements of a distribution, from a word of a stream on.
pub(crate) struct Drawn<'d, D> {
    pub(crate) stream: Philox,
    pub(crate) word: u128,
    pub(crate) distribution: &'d D,
}

impl<D: Distribution> Drawn<'_, D> {
    fn unit(&self, number: u64) -> u128 {
        let first = if D::UNIT == Unit::Half { self.word.wrapping_mul(2) } else { self.word };
        first.wrapping_add(u128::from(number) * D::UNITS as u128)
    }
}

impl<D: Distribution<Item: Item + Element + Default>> Numbered for Drawn<'_, D> {
    type Item = D::Item;

    fn run(&self, first: u64, out: &mut [D::Item]) {
        fill_run(&self.stream, self.distribution, self.unit(first), out);
    }

    fn list(&self, numbers: &[u64], out: &mut [D::Item]) {
        let mut units = [0; STRIP];
        units.iter_mut().zip(numbers).for_each(|(unit, &number)| *unit = self.unit(number));
        fill_list(&self.stream, self.distribution, &units[..numbers.len()], out);
    }
}

/// Elements that a function of the number gives, one by one.
pub(crate) struct Each<F>(pub(crate) F);

impl<F: Fn(u64) -> i64 + Sync> Numbered for Each<F> {
    type Item = i64;

    fn run(&self, first: u64, out: &mut [i64]) {
        (first..).zip(out).for_each(|(number, out)| *out = (self.0)(number));
    }

    fn list(&self, numbers: &[u64], out: &mut [i64]) {
        numbers.iter().zip(out).for_each(|(&number, out)| *out = (self.0)(number));
    }
}

/// The array of these elements; communication padding gets the elements that it images. It sends no
/// message.
pub(crate) fn filled<N: Numbered>(context: &Context, placement: &Placement, elements: &N) -> Result<DynArray> {
    let dtype = <N::Item as Item>::dtype();
    DynArray::from_buffer(context, placement.clone(), &dtype, section(context, placement, elements))
}

fn section<N: Numbered>(context: &Context, placement: &Placement, elements: &N) -> Result<Option<Buffer>> {
    let comm = context.comm();
    let Some(rank) = placement.ranks().section(CommRank(comm.rank().into())) else { return Ok(None) };
    let Some(map) = SectionMap::new(placement.layout(), rank) else { return Ok(None) };
    let shape = placement.layout().local_shape(rank).unwrap_or_default();
    let mut buffer = memory::allocate(comm, &<N::Item as Item>::dtype(), &shape, Order::C)?;
    if map.len() > 0
        && let Some(items) = buffer.view_mut::<N::Item>()?.as_slice_mut()
    {
        fill(&map, elements, items);
    }
    Ok(Some(buffer))
}

fn fill<N: Numbered>(map: &SectionMap<'_>, elements: &N, mut items: &mut [N::Item]) {
    let parts = threads::parts(map.len(), GRAIN, threads::threads());
    let mut shares = Vec::with_capacity(parts);
    for part in 0..parts {
        let range = threads::range_of(part, parts, map.len(), 1);
        let (mine, rest) = items.split_at_mut(range.len());
        items = rest;
        shares.push(Mutex::new((range.start, mine)));
    }
    threads::for_parts(parts, |part| {
        let mut share = shares[part].lock().unwrap_or_else(PoisonError::into_inner);
        let (start, items) = &mut *share;
        fill_part(map, elements, *start, items);
    });
}

/// Fills the places from `start` on.
fn fill_part<N: Numbered>(map: &SectionMap<'_>, elements: &N, start: usize, items: &mut [N::Item]) {
    // Numbers of short segments, which lie in front of place `end`.
    let (mut numbers, mut count) = ([0; STRIP], 0);
    for Segment { at, number } in map.segments(start..start + items.len()) {
        let place = at.start - start;
        let is_short = at.len() < SHORT && number.is_some();
        if count > 0 && (!is_short || count + at.len() > STRIP) {
            elements.list(&numbers[..count], &mut items[place - count..place]);
            count = 0;
        }
        match number {
            Some(first) if is_short => {
                numbers[count..].iter_mut().zip(first..).take(at.len()).for_each(|(number, next)| *number = next);
                count += at.len();
            }
            Some(first) => elements.run(first, &mut items[place..place + at.len()]),
            None => items[place..place + at.len()].fill(N::Item::default()),
        }
    }
    let end = items.len();
    elements.list(&numbers[..count], &mut items[end - count..]);
}
