//! Selection by arrays of indices and by masks.
//!
//! By indices, elements are fetched from the ranks that own them, and assigned ones are sent
//! there.
//!
//! The result is a copy, whose distribution follows from the layouts, never from the indices
//! ([`Placement::take`](dap_core::algebra::Placement::take)). A *row* is all that one tuple of
//! indices selects on one rank: the part of the axes without indices that lies there. Each rank
//! asks the owners of its rows for them; owners and requesters have the same part of the other
//! axes, so that a row lies on one rank.

mod add;
mod copy;
mod in_order;
mod indices;
mod mask;
mod overwrite;
mod owners;
mod places;
mod rows;

use dap_core::algebra::{IndexArray, Placement};
use dap_mpi::Result;

use crate::array::DynArray;
use crate::error::{Checked, argument};
use crate::expr::IntoExpr;
use add::Additions;
pub use indices::Indices;
use indices::Selected;
pub use mask::Masked;
use overwrite::Overwrite;
use rows::{Rows, Sink};

impl DynArray {
    /// The elements at indices along one axis, as NumPy's `take`: the axes of the indices stand
    /// where the axis stood. Negative indices count from the end. Collective.
    ///
    /// # Errors
    /// As [`take_along`](DynArray::take_along).
    #[track_caller]
    pub fn take<'i>(&self, axis: i64, indices: impl Into<Indices<'i>>) -> Result<DynArray> {
        self.take_along(&[axis], &[indices.into()])
    }

    /// The elements at tuples of indices along several axes, one array for each: `x[i, j]`. The
    /// arrays are broadcast together; their axes stand where the indexed axes stood, if these are
    /// neighbours, and in front otherwise. Collective.
    ///
    /// # Errors
    /// An axis that is not there, or named twice; another number of index arrays; arrays of indices
    /// that cannot be broadcast together or are no integers; an index out of bounds, on any rank;
    /// not enough memory.
    #[track_caller]
    pub fn take_along(&self, axes: &[i64], indices: &[Indices<'_>]) -> Result<DynArray> {
        let _call = self.enter("take", axes)?;
        let selection = Selection::of(self, axes, indices)?;
        let result = self.empty_like_on(&selection.result)?;
        selection.rows(self).fetch(self, &result, &selection.selected)?;
        Ok(result)
    }

    /// Overwrites the elements at tuples of indices: `x[i, j] = values`, broadcast to the shape of
    /// [`take_along`](DynArray::take_along). Where an element is named several times the last value
    /// in C order counts. Collective.
    ///
    /// # Errors
    /// As `take_along`; what [`assign`](DynArray::assign) refuses; an array whose unstructured
    /// dimension has an index on two ranks. Nothing is written then.
    #[track_caller]
    pub fn put_along<'e>(&self, axes: &[i64], indices: &[Indices<'_>], values: impl IntoExpr<'e>) -> Result<()> {
        let _call = self.enter("put", axes)?;
        self.store_along(axes, indices, values, &mut Overwrite::default())
    }

    /// Adds to the elements at tuples of indices, as NumPy's `add.at`: where an element is named
    /// several times all values are added. Sums of floats are exact and rounded once, integers
    /// wrap, and of booleans an element is true if one of them is. Collective; an owner keeps all
    /// values that are added to its elements until the last has arrived.
    ///
    /// # Errors
    /// As [`put_along`](DynArray::put_along); items that cannot be computed with.
    #[track_caller]
    pub fn add_along<'e>(&self, axes: &[i64], indices: &[Indices<'_>], values: impl IntoExpr<'e>) -> Result<()> {
        let _call = self.enter("add", axes)?;
        self.store_along(axes, indices, values, &mut Additions::new(self)?)
    }

    fn store_along<'e>(
        &self,
        axes: &[i64],
        indices: &[Indices<'_>],
        values: impl IntoExpr<'e>,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        self.check_single()?;
        if self.shares_elements() {
            return argument("an element of the array lies on two ranks: copy it to blocks first");
        }
        let selection = Selection::of(self, axes, indices)?;
        let source = self.empty_like_on(&selection.result)?;
        source.assign(values)?;
        selection.rows(self).store(self, &source, &selection.selected, sink)
    }
}

/// A selection: the axes, the indices of this process's part of the result, and where that lies.
struct Selection {
    /// The indexed axes, ascending.
    axes: Vec<usize>,
    /// The number of axes of the result in front of those of the indices.
    in_front: usize,
    result: Placement,
    selected: Selected,
}

impl Selection {
    /// Collective; all ranks have the same axes and shapes.
    fn of(array: &DynArray, axes: &[i64], indices: &[Indices<'_>]) -> Result<Selection> {
        let axes = array.axes(axes)?;
        if axes.len() != indices.len() || axes.is_empty() {
            return argument(format!(
                "{} axes and {} arrays of indices: give one for each, at least one",
                axes.len(),
                indices.len()
            ));
        }
        // In the order of the axes.
        let mut order: Vec<usize> = (0..axes.len()).collect();
        order.sort_unstable_by_key(|&at| axes[at]);
        let indices: Vec<&Indices<'_>> = order.iter().map(|&at| &indices[at]).collect();
        let axes: Vec<usize> = order.iter().map(|&at| axes[at]).collect();
        let are_neighbours = axes.windows(2).all(|pair| pair[1] == pair[0] + 1);
        let in_front = if are_neighbours { axes[0] } else { 0 };

        let shape = indices::common_shape(&indices)?;
        let distributed = indices.iter().find_map(|it| it.distributed_like(&shape)).transpose()?;
        let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
        let index = distributed
            .as_ref()
            .map_or(IndexArray::Replicated { shape: &shape }, |it| IndexArray::Distributed(it.placement()));
        let result = array.placement().take(&signed, index).checked()?;
        let sizes: Vec<i64> = axes.iter().map(|&axis| array.shape()[axis]).collect();
        let selected = Selected::of(array.context(), &indices, &shape, (&result, in_front), (&axes, &sizes))?;
        Ok(Selection { axes, in_front, result, selected })
    }

    fn rows(&self, array: &DynArray) -> Rows {
        Rows::new(array, &self.axes, &self.result, self.in_front, self.selected.ndim())
    }
}
