//! Positions in a sorted array, and membership: each element asks the rank that has the elements
//! next to it.

use dap_array::{DynArray, Element, ElementType, Result, argument};
use dap_kernels::promote::promote;
use dap_kernels::sort::{Order, Side, compare};
use dap_kernels::with_element;
use dap_mpi::Comm;
use dap_ndarray::Item;
use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD};

use crate::arguments::new_array;
use crate::bounds::Bounds;
use crate::element::{Sorted, Travel};
use crate::line::with_elements;
use crate::messages::{STEP, exchanged};
use crate::placement::{bounds_of, in_blocks, in_order, is_partial};
use crate::sort::sort;

/// The positions at which elements can be inserted into a sorted array of one dimension, on one
/// side of equal elements; with a `sorter`, into the array whose elements at these indices are
/// sorted. The result has the distribution of `values`, and items of `i64`. Collective.
///
/// Each element of `values` goes to the rank whose part of the sorted array it falls into, and the
/// position comes back, some at a time.
///
/// # Errors
/// An array of several dimensions; arrays on several contexts; items that can be moved, not
/// computed with; a sorter that [`DynArray::take`] refuses; not enough memory.
#[track_caller]
pub fn searchsorted(sorted: &DynArray, values: &DynArray, side: Side, sorter: Option<&DynArray>) -> Result<DynArray> {
    let _call = sorted.enter("searchsorted", (side, values.shape()))?;
    let (sorted, values, element) = of_one_type(sorted, values)?;
    if sorted.ndim() != 1 {
        let message = format!("the sorted array has {} dimensions, expected 1: reshape it", sorted.ndim());
        return argument(message);
    }
    let sorted = match sorter {
        Some(sorter) => sorted.take(0, sorter)?,
        None => sorted,
    };
    let question = if side == Side::Left { Question::Left } else { Question::Right };
    with_element!(element, T => ask::<T, i64>(&sorted, &values, question, |answer| answer as i64))
}

/// Whether each element is among those of another array, or, inverted, whether it is not. A NaN is
/// not. The result has the distribution of `elements`. Collective: the other array is sorted.
///
/// # Errors
/// Arrays on several contexts; items that can be moved, not computed with; not enough memory.
#[track_caller]
pub fn isin(elements: &DynArray, among: &DynArray, invert: bool) -> Result<DynArray> {
    let _call = elements.enter("isin", (among.shape(), invert))?;
    let (among, elements, element) = of_one_type(among, elements)?;
    let sorted = sort(&among, None, Order::Ascending)?;
    with_element!(element, T => ask::<T, bool>(&sorted, &elements, Question::Has, |answer| (answer != 0) != invert))
}

/// The question that an element asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// How many elements are less?
    Left,
    /// How many elements are not greater?
    Right,
    /// Is one of the elements equal?
    Has,
}

/// Arrays of the type that holds the elements of both.
fn of_one_type(left: &DynArray, right: &DynArray) -> Result<(DynArray, DynArray, ElementType)> {
    if !left.context().is_same(right.context()) {
        return argument("the arrays are on several contexts: use one");
    }
    let types = [left.number_type()?, right.number_type()?];
    let element = promote(types[0], types[1]);
    let cast = |array: &DynArray, from: ElementType| match from == element {
        true => Ok(array.clone()),
        false => array.expr().cast(element).eval(),
    };
    Ok((cast(left, types[0])?, cast(right, types[1])?, element))
}

/// This rank's part of a sorted array, and where the parts of all ranks begin.
struct Parts<'a, T: Sorted> {
    bounds: Bounds,
    /// The first key of each part that has elements, in order.
    firsts: Vec<(usize, T::Indexed)>,
    mine: Option<ArrayView1<'a, T>>,
}

/// The key of an element, for comparisons.
fn key<T: Sorted>(item: T) -> T::Indexed {
    item.indexed(0, Order::Ascending)
}

impl<T: Sorted> Parts<'_, T> {
    fn of<'a>(comm: &Comm, bounds: Bounds, mine: Option<ArrayView1<'a, T>>) -> Result<Parts<'a, T>> {
        let first = mine.as_ref().and_then(|mine| mine.first()).map_or_else(T::Indexed::default, |first| key(*first));
        let mut words = Vec::new();
        T::Indexed::pack(&[first], &mut words);
        let all = comm.gather_words(&words)?;
        let mut firsts = Vec::new();
        for (part, &holder) in bounds.holders.iter().enumerate().filter(|(part, _)| !bounds.range(*part).is_empty()) {
            let words = &all[holder as usize * words.len()..][..words.len()];
            T::Indexed::unpack(words, |records| firsts.extend(records.iter().map(|record| (part, *record))));
        }
        Ok(Parts { bounds, firsts, mine })
    }

    /// The part in which the answer to a question is; `None` if all elements are behind.
    fn part(&self, item: T, question: Question) -> Option<usize> {
        let before = self.firsts.partition_point(|(_, first)| is_before::<T>(first, &key(item), question));
        before.checked_sub(1).map(|at| self.firsts[at].0)
    }

    /// The answer about an element whose place is in this rank's part, which begins at `start`.
    fn answer(&self, item: T, question: Question, start: u64) -> u64 {
        let Some(mine) = &self.mine else { return start };
        let key_of = key(item);
        let position = |question| {
            let (mut low, mut high) = (0, mine.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if is_before::<T>(&key(mine[middle]), &key_of, question) { low = middle + 1 } else { high = middle }
            }
            low as u64
        };
        match question {
            Question::Left | Question::Right => start + position(question),
            Question::Has => u64::from(!item.has_nan() && position(Question::Left) < position(Question::Right)),
        }
    }
}

/// Whether an element of the sorted array stands before the position that a question is about.
fn is_before<T: Sorted>(element: &T::Indexed, item: &T::Indexed, question: Question) -> bool {
    let order = compare(element, item);
    if question == Question::Left { order.is_lt() } else { order.is_le() }
}

/// Asks a question for each element. Collective.
fn ask<T: Sorted, R: Item + Element>(
    sorted: &DynArray,
    items: &DynArray,
    question: Question,
    result_of: impl Fn(u64) -> R,
) -> Result<DynArray> {
    let comm = sorted.context().comm();
    let blocks = if is_partial(sorted.layout()) { in_blocks(sorted)? } else { in_order(sorted.placement(), 0)? };
    let sorted = sorted.redistribute(blocks)?;
    let result = new_array::<R>(items, items.placement().clone())?;
    with_elements::<T, _>(&sorted, |mine| {
        let parts = Parts::of(comm, bounds_of(sorted.placement()), mine)?;
        let sides = items.section_rank().map(|_| Ok((items.local::<T>()?, result.local_mut::<R>()?))).transpose();
        let mut sides = comm.agree(sides)?;
        let mut places = sides.as_mut().map(|(items, result)| (items, result.view()));
        let steps = Steps { comm, question, result_of };
        steps.run(&parts, places.as_mut().map(|(items, result)| (items.view(), result)))
    })?;
    Ok(result)
}

struct Steps<'c, F> {
    comm: &'c Comm,
    question: Question,
    result_of: F,
}

impl<R: Item, F: Fn(u64) -> R> Steps<'_, F> {
    /// Sends the elements of this rank to those that know the answers, some at a time.
    fn run<T: Sorted>(
        &self,
        parts: &Parts<'_, T>,
        sides: Option<(ArrayViewD<'_, T>, &mut ArrayViewMutD<'_, R>)>,
    ) -> Result<()> {
        let Steps { comm, question, result_of } = self;
        let step = (STEP / size_of::<T>().max(8)).max(1);
        let len = sides.as_ref().map_or(0, |(items, _)| items.len());
        let longest = comm.gather_words(&[len as u64])?.into_iter().max().unwrap_or(0);
        let (items, results) = sides.unzip();
        let mut items = items.as_ref().map(|items| items.iter());
        let mut results = results.map(|results| results.iter_mut());
        for _ in 0..(longest as usize).div_ceil(step) {
            // The part of each element of the step, and its elements for each part.
            let mut asked: Vec<Option<usize>> = Vec::new();
            let mut messages: Vec<Vec<T>> = vec![Vec::new(); parts.bounds.holders.len()];
            for item in items.iter_mut().flatten().take(step) {
                let part = parts.part(*item, *question);
                asked.push(part);
                if let Some(part) = part {
                    messages[part].push(*item);
                }
            }
            let holders = parts.bounds.holders.iter().copied();
            let received = exchanged(comm, holders.zip(messages).collect())?;
            let start = parts.bounds.part_of(comm.rank()).map_or(0, |part| parts.bounds.range(part).start);
            let mut answers = Vec::with_capacity(received.len());
            for (rank, message) in received {
                let message = message.view::<T>()?;
                answers.push((rank, message.iter().map(|item| parts.answer(*item, *question, start)).collect()));
            }
            let answers = exchanged::<u64>(comm, answers)?;
            let views = answers.iter().map(|(rank, answer)| Ok((*rank, answer.view::<u64>()?)));
            let views: Vec<(i32, ArrayViewD<'_, u64>)> = views.collect::<Result<_>>()?;
            let mut next: Vec<_> = parts
                .bounds
                .holders
                .iter()
                .map(|holder| views.iter().find(|(rank, _)| rank == holder).map(|(_, view)| view.iter()))
                .collect();
            for (part, result) in asked.into_iter().zip(results.iter_mut().flatten()) {
                let answer = part.and_then(|part| next[part].as_mut()?.next()).copied();
                // Where all elements are behind none is before, or equal.
                *result = result_of(answer.unwrap_or(0));
            }
        }
        Ok(())
    }
}
