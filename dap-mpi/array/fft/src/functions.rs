//! The transforms, by NumPy's names.

use dap_array::DynArray;
use dap_mpi::Result;

use crate::error::argument;
use crate::norm::{Direction, Options};
use crate::steps::{Family, Step, check_points, steps};
use crate::transform::transform;

const FORWARD: Family = Family::Complex(Direction::Forward);
const INVERSE: Family = Family::Complex(Direction::Inverse);

/// The transform along one axis, of `n` points: the array is cut off behind them, or padded with
/// zeros up to them. `None` is the array's length along the axis. Collective.
///
/// `f32` and its complex numbers give complex `f32`, all other numbers complex `f64`.
///
/// ```no_run
/// # fn example(x: &dap_array::DynArray) -> dap_array::Result<()> {
/// use dap_fft::Norm;
/// let spectrum = dap_fft::fft(x, None, -1, Norm::Ortho)?;
/// let same = dap_fft::ifft(&spectrum, None, -1, Norm::Ortho)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// An axis that is not there; a number of points below 1; elements that are no numbers; not enough
/// memory.
#[track_caller]
pub fn fft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("fft", x, FORWARD, n, axis, options.into())
}

/// The inverse of [`fft`]. Collective.
///
/// # Errors
/// As [`fft`].
#[track_caller]
pub fn ifft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("ifft", x, INVERSE, n, axis, options.into())
}

/// The first half of the transform of real numbers along an axis, `n / 2 + 1` points: the others
/// are their conjugates. Collective.
///
/// # Errors
/// As [`fft`]; complex elements.
#[track_caller]
pub fn rfft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("rfft", x, Family::FromReal, n, axis, options.into())
}

/// The inverse of [`rfft`]: `n` real numbers, by default `2 (m - 1)` from m points. Imaginary parts
/// of the first point, and of the last one if `n` is even, count as 0. Collective.
///
/// # Errors
/// As [`fft`].
#[track_caller]
pub fn irfft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("irfft", x, Family::ToReal, n, axis, options.into())
}

/// The real transform of a signal with Hermitian symmetry, of which the array has the first half:
/// `n` numbers, by default `2 (m - 1)` from m points. Collective.
///
/// # Errors
/// As [`fft`].
#[track_caller]
pub fn hfft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("hfft", x, Family::ToReal, n, axis, options.into())
}

/// The inverse of [`hfft`]: `n / 2 + 1` points from real numbers. Collective.
///
/// # Errors
/// As [`fft`]; complex elements.
#[track_caller]
pub fn ihfft(x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    along("ihfft", x, Family::FromReal, n, axis, options.into())
}

/// The transform along several axes: all of them without `axes`, or the last `s.len()` ones.
/// Each length of `s` is that of an axis, -1 the array's. An axis that is named twice is
/// transformed twice. Collective.
///
/// # Errors
/// As [`fft`]; another number of lengths than of axes.
#[track_caller]
pub fn fftn(x: &DynArray, s: Option<&[i64]>, axes: Option<&[i64]>, options: impl Into<Options>) -> Result<DynArray> {
    several("fftn", x, FORWARD, s, axes, options.into())
}

/// The inverse of [`fftn`]. Collective.
///
/// # Errors
/// As [`fftn`].
#[track_caller]
pub fn ifftn(x: &DynArray, s: Option<&[i64]>, axes: Option<&[i64]>, options: impl Into<Options>) -> Result<DynArray> {
    several("ifftn", x, INVERSE, s, axes, options.into())
}

/// The transform of real numbers along several axes: [`rfft`] along the last one, then [`fft`]
/// along the others. Collective.
///
/// # Errors
/// As [`fftn`]; complex elements; no axis.
#[track_caller]
pub fn rfftn(x: &DynArray, s: Option<&[i64]>, axes: Option<&[i64]>, options: impl Into<Options>) -> Result<DynArray> {
    several("rfftn", x, Family::FromReal, s, axes, options.into())
}

/// The inverse of [`rfftn`]: [`ifft`] along all axes but the last one, then [`irfft`] along that
/// one. Collective.
///
/// # Errors
/// As [`fftn`]; no axis.
#[track_caller]
pub fn irfftn(x: &DynArray, s: Option<&[i64]>, axes: Option<&[i64]>, options: impl Into<Options>) -> Result<DynArray> {
    several("irfftn", x, Family::ToReal, s, axes, options.into())
}

/// [`fftn`] along two axes, the last two in NumPy's default `[-2, -1]`. Collective.
///
/// # Errors
/// As [`fftn`].
#[track_caller]
pub fn fft2(x: &DynArray, s: Option<[i64; 2]>, axes: [i64; 2], options: impl Into<Options>) -> Result<DynArray> {
    several("fft2", x, FORWARD, s.as_ref().map(|s| &s[..]), Some(&axes), options.into())
}

/// [`ifftn`] along two axes. Collective.
///
/// # Errors
/// As [`fftn`].
#[track_caller]
pub fn ifft2(x: &DynArray, s: Option<[i64; 2]>, axes: [i64; 2], options: impl Into<Options>) -> Result<DynArray> {
    several("ifft2", x, INVERSE, s.as_ref().map(|s| &s[..]), Some(&axes), options.into())
}

/// [`rfftn`] along two axes. Collective.
///
/// # Errors
/// As [`rfftn`].
#[track_caller]
pub fn rfft2(x: &DynArray, s: Option<[i64; 2]>, axes: [i64; 2], options: impl Into<Options>) -> Result<DynArray> {
    several("rfft2", x, Family::FromReal, s.as_ref().map(|s| &s[..]), Some(&axes), options.into())
}

/// [`irfftn`] along two axes. Collective.
///
/// # Errors
/// As [`irfftn`].
#[track_caller]
pub fn irfft2(x: &DynArray, s: Option<[i64; 2]>, axes: [i64; 2], options: impl Into<Options>) -> Result<DynArray> {
    several("irfft2", x, Family::ToReal, s.as_ref().map(|s| &s[..]), Some(&axes), options.into())
}

/// A transform of one axis.
#[track_caller]
fn along(
    name: &'static str,
    x: &DynArray,
    family: Family,
    n: Option<i64>,
    axis: i64,
    options: Options,
) -> Result<DynArray> {
    let _call = x.enter(name, (n, axis, options))?;
    // Hermitian transforms are real ones of the other direction.
    let is_hermitian = matches!(name, "hfft" | "ihfft");
    let norm = if is_hermitian { options.norm.swapped() } else { options.norm };
    // The -1 of several lengths stands for none here.
    n.map_or(Ok(()), check_points)?;
    let n = n.map(|n| [n]);
    let mut steps = steps(x, family, n.as_ref().map(|n| &n[..]), Some(&[axis]), norm)?;
    for step in &mut steps {
        step.conjugates_input = name == "hfft";
        step.conjugates_output = name == "ihfft";
    }
    checked(x, family, &steps, options)
}

/// A transform of several axes.
#[track_caller]
fn several(
    name: &'static str,
    x: &DynArray,
    family: Family,
    s: Option<&[i64]>,
    axes: Option<&[i64]>,
    options: Options,
) -> Result<DynArray> {
    let _call = x.enter(name, (s, axes, options))?;
    checked(x, family, &steps(x, family, s, axes, options.norm)?, options)
}

fn checked(x: &DynArray, family: Family, steps: &[Step], options: Options) -> Result<DynArray> {
    if family == Family::FromReal && x.element().is_some_and(|element| element.is_complex()) {
        return argument("the elements are complex numbers: take their real parts, or a complex transform");
    }
    transform(x, steps, options.output)
}
