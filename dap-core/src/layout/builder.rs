//! A layout from a shape: how each dimension is distributed, over how many processes.
//!
//! ```
//! use dap_core::layout::{DimSpec, Layout};
//! let layout = Layout::builder([1000, 64]).processes(4).build()?;
//! assert_eq!(layout.to_string(), "(1000, 64) over 4x1: block(250), block(64)");
//!
//! let both = [DimSpec::Block, DimSpec::BlockCyclic(8)];
//! let layout = Layout::builder([1000, 64]).dims(both.clone()).processes(12).build()?;
//! assert_eq!(layout.grid().to_string(), "12x1");
//! let layout = Layout::builder([1000, 64]).dims(both).grid([2, 3]).halo(1).build()?;
//! assert_eq!(layout.to_string(), "(1000, 64) over 2x3: block(500) halo 1, cyclic(8)");
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use std::sync::Arc;

use super::Layout;
use crate::dim::{Block, Cyclic, Dim, Unstructured};
use crate::error::{Error, ErrorKind, Result, at_least};
use crate::grid::Grid;

/// How one dimension is distributed, before the number of processes along it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DimSpec {
    /// One process holds the whole dimension.
    Undistributed,
    /// Consecutive indices, `ceil(size / P)` for each process ([`Block::new`]).
    Block,
    /// Consecutive indices, as evenly as possible ([`Block::balanced`]).
    Balanced,
    /// Grid rank r owns `bounds[r]..bounds[r + 1]` ([`Block::from_bounds`]).
    Bounds(Arc<[i64]>),
    /// Single indices in turn ([`Cyclic`] with blocks of 1).
    Cyclic,
    /// Blocks of this number of indices in turn ([`Cyclic`]).
    BlockCyclic(i64),
    /// Grid rank r holds the indices of the r-th list, and no index is on two processes
    /// ([`Unstructured`]).
    Unstructured(Arc<[Vec<i64>]>),
}

impl DimSpec {
    /// The number of processes along the dimension, where the specification says it.
    fn processes(&self) -> Option<i64> {
        let count = |len: usize| Some(i64::try_from(len).unwrap_or(i64::MAX));
        match self {
            DimSpec::Undistributed => Some(1),
            // Too few bounds are refused when the dimension is made.
            DimSpec::Bounds(bounds) => count(bounds.len().saturating_sub(1).max(1)),
            DimSpec::Unstructured(lists) => count(lists.len().max(1)),
            DimSpec::Block | DimSpec::Balanced | DimSpec::Cyclic | DimSpec::BlockCyclic(_) => None,
        }
    }

    fn dim(&self, size: i64, processes: i64) -> Result<Dim> {
        let of_size = |dim: Dim| {
            let differs = || Error::new(ErrorKind::SizeMismatch).with_value("size", size).with_expected(dim.size());
            if dim.size() == size { Ok(dim) } else { Err(differs()) }
        };
        match self {
            DimSpec::Undistributed | DimSpec::Block => Block::new(size, processes).map(Dim::from),
            DimSpec::Balanced => Block::balanced(size, processes).map(Dim::from),
            DimSpec::Bounds(bounds) => of_size(Block::from_bounds(bounds.clone())?.into()),
            DimSpec::Cyclic => Cyclic::new(size, processes, 1).map(Dim::from),
            DimSpec::BlockCyclic(block_size) => Cyclic::new(size, processes, *block_size).map(Dim::from),
            DimSpec::Unstructured(lists) => Unstructured::new(size, true, lists).map(Dim::from),
        }
    }
}

/// A layout in the making: see [`Layout::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct LayoutBuilder {
    shape: Vec<i64>,
    specs: Vec<DimSpec>,
    processes: i64,
    grid: Option<Vec<i64>>,
    halo: i64,
    periodic: bool,
}

impl Layout {
    /// Begins a layout of an array of this shape: block along the first dimension, on one process.
    pub fn builder(shape: impl Into<Vec<i64>>) -> LayoutBuilder {
        let specs = vec![DimSpec::Block];
        LayoutBuilder { shape: shape.into(), specs, processes: 1, grid: None, halo: 0, periodic: false }
    }
}

impl LayoutBuilder {
    /// The distribution of each dimension; dimensions behind the last one named are undistributed.
    pub fn dims(mut self, specs: impl Into<Vec<DimSpec>>) -> Self {
        self.specs = specs.into();
        self
    }

    /// The number of processes, over which [`Grid::choose`] finds a grid. Some may hold nothing.
    pub fn processes(mut self, processes: i64) -> Self {
        self.processes = processes;
        self
    }

    /// The process grid, one extent a dimension. It replaces the choice by [`Grid::choose`].
    pub fn grid(mut self, extents: impl Into<Vec<i64>>) -> Self {
        self.grid = Some(extents.into());
        self
    }

    /// Communication padding of this width along every block dimension ([`Block::with_halo`]).
    pub fn halo(mut self, width: i64) -> Self {
        self.halo = width;
        self
    }

    /// Declares every block dimension periodic ([`Block::with_periodic`]).
    pub fn periodic(mut self, periodic: bool) -> Self {
        self.periodic = periodic;
        self
    }

    /// The layout.
    ///
    /// # Errors
    /// More distributions than dimensions; a grid with another number of extents than the array, or
    /// one that differs from the number of bounds or lists along a dimension; bounds or lists for
    /// more processes than there are; the errors of [`Grid::choose`], of the dimensions and of
    /// [`Layout::new`].
    pub fn build(&self) -> Result<Layout> {
        let ndim = self.shape.len();
        let count = |name, found: usize| {
            let len = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
            Err(Error::new(ErrorKind::Count).with_value(name, len(found)).with_expected(len(ndim)))
        };
        // The default is for an array with dimensions.
        let specs = if ndim == 0 && self.specs == [DimSpec::Block] { &[][..] } else { &self.specs[..] };
        if specs.len() > ndim {
            return count("dims", specs.len());
        }
        let rest = std::iter::repeat_n(&DimSpec::Undistributed, ndim - specs.len());
        let specs: Vec<&DimSpec> = specs.iter().chain(rest).collect();
        let grid = match &self.grid {
            Some(grid) if grid.len() != ndim => return count("grid", grid.len()),
            Some(grid) => grid.clone(),
            None => self.choose(&specs)?,
        };
        let dims = specs.iter().zip(&self.shape).zip(&grid).enumerate();
        let dims = dims.map(|(dim, ((spec, &size), &processes))| {
            self.dim(spec, size, processes).map_err(|error| error.with_dim(dim))
        });
        Layout::new(dims.collect::<Result<_>>()?)
    }

    fn dim(&self, spec: &DimSpec, size: i64, processes: i64) -> Result<Dim> {
        if let Some(fixed) = spec.processes()
            && fixed != processes
        {
            let differs = Error::new(ErrorKind::Count).with_value("proc_grid_size", processes);
            return Err(differs.with_expected(fixed));
        }
        match spec.dim(size, processes)? {
            Dim::Block(block) => Ok(block.with_halo(self.halo)?.with_periodic(self.periodic)?.into()),
            dim => Ok(dim),
        }
    }

    /// The grid for the dimensions that leave the number of processes open.
    fn choose(&self, specs: &[&DimSpec]) -> Result<Vec<i64>> {
        at_least("processes", self.processes, 1)?;
        let fixed = specs.iter().map(|spec| spec.processes().unwrap_or(1)).fold(1, i64::saturating_mul);
        if fixed > self.processes {
            return Err(Error::new(ErrorKind::TooSmall).with_value("processes", self.processes).with_expected(fixed));
        }
        let open: Vec<bool> = specs.iter().map(|spec| spec.processes().is_none()).collect();
        let grid = Grid::choose(&self.shape, &open, self.processes / fixed)?;
        Ok(grid.shape().iter().zip(specs).map(|(&along, spec)| spec.processes().unwrap_or(along)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(builder: &LayoutBuilder) -> String {
        builder.build().map_or_else(|error| error.to_string(), |layout| layout.to_string())
    }

    #[test]
    fn every_distribution() {
        let of = |specs: &[DimSpec]| built(&Layout::builder([10, 6]).dims(specs).processes(4));
        assert_eq!(of(&[DimSpec::Block]), "(10, 6) over 4x1: block(3), block(6)");
        assert_eq!(of(&[DimSpec::Undistributed, DimSpec::Cyclic]), "(10, 6) over 1x4: block(10), cyclic");
        assert_eq!(of(&[DimSpec::Balanced, DimSpec::BlockCyclic(2)]), "(10, 6) over 2x2: block(5), cyclic(2)");
        let bounds = DimSpec::Bounds(Arc::from([0, 1, 10]));
        assert_eq!(of(&[bounds, DimSpec::Block]), "(10, 6) over 2x2: block[0, 1, 10], block(3)");
        let lists = DimSpec::Unstructured(Arc::from([vec![0, 2, 4], vec![1, 3, 5]]));
        assert_eq!(of(&[DimSpec::Block, lists]), "(10, 6) over 2x2: block(5), unstructured");
        assert_eq!(built(&Layout::builder([]).processes(3)), "() over 1");
        assert_eq!(built(&Layout::builder([3, 3]).dims([DimSpec::Block, DimSpec::Block]).processes(16)), {
            "(3, 3) over 3x3: block(1), block(1)"
        });
    }

    #[test]
    fn padding() {
        let periodic = Layout::builder([8, 4]).grid([2, 1]).halo(1).periodic(true).build().unwrap();
        assert!(periodic.dims().iter().all(|dim| matches!(dim, Dim::Block(block) if block.is_periodic())));
        assert_eq!(periodic.local_shape(crate::index::Rank(0)), Some(vec![5, 4]));
    }

    #[test]
    fn refusals() {
        let refused = |builder: LayoutBuilder| builder.build().unwrap_err();
        let array = || Layout::builder([10, 6]);
        assert_eq!(refused(array().dims(vec![DimSpec::Block; 3])).kind(), ErrorKind::Count);
        assert_eq!(refused(array().grid([2])).kind(), ErrorKind::Count);
        assert_eq!(refused(array().grid([2, 3])).dim(), Some(1));
        assert_eq!(refused(array().processes(0)).kind(), ErrorKind::TooSmall);
        assert_eq!(refused(array().processes(4).halo(4)).kind(), ErrorKind::PaddingExceedsNeighbour);
        let bounds = |bounds: &[i64]| array().dims([DimSpec::Bounds(Arc::from(bounds))]);
        assert_eq!(refused(bounds(&[0, 5, 10])).kind(), ErrorKind::TooSmall); // two sections, one process
        assert_eq!(refused(bounds(&[0, 9]).processes(2)).kind(), ErrorKind::SizeMismatch);
        assert_eq!(refused(bounds(&[]).processes(2)).dim(), Some(0));
        assert_eq!(refused(bounds(&[0, 5, 10]).grid([3, 1])).kind(), ErrorKind::Count);
        assert_eq!(refused(array().dims([DimSpec::BlockCyclic(0)])).kind(), ErrorKind::TooSmall);
        assert_eq!(refused(Layout::builder([-1])).kind(), ErrorKind::TooSmall);
        assert_eq!(refused(Layout::builder([i64::MAX, i64::MAX])).kind(), ErrorKind::Overflow);
    }
}
