//! `matmul` by the rules of NumPy and the array API.

use dap_array::{DynArray, Result};

use crate::contract::{Axes, Contraction, PANEL_BYTES, contract};
use crate::operands::{argument, at_index, common_element, with_axis};

/// The product of matrices, `a @ b`: of the last two axes of each operand, for each index of the
/// others, which are broadcast together. A vector on the left is a row, one on the right a column,
/// and the result lacks that axis. The type is the common one of both; sums of integers wrap, and
/// those of booleans are true if a product is. Collective.
///
/// The rows of the result are distributed like those of `a`, its columns like those of `b`, where a
/// process grid of both is among the cheapest; otherwise in blocks, or cyclic where the operand is.
/// It lies on the ranks of the operand that has more. [The guide](crate#cost) has the cost.
///
/// # Errors
/// An operand without axes; extents that do not fit; operands on different contexts; items that
/// cannot be computed with; a failure of an operand on some rank.
#[track_caller]
pub fn matmul(a: &DynArray, b: &DynArray) -> Result<DynArray> {
    matmul_within(a, b, PANEL_BYTES)
}

/// As [`matmul`], with panels and partial results of at most `panel_bytes` bytes on a rank; 56 MiB
/// are the default. Less memory means more messages. Collective.
///
/// # Errors
/// As `matmul`.
#[track_caller]
pub fn matmul_within(a: &DynArray, b: &DynArray, panel_bytes: i64) -> Result<DynArray> {
    let _call = a.enter("matmul", (b.dtype(), b.layout(), panel_bytes))?;
    let element = common_element(a, b)?;
    let (left, right) = (a.shape(), b.shape());
    let misfit = || argument(format!("matmul of shapes {left:?} and {right:?}: the inner extents must be equal"));
    if left.is_empty() || right.is_empty() {
        return argument("matmul of an operand without axes: multiply elements instead");
    }
    let inner = right[right.len().saturating_sub(2)];
    if left[left.len() - 1] != inner {
        return misfit();
    }
    let matrix_a = if left.len() == 1 { with_axis(a, 0)? } else { a.clone() };
    let matrix_b = if right.len() == 1 { with_axis(b, 1)? } else { b.clone() };
    let batch = matrix_a.ndim().max(matrix_b.ndim()) - 2;
    let matrix_a = with_batch(matrix_a, batch)?;
    let matrix_b = with_batch(matrix_b, batch)?;
    let fits = |(&a, &b): (&i64, &i64)| a == b || a == 1 || b == 1;
    if !matrix_a.shape()[..batch].iter().zip(&matrix_b.shape()[..batch]).all(fits) {
        return argument(format!(
            "matmul of shapes {left:?} and {right:?}: the axes in front cannot be broadcast together"
        ));
    }
    let axes = Axes { batch, rows: 1, columns: 1, inner: 1 };
    let mut result = contract(&Contraction { a: matrix_a, b: matrix_b, axes, element, panel_bytes })?;
    if right.len() == 1 {
        result = at_index(&result, batch + 1, 0)?;
    }
    if left.len() == 1 {
        result = at_index(&result, batch, 0)?;
    }
    Ok(result)
}

/// New axes of one element in front, so that there are `batch` axes in front of the matrices.
fn with_batch(mut array: DynArray, batch: usize) -> Result<DynArray> {
    while array.ndim() < batch + 2 {
        array = with_axis(&array, 0)?;
    }
    Ok(array)
}
