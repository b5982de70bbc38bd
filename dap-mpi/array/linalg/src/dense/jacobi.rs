//! One-sided Jacobi: rotations of pairs of columns make all columns orthogonal.
//!
//! The columns W = A V that result are singular vectors times singular values, and V collects the
//! rotations (Golub and Van Loan, "Matrix Computations", section 8.6.3). Small singular values are
//! found as well as large ones, and nothing but columns moves between ranks: each rank has two
//! blocks, and rounds of a tournament bring each pair of blocks together once in a sweep (Brent
//! and Luk, "The solution of singular-value and symmetric eigenvalue problems on multiprocessor
//! arrays", 1985).

use dap_array::{Error, ErrorKind, Result};
use ndarray::{Array2, ArrayViewMut1, Axis, concatenate, s};

use super::field::Field;
use super::team::Team;

/// More sweeps than any matrix has been seen to need; six to twelve are usual.
const SWEEPS: usize = 60;

/// Columns of W with the same columns of V, or with none.
struct Block<T> {
    columns: Array2<T>,
    rotations: Array2<T>,
}

/// Makes the columns of a matrix orthogonal, and multiplies those of `rotations`, if all ranks give
/// them, in the same way. Collective over the team.
///
/// # Errors
/// No convergence; a failure of a message.
pub(crate) fn orthogonalize<T: Field>(
    team: &Team,
    matrix: &mut Array2<T>,
    mut rotations: Option<&mut Array2<T>>,
) -> Result<()> {
    let half = matrix.nrows() / 2;
    // A rank without columns sends rotations, too, if others do.
    let length = rotations.as_ref().map(|rotations| rotations.ncols());
    let block = |first: usize, last: usize| Block {
        columns: matrix.slice(s![first..last, ..]).to_owned(),
        rotations: match &rotations {
            Some(rotations) => rotations.slice(s![first..last, ..]).to_owned(),
            None => Array2::from_elem((0, 0), T::default()),
        },
    };
    let (mut top, mut bottom) = (block(0, half), block(half, matrix.nrows()));
    for _ in 0..SWEEPS {
        let mut rotated = within(&mut top) + within(&mut bottom);
        for _ in 0..2 * team.size() - 1 {
            rotated += between(&mut top, &mut bottom);
            if team.size() > 1 {
                exchange(team, &mut top, &mut bottom, (matrix.ncols(), length))?;
            }
        }
        if team.gather(vec![rotated])?.iter().all(|rotated| rotated[..] == [0]) {
            let joined = |top: &Array2<T>, bottom: &Array2<T>| concatenate(Axis(0), &[top.view(), bottom.view()]);
            *matrix = joined(&top.columns, &bottom.columns).expect("columns of one length");
            if let Some(rotations) = &mut rotations {
                **rotations = joined(&top.rotations, &bottom.rotations).expect("columns of one length");
            }
            return Ok(());
        }
    }
    Err(Error::new(ErrorKind::Argument, "the singular values did not converge"))
}

/// Rotates each pair of columns of a block; returns the number of rotations.
fn within<T: Field>(block: &mut Block<T>) -> u64 {
    let count = block.columns.nrows();
    let mut rotated = 0;
    for first in 0..count {
        for second in first + 1..count {
            let (one, other) = block.columns.multi_slice_mut((s![first, ..], s![second, ..]));
            if let Some(rotation) = Rotation::of(one, other) {
                rotated += 1;
                if block.rotations.nrows() == count {
                    let (one, other) = block.rotations.multi_slice_mut((s![first, ..], s![second, ..]));
                    rotation.apply(one, other);
                }
            }
        }
    }
    rotated
}

/// Rotates each column of one block with each of another.
fn between<T: Field>(top: &mut Block<T>, bottom: &mut Block<T>) -> u64 {
    let mut rotated = 0;
    for first in 0..top.columns.nrows() {
        for second in 0..bottom.columns.nrows() {
            if let Some(rotation) = Rotation::of(top.columns.row_mut(first), bottom.columns.row_mut(second)) {
                rotated += 1;
                if top.rotations.nrows() == top.columns.nrows() && bottom.rotations.nrows() == bottom.columns.nrows() {
                    rotation.apply(top.rotations.row_mut(first), bottom.rotations.row_mut(second));
                }
            }
        }
    }
    rotated
}

/// The squares of two columns that were divided by scales, and their product.
struct Pair {
    scales: [f64; 2],
    squares: [f64; 2],
    re: f64,
    im: f64,
}

impl Pair {
    fn of<T: Field>(one: &ArrayViewMut1<'_, T>, other: &ArrayViewMut1<'_, T>, scales: [f64; 2]) -> Pair {
        let [first, second] = scales.map(|scale| 1.0 / scale);
        let mut pair = Pair { scales, squares: [0.0; 2], re: 0.0, im: 0.0 };
        for (&x, &y) in one.iter().zip(other) {
            let (x_re, x_im, y_re, y_im) = (x.re() * first, x.im() * first, y.re() * second, y.im() * second);
            pair.squares[0] += x_re * x_re + x_im * x_im;
            pair.squares[1] += y_re * y_re + y_im * y_im;
            pair.re += x_re * y_re + x_im * y_im;
            pair.im += x_re * y_im - x_im * y_re;
        }
        pair
    }

    /// Whether no square has left the range in which numbers have all their bits.
    fn is_precise(&self) -> bool {
        self.squares.iter().all(|square| (1e-280..1e280).contains(square))
    }
}

/// The greatest magnitude of a real or imaginary part, at least the least normal number.
fn greatest<T: Field>(column: &ArrayViewMut1<'_, T>) -> f64 {
    column.iter().fold(f64::MIN_POSITIVE, |top, item| f64::max(top, f64::max(item.re().abs(), item.im().abs())))
}

/// A rotation in the plane of two columns, behind a change of the phase of the second.
struct Rotation<T> {
    cosine: f64,
    sine: f64,
    phase: T,
}

impl<T: Field> Rotation<T> {
    /// The rotation that makes two columns orthogonal, applied to them; `None` if they are, to the
    /// precision of their product.
    fn of(one: ArrayViewMut1<'_, T>, other: ArrayViewMut1<'_, T>) -> Option<Rotation<T>> {
        let mut pair = Pair::of(&one, &other, [1.0, 1.0]);
        if !pair.is_precise() {
            pair = Pair::of(&one, &other, [greatest(&one), greatest(&other)]);
        }
        let [a, b] = pair.squares;
        // Of columns that depend on one another, the shorter one loses all bits but its last ones
        // in each sweep. Once its elements are subnormal, no rotation makes it orthogonal.
        if pair.squares.iter().zip(pair.scales).any(|(square, scale)| square.sqrt() * scale < T::LEAST) {
            return None;
        }
        let product = f64::hypot(pair.re, pair.im);
        // Sums of n products have an error of about the root of n roundings.
        let least = T::EPSILON * (one.len() as f64).sqrt().max(2.0);
        // Also false if a number is not finite.
        let is_turned = product > 0.0 && product > least * a.sqrt() * b.sqrt();
        if !is_turned {
            return None;
        }
        let ratio = pair.scales[1] / pair.scales[0];
        let zeta = (b * ratio - a / ratio) / (2.0 * product);
        let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
        if tangent == 0.0 {
            // The shorter column is too short to be turned.
            return None;
        }
        let cosine = 1.0 / tangent.hypot(1.0);
        let phase = T::complex(pair.re / product, -pair.im / product);
        let rotation = Rotation { cosine, sine: cosine * tangent, phase };
        rotation.apply(one, other);
        Some(rotation)
    }

    fn apply(&self, mut one: ArrayViewMut1<'_, T>, mut other: ArrayViewMut1<'_, T>) {
        let (cosine, sine) = (T::real(self.cosine), T::real(self.sine));
        for (x, y) in one.iter_mut().zip(other.iter_mut()) {
            let turned = *y * self.phase;
            (*x, *y) = (cosine * *x - sine * turned, sine * *x + cosine * turned);
        }
    }
}

/// One round of the tournament: the blocks go on to the next ranks, but for the first block of rank
/// 0. Collective over the team.
fn exchange<T: Field>(
    team: &Team,
    top: &mut Block<T>,
    bottom: &mut Block<T>,
    lengths: (usize, Option<usize>),
) -> Result<()> {
    let (rank, last) = (team.rank(), team.size() - 1);
    let send = |to: usize, block: &Block<T>| -> Result<()> {
        team.send(to, &block.columns.iter().copied().collect::<Vec<_>>())?;
        if lengths.1.is_some() { team.send(to, &block.rotations.iter().copied().collect::<Vec<_>>()) } else { Ok(()) }
    };
    let receive = |from: usize| -> Result<Block<T>> {
        let matrix = |length: usize| -> Result<Array2<T>> {
            let items = team.receive(from)?;
            let count = items.len() / length.max(1);
            Ok(Array2::from_shape_vec((count, length), items).expect("whole columns"))
        };
        let columns = matrix(lengths.0)?;
        let rotations = lengths.1.map_or_else(|| Ok(Array2::from_elem((0, 0), T::default())), matrix)?;
        Ok(Block { columns, rotations })
    };
    // Tops go up, bottoms come down; at both ends a block changes its side.
    if rank == 0 {
        send(1, bottom)?;
        *bottom = receive(1)?;
        return Ok(());
    }
    send(rank - 1, bottom)?;
    if rank == last {
        let kept = std::mem::replace(top, receive(rank - 1)?);
        *bottom = kept;
    } else {
        send(rank + 1, top)?;
        *top = receive(rank - 1)?;
        *bottom = receive(rank + 1)?;
    }
    Ok(())
}
