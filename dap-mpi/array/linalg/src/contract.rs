//! Sums of products of two operands over common axes: what all products of matrices and tensors
//! are.
//!
//! The axes of an operand are in four groups. *Batch* axes are in both operands and in the result,
//! *rows* are in the left operand and in the result, *columns* in the right operand and in the
//! result, and *inner* axes are in both operands and are summed over. A group can be empty.
//!
//! The result's batch axes, rows and columns lie on one process grid. Two algorithms compute it;
//! [`Choice`] takes the one with the least estimated time:
//!
//! | algorithm | each rank | bytes that a rank receives |
//! |---|---|---|
//! | panels (SUMMA) | holds its part of the result, and gets panels of the rows and columns that belong to it | of each operand its rows (columns) times the inner axes, nothing if they are there |
//! | partial sums | multiplies its part of the inner axes; the partial results are added where the result lies | its part of an operand that is elsewhere, and one result |
//!
//! A panel goes to all ranks that need it in one move by plan, straight from the ranks that own its
//! elements. So operands have any distribution, and none is brought to a fitting one as a whole. On
//! a node, ranks read panels from the memory of the owners.
//!
//! Panels and partial results of a rank together have at most `panel_bytes`. Where a panel of few
//! inner indices would be larger, the result is computed in strips: of every second index along one
//! axis, so that all ranks have a share of each strip.
//!
//! SUMMA: R. van de Geijn and J. Watts, "SUMMA: scalable universal matrix multiplication
//! algorithm", Concurrency: Practice and Experience 9 (1997). Broadcasts along rows and columns of
//! the grid, with a second panel on its way, were rejected: they need operands on the result's
//! grid, and on a node, where a rank copies its panels itself, there is nothing to overlap.

mod choice;
mod local;
mod panels;
mod sums;

use dap_array::{DynArray, ElementType, Result};

use crate::operands::slice;
use choice::{Choice, Way};

/// The most bytes of panels and partial results on a rank, if the caller gives no other number.
pub(crate) const PANEL_BYTES: i64 = 56 << 20;
/// The least number of inner indices of a panel, if strips can be made instead.
const LEAST_WIDTH: i64 = 32;

/// Two operands with their axes in order. Batch axes have the same extent in both, or one element
/// in one of them.
#[derive(Clone)]
pub(crate) struct Contraction {
    /// Batch axes, rows, inner axes.
    pub(crate) a: DynArray,
    /// Batch axes, inner axes, columns.
    pub(crate) b: DynArray,
    pub(crate) axes: Axes,
    /// The type that is computed in.
    pub(crate) element: ElementType,
    /// The most bytes of panels and partial results on a rank.
    pub(crate) panel_bytes: i64,
}

/// The number of axes in each group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axes {
    pub(crate) batch: usize,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) inner: usize,
}

/// The operand of an axis of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    A,
    B,
}

impl Contraction {
    /// The extents of the result: batch axes, rows, columns.
    fn shape(&self) -> Vec<i64> {
        let Axes { batch, rows, inner, .. } = self.axes;
        let (a, b) = (self.a.shape(), self.b.shape());
        let batches = a[..batch].iter().zip(&b[..batch]).map(|(&a, &b)| if a == 1 { b } else { a });
        batches.chain(a[batch..batch + rows].iter().copied()).chain(b[batch + inner..].iter().copied()).collect()
    }

    /// The extents of the inner axes.
    fn inner(&self) -> &[i64] {
        &self.a.shape()[self.axes.batch + self.axes.rows..]
    }

    /// The axis of an operand that an axis of the result is; `None` if the operand does not have
    /// it, or repeats one element along it.
    fn axis_of(&self, side: Side, axis: usize) -> Option<usize> {
        let Axes { batch, rows, inner, .. } = self.axes;
        if axis < batch {
            let (own, other) = match side {
                Side::A => (self.a.shape()[axis], self.b.shape()[axis]),
                Side::B => (self.b.shape()[axis], self.a.shape()[axis]),
            };
            return (own != 1 || other == 1).then_some(axis);
        }
        match side {
            Side::A => (axis < batch + rows).then_some(axis),
            Side::B => (axis >= batch + rows).then(|| axis - rows + inner),
        }
    }

    /// The part whose result has every second index along an axis, from `first` on.
    fn strip(&self, axis: usize, first: i64) -> Result<Contraction> {
        let mut strip = self.clone();
        if let Some(at) = self.axis_of(Side::A, axis) {
            strip.a = every_second(&self.a, at, first)?;
        }
        if let Some(at) = self.axis_of(Side::B, axis) {
            strip.b = every_second(&self.b, at, first)?;
        }
        Ok(strip)
    }
}

fn every_second(array: &DynArray, axis: usize, first: i64) -> Result<DynArray> {
    slice(array, axis, first, array.shape()[axis], 2)
}

/// The result: batch axes, rows, columns. Collective.
///
/// # Errors
/// A failure of an operand on some rank; not enough memory.
pub(crate) fn contract(contraction: &Contraction) -> Result<DynArray> {
    let Choice { result, way } = Choice::of(contraction)?;
    let result = DynArray::zeros(contraction.a.context(), result, &contraction.element.dtype())?;
    if result.is_empty() || contraction.inner().contains(&0) {
        return Ok(result);
    }
    match way {
        Way::Panels => panels::add(&result, contraction)?,
        Way::Sums(sums) => sums.add(&result, contraction)?,
    }
    Ok(result)
}

/// The axis of the result, among these, that is longest on a rank, the first of several; `None` if
/// none can be halved.
fn halved(result: &DynArray, axes: impl DoubleEndedIterator<Item = usize>) -> Option<usize> {
    let length = |axis: usize| crate::place::widest(&result.layout().dims()[axis]);
    // The last of several greatest ones is taken.
    axes.rev().filter(|&axis| result.shape()[axis] >= 2).max_by_key(|&axis| length(axis))
}
