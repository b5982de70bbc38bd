//! Norms of vectors and of matrices.

use dap_array::{DynArray, ElementType, Expr, Reduction, Result, Scalar};
use dap_kernels::promote::inexact;

use crate::operands::argument;

/// A norm of a vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VectorNorm {
    /// The number of elements that are not zero.
    Zero,
    /// The sum of magnitudes.
    One,
    /// The root of the sum of squares, exact and rounded once.
    Two,
    /// The greatest magnitude.
    Max,
    /// The least magnitude.
    Min,
    /// The root `1 / p` of the sum of magnitudes to the power of `p`.
    Power(f64),
}

impl VectorNorm {
    /// The norm of NumPy's `ord`.
    pub fn of(ord: f64) -> VectorNorm {
        match ord {
            0.0 => VectorNorm::Zero,
            1.0 => VectorNorm::One,
            2.0 => VectorNorm::Two,
            f64::INFINITY => VectorNorm::Max,
            f64::NEG_INFINITY => VectorNorm::Min,
            power => VectorNorm::Power(power),
        }
    }

    fn bits(self) -> u64 {
        match self {
            VectorNorm::Zero => 0.0_f64.to_bits(),
            VectorNorm::One => 1.0_f64.to_bits(),
            VectorNorm::Two => 2.0_f64.to_bits(),
            VectorNorm::Max => f64::INFINITY.to_bits(),
            VectorNorm::Min => f64::NEG_INFINITY.to_bits(),
            VectorNorm::Power(power) => power.to_bits(),
        }
    }

    /// The elements that are reduced, and how.
    fn terms<'a>(self, array: &'a DynArray, element: ElementType) -> (Expr<'a>, Reduction) {
        let floats = array.expr().cast(element);
        match self {
            VectorNorm::Zero => (array.expr().not_equal(0).cast(element.part()), Reduction::Sum),
            VectorNorm::One => (floats.abs(), Reduction::Sum),
            VectorNorm::Two => (floats, Reduction::Norm),
            VectorNorm::Max => (floats.abs(), Reduction::Max),
            VectorNorm::Min => (floats.abs(), Reduction::Min),
            VectorNorm::Power(power) => (floats.abs().power(power), Reduction::Sum),
        }
    }
}

/// The norm of all elements, as of a vector: a real float. Nothing is stored. Collective.
///
/// # Errors
/// The greatest or least of no element; items that cannot be computed with; a failure of the array
/// on some rank.
#[track_caller]
pub fn vector_norm(array: &DynArray, norm: VectorNorm) -> Result<Scalar> {
    let _call = array.enter("vector_norm", norm.bits())?;
    let (terms, reduction) = norm.terms(array, inexact(array.number_type()?));
    let sum = terms.reduce(reduction)?;
    match norm {
        VectorNorm::Power(power) => Expr::scalar(sum).power(1.0 / power).value(),
        _ => Ok(sum),
    }
}

/// The norms of the vectors along some axes, distributed as a reduction along them. Orders other
/// than 2 make an array of magnitudes first. Collective.
///
/// # Errors
/// As [`vector_norm`]; an axis that is not there, or named twice.
#[track_caller]
pub fn vector_norm_along(array: &DynArray, norm: VectorNorm, axes: &[i64], keepdims: bool) -> Result<DynArray> {
    let _call = array.enter("vector_norm", (norm.bits(), axes, keepdims))?;
    let element = inexact(array.number_type()?);
    let (terms, reduction) = norm.terms(array, element);
    let is_ready = norm == VectorNorm::Two && array.element() == Some(element);
    let terms = if is_ready { array.clone() } else { terms.eval()? };
    let sums = terms.reduce_along(reduction, axes, keepdims)?;
    match norm {
        VectorNorm::Power(power) => sums.expr().power(1.0 / power).eval(),
        _ => Ok(sums),
    }
}

/// A norm of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatrixNorm {
    /// The root of the sum of squares, exact and rounded once.
    Frobenius,
    /// The greatest sum of magnitudes of a column: NumPy's 1.
    MaxColumn,
    /// The least sum of magnitudes of a column: NumPy's -1.
    MinColumn,
    /// The greatest sum of magnitudes of a row: NumPy's `inf`.
    MaxRow,
    /// The least sum of magnitudes of a row: NumPy's `-inf`.
    MinRow,
}

/// The norms of matrices in the last two axes, which stay with `keepdims`, with one element.
/// Collective. Norms other than Frobenius's make an array of magnitudes first.
///
/// # Errors
/// Fewer than two axes; the greatest or least of no row or column; as [`vector_norm`].
#[track_caller]
pub fn matrix_norm(array: &DynArray, norm: MatrixNorm, keepdims: bool) -> Result<DynArray> {
    let _call = array.enter("matrix_norm", (norm, keepdims))?;
    if array.ndim() < 2 {
        return argument(format!("a matrix norm of an array of shape {:?}: it needs two axes", array.shape()));
    }
    let (rows, columns) = (-2, -1);
    let (summed, kept, extreme) = match norm {
        MatrixNorm::Frobenius => return vector_norm_along(array, VectorNorm::Two, &[rows, columns], keepdims),
        MatrixNorm::MaxColumn => (rows, columns, Reduction::Max),
        MatrixNorm::MinColumn => (rows, columns, Reduction::Min),
        MatrixNorm::MaxRow => (columns, rows, Reduction::Max),
        MatrixNorm::MinRow => (columns, rows, Reduction::Min),
    };
    let sums = vector_norm_along(array, VectorNorm::One, &[summed], true)?;
    let extremes = sums.reduce_along(extreme, &[kept], true)?;
    if keepdims { Ok(extremes) } else { extremes.reshape(&array.shape()[..array.ndim() - 2]) }
}
