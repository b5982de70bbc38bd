//! The one-dimensional transforms that a call asks for, in NumPy's order.

use dap_array::DynArray;
use dap_mpi::Result;

use crate::error::argument;
use crate::line::Kind;
use crate::norm::{Direction, Norm};

/// One transform along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) axis: usize,
    pub(crate) kind: Kind,
    /// The number of points, at least 1.
    pub(crate) points: i64,
    pub(crate) factor: f64,
    /// The input's imaginary parts are negated first: a real result of the forward transform.
    pub(crate) conjugates_input: bool,
    /// The result's imaginary parts are negated: a half spectrum of the inverse transform.
    pub(crate) conjugates_output: bool,
}

impl Step {
    fn new(axis: usize, kind: Kind, points: i64, norm: Norm) -> Result<Step> {
        check_points(points)?;
        let direction = match kind {
            Kind::Complex(direction) => direction,
            Kind::FromReal => Direction::Forward,
            Kind::ToReal => Direction::Inverse,
        };
        let factor = norm.factor(direction, points);
        Ok(Step { axis, kind, points, factor, conjugates_input: false, conjugates_output: false })
    }

    /// The sign of the exponent, conjugates included, if the step is computed with complex numbers.
    pub(crate) fn direction(&self) -> Direction {
        match self.kind {
            Kind::Complex(direction) => direction,
            // The conjugate spectrum of real numbers is their inverse transform.
            Kind::FromReal if self.conjugates_output => Direction::Inverse,
            Kind::FromReal => Direction::Forward,
            // Real parts do not see whether factors and result are conjugated.
            Kind::ToReal if self.conjugates_input => Direction::Forward,
            Kind::ToReal => Direction::Inverse,
        }
    }
}

/// Refuses a number of points below 1, in NumPy's words.
pub(crate) fn check_points(points: i64) -> Result<()> {
    if points < 1 {
        return argument(format!("invalid number of FFT data points ({points}) specified: at least 1 is needed"));
    }
    Ok(())
}

/// The kind of a transform of several axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Complex along all axes.
    Complex(Direction),
    /// Along the last named axis from real numbers, then complex along the others.
    FromReal,
    /// Complex along all named axes but the last one, then to real numbers.
    ToReal,
}

/// The steps of a transform of several axes: all axes without `axes`, or the last `lengths.len()`
/// ones. A length of -1 is that of the array. An axis that is named several times is transformed
/// several times.
///
/// # Errors
/// An axis that is not there; another number of lengths than of axes; a length below 1; no axis,
/// where one has real numbers.
pub(crate) fn steps(
    array: &DynArray,
    family: Family,
    lengths: Option<&[i64]>,
    axes: Option<&[i64]>,
    norm: Norm,
) -> Result<Vec<Step>> {
    let ndim = array.ndim();
    let axes: Vec<usize> = match (axes, lengths) {
        (Some(axes), _) => axes.iter().map(|&axis| Ok(array.axes(&[axis])?[0])).collect::<Result<_>>()?,
        (None, Some(lengths)) if lengths.len() > ndim => {
            return argument(format!("{} lengths are given, the array has {ndim} dimensions", lengths.len()));
        }
        (None, Some(lengths)) => (ndim - lengths.len()..ndim).collect(),
        (None, None) => (0..ndim).collect(),
    };
    if let Some(lengths) = lengths
        && lengths.len() != axes.len()
    {
        return argument(format!(
            "{} lengths and {} axes are given: equal numbers are needed",
            lengths.len(),
            axes.len()
        ));
    }
    if axes.is_empty() {
        return match family {
            Family::Complex(_) => Ok(Vec::new()),
            _ => argument("no axis is given: real transforms need at least 1"),
        };
    }
    let step = |at: usize, kind: Kind| {
        let (axis, extent) = (axes[at], array.shape()[axes[at]]);
        let points = match lengths.map(|lengths| lengths[at]) {
            Some(-1) => extent,
            Some(length) => length,
            None if kind == Kind::ToReal => extent.saturating_sub(1).saturating_mul(2),
            None => extent,
        };
        Step::new(axis, kind, points, norm)
    };
    let others = 0..axes.len() - 1;
    match family {
        Family::Complex(direction) => (0..axes.len()).rev().map(|at| step(at, Kind::Complex(direction))).collect(),
        Family::FromReal => {
            let first = step(others.end, Kind::FromReal);
            let rest = others.rev().map(|at| step(at, Kind::Complex(Direction::Forward)));
            std::iter::once(first).chain(rest).collect()
        }
        Family::ToReal => {
            let last = step(others.end, Kind::ToReal);
            let rest = others.map(|at| step(at, Kind::Complex(Direction::Inverse)));
            rest.chain(std::iter::once(last)).collect()
        }
    }
}
