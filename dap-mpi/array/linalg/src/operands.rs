//! Operands of one operation: their context, their type, and views of them with other axes.

use dap_array::{DynArray, ElementType, Error, ErrorKind, Result};
use dap_core::algebra::{Slice, Subscript};
use dap_kernels::promote::promote;

/// A call that no array can serve: a wrong shape, type or axis.
pub(crate) fn argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Argument, message))
}

/// The type of the elements.
///
/// # Errors
/// Items that can be moved and stored, not computed with.
pub(crate) fn element_of(array: &DynArray) -> Result<ElementType> {
    match array.element() {
        Some(element) => Ok(element),
        None => argument(format!("elements of type {} can be moved, not computed with", array.dtype().name())),
    }
}

/// The type that two operands are computed in.
///
/// # Errors
/// Operands on different contexts; items that cannot be computed with.
pub(crate) fn common_element(a: &DynArray, b: &DynArray) -> Result<ElementType> {
    if !a.context().is_same(b.context()) {
        return argument(format!("{b:?} is on another context than {a:?}: use one context"));
    }
    Ok(promote(element_of(a)?, element_of(b)?))
}

/// A view with a new axis of one element in front of an axis.
pub(crate) fn with_axis(array: &DynArray, axis: usize) -> Result<DynArray> {
    let mut subscripts = vec![Subscript::Slice(Slice::ALL); axis];
    subscripts.push(Subscript::NewAxis);
    array.part(&subscripts)
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

/// The axis that a number means, negative ones counted from the end.
///
/// # Errors
/// An axis that is not there.
pub(crate) fn axis_of(array: &DynArray, axis: i64) -> Result<usize> {
    let ndim = array.ndim() as i64;
    let at = if axis < 0 { axis.saturating_add(ndim) } else { axis };
    if (0..ndim).contains(&at) {
        return Ok(at as usize);
    }
    argument(format!("axis {axis} is not there: the array has {ndim} dimensions"))
}
