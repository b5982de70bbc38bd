//! The places in arrays of indices that one process's part of a selection has.

use dap_core::algebra::Placement;
use ndarray::{ArrayD, Axis, CowArray, Slice};

use crate::context::Context;
use crate::owned;

/// The places that a process has along each axis of the arrays of indices; all their combinations,
/// in C order, are its part.
#[derive(Debug)]
pub(super) struct Places {
    /// `None` if the process has no part of the result.
    axes: Option<Vec<Vec<i64>>>,
}

impl Places {
    /// Those of this process, where the axes of the index arrays stand in the result behind
    /// `in_front` others.
    pub(super) fn of(context: &Context, result: &Placement, in_front: usize, ndim: usize) -> Places {
        let section = result.ranks().section(context.rank());
        let ranks = section.and_then(|section| result.layout().grid().coordinates(section));
        let axes = ranks.map(|ranks| {
            (in_front..in_front + ndim).map(|axis| owned::indices(&result.layout().dims()[axis], ranks[axis])).collect()
        });
        Places { axes }
    }

    /// Whether the places ascend in C order of the whole index arrays.
    pub(super) fn is_ascending(&self) -> bool {
        self.axes.as_ref().is_none_or(|axes| axes.iter().all(|places| places.is_sorted()))
    }

    /// The numbers of the places in C order of the whole index arrays.
    pub(super) fn numbers(&self, shape: &[i64]) -> Vec<u64> {
        let Some(axes) = &self.axes else { return Vec::new() };
        axes.iter().zip(shape).fold(vec![0], |numbers, (places, &extent)| {
            let along = |number: u64| places.iter().map(move |&at| number * extent as u64 + at as u64);
            numbers.into_iter().flat_map(along).collect()
        })
    }

    /// The indices at the places of an array that is broadcast to the shape of all; `None` if it
    /// cannot be broadcast.
    pub(super) fn take(&self, array: &ArrayD<i64>, shape: &[i64]) -> Option<Vec<i64>> {
        let extents: Vec<usize> = shape.iter().map(|&extent| extent as usize).collect();
        array.broadcast(extents)?;
        let Some(axes) = &self.axes else { return Some(Vec::new()) };
        let in_front = axes.len() - array.ndim();
        let mut part = CowArray::from(array.view());
        for (axis, places) in axes[in_front..].iter().enumerate() {
            let axis = Axis(axis);
            if array.len_of(axis) == 1 {
                continue;
            }
            let places: Vec<usize> = places.iter().map(|&at| at as usize).collect();
            if places.windows(2).all(|pair| pair[1] == pair[0] + 1) {
                let from = places.first().copied().unwrap_or(0);
                part.slice_axis_inplace(axis, Slice::from(from..from + places.len()));
            } else {
                part = part.select(axis, &places).into();
            }
        }
        let extents: Vec<usize> = axes.iter().map(Vec::len).collect();
        let part = part.broadcast(extents)?;
        Some(part.iter().copied().collect())
    }
}
