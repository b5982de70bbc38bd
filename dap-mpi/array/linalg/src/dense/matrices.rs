//! A kernel for each matrix of a stack, or for one matrix by all ranks.

use dap_array::{DynArray, Element, Result};
use dap_core::dim::{Block, Dim};
use dap_core::grid::Grid;
use dap_core::layout::Layout;
use dap_ndarray::Buffer;
use ndarray::{Array2, ArrayViewD, ArrayViewMutD, Axis, Ix2};

use super::field::Field;
use super::team::Team;
use crate::operands::permuted;
use crate::place::brought;

/// The results of a kernel for matrices in the last two axes. The axes in front are those of the
/// stack, the same of all operands. A kernel gets this rank's columns of each operand, and returns
/// those of each result, whose rows and columns `results` has. Collective.
///
/// # Errors
/// The kernel's, of any matrix on any rank.
pub(crate) fn each<T: Field>(
    operands: &[DynArray],
    results: &[(i64, i64)],
    kernel: impl Fn(&Team, Vec<Array2<T>>) -> Result<Vec<Array2<T>>>,
) -> Result<Vec<DynArray>> {
    let stored: Vec<DynArray> = operands.iter().map(transposed).collect::<Result<_>>()?;
    let found = if stored.iter().all(|it| it.ndim() == 2) {
        by_all(&stored, results, kernel)?
    } else {
        one_by_one(&stored, results, kernel)?
    };
    found.iter().map(transposed).collect()
}

/// A view with the last two axes exchanged.
pub(crate) fn transposed(array: &DynArray) -> Result<DynArray> {
    let mut order: Vec<usize> = (0..array.ndim()).collect();
    let last = order.len() - 1;
    order.swap(last - 1, last);
    permuted(array, &order)
}

fn by_all<T: Field>(
    stored: &[DynArray],
    results: &[(i64, i64)],
    kernel: impl Fn(&Team, Vec<Array2<T>>) -> Result<Vec<Array2<T>>>,
) -> Result<Vec<DynArray>> {
    let context = stored[0].context();
    let extents = stored.iter().flat_map(|it| it.shape().to_vec()).chain(results.iter().flat_map(|it| [it.0, it.1]));
    let team = Team::of(context, extents.max().unwrap_or(1), size_of::<T>())?;
    let layout = |columns: i64, rows: i64| -> Result<Layout> {
        Ok(Layout::new(vec![team.columns(columns)?, Dim::undistributed(rows)?])?)
    };
    let mut matrices = Vec::with_capacity(stored.len());
    for array in stored {
        let there = brought(array, &(&layout(array.shape()[0], array.shape()[1])?).into(), <T as Element>::TYPE)?;
        let own = there.local::<T>().map(|local| matrix(&local.view()));
        matrices.push(context.comm().agree(own)?);
    }
    let found = context.comm().agree(kernel(&team, matrices))?;
    let arrays = found.into_iter().zip(results).map(|(own, &(rows, columns))| {
        let buffer = Buffer::from_array(own);
        DynArray::from_buffer(context, &layout(columns, rows)?, &<T as Element>::TYPE.dtype(), Ok(Some(buffer)))
    });
    arrays.collect()
}

fn one_by_one<T: Field>(
    stored: &[DynArray],
    results: &[(i64, i64)],
    kernel: impl Fn(&Team, Vec<Array2<T>>) -> Result<Vec<Array2<T>>>,
) -> Result<Vec<DynArray>> {
    let context = stored[0].context();
    let stack = &stored[0].shape()[..stored[0].ndim() - 2];
    let grid = Grid::choose(stack, &vec![true; stack.len()], context.comm().size().into())?;
    let layout = |columns: i64, rows: i64| -> Result<Layout> {
        let along = stack.iter().zip(grid.shape()).map(|(&extent, &count)| Block::new(extent, count).map(Dim::Block));
        let matrix = [Dim::undistributed(columns), Dim::undistributed(rows)];
        Ok(Layout::new(along.chain(matrix).collect::<std::result::Result<_, _>>()?)?)
    };
    let mut moved = Vec::with_capacity(stored.len());
    for array in stored {
        let to = layout(array.shape()[stack.len()], array.shape()[stack.len() + 1])?;
        moved.push(brought(array, &(&to).into(), <T as Element>::TYPE)?);
    }
    let arrays = results
        .iter()
        .map(|&(rows, columns)| DynArray::zeros(context, &layout(columns, rows)?, &<T as Element>::TYPE.dtype()))
        .collect::<Result<Vec<_>>>()?;
    let computed = || -> Result<()> {
        if moved[0].section_rank().is_none() {
            return Ok(());
        }
        let locals = moved.iter().map(DynArray::local::<T>).collect::<Result<Vec<_>>>()?;
        let mut targets = arrays.iter().map(DynArray::local_mut::<T>).collect::<Result<Vec<_>>>()?;
        let views = locals.iter().map(|local| local.view()).collect();
        let targets = targets.iter_mut().map(|target| target.view()).collect();
        in_stack(views, targets, &Team::solo(), &kernel)
    };
    context.comm().agree(computed())?;
    Ok(arrays)
}

/// Goes through the axes of a stack.
fn in_stack<T: Field>(
    operands: Vec<ArrayViewD<'_, T>>,
    mut results: Vec<ArrayViewMutD<'_, T>>,
    team: &Team,
    kernel: &impl Fn(&Team, Vec<Array2<T>>) -> Result<Vec<Array2<T>>>,
) -> Result<()> {
    if operands[0].ndim() == 2 {
        let found = kernel(team, operands.iter().map(matrix).collect())?;
        results.iter_mut().zip(&found).for_each(|(result, found)| result.assign(found));
        return Ok(());
    }
    for index in 0..operands[0].len_of(Axis(0)) {
        let operands = operands.iter().map(|it| it.index_axis(Axis(0), index)).collect();
        let results = results.iter_mut().map(|it| it.index_axis_mut(Axis(0), index)).collect();
        in_stack(operands, results, team, kernel)?;
    }
    Ok(())
}

/// The columns of a matrix, side by side.
fn matrix<T: Field>(columns: &ArrayViewD<'_, T>) -> Array2<T> {
    columns.view().into_dimensionality::<Ix2>().expect("two axes").as_standard_layout().into_owned()
}
