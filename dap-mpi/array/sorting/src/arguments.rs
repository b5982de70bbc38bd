//! The types and axes that arguments mean, and arrays for results.

use dap_array::{DynArray, Element, ElementType, Result};
use dap_core::algebra::Placement;
use dap_ndarray::Item;

/// An array whose elements will be written, on the ranks of a placement.
pub(crate) fn new_array<T: Item + Element>(like: &DynArray, placement: Placement) -> Result<DynArray> {
    let dtype = <T as Item>::dtype();
    match <T as Element>::TYPE {
        // Bytes of any value are no booleans.
        ElementType::Bool => DynArray::zeros(like.context(), placement, &dtype),
        _ => DynArray::empty(like.context(), placement, &dtype),
    }
}
