//! Computes an expression to a new array.

use std::rc::Rc;

use dap_core::algebra::{Alignment, OperandMove, Placement};
use dap_kernels::element::ElementType;
use dap_mpi::Result;

use super::Moves;
use super::compiled::Compiled;
use super::node::Node;
use super::shifted::Shifted;
use crate::access::compute_new;
use crate::array::DynArray;

/// The result as a new array. Collective, but local if all operands lie alike.
pub(super) fn new_array(root: &Rc<Node>, moves: Moves) -> Result<DynArray> {
    let compiled = Compiled::new(root, None)?;
    let new = |placement: Placement| DynArray::empty(compiled.arrays[0].context(), placement, &root.element().dtype());
    let Some(alignment) = compiled.misaligned(root.shape())? else {
        let result = new(compiled.arrays[0].placement().clone())?;
        compute_new(&result, &compiled.arrays, |target, inputs| compiled.compute(target, inputs));
        return Ok(result);
    };
    let placement = alignment.result().without_padding()?;
    let shifted = Shifted::of(&compiled.arrays, &alignment)?;
    if !shifted.is_empty() {
        let operands = compiled.moved(&alignment, moves, |operand| shifted.has(operand))?;
        let result = new(placement)?;
        shifted.run(&compiled, &operands, &result)?;
        return Ok(result);
    }
    if let Some(moved) = in_result(&compiled, &alignment, &placement, root.element()) {
        return through_result(root, &compiled, &alignment, moves, moved);
    }
    let operands = compiled.moved(&alignment, moves, |_| false)?;
    let result = new(placement)?;
    compute_new(&result, &operands, |target, inputs| compiled.compute(target, inputs));
    Ok(result)
}

/// The move of an operand that can have the memory of the result: its elements are of the same type
/// and number.
fn in_result(compiled: &Compiled, alignment: &Alignment, placement: &Placement, element: ElementType) -> Option<usize> {
    let fits = |it: &OperandMove| compiled.arrays[it.operand].element() == Some(element) && it.target == *placement;
    alignment.moves().iter().position(fits)
}

/// The result as a new array, into whose memory one of the operands moves first: it is computed in
/// place, and the operand is never held beside it. Collective.
fn through_result(
    root: &Rc<Node>,
    compiled: &Compiled,
    alignment: &Alignment,
    moves: Moves,
    moved: usize,
) -> Result<DynArray> {
    let it = &alignment.moves()[moved];
    let array = &compiled.arrays[it.operand];
    let mut operands = compiled.moved(alignment, moves, |operand| operand == it.operand)?;
    operands.remove(it.operand);
    let result = array.empty_like_on(&it.target)?;
    result.copy_from(&array.viewed(Ok(it.source.clone()))?)?;
    // The same program, which reads this operand where it writes the result.
    let compiled = Compiled::new(root, Some(array))?;
    compute_new(&result, &operands, |target, inputs| compiled.compute(target, inputs));
    Ok(result)
}
