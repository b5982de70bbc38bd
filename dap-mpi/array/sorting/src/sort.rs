//! Elements in order, and the indices that sort them.

use dap_array::{DynArray, Result, argument};
use dap_core::algebra::{Slice, Subscript};
use dap_kernels::sort::Order;
use dap_kernels::with_element;

use crate::arguments::new_array;
use crate::element::Sorted;
use crate::line::{Places, Task, Values};
use crate::placement::{bounds_of, in_blocks, in_order, is_local, is_partial, resized};
use crate::{local, slabs};

/// The elements in order along an axis, a negative one counted from the end; without an axis those
/// of the array in one dimension. The result has the distribution of the array. Collective.
///
/// NaN are behind all numbers, in descending order before them; -0 stands before +0. Complex
/// numbers are in the order of their real, then of their imaginary parts.
///
/// ```no_run
/// # fn example(x: &dap_array::DynArray) -> dap_array::Result<()> {
/// use dap_sorting::{Order, sort};
/// let rows = sort(x, Some(-1), Order::Ascending)?;
/// let greatest_first = sort(x, None, Order::Descending)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// An axis that is not there; items that can be moved, not computed with; not enough memory.
#[track_caller]
pub fn sort(array: &DynArray, axis: Option<i64>, order: Order) -> Result<DynArray> {
    let _call = array.enter("sort", (axis, order))?;
    let element = array.number_type()?;
    with_element!(element, T => along::<T, Values>(&Values(order), array, axis, None))
}

/// The indices along an axis that sort the elements; without an axis those in the array's C order.
/// Equal elements keep their order, in both directions. The result has the distribution of the
/// array, and items of `i64`. Collective.
///
/// # Errors
/// As [`sort`].
#[track_caller]
pub fn argsort(array: &DynArray, axis: Option<i64>, order: Order) -> Result<DynArray> {
    let _call = array.enter("argsort", (axis, order))?;
    let element = array.number_type()?;
    with_element!(element, T => along::<T, Places>(&Places(order), array, axis, None))
}

/// The first `k` elements in an order along an axis, and their indices; without an axis those of
/// all elements. The results have the distribution of the array, along the axis in blocks; on a
/// distributed axis only the `k` elements of each line move. Equal elements are in the order of
/// their indices. Collective.
///
/// In [`Order::Descending`] these are the greatest elements, NaN first of all. -0 and +0 are equal,
/// so that of zeros a value may have another sign than the element at the index.
///
/// # Errors
/// As [`sort`]; more elements than there are along the axis, or a number below 0.
#[track_caller]
pub fn topk(array: &DynArray, k: i64, axis: Option<i64>, order: Order) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("topk", (k, axis, order))?;
    let element = array.number_type()?;
    with_element!(element, T => {
        let values = along::<T, Values>(&Values(order), array, axis, Some(k))?;
        Ok((values, along::<T, Places>(&Places(order), array, axis, Some(k))?))
    })
}

/// The first `len` elements, or all, of sorted lines, by the way that moves least.
fn along<T: Sorted, K: Task<T>>(task: &K, array: &DynArray, axis: Option<i64>, len: Option<i64>) -> Result<DynArray> {
    let Some(axis) = axis else { return along(task, &array.reshape(&[-1])?, Some(0), len) };
    let axis = array.axes(&[axis])?[0];
    let extent = array.shape()[axis];
    let len = len.unwrap_or(extent);
    if !(0..=extent).contains(&len) {
        let message = format!("{len} elements of an axis that has {extent}: expected 0 to {extent}");
        return argument(message);
    }
    let placement = resized(array.placement(), axis, len)?;
    if is_partial(array.layout()) {
        // An index on two ranks is one element: blocks have each once.
        let blocks = array.redistribute(in_blocks(array)?)?;
        return along(task, &blocks, Some(axis as i64), Some(len))?.redistribute(placement);
    }
    if is_local(&array.layout().dims()[axis]) {
        let result = new_array::<K::Output>(array, placement)?;
        array.context().comm().agree(local::lines(task, array, axis, &result))?;
        return Ok(result);
    }
    let result = new_array::<K::Output>(array, in_order(&placement, axis)?)?;
    if array.ndim() == 1 || !slabs::sort(task, array, axis, &result)? {
        each_line(task, array, axis, &result)?;
    }
    result.redistribute(placement)
}

/// Sorts one line of a distributed axis after the other.
fn each_line<T: Sorted, K: Task<T>>(task: &K, array: &DynArray, axis: usize, result: &DynArray) -> Result<()> {
    let others: Vec<i64> = (0..array.ndim()).filter(|&at| at != axis).map(|at| array.shape()[at]).collect();
    let lines: i64 = others.iter().product();
    for number in 0..lines {
        let mut rest = number;
        let mut index = vec![0; others.len()];
        for (at, &extent) in index.iter_mut().zip(&others).rev() {
            (*at, rest) = (rest % extent, rest / extent);
        }
        let mut subscripts: Vec<Subscript> = index.into_iter().map(Subscript::Index).collect();
        subscripts.insert(axis, Subscript::Slice(Slice::ALL));
        one_line(task, &array.part(&subscripts)?, &result.part(&subscripts)?)?;
    }
    Ok(())
}

fn one_line<T: Sorted, K: Task<T>>(task: &K, line: &DynArray, result: &DynArray) -> Result<()> {
    let bounds = bounds_of(result.placement());
    let target = result.section_rank().map(|_| result.local_mut::<K::Output>()).transpose();
    let Some(mut target) = line.context().comm().agree(target)? else {
        return task.distributed(line, &bounds, &mut []);
    };
    let mut view = target.view();
    if let Some(to) = view.as_slice_mut() {
        return task.distributed(line, &bounds, to);
    }
    let mut output = vec![K::Output::default(); view.len()];
    task.distributed(line, &bounds, &mut output)?;
    view.iter_mut().zip(output).for_each(|(to, item)| *to = item);
    Ok(())
}
