//! The operands of one operation come together: which move, and where to.

use dap_core::algebra::{Alignment, Operand};
use dap_mpi::Result;

use crate::array::DynArray;
use crate::error::{Checked, argument};

/// Refuses operands on another context than `first`'s.
///
/// # Errors
/// An operand on another context.
pub(crate) fn check_contexts<'a>(arrays: impl IntoIterator<Item = &'a DynArray>, first: &DynArray) -> Result<()> {
    match arrays.into_iter().find(|array| !array.context().is_same(first.context())) {
        Some(other) => argument(format!("{other:?} is on another context than {first:?}: use one context")),
        None => Ok(()),
    }
}

/// Which operands move, and the distribution of the result. In place of `target` if there is one.
///
/// # Errors
/// Shapes that cannot be broadcast together, or not to the target's.
pub(crate) fn alignment(arrays: &[DynArray], target: Option<&DynArray>) -> Result<Alignment> {
    let operand = |array: &DynArray| Operand { view: array.view().clone(), itemsize: array.dtype().itemsize() };
    let operands: Vec<Operand> = arrays.iter().map(operand).collect();
    Alignment::of(&operands, target.map(DynArray::placement)).checked()
}

/// The operands on the ranks of the result, but those that stay. Collective if one moves.
///
/// # Errors
/// A failure of an operand on some rank; not enough memory.
pub(crate) fn moved(
    arrays: &[DynArray],
    alignment: &Alignment,
    stays: impl Fn(usize) -> bool,
) -> Result<Vec<DynArray>> {
    let mut operands = arrays.to_vec();
    for it in alignment.moves().iter().filter(|it| !stays(it.operand)) {
        let array = &arrays[it.operand];
        let source = array.viewed(Ok(it.source.clone()))?;
        let moved = array.empty_like_on(&it.target)?;
        moved.copy_from(&source)?;
        operands[it.operand] = moved;
    }
    Ok(operands)
}
