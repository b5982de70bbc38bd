//! A whole array's distribution: one checked [`Dim`] for each dimension, over a C-order process
//! grid.
//!
//! A layout cannot be wrong: sizes and counts fit 64 bits, every dimension's sections cover it.
//! Everything that computes (plans, views, files, pictures) starts from one. Cloning costs one
//! reference count.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::index::{GlobalIndex, LocalIndex, Rank};
//! use dap_core::layout::Layout;
//! let layout = Layout::new(vec![Block::new(16, 2)?.into(), Cyclic::new(16, 2, 2)?.into()])?;
//! assert_eq!(layout.to_string(), "(16, 16) over 2x2: block(8), cyclic(2)");
//! let owner = layout.owner(&[GlobalIndex(9), GlobalIndex(6)]);
//! assert_eq!(owner, Some((Rank(3), vec![LocalIndex(1), LocalIndex(2)])));
//! assert_eq!(layout.local_shape(Rank(3)), Some(vec![8, 8]));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

mod builder;
mod export;
mod maps;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result};
use crate::export::Version;
use crate::grid::Grid;
use crate::index::{GridRank, Rank};
use crate::runs::Runs;
pub use builder::{DimSpec, LayoutBuilder};

/// The most dimensions that a layout can have: those of the buffer protocol that carries the local
/// sections (`PyBUF_MAX_NDIM`).
pub const MAX_NDIM: usize = 64;

/// Which edition of the protocol a layout was read from. It does not change what is owned by whom,
/// but what can be said of it: only 0.9 has a halo that wraps round the ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Edition {
    /// DAP 0.9: `start` and `stop` of a block bound what is owned.
    V0_9,
    /// DAP 0.10: `start` and `stop` of a block include its communication padding.
    V0_10,
}

impl Edition {
    /// The edition by which an export of this version is read: 0.9, or 0.10 for that version and
    /// all that promise to be compatible with it; `None` for versions that are not supported.
    #[inline]
    #[must_use]
    pub fn of(version: Version) -> Option<Edition> {
        match version {
            version if version.is_0_9() => Some(Edition::V0_9),
            Version { major: 0, minor: 10.., .. } => Some(Edition::V0_10),
            _ => None,
        }
    }

    /// The version that exports of this edition name.
    pub fn version(self) -> Version {
        match self {
            Edition::V0_9 => Version::V0_9,
            Edition::V0_10 => Version::V0_10,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Edition::V0_9 => "0.9",
            Edition::V0_10 => "0.10",
        })
    }
}

/// The distribution of an array over all its processes. Equality is that of the dimensions as they
/// are described: cyclic blocks of 2 over one process are not those of 3, though every element is
/// where it was. The edition does not count.
#[derive(Clone)]
pub struct Layout {
    parts: Arc<Parts>,
}

#[derive(Clone)]
struct Parts {
    dims: Vec<Dim>,
    shape: Vec<i64>,
    grid: Grid,
    len: i64,
    edition: Option<Edition>,
}

impl Layout {
    /// The layout of an array with these dimensions; with none, one element on one process.
    ///
    /// # Errors
    /// More than [`MAX_NDIM`] dimensions, or a number of elements or processes beyond 2^63 - 1.
    pub fn new(dims: Vec<Dim>) -> Result<Layout> {
        if dims.len() > MAX_NDIM {
            return Err(Error::new(ErrorKind::TooManyDims)
                .with_value("ndim", i64::try_from(dims.len()).unwrap_or(i64::MAX))
                .with_expected(MAX_NDIM as i64));
        }
        let shape: Vec<i64> = dims.iter().map(Dim::size).collect();
        let grid = Grid::new(dims.iter().map(Dim::grid_size).collect::<Vec<_>>())?;
        let len = product(&shape).map_err(|dim| {
            Error::new(ErrorKind::Overflow).with_dim(dim).with_value("size", shape.get(dim).copied().unwrap_or(0))
        })?;
        Ok(Layout { parts: Arc::new(Parts { dims, shape, grid, len, edition: None }) })
    }

    /// Notes the edition of the protocol that the layout was read from.
    pub fn with_edition(mut self, edition: Edition) -> Layout {
        Arc::make_mut(&mut self.parts).edition = Some(edition);
        self
    }

    /// The edition of the protocol that the layout was read from, if it was.
    pub fn edition(&self) -> Option<Edition> {
        self.parts.edition
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.parts.dims.len()
    }

    /// The dimensions in order.
    pub fn dims(&self) -> &[Dim] {
        &self.parts.dims
    }

    /// The extents of the whole array.
    pub fn shape(&self) -> &[i64] {
        &self.parts.shape
    }

    /// The process grid.
    pub fn grid(&self) -> &Grid {
        &self.parts.grid
    }

    /// The number of processes.
    pub fn processes(&self) -> i64 {
        self.grid().processes()
    }

    /// The number of elements of the whole array: 1 without dimensions.
    #[expect(clippy::len_without_is_empty, reason = "an array without elements is nothing special")]
    pub fn len(&self) -> i64 {
        self.parts.len
    }

    /// The shape of a process's buffer, communication padding included; `None` when there is no
    /// such process.
    pub fn local_shape(&self, rank: Rank) -> Option<Vec<i64>> {
        self.each_dim(rank, Dim::extent)
    }

    /// How many elements a process owns along each dimension; `None` when there is no such process.
    pub fn owned_shape(&self, rank: Rank) -> Option<Vec<i64>> {
        self.each_dim(rank, Dim::owned_len)
    }

    /// How many elements a process owns; 0 when there is no such process.
    pub fn owned_len(&self, rank: Rank) -> i64 {
        // No dimension's part is longer than the dimension, so the product fits as theirs does.
        self.owned_shape(rank).and_then(|shape| product(&shape).ok()).unwrap_or(0)
    }

    /// How many elements a process's buffer holds; `None` when there is no such process, or more
    /// than 2^63 - 1 with the padding.
    pub fn local_len(&self, rank: Rank) -> Option<i64> {
        product(&self.local_shape(rank)?).ok()
    }

    /// The indices that a process holds along each dimension ([`Dim::runs`]): its elements are
    /// their product. `None` when there is no such process.
    pub fn runs(&self, rank: Rank) -> Option<Vec<Runs>> {
        self.each_dim(rank, Dim::runs)
    }

    fn each_dim<T>(&self, rank: Rank, of: impl Fn(&Dim, GridRank) -> T) -> Option<Vec<T>> {
        let coordinates = self.grid().coordinates(rank)?;
        Some(self.dims().iter().zip(coordinates).map(|(dim, coordinate)| of(dim, coordinate)).collect())
    }
}

/// The product of extents that are not negative, or the place of the first that takes it beyond 64
/// bits. A 0 anywhere makes it 0.
fn product(extents: &[i64]) -> std::result::Result<i64, usize> {
    if extents.contains(&0) {
        return Ok(0);
    }
    let mut product = 1_i64;
    for (dim, &extent) in extents.iter().enumerate() {
        product = product.checked_mul(extent).ok_or(dim)?;
    }
    Ok(product)
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parts, &other.parts) || self.dims() == other.dims()
    }
}

impl Eq for Layout {}

impl Hash for Layout {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.dims().hash(state);
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout {self}")
    }
}

impl fmt::Display for Layout {
    /// `(16, 16) over 2x2: block(8), cyclic(2)`; without dimensions `() over 1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (dim, size) in self.shape().iter().enumerate() {
            write!(f, "{}{size}", if dim > 0 { ", " } else { "" })?;
        }
        // As Python writes it.
        f.write_str(if self.ndim() == 1 { ",)" } else { ")" })?;
        write!(f, " over {}", self.grid())?;
        for (dim, map) in self.dims().iter().enumerate() {
            write!(f, "{}{map}", if dim > 0 { ", " } else { ": " })?;
        }
        Ok(())
    }
}
