//! Householder's orthogonal factorization, in blocks of reflectors.
//!
//! A block of reflectors is `Q = I - V T V^H`, with the vectors in the columns of V and an upper
//! triangle T (Schreiber and Van Loan, "A storage-efficient WY representation for products of
//! Householder transformations", 1989). Here V and matrices are stored by columns, which are the
//! rows of an array.

use dap_array::Result;
use ndarray::{Array2, ArrayView1, ArrayViewMut1, ArrayViewMut2, s};

use super::field::Field;
use super::team::Team;

/// Replaces the upper triangle of a matrix by that of its factorization. Returns the factors of the
/// reflectors, on all ranks; their vectors are left below the diagonal, with a 1 that is not
/// stored. Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn factorize<T: Field>(team: &Team, matrix: &mut Array2<T>, columns: usize) -> Result<Vec<T>> {
    let rows = matrix.ncols();
    let mut factors = Vec::new();
    for (start, stop) in team.panels(rows.min(columns)) {
        let width = stop - start;
        let root = team.owner(start);
        let mut made = Vec::new();
        if team.rank() == root {
            let own = team.local(start);
            made = of_panel(&mut matrix.slice_mut(s![own..own + width, start..]));
        }
        let made = team.broadcast(root, || made)?;
        let block = Block::of(team, matrix, (start, stop), &made)?;
        factors.extend(made);
        // Of a panel that is cut by the last row, the columns behind are the same rank's.
        let behind = team.in_front(stop);
        block.apply(true, &mut matrix.slice_mut(s![behind.., start..]));
    }
    Ok(factors)
}

/// Multiplies columns by Q from the left, for the reflectors that [`factorize`] has left.
/// Collective over the team.
///
/// # Errors
/// A failure of a message.
pub(crate) fn multiply<T: Field>(team: &Team, matrix: &Array2<T>, factors: &[T], target: &mut Array2<T>) -> Result<()> {
    for (start, stop) in team.panels(factors.len()).rev() {
        let block = Block::of(team, matrix, (start, stop), &factors[start..stop])?;
        block.apply(false, &mut target.slice_mut(s![.., start..]));
    }
    Ok(())
}

/// The upper triangle that [`factorize`] has left: this rank's columns of the first `rows` rows.
pub(crate) fn upper<T: Field>(team: &Team, matrix: &Array2<T>, rows: usize) -> Array2<T> {
    Array2::from_shape_fn((matrix.nrows(), rows), |(local, row)| {
        if row <= team.column(local) { matrix[[local, row]] } else { T::default() }
    })
}

/// This rank's columns of the first `count` columns of the unit matrix.
pub(crate) fn unit<T: Field>(team: &Team, rows: usize, count: usize) -> Array2<T> {
    Array2::from_shape_fn((team.in_front(count), rows), |(local, row)| {
        if team.column(local) == row { T::real(1.0) } else { T::default() }
    })
}

/// The length of a vector, without overflow.
fn length<T: Field>(vector: ArrayView1<'_, T>) -> f64 {
    let most = vector.iter().fold(0.0_f64, |most, item| most.max(item.re().abs()).max(item.im().abs()));
    if most == 0.0 || !most.is_finite() {
        return most;
    }
    let squares: f64 = vector.iter().map(|item| (item.re() / most).powi(2) + (item.im() / most).powi(2)).sum();
    most * squares.sqrt()
}

/// The reflector `H = I - factor v v^H` whose adjoint makes all elements of a vector but the first
/// 0, LAPACK's `larfg`. The first element becomes the product's, the others those of `v`, whose
/// first element is 1. Returns the factor: 0 if there is nothing to do.
pub(crate) fn reflector<T: Field>(vector: &mut ArrayViewMut1<'_, T>) -> T {
    let first = vector[0];
    let below = length(vector.slice(s![1..]));
    if below == 0.0 && first.im() == 0.0 {
        return T::default();
    }
    let norm = first.abs().hypot(below);
    if norm < 4.0 * f64::MIN_POSITIVE {
        // Rounding errors of rounding errors, whose reciprocals overflow, count as zeros.
        vector.slice_mut(s![1..]).fill(T::default());
        return T::default();
    }
    let diagonal = T::real(if first.re() >= 0.0 { -norm } else { norm });
    // Scaled, because a quotient of complex numbers squares the divisor.
    let divisor = (first - diagonal).scaled(1.0 / norm);
    vector.slice_mut(s![1..]).mapv_inplace(|item| item.scaled(1.0 / norm) / divisor);
    vector[0] = diagonal;
    (diagonal - first).scaled(1.0 / diagonal.re())
}

/// The reflectors of one panel. Each makes the elements below the diagonal 0; LAPACK's `geqr2`.
fn of_panel<T: Field>(panel: &mut ArrayViewMut2<'_, T>) -> Vec<T> {
    let (width, rows) = panel.dim();
    let mut factors = Vec::with_capacity(width);
    for at in 0..width {
        let factor = reflector(&mut panel.slice_mut(s![at, at..]));
        factors.push(factor);
        if factor.abs() == 0.0 {
            continue;
        }
        for column in at + 1..width {
            let (vector, mut target) = panel.multi_slice_mut((s![at, at + 1..], s![column, at..]));
            let product = vector.iter().zip(target.iter().skip(1)).fold(target[0], |sum, (&v, &x)| sum + v.conj() * x);
            let by = factor.conj() * product;
            target[0] = target[0] - by;
            target.iter_mut().skip(1).zip(&vector).for_each(|(x, &v)| *x = *x - v * by);
        }
        debug_assert!(rows > at, "a panel is cut by the last row");
    }
    factors
}

/// A block of reflectors.
struct Block<T> {
    /// A vector in each row, from the first row of the panel on.
    vectors: Array2<T>,
    /// The upper triangle T.
    triangle: Array2<T>,
}

impl<T: Field> Block<T> {
    /// The reflectors of a panel, from the rank that has them. Collective over the team.
    fn of(team: &Team, matrix: &Array2<T>, (start, stop): (usize, usize), factors: &[T]) -> Result<Block<T>> {
        let (width, rows) = (stop - start, matrix.ncols() - start);
        let vectors = team.broadcast(team.owner(start), || {
            let own = team.local(start);
            let mut vectors = matrix.slice(s![own..own + width, start..]).to_owned();
            for at in 0..width {
                vectors.slice_mut(s![at, ..at]).fill(T::default());
                vectors[[at, at]] = T::real(1.0);
            }
            // In the order of the rows, whatever that in memory is.
            vectors.iter().copied().collect()
        })?;
        let vectors = Array2::from_shape_vec((width, rows), vectors).expect("a panel of this shape");
        // Row by row: the products of each vector with those in front.
        let mut products = Array2::from_elem((width, width), T::default());
        T::multiply_add(&vectors.mapv(T::conj).view(), &vectors.t(), &mut products.view_mut());
        let mut triangle = Array2::from_elem((width, width), T::default());
        for at in 0..width {
            triangle[[at, at]] = factors[at];
            for row in 0..at {
                let sum =
                    (row..at).fold(T::default(), |sum, inner| sum + triangle[[row, inner]] * products[[inner, at]]);
                triangle[[row, at]] = -factors[at] * sum;
            }
        }
        Ok(Block { vectors, triangle })
    }

    /// Multiplies columns by Q from the left, or by its adjoint.
    fn apply(&self, is_adjoint: bool, columns: &mut ArrayViewMut2<'_, T>) {
        let (width, count) = (self.vectors.nrows(), columns.nrows());
        if count == 0 {
            return;
        }
        let mut products = Array2::from_elem((count, width), T::default());
        T::multiply_add(&columns.view(), &self.vectors.mapv(T::conj).t(), &mut products.view_mut());
        // The rows of `products` are vectors w; T w or T^H w is w T^t or w conj(T).
        let triangle =
            if is_adjoint { self.triangle.mapv(|it| -it.conj()) } else { self.triangle.mapv(|it| -it).reversed_axes() };
        let mut moved = Array2::from_elem((count, width), T::default());
        T::multiply_add(&products.view(), &triangle.view(), &mut moved.view_mut());
        T::multiply_add(&moved.view(), &self.vectors.view(), columns);
    }
}
