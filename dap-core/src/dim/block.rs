//! Block: every process owns one interval, regular or not, with padding around it when wanted.
//!
//! The intervals that are *owned* tile `0..size` in grid-rank order; any may be empty.
//! Communication padding lies in the buffer outside of what is owned and images the neighbour's
//! elements; boundary padding lies inside of what the outermost processes own. (In an export of
//! 0.10 `start` and `stop` bound the buffer, here [`BlockSection::buffer_start`] and
//! [`BlockSection::buffer_stop`]; in one of 0.9 they bound what is owned.)
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
//! // 10 elements over 4 processes, 3 each, with one element of the neighbours on either side.
//! let block = Block::new(10, 4)?.with_halo(1)?;
//! assert_eq!(block.owner(GlobalIndex(4)), Some((GridRank(1), LocalIndex(2))));
//! assert_eq!((block.owned_len(GridRank(1)), block.extent(GridRank(1))), (3, 5));
//! assert_eq!(block.global(GridRank(1), LocalIndex(0)), Some(GlobalIndex(2))); // owned by grid rank 0
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! A regular split over 2^40 processes costs as much as one over two; an irregular one keeps its
//! bounds.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::Runs;

mod padding;
mod section;
mod split;

use padding::Padding;
pub use section::BlockSection;
use split::Split;

/// A block-distributed dimension: `dist_type` 'b'.
///
/// Equal values describe equal distributions: a split that is given by its bounds is recognised
/// when it is regular. The protocol lets processes that share a grid rank differ in boundary
/// padding; this holds one pair of widths.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Block {
    split: Split,
    padding: Padding,
    periodic: bool,
}

impl Block {
    /// The usual split: every process owns `ceil(size / grid_size)` elements until they run out, so
    /// the last may own fewer or none.
    ///
    /// # Errors
    /// `size` below 0 or `grid_size` below 1.
    pub fn new(size: i64, grid_size: i64) -> Result<Block> {
        Split::regular(size, grid_size).map(Block::unpadded)
    }

    /// The split that is as even as can be: the first `size mod grid_size` processes own one
    /// element more than the others.
    ///
    /// # Errors
    /// As [`Block::new`].
    pub fn balanced(size: i64, grid_size: i64) -> Result<Block> {
        Split::balanced(size, grid_size).map(Block::unpadded)
    }

    /// Every process owns `width` elements until they run out.
    ///
    /// # Errors
    /// As [`Block::new`], and `width` below 1 or so small that elements would be left over.
    pub fn with_width(size: i64, grid_size: i64, width: i64) -> Result<Block> {
        Split::of_width(size, grid_size, width).map(Block::unpadded)
    }

    /// Any split: grid rank r owns `bounds[r]..bounds[r + 1]`, so there is one bound more than
    /// there are processes.
    ///
    /// # Errors
    /// Fewer than two bounds, a first one that is not 0, or bounds that descend.
    pub fn from_bounds(bounds: impl Into<Arc<[i64]>>) -> Result<Block> {
        Split::from_bounds(bounds.into()).map(Block::unpadded)
    }

    /// The dimension whose processes hold these sections, in grid-rank order.
    ///
    /// # Errors
    /// Sections that do not abut or do not reach from 0 to `size`; communication padding that
    /// differs across an edge (the one where the ends of a periodic dimension meet, too), exceeds
    /// what the neighbour owns (so is not 0 beside an empty section), or lies at an outer end
    /// though the dimension is not periodic; boundary padding on an inner process or wider than
    /// what its process owns. The error names the grid rank.
    pub fn from_sections(size: i64, periodic: bool, sections: &[BlockSection]) -> Result<Block> {
        section::assemble(size, periodic, sections)
    }

    fn unpadded(split: Split) -> Block {
        Block { split, padding: Padding::default(), periodic: false }
    }

    /// Adds communication padding of `width` on every edge between two processes that own
    /// something.
    ///
    /// # Errors
    /// `width` below 0, or wider than what a process beside such an edge owns.
    pub fn with_halo(mut self, width: i64) -> Result<Block> {
        self.padding.set_halo(&self.split, width)?;
        Ok(self)
    }

    /// Declares the outermost `lower` and `upper` elements of the dimension to be its boundary.
    ///
    /// # Errors
    /// Widths below 0 or beyond what the outermost processes own; a dimension whose halo wraps
    /// round has no boundary.
    pub fn with_boundary(mut self, lower: i64, upper: i64) -> Result<Block> {
        self.padding.set_boundary(&self.split, lower, upper)?;
        Ok(self)
    }

    /// Makes the dimension periodic, or not. Its boundary then holds images: see [`Block::image`].
    /// A halo does not reach round the ends by itself: [`Block::wrap_advice`] says so, and what to
    /// declare.
    ///
    /// # Errors
    /// A halo that wraps round needs a periodic dimension.
    pub fn with_periodic(mut self, periodic: bool) -> Result<Block> {
        if !periodic && self.padding.wraps() {
            return Err(Error::new(ErrorKind::WrapNotPeriodic));
        }
        self.periodic = periodic;
        Ok(self)
    }

    /// Makes the dimension periodic with communication padding at its outer ends too: `width`
    /// elements of the last process before the first one's, and `width` elements of the first
    /// behind the last one's. Only version 0.9 can express this.
    ///
    /// # Errors
    /// A width below 0 or beyond what the process on the other side owns; a dimension with boundary
    /// padding.
    pub fn with_wrap(mut self, width: i64) -> Result<Block> {
        self.padding.set_wrap(&self.split, width)?;
        self.periodic = true;
        Ok(self)
    }

    /// A sentence for a halo of width `halo` that does not reach round the ends of this periodic
    /// dimension, with the sizes that do.
    ///
    /// Version 0.10 of the protocol keeps the images of the other end as boundary padding, which is
    /// owned and counted in `size`. `None` if the dimension is not periodic, `halo` is 0, or the
    /// boundary padding at both ends is at least as wide.
    ///
    /// ```
    /// use dap_core::dim::Block;
    /// let flat = Block::new(10, 2)?.with_halo(1)?.with_periodic(true)?;
    /// assert!(flat.wrap_advice(1).is_some_and(|advice| advice.contains("size 12")));
    /// let ring = Block::new(12, 2)?.with_halo(1)?.with_boundary(1, 1)?.with_periodic(true)?;
    /// assert_eq!(ring.wrap_advice(1), None);
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    pub fn wrap_advice(&self, halo: i64) -> Option<String> {
        let (lower, upper) = self.boundary();
        if !self.periodic || self.wraps() || halo <= lower.min(upper) {
            return None;
        }
        let (wide_lower, wide_upper) = (lower.max(halo), upper.max(halo));
        let size = self.size().saturating_add(wide_lower - lower).saturating_add(wide_upper - upper);
        Some(format!(
            "a halo of {halo} does not wrap round this periodic dimension, whose boundary padding is {lower} and {upper}. To wrap: \
             size {size}, boundary padding {wide_lower} and {wide_upper} (images of the other end, counted in the size)"
        ))
    }

    /// The number of elements of the whole dimension.
    #[inline]
    pub fn size(&self) -> i64 {
        self.split.size()
    }

    /// The number of processes along the dimension.
    #[inline]
    pub fn grid_size(&self) -> i64 {
        self.split.grid_size()
    }

    /// Whether the dimension is declared periodic.
    pub fn is_periodic(&self) -> bool {
        self.periodic
    }

    /// Whether communication padding lies at the outer ends, imaging the other end.
    pub fn wraps(&self) -> bool {
        self.padding.wraps()
    }

    /// The widths of the boundary padding at the lower and at the upper end.
    pub fn boundary(&self) -> (i64, i64) {
        (self.padding.lower, self.padding.upper)
    }

    /// Whether no process has communication or boundary padding.
    pub fn is_unpadded(&self) -> bool {
        self.padding == Padding::default()
    }

    /// The section of a process; beyond the grid, an empty section at `size`.
    pub fn section(&self, rank: GridRank) -> BlockSection {
        if !self.on_grid(rank) {
            return BlockSection { owned_start: self.size(), owned_stop: self.size(), ..BlockSection::default() };
        }
        let last = rank.0 == self.grid_size() - 1;
        BlockSection {
            owned_start: self.split.start(rank.0),
            owned_stop: self.split.start(rank.0 + 1),
            comm_lo: self.comm_lo(rank.0),
            comm_hi: self.comm_hi(rank.0),
            boundary_lo: if rank.0 == 0 { self.padding.lower } else { 0 },
            boundary_hi: if last { self.padding.upper } else { 0 },
        }
    }

    /// How many elements a process owns; 0 beyond the grid.
    #[inline]
    pub fn owned_len(&self, rank: GridRank) -> i64 {
        if self.on_grid(rank) { self.split.start(rank.0 + 1) - self.split.start(rank.0) } else { 0 }
    }

    /// The extent of a process's buffer, communication padding included; 0 beyond the grid.
    pub fn extent(&self, rank: GridRank) -> i64 {
        self.section(rank).extent()
    }

    /// The process that owns an element, and where it lies in its buffer; `None` outside of
    /// `0..size`.
    #[inline]
    pub fn owner(&self, global: GlobalIndex) -> Option<(GridRank, LocalIndex)> {
        if global.0 < 0 || global.0 >= self.size() {
            return None;
        }
        let rank = self.split.owner(global.0);
        Some((GridRank(rank), LocalIndex(global.0 - self.split.start(rank) + self.comm_lo(rank))))
    }

    /// The element at a place of a process's buffer, or the one that it images when the place is
    /// communication padding; `None` outside of the buffer.
    #[inline]
    pub fn global(&self, rank: GridRank, local: LocalIndex) -> Option<GlobalIndex> {
        if !self.on_grid(rank) || local.0 < 0 {
            return None;
        }
        let (start, stop) = (self.split.start(rank.0), self.split.start(rank.0 + 1));
        // Both at most an extent, which fits; then the padding above is not asked for in vain.
        let beyond = local.0 - self.comm_lo(rank.0) - (stop - start);
        if beyond >= 0 && beyond >= self.comm_hi(rank.0) {
            return None;
        }
        let global = stop + beyond;
        Some(GlobalIndex(if self.padding.wraps() { global.rem_euclid(self.size()) } else { global }))
    }

    /// Where a process holds an element that it owns; `None` when it does not own it.
    #[inline]
    pub fn local(&self, rank: GridRank, global: GlobalIndex) -> Option<LocalIndex> {
        if !self.on_grid(rank) {
            return None;
        }
        let start = self.split.start(rank.0);
        (start <= global.0 && global.0 < self.split.start(rank.0 + 1))
            .then(|| LocalIndex(global.0 - start + self.comm_lo(rank.0)))
    }

    /// The indices that a process owns: one run, or none.
    pub fn runs(&self, rank: GridRank) -> Runs {
        let owned = self.owned_len(rank);
        if owned == 0 {
            return Runs::empty();
        }
        Runs::interval(GlobalIndex(self.split.start(rank.0)), LocalIndex(self.comm_lo(rank.0)), owned)
    }

    /// The element that a boundary element of a periodic dimension repeats; `None` when it is no
    /// image.
    ///
    /// By the letter of version 0.10 the padding at the outer ends is owned and counted in `size`
    /// on a periodic dimension too. With widths L and R around a core of `size - L - R`, index i <
    /// L images `i + size - L - R`, and `size - R + j` images `L + j`. Where the padding is wider
    /// than the core, this goes round again until it is in the core, so that an image of an image
    /// never results.
    ///
    /// ```
    /// use dap_core::{dim::Block, index::GlobalIndex};
    /// let ring = Block::new(12, 3)?.with_boundary(1, 1)?.with_periodic(true)?;
    /// assert_eq!(ring.image(GlobalIndex(0)), Some(GlobalIndex(10)));
    /// assert_eq!(ring.image(GlobalIndex(11)), Some(GlobalIndex(1)));
    /// assert_eq!(ring.image(GlobalIndex(5)), None);
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    pub fn image(&self, global: GlobalIndex) -> Option<GlobalIndex> {
        let (lower, upper) = (self.padding.lower, self.padding.upper);
        let core = self.size() - lower - upper;
        let padded = (0..lower).contains(&global.0) || (self.size() - upper..self.size()).contains(&global.0);
        (self.periodic && padded && core > 0).then(|| GlobalIndex(lower + (global.0 - lower).rem_euclid(core)))
    }

    #[inline]
    fn on_grid(&self, rank: GridRank) -> bool {
        0 <= rank.0 && rank.0 < self.grid_size()
    }

    #[inline]
    fn comm_lo(&self, rank: i64) -> i64 {
        if rank == 0 { self.padding.wrap } else { self.padding.inner(&self.split, rank) }
    }

    #[inline]
    fn comm_hi(&self, rank: i64) -> i64 {
        if rank == self.grid_size() - 1 { self.padding.wrap } else { self.padding.inner(&self.split, rank + 1) }
    }
}

impl fmt::Display for Block {
    /// `block(8)` for sections of 8, `block(2 to 3)` for a balanced split, `block[0, 3, 10]` for
    /// any other; then the padding.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block{}{}", self.split, self.padding)?;
        if self.periodic { f.write_str(" periodic") } else { Ok(()) }
    }
}
