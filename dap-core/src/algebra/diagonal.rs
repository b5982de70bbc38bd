//! A diagonal as an array, and an array as a diagonal of a matrix.
//!
//! Element t of a diagonal lies at index `row + t` of the one axis and `column + t` of the other,
//! so on the process that owns both. With both axes cut to the diagonal (the *band*), the elements
//! of a process are the intersection of two run sets. The result has one axis for the two, behind
//! the others, which keep their distribution:
//!
//! | along the two axes, cut | the result along the diagonal | elements move |
//! |---|---|---|
//! | one is on one process | the other one | no |
//! | block, block | block, a section for each pair of processes that the diagonal meets | no |
//! | cyclic, cyclic, both in blocks of b, over P and Q processes | cyclic in blocks of b, over lcm(P, Q) processes | no |
//! | any other | the first axis if it is block or cyclic, otherwise block, as even as can be; on the processes at coordinate 0 of the second axis | yes |
//!
//! ```
//! use dap_core::algebra::Placement;
//! use dap_core::layout::{DimSpec, Layout};
//! let dims = [DimSpec::Block, DimSpec::Block];
//! let matrix = Placement::new(Layout::builder([6, 6]).dims(dims).grid([2, 3]).build()?);
//! let diagonal = matrix.diagonal(1, 0, 1)?;
//! // Elements (0, 1) on rank 0, (1, 2) and (2, 3) on 1, (3, 4) and (4, 5) on 5.
//! assert_eq!(diagonal.result().to_string(), "(5,) over 3: block[0, 1, 3, 5] on ranks 0, 1, 5");
//! assert!(!diagonal.moves());
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use smallvec::SmallVec;

use super::axes_of;
use super::placement::Placement;
use super::progression::Progression;
use super::rank_map::Along;
use super::resized::{padded, without_padding};
use super::view::View;
use crate::dim::{Block, Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result, at_most};
use crate::index::{GridRank, Rank};
use crate::layout::Layout;
use crate::runs::{Overlap, gcd, intersect};

/// The most processes along a diagonal that are listed.
const MOST_SECTIONS: i64 = 1 << 24;

/// The distribution of a diagonal. See the module page of `diagonal`.
#[derive(Debug, Clone)]
pub struct Diagonal {
    band: View,
    axes: (usize, usize),
    result: Placement,
    moves: bool,
}

impl Diagonal {
    /// The distribution of the result: the axes that stay, and behind them the diagonal.
    pub fn result(&self) -> &Placement {
        &self.result
    }

    /// Whether elements move: some lie on another rank in [`result`](Self::result).
    pub fn moves(&self) -> bool {
        self.moves
    }

    /// The base, with both axes cut to the indices of the diagonal, so that its elements are those
    /// at equal indices along them.
    pub fn band(&self) -> &View {
        &self.band
    }

    /// The elements that a section of the band owns: their indices on the diagonal as global
    /// indices, and their places in the section along both axes, that of the first one as `a`.
    /// `None` when there is no such section.
    ///
    /// # Errors
    /// As [`View::placement`].
    pub fn held(&self, section: Rank) -> Result<Option<Vec<Overlap>>> {
        let placement = self.band.placement()?;
        let layout = placement.layout();
        let Some(coordinates) = layout.grid().coordinates(section) else { return Ok(None) };
        let runs = |axis: usize| layout.dims()[axis].source_runs(coordinates[axis]);
        Ok(Some(intersect(&runs(self.axes.0), &runs(self.axes.1))))
    }
}

/// The distribution along a diagonal.
enum Meeting {
    /// That of the first axis, on the processes at coordinate 0 of the second.
    First(Dim),
    /// The other way round.
    Second(Dim),
    /// A section for each of these pairs of processes.
    Pairs(Dim, Vec<(i64, i64)>),
}

impl Placement {
    /// The diagonal whose element t has the indices t and `t + offset` along two axes (for a
    /// negative offset `t - offset` and t), as `numpy.diagonal`. A diagonal outside of the array is
    /// empty.
    ///
    /// # Errors
    /// An axis that is not there, or the same one twice; an unstructured dimension whose indices
    /// are not 0 to `size` - 1; two block dimensions of more than 2^24 processes; more ranks than
    /// can be listed.
    pub fn diagonal(&self, offset: i64, axis1: i64, axis2: i64) -> Result<Diagonal> {
        let named = axes_of(&[axis1, axis2], self.ndim())?;
        let (first, second) = (named[0], named[1]);
        named.iter().try_for_each(|&axis| ordered(&self.layout().dims()[axis], axis))?;
        let (row, column) = ends(offset);
        let len = (self.shape()[first] - row).min(self.shape()[second] - column).max(0);
        let cut = |axis: usize, start: i64| Progression::new(self.shape()[axis], start, 1, len);
        let band = View::of(self).along(axis1, &cut(first, row)?)?.along(axis2, &cut(second, column)?)?;
        let placement = band.placement()?;
        let all = placement.layout().dims();
        let (meeting, moves) = meet(&all[first], &all[second])?;

        let mut dims = Vec::with_capacity(self.ndim() - 1);
        let mut along: SmallVec<[Along; 4]> = SmallVec::from_elem(Along::At(0), self.ndim());
        for (at, dim) in all.iter().enumerate() {
            if at != first && at != second {
                along[at] = Along::whole(dims.len());
                dims.push(without_padding(dim)?);
            }
        }
        let last = dims.len();
        let (Meeting::First(dim) | Meeting::Second(dim) | Meeting::Pairs(dim, _)) = &meeting;
        dims.push(dim.clone());
        let layout = Layout::new(dims)?;
        let ranks = match meeting {
            Meeting::First(_) | Meeting::Second(_) => {
                along[if matches!(meeting, Meeting::First(_)) { first } else { second }] = Along::whole(last);
                placement.ranks().select(&along, layout.grid().shape())?
            }
            Meeting::Pairs(_, pairs) => placement.ranks().mapped(layout.grid(), |selected| {
                let grid = placement.ranks().grid();
                let mut coordinates: SmallVec<[i64; 4]> =
                    along.iter().zip(grid).map(|(along, &extent)| along.coordinate(selected, extent)).collect();
                let pair = usize::try_from(selected[last]).ok().and_then(|at| pairs.get(at)).copied();
                (coordinates[first], coordinates[second]) = pair.unwrap_or((0, 0));
                coordinates
            })?,
        };
        Ok(Diagonal { band, axes: (first, second), result: Placement::with_ranks(layout, ranks)?, moves })
    }

    /// A matrix with this array of one dimension on the diagonal of an offset, as `numpy.diag`. The
    /// rows have the array's distribution, so that its elements stay where padding by the offset
    /// leaves them (see [`Assembly::pad`](super::Assembly::pad)); the columns are not distributed.
    ///
    /// # Errors
    /// Another number of dimensions; an unstructured dimension whose indices are not 0 to `size` -
    /// 1; more than 2^63 - 1 elements.
    pub fn diagonal_matrix(&self, offset: i64) -> Result<Placement> {
        let [dim] = self.layout().dims() else {
            let ndim = i64::try_from(self.ndim()).unwrap_or(i64::MAX);
            return Err(Error::new(ErrorKind::Count).with_value("ndim", ndim).with_expected(1));
        };
        ordered(dim, 0)?;
        let (before, after) = ends(offset);
        let rows = padded(&without_padding(dim)?, before, after)?;
        let columns = Dim::undistributed(rows.size())?;
        let layout = Layout::new(vec![rows, columns])?;
        let ranks = self.ranks().select(&[Along::whole(0)], layout.grid().shape())?;
        Placement::with_ranks(layout, ranks)
    }
}

/// The first index of a diagonal along both axes.
fn ends(offset: i64) -> (i64, i64) {
    (offset.checked_neg().unwrap_or(i64::MAX).max(0), offset.max(0))
}

fn ordered(dim: &Dim, axis: usize) -> Result<()> {
    if dim.indices_are_0_to_size() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::SliceWithoutOrder).with_dim(axis).with_value("size", dim.size()))
}

/// The distribution along the diagonal of two axes of one size, and whether elements move.
fn meet(first: &Dim, second: &Dim) -> Result<(Meeting, bool)> {
    if second.grid_size() == 1 {
        return Ok((Meeting::First(without_padding(first)?), false));
    }
    if first.grid_size() == 1 {
        return Ok((Meeting::Second(without_padding(second)?), false));
    }
    match (first, second) {
        (Dim::Block(rows), Dim::Block(columns)) => return Ok((blocks(rows, columns)?, false)),
        (Dim::Cyclic(rows), Dim::Cyclic(columns)) if rows.block_size() == columns.block_size() => {
            if let Some(found) = cycles(rows, columns)? {
                return Ok((found, false));
            }
        }
        _ => {}
    }
    let dim = match first {
        Dim::Block(_) | Dim::Cyclic(_) => without_padding(first)?,
        _ => Block::balanced(first.size(), first.grid_size())?.into(),
    };
    Ok((Meeting::First(dim), first.size() > 0))
}

/// The pairs of sections that meet, in order.
fn blocks(rows: &Block, columns: &Block) -> Result<Meeting> {
    at_most("proc_grid_size", rows.grid_size(), MOST_SECTIONS)?;
    at_most("proc_grid_size", columns.grid_size(), MOST_SECTIONS)?;
    let stop = |block: &Block, rank: i64| block.section(GridRank(rank)).owned_stop;
    let (mut bounds, mut pairs) = (vec![0], Vec::new());
    let (mut at, mut row, mut column) = (0, 0, 0);
    while at < rows.size() {
        let (row_end, column_end) = (stop(rows, row), stop(columns, column));
        let end = row_end.min(column_end);
        if end > at {
            bounds.push(end);
            pairs.push((row, column));
            at = end;
        }
        row += i64::from(row_end == end);
        column += i64::from(column_end == end);
    }
    if pairs.is_empty() {
        bounds.push(0);
        pairs.push((0, 0));
    }
    Ok(Meeting::Pairs(Block::from_bounds(bounds)?.into(), pairs))
}

/// The pairs of processes that take the blocks in turn; `None` if they are too many to be listed.
fn cycles(rows: &Cyclic, columns: &Cyclic) -> Result<Option<Meeting>> {
    let (p, q, block) = (rows.grid_size(), columns.grid_size(), rows.block_size());
    let period = i128::from(p) / i128::from(gcd(p, q)) * i128::from(q);
    let blocks = (i128::from(rows.size()) + i128::from(block) - 1) / i128::from(block);
    let turns = match i64::try_from(period.min(blocks.max(1))) {
        Ok(turns) if turns <= MOST_SECTIONS => turns,
        _ => return Ok(None),
    };
    // Neither source is as much as its grid's extent.
    let owner = |of: &Cyclic, turn: i64| (turn % of.grid_size() + of.source().0) % of.grid_size();
    let pairs = (0..turns).map(|turn| (owner(rows, turn), owner(columns, turn))).collect();
    Ok(Some(Meeting::Pairs(Cyclic::new(rows.size(), turns, block)?.into(), pairs)))
}
