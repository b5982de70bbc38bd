//! Selection by integer arrays and masks. All are collective.

use std::borrow::Cow;

use dap_array::{DynArray, ElementType, Expr, Indices, Scalar};
use ndarray::{ArrayD, IxDyn};
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::apply::no_operand;
use crate::array::{Array, Inner, State, made, object, returned, written};
use crate::error::{Raised, value_error};
use crate::operand::{Operand, value_for};
use crate::pending;
use crate::thread::without_gil;

/// An argument that is an array of indices.
enum Given {
    Replicated(ArrayD<i64>),
    Distributed(DynArray),
}

impl Given {
    /// From a distributed array, or from NumPy's of `int64` in C order with the same elements on
    /// all ranks.
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Given> {
        let py = object.py();
        if let Ok(array) = object.cast_exact::<Array>() {
            return Ok(Given::Distributed(array.get().settled(py)?));
        }
        let buffer = PyBuffer::<i64>::get(object)?;
        let elements = buffer.to_vec(py)?;
        match ArrayD::from_shape_vec(IxDyn(buffer.shape()), elements) {
            Ok(array) => Ok(Given::Replicated(array)),
            Err(error) => value_error(error.to_string()),
        }
    }

    fn indices(&self) -> Indices<'_> {
        match self {
            Given::Replicated(array) => Indices::Replicated(Cow::Borrowed(array)),
            Given::Distributed(array) => Indices::Distributed(array),
        }
    }
}

fn all(objects: &[Bound<'_, PyAny>]) -> PyResult<Vec<Given>> {
    objects.iter().map(Given::of).collect()
}

/// The elements at tuples of indices along some axes, one array of indices for each.
#[pyfunction]
pub(crate) fn take_along<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    axes: Vec<i64>,
    indices: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let indices = all(&indices)?;
    let array = array.get().settled(py)?;
    made(py, || {
        let indices: Vec<Indices<'_>> = indices.iter().map(Given::indices).collect();
        array.take_along(&axes, &indices)
    })
}

/// Overwrites the elements at tuples of indices, or adds to them.
#[pyfunction]
#[pyo3(signature = (array, axes, indices, values, adds=false))]
pub(crate) fn put_along(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    axes: Vec<i64>,
    indices: Vec<Bound<'_, PyAny>>,
    values: &Bound<'_, PyAny>,
    adds: bool,
) -> PyResult<()> {
    let indices = all(&indices)?;
    let (array, values) = sides(py, array, values)?;
    without_gil(py, || {
        let indices: Vec<Indices<'_>> = indices.iter().map(Given::indices).collect();
        if adds { array.add_along(&axes, &indices, values) } else { array.put_along(&axes, &indices, values) }
    })
    .raised()
}

/// The elements where a mask over the first axes is true: copied when they are needed, where none
/// moves.
#[pyfunction]
pub(crate) fn compress<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    mask: &Bound<'py, Array>,
) -> PyResult<Bound<'py, PyAny>> {
    let (array, mask) = (array.get().settled(py)?, mask.get().settled(py)?);
    match without_gil(py, || array.masked(&mask)).raised()? {
        Some(masked) => {
            let inner = Inner::new(array.context(), State::Masked(masked));
            // Memory that outside code has may change before the elements are needed.
            if array.is_exposed() || mask.is_exposed() {
                without_gil(py, || inner.settled()).raised()?;
            } else {
                pending::note(&inner);
            }
            object(py, Array::of(inner))
        }
        None => made(py, || array.compress(&mask)),
    }
}

/// The indices of the elements that are not zero, an array for each axis.
#[pyfunction]
pub(crate) fn nonzero<'py>(py: Python<'py>, array: &Bound<'py, Array>) -> PyResult<Bound<'py, PyList>> {
    let array = array.get().settled(py)?;
    let found = without_gil(py, || array.nonzero()).raised()?;
    PyList::new(py, found.into_iter().map(|it| returned(py, it)).collect::<PyResult<Vec<_>>>()?)
}

/// Overwrites the elements where a mask over the first axes is true.
#[pyfunction]
pub(crate) fn put_where(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    mask: &Bound<'_, Array>,
    values: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mask = mask.get().settled(py)?;
    let (array, values) = sides(py, array, values)?;
    without_gil(py, || array.put_where(&mask, values)).raised()
}

/// The array to be written, and the values in its type. Whether they are pending on this rank makes
/// no difference: they are evaluated.
fn sides(py: Python<'_>, array: &Bound<'_, Array>, values: &Bound<'_, PyAny>) -> PyResult<(DynArray, Expr<'static>)> {
    let array = array.get().settled(py)?;
    let element = array.element().unwrap_or(ElementType::U8);
    let values = match Operand::of(values)? {
        Some(Operand::Weak(_)) => Expr::scalar(Scalar { element, value: value_for(values, element)? }),
        Some(operand) => {
            if let Operand::Array(inner) = &operand
                && inner.value().is_none()
            {
                without_gil(py, || inner.settled()).raised()?;
            }
            operand.expr().cast(element)
        }
        None => return Err(no_operand(values)),
    };
    written(py, &array)?;
    Ok((array, values))
}
