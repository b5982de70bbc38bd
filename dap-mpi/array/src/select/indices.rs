//! Arrays of indices, and the part of them that one process selects by.

use std::borrow::Cow;

use dap_core::algebra::{Placement, Slice, Subscript, broadcast_shapes};
use dap_core::dim::{Block, Dim};
use dap_core::layout::Layout;
use dap_kernels::element::ElementType;
use dap_mpi::{Error, ErrorKind, Result};
use ndarray::{ArrayD, IxDyn};

use super::places::Places;
use crate::array::DynArray;
use crate::context::Context;
use crate::error::{Checked, argument};

/// An array of indices.
#[derive(Debug, Clone)]
pub enum Indices<'i> {
    /// The same numbers on all ranks.
    Replicated(Cow<'i, ArrayD<i64>>),
    /// A distributed array of integers.
    Distributed(&'i DynArray),
}

impl<'i> From<&'i DynArray> for Indices<'i> {
    fn from(array: &'i DynArray) -> Indices<'i> {
        Indices::Distributed(array)
    }
}

impl<'i> From<&'i ArrayD<i64>> for Indices<'i> {
    fn from(array: &'i ArrayD<i64>) -> Indices<'i> {
        Indices::Replicated(Cow::Borrowed(array))
    }
}

impl From<&[i64]> for Indices<'_> {
    fn from(list: &[i64]) -> Self {
        Indices::Replicated(Cow::Owned(ArrayD::from_shape_fn(IxDyn(&[list.len()]), |at| list[at[0]])))
    }
}

impl Indices<'_> {
    fn shape(&self) -> Vec<i64> {
        match self {
            Indices::Replicated(array) => array.shape().iter().map(|&extent| extent as i64).collect(),
            Indices::Distributed(array) => array.shape().to_vec(),
        }
    }

    /// A distributed array, broadcast to a shape.
    pub(super) fn distributed_like(&self, shape: &[i64]) -> Option<Result<DynArray>> {
        match self {
            Indices::Replicated(_) => None,
            Indices::Distributed(array) => Some(array.broadcast_to(shape)),
        }
    }
}

/// The shape to which arrays of indices are broadcast.
pub(super) fn common_shape(indices: &[&Indices<'_>]) -> Result<Vec<i64>> {
    for it in indices {
        if let Indices::Distributed(array) = it
            && !array.element().is_some_and(ElementType::is_integer)
        {
            return argument(format!("indices are integers, not {}", array.dtype().name()));
        }
    }
    let shapes: Vec<Vec<i64>> = indices.iter().map(|it| it.shape()).collect();
    broadcast_shapes(shapes.iter().map(|shape| &shape[..])).checked()
}

/// The indices by which this process selects.
pub(super) struct Selected {
    /// For each indexed axis, the indices from the start of the axis, in C order of this process's
    /// part.
    pub(super) indices: Vec<Vec<i64>>,
    places: Places,
    /// The shape of the index arrays.
    shape: Vec<i64>,
}

impl Selected {
    /// The part of `indices`, broadcast to `shape`, whose axes stand in the result behind
    /// `in_front` others. Collective if some are distributed.
    ///
    /// # Errors
    /// An index out of the bounds of its axis, on any rank.
    pub(super) fn of(
        context: &Context,
        indices: &[&Indices<'_>],
        shape: &[i64],
        (result, in_front): (&Placement, usize),
        (axes, sizes): (&[usize], &[i64]),
    ) -> Result<Selected> {
        let places = Places::of(context, result, in_front, shape.len());
        let mut selected = Vec::with_capacity(indices.len());
        let mut bounds = Ok(());
        for (it, (&axis, &size)) in indices.iter().zip(axes.iter().zip(sizes)) {
            let mut mine = match it {
                Indices::Replicated(array) => {
                    let apart = || Error::new(ErrorKind::Argument, "the index arrays cannot be broadcast together");
                    places.take(array, shape).ok_or_else(apart)?
                }
                Indices::Distributed(array) => distributed(&array.broadcast_to(shape)?, result, in_front)?,
            };
            if let Some(given) = wrap(&mut mine, size) {
                let message = format!("index {given} is out of bounds: axis {axis} has {size} elements");
                bounds = bounds.and(Err(Error::new(ErrorKind::Argument, message)));
            }
            selected.push(mine);
        }
        context.comm().agree(bounds)?;
        Ok(Selected { indices: selected, places, shape: shape.to_vec() })
    }

    /// The number of axes of the index arrays.
    pub(super) fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Whether the [numbers](Selected::numbers) of the tuples ascend.
    pub(super) fn is_ascending(&self) -> bool {
        self.places.is_ascending()
    }

    /// The number in C order of each tuple in the whole index arrays.
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.places.numbers(&self.shape)
    }
}

/// Counts indices below 0 from the end of an axis; returns an index that is out of bounds.
fn wrap(indices: &mut [i64], size: i64) -> Option<i64> {
    let mut outside = None;
    for index in indices {
        let wrapped = if *index < 0 { index.saturating_add(size) } else { *index };
        if !(0..size).contains(&wrapped) {
            outside = outside.or(Some(*index));
        }
        *index = wrapped;
    }
    outside
}

/// The part of a distributed array of indices that each rank of the result needs. Collective.
fn distributed(array: &DynArray, result: &Placement, in_front: usize) -> Result<Vec<i64>> {
    let here = spread_to_read(array, result, in_front)?;
    let here =
        if here.element() == Some(ElementType::I64) { here } else { here.expr().cast(ElementType::I64).eval()? };
    if here.section_rank().is_none() {
        return Ok(Vec::new());
    }
    let local = here.local::<i64>()?;
    let view = local.view();
    Ok(view.as_slice().map_or_else(|| view.iter().copied().collect(), <[i64]>::to_vec))
}

/// A copy of the array on the ranks of a placement, whose axes behind the first `in_front` ones
/// have the array's extents: along the other axes every rank of the grid has a copy. Collective.
pub(super) fn spread(array: &DynArray, over: &Placement, in_front: usize) -> Result<DynArray> {
    let (copies, target) = copies(array, over, in_front)?;
    copies.redistribute(target)
}

/// As [`spread`], of elements that are only read, now: they are not copied if they lie right.
/// Collective.
pub(super) fn spread_to_read(array: &DynArray, over: &Placement, in_front: usize) -> Result<DynArray> {
    let (copies, target) = copies(array, over, in_front)?;
    if *copies.placement() == target { Ok(copies) } else { copies.redistribute(target) }
}

/// The array, repeated along the other axes of a placement, and the placement of [`spread`].
fn copies(array: &DynArray, over: &Placement, in_front: usize) -> Result<(DynArray, Placement)> {
    let ndim = array.ndim();
    let is_own = |axis: usize| (in_front..in_front + ndim).contains(&axis);
    let mut dims = Vec::with_capacity(over.ndim());
    for (axis, dim) in over.layout().dims().iter().enumerate() {
        let processes = dim.grid_size();
        dims.push(if is_own(axis) { dim.clone() } else { Dim::from(Block::new(processes, processes)?) });
    }
    let shape: Vec<i64> = dims.iter().map(Dim::size).collect();
    let target = Placement::with_ranks(Layout::new(dims)?, over.ranks().clone())?;
    let subscript = |axis| if is_own(axis) { Subscript::Slice(Slice::ALL) } else { Subscript::NewAxis };
    let copies = array.part(&(0..over.ndim()).map(subscript).collect::<Vec<_>>())?.broadcast_to(&shape)?;
    Ok((copies, target))
}
