//! Operands of one operation: their context, their type, and views of them with other axes.

use dap_array::{DynArray, ElementType, Result};
use dap_core::algebra::{Slice, Subscript};
use dap_kernels::promote::promote;

pub(crate) use dap_array::argument;

/// The type that two operands are computed in.
///
/// # Errors
/// Operands on different contexts; items that cannot be computed with.
pub(crate) fn common_element(a: &DynArray, b: &DynArray) -> Result<ElementType> {
    if !a.context().is_same(b.context()) {
        return argument(format!("{b:?} is on another context than {a:?}: use one context"));
    }
    Ok(promote(a.number_type()?, b.number_type()?))
}

/// A view with a new axis of one element in front of an axis.
pub(crate) fn with_axis(array: &DynArray, axis: usize) -> Result<DynArray> {
    along(array, axis, Subscript::NewAxis)
}

/// A view of one index of an axis, without the axis.
pub(crate) fn at_index(array: &DynArray, axis: usize, index: i64) -> Result<DynArray> {
    along(array, axis, Subscript::Index(index))
}

/// A view of the indices from `start` to `stop` of an axis, `step` apart.
pub(crate) fn slice(array: &DynArray, axis: usize, start: i64, stop: i64, step: i64) -> Result<DynArray> {
    along(array, axis, Subscript::Slice(Slice { start: Some(start), stop: Some(stop), step: Some(step) }))
}

fn along(array: &DynArray, axis: usize, subscript: Subscript) -> Result<DynArray> {
    let mut subscripts = vec![Subscript::Slice(Slice::ALL); axis];
    subscripts.push(subscript);
    array.part(&subscripts)
}

/// A view with its axes in another order.
pub(crate) fn permuted(array: &DynArray, order: &[usize]) -> Result<DynArray> {
    array.transpose(&order.iter().map(|&axis| axis as i64).collect::<Vec<_>>())
}
