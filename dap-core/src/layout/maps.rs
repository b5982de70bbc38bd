//! The maps of a layout: a global index to its owner and place there, a place to its global index.
//!
//! [`Layout::owner`] and [`Layout::global`] answer `None` to each index that is not there. Their
//! `try_` forms tell a wrong number of indices from an index that no process owns, and name the
//! dimension.
//!
//! ```
//! use dap_core::dim::{Block, Dim};
//! use dap_core::error::ErrorKind;
//! use dap_core::index::GlobalIndex;
//! use dap_core::layout::Layout;
//! let layout = Layout::new(vec![Block::new(10, 2)?.into(), Dim::undistributed(3)?])?;
//! let outside = layout.try_owner(&[GlobalIndex(4), GlobalIndex(7)]).unwrap_err();
//! assert_eq!((outside.kind(), outside.dim()), (ErrorKind::IndexOutOfBounds, Some(1)));
//! assert_eq!(outside.to_string(), "dimension 1: the index is outside of the dimension: `index` is 7, at most 2");
//! let short = layout.try_owner(&[GlobalIndex(4)]).unwrap_err();
//! assert_eq!(short.kind(), ErrorKind::IndexCount);
//! assert_eq!(short.to_string(), "an element has one index a dimension: `indices` is 1, expected 2");
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use super::Layout;
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, LocalIndex, Rank};

impl Layout {
    /// The process that owns an element, and where in its buffer; `None` when there is no such
    /// element or the number of indices is not `ndim`.
    pub fn owner(&self, global: &[GlobalIndex]) -> Option<(Rank, Vec<LocalIndex>)> {
        self.try_owner(global).ok()
    }

    /// As [`Layout::owner`], with the reason where there is none.
    ///
    /// # Errors
    /// [`ErrorKind::IndexCount`]: not one index a dimension. [`ErrorKind::IndexOutOfBounds`], with
    /// the first such dimension: no process owns the index.
    pub fn try_owner(&self, global: &[GlobalIndex]) -> Result<(Rank, Vec<LocalIndex>)> {
        self.check_count(global.len())?;
        let mut local = Vec::with_capacity(global.len());
        let mut rank = 0;
        for (at, (dim, &index)) in self.dims().iter().zip(global).enumerate() {
            let (coordinate, place) = dim.owner(index).ok_or_else(|| {
                let len = match dim {
                    Dim::Unstructured(list) => list.labels_are_0_to_distinct().then(|| list.distinct()),
                    _ => Some(dim.size()),
                };
                outside(at, index.0, len)
            })?;
            // Horner's scheme over the grid: below the number of processes.
            rank = rank * dim.grid_size() + coordinate.0;
            local.push(place);
        }
        Ok((Rank(rank), local))
    }

    /// The process that owns an element, as [`Layout::owner`] but without an allocation.
    #[inline]
    pub fn owner_rank(&self, global: &[GlobalIndex]) -> Option<Rank> {
        if global.len() != self.ndim() {
            return None;
        }
        let mut rank = 0;
        for (dim, &index) in self.dims().iter().zip(global) {
            rank = rank * dim.grid_size() + dim.owner(index)?.0.0;
        }
        Some(Rank(rank))
    }

    /// The element at a place of a process's buffer, or the one that communication padding there
    /// images; `None` when there is no such process or place.
    pub fn global(&self, rank: Rank, local: &[LocalIndex]) -> Option<Vec<GlobalIndex>> {
        self.try_global(rank, local).ok()
    }

    /// As [`Layout::global`], with the reason where there is none.
    ///
    /// # Errors
    /// No such process; [`ErrorKind::IndexCount`] as [`Layout::try_owner`];
    /// [`ErrorKind::IndexOutOfBounds`], with the rank and the first such dimension: the place is
    /// outside of the process's buffer.
    pub fn try_global(&self, rank: Rank, local: &[LocalIndex]) -> Result<Vec<GlobalIndex>> {
        let coordinates = self.grid().coordinates(rank).ok_or_else(|| self.grid().no_rank(rank))?;
        self.check_count(local.len())?;
        let places = self.dims().iter().zip(coordinates.into_iter().zip(local)).enumerate();
        let global = places.map(|(at, (dim, (coordinate, &place)))| {
            let absent = || outside(at, place.0, Some(dim.extent(coordinate))).with_rank(rank);
            dim.global(coordinate, place).ok_or_else(absent)
        });
        global.collect()
    }

    fn check_count(&self, count: usize) -> Result<()> {
        if count == self.ndim() {
            return Ok(());
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        // At most `MAX_NDIM`.
        Err(Error::new(ErrorKind::IndexCount).with_value("indices", count).with_expected(self.ndim() as i64))
    }
}

/// An index outside of a dimension; `len` is the number of indices if they are 0 to `len` - 1.
fn outside(dim: usize, index: i64, len: Option<i64>) -> Error {
    let error = Error::new(ErrorKind::IndexOutOfBounds).with_dim(dim).with_value("index", index);
    match len {
        Some(len) if len > 0 => error.with_expected(if index < 0 { 0 } else { len - 1 }),
        _ => error,
    }
}
