//! The operands of an element-wise operation: which of them move, where to, and at what cost.
//!
//! One operand stays and gives the result its distribution: the largest in bytes of those that have
//! the result's shape, or of all if none has; the first of several. In place the target stays. The
//! others move where they must: to the same ranks, along axes of one element a copy to each rank
//! that needs it. Operands whose elements lie there already do not move, however their layouts are
//! described.
//!
//! ```
//! use dap_core::algebra::{Alignment, Operand, Placement, View};
//! use dap_core::layout::{DimSpec, Layout};
//! let matrix = Placement::new(Layout::builder([8, 6]).dims([DimSpec::Block]).processes(4).build()?);
//! let vector = Placement::new(Layout::builder([6]).dims([DimSpec::Cyclic]).processes(4).build()?);
//! let operands = [&matrix, &vector].map(|operand| Operand { view: View::of(operand), itemsize: 8 });
//! let alignment = Alignment::of(&operands, None)?;
//! assert_eq!(alignment.result(), &matrix);
//! let [moved] = alignment.moves() else { panic!("the vector moves") };
//! // Each of four ranks needs all six elements, and has one or two of them.
//! assert_eq!((moved.operand, moved.bytes, moved.cost.messages), (1, Some(8 * (4 * 6 - 6)), 12));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use super::cost::Cost;
use super::placement::Placement;
use super::resized::without_padding;
use super::view::View;
use crate::dim::{Block, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::layout::Layout;

/// An operand of an element-wise operation.
#[derive(Debug, Clone)]
pub struct Operand {
    /// The array.
    pub view: View,
    /// The bytes of an item.
    pub itemsize: i64,
}

/// An operand that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperandMove {
    /// The number of the operand.
    pub operand: usize,
    /// The elements that move. Along axes of one element of the operand there is one copy for each
    /// process of the result.
    pub source: View,
    /// Their new distribution, of the same shape, over the ranks of the result.
    pub target: Placement,
    /// The elements and messages between ranks.
    pub cost: Cost,
    /// The bytes between ranks; `None` beyond 2^63 - 1.
    pub bytes: Option<i64>,
}

/// How the operands of an element-wise operation come together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    result: Placement,
    stays: Option<usize>,
    moves: Vec<OperandMove>,
}

impl Alignment {
    /// The alignment of some operands, in place of `target` if there is one.
    ///
    /// # Errors
    /// No operand and no target; shapes that cannot be broadcast together, or not to the target's;
    /// the errors of [`View::placement`] and [`Placement::cost_to`].
    pub fn of(operands: &[Operand], target: Option<&Placement>) -> Result<Alignment> {
        let shapes: Vec<_> = operands.iter().map(|operand| operand.view.shape()).collect();
        let (result, stays) = match target {
            Some(target) => (target.clone(), None),
            None => {
                let shape = broadcast_shapes(shapes.iter().map(|shape| &shape[..]))?;
                let stays = largest(operands, &shape)?;
                (operands[stays].view.broadcast_to(&shape)?.placement()?, Some(stays))
            }
        };
        let mut moves = Vec::new();
        for (number, operand) in operands.iter().enumerate() {
            // Refuses a shape that the target does not take.
            operand.view.broadcast_to(result.shape())?;
            if stays != Some(number) {
                moves.extend(moved(number, operand, &result)?);
            }
        }
        Ok(Alignment { result, stays, moves })
    }

    /// The distribution of the result.
    pub fn result(&self) -> &Placement {
        &self.result
    }

    /// The operand whose distribution the result has; `None` in place.
    pub fn stays(&self) -> Option<usize> {
        self.stays
    }

    /// The operands that move, in order.
    pub fn moves(&self) -> &[OperandMove] {
        &self.moves
    }
}

/// The shape of arrays that are broadcast together.
///
/// # Errors
/// An extent that is neither 1 nor that of the others; the error names the axis of the result.
pub fn broadcast_shapes<'a>(shapes: impl Iterator<Item = &'a [i64]> + Clone) -> Result<Vec<i64>> {
    let ndim = shapes.clone().map(<[i64]>::len).max().unwrap_or(0);
    let mut result = vec![1; ndim];
    for shape in shapes {
        let new = ndim - shape.len();
        for (axis, &extent) in (new..).zip(shape) {
            let known = &mut result[axis];
            if *known == 1 {
                *known = extent;
            } else if extent != 1 && extent != *known {
                let error = Error::new(ErrorKind::NotBroadcastable).with_dim(axis).with_value("size", extent);
                return Err(error.with_expected(*known));
            }
        }
    }
    Ok(result)
}

/// The operand that stays.
fn largest(operands: &[Operand], shape: &[i64]) -> Result<usize> {
    let bytes = |operand: &Operand| {
        operand
            .view
            .shape()
            .iter()
            .map(|&extent| i128::from(extent))
            .fold(i128::from(operand.itemsize), i128::saturating_mul)
    };
    let has_shape = |operand: &Operand| operand.view.shape()[..] == *shape;
    // Of equal ones the first.
    let order =
        |(number, operand): &(usize, &Operand)| (has_shape(operand), bytes(operand), std::cmp::Reverse(*number));
    let largest = operands.iter().enumerate().max_by_key(order);
    largest
        .map(|(number, _)| number)
        .ok_or_else(|| Error::new(ErrorKind::TooSmall).with_value("operands", 0).with_expected(1))
}

/// The move of an operand to where the result lies; `None` if its elements lie there.
fn moved(number: usize, operand: &Operand, result: &Placement) -> Result<Option<OperandMove>> {
    let own = operand.view.shape();
    let new = result.ndim() - own.len();
    let mut shape = Vec::with_capacity(result.ndim());
    let mut dims = Vec::with_capacity(result.ndim());
    for (axis, dim) in result.layout().dims().iter().enumerate() {
        let extent = axis.checked_sub(new).and_then(|axis| own.get(axis)).copied();
        if extent == Some(dim.size()) {
            shape.push(dim.size());
            dims.push(without_padding(dim)?);
        } else {
            // A copy of its one element for each process.
            shape.push(dim.grid_size());
            dims.push(Dim::from(Block::new(dim.grid_size(), dim.grid_size())?));
        }
    }
    let source = operand.view.broadcast_to(&shape)?;
    let target = Placement::with_ranks(Layout::new(dims)?, result.ranks().clone())?;
    let from = source.placement()?;
    if from.holds_the_same(&target) {
        return Ok(None);
    }
    let cost = from.cost_to(&target)?;
    let bytes = cost.elements.checked_mul(operand.itemsize);
    Ok(Some(OperandMove { operand: number, source, target, cost, bytes }))
}
