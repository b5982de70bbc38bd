//! Reductions and cumulative functions. All are collective.

use dap_array::{Cumulative, DynArray, Reduction, Scalar};
use pyo3::prelude::*;

use crate::array::{Array, made, object};
use crate::error::{Raised, value_error};
use crate::thread::without_gil;

/// A reduction by NumPy's name.
pub(crate) fn named(name: &str, ddof: f64) -> PyResult<Reduction> {
    Ok(match name {
        "sum" => Reduction::Sum,
        "nansum" => Reduction::NanSum,
        "mean" => Reduction::Mean,
        "nanmean" => Reduction::NanMean,
        "var" => Reduction::Var { ddof },
        "std" => Reduction::Std { ddof },
        "vector_norm" => Reduction::Norm,
        "prod" => Reduction::Prod,
        "min" => Reduction::Min,
        "max" => Reduction::Max,
        "all" => Reduction::All,
        "any" => Reduction::Any,
        "count_nonzero" => Reduction::CountNonzero,
        _ => return value_error(format!("no reduction {name:?}")),
    })
}

/// The reduction of all elements: a value.
#[pyfunction]
#[pyo3(signature = (array, name, ddof=0.0))]
pub(crate) fn reduce<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    name: &str,
    ddof: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let reduction = named(name, ddof)?;
    let inner = array.get().inner()?;
    // Without a copy of the selected elements.
    if let Some(masked) = inner.masked()
        && let Some(scalar) = without_gil(py, || masked.reduce(reduction)).raised()?
    {
        return object(py, Array::scalar(inner.context(), scalar));
    }
    whole(py, array, |array| array.reduce(reduction))
}

/// The reduction along some axes.
#[pyfunction]
#[pyo3(signature = (array, name, axes, keepdims, ddof=0.0))]
pub(crate) fn reduce_along<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    name: &str,
    axes: Vec<i64>,
    keepdims: bool,
    ddof: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let reduction = named(name, ddof)?;
    let array = array.get().settled(py)?;
    made(py, || array.reduce_along(reduction, &axes, keepdims))
}

/// The number in C order of the least or greatest element: a value.
#[pyfunction]
pub(crate) fn arg_reduce<'py>(py: Python<'py>, array: &Bound<'py, Array>, least: bool) -> PyResult<Bound<'py, PyAny>> {
    whole(py, array, |array| if least { array.argmin() } else { array.argmax() })
}

/// The indices of the least or greatest elements along an axis.
#[pyfunction]
pub(crate) fn arg_reduce_along<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    least: bool,
    axis: i64,
    keepdims: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let array = array.get().settled(py)?;
    made(py, || match least {
        true => array.argmin_along(axis, keepdims),
        false => array.argmax_along(axis, keepdims),
    })
}

fn whole<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    reduction: impl Fn(&DynArray) -> dap_array::Result<Scalar>,
) -> PyResult<Bound<'py, PyAny>> {
    let settled = array.get().settled(py)?;
    let scalar = without_gil(py, || reduction(&settled)).raised()?;
    object(py, Array::scalar(settled.context(), scalar))
}

/// The reductions of all elements up to each place along an axis.
#[pyfunction]
pub(crate) fn cumulative<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    name: &str,
    axis: i64,
) -> PyResult<Bound<'py, PyAny>> {
    let function = match name {
        "sum" => Cumulative::Sum,
        "prod" => Cumulative::Prod,
        "min" => Cumulative::Min,
        "max" => Cumulative::Max,
        _ => return value_error(format!("no cumulative function {name:?}")),
    };
    let array = array.get().settled(py)?;
    made(py, || array.cumulative(function, axis))
}
