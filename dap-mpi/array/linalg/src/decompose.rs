//! Orthogonal, Cholesky, eigenvalue and singular value decompositions, and what follows from them.

use dap_array::{DynArray, ElementType, Result};
use dap_kernels::promote::inexact;
use ndarray::Array2;

use crate::dense::field::{Field, with_field};
use crate::dense::matrices::{each, transposed};
use crate::dense::team::Team;
use crate::dense::{cholesky as cholesky_kernel, householder, jacobi, tall};

use crate::operands::{argument, at_index};
use crate::place::like;
use crate::solve::{check_square, real};

/// The number of columns of orthogonal factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Columns {
    /// The smaller extent of the matrix.
    Reduced,
    /// The number of rows: a whole orthogonal matrix.
    Complete,
}

/// Rows and columns in the last two axes.
fn extents(array: &DynArray, what: &str) -> Result<(i64, i64)> {
    match array.shape() {
        &[.., rows, columns] => Ok((rows, columns)),
        shape => argument(format!("{what} of an array of shape {shape:?}: it needs two axes")),
    }
}

/// The conjugate of an array, its last two axes exchanged.
pub(crate) fn adjoint(array: &DynArray) -> Result<DynArray> {
    let view = transposed(array)?;
    if view.element().is_some_and(ElementType::is_complex) { view.expr().conj().eval() } else { Ok(view) }
}

/// The factors `q`, with orthonormal columns, and `r`, an upper triangle, with `q r` the matrices
/// in the last two axes. By Householder's reflectors; of a tall matrix the rows stay where they are
/// (TSQR). Collective.
///
/// # Errors
/// Fewer than two axes; a failure of the array on some rank.
#[track_caller]
pub fn qr(array: &DynArray, columns: Columns) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("qr", columns)?;
    let element = inexact(array.number_type()?);
    let (m, n) = extents(array, "qr")?;
    if columns == Columns::Reduced
        && let Some(rows) = tall::rows(array, element.size())?
    {
        let (q, r) = with_field!(element, T => tall::qr::<T>(array, &rows))?;
        return Ok((like(&q, array)?, like(&r, array)?));
    }
    let count = if columns == Columns::Complete { m } else { m.min(n) };
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &[(m, count), (count, n)], |team, mut matrices| {
        let matrix = &mut matrices[0];
        let factors = householder::factorize(team, matrix, n as usize)?;
        let mut q = householder::unit(team, m as usize, count as usize);
        householder::multiply(team, matrix, &factors, &mut q)?;
        Ok(vec![q, householder::upper(team, matrix, count as usize)])
    }))?;
    Ok((like(&found[0], array)?, like(&found[1], array)?))
}

/// The lower triangles `l` with `l l^H` the positive definite matrices in the last two axes, of
/// which the upper triangle is not read; or their adjoints, if `upper`. Collective.
///
/// # Errors
/// A matrix that is not square, or not positive definite: on all ranks; a failure of the array on
/// some rank.
#[track_caller]
pub fn cholesky(array: &DynArray, upper: bool) -> Result<DynArray> {
    let _call = array.enter("cholesky", upper)?;
    let element = inexact(array.number_type()?);
    let n = check_square(array, "cholesky")?;
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &[(n, n)], |team, mut matrices| {
        cholesky_kernel::factorize(team, &mut matrices[0])?;
        Ok(matrices)
    }))?;
    let lower = like(&found[0], array)?;
    if upper { adjoint(&lower) } else { Ok(lower) }
}

/// A factor that brings the greatest magnitude near 1, a power of two; 1 of zeros.
pub(crate) fn scale<T: Field>(team: &Team, matrix: &Array2<T>) -> Result<f64> {
    // The greatest of numbers that are not all finite is not finite.
    let greater = |most: f64, item: f64| if item > most || item.is_nan() { item } else { most };
    let own = matrix.iter().map(|item| item.abs()).fold(0.0, greater);
    let most = team.gather(vec![own])?.into_iter().flatten().fold(0.0, greater);
    if !most.is_finite() {
        return argument("the matrix has elements that are not finite");
    }
    if most == 0.0 {
        return Ok(1.0);
    }
    Ok(2.0_f64.powi(-(most.log2().floor().clamp(-1000.0, 1000.0) as i32)))
}

/// The lengths of all columns, on all ranks, in the order of the columns.
fn lengths<T: Field>(team: &Team, matrix: &Array2<T>, count: usize) -> Result<Vec<f64>> {
    let length = |column: ndarray::ArrayView1<'_, T>| {
        column.iter().map(|item| item.re() * item.re() + item.im() * item.im()).sum::<f64>().sqrt()
    };
    let all = team.gather(matrix.outer_iter().map(length).collect::<Vec<f64>>())?;
    Ok((0..count).map(|column| all[team.owner(column)][team.local(column)]).collect())
}

/// The columns in another order: the column at place k was column `order[k]`. Collective over the
/// team.
fn reordered<T: Field>(team: &Team, matrix: &Array2<T>, order: &[usize]) -> Result<Array2<T>> {
    // Messages to one rank arrive in the order of the places.
    for (place, &column) in order.iter().enumerate() {
        if team.owner(column) == team.rank() && team.owner(place) != team.rank() {
            team.send(team.owner(place), &matrix.row(team.local(column)).to_vec())?;
        }
    }
    let mut moved = Array2::from_elem(matrix.dim(), T::default());
    for (place, &column) in order.iter().enumerate().filter(|(place, _)| team.owner(*place) == team.rank()) {
        let mut target = moved.row_mut(team.local(place));
        if team.owner(column) == team.rank() {
            target.assign(&matrix.row(team.local(column)));
        } else {
            let items: Vec<T> = team.receive(team.owner(column))?;
            target.assign(&ndarray::ArrayView1::from(&items));
        }
    }
    Ok(moved)
}

/// A column of real numbers, on the rank that has the first column.
fn column<T: Field>(team: &Team, numbers: impl ExactSizeIterator<Item = f64>) -> Array2<T> {
    let items: Vec<T> = numbers.map(T::real).collect();
    Array2::from_shape_fn((team.in_front(1), items.len()), |(_, at)| items[at])
}

/// Eigenvalues, ascending, and vectors if they are wanted: by one-sided Jacobi of the matrix plus a
/// multiple of the unit matrix that makes it positive definite, whose singular vectors are the
/// eigenvectors.
fn eigen<T: Field>(team: &Team, matrices: &[Array2<T>], has_vectors: bool) -> Result<Vec<Array2<T>>> {
    let [columns, rows] = matrices else { return argument("a matrix and its transpose are needed") };
    let extent = columns.ncols();
    // The lower triangle, and its adjoint above it.
    let mut matrix = Array2::from_shape_fn(columns.dim(), |(local, row)| {
        let column = team.column(local);
        match row.cmp(&column) {
            std::cmp::Ordering::Less => rows[[local, row]].conj(),
            std::cmp::Ordering::Equal => T::real(columns[[local, row]].re()),
            std::cmp::Ordering::Greater => columns[[local, row]],
        }
    });
    let by = scale(team, &matrix)?;
    matrix.mapv_inplace(|item| item.scaled(by));
    // A bound on all eigenvalues: the greatest sum of magnitudes of a column.
    let own = matrix.outer_iter().map(|column| column.iter().map(|item| item.abs()).sum::<f64>()).fold(0.0, f64::max);
    let shift = 1.5 * team.gather(vec![own])?.into_iter().flatten().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for (local, mut column) in matrix.outer_iter_mut().enumerate() {
        let diagonal = &mut column[team.column(local)];
        *diagonal = *diagonal + T::real(shift);
    }
    if extent > 0 {
        jacobi::orthogonalize(team, &mut matrix, None)?;
    }
    let lengths = lengths(team, &matrix, extent)?;
    let mut order: Vec<usize> = (0..extent).collect();
    order.sort_by(|&a, &b| lengths[a].total_cmp(&lengths[b]));
    let values = order.iter().map(|&at| (lengths[at] - shift) / by).collect::<Vec<_>>();
    let mut results = vec![column(team, values.into_iter())];
    if has_vectors {
        normalize(team, &mut matrix, &lengths);
        results.push(reordered(team, &matrix, &order)?);
    }
    Ok(results)
}

/// Divides each column by its length, unless that is 0.
fn normalize<T: Field>(team: &Team, matrix: &mut Array2<T>, lengths: &[f64]) {
    for (local, mut column) in matrix.outer_iter_mut().enumerate() {
        let length = lengths[team.column(local)];
        if length > 0.0 {
            column.mapv_inplace(|item| item.scaled(1.0 / length));
        }
    }
}

fn hermitian(array: &DynArray, has_vectors: bool) -> Result<Vec<DynArray>> {
    let element = inexact(array.number_type()?);
    let n = check_square(array, "eigenvalues")?;
    let results = if has_vectors { vec![(n, 1), (n, n)] } else { vec![(n, 1)] };
    let operands = [array.clone(), transposed(array)?];
    let mut found = with_field!(element, T => {
        each::<T>(&operands, &results, |team, matrices| eigen(team, &matrices, has_vectors))
    })?;
    found[0] = real(&at_index(&found[0], found[0].ndim() - 1, 0)?)?;
    Ok(found)
}

/// The eigenvalues of the Hermitian matrices in the last two axes, ascending, and their
/// eigenvectors, in columns. Of a matrix only the lower triangle is read. Collective.
///
/// # Errors
/// A matrix that is not square, or has elements that are not finite: on all ranks; a failure of the
/// array on some rank.
#[track_caller]
pub fn eigh(array: &DynArray) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("eigh", ())?;
    let found = hermitian(array, true)?;
    Ok((found[0].clone(), like(&found[1], array)?))
}

/// The eigenvalues of [`eigh`]. Collective.
///
/// # Errors
/// As [`eigh`].
#[track_caller]
pub fn eigvalsh(array: &DynArray) -> Result<DynArray> {
    let _call = array.enter("eigvalsh", ())?;
    Ok(hermitian(array, false)?[0].clone())
}

/// Singular values, descending, left vectors, and right vectors of a matrix that has no fewer rows
/// than columns; `count` is the number of left vectors.
fn singular<T: Field>(
    team: &Team,
    mut matrix: Array2<T>,
    (rows, extent): (usize, usize),
    count: usize,
) -> Result<Vec<Array2<T>>> {
    let by = scale(team, &matrix)?;
    matrix.mapv_inplace(|item| item.scaled(by));
    let mut right = (count > 0).then(|| householder::unit(team, extent, extent));
    if extent > 0 {
        jacobi::orthogonalize(team, &mut matrix, right.as_mut())?;
    }
    let mut lengths = lengths(team, &matrix, extent)?;
    // Shorter columns, or their squares, are not all normal numbers: they count as zero.
    let least = T::LEAST.max(1e-150);
    lengths.iter_mut().filter(|length| **length < least).for_each(|length| *length = 0.0);
    let mut order: Vec<usize> = (0..extent).collect();
    order.sort_by(|&a, &b| lengths[b].total_cmp(&lengths[a]));
    let values: Vec<f64> = order.iter().map(|&at| lengths[at]).collect();
    let mut results = vec![column(team, values.iter().map(|value| value / by).collect::<Vec<_>>().into_iter())];
    let Some(right) = right else { return Ok(results) };
    for (local, mut column) in matrix.outer_iter_mut().enumerate() {
        if lengths[team.column(local)] == 0.0 {
            column.fill(T::default());
        }
    }
    normalize(team, &mut matrix, &lengths);
    let mut left = reordered(team, &matrix, &order)?;
    if count > extent || values.contains(&0.0) {
        // The reflectors that make the columns a triangle, whose diagonal is of magnitude 1.
        let factors = householder::factorize(team, &mut left, extent)?;
        let mut whole = householder::unit(team, rows, count);
        householder::multiply(team, &left, &factors, &mut whole)?;
        for (local, mut column) in whole.outer_iter_mut().enumerate() {
            let at = team.column(local);
            if at < extent && values[at] > 0.0 {
                let diagonal = left[[local, at]];
                column.mapv_inplace(|item| item * diagonal);
            }
        }
        left = whole;
    }
    results.push(left);
    results.push(reordered(team, &right, &order)?);
    Ok(results)
}

/// Left vectors, values and adjoint right vectors; the values alone if `vectors` is `None`.
fn decomposed(array: &DynArray, vectors: Option<Columns>) -> Result<(DynArray, Option<(DynArray, DynArray)>)> {
    let element = inexact(array.number_type()?);
    let (m, n) = extents(array, "singular values")?;
    if m < n {
        let (values, vectors) = decomposed(&adjoint(array)?, vectors)?;
        let turned = vectors.map(|(u, vh)| Ok::<_, dap_array::Error>((adjoint(&vh)?, adjoint(&u)?))).transpose()?;
        return Ok((values, turned));
    }
    let count = match vectors {
        None => 0,
        Some(Columns::Reduced) => n,
        Some(Columns::Complete) => m,
    };
    // Without columns reduced factors are empty; a complete one is not.
    let has_vectors = vectors.is_some() && count > 0;
    let results = if has_vectors { vec![(n, 1), (m, count), (n, n)] } else { vec![(n, 1)] };
    let found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &results, |team, mut matrices| {
        singular(team, matrices.swap_remove(0), (m as usize, n as usize), count as usize)
    }))?;
    let values = real(&at_index(&found[0], found[0].ndim() - 1, 0)?)?;
    let vectors = match &found[..] {
        [_, left, right] => Some((left.clone(), adjoint(right)?)),
        _ if vectors.is_some() => Some((array.clone(), array.index("..., :0, :")?)),
        _ => None,
    };
    Ok((values, vectors))
}

/// The singular value decomposition of the matrices in the last two axes: left vectors `u` in
/// columns, values `s`, descending, and right vectors `vh` in rows, with `u * s @ vh` the matrices.
/// Collective.
///
/// # Errors
/// Fewer than two axes; elements that are not finite: on all ranks; a failure of the array on some
/// rank.
#[track_caller]
pub fn svd(array: &DynArray, columns: Columns) -> Result<(DynArray, DynArray, DynArray)> {
    let _call = array.enter("svd", columns)?;
    match decomposed(array, Some(columns))? {
        (values, Some((left, right))) => Ok((like(&left, array)?, values, like(&right, array)?)),
        _ => argument("svd without vectors"),
    }
}

/// The singular values of [`svd`]. Collective.
///
/// # Errors
/// As [`svd`].
#[track_caller]
pub fn svdvals(array: &DynArray) -> Result<DynArray> {
    let _call = array.enter("svdvals", ())?;
    Ok(decomposed(array, None)?.0)
}
