//! The padding of a block dimension: one width an edge, and the boundary at the outer ends.
//!
//! Both sides of an edge have the same width, where a halo wraps round the ends too, and next to an
//! empty section it is 0: a halo is filled from one neighbour.

use std::fmt;
use std::sync::Arc;

use super::split::Split;
use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::GridRank;

/// Widths that were checked against the split. One set of widths has one representation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Padding {
    inner: Inner,
    /// Boundary padding of the first process, at its lower end.
    pub(super) lower: i64,
    /// Boundary padding of the last process, at its upper end.
    pub(super) upper: i64,
    /// Communication padding below the first process's section, imaging the last one's end, and as
    /// much above the last one's, imaging the first one's start: the two sides of the edge where
    /// the ends meet.
    pub(super) wrap: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Inner {
    /// The same on every edge between two processes that own something.
    Uniform(i64),
    /// The edge between grid ranks r and r + 1 at place r.
    Edges(Arc<[i64]>),
}

impl Default for Inner {
    fn default() -> Self {
        Inner::Uniform(0)
    }
}

impl Padding {
    /// The width on the edge below `rank`, which is not 0.
    #[inline]
    pub(super) fn inner(&self, split: &Split, rank: i64) -> i64 {
        match &self.inner {
            Inner::Uniform(0) => 0,
            Inner::Uniform(width) => {
                if split.len(rank - 1) > 0 && split.len(rank) > 0 {
                    *width
                } else {
                    0
                }
            }
            Inner::Edges(widths) => {
                usize::try_from(rank - 1).ok().and_then(|edge| widths.get(edge)).copied().unwrap_or(0)
            }
        }
    }

    #[inline]
    pub(super) fn wraps(&self) -> bool {
        self.wrap != 0
    }

    pub(super) fn set_halo(&mut self, split: &Split, width: i64) -> Result<()> {
        at_least("padding", width, 0)?;
        let Some((rank, least)) = split.narrowest_neighbour() else {
            self.inner = Inner::Uniform(0);
            return Ok(());
        };
        if width > least {
            return Err(too_wide(rank, width, least));
        }
        self.inner = Inner::Uniform(width);
        Ok(())
    }

    /// Sets one width for each of the `grid_size - 1` inner edges.
    pub(super) fn set_edges(&mut self, split: &Split, widths: Vec<i64>) -> Result<()> {
        let mut uniform = None;
        let mut same = true;
        for (rank, &width) in (0..).zip(&widths) {
            at_least("padding", width, 0).map_err(|e| e.with_grid_rank(GridRank(rank)))?;
            let (left, right) = (split.len(rank), split.len(rank + 1));
            if width > left.min(right) {
                return Err(too_wide(GridRank(rank + i64::from(right < left)), width, left.min(right)));
            }
            if left > 0 && right > 0 {
                same &= *uniform.get_or_insert(width) == width;
            }
        }
        self.inner = if same { Inner::Uniform(uniform.unwrap_or(0)) } else { Inner::Edges(widths.into()) };
        Ok(())
    }

    pub(super) fn set_boundary(&mut self, split: &Split, lower: i64, upper: i64) -> Result<()> {
        at_least("padding", lower, 0)?;
        at_least("padding", upper, 0)?;
        let last = split.grid_size() - 1;
        let mut room = split.len(0);
        if self.wraps() {
            room = 0;
        }
        if lower > room {
            return Err(beyond_section(0, lower, room));
        }
        if last > 0 {
            room = if self.wraps() { 0 } else { split.len(last) };
        } else {
            room -= lower;
        }
        if upper > room {
            return Err(beyond_section(last, upper, room));
        }
        (self.lower, self.upper) = (lower, upper);
        Ok(())
    }

    pub(super) fn set_wrap(&mut self, split: &Split, width: i64) -> Result<()> {
        at_least("padding", width, 0)?;
        let last = split.grid_size() - 1;
        for (here, across) in [(0, last), (last, 0)] {
            // An empty section has no elements whose neighbours could be imaged.
            let room = if split.len(here) > 0 { split.len(across) } else { 0 };
            if width > room {
                return Err(too_wide(GridRank(across), width, room));
            }
        }
        if width > 0 && (self.lower > 0 || self.upper > 0) {
            let rank = if self.lower > 0 { 0 } else { last };
            return Err(beyond_section(rank, self.lower.max(self.upper), 0));
        }
        // Every extent, and every index around the ends, is at most this.
        let fits = split.size().checked_add(width).and_then(|sum| sum.checked_add(width));
        if fits.is_none() {
            return Err(Error::new(ErrorKind::Overflow).with_value("padding", width));
        }
        self.wrap = width;
        Ok(())
    }
}

impl fmt::Display for Padding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner {
            Inner::Uniform(0) => {}
            Inner::Uniform(width) => write!(f, " halo {width}")?,
            Inner::Edges(widths) => write!(f, " halo up to {}", widths.iter().max().copied().unwrap_or(0))?,
        }
        if self.wraps() {
            write!(f, " wrap {}", self.wrap)?;
        }
        if self.lower > 0 || self.upper > 0 {
            write!(f, " boundary {}+{}", self.lower, self.upper)?;
        }
        Ok(())
    }
}

fn too_wide(neighbour: GridRank, width: i64, owned: i64) -> Error {
    Error::new(ErrorKind::PaddingExceedsNeighbour)
        .with_grid_rank(neighbour)
        .with_value("padding", width)
        .with_expected(owned)
}

fn beyond_section(rank: i64, width: i64, owned: i64) -> Error {
    Error::new(ErrorKind::PaddingExceedsSection)
        .with_grid_rank(GridRank(rank))
        .with_value("padding", width)
        .with_expected(owned)
}
