//! Lines along an axis whose parts lie on several ranks: each rank combines its parts, and passes
//! the blocks of all elements so far to the next rank along the axis.

use dap_core::algebra::Replicas;
use dap_core::index::GridRank;
use dap_kernels::element::Element;
use dap_mpi::{Comm, Error, ErrorKind, Result};
use dap_ndarray::Item;
use ndarray::{ArrayView1, ArrayViewD, Axis};

use super::pairwise::Pairwise;
use crate::access::{Writing, agreed};
use crate::array::DynArray;
use crate::cumulative::in_order;
use crate::reduce::{once_each, sharing};
use crate::spmd::{bytes_of, items_of};

/// The bytes of blocks that are passed on at once.
const STAGING: usize = 4 << 20;

/// The elements combined along one axis.
pub(super) fn reduce<T: Element + Item>(
    array: &DynArray,
    axis: usize,
    keepdims: bool,
    f: &impl Fn(T, T) -> T,
) -> Result<DynArray> {
    let array = once_each(array)?;
    let array = array.redistribute(in_order(array.placement(), axis)?)?;
    let replicas = array.placement().reduce(Some(&[axis as i64]), keepdims)?;
    let result = DynArray::empty(array.context(), replicas.owners().clone(), array.dtype())?;
    let (reading, mut writing) = agreed(&array, &result)?;
    if let (Some(chain), Some(reading)) = (Chain::of(&array, axis, &replicas), &reading) {
        let items = reading.buffer().view::<T>()?;
        // The elements of the result in C order, which is the order of the lines.
        let mut outputs = match &mut writing {
            Some(writing) => Some(writing.buffer_mut().view_mut::<T>()?),
            None => None,
        };
        let mut places = outputs.iter_mut().flat_map(|it| it.iter_mut());
        chain.each_part(&items, axis, |lines| {
            let parts: Vec<Pairwise<T>> = lines.iter().map(|line| chain.part(line, f)).collect();
            let before = chain.receive(lines.len())?;
            let mut results = Vec::with_capacity(lines.len());
            let after = chain.extended(&before, &parts, f, |mut line| results.extend(line.result(f)));
            chain.send(&after)?;
            // The results first: a place that is taken without one would be lost to the next part.
            for (result, place) in chain.last_to_owner(lines.len(), results)?.into_iter().zip(&mut places) {
                *place = result;
            }
            Ok(())
        })?;
    }
    writing.map_or(Ok(()), Writing::finish)?;
    Ok(result)
}

/// At each place along one axis the elements up to it, combined.
pub(super) fn scan<T: Element + Item>(array: &DynArray, axis: usize, f: &impl Fn(T, T) -> T) -> Result<DynArray> {
    let source = array.redistribute(in_order(array.placement(), axis)?)?;
    let replicas = source.placement().reduce(Some(&[axis as i64]), true)?;
    let result = source.empty_like_on(source.placement())?;
    let (reading, mut writing) = agreed(&source, &result)?;
    if let (Some(chain), Some(reading), Some(writing)) = (Chain::of(&source, axis, &replicas), &reading, &mut writing) {
        let items = reading.buffer().view::<T>()?;
        let mut prefixes = writing.buffer_mut().view_mut::<T>()?;
        let mut outputs = prefixes.lanes_mut(Axis(axis)).into_iter();
        chain.each_part(&items, axis, |lines| {
            // Blocks are passed on by all ranks but the last one.
            let is_last = chain.after.is_none();
            let parts: Vec<Pairwise<T>> =
                if is_last { Vec::new() } else { lines.iter().map(|line| chain.part(line, f)).collect() };
            let before = chain.receive(lines.len())?;
            chain.send(&chain.extended(&before, &parts, f, drop))?;
            for ((number, line), mut output) in lines.iter().enumerate().zip(outputs.by_ref()) {
                let mut so_far = chain.blocks_before(&before, number);
                for ((index, &item), place) in (chain.first..).zip(line).zip(&mut output) {
                    so_far.push(index, item, f);
                    if let Some(prefix) = so_far.result(f) {
                        *place = prefix;
                    }
                }
            }
            Ok(())
        })?;
    }
    writing.map_or(Ok(()), Writing::finish)?;
    result.redistribute(array.placement().clone())
}

/// This rank's place among the ranks that have parts of the same lines.
struct Chain<'c> {
    comm: &'c Comm,
    before: Option<i32>,
    after: Option<i32>,
    /// The rank that has the results of reductions.
    owner: i32,
    /// The last rank of the chain.
    last: i32,
    /// The first index along the axis that this rank has, and the one behind its last.
    first: u64,
    end: u64,
    /// The most lines that are combined at once, the same on all ranks.
    most: usize,
}

impl<'c> Chain<'c> {
    /// `None` if this rank has no section.
    fn of(array: &'c DynArray, axis: usize, replicas: &Replicas) -> Option<Chain<'c>> {
        let comm = array.context().comm();
        let dim = &array.layout().dims()[axis];
        let coordinate = array.layout().grid().coordinate(array.section_rank()?, axis)?;
        let ranks = sharing(replicas, comm)?;
        let here = usize::try_from(coordinate.0).ok()?;
        let lengths = (0..coordinate.0).map(|rank| dim.owned_len(GridRank(rank)) as u64);
        let first: u64 = lengths.sum();
        let most = STAGING / (array.dtype().itemsize().max(1) as usize * u64::BITS as usize);
        Some(Chain {
            comm,
            before: here.checked_sub(1).and_then(|before| ranks.get(before)).copied(),
            after: ranks.get(here + 1).copied(),
            owner: *ranks.first()?,
            last: *ranks.last()?,
            first,
            end: first + dim.owned_len(coordinate) as u64,
            most: most.max(1),
        })
    }

    /// Calls `body` with this rank's parts of the lines, some lines at a time, in C order of the
    /// other axes.
    fn each_part<T>(
        &self,
        items: &ArrayViewD<'_, T>,
        axis: usize,
        mut body: impl FnMut(&[ArrayView1<'_, T>]) -> Result<()>,
    ) -> Result<()> {
        let others = items.shape().iter().enumerate().filter(|(other, _)| *other != axis);
        let mut rest: usize = others.map(|(_, &extent)| extent).product();
        let mut lines = items.lanes(Axis(axis)).into_iter();
        // By the number of lines, which ranks without elements have, too.
        while rest > 0 {
            let count = rest.min(self.most);
            let mut part: Vec<ArrayView1<'_, T>> = lines.by_ref().take(count).collect();
            part.resize_with(count, || ArrayView1::from(&[]));
            body(&part)?;
            rest -= count;
        }
        Ok(())
    }

    /// The blocks of this rank's part of a line.
    fn part<T: Copy>(&self, line: &ArrayView1<'_, T>, f: &impl Fn(T, T) -> T) -> Pairwise<T> {
        let mut part = Pairwise::new();
        (self.first..).zip(line).for_each(|(index, &item)| part.push(index, item, f));
        part
    }

    /// The blocks of all elements before this rank's, line by line.
    fn receive<T: Item>(&self, lines: usize) -> Result<Vec<T>> {
        let Some(before) = self.before else { return Ok(Vec::new()) };
        let items = lines * Pairwise::<T>::prefix_blocks(self.first);
        self.fetch(before, items)
    }

    /// Passes the blocks of all elements up to this rank's last one on.
    fn send<T: Item>(&self, blocks: &[T]) -> Result<()> {
        self.after.map_or(Ok(()), |after| self.give(after, blocks))
    }

    /// The blocks before a line's part.
    fn blocks_before<T: Copy>(&self, before: &[T], line: usize) -> Pairwise<T> {
        let count = Pairwise::<T>::prefix_blocks(self.first);
        let values = before.get(line * count..(line + 1) * count).unwrap_or(&[]);
        Pairwise::of_prefix(self.first, values)
    }

    /// The blocks up to the last element of each part, line by line; `each` gets them, too.
    fn extended<T: Copy>(
        &self,
        before: &[T],
        parts: &[Pairwise<T>],
        f: &impl Fn(T, T) -> T,
        mut each: impl FnMut(Pairwise<T>),
    ) -> Vec<T> {
        let mut after = Vec::with_capacity(parts.len() * Pairwise::<T>::prefix_blocks(self.end));
        for (line, part) in parts.iter().enumerate() {
            let mut blocks = self.blocks_before(before, line);
            blocks.append(part, f);
            after.extend(blocks.values());
            each(blocks);
        }
        after
    }

    /// The results of the last rank of the chain, on the owner; nothing on the others.
    fn last_to_owner<T: Item>(&self, lines: usize, results: Vec<T>) -> Result<Vec<T>> {
        let here = self.comm.rank();
        if self.owner == self.last {
            return Ok(results);
        }
        if here == self.last {
            self.give(self.owner, &results)?;
        }
        if here == self.owner { self.fetch(self.last, lines) } else { Ok(Vec::new()) }
    }

    fn give<T: Item>(&self, to: i32, items: &[T]) -> Result<()> {
        let mut bytes = Vec::with_capacity(size_of_val(items));
        bytes_of(items, &mut bytes)?;
        self.comm.exchange(&[(to, &bytes)], &[]).map(drop)
    }

    fn fetch<T: Item>(&self, from: i32, items: usize) -> Result<Vec<T>> {
        let received = self.comm.exchange(&[], &[(from, items * size_of::<T>())])?;
        let items = received.first().map(|bytes| items_of(bytes)).transpose()?;
        items.ok_or_else(|| Error::new(ErrorKind::State, "no message was received"))
    }
}
