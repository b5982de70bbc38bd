//! The products of one process: of its rows and its columns, for each index of its batch axes.

use dap_array::{DynArray, Result};
use dap_kernels::with_element;
use ndarray::{Array2, ArrayViewD, ArrayViewMutD, Axis, Ix2};

use super::Axes;
use crate::product::Multiply;

/// Adds the product of this process's elements to those of `result`. Between rows and inner axes,
/// `a` has an axis of one element on each process; `b` has it behind the batch axes. Local.
///
/// # Errors
/// A failure of an operand on this process.
pub(super) fn multiply_add(result: &DynArray, a: &DynArray, b: &DynArray, axes: Axes) -> Result<()> {
    if result.section_rank().is_none() {
        return Ok(());
    }
    let Some(element) = result.element() else { return Ok(()) };
    with_element!(element, T => of_type::<T>(result, a, b, axes))
}

fn of_type<T: Multiply>(result: &DynArray, a: &DynArray, b: &DynArray, axes: Axes) -> Result<()> {
    let mut target = result.local_mut::<T>()?;
    let target = target.view();
    if target.is_empty() {
        return Ok(());
    }
    let (left, right) = (a.local::<T>()?, b.local::<T>()?);
    let left = left.view().index_axis_move(Axis(axes.batch + axes.rows), 0);
    let right = right.view().index_axis_move(Axis(axes.batch), 0);
    each_batch(left, right, target, axes);
    Ok(())
}

/// Goes through the batch axes; operands repeat their only element along some of them.
fn each_batch<T: Multiply>(a: ArrayViewD<'_, T>, b: ArrayViewD<'_, T>, mut c: ArrayViewMutD<'_, T>, axes: Axes) {
    if axes.batch == 0 {
        return of_matrices(&a, &b, c, axes);
    }
    let at = |side: &ArrayViewD<'_, T>, index: usize| if side.len_of(Axis(0)) == 1 { 0 } else { index };
    for index in 0..c.len_of(Axis(0)) {
        let (a, b) = (a.index_axis(Axis(0), at(&a, index)), b.index_axis(Axis(0), at(&b, index)));
        each_batch(a, b, c.index_axis_mut(Axis(0), index), Axes { batch: axes.batch - 1, ..axes });
    }
}

/// Rows, columns and inner axes as one axis each.
fn of_matrices<T: Multiply>(a: &ArrayViewD<'_, T>, b: &ArrayViewD<'_, T>, mut c: ArrayViewMutD<'_, T>, axes: Axes) {
    let count = |extents: &[usize]| extents.iter().product::<usize>();
    let (rows, inner) = (count(&a.shape()[..axes.rows]), count(&a.shape()[axes.rows..]));
    let columns = count(&b.shape()[axes.inner..]);
    let (a, b) = (a.to_shape((rows, inner)), b.to_shape((inner, columns)));
    let (a, b) = (a.expect("the same number of elements"), b.expect("the same number of elements"));
    let is_matrix = (axes.rows, axes.columns) == (1, 1);
    let matrix = if is_matrix {
        c.view_mut().into_dimensionality::<Ix2>().ok()
    } else {
        c.view_mut().into_shape_with_order((rows, columns)).ok()
    };
    if let Some(mut matrix) = matrix {
        return T::multiply_add(&a.view(), &b.view(), &mut matrix);
    }
    // The elements of a strip do not lie side by side.
    let mut product = Array2::from_elem((rows, columns), T::default());
    T::multiply_add(&a.view(), &b.view(), &mut product.view_mut());
    c.iter_mut().zip(&product).for_each(|(sum, &item)| *sum = sum.plus(item));
}
