//! Computes an expression: operands come together, then one pass over the elements.

use std::rc::Rc;

use dap_core::algebra::Placement;
use dap_core::dtype::Kind;
use dap_kernels::element::ElementType;
use dap_kernels::program::Value;
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;
use dap_ndarray::Buffer;

use super::compiled::{Compiled, filling};
use super::node::{Content, Node};
use super::shared::{keep_all, keep_parts};
use super::shifted::Shifted;
use super::{Moves, compute};
use crate::access::{Writing, read_all, view_mut};
use crate::align;
use crate::array::DynArray;
use crate::context::Context;
use crate::error::argument;
use crate::scalar::Scalar;

/// The result as a new array, noted as a computation of its parts. Collective.
pub(super) fn new_array(root: &Rc<Node>, moves: Moves) -> Result<DynArray> {
    keep_parts(root)?;
    compute::new_array(root, moves)
}

/// An expression whose operands lie on the ranks of the result, or are read with halos.
pub(crate) struct Ready {
    compiled: Compiled,
    pub(super) operands: Vec<DynArray>,
    /// The operands that are read with halos, and lie elsewhere.
    pub(super) shifted: Shifted,
    /// Of the result.
    pub(crate) placement: Placement,
    /// Of the result.
    pub(crate) element: ElementType,
}

impl Ready {
    pub(super) fn of(root: &Rc<Node>, moves: Moves) -> Result<Ready> {
        keep_all(root)?;
        let compiled = Compiled::new(root, None)?;
        let element = root.element();
        // Without an alignment all operands lie together.
        let Some(alignment) = compiled.misaligned(root.shape())? else {
            let (placement, operands) = (compiled.arrays[0].placement().clone(), compiled.arrays.clone());
            let shifted = Shifted::none(&operands);
            return Ok(Ready { compiled, operands, shifted, placement, element });
        };
        let shifted = Shifted::of(&compiled.arrays, &alignment)?;
        let operands = compiled.moved(&alignment, moves, |operand| shifted.has(operand))?;
        let placement = alignment.result().without_padding()?;
        Ok(Ready { compiled, operands, shifted, placement, element })
    }

    pub(crate) fn context(&self) -> &Context {
        self.compiled.arrays[0].context()
    }

    /// Computes a part of this process's elements from the same part of each operand.
    pub(super) fn run(&self, target: ViewMut<'_>, inputs: &[View<'_>]) -> Result<()> {
        self.compiled.compute(target, inputs)
    }
}

/// Writes the result into an array. Collective.
pub(super) fn into_array(target: &DynArray, root: &Rc<Node>, moves: Moves) -> Result<()> {
    target.check_single()?;
    can_hold(target.number_type()?, root)?;
    keep_parts(root)?;
    let compiled = Compiled::new(root, Some(target))?;
    align::check_contexts(&compiled.arrays, target)?;
    let (mut operands, shifted) = match compiled.aligned(target.shape())? {
        Some(placement) if placement == target.placement() => {
            (compiled.arrays.clone(), Shifted::none(&compiled.arrays))
        }
        _ => {
            let alignment = compiled.alignment(Some(target))?;
            let shifted = Shifted::of(&compiled.arrays, &alignment)?;
            (compiled.moved(&alignment, moves, |operand| shifted.has(operand))?, shifted)
        }
    };
    // The right side is as it was before the first write. A copy keeps the failure of a rank.
    for (number, operand) in operands.iter_mut().enumerate() {
        if operand.shares_memory(target) && !shifted.has(number) {
            *operand = operand.copy()?;
        }
    }
    if !shifted.is_empty() {
        return shifted.run(&compiled, &operands, target);
    }
    // Nothing is written if one rank cannot read its operands or write its elements.
    let sides = read_all(&operands).and_then(|readings| Ok((readings, target.write()?)));
    let (readings, writing) = target.context().comm().agree(sides)?;
    if let Err(error) = compiled.run(writing, &readings) {
        target.storage().fail(error);
    }
    Ok(())
}

/// Writes one value to all elements. Local.
pub(super) fn fill(target: &DynArray, value: Value) -> Result<()> {
    filling(target.number_type()?, value)?.run(target.write()?, &[])
}

/// Writes one value to elements of an array that is being made. Local.
///
/// # Errors
/// A value that the type does not have: the same on all ranks.
pub(super) fn fill_new(target: &DynArray, value: Value, writing: Result<Option<Writing<'_>>>) -> Result<()> {
    let compiled = filling(target.number_type()?, value)?;
    if let Err(error) = writing.and_then(|writing| compiled.run(writing, &[])) {
        target.storage().fail(error);
    }
    Ok(())
}

/// The value of an expression without arrays. Local.
pub(super) fn value(root: &Rc<Node>) -> Result<Scalar> {
    let compiled = Compiled::new(root, None)?;
    if let Some(array) = compiled.arrays.first() {
        return argument(format!("{array:?} is an operand: an expression with arrays has no single value"));
    }
    let mut buffer = Buffer::zeros(root.element().dtype(), &[])?;
    compiled.compute(view_mut(&mut buffer)?, &[])?;
    Ok(Scalar::from_bytes(root.element(), buffer.bytes()?))
}

/// Whether an array can hold a result: as NumPy's `same_kind`.
fn can_hold(target: ElementType, root: &Node) -> Result<()> {
    let number = |kind| match kind {
        Kind::Bool => 0,
        Kind::Uint => 1,
        Kind::Int => 2,
        Kind::Float => 3,
        _ => 4,
    };
    // The value of a number of Python or Rust is checked instead.
    let is_number = root.with_content(|content| matches!(content, Content::Weak(Value::Bool(_) | Value::Int(_))));
    let (from, to) = (number(root.element().kind()), number(target.kind()));
    if from <= to || is_number && to > 0 {
        return Ok(());
    }
    let (found, target) = (root.element(), target.name());
    argument(format!("{target} elements cannot hold results of type {found}: convert them with `cast`"))
}
