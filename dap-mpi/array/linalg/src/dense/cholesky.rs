//! The Cholesky factorization.

use dap_array::Result;
use ndarray::{Array2, ArrayViewMut2, s};

use super::field::Field;
use super::team::Team;
use crate::operands::argument;

/// Replaces a matrix by its lower Cholesky factor; the upper triangle is not read. Golub and Van
/// Loan, "Matrix Computations", section 4.2, in blocks of columns. Collective over the team.
///
/// # Errors
/// A matrix that is not positive definite; a failure of a message.
pub(crate) fn factorize<T: Field>(team: &Team, matrix: &mut Array2<T>) -> Result<()> {
    let extent = matrix.ncols();
    for (start, stop) in team.panels(extent) {
        let width = stop - start;
        let panel = team.broadcast(team.owner(start), || {
            let own = team.local(start);
            let mut panel = matrix.slice_mut(s![own..own + width, start..]);
            of_panel(&mut panel);
            panel.iter().copied().collect()
        })?;
        let panel = Array2::from_shape_vec((width, extent - start), panel).expect("a panel of this shape");
        // All ranks see the same panel.
        if let Some(at) = (0..width).find(|&at| panel[[at, at]].re().is_nan()) {
            let row = start + at;
            return argument(format!("the matrix is not positive definite: the pivot of row {row} is not above 0"));
        }
        let behind = team.in_front(stop);
        let mut columns = matrix.slice_mut(s![behind.., stop..]);
        let factors = Array2::from_shape_fn((columns.nrows(), width), |(local, at)| {
            -panel[[at, team.column(behind + local) - start]].conj()
        });
        T::multiply_add(&factors.view(), &panel.slice(s![.., width..]), &mut columns);
    }
    for (local, mut column) in matrix.outer_iter_mut().enumerate() {
        column.slice_mut(s![..team.column(local)]).fill(T::default());
    }
    Ok(())
}

/// The factor of one panel. A pivot that is not above 0 becomes NaN.
fn of_panel<T: Field>(panel: &mut ArrayViewMut2<'_, T>) {
    let width = panel.nrows();
    for at in 0..width {
        let pivot = panel[[at, at]].re();
        let root = if pivot > 0.0 { pivot.sqrt() } else { f64::NAN };
        panel[[at, at]] = T::real(root);
        panel.slice_mut(s![at, at + 1..]).mapv_inplace(|item| item.scaled(1.0 / root));
        for column in at + 1..width {
            let by = panel[[at, column]].conj();
            let (factors, mut target) = panel.multi_slice_mut((s![at, column..], s![column, column..]));
            target.zip_mut_with(&factors, |item, &factor| *item = *item - factor * by);
        }
    }
}
