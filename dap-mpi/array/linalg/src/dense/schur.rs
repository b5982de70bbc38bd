//! The Schur form of an upper Hessenberg matrix of complex numbers: an upper triangle, by QR
//! iterations with one shift (Golub and Van Loan, "Matrix Computations", sections 7.4.2 and 7.5.1).
//!
//! An iteration makes the shifted matrix a triangle by rotations of neighbouring rows, and
//! multiplies by the adjoint rotations from the right. A rotation of rows concerns each column by
//! itself: the rank of a panel finds its rotations and sends them to all. A rotation of columns
//! needs both. The first column of each panel goes to the rank of the panel in front of it, and
//! back. So the panels are rotated from the right one after the other; all else is done by all
//! ranks at once.

use dap_array::{Error, ErrorKind, Result};
use ndarray::{Array2, ArrayViewMut1, s};
use num_complex::Complex;

use super::field::Field;
use super::team::Team;

/// More iterations for one eigenvalue than any matrix has been seen to need; two or three are
/// usual.
const ITERATIONS: usize = 300;
/// An iteration of this many without success has an exceptional shift.
const PATIENCE: usize = 10;

/// Replaces a Hessenberg matrix H by the upper triangle `U^H H U`, and `adjoint`, if there is one,
/// by `U^H` times itself. Collective over the team.
///
/// # Errors
/// No convergence; a failure of a message.
pub(crate) fn triangulate<T: Field>(
    team: &Team,
    matrix: &mut Array2<T>,
    mut adjoint: Option<&mut Array2<T>>,
) -> Result<()> {
    let (mut end, mut turn) = (matrix.ncols(), 0);
    while end > 1 {
        let band = Band::of(team, matrix)?;
        // The last rows that no element below the diagonal joins with those in front of them.
        let mut start = end - 1;
        // Blocks of rounding errors alone need not converge. The matrix is scaled, so that its
        // greatest element is near 1.
        let least = if turn > 2 * PATIENCE { 1.0 } else { T::EPSILON };
        while start > 0 && !band.is_split(start, least) {
            start -= 1;
        }
        if start > 0 && team.rank() == team.owner(start - 1) {
            matrix[[team.local(start - 1), start]] = T::default();
        }
        if start == end - 1 {
            (end, turn) = (start, 0);
            continue;
        }
        turn += 1;
        if turn > ITERATIONS {
            return Err(Error::new(ErrorKind::Argument, "the eigenvalues did not converge"));
        }
        let shift = if turn % PATIENCE == 0 { band.exceptional(end - 1) } else { band.wilkinson(end - 1) };
        let window = Window { start, end };
        window.shift(team, matrix, -shift);
        let rotations = window.rotate_rows(team, matrix, adjoint.as_deref_mut())?;
        window.rotate_columns(team, matrix, &rotations)?;
        window.shift(team, matrix, shift);
    }
    Ok(())
}

/// The diagonal of a matrix and its neighbours, on all ranks.
struct Band<T> {
    /// In each column, the elements above, on and below the diagonal.
    columns: Vec<[T; 3]>,
}

impl<T: Field> Band<T> {
    /// Collective over the team.
    fn of(team: &Team, matrix: &Array2<T>) -> Result<Band<T>> {
        let extent = matrix.ncols();
        let mut own = Vec::with_capacity(3 * matrix.nrows());
        for (local, items) in matrix.outer_iter().enumerate() {
            let column = team.column(local);
            let above = if column > 0 { items[column - 1] } else { T::default() };
            let below = if column + 1 < extent { items[column + 1] } else { T::default() };
            own.extend([above, items[column], below]);
        }
        let all = team.gather(own)?;
        let of = |column: usize| {
            let (items, at) = (&all[team.owner(column)], 3 * team.local(column));
            [items[at], items[at + 1], items[at + 2]]
        };
        Ok(Band { columns: (0..extent).map(of).collect() })
    }

    /// Whether the element below the diagonal in front of a row is as small as an error of rounding
    /// of its neighbours on the diagonal, or of numbers of size `least`.
    fn is_split(&self, row: usize, least: f64) -> bool {
        let [[_, front, below], [_, diagonal, _]] = [self.columns[row - 1], self.columns[row]];
        let size = front.abs() + diagonal.abs();
        below.abs() <= T::EPSILON * size.max(least)
    }

    /// The eigenvalue of the last two rows and columns that is nearer to the last element.
    fn wilkinson(&self, last: usize) -> T {
        // In double precision: quotients of complex numbers square the divisor.
        let wide = |item: T| Complex::new(item.re(), item.im());
        let [[_, a, c], [b, d, _]] = [self.columns[last - 1].map(wide), self.columns[last].map(wide)];
        let half = (a - d).scaled(0.5);
        let root = square_root(half * half + b * c);
        let (one, other) = (half + root, half - root);
        let far = if one.abs() >= other.abs() { one } else { other };
        let found = if far.abs() < 1e-150 { d } else { d - b * c / far };
        T::complex(found.re, found.im)
    }

    /// Another shift, for matrices that the usual one leaves as they are.
    fn exceptional(&self, last: usize) -> T {
        self.columns[last][1] + T::real(0.75 * self.columns[last - 1][2].abs())
    }
}

/// A square root of a complex number.
fn square_root(number: Complex<f64>) -> Complex<f64> {
    let size = number.abs();
    let (re, im) = (((size + number.re) / 2.0).max(0.0).sqrt(), ((size - number.re) / 2.0).max(0.0).sqrt());
    Complex::new(re, if number.im < 0.0 { -im } else { im })
}

/// A rotation of two neighbours: `[c s; -conj(s) c]`, with a real c.
#[derive(Clone, Copy)]
struct Rotation<T> {
    cosine: f64,
    sine: T,
}

impl<T: Field> Rotation<T> {
    /// The rotation that makes the second of two numbers 0.
    fn of(first: T, second: T) -> Rotation<T> {
        let (size, other) = (first.abs(), second.abs());
        let whole = size.hypot(other);
        if other == 0.0 {
            return Rotation { cosine: 1.0, sine: T::default() };
        }
        let phase = if size > 0.0 { first.scaled(1.0 / size) } else { T::real(1.0) };
        Rotation { cosine: size / whole, sine: phase * second.conj().scaled(1.0 / whole) }
    }

    /// Rotates two rows of a column.
    fn apply(self, column: &mut ArrayViewMut1<'_, T>, row: usize) {
        let (x, y) = (column[row], column[row + 1]);
        column[row] = x.scaled(self.cosine) + self.sine * y;
        column[row + 1] = y.scaled(self.cosine) - self.sine.conj() * x;
    }

    /// Multiplies two columns by the adjoint rotation from the right, down to a row.
    fn apply_adjoint(self, one: &mut ArrayViewMut1<'_, T>, other: &mut ArrayViewMut1<'_, T>, rows: usize) {
        for (x, y) in one.iter_mut().zip(other).take(rows) {
            (*x, *y) = (x.scaled(self.cosine) + self.sine.conj() * *y, y.scaled(self.cosine) - self.sine * *x);
        }
    }
}

/// The rows and columns of one iteration.
struct Window {
    start: usize,
    end: usize,
}

impl Window {
    /// Adds a number to the diagonal.
    fn shift<T: Field>(&self, team: &Team, matrix: &mut Array2<T>, by: T) {
        for (local, mut column) in matrix.outer_iter_mut().enumerate() {
            let at = team.column(local);
            if (self.start..self.end).contains(&at) {
                column[at] = column[at] + by;
            }
        }
    }

    /// The panels with columns of the window, each cut at its ends.
    fn panels(&self, team: &Team, extent: usize) -> impl DoubleEndedIterator<Item = (usize, usize)> + use<> {
        let (start, end) = (self.start, self.end);
        let cut = team.panels(extent).map(move |(first, behind)| (first.max(start), behind.min(end)));
        cut.filter(|(first, behind)| first < behind)
    }

    /// Makes the window a triangle by rotations of its rows, which are returned on all ranks.
    /// Collective over the team.
    fn rotate_rows<T: Field>(
        &self,
        team: &Team,
        matrix: &mut Array2<T>,
        mut adjoint: Option<&mut Array2<T>>,
    ) -> Result<Vec<Rotation<T>>> {
        let mut rotations: Vec<Rotation<T>> = Vec::with_capacity(self.end - self.start);
        for (first, behind) in self.panels(team, matrix.ncols()) {
            let (root, last) = (team.owner(first), behind.min(self.end - 1));
            let mut made = Vec::new();
            if team.rank() == root {
                let own = team.local(first);
                let mut panel = matrix.slice_mut(s![own..own + behind - first, ..]);
                for row in first..last {
                    let column = panel.row(row - first);
                    let rotation = Rotation::of(column[row], column[row + 1]);
                    panel
                        .slice_mut(s![row - first.., ..])
                        .outer_iter_mut()
                        .for_each(|mut it| rotation.apply(&mut it, row));
                    panel[[row - first, row + 1]] = T::default();
                    made.extend([T::real(rotation.cosine), rotation.sine]);
                }
            }
            let made = team.broadcast(root, || made)?;
            let made: Vec<Rotation<T>> =
                made.chunks_exact(2).map(|pair| Rotation { cosine: pair[0].re(), sine: pair[1] }).collect();
            let mut later = matrix.slice_mut(s![team.in_front(behind).., ..]);
            let adjoints = adjoint.iter_mut().flat_map(|adjoint| adjoint.outer_iter_mut());
            for mut column in later.outer_iter_mut().chain(adjoints) {
                made.iter().enumerate().for_each(|(at, rotation)| rotation.apply(&mut column, first + at));
            }
            rotations.extend(made);
        }
        Ok(rotations)
    }

    /// Multiplies by the adjoint rotations from the right. Collective over the team.
    fn rotate_columns<T: Field>(&self, team: &Team, matrix: &mut Array2<T>, rotations: &[Rotation<T>]) -> Result<()> {
        let panels: Vec<(usize, usize)> = self.panels(team, matrix.ncols()).collect();
        let rank = team.rank();
        // Each rank sends all first columns before it sends any back.
        for &(first, _) in panels.iter().skip(1) {
            if team.owner(first) == rank && team.owner(first - 1) != rank {
                team.send(team.owner(first - 1), &matrix.row(team.local(first)).to_vec())?;
            }
        }
        let mut firsts = Vec::new();
        for &(first, _) in panels.iter().skip(1) {
            let is_needed = team.owner(first - 1) == rank && team.owner(first) != rank;
            firsts.push(if is_needed { team.receive::<T>(team.owner(first))? } else { Vec::new() });
        }
        for (at, &(first, behind)) in panels.iter().enumerate().filter(|(_, panel)| team.owner(panel.0) == rank) {
            if at > 0 && team.owner(first - 1) != rank {
                let items: Vec<T> = team.receive(team.owner(first - 1))?;
                matrix.row_mut(team.local(first)).assign(&ndarray::ArrayView1::from(&items));
            }
            for column in first..behind.min(self.end - 1) {
                let (rotation, rows) = (rotations[column - self.start], column + 2);
                let own = team.local(column);
                if column + 1 < behind || team.owner(column + 1) == rank {
                    let next = team.local(column + 1);
                    let (mut one, mut other) = matrix.multi_slice_mut((s![own, ..], s![next, ..]));
                    rotation.apply_adjoint(&mut one, &mut other, rows);
                } else {
                    let mut other = std::mem::take(&mut firsts[at]);
                    rotation.apply_adjoint(&mut matrix.row_mut(own), &mut ArrayViewMut1::from(&mut other), rows);
                    team.send(team.owner(column + 1), &other)?;
                }
            }
        }
        Ok(())
    }
}
