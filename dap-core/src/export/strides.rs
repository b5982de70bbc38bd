//! The strides of dense memory: those of C order and of Fortran order, in one formula.

/// The strides, in bytes, of dense memory in which the indices of the dimensions vary in the order
/// `fastest_first`: `(0..ndim).rev()` is C order, `0..ndim` Fortran order. `None` if a stride is
/// beyond 64 bits, or a dimension is not in `shape`.
///
/// An extent of 0 counts as 1, as in NumPy: memory without items has strides, too.
///
/// ```
/// use dap_core::export::dense_strides;
/// assert_eq!(dense_strides(&[2, 3, 4], 8, (0..3).rev()), Some(vec![96, 32, 8]));
/// assert_eq!(dense_strides(&[2, 3, 4], 8, 0..3), Some(vec![8, 16, 48]));
/// assert_eq!(dense_strides(&[i64::MAX, 2], 8, 0..2), None);
/// ```
#[must_use]
pub fn dense_strides(shape: &[i64], itemsize: i64, fastest_first: impl IntoIterator<Item = usize>) -> Option<Vec<i64>> {
    let mut strides = vec![itemsize; shape.len()];
    let mut step = Some(itemsize);
    for dim in fastest_first {
        *strides.get_mut(dim)? = step?;
        step = step.and_then(|step| step.checked_mul(shape[dim].max(1)));
    }
    Some(strides)
}
