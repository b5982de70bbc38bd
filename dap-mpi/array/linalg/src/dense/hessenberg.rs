//! Reduction to an upper Hessenberg matrix, which is 0 below its first subdiagonal, by
//! Householder's reflectors on both sides (Golub and Van Loan, "Matrix Computations", section
//! 7.4.3).
//!
//! A reflector from the left concerns each column by itself. One from the right needs the product
//! of the matrix with a vector, to which each rank adds its columns.

use dap_array::Result;
use ndarray::{Array1, Array2, ArrayViewMut1, s};

use super::field::Field;
use super::householder::reflector;
use super::team::Team;

/// Replaces a square matrix A by the Hessenberg matrix `Q^H A Q`, and `adjoint`, if there is one,
/// by `Q^H` times itself. Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn reduce<T: Field>(team: &Team, matrix: &mut Array2<T>, mut adjoint: Option<&mut Array2<T>>) -> Result<()> {
    let extent = matrix.ncols();
    for at in 0..extent.saturating_sub(2) {
        let mut made = Vec::new();
        if team.rank() == team.owner(at) {
            let mut column = matrix.slice_mut(s![team.local(at), at + 1..]);
            let factor = reflector(&mut column);
            made = column.to_vec();
            made[0] = factor;
            // The vector stays with the ranks that use it.
            column.slice_mut(s![1..]).fill(T::default());
        }
        // The factor, and the vector without its first element, which is 1.
        let mut vector = Array1::from(team.broadcast(team.owner(at), || made)?);
        let factor = std::mem::replace(&mut vector[0], T::real(1.0));
        if factor.abs() == 0.0 {
            continue;
        }
        let behind = team.in_front(at + 1);
        let mut sums = Array1::from_elem(extent, T::default());
        for (local, mut column) in matrix.outer_iter_mut().enumerate().skip(behind) {
            reflect(&vector, factor, column.slice_mut(s![at + 1..]));
            let by = vector[team.column(local) - at - 1];
            sums.iter_mut().zip(&column).for_each(|(sum, &item)| *sum = *sum + item * by);
        }
        let mut product = Array1::from_elem(extent, T::default());
        for part in team.gather(sums.to_vec())? {
            product.iter_mut().zip(part).for_each(|(sum, item)| *sum = *sum + item);
        }
        for (local, mut column) in matrix.outer_iter_mut().enumerate().skip(behind) {
            let by = factor * vector[team.column(local) - at - 1].conj();
            column.iter_mut().zip(&product).for_each(|(item, &sum)| *item = *item - sum * by);
        }
        for mut column in adjoint.iter_mut().flat_map(|adjoint| adjoint.outer_iter_mut()) {
            reflect(&vector, factor, column.slice_mut(s![at + 1..]));
        }
    }
    Ok(())
}

/// Multiplies a part of a column by the adjoint of a reflector.
fn reflect<T: Field>(vector: &Array1<T>, factor: T, mut column: ArrayViewMut1<'_, T>) {
    let product = vector.iter().zip(&column).fold(T::default(), |sum, (&v, &item)| sum + v.conj() * item);
    let by = factor.conj() * product;
    column.iter_mut().zip(vector).for_each(|(item, &v)| *item = *item - v * by);
}
