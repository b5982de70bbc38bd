//! Indexing by Python's rules, one element after the other: the oracle of views.

use dap_array::DynArray;
use dap_core::algebra::{Slice, Subscript};
use ndarray::Axis;
use proptest::prelude::*;

use crate::twin::{Twin, extents};

/// A step from a view to the next one; numbers are reduced to what the view has.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of the operations that the variants name")]
pub enum Step {
    Index { axis: usize, at: i64 },
    Slice { axis: usize, slice: Slice },
    NewAxis { axis: usize },
    Transpose(Vec<usize>),
    Flip { axis: usize },
    Repeat { times: i64 },
}

/// Random steps.
pub fn steps() -> impl Strategy<Value = Step> {
    let bound = prop::option::of(-14..14_i64);
    let stride = prop_oneof![3 => Just(None), 3 => (1..4_i64).prop_map(Some), 2 => (-3..0_i64).prop_map(Some)];
    let slice = (bound.clone(), bound, stride).prop_map(|(start, stop, step)| Slice { start, stop, step });
    prop_oneof![
        1 => (0..4_usize, 0..99_i64).prop_map(|(axis, at)| Step::Index { axis, at }),
        5 => (0..4_usize, slice).prop_map(|(axis, slice)| Step::Slice { axis, slice }),
        1 => (0..4_usize).prop_map(|axis| Step::NewAxis { axis }),
        2 => Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle().prop_map(Step::Transpose),
        1 => (0..4_usize).prop_map(|axis| Step::Flip { axis }),
        1 => (1..4_i64).prop_map(|times| Step::Repeat { times }),
    ]
}

/// The indices that Python's `range(*slice.indices(size))` gives, found one by one.
pub fn indices(slice: Slice, size: i64) -> Vec<usize> {
    let step = slice.step.unwrap_or(1);
    let bound = |bound: Option<i64>, missing: i64| match bound {
        None => missing,
        Some(bound) if bound < 0 => (bound + size).max(if step < 0 { -1 } else { 0 }),
        Some(bound) => bound.min(if step < 0 { size - 1 } else { size }),
    };
    let (start, stop) = match step {
        1.. => (bound(slice.start, 0), bound(slice.stop, size)),
        _ => (bound(slice.start, size - 1), bound(slice.stop, -1)),
    };
    let mut found = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        found.push(at as usize);
        at += step;
    }
    found
}

impl Twin {
    /// One step of both; a step that this view cannot take leaves it as it is.
    ///
    /// # Panics
    /// The array refuses a step that its oracle can take.
    pub fn step(self, step: &Step) -> Twin {
        let Twin { array, whole } = &self;
        let ndim = whole.ndim();
        let along = |axis: usize, subscript: Subscript| -> DynArray {
            let all = std::iter::repeat_n(Subscript::Slice(Slice::ALL), axis);
            let subscripts: Vec<_> = all.chain([subscript]).collect();
            array.part(&subscripts).unwrap_or_else(|error| panic!("{array:?}[{subscripts:?}]: {error}"))
        };
        match step {
            &Step::Index { axis, at } if ndim > 0 && whole.shape()[axis % ndim] > 0 => {
                let axis = axis % ndim;
                let size = whole.shape()[axis] as i64;
                let at = at.rem_euclid(2 * size) - size; // also negative ones
                let whole = whole.index_axis(Axis(axis), at.rem_euclid(size) as usize).to_owned();
                Twin { array: along(axis, Subscript::Index(at)), whole }
            }
            &Step::Slice { axis, slice } if ndim > 0 => {
                let axis = axis % ndim;
                let whole = whole.select(Axis(axis), &indices(slice, whole.shape()[axis] as i64));
                Twin { array: along(axis, Subscript::Slice(slice)), whole }
            }
            &Step::NewAxis { axis } if ndim < 6 => {
                let axis = axis % (ndim + 1);
                Twin { array: along(axis, Subscript::NewAxis), whole: whole.clone().insert_axis(Axis(axis)) }
            }
            Step::Transpose(order) => {
                let order: Vec<usize> = order.iter().copied().filter(|&axis| axis < ndim).collect();
                let all: Vec<usize> = order.iter().copied().chain(5..ndim).collect();
                let signed: Vec<i64> = all.iter().map(|&axis| axis as i64).collect();
                let array = array.transpose(&signed).expect("each axis once");
                Twin { array, whole: whole.clone().permuted_axes(all) }
            }
            &Step::Flip { axis } if ndim > 0 => {
                let axis = axis % ndim;
                let order: Vec<usize> = (0..whole.shape()[axis]).rev().collect();
                let array = array.flip(&[axis as i64 - ndim as i64]).expect("an axis");
                Twin { array, whole: whole.select(Axis(axis), &order) }
            }
            &Step::Repeat { times } if ndim < 5 => {
                let mut shape = vec![times];
                let longer = |&extent: &i64| if extent == 1 { times } else { extent };
                shape.extend(array.shape().iter().map(longer));
                let array = array.broadcast_to(&shape).expect("axes of one element grow");
                Twin { array, whole: whole.broadcast(extents(&shape)).expect("the same rule").to_owned() }
            }
            _ => self,
        }
    }
}
