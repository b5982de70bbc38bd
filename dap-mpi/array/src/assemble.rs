//! New arrays that are put together from others: joined, stacked, tiled, repeated, rolled, padded.
//!
//! The layout algebra says which part of which operand each part of the result is
//! ([`Assembly`]); each part moves by a plan of its own, and elements that lie on their rank
//! already are copied there.

use dap_core::algebra::{Assembly, PadMode, View};
use dap_kernels::program::Value;
use dap_kernels::promote::promote;
use dap_mpi::Result;
use dap_mpi::watch::Call;

use crate::align::check_contexts;
use crate::array::DynArray;
use crate::calls::Same;
use crate::error::{Checked, argument};

impl DynArray {
    /// Arrays one behind the other along an axis, in the first one's distribution, along the axis
    /// as even as can be. Items of different types become the type that holds all of them.
    /// Collective.
    ///
    /// # Errors
    /// No array; arrays on several contexts; another number of axes, or other extents along the
    /// other axes; an axis that is not there; not enough memory.
    #[track_caller]
    pub fn concatenate(arrays: &[&DynArray], axis: i64) -> Result<DynArray> {
        let _call = entered("concatenate", arrays, axis)?;
        joined(arrays, |views| Assembly::concatenate(views, axis))
    }

    /// Arrays of one shape as the elements of a new axis, which is not distributed. Collective.
    ///
    /// # Errors
    /// As [`concatenate`](DynArray::concatenate).
    #[track_caller]
    pub fn stack(arrays: &[&DynArray], axis: i64) -> Result<DynArray> {
        let _call = entered("stack", arrays, axis)?;
        joined(arrays, |views| Assembly::stack(views, axis))
    }

    /// The array `repeats` times one behind the other along each axis, as NumPy's `tile`.
    /// Collective.
    ///
    /// # Errors
    /// A number below 0; not enough memory.
    #[track_caller]
    pub fn tile(&self, repeats: &[i64]) -> Result<DynArray> {
        let _call = self.enter("tile", repeats)?;
        self.rearranged(Assembly::tile(self.view(), repeats), None)
    }

    /// Each element `times` times along an axis. Collective.
    ///
    /// # Errors
    /// A number below 0; an axis that is not there; not enough memory.
    #[track_caller]
    pub fn repeat(&self, times: i64, axis: i64) -> Result<DynArray> {
        let _call = self.enter("repeat", (times, axis))?;
        self.rearranged(Assembly::repeat(self.view(), times, axis), None)
    }

    /// The elements moved by `shifts` along some axes, round the ends. Collective.
    ///
    /// # Errors
    /// Another number of shifts than of axes; an axis that is not there, or named twice; not enough
    /// memory.
    #[track_caller]
    pub fn roll(&self, shifts: &[i64], axes: &[i64]) -> Result<DynArray> {
        let _call = self.enter("roll", (shifts, axes))?;
        self.rearranged(Assembly::roll(self.view(), shifts, axes), None)
    }

    /// The array with new elements before and behind it along each axis: of the array itself as
    /// `mode` says, or `value` for [`PadMode::Constant`]. Collective.
    ///
    /// # Errors
    /// Another number of widths than of axes, or one below 0; padding of an axis without elements
    /// by its own elements; a value that the type does not have; not enough memory.
    #[track_caller]
    pub fn pad(&self, widths: &[[i64; 2]], mode: PadMode, value: impl Into<Value>) -> Result<DynArray> {
        let _call = self.enter("pad", widths)?;
        self.rearranged(Assembly::pad(self.view(), widths, mode), Some(value.into()))
    }

    fn rearranged(&self, assembly: dap_core::error::Result<Assembly>, value: Option<Value>) -> Result<DynArray> {
        assembled(&assembly.checked()?, &[self], value)
    }
}

/// Begins a collective call on arrays; without one there is none.
#[track_caller]
fn entered(name: &'static str, arrays: &[&DynArray], axis: i64) -> Result<Option<Call>> {
    // No closure, which would be the caller.
    match arrays.first() {
        Some(first) => Ok(Some(first.context().enter(name, (Same(arrays), axis))?)),
        None => Ok(None),
    }
}

/// Operands of one type of items, put together.
fn joined(arrays: &[&DynArray], assembly: impl Fn(&[View]) -> dap_core::error::Result<Assembly>) -> Result<DynArray> {
    let Some(first) = arrays.first() else { return argument("no array is given: at least one is needed") };
    check_contexts(arrays.iter().copied(), first)?;
    let arrays = of_one_type(arrays)?;
    let views: Vec<View> = arrays.iter().map(|array| array.view().clone()).collect();
    assembled(&assembly(&views).checked()?, &arrays.iter().collect::<Vec<_>>(), None)
}

/// The arrays with items of the type that holds those of all.
fn of_one_type(arrays: &[&DynArray]) -> Result<Vec<DynArray>> {
    if arrays.iter().all(|array| array.dtype() == arrays[0].dtype()) {
        return Ok(arrays.iter().map(|&array| array.clone()).collect());
    }
    let types = arrays.iter().map(|array| array.number_type()).collect::<Result<Vec<_>>>()?;
    let element = types[1..].iter().fold(types[0], |all, &element| promote(all, element));
    let converted = arrays.iter().map(|&array| match array.element() {
        Some(same) if same == element => Ok(array.clone()),
        _ => array.expr().cast(element).eval(),
    });
    converted.collect()
}

/// Each part of the result from its operand, or `value`.
fn assembled(assembly: &Assembly, operands: &[&DynArray], value: Option<Value>) -> Result<DynArray> {
    let first = operands[0];
    let result = DynArray::empty(first.context(), assembly.result().clone(), first.dtype())?;
    for piece in assembly.pieces() {
        let piece = piece?;
        let target = result.viewed(Ok(piece.target))?;
        match (piece.source, value) {
            (Some(source), _) => target.copy_from(&operands[source.operand].viewed(Ok(source.view))?)?,
            (None, Some(value)) => target.fill_new(value, target.write())?,
            (None, None) => return argument("a part of the result has no elements: give a value"),
        }
    }
    Ok(result)
}
