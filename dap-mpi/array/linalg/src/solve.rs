//! Linear equations, inverses, determinants and powers.

use dap_array::{DynArray, Error, ErrorKind, Result};
use dap_kernels::promote::inexact;
use ndarray::Array2;

use crate::dense::field::{Field, with_field};
use crate::dense::householder::unit;
use crate::dense::lu::{Pivots, eliminate, substitute};
use crate::dense::matrices::each;
use crate::dense::team::Team;
use crate::matmul::matmul;
use crate::operands::{argument, at_index, common_element, with_axis};
use crate::place::like;

/// Refuses an array whose last two axes are no square.
pub(crate) fn check_square(array: &DynArray, what: &str) -> Result<i64> {
    match array.shape() {
        [.., rows, columns] if rows == columns => Ok(*rows),
        shape => argument(format!("{what} of an array of shape {shape:?}: the last two extents must be equal")),
    }
}

fn check_regular<T: Field>(pivots: &Pivots<T>) -> Result<()> {
    if pivots.is_singular() {
        return argument("the matrix is singular: it has no inverse");
    }
    Ok(())
}

/// The result without its last two axes, of one element each.
fn without_matrix(array: &DynArray) -> Result<DynArray> {
    let column = at_index(array, array.ndim() - 1, 0)?;
    at_index(&column, column.ndim() - 1, 0)
}

/// The solution of `a x = b`: for each matrix of `a` in the last two axes, the columns of `b` in
/// its last two, or one vector if `b` has one axis. The axes in front are broadcast together. By
/// elimination with partial pivoting. Collective.
///
/// The result lies as `b` does, where it has the same shape.
///
/// # Errors
/// A matrix that is not square, or singular: on all ranks; shapes that do not fit; operands on
/// different contexts; a failure of an operand on some rank.
#[track_caller]
pub fn solve(a: &DynArray, b: &DynArray) -> Result<DynArray> {
    let _call = a.enter("solve", (b.dtype(), b.layout()))?;
    let element = inexact(common_element(a, b)?);
    let extent = check_square(a, "solve")?;
    let right = if b.ndim() == 1 { with_axis(b, 1)? } else { b.clone() };
    let misfit = || {
        Error::new(
            ErrorKind::Argument,
            format!("solve of shapes {:?} and {:?}: the rows must fit", a.shape(), b.shape()),
        )
    };
    if right.ndim() < 2 || right.shape()[right.ndim() - 2] != extent {
        return Err(misfit());
    }
    let (stack_a, stack_b) = (&a.shape()[..a.ndim() - 2], &right.shape()[..right.ndim() - 2]);
    let stack = dap_core::algebra::broadcast_shapes([stack_a, stack_b].into_iter()).map_err(|_| misfit())?;
    let columns = right.shape()[right.ndim() - 1];
    let of = |array: &DynArray, columns: i64| array.broadcast_to(&[&stack[..], &[extent, columns]].concat());
    let operands = [of(a, extent)?, of(&right, columns)?];
    let found = with_field!(element, T => each::<T>(&operands, &[(extent, columns)], |team, matrices| {
        let [mut matrix, mut right] = pair(matrices);
        check_regular(&eliminate(team, &mut matrix, &mut right)?)?;
        substitute(team, &matrix, &mut right)?;
        Ok(vec![right])
    }))?;
    let found = if b.ndim() == 1 { at_index(&found[0], found[0].ndim() - 1, 0)? } else { found[0].clone() };
    like(&found, b)
}

fn pair<T>(matrices: Vec<Array2<T>>) -> [Array2<T>; 2] {
    matrices.try_into().unwrap_or_else(|_| unreachable!("a kernel gets as many matrices as there are operands"))
}

fn only<T>(matrices: Vec<Array2<T>>) -> Array2<T> {
    let [matrix] = matrices.try_into().unwrap_or_else(|_| unreachable!("a kernel gets one matrix for one operand"));
    matrix
}

/// The inverses of the matrices in the last two axes. Collective; the result lies as the array
/// does.
///
/// # Errors
/// As [`solve`].
#[track_caller]
pub fn inv(array: &DynArray) -> Result<DynArray> {
    let _call = array.enter("inv", ())?;
    let element = inexact(array.number_type()?);
    let extent = check_square(array, "the inverse")?;
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &[(extent, extent)], |team, matrices| {
        let (mut matrix, mut right) = (only(matrices), unit(team, extent as usize, extent as usize));
        check_regular(&eliminate(team, &mut matrix, &mut right)?)?;
        substitute(team, &matrix, &mut right)?;
        Ok(vec![right])
    }))?;
    like(&found[0], array)
}

/// A number on the rank that has the first column.
pub(crate) fn number<T: Field>(team: &Team, value: T) -> Array2<T> {
    Array2::from_elem((team.in_front(1), 1), value)
}

fn no_columns<T: Field>(extent: i64) -> Array2<T> {
    Array2::from_elem((0, extent as usize), T::default())
}

/// The determinants of the matrices in the last two axes. Collective.
///
/// # Errors
/// A matrix that is not square; a failure of the array on some rank.
#[track_caller]
pub fn det(array: &DynArray) -> Result<DynArray> {
    let _call = array.enter("det", ())?;
    let element = inexact(array.number_type()?);
    let extent = check_square(array, "the determinant")?;
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &[(1, 1)], |team, matrices| {
        let pivots = eliminate(team, &mut only(matrices), &mut no_columns(extent))?;
        let sign = T::real(if pivots.is_odd { -1.0 } else { 1.0 });
        Ok(vec![number(team, pivots.diagonal.iter().fold(sign, |product, &pivot| product * pivot))])
    }))?;
    without_matrix(&found[0])
}

/// The signs of the determinants (of complex ones the phase), and the natural logarithms of their
/// magnitudes, which are real. A singular matrix has sign 0 and logarithm -inf. Collective.
///
/// # Errors
/// As [`det`].
#[track_caller]
pub fn slogdet(array: &DynArray) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("slogdet", ())?;
    let element = inexact(array.number_type()?);
    let extent = check_square(array, "the determinant")?;
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &[(1, 1), (1, 1)], |team, matrices| {
        let pivots = eliminate(team, &mut only(matrices), &mut no_columns(extent))?;
        let (sign, logarithm) = logarithm(&pivots);
        Ok(vec![number(team, sign), number(team, T::real(logarithm))])
    }))?;
    Ok((without_matrix(&found[0])?, real(&without_matrix(&found[1])?)?))
}

/// The sign of the product of the pivots, or its phase, and the logarithm of its magnitude.
fn logarithm<T: Field>(pivots: &Pivots<T>) -> (T, f64) {
    let start = (T::real(if pivots.is_odd { -1.0 } else { 1.0 }), 0.0);
    pivots.diagonal.iter().fold(start, |(sign, logarithm), pivot| {
        let magnitude = pivot.abs();
        let phase = if magnitude == 0.0 { T::default() } else { pivot.scaled(1.0 / magnitude) };
        (sign * phase, logarithm + magnitude.ln())
    })
}

/// The real parts, of a real type.
pub(crate) fn real(array: &DynArray) -> Result<DynArray> {
    let is_complex = array.element().is_some_and(dap_array::ElementType::is_complex);
    if is_complex { array.expr().real().eval() } else { Ok(array.clone()) }
}

/// The matrices in the last two axes to an integer power, by repeated squares; to a negative one of
/// the inverses. Collective.
///
/// # Errors
/// A matrix that is not square; a negative power of a singular one, or of integers; as
/// [`matmul`](crate::matmul).
#[track_caller]
pub fn matrix_power(array: &DynArray, power: i64) -> Result<DynArray> {
    let _call = array.enter("matrix_power", power)?;
    let element = array.number_type()?;
    let extent = check_square(array, "a power")?;
    if power < 0 && inexact(element) != element {
        return argument(format!("a negative power of matrices of {}: convert them to floats", element.name()));
    }
    let mut square = if power < 0 { inv(array)? } else { array.clone() };
    let (mut rest, mut product) = (power.unsigned_abs(), None::<DynArray>);
    while rest > 0 {
        if rest & 1 == 1 {
            product = Some(match product {
                Some(product) => matmul(&product, &square)?,
                None => square.clone(),
            });
        }
        rest >>= 1;
        if rest > 0 {
            square = matmul(&square, &square)?;
        }
    }
    match product {
        // A power of 1 is memory of its own.
        Some(product) if product.shares_memory(array) => product.copy(),
        Some(product) => Ok(product),
        None => {
            let layout =
                dap_core::layout::Layout::builder([extent, extent]).processes(array.layout().processes()).build()?;
            let unit = DynArray::from_fn(array.context(), &layout, |index| f64::from(u8::from(index[0] == index[1])))?;
            unit.expr().cast(element).eval()?.broadcast_to(array.shape())?.copy()
        }
    }
}
