//! The types and axes that arguments mean, and arrays for results.

use dap_array::{DynArray, Element, ElementType, Result};
use dap_core::algebra::Placement;
use dap_mpi::{Error, ErrorKind};
use dap_ndarray::Item;

/// The type of an array's elements.
pub(crate) fn number_type(array: &DynArray) -> Result<ElementType> {
    let message = || format!("elements of type {} can be moved, not sorted", array.dtype().name());
    array.element().ok_or_else(|| Error::new(ErrorKind::Argument, message()))
}

/// The axis that a number means.
pub(crate) fn axis_of(array: &DynArray, axis: i64) -> Result<usize> {
    let ndim = array.ndim() as i64;
    let at = if axis < 0 { axis.saturating_add(ndim) } else { axis };
    match (0..ndim).contains(&at) {
        true => Ok(at as usize),
        false => {
            let message = format!("axis {axis} is not there: the array has {ndim} dimensions");
            Err(Error::new(ErrorKind::Argument, message))
        }
    }
}

/// An array whose elements will be written, on the ranks of a placement.
pub(crate) fn new_array<T: Item + Element>(like: &DynArray, placement: Placement) -> Result<DynArray> {
    let dtype = <T as Item>::dtype();
    match <T as Element>::TYPE {
        // Bytes of any value are no booleans.
        ElementType::Bool => DynArray::zeros(like.context(), placement, &dtype),
        _ => DynArray::empty(like.context(), placement, &dtype),
    }
}
