//! Lines of an array as matrices: which rank has which rows or columns, and the moves between both.

use dap_array::DynArray;
use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::dim::{Block, Dim};
use dap_core::index::{LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_mpi::Result;

use crate::error::argument;

/// A line as a matrix, in an array with other axes.
pub(crate) struct Split<'a> {
    placement: &'a Placement,
    pub(crate) axis: usize,
    /// Rows and columns.
    pub(crate) sizes: (i64, i64),
    ranks: i64,
}

impl<'a> Split<'a> {
    pub(crate) fn new(placement: &'a Placement, axis: usize, sizes: (i64, i64), ranks: i64) -> Split<'a> {
        Split { placement, axis, sizes, ranks }
    }

    /// Each rank has some columns.
    pub(crate) fn by_columns(&self) -> Result<Placement> {
        self.over(self.axis + 1)
    }

    /// Each rank has some rows.
    pub(crate) fn by_rows(&self) -> Result<Placement> {
        self.over(self.axis)
    }

    fn over(&self, distributed: usize) -> Result<Placement> {
        let mut shape = self.placement.shape().to_vec();
        shape[self.axis] = self.sizes.0;
        shape.insert(self.axis + 1, self.sizes.1);
        let dims = shape.iter().enumerate().map(|(axis, &extent)| {
            let processes = if axis == distributed { self.ranks } else { 1 };
            Block::balanced(extent, processes).map(Dim::from)
        });
        Ok(self.placement.on_first_ranks(Layout::new(dims.collect::<std::result::Result<_, _>>()?)?)?)
    }

    /// The elements of lines as matrices by columns, in memory of their own, with zeros behind
    /// shorter lines. Collective.
    ///
    /// # Errors
    /// Not enough memory on some rank.
    pub(crate) fn matrix(&self, lines: &DynArray, is_padded: bool) -> Result<DynArray> {
        let make = if is_padded { DynArray::zeros } else { DynArray::empty };
        let matrix = make(lines.context(), self.by_columns()?, lines.dtype())?;
        for (line, part) in pieces(lines, &matrix, self.axis, self.sizes.1)? {
            part.copy_in_order(&line)?;
        }
        Ok(matrix)
    }

    /// The first elements of matrices as lines in a placement. Collective.
    ///
    /// # Errors
    /// Not enough memory on some rank.
    pub(crate) fn line(&self, matrix: &DynArray, columns: i64, to: &Placement) -> Result<DynArray> {
        let lines = DynArray::empty(matrix.context(), to.clone(), matrix.dtype())?;
        for (line, part) in pieces(&lines, matrix, self.axis, columns)? {
            line.copy_in_order(&part)?;
        }
        Ok(lines)
    }

    /// The number of this process's first column, 0 if it has none.
    pub(crate) fn first_column(&self, matrix: &DynArray) -> u64 {
        first_index(matrix, self.axis + 1)
    }
}

/// The global index of this process's first element along an axis, 0 if it has none.
pub(crate) fn first_index(array: &DynArray, axis: usize) -> u64 {
    let Some(section) = array.section_rank() else { return 0 };
    let layout = array.layout();
    let rank = layout.grid().coordinate(Rank(section.0), axis);
    let index = rank.and_then(|rank| layout.dims()[axis].global(rank, LocalIndex(0)));
    index.map_or(0, |index| index.0 as u64)
}

/// The parts of lines that are whole rows of matrices, and a last one that is a part of a row:
/// views of both.
fn pieces(lines: &DynArray, matrix: &DynArray, axis: usize, columns: i64) -> Result<Vec<(DynArray, DynArray)>> {
    if columns < 1 {
        return argument("a matrix has no columns");
    }
    let extent = lines.shape()[axis];
    let (rows, rest) = (extent / columns, extent % columns);
    let mut pieces = Vec::new();
    if rows > 0 {
        let line = within(lines, &[(axis, 0, rows * columns)])?;
        pieces.push((line, within(matrix, &[(axis, 0, rows)])?));
    }
    if rest > 0 {
        let line = within(lines, &[(axis, rows * columns, extent)])?;
        pieces.push((line, within(matrix, &[(axis, rows, rows + 1), (axis + 1, 0, rest)])?));
    }
    Ok(pieces)
}

/// The part of an array in ranges of some axes.
fn within(array: &DynArray, ranges: &[(usize, i64, i64)]) -> Result<DynArray> {
    let mut subscripts = vec![Subscript::Slice(Slice::ALL); array.ndim()];
    for &(axis, start, stop) in ranges {
        subscripts[axis] = Subscript::Slice(Slice::range(start, stop));
    }
    array.part(&subscripts)
}
