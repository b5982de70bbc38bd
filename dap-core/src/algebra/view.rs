//! An array that shares the elements of another.
//!
//! Along each axis of a view the indices are a [`Progression`] of one dimension of the base, or one
//! element repeated. Dimensions of the base that no axis shows are at one index. All steps compose:
//! a view of a view refers to the base of both.
//!
//! ```
//! use dap_core::algebra::{Placement, Subscript, View};
//! use dap_core::layout::{DimSpec, Layout};
//! let layout = Layout::builder([12, 5]).dims([DimSpec::BlockCyclic(2)]).grid([3, 1]).build()?;
//! let base = Placement::new(layout);
//! let view = View::of(&base).index(&Subscript::parse("2:, 3")?)?;
//! assert_eq!(view.placement()?.to_string(), "(10,) over 3: cyclic(2) on ranks 1, 2, 0");
//! let twice = view.index(&Subscript::parse("1::2")?)?.transpose(&[0])?;
//! assert_eq!(twice.base_index(&[4]), Some(vec![11, 3]));
//! assert_eq!(twice.placement()?.to_string(), "(5,) over 3: cyclic on ranks 1, 2, 0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use smallvec::SmallVec;

use super::placement::Placement;
use super::progression::Progression;
use super::rank_map::{Along, RankMap};
use super::sliced::{self, Form};
use super::subscript::{Slice, Subscript, index_of};
use super::{axes_of, axis_of};
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::{GridRank, Rank};
use crate::layout::Layout;

mod shifts;

/// One axis of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewAxis {
    /// Indices of one dimension of the base.
    Dim {
        /// The dimension.
        dim: usize,
        /// Its indices, in the order of the view.
        slice: Progression,
    },
    /// The same element at each of this number of indices.
    Repeated(i64),
}

impl ViewAxis {
    /// The number of indices.
    #[inline]
    pub fn len(&self) -> i64 {
        match self {
            ViewAxis::Dim { slice, .. } => slice.len(),
            ViewAxis::Repeated(len) => *len,
        }
    }

    /// Whether there is no index.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A view of an array: see the [module](crate::algebra).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    base: Placement,
    axes: SmallVec<[ViewAxis; 4]>,
    /// For each dimension of the base the index that an integer picked.
    picked: SmallVec<[Option<i64>; 4]>,
}

impl View {
    /// All of an array.
    pub fn of(base: &Placement) -> View {
        let whole = |(dim, &size): (usize, &i64)| ViewAxis::Dim { dim, slice: Progression::whole(size) };
        let axes = base.shape().iter().enumerate().map(whole).collect();
        View { base: base.clone(), axes, picked: SmallVec::from_elem(None, base.ndim()) }
    }

    /// The array whose elements these are.
    pub fn base(&self) -> &Placement {
        &self.base
    }

    /// The axes.
    pub fn axes(&self) -> &[ViewAxis] {
        &self.axes
    }

    /// The index at which a dimension of the base lies, where an integer picked one.
    pub fn picked(&self, dim: usize) -> Option<i64> {
        self.picked.get(dim).copied().flatten()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.axes.len()
    }

    /// The extents.
    pub fn shape(&self) -> SmallVec<[i64; 4]> {
        self.axes.iter().map(ViewAxis::len).collect()
    }

    /// Whether this is all of the base, unchanged.
    pub fn is_whole(&self) -> bool {
        let is_whole = |(at, (axis, &size)): (usize, (&ViewAxis, &i64))| match axis {
            ViewAxis::Dim { dim, slice } => *dim == at && slice.is_whole(size),
            ViewAxis::Repeated(_) => false,
        };
        self.ndim() == self.base.ndim() && self.axes.iter().zip(self.base.shape()).enumerate().all(is_whole)
    }

    /// The part that an index selects. Axes behind the last subscript are whole.
    ///
    /// # Errors
    /// An index outside of its axis, a step of 0, two ellipses, or more subscripts than axes. The
    /// error names the axis.
    pub fn index(&self, subscripts: &[Subscript]) -> Result<View> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let used = subscripts.iter().filter(|part| matches!(part, Subscript::Index(_) | Subscript::Slice(_))).count();
        if used > self.ndim() {
            let error = Error::new(ErrorKind::TooManyIndices).with_value("indices", count(used));
            return Err(error.with_expected(count(self.ndim())));
        }
        let mut left = self.ndim() - used;
        let mut has_ellipsis = false;
        let mut view = View { base: self.base.clone(), axes: SmallVec::new(), picked: self.picked.clone() };
        let mut axes = self.axes.iter().enumerate();
        for subscript in subscripts {
            match subscript {
                Subscript::NewAxis => view.axes.push(ViewAxis::Repeated(1)),
                Subscript::Ellipsis if has_ellipsis => return Err(Error::new(ErrorKind::EllipsisRepeated)),
                Subscript::Ellipsis => {
                    has_ellipsis = true;
                    view.axes.extend(axes.by_ref().take(std::mem::take(&mut left)).map(|(_, &axis)| axis));
                }
                Subscript::Index(index) => {
                    let Some((at, axis)) = axes.next() else { break };
                    let position = index_of(*index, axis.len()).map_err(|error| error.with_dim(at))?;
                    view.pick(axis, position);
                }
                Subscript::Slice(slice) => {
                    let Some((at, axis)) = axes.next() else { break };
                    let positions = slice.of(axis.len()).map_err(|error| error.with_dim(at))?;
                    view.axes.push(axis.part(&positions));
                }
            }
        }
        view.axes.extend(axes.map(|(_, &axis)| axis));
        Ok(view)
    }

    fn pick(&mut self, axis: &ViewAxis, position: i64) {
        if let ViewAxis::Dim { dim, slice } = axis
            && let Some(picked) = self.picked.get_mut(*dim)
        {
            *picked = slice.at(position);
        }
    }

    /// The part at these positions along one axis.
    ///
    /// # Errors
    /// No such axis, or positions outside of it.
    pub fn along(&self, axis: i64, positions: &Progression) -> Result<View> {
        let at = axis_of(axis, self.ndim())?;
        let len = self.axes[at].len();
        Progression::new(len, positions.start(), positions.step(), positions.len())
            .map_err(|error| error.with_dim(at))?;
        let mut view = self.clone();
        view.axes[at] = view.axes[at].part(positions);
        Ok(view)
    }

    /// The axes in another order: axis k of the result is axis `order[k]`. Negative numbers count
    /// from the last axis.
    ///
    /// # Errors
    /// An order that does not name each axis once.
    pub fn transpose(&self, order: &[i64]) -> Result<View> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let order = axes_of(order, self.ndim())?;
        if order.len() != self.ndim() {
            let error = Error::new(ErrorKind::Count).with_value("axes", count(order.len()));
            return Err(error.with_expected(count(self.ndim())));
        }
        Ok(View { axes: order.iter().map(|&at| self.axes[at]).collect(), ..self.clone() })
    }

    /// The axes in reverse order.
    pub fn reversed_axes(&self) -> View {
        View { axes: self.axes.iter().rev().copied().collect(), ..self.clone() }
    }

    /// The elements in reverse order along some axes.
    ///
    /// # Errors
    /// An axis that is not there, or named twice.
    pub fn flip(&self, axes: &[i64]) -> Result<View> {
        let mut view = self.clone();
        for at in axes_of(axes, self.ndim())? {
            let len = view.axes[at].len();
            view.axes[at] = view.axes[at].part(&Slice::REVERSED.of(len)?);
        }
        Ok(view)
    }

    /// The view with axes of one element repeated, and new ones in front, such that it has this
    /// shape.
    ///
    /// # Errors
    /// An axis of more than one element that differs from the shape's, fewer axes in the shape, or
    /// an extent below 0.
    pub fn broadcast_to(&self, shape: &[i64]) -> Result<View> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let Some(new) = shape.len().checked_sub(self.ndim()) else {
            let error = Error::new(ErrorKind::NotBroadcastable).with_value("ndim", count(self.ndim()));
            return Err(error.with_expected(count(shape.len())));
        };
        let mut view = self.clone();
        view.axes.clear();
        for (at, &extent) in shape.iter().enumerate() {
            at_least("size", extent, 0).map_err(|error| error.with_dim(at))?;
            match at.checked_sub(new).and_then(|at| self.axes.get(at)) {
                None => view.axes.push(ViewAxis::Repeated(extent)),
                Some(axis) if axis.len() == extent => view.axes.push(*axis),
                Some(axis) if axis.len() == 1 => {
                    view.pick(axis, 0);
                    view.axes.push(ViewAxis::Repeated(extent));
                }
                Some(axis) => {
                    let error = Error::new(ErrorKind::NotBroadcastable).with_dim(at).with_value("size", axis.len());
                    return Err(error.with_expected(extent));
                }
            }
        }
        Ok(view)
    }

    /// The index of the base that an index of the view means; `None` outside of the view.
    pub fn base_index(&self, index: &[i64]) -> Option<Vec<i64>> {
        if index.len() != self.ndim() {
            return None;
        }
        let mut base: Vec<i64> = self.picked.iter().map(|picked| picked.unwrap_or(0)).collect();
        for (axis, &index) in self.axes.iter().zip(index) {
            match axis {
                ViewAxis::Dim { dim, slice } => *base.get_mut(*dim)? = slice.at(index)?,
                ViewAxis::Repeated(len) if (0..*len).contains(&index) => {}
                ViewAxis::Repeated(_) => return None,
            }
        }
        Some(base)
    }

    /// The distribution: which layout the view has, and which ranks hold its sections.
    ///
    /// # Errors
    /// Parts of an unstructured dimension whose indices are not 0 to `size` - 1; a slice of a
    /// block-cyclic dimension in too many runs; more than 2^24 irregular bounds along a dimension;
    /// more elements, by repetition, than 2^63 - 1.
    pub fn placement(&self) -> Result<Placement> {
        if self.is_whole() {
            return Ok(self.base.clone());
        }
        let mut dims = Vec::with_capacity(self.ndim());
        let mut grid: SmallVec<[i64; 4]> = SmallVec::with_capacity(self.ndim());
        let mut along = self.picked_ranks()?;
        for (at, axis) in self.axes.iter().enumerate() {
            let dim = match axis {
                ViewAxis::Repeated(len) => Dim::undistributed(*len)?,
                ViewAxis::Dim { dim: base_dim, slice } => {
                    let base = self.dim(*base_dim)?;
                    let in_dim = |error: Error| error.with_dim(*base_dim);
                    let form = Form::of(base, slice).map_err(in_dim)?;
                    if let Some(along) = along.get_mut(*base_dim) {
                        *along = form.along(base, slice, at);
                    }
                    form.dim(base, slice).map_err(in_dim)?
                }
            };
            grid.push(dim.grid_size());
            dims.push(dim);
        }
        let layout = Layout::new(dims)?;
        let ranks: RankMap = self.base.ranks().select(&along, &grid)?;
        Placement::with_ranks(layout, ranks)
    }

    /// The section of the base in which a section of the view lies; `None` when there is no such
    /// section.
    ///
    /// # Errors
    /// As [`View::placement`].
    pub fn base_rank(&self, section: Rank) -> Result<Option<Rank>> {
        let Some(ranks) = self.base_ranks(section)? else { return Ok(None) };
        let coordinates: SmallVec<[GridRank; 4]> = ranks.into_iter().map(GridRank).collect();
        Ok(self.base.layout().grid().rank(&coordinates))
    }

    /// Its coordinates.
    pub(super) fn base_ranks(&self, section: Rank) -> Result<Option<SmallVec<[i64; 4]>>> {
        let mut ranks = self.picked_ranks()?;
        let mut grid: SmallVec<[i64; 4]> = SmallVec::with_capacity(self.ndim());
        for (at, axis) in self.axes.iter().enumerate() {
            let ViewAxis::Dim { dim: base_dim, slice } = axis else {
                grid.push(1);
                continue;
            };
            let base = self.dim(*base_dim)?;
            let form = Form::of(base, slice).map_err(|error| error.with_dim(*base_dim))?;
            if let Some(along) = ranks.get_mut(*base_dim) {
                *along = form.along(base, slice, at);
            }
            grid.push(form.processes(base));
        }
        let processes = grid.iter().try_fold(1_i64, |product, &extent| product.checked_mul(extent));
        if processes.is_none_or(|processes| !(0..processes).contains(&section.0)) {
            return Ok(None);
        }
        let mut rest = section.0;
        for extent in grid.iter_mut().rev() {
            (*extent, rest) = (rest % *extent, rest / *extent);
        }
        let origin = self.base.layout().grid().shape();
        Ok(Some(ranks.iter().zip(origin).map(|(along, &extent)| along.coordinate(&grid, extent)).collect()))
    }

    /// The grid ranks of the dimensions that integers picked an index of; 0 for the others.
    fn picked_ranks(&self) -> Result<SmallVec<[Along; 4]>> {
        let rank = |(dim, picked): (usize, &Option<i64>)| match picked {
            None => Ok(Along::At(0)),
            Some(index) => {
                let owner = sliced::owner(self.dim(dim)?, *index).map_err(|error| error.with_dim(dim))?;
                Ok(Along::At(owner.0))
            }
        };
        self.picked.iter().enumerate().map(rank).collect()
    }

    /// A dimension of the base.
    pub(super) fn dim(&self, dim: usize) -> Result<&Dim> {
        self.base.layout().dims().get(dim).ok_or_else(|| Error::new(ErrorKind::AxisOutOfRange).with_dim(dim))
    }
}

impl ViewAxis {
    /// The indices at these positions.
    fn part(&self, positions: &Progression) -> ViewAxis {
        match self {
            ViewAxis::Dim { dim, slice } => ViewAxis::Dim { dim: *dim, slice: slice.part(positions) },
            ViewAxis::Repeated(_) => ViewAxis::Repeated(positions.len()),
        }
    }
}
