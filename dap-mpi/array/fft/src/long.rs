//! The transform of an axis that stays distributed: the transpose method.
//!
//! The line of N = N1 * N2 points is seen as a matrix of N1 rows: point `N2 n1 + n2` is in row n1
//! and column n2. The result's point `k1 + N1 k2` is
//!
//! `X[k1 + N1 k2] = sum over n2 of w2^(n2 k2) w^(n2 k1) sum over n1 of w1^(n1 k1) x[N2 n1 + n2]`
//!
//! with the roots of unity w of N, w1 of N1 and w2 of N2 (Bailey, "FFTs in external or hierarchical
//! memory", 1990). So columns are transformed, multiplied by powers of w, and rows are transformed;
//! the result is the transpose of the matrix. Columns are distributed in the first part, rows in
//! the second one: three moves, to the columns, to the rows, and to the result's distribution.
//!
//! A number of points without such factors takes the way of [`bluestein`](crate::bluestein).

use dap_array::{DynArray, Op};
use dap_core::algebra::Placement;
use dap_kernels::element::Element;
use dap_mpi::Result;
use dap_ndarray::Item;
use num_complex::Complex;

use crate::along::Along;
use crate::bluestein;
use crate::float::Float;
use crate::half::weigh_half;
use crate::line::Kind;
use crate::roots::Roots;
use crate::sizes::factors;
use crate::split::Split;
use crate::steps::Step;

/// Transforms one axis of an array, whose other axes are too short to be distributed. The result
/// has the placement `to`. Collective.
///
/// # Errors
/// Not enough memory on some rank.
pub(crate) fn run<T: Float>(array: &DynArray, step: &Step, to: &Placement) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let ranks = ranks(array.layout().processes(), step.points);
    match factors(step.points, ranks) {
        Some(sizes) => transposed::<T>(array, step, &Split::new(array.placement(), step.axis, sizes, ranks), to),
        None => bluestein::run::<T>(array, step, ranks, to),
    }
}

/// The number of ranks that a line is distributed over: short lines take fewer, and never one.
fn ranks(processes: i64, points: i64) -> i64 {
    processes.min(points.isqrt()).max(2).min(processes)
}

fn transposed<T: Float>(array: &DynArray, step: &Step, split: &Split<'_>, to: &Placement) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let (n, direction) = (step.points as u64, step.direction());
    let roots = Roots::of(n, direction)?;
    let matrix = split.matrix(array, array.shape()[step.axis] < step.points)?;
    let first = split.first_column(&matrix);
    let weigh = |column: usize, line: &mut [Complex<T>]| {
        weigh_half(step.points, line, |row| row * split.sizes.1 as u64 + first + column as u64);
    };
    let twist = |column: usize, line: &mut [Complex<T>]| roots.twist(first + column as u64, line);
    let columns = Along {
        along: Some(split.axis + 1),
        before: if step.kind == Kind::ToReal { Some(&weigh) } else { None },
        after: Some(&twist),
        ..Along::<T>::new(Kind::Complex(direction), split.axis, split.sizes.0, 1.0)
    };
    let matrix = columns.run(matrix, true)?.redistribute(split.by_rows()?)?;
    let rows = Along::<T>::new(Kind::Complex(direction), split.axis + 1, split.sizes.1, step.factor);
    let matrix = rows.run(matrix, true)?;
    let matrix = if step.kind == Kind::ToReal { matrix.expr().apply(Op::Real).eval()? } else { matrix };
    let mut order: Vec<i64> = (0..matrix.ndim() as i64).collect();
    order.swap(split.axis, split.axis + 1);
    split.line(&matrix.transpose(&order)?, split.sizes.0, to)
}
