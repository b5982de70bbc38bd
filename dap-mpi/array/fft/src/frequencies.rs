//! The frequencies of a transform's points, and their usual order.

use dap_array::{Context, DynArray};
use dap_core::algebra::Placement;
use dap_mpi::Result;

use crate::error::argument;

/// The frequencies of the points of [`fft`](crate::fft), of `n` samples at distances `d`:
/// `[0, 1, ..., -2, -1] / (n d)`, in a placement of n elements. It sends no message.
///
/// # Errors
/// `n` below 1; a placement of another shape than `[n]`; more processes than ranks.
pub fn fftfreq(context: &Context, n: i64, d: f64, placement: impl Into<Placement>) -> Result<DynArray> {
    let negative = n.wrapping_sub(1).div_euclid(2) + 1;
    frequencies(context, n, d, n, placement.into(), |at| if at < negative { at } else { at - n })
}

/// The frequencies of the points of [`rfft`](crate::rfft), of `n` samples at distances `d`:
/// `[0, 1, ..., n / 2] / (n d)`, in a placement of `n / 2 + 1` elements. It sends no message.
///
/// # Errors
/// As [`fftfreq`], with another shape.
pub fn rfftfreq(context: &Context, n: i64, d: f64, placement: impl Into<Placement>) -> Result<DynArray> {
    frequencies(context, n, d, n / 2 + 1, placement.into(), |at| at)
}

fn frequencies(
    context: &Context,
    n: i64,
    d: f64,
    len: i64,
    placement: Placement,
    number: impl Fn(i64) -> i64,
) -> Result<DynArray> {
    if n < 1 {
        return argument(format!("{n} samples have no frequencies: at least 1 is needed"));
    }
    if placement.shape() != [len] {
        return argument(format!("the placement has shape {:?}, the frequencies [{len}]", placement.shape()));
    }
    // As NumPy, which multiplies by the reciprocal.
    let unit = 1.0 / (n as f64 * d);
    DynArray::from_fn(context, placement, |index| number(index[0]) as f64 * unit)
}

/// The points with frequency 0 in the middle, along some axes, all of them without `axes`.
/// Collective: elements move as [`DynArray::roll`] does.
///
/// # Errors
/// An axis that is not there, or named twice; not enough memory.
#[track_caller]
pub fn fftshift(x: &DynArray, axes: Option<&[i64]>) -> Result<DynArray> {
    shifted(x, axes, |extent| extent / 2)
}

/// The inverse of [`fftshift`]. Collective.
///
/// # Errors
/// As [`fftshift`].
#[track_caller]
pub fn ifftshift(x: &DynArray, axes: Option<&[i64]>) -> Result<DynArray> {
    shifted(x, axes, |extent| -(extent / 2))
}

#[track_caller]
fn shifted(x: &DynArray, axes: Option<&[i64]>, shift: impl Fn(i64) -> i64) -> Result<DynArray> {
    let axes: Vec<i64> = match axes {
        Some(axes) => x.axes(axes)?.into_iter().map(|axis| axis as i64).collect(),
        None => (0..x.ndim() as i64).collect(),
    };
    let shifts: Vec<i64> = axes.iter().map(|&axis| shift(x.shape()[axis as usize])).collect();
    x.roll(&shifts, &axes)
}
