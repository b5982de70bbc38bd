//! Selection by arrays of indices.
//!
//! The result is a copy. The axes of the index array stand where the indexed axes stood, if these
//! are neighbours, and in front otherwise, as NumPy places them. The other axes keep their
//! distribution. Those of the index array have its distribution, if it is distributed and no other
//! axis of the result is; otherwise the first of them is block over the grid ranks of the first
//! indexed axis, and of the other indexed axes the ranks with coordinate 0 hold the result.

use smallvec::SmallVec;

use super::axes_of;
use super::placement::Placement;
use super::rank_map::Along;
use super::resized::without_padding;
use crate::dim::{Block, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::layout::Layout;

/// The index arrays of a selection, broadcast to one shape.
#[derive(Debug, Clone, Copy)]
pub enum IndexArray<'a> {
    /// The same value on every rank.
    Replicated {
        /// The shape of the index arrays.
        shape: &'a [i64],
    },
    /// A distributed array.
    Distributed(&'a Placement),
}

impl IndexArray<'_> {
    fn shape(&self) -> &[i64] {
        match self {
            IndexArray::Replicated { shape } => shape,
            IndexArray::Distributed(placement) => placement.shape(),
        }
    }
}

impl Placement {
    /// The distribution of the elements that index arrays select along some axes, one array for
    /// each. See the module page of `take`: which distribution the result has follows from the
    /// layouts, never from the indices.
    ///
    /// # Errors
    /// No axis, one that is not there, or one that is named twice; an extent of the index arrays
    /// below 0; a result beyond 2^63 - 1 elements.
    pub fn take(&self, axes: &[i64], index: IndexArray<'_>) -> Result<Placement> {
        let mut indexed = axes_of(axes, self.ndim())?;
        indexed.sort_unstable();
        let Some(&first) = indexed.first() else {
            return Err(Error::new(ErrorKind::TooSmall).with_value("axes", 0).with_expected(1));
        };
        let are_neighbours = indexed.windows(2).all(|pair| pair[1] == pair[0] + 1);
        // The number of kept axes in front of the new ones.
        let in_front = if are_neighbours { first } else { 0 };
        let mut kept = Vec::new();
        for (at, dim) in self.layout().dims().iter().enumerate() {
            if !indexed.contains(&at) {
                kept.push((at, without_padding(dim)?));
            }
        }
        if let IndexArray::Distributed(placement) = index
            && kept.iter().all(|(_, dim)| dim.grid_size() == 1)
        {
            return follow(placement, &kept, in_front);
        }
        let processes = self.layout().dims().get(first).map_or(1, Dim::grid_size);
        let mut new = Vec::new();
        for (at, &extent) in index.shape().iter().enumerate() {
            let dim = Block::new(extent, if at == 0 { processes } else { 1 });
            new.push(Dim::from(dim.map_err(|error| error.with_dim(at))?));
        }
        let mut along: SmallVec<[Along; 4]> = SmallVec::from_elem(Along::At(0), self.ndim());
        if !new.is_empty() {
            along[first] = Along::whole(in_front);
        }
        for (number, (at, _)) in kept.iter().enumerate() {
            along[*at] = Along::whole(if number < in_front { number } else { number + new.len() });
        }
        let mut dims: Vec<Dim> = kept.into_iter().map(|(_, dim)| dim).collect();
        dims.splice(in_front..in_front, new);
        let layout = Layout::new(dims)?;
        let ranks = self.ranks().select(&along, layout.grid().shape())?;
        Placement::with_ranks(layout, ranks)
    }
}

/// The result on the ranks of the index array.
fn follow(index: &Placement, kept: &[(usize, Dim)], in_front: usize) -> Result<Placement> {
    let mut dims: Vec<Dim> = kept.iter().map(|(_, dim)| dim.clone()).collect();
    let new: Vec<Dim> = index.layout().dims().iter().map(without_padding).collect::<Result<_>>()?;
    dims.splice(in_front..in_front, new);
    let along: SmallVec<[Along; 4]> = (0..index.ndim()).map(|at| Along::whole(in_front + at)).collect();
    let layout = Layout::new(dims)?;
    let ranks = index.ranks().select(&along, layout.grid().shape())?;
    Placement::with_ranks(layout, ranks)
}
