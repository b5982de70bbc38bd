//! Where the section of a view lies in the section of its base, on one rank.
//!
//! Local indices of the base count from the start of its buffer, communication padding included.
//! Along an axis of the view they are at equal distances, `start + k * step` for element k, or
//! where no single distance expresses them, in [`LocalRuns`]. That happens for slices of
//! block-cyclic dimensions whose step does not fit the blocks, and for unstructured dimensions.

mod along;

use smallvec::SmallVec;

use super::progression::Progression;
use super::sliced::owner;
use super::view::{View, ViewAxis};
use crate::dim::Dim;
use crate::error::Result;
use crate::index::{GlobalIndex, GridRank, Rank};

/// The place of a section of a view in the section of its base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    base_rank: Rank,
    axes: SmallVec<[WindowAxis; 4]>,
    /// For each dimension of the base that an integer picked an index of: its local index.
    picked: SmallVec<[Option<i64>; 4]>,
}

/// One axis of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowAxis {
    /// The dimension of the base; none where one element is repeated.
    pub dim: Option<usize>,
    /// The extent of the view's section.
    pub len: i64,
    /// The local indices of the base.
    pub indices: LocalIndices,
}

/// Local indices of the base along one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalIndices {
    /// Element k lies at `start + k * step`.
    Strided {
        /// The local index of the first element; 0 where there is none.
        start: i64,
        /// From one element to the next; 0 where one element is repeated.
        step: i64,
    },
    /// In several runs, none of which holds an element of another.
    Runs(Vec<LocalRuns>),
}

/// Evenly spaced runs: element `position + i * position_stride + k` of the axis, for i below
/// `count` and k below `len`, lies at `start + i * stride + k * step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalRuns {
    /// The first element's place along the axis.
    pub position: i64,
    /// The first element's local index in the base.
    pub start: i64,
    /// From one element of a run to the next, in the base.
    pub step: i64,
    /// The elements of each run.
    pub len: i64,
    /// The number of runs.
    pub count: i64,
    /// From one run to the next, along the axis.
    pub position_stride: i64,
    /// From one run to the next, in the base.
    pub stride: i64,
}

/// A window in a buffer with one stride for each dimension: element (i, j, ...) lies
/// `offset + i * strides[0] + j * strides[1] + ...` items behind the buffer's first element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StridedPlace {
    /// The place of the first element.
    pub offset: i64,
    /// From one element to the next along each axis.
    pub strides: SmallVec<[i64; 4]>,
}

/// The number of elements of a slice along one dimension, and where they lie on one grid rank.
type Along = fn(&Dim, &Progression, GridRank) -> Result<(i64, LocalIndices)>;

impl View {
    /// Where a section of the view lies in the base's section on the same rank; `None` when there
    /// is no such section.
    ///
    /// # Errors
    /// As [`View::placement`]. A window of an array that is itself a slice of a block-cyclic
    /// dimension may be too irregular where its placement is not
    /// ([`ErrorKind::TooManyRuns`](crate::error::ErrorKind::TooManyRuns)).
    pub fn window(&self, section: Rank) -> Result<Option<Window>> {
        self.window_by(section, along::place)
    }

    /// As [`View::window`], without communication padding: where the elements lie that the section
    /// of [`Placement::without_padding`](super::Placement::without_padding) owns.
    ///
    /// # Errors
    /// As [`View::window`].
    pub fn owned_window(&self, section: Rank) -> Result<Option<Window>> {
        self.window_by(section, along::owned)
    }

    fn window_by(&self, section: Rank, along: Along) -> Result<Option<Window>> {
        let Some(ranks) = self.base_ranks(section)? else { return Ok(None) };
        let mut picked: SmallVec<[Option<i64>; 4]> = SmallVec::from_elem(None, self.base().ndim());
        for (dim, place) in picked.iter_mut().enumerate() {
            let Some(index) = self.picked(dim) else { continue };
            let base = self.dim(dim)?;
            owner(base, index).map_err(|error| error.with_dim(dim))?;
            *place = base.owner(GlobalIndex(index)).map(|(_, local)| local.0);
        }
        let axis = |axis: &ViewAxis| match axis {
            ViewAxis::Repeated(len) => {
                Ok(WindowAxis { dim: None, len: *len, indices: LocalIndices::Strided { start: 0, step: 0 } })
            }
            ViewAxis::Dim { dim, slice } => {
                let rank = GridRank(ranks.get(*dim).copied().unwrap_or(0));
                let (len, indices) = along(self.dim(*dim)?, slice, rank).map_err(|error| error.with_dim(*dim))?;
                Ok(WindowAxis { dim: Some(*dim), len, indices })
            }
        };
        let axes = self.axes().iter().map(axis).collect::<Result<_>>()?;
        let coordinates: SmallVec<[GridRank; 4]> = ranks.into_iter().map(GridRank).collect();
        let base_rank = self.base().layout().grid().rank(&coordinates);
        Ok(base_rank.map(|base_rank| Window { base_rank, axes, picked }))
    }
}

impl Window {
    /// The section of the base.
    pub fn base_rank(&self) -> Rank {
        self.base_rank
    }

    /// The axes.
    pub fn axes(&self) -> &[WindowAxis] {
        &self.axes
    }

    /// The local index in a dimension of the base of which an integer picked an index.
    pub fn picked(&self, dim: usize) -> Option<i64> {
        self.picked.get(dim).copied().flatten()
    }

    /// The extents of the view's section.
    pub fn shape(&self) -> Vec<i64> {
        self.axes.iter().map(|axis| axis.len).collect()
    }

    /// The window in a base buffer with these strides, in items or in bytes, one for each dimension
    /// of the base. `None` where an axis is in runs, the number of strides is not that of the
    /// dimensions, or a number leaves 64 bits.
    pub fn strided(&self, base_strides: &[i64]) -> Option<StridedPlace> {
        if base_strides.len() != self.picked.len() {
            return None;
        }
        let mut offset = 0_i64;
        for (place, stride) in self.picked.iter().zip(base_strides) {
            offset = offset.checked_add(place.unwrap_or(0).checked_mul(*stride)?)?;
        }
        let mut strides = SmallVec::with_capacity(self.axes.len());
        for axis in &self.axes {
            let LocalIndices::Strided { start, step } = axis.indices else { return None };
            let stride = axis.dim.map_or(Some(0), |dim| base_strides.get(dim).copied())?;
            offset = offset.checked_add(start.checked_mul(stride)?)?;
            strides.push(step.checked_mul(stride)?);
        }
        Some(StridedPlace { offset, strides })
    }

    /// The local index of the base, along each of its dimensions, of an element of the view's
    /// section; `None` outside of the section.
    pub fn base_local(&self, local: &[i64]) -> Option<Vec<i64>> {
        if local.len() != self.axes.len() {
            return None;
        }
        let mut base: Vec<i64> = self.picked.iter().map(|place| place.unwrap_or(0)).collect();
        for (axis, &k) in self.axes.iter().zip(local) {
            let place = axis.at(k)?;
            if let Some(dim) = axis.dim {
                *base.get_mut(dim)? = place;
            }
        }
        Some(base)
    }
}

impl WindowAxis {
    /// The local index of element k; `None` beyond the last one.
    pub fn at(&self, k: i64) -> Option<i64> {
        if !(0..self.len).contains(&k) {
            return None;
        }
        match &self.indices {
            LocalIndices::Strided { start, step } => Some(start + k * step),
            LocalIndices::Runs(runs) => runs.iter().find_map(|run| run.at(k)),
        }
    }
}

impl LocalRuns {
    /// The local index of element k of the axis; `None` where another run holds it.
    pub fn at(&self, k: i64) -> Option<i64> {
        let ahead = k.checked_sub(self.position)?;
        let run = if self.count > 1 { ahead.div_euclid(self.position_stride) } else { 0 };
        let within = ahead.checked_sub(run.checked_mul(self.position_stride)?)?;
        let is_here = (0..self.count).contains(&run) && (0..self.len).contains(&within);
        is_here.then(|| self.start + run * self.stride + within * self.step)
    }
}
