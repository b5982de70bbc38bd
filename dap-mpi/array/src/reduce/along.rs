//! Reductions over some axes: each section of the result has one owner, to whom the other ranks
//! with elements of it send their partial results, a block of outputs at a time.

use std::ops::Range;

use dap_core::algebra::{CommRank, Replicas};
use dap_kernels::element::ElementType;
use dap_kernels::program::Value;
use dap_kernels::view::View;
use dap_mpi::{Comm, Error, ErrorKind, Pieces, Result};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use super::pass::Pass;
use super::passes::Passes;
use crate::access::{Reading, Writing, agreed, in_ranges};
use crate::array::DynArray;
use crate::error::Checked;

/// The words of partial results that are sent at once.
const MOST_WORDS: usize = 1 << 19;

/// Reduces elements, each of which one rank has, along some axes.
pub(super) fn reduce(array: &DynArray, passes: &Passes, axes: &[usize], keepdims: bool) -> Result<DynArray> {
    let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let replicas = array.placement().reduce(Some(&signed), keepdims)?;
    let context = array.context();
    let result = DynArray::empty(context, replicas.owners().clone(), &passes.element.dtype())?;
    let (reading, mut writing) = agreed(array, &result)?;
    let group = Group::of(&replicas, context.comm());
    if let Some(group) = group {
        each_block(passes, &group, reading.as_ref(), writing.as_mut(), axes)?;
    }
    writing.map_or(Ok(()), Writing::finish)?;
    Ok(result)
}

/// Reduces this process's elements, a block of outputs after the other.
fn each_block(
    passes: &Passes,
    group: &Group<'_>,
    reading: Option<&Reading<'_>>,
    mut writing: Option<&mut Writing<'_>>,
    axes: &[usize],
) -> Result<()> {
    let missing = || Error::new(ErrorKind::State, "this rank has no elements of the section that it holds");
    let view = reading.ok_or_else(missing)?.view()?;
    let kept: Vec<usize> = (0..view.ndim()).filter(|axis| !axes.contains(axis)).collect();
    let extents: Vec<i64> = kept.iter().map(|&axis| view.shape()[axis] as i64).collect();
    // Pieces of the outputs, one behind the other in C order.
    let pieces = Pieces::new(&extents, Order::C, (MOST_WORDS / passes.first.words()).max(1) as i64);
    let mut from = 0;
    for number in 0..pieces.count() {
        let block = in_ranges(&view, &kept, &pieces.get(number))?;
        let outputs: usize = kept.iter().map(|&axis| block.shape()[axis]).product();
        let values = group.reduce(passes, &block, axes, &kept)?;
        if let (Some(writing), Some(values)) = (&mut writing, values) {
            put(writing.buffer_mut(), passes.element, from..from + outputs, &values)?;
        }
        from += outputs;
    }
    Ok(())
}

/// The ranks that have elements of this rank's section of a reduction, in the order of their
/// coordinates along the reduced axes: the first one is the section's owner. `None` if this rank
/// has no section.
pub(crate) fn sharing(replicas: &Replicas, comm: &Comm) -> Option<Vec<i32>> {
    let section = replicas.section(CommRank(comm.rank().into()))?;
    // Ranks of the communicator: the operand's placement was checked against it.
    Some(replicas.holders(section).filter_map(|rank| i32::try_from(rank.0).ok()).collect())
}

/// The ranks that have elements of one section of the result; the first is its owner.
struct Group<'c> {
    comm: &'c Comm,
    others: Vec<i32>,
    owner: i32,
}

impl Group<'_> {
    fn of<'c>(replicas: &Replicas, comm: &'c Comm) -> Option<Group<'c>> {
        let mut ranks = sharing(replicas, comm)?.into_iter();
        Some(Group { comm, owner: ranks.next()?, others: ranks.collect() })
    }

    fn is_owner(&self) -> bool {
        self.owner == self.comm.rank()
    }

    /// The values of a block's outputs, on the owner.
    fn reduce(&self, passes: &Passes, block: &View<'_>, axes: &[usize], kept: &[usize]) -> Result<Option<Vec<Value>>> {
        let first = &*passes.first;
        let words = self.merged(first, first.run(block, Some(axes))?)?;
        let finished: Vec<Option<Value>> = words.chunks(first.words()).map(|words| first.finish(words)).collect();
        let mut open: Vec<usize> = (0..finished.len()).filter(|&output| finished[output].is_none()).collect();
        let mut values: Vec<Value> = finished.into_iter().map(|value| value.unwrap_or(Value::Bool(false))).collect();
        if let Some(second) = passes.second.as_deref() {
            self.share(&mut open)?;
            // Accumulators are large: some outputs at a time.
            for outputs in open.chunks((MOST_WORDS / second.words()).max(1)) {
                let mut words = Vec::with_capacity(outputs.len() * second.words());
                for &output in outputs {
                    words.extend(second.run(&picked(block, kept, output)?, None)?);
                }
                let words = self.merged(second, words)?;
                for (&output, words) in outputs.iter().zip(words.chunks(second.words())) {
                    values[output] = second.finish(words).expect("the second pass decides");
                }
            }
        }
        Ok(self.is_owner().then_some(values))
    }

    /// The group's words, merged in rank order, on the owner; nothing on the others.
    fn merged(&self, pass: &dyn Pass, mut mine: Vec<u64>) -> Result<Vec<u64>> {
        if !self.is_owner() {
            self.comm.exchange_words(&[(self.owner, &mine)], &[])?;
            return Ok(Vec::new());
        }
        for &rank in &self.others {
            let received = self.comm.exchange_words(&[], &[(rank, mine.len())])?;
            let partials =
                mine.chunks_mut(pass.words()).zip(received.iter().flat_map(|words| words.chunks(pass.words())));
            partials.for_each(|(mine, other)| pass.merge(mine, other));
        }
        Ok(mine)
    }

    /// Makes the owner's list of outputs known to the group.
    fn share(&self, outputs: &mut Vec<usize>) -> Result<()> {
        let words: Vec<u64> = outputs.iter().map(|&output| output as u64).collect();
        let count = [words.len() as u64];
        if self.is_owner() {
            let counts: Vec<_> = self.others.iter().map(|&rank| (rank, &count[..])).collect();
            self.comm.exchange_words(&counts, &[])?;
            if !words.is_empty() {
                let lists: Vec<_> = self.others.iter().map(|&rank| (rank, &words[..])).collect();
                self.comm.exchange_words(&lists, &[])?;
            }
            return Ok(());
        }
        let from_owner = |len: usize| -> Result<Vec<u64>> {
            Ok(self.comm.exchange_words(&[], &[(self.owner, len)])?.pop().unwrap_or_default())
        };
        let count = from_owner(1)?.first().copied().unwrap_or(0) as usize;
        *outputs =
            if count > 0 { from_owner(count)?.into_iter().map(|output| output as usize).collect() } else { Vec::new() };
        Ok(())
    }
}

/// The elements at one index of each of some axes: `number` counts their indices in C order.
fn picked<'v>(view: &View<'v>, axes: &[usize], number: usize) -> Result<View<'v>> {
    let mut rest = number;
    let mut part = view.clone();
    for &axis in axes.iter().rev() {
        let extent = view.shape()[axis];
        part = part.slice_axis(axis, rest % extent, 1, 1).checked()?;
        rest /= extent;
    }
    Ok(part)
}

/// Writes values of consecutive elements, in C order.
fn put(result: &mut Buffer, element: ElementType, outputs: Range<usize>, values: &[Value]) -> Result<()> {
    let size = element.size();
    let bytes = result.bytes_mut()?;
    let places = bytes[outputs.start * size..outputs.end * size].chunks_exact_mut(size);
    for (place, value) in places.zip(values) {
        let item = value.bytes(element).expect("the value of a reduction is one of its type");
        place.copy_from_slice(&item[..size]);
    }
    Ok(())
}
