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
        let (mut a, mut b, mut re, mut im) = (0.0, 0.0, 0.0, 0.0);
        for (&x, &y) in one.iter().zip(&other) {
            a += x.re() * x.re() + x.im() * x.im();
            b += y.re() * y.re() + y.im() * y.im();
            re += x.re() * y.re() + x.im() * y.im();
            im += x.re() * y.im() - x.im() * y.re();
        }
        let product = f64::hypot(re, im);
        // Sums of n products have an error of about the root of n roundings.
        let least = T::EPSILON * (one.len() as f64).sqrt().max(2.0);
        // Also false if a number is not finite.
        let is_turned = product > 0.0 && product > least * a.sqrt() * b.sqrt();
        if !is_turned {
            return None;
        }
        let zeta = (b - a) / (2.0 * product);
        let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
        let cosine = 1.0 / tangent.hypot(1.0);
        let phase = T::complex(re / product, -im / product);
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
