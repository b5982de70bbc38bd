//! Elimination with partial pivoting, and what follows from it: solutions and determinants.

use dap_array::Result;
use ndarray::{Array2, ArrayViewMut2, s};

use super::field::Field;
use super::team::Team;

/// The diagonal of the upper triangle, and whether rows were exchanged an odd number of times. All
/// ranks have it.
pub(crate) struct Pivots<T> {
    pub(crate) diagonal: Vec<T>,
    pub(crate) is_odd: bool,
}

impl<T: Field> Pivots<T> {
    /// Whether the matrix has no inverse.
    pub(crate) fn is_singular(&self) -> bool {
        self.diagonal.iter().any(|pivot| pivot.abs() == 0.0)
    }
}

/// Replaces the upper triangle of a square matrix by that of its elimination, and does the same row
/// operations with the columns of `right`. Golub and Van Loan, "Matrix Computations", algorithm
/// 3.4.1, in blocks of columns. Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn eliminate<T: Field>(team: &Team, matrix: &mut Array2<T>, right: &mut Array2<T>) -> Result<Pivots<T>> {
    let extent = matrix.ncols();
    let mut pivots = Pivots { diagonal: Vec::with_capacity(extent), is_odd: false };
    for (start, stop) in team.panels(extent) {
        let (root, width) = (team.owner(start), stop - start);
        let mut rows: Vec<u64> = Vec::new();
        let panel = team.broadcast(root, || {
            let own = team.local(start);
            let mut panel = matrix.slice_mut(s![own..own + width, start..]);
            rows = factorize(&mut panel);
            panel.iter().copied().collect()
        })?;
        let rows = team.broadcast(root, || rows)?;
        // The shape is that of the sender.
        let panel = Array2::from_shape_vec((width, extent - start), panel).expect("a panel of this shape");
        for (at, &row) in rows.iter().enumerate() {
            pivots.is_odd ^= row as usize != at;
        }
        pivots.diagonal.extend((0..width).map(|at| panel[[at, at]]));
        let behind = team.in_front(stop);
        update(&panel, &rows, &mut matrix.slice_mut(s![behind.., start..]));
        update(&panel, &rows, &mut right.slice_mut(s![.., start..]));
    }
    Ok(pivots)
}

/// Eliminates one panel; returns the row that each row was exchanged with.
fn factorize<T: Field>(panel: &mut ArrayViewMut2<'_, T>) -> Vec<u64> {
    let (width, extent) = panel.dim();
    let mut rows = Vec::with_capacity(width);
    for at in 0..width {
        let mut row = at;
        for other in at + 1..extent {
            if panel[[at, other]].abs() > panel[[at, row]].abs() {
                row = other;
            }
        }
        rows.push(row as u64);
        if row != at {
            (0..width).for_each(|column| panel.swap([column, at], [column, row]));
        }
        let pivot = panel[[at, at]];
        if pivot.abs() == 0.0 {
            continue;
        }
        panel.slice_mut(s![at, at + 1..]).mapv_inplace(|item| item / pivot);
        for column in at + 1..width {
            let (factors, mut target) = panel.multi_slice_mut((s![at, at + 1..], s![column, at..]));
            let by = target[0];
            target.slice_mut(s![1..]).zip_mut_with(&factors, |item, &factor| *item = *item - factor * by);
        }
    }
    rows
}

/// The row operations of a panel, for other columns.
fn update<T: Field>(panel: &Array2<T>, rows: &[u64], columns: &mut ArrayViewMut2<'_, T>) {
    let width = panel.nrows();
    let mut top = Array2::from_elem((columns.nrows(), width), T::default());
    for (mut column, mut top) in columns.outer_iter_mut().zip(top.outer_iter_mut()) {
        for (at, &row) in rows.iter().enumerate() {
            column.swap(at, row as usize);
        }
        for at in 0..width {
            let by = column[at];
            for below in at + 1..width {
                column[below] = column[below] - panel[[at, below]] * by;
            }
            top[at] = -by;
        }
    }
    let below = panel.slice(s![.., width..]);
    T::multiply_add(&top.view(), &below, &mut columns.slice_mut(s![.., width..]));
}

/// Replaces the columns of `right` by the solutions for an eliminated matrix without a zero on its
/// diagonal. Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn substitute<T: Field>(team: &Team, upper: &Array2<T>, right: &mut Array2<T>) -> Result<()> {
    for (start, stop) in team.panels(upper.ncols()).rev() {
        let width = stop - start;
        let panel = team.broadcast(team.owner(start), || {
            let own = team.local(start);
            upper.slice(s![own..own + width, ..stop]).iter().copied().collect()
        })?;
        let panel = Array2::from_shape_vec((width, stop), panel).expect("a panel of this shape");
        let mut found = Array2::from_elem((right.nrows(), width), T::default());
        for (mut column, mut found) in right.outer_iter_mut().zip(found.outer_iter_mut()) {
            for at in (0..width).rev() {
                let value = column[start + at] / panel[[at, start + at]];
                column[start + at] = value;
                for above in 0..at {
                    column[start + above] = column[start + above] - panel[[at, start + above]] * value;
                }
                found[at] = -value;
            }
        }
        T::multiply_add(&found.view(), &panel.slice(s![.., ..start]), &mut right.slice_mut(s![.., ..start]));
    }
    Ok(())
}
