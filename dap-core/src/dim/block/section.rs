//! One process's section of a block dimension, and a dimension assembled from all sections.

use super::Block;
use super::padding::Padding;
use super::split::{Split, not_abutting};
use crate::error::{Error, ErrorKind, Result, at_least};
use crate::index::GridRank;

/// One process's section of a block dimension, in global indices and widths.
///
/// The buffer holds, in this order: `comm_lo` elements of the neighbour below, the owned ones,
/// `comm_hi` of the neighbour above. The boundary is part of what is owned.
///
/// ```
/// use dap_core::dim::{Block, BlockSection};
/// // Version 0.10: start 0, stop 10, padding (1, 1) on grid rank 0; start 8, stop 18 on grid rank 1, `size` 18.
/// let sections = [
///     BlockSection { owned_start: 0, owned_stop: 9, comm_hi: 1, boundary_lo: 1, ..Default::default() },
///     BlockSection { owned_start: 9, owned_stop: 18, comm_lo: 1, boundary_hi: 1, ..Default::default() },
/// ];
/// let block = Block::from_sections(18, false, &sections)?;
/// assert_eq!(block, Block::new(18, 2)?.with_halo(1)?.with_boundary(1, 1)?);
/// # Ok::<(), dap_core::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct BlockSection {
    /// The first owned global index.
    pub owned_start: i64,
    /// The global index behind the last owned one.
    pub owned_stop: i64,
    /// Communication padding below: how many elements of the neighbour the buffer begins with.
    pub comm_lo: i64,
    /// Communication padding above: how many elements of the neighbour the buffer ends with.
    pub comm_hi: i64,
    /// Boundary padding at the lower end, part of what is owned; 0 but on the first process.
    pub boundary_lo: i64,
    /// Boundary padding at the upper end, part of what is owned; 0 but on the last process.
    pub boundary_hi: i64,
}

impl BlockSection {
    /// How many elements are owned.
    #[inline]
    pub fn owned_len(&self) -> i64 {
        self.owned_stop.saturating_sub(self.owned_start)
    }

    /// The extent of the buffer.
    #[inline]
    pub fn extent(&self) -> i64 {
        self.owned_len().saturating_add(self.comm_lo).saturating_add(self.comm_hi)
    }

    /// The global index of the buffer's first element: `start` of version 0.10. Below 0 where a
    /// halo wraps round.
    #[inline]
    pub fn buffer_start(&self) -> i64 {
        self.owned_start.saturating_sub(self.comm_lo)
    }

    /// The global index behind the buffer's last element: `stop` of version 0.10. Above `size`
    /// where a halo wraps round.
    #[inline]
    pub fn buffer_stop(&self) -> i64 {
        self.owned_stop.saturating_add(self.comm_hi)
    }
}

/// Checks that sections in grid-rank order make up a dimension.
pub(super) fn assemble(size: i64, periodic: bool, sections: &[BlockSection]) -> Result<Block> {
    at_least("size", size, 0)?;
    let (Some(first), Some(last)) = (sections.first(), sections.last()) else {
        return Err(Error::new(ErrorKind::TooSmall).with_value("proc_grid_size", 0).with_expected(1));
    };
    let mut bounds = Vec::with_capacity(sections.len() + 1);
    bounds.push(first.owned_start);
    for (rank, section) in (0..).zip(sections) {
        let end = bounds.last().copied().unwrap_or(0);
        if section.owned_start != end {
            return Err(not_abutting(rank, "start", section.owned_start, end));
        }
        bounds.push(section.owned_stop);
    }
    if last.owned_stop != size {
        return Err(not_abutting(last_rank(sections), "stop", last.owned_stop, size));
    }
    let split = Split::from_bounds(bounds.into())?;

    let mut edges = Vec::with_capacity(sections.len() - 1);
    for (rank, pair) in (0..).zip(sections.windows(2)) {
        let width = same_width(&pair[0], &pair[1], rank + 1)?;
        // Boundary padding belongs to the outer ends.
        for (at, width) in [(rank, pair[0].boundary_hi), (rank + 1, pair[1].boundary_lo)] {
            if width != 0 {
                return Err(Error::new(ErrorKind::PaddingExceedsSection)
                    .with_grid_rank(GridRank(at))
                    .with_value("padding", width)
                    .with_expected(0));
            }
        }
        edges.push(width);
    }
    let mut padding = Padding::default();
    padding.set_edges(&split, edges)?;
    if !periodic && first.comm_lo.max(last.comm_hi) > 0 {
        let rank = if first.comm_lo > 0 { 0 } else { last_rank(sections) };
        return Err(Error::new(ErrorKind::WrapNotPeriodic)
            .with_grid_rank(GridRank(rank))
            .with_value("padding", first.comm_lo.max(last.comm_hi)));
    }
    padding.set_wrap(&split, same_width(last, first, 0)?)?;
    padding.set_boundary(&split, first.boundary_lo, last.boundary_hi)?;
    Ok(Block { split, padding, periodic })
}

/// The width of the communication padding on both sides of an edge; `rank` is the grid rank above
/// it.
fn same_width(left: &BlockSection, right: &BlockSection, rank: i64) -> Result<i64> {
    if left.comm_hi == right.comm_lo {
        return Ok(right.comm_lo);
    }
    Err(Error::new(ErrorKind::PaddingUnequal)
        .with_grid_rank(GridRank(rank))
        .with_value("padding", right.comm_lo)
        .with_expected(left.comm_hi))
}

fn last_rank(sections: &[BlockSection]) -> i64 {
    i64::try_from(sections.len()).map_or(i64::MAX, |count| count - 1)
}
