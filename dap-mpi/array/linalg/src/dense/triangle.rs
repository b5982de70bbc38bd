//! The eigenvectors of an upper triangle, by substitution: LAPACK's `trevc`.
//!
//! Each rank finds the vectors of its own columns; the panels of the triangle come to all ranks,
//! from the last one to the first.

use dap_array::Result;
use ndarray::{Array2, ArrayViewMut1, s};

use super::field::Field;
use super::team::Team;

/// The eigenvectors of an upper triangle in columns, each of length 1; the eigenvalues are on its
/// diagonal. Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn eigenvectors<T: Field>(team: &Team, triangle: &Array2<T>) -> Result<Array2<T>> {
    let extent = triangle.ncols();
    let own = triangle.outer_iter().map(|column| column.iter().map(|item| item.abs()).sum::<f64>()).fold(0.0, f64::max);
    let norm = team.gather(vec![own])?.into_iter().flatten().fold(0.0, f64::max);
    // Eigenvalues that differ by less are equal to the precision of the triangle.
    let least = T::real(T::EPSILON * norm.max(T::EPSILON));
    let mut vectors = Array2::from_shape_fn(triangle.dim(), |(local, row)| match row.cmp(&team.column(local)) {
        std::cmp::Ordering::Less => -triangle[[local, row]],
        std::cmp::Ordering::Equal => T::real(1.0),
        std::cmp::Ordering::Greater => T::default(),
    });
    let values: Vec<T> = (0..triangle.nrows()).map(|local| triangle[[local, team.column(local)]]).collect();
    for (first, behind) in team.panels(extent).rev() {
        let panel = team.broadcast(team.owner(first), || {
            let own = team.local(first);
            triangle.slice(s![own..own + behind - first, ..behind]).iter().copied().collect()
        })?;
        let panel = Array2::from_shape_vec((behind - first, behind), panel).expect("a panel of this shape");
        for (local, mut vector) in vectors.outer_iter_mut().enumerate() {
            let last = team.column(local).min(behind);
            for row in (first..last).rev() {
                let column = panel.row(row - first);
                let gap = column[row] - values[local];
                let item = vector[row] / if gap.abs() < least.re() { least } else { gap };
                vector[row] = item;
                vector.slice_mut(s![..row]).iter_mut().zip(&column).for_each(|(x, &t)| *x = *x - item * t);
                contained(&mut vector);
            }
        }
    }
    for mut vector in vectors.outer_iter_mut() {
        let length = vector.iter().map(|item| item.abs().powi(2)).sum::<f64>().sqrt();
        vector.mapv_inplace(|item| item.scaled(1.0 / length));
    }
    Ok(vectors)
}

/// Scales a vector whose elements have become large, so that they do not overflow.
fn contained<T: Field>(vector: &mut ArrayViewMut1<'_, T>) {
    let most = vector.iter().fold(0.0_f64, |most, item| most.max(item.re().abs()).max(item.im().abs()));
    if most > 1e9 {
        vector.mapv_inplace(|item| item.scaled(1.0 / most));
    }
}
