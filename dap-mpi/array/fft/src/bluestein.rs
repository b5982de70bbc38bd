//! The transform of a distributed axis of any number of points, as a convolution.
//!
//! With `c[n] = exp(-pi i n^2 / N)` and `n k = (n^2 + k^2 - (k - n)^2) / 2`,
//!
//! `X[k] = c[k] * sum over n of (x[n] c[n]) conj(c[k - n])`
//!
//! (Bluestein, "A linear filtering approach to the computation of discrete Fourier transform",
//! 1970). The convolution is computed by transforms of an easy number of points, at least 2 N - 1,
//! of the transpose method. Their spectra stay transposed: the product does not mind
//! the order, and the inverse transform begins with rows. So five moves are made: of the points to
//! columns, of both factors to rows, of the product to columns, and of the result. Three arrays of
//! the easy number of points exist at a time, at most.

use dap_array::{DynArray, Op};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_kernels::element::Element;
use dap_mpi::Result;
use dap_ndarray::Item;
use ndarray::Axis;
use num_complex::Complex;

use crate::along::Along;
use crate::error::argument;
use crate::float::Float;
use crate::half::weigh_half;
use crate::line::Kind;
use crate::lines::OnLine;
use crate::norm::Direction;
use crate::roots::Roots;
use crate::sizes::easy;
use crate::split::{Split, first_index};
use crate::steps::Step;

/// As the transpose method, for a number of points without factors, over `ranks` ranks.
///
/// # Errors
/// Not enough memory on some rank.
pub(crate) fn run<T: Float>(array: &DynArray, step: &Step, ranks: i64, to: &Placement) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let n = step.points;
    let Some(sizes) = n.checked_mul(2).and_then(|twice| easy(twice - 1, ranks)) else {
        return argument(format!("a transform of {n} points: the number is too large"));
    };
    let split = Split::new(array.placement(), step.axis, sizes, ranks);
    let chirp = Chirp { n: n as u64, roots: Roots::of(2 * n as u64, step.direction())? };
    let kernel = chirp.kernel::<T>(array, sizes, ranks)?;
    let local = match kernel.section_rank() {
        Some(_) => kernel.local::<Complex<T>>().map(Some),
        None => Ok(None),
    };
    // Local views fail for memory that an earlier operation could not get, which it has said.
    let local = array.context().comm().agree(local)?;
    let rows = local.as_ref().map(|local| local.view());

    let matrix = split.matrix(array, true)?;
    let (first, columns) = (split.first_column(&matrix), sizes.1 as u64);
    let point = |row: u64, column: usize| row * columns + first + column as u64;
    let load = |column: usize, line: &mut [Complex<T>]| {
        if step.kind == Kind::ToReal {
            weigh_half(n, line, |row| point(row, column));
        }
        chirp.multiply(line, |row| point(row, column));
    };
    let product = |row: usize, line: &mut [Complex<T>]| {
        let factors = rows.iter().flat_map(|rows| rows.index_axis(Axis(0), row).into_iter());
        line.iter_mut().zip(factors).for_each(|(item, factor)| *item *= *factor);
    };
    let matrix = forward(matrix, &split, Some(&load), Some(&product))?;
    let store = |column: usize, line: &mut [Complex<T>]| chirp.multiply(line, |row| point(row, column));
    let matrix = inverse(matrix, &split, step.factor, &store)?;
    let matrix = if step.kind == Kind::ToReal { matrix.expr().apply(Op::Real).eval()? } else { matrix };
    split.line(&matrix, sizes.1, to)
}

/// The factors `c[n]`, of either direction.
struct Chirp {
    n: u64,
    roots: Roots,
}

impl Chirp {
    /// Multiplies the points of a line, of which item `at` has number `point(at)`. Points behind
    /// the last one stay.
    fn multiply<T: Float>(&self, line: &mut [Complex<T>], point: impl Fn(u64) -> u64) {
        for (at, item) in (0..).zip(line) {
            let point = point(at);
            if point >= self.n {
                break;
            }
            *item *= self.roots.power_of_product::<T>(point, point);
        }
    }

    /// The transposed spectrum of the conjugate factors, at both ends of a line. Collective.
    fn kernel<T: Float>(&self, array: &DynArray, sizes: (i64, i64), ranks: i64) -> Result<DynArray>
    where
        Complex<T>: Item + Element,
    {
        let all = (sizes.0 * sizes.1) as u64;
        let line = Layout::builder([sizes.0 * sizes.1]).processes(ranks).build()?;
        let line = array.placement().on_first_ranks(line)?;
        let split = Split::new(&line, 0, sizes, ranks);
        let kernel = DynArray::from_fn(array.context(), split.by_columns()?, |index| {
            let point = index[0] as u64 * sizes.1 as u64 + index[1] as u64;
            let distance = point.min(all - point);
            if distance < self.n {
                self.roots.power_of_product::<T>(distance, distance).conj()
            } else {
                Complex::default()
            }
        })?;
        forward::<T>(kernel, &split, None, None)
    }
}

/// Transforms matrices by columns to their transposed spectrum by rows. Collective.
fn forward<T: Float>(
    matrix: DynArray,
    split: &Split<'_>,
    before: Option<OnLine<'_, T>>,
    after: Option<OnLine<'_, T>>,
) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let (kind, (rows, columns)) = (Kind::Complex(Direction::Forward), split.sizes);
    let roots = Roots::of((rows * columns) as u64, Direction::Forward)?;
    let first = split.first_column(&matrix);
    let twist = |column: usize, line: &mut [Complex<T>]| roots.twist(first + column as u64, line);
    let along = Some(split.axis + 1);
    let down = Along { along, before, after: Some(&twist), ..Along::new(kind, split.axis, rows, 1.0) };
    let matrix = down.run(matrix, true)?.redistribute(split.by_rows()?)?;
    let across = Along { along: Some(split.axis), after, ..Along::new(kind, split.axis + 1, columns, 1.0) };
    across.run(matrix, true)
}

/// Transforms a transposed spectrum by rows to matrices by columns. Collective.
fn inverse<T: Float>(matrix: DynArray, split: &Split<'_>, factor: f64, after: OnLine<'_, T>) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let (kind, (rows, columns)) = (Kind::Complex(Direction::Inverse), split.sizes);
    let roots = Roots::of((rows * columns) as u64, Direction::Inverse)?;
    let first = first_index(&matrix, split.axis);
    let twist = |row: usize, line: &mut [Complex<T>]| roots.twist(first + row as u64, line);
    let across = Along {
        along: Some(split.axis),
        after: Some(&twist),
        ..Along::new(kind, split.axis + 1, columns, factor / (rows as f64 * columns as f64))
    };
    let matrix = across.run(matrix, true)?.redistribute(split.by_columns()?)?;
    let down = Along { along: Some(split.axis + 1), after: Some(after), ..Along::new(kind, split.axis, rows, 1.0) };
    down.run(matrix, true)
}
