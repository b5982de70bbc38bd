//! Fourier transforms. All are collective.

use dap_fft::Norm;
use pyo3::prelude::*;

use crate::array::{Array, made};
use crate::error::{Raised, value_error};

/// A transform by NumPy's name: of one axis with the length of `s` and the axis of `axes`, or of
/// several.
#[pyfunction]
pub(crate) fn fourier<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    name: &str,
    s: Option<Vec<i64>>,
    axes: Option<Vec<i64>>,
    norm: &str,
) -> PyResult<Bound<'py, PyAny>> {
    type One = fn(&dap_array::DynArray, Option<i64>, i64, Norm) -> dap_array::Result<dap_array::DynArray>;
    type Several =
        fn(&dap_array::DynArray, Option<&[i64]>, Option<&[i64]>, Norm) -> dap_array::Result<dap_array::DynArray>;
    let norm = norm.parse::<Norm>().raised()?;
    let one: Option<One> = match name {
        "fft" => Some(dap_fft::fft),
        "ifft" => Some(dap_fft::ifft),
        "rfft" => Some(dap_fft::rfft),
        "irfft" => Some(dap_fft::irfft),
        "hfft" => Some(dap_fft::hfft),
        "ihfft" => Some(dap_fft::ihfft),
        _ => None,
    };
    let several: Option<Several> = match name {
        "fftn" => Some(dap_fft::fftn),
        "ifftn" => Some(dap_fft::ifftn),
        "rfftn" => Some(dap_fft::rfftn),
        "irfftn" => Some(dap_fft::irfftn),
        _ => None,
    };
    let array = array.get().settled(py)?;
    match (one, several) {
        (Some(one), _) => {
            let n = s.and_then(|s| s.first().copied());
            let axis = axes.and_then(|axes| axes.first().copied()).unwrap_or(-1);
            made(py, || one(&array, n, axis, norm))
        }
        (None, Some(several)) => made(py, || several(&array, s.as_deref(), axes.as_deref(), norm)),
        (None, None) => value_error(format!("no transform {name:?}")),
    }
}
