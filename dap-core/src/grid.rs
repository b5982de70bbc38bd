//! The process grid: ranks and coordinates, in C order.
//!
//! "Process ranks are assigned to their corresponding grid coordinate in C-order": on an N by M
//! grid the coordinate (i, j) is rank i*M + j, and generally the last coordinate varies fastest. A
//! grid of no dimensions has one process.
//!
//! ```
//! use dap_core::grid::Grid;
//! use dap_core::index::{GridRank, Rank};
//! let grid = Grid::new(vec![2, 3])?;
//! assert_eq!(grid.processes(), 6);
//! assert_eq!(grid.coordinates(Rank(5)), Some(vec![GridRank(1), GridRank(2)]));
//! assert_eq!(grid.rank(&[GridRank(1), GridRank(0)]), Some(Rank(3)));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

mod choose;

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::{GridRank, Rank};

/// A process grid: `proc_grid_size` of every dimension. Its size in memory does not depend on the
/// number of processes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grid {
    shape: Arc<[i64]>,
    processes: i64,
}

impl Grid {
    /// A grid of these extents.
    ///
    /// # Errors
    /// An extent below 1, or more than 2^63 - 1 processes.
    pub fn new(shape: impl Into<Arc<[i64]>>) -> Result<Grid> {
        let shape = shape.into();
        let mut processes = 1_i64;
        for (dim, &extent) in shape.iter().enumerate() {
            at_least("proc_grid_size", extent, 1).map_err(|e| e.with_dim(dim))?;
            processes = processes
                .checked_mul(extent)
                .ok_or_else(|| Error::new(ErrorKind::Overflow).with_dim(dim).with_value("proc_grid_size", extent))?;
        }
        Ok(Grid { shape, processes })
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// The number of processes along each dimension.
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// The number of processes: the product of the extents, which was checked to fit.
    pub fn processes(&self) -> i64 {
        self.processes
    }

    /// Whether a process of this rank exists.
    pub fn contains(&self, rank: Rank) -> bool {
        (0..self.processes).contains(&rank.0)
    }

    /// The error of a rank that is not there.
    pub(crate) fn no_rank(&self, rank: Rank) -> Error {
        let (kind, nearest) = match rank.0 {
            ..0 => (ErrorKind::TooSmall, 0),
            0.. => (ErrorKind::TooLarge, self.processes - 1),
        };
        Error::new(kind).with_value("rank", rank.0).with_expected(nearest)
    }

    /// The coordinates of a process, one a dimension; `None` when there is no such process.
    pub fn coordinates(&self, rank: Rank) -> Option<Vec<GridRank>> {
        if !self.contains(rank) {
            return None;
        }
        let mut rest = rank.0;
        let mut coordinates = vec![GridRank(0); self.ndim()];
        for (coordinate, &extent) in coordinates.iter_mut().zip(self.shape.iter()).rev() {
            *coordinate = GridRank(rest % extent);
            rest /= extent;
        }
        Some(coordinates)
    }

    /// The coordinate of a process along one dimension, without an allocation; `None` when there is
    /// no such process or dimension.
    pub fn coordinate(&self, rank: Rank, dim: usize) -> Option<GridRank> {
        let extent = *self.shape.get(dim)?;
        self.contains(rank).then(|| GridRank(rank.0 / self.stride(dim) % extent))
    }

    /// The rank at these coordinates; `None` when one is off the grid or their number is not
    /// `ndim`.
    pub fn rank(&self, coordinates: &[GridRank]) -> Option<Rank> {
        if coordinates.len() != self.ndim() {
            return None;
        }
        let mut rank = 0;
        for (&coordinate, &extent) in coordinates.iter().zip(self.shape.iter()) {
            if !(0..extent).contains(&coordinate.0) {
                return None;
            }
            // Below the product of the extents so far, which fits.
            rank = rank * extent + coordinate.0;
        }
        Some(Rank(rank))
    }

    /// How far apart in rank two processes are that are neighbours along `dim`; 1 from the last
    /// dimension on.
    pub fn stride(&self, dim: usize) -> i64 {
        self.shape.iter().skip(dim.saturating_add(1)).product()
    }
}

impl fmt::Display for Grid {
    /// `2x3`; a grid of no dimensions is `1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shape.is_empty() {
            return f.write_str("1");
        }
        for (dim, extent) in self.shape.iter().enumerate() {
            if dim > 0 {
                f.write_str("x")?;
            }
            write!(f, "{extent}")?;
        }
        Ok(())
    }
}
