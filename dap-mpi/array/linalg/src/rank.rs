//! Pseudo-inverses, least squares and ranks, by singular values.

use dap_array::{DynArray, Op, Reduction, Result};
use dap_kernels::element::ElementType;

use crate::decompose::{Columns, adjoint, svd, svdvals};
use crate::matmul::matmul;
use crate::operands::{argument, at_index, common_element, with_axis};
use crate::place::like;

/// The least singular value of each matrix that counts, as a fraction of the greatest: the greater
/// extent times the distance from 1 to the next number, if the caller gives none.
fn fraction(array: &DynArray, rtol: Option<f64>) -> f64 {
    let extent = array.shape().iter().rev().take(2).copied().max().unwrap_or(0) as f64;
    let single = matches!(array.element(), Some(ElementType::F32 | ElementType::C64));
    rtol.unwrap_or(extent * if single { f64::from(f32::EPSILON) } else { f64::EPSILON })
}

/// Whether each singular value counts.
fn counts(values: &DynArray, fraction: f64) -> Result<DynArray> {
    if values.shape().last() == Some(&0) {
        return values.expr().apply2(Op::Greater, 0.0).eval();
    }
    let most = values.reduce_along(Reduction::Max, &[-1], true)?;
    values.expr().apply2(Op::Greater, &most * fraction).eval()
}

/// The reciprocals of the singular values that count, and zeros.
fn reciprocals(values: &DynArray, counts: &DynArray) -> Result<DynArray> {
    let safe = counts.expr().select(values, 1.0);
    counts.expr().select(safe.reciprocal(), 0.0).eval()
}

/// The Moore-Penrose pseudo-inverses of the matrices in the last two axes. Singular values of at
/// most `rtol` times the greatest count as zero; by default the greater extent times the precision.
/// Collective.
///
/// # Errors
/// As [`svd`].
#[track_caller]
pub fn pinv(array: &DynArray, rtol: Option<f64>) -> Result<DynArray> {
    let _call = array.enter("pinv", rtol.map(f64::to_bits))?;
    let (left, values, right) = svd(array, Columns::Reduced)?;
    let inverse = reciprocals(&values, &counts(&values, fraction(array, rtol))?)?;
    let scaled = (&with_axis(&inverse, inverse.ndim())? * &right).eval()?;
    matmul(&adjoint(&scaled)?, &adjoint(&left)?)
}

/// The numbers of singular values above `rtol` times the greatest, of the matrices in the last two
/// axes; by default as [`pinv`]. Collective.
///
/// # Errors
/// As [`svd`].
#[track_caller]
pub fn matrix_rank(array: &DynArray, rtol: Option<f64>) -> Result<DynArray> {
    let _call = array.enter("matrix_rank", rtol.map(f64::to_bits))?;
    let values = svdvals(array)?;
    counts(&values, fraction(array, rtol))?.reduce_along(Reduction::CountNonzero, &[-1], false)
}

/// A least-squares solution: see [`lstsq`].
#[derive(Debug, Clone)]
pub struct LeastSquares {
    /// The shortest of the solutions with the least residual.
    pub solution: DynArray,
    /// The rank of the matrix, without axes.
    pub rank: DynArray,
    /// The singular values, descending.
    pub singular_values: DynArray,
}

/// The shortest `x` with the least `|a x - b|`, of one matrix, for each column of `b` or for the
/// vector that it is. Singular values count as in [`pinv`]. Collective.
///
/// # Errors
/// A matrix that has other than two axes, or other rows than `b`; operands on different contexts;
/// as [`svd`].
#[track_caller]
pub fn lstsq(a: &DynArray, b: &DynArray, rtol: Option<f64>) -> Result<LeastSquares> {
    let _call = a.enter("lstsq", (b.dtype(), b.layout(), rtol.map(f64::to_bits)))?;
    common_element(a, b)?;
    if a.ndim() != 2 || !(1..=2).contains(&b.ndim()) || a.shape()[0] != b.shape()[0] {
        return argument(format!("lstsq of shapes {:?} and {:?}: one matrix, and as many rows", a.shape(), b.shape()));
    }
    let right_sides = if b.ndim() == 1 { with_axis(b, 1)? } else { b.clone() };
    let (left, values, right) = svd(a, Columns::Reduced)?;
    let counts = counts(&values, fraction(a, rtol))?;
    let inverse = with_axis(&reciprocals(&values, &counts)?, 1)?;
    let projected = (&matmul(&adjoint(&left)?, &right_sides)? * &inverse).eval()?;
    let solution = matmul(&adjoint(&right)?, &projected)?;
    let solution = if b.ndim() == 1 { at_index(&solution, 1, 0)? } else { solution };
    let rank = counts.reduce_along(Reduction::CountNonzero, &[-1], false)?;
    Ok(LeastSquares { solution: like(&solution, b)?, rank, singular_values: values })
}
