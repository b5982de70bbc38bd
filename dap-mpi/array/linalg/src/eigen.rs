//! Eigenvalues and eigenvectors of general matrices, by the complex Schur form `A = Q T Q^H`.

use dap_array::{DynArray, ElementType, Result};
use dap_kernels::promote::inexact;
use ndarray::Array2;

use crate::decompose::{adjoint, scale};
use crate::dense::field::{Field, with_field};
use crate::dense::matrices::each;
use crate::dense::team::Team;
use crate::dense::{hessenberg, householder, schur, triangle};
use crate::matmul::matmul;
use crate::operands::at_index;
use crate::place::like;
use crate::solve::check_square;

/// The eigenvalues in a column; and the adjoint of Q with the eigenvectors of T, if they are
/// wanted.
fn decomposed<T: Field>(team: &Team, mut matrix: Array2<T>, has_vectors: bool) -> Result<Vec<Array2<T>>> {
    let extent = matrix.ncols();
    let by = scale(team, &matrix)?;
    matrix.mapv_inplace(|item| item.scaled(by));
    let mut adjoint = has_vectors.then(|| householder::unit(team, extent, extent));
    hessenberg::reduce(team, &mut matrix, adjoint.as_mut())?;
    schur::triangulate(team, &mut matrix, adjoint.as_mut())?;
    let own = matrix.outer_iter().enumerate().map(|(local, items)| items[team.column(local)].scaled(1.0 / by));
    let all = team.gather(own.collect::<Vec<T>>())?;
    let value = |column: usize| all[team.owner(column)][team.local(column)];
    let mut results = vec![Array2::from_shape_fn((team.in_front(1), extent), |(_, at)| value(at))];
    if let Some(adjoint) = adjoint {
        let vectors = triangle::eigenvectors(team, &matrix)?;
        results.extend([adjoint, vectors]);
    }
    Ok(results)
}

/// The eigenvalues, and the results of [`decomposed`] behind them.
fn general(array: &DynArray, has_vectors: bool) -> Result<Vec<DynArray>> {
    let element = match inexact(array.number_type()?) {
        ElementType::F32 | ElementType::C64 => ElementType::C64,
        _ => ElementType::C128,
    };
    let n = check_square(array, "eigenvalues")?;
    let results = if has_vectors { vec![(n, 1), (n, n), (n, n)] } else { vec![(n, 1)] };
    let mut found = with_field!(element, T => each::<T>(std::slice::from_ref(array), &results, |team, mut matrices| {
        decomposed(team, matrices.remove(0), has_vectors)
    }))?;
    found[0] = at_index(&found[0], found[0].ndim() - 1, 0)?;
    Ok(found)
}

/// The eigenvalues of the matrices in the last two axes, in no order, and their eigenvectors, in
/// columns of length 1; both are complex. A matrix that has fewer independent eigenvectors than
/// columns has some of them twice, nearly. Collective.
///
/// The matrix becomes a Hessenberg matrix, and this a triangle, whose columns are distributed over
/// all ranks; a stack of matrices is distributed as a whole. Time grows with the cube of the
/// extent.
///
/// # Errors
/// A matrix that is not square, or has elements that are not finite: on all ranks; a failure of the
/// array on some rank.
#[track_caller]
pub fn eig(array: &DynArray) -> Result<(DynArray, DynArray)> {
    let _call = array.enter("eig", ())?;
    let found = general(array, true)?;
    let vectors = matmul(&adjoint(&found[1])?, &found[2])?;
    Ok((found[0].clone(), like(&vectors, array)?))
}

/// The eigenvalues of [`eig`]. Collective.
///
/// # Errors
/// As [`eig`].
#[track_caller]
pub fn eigvals(array: &DynArray) -> Result<DynArray> {
    let _call = array.enter("eigvals", ())?;
    Ok(general(array, false)?[0].clone())
}
