//! Diagonals of matrices and their sums.

use dap_array::{DynArray, Indices, Reduction, Result};
use dap_core::layout::Layout;

use crate::operands::argument;

/// The diagonals of matrices in the last two axes, as a last axis: elements `t, t + offset`, of a
/// negative offset `t - offset, t`. A diagonal outside of the matrix is empty. Collective.
///
/// Owners send the elements to where an index array of that length lies: in blocks over the ranks
/// along the rows.
///
/// # Errors
/// Fewer than two axes; a failure of the array on some rank.
#[track_caller]
pub fn diagonal(array: &DynArray, offset: i64) -> Result<DynArray> {
    let _call = array.enter("diagonal", offset)?;
    if array.ndim() < 2 {
        return argument(format!("a diagonal of an array of shape {:?}: it needs two axes", array.shape()));
    }
    of_axes(array, array.ndim() - 2, array.ndim() - 1, offset)
}

/// The diagonal along two axes that are neighbours, in their place. Collective.
pub(crate) fn of_axes(array: &DynArray, first: usize, second: usize, offset: i64) -> Result<DynArray> {
    let (down, right) = (offset.saturating_neg().max(0), offset.max(0));
    let shape = array.shape();
    let len = shape[first].saturating_sub(down).min(shape[second].saturating_sub(right)).max(0);
    let processes = array.layout().processes().min(len.max(1));
    let layout = Layout::builder([len]).processes(processes).build()?;
    let indices = |start: i64| DynArray::from_fn(array.context(), &layout, |index| index[0] + start);
    // Beyond the end there is no index, and no start to add.
    let (rows, columns) = (indices(if len == 0 { 0 } else { down })?, indices(if len == 0 { 0 } else { right })?);
    let axes = [first as i64, second as i64];
    array.take_along(&axes, &[Indices::from(&rows), Indices::from(&columns)])
}

/// The sums of [`diagonal`]s, exact and rounded once; of integers as NumPy's `sum`, of booleans
/// their number. Collective.
///
/// # Errors
/// As [`diagonal`]; items that cannot be computed with.
#[track_caller]
pub fn trace(array: &DynArray, offset: i64) -> Result<DynArray> {
    let _call = array.enter("trace", offset)?;
    array.number_type()?;
    diagonal(array, offset)?.reduce_along(Reduction::Sum, &[-1], false)
}
