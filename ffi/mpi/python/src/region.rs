//! Parts that each rank reads or writes by itself. All are collective.

use std::sync::Arc;

use dap_ndarray::Buffer;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyTuple};

use crate::array::{Array, written};
use crate::error::{Raised, value_error};
use crate::shape::subscript;
use crate::thread::without_gil;

/// The elements of this rank's region, in C order, and its shape; None of a rank without one.
#[pyfunction]
#[pyo3(signature = (array, region=None))]
pub(crate) fn read_region<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    region: Option<&Bound<'py, PyTuple>>,
) -> PyResult<Option<(Vec<i64>, Bound<'py, PyByteArray>)>> {
    let region =
        region.map(|region| region.iter().map(|it| subscript(&it)).collect::<PyResult<Vec<_>>>()).transpose()?;
    let array = array.get().settled(py)?;
    let read = without_gil(py, || array.read_buffer(region.as_deref())).raised()?;
    let Some(buffer) = read else { return Ok(None) };
    let bytes = buffer.bytes().map_err(|error| pyo3::exceptions::PyBufferError::new_err(error.to_string()))?;
    Ok(Some((buffer.shape().to_vec(), PyByteArray::new(py, bytes))))
}

/// Overwrites this rank's region by elements in C order, given with their shape.
#[pyfunction]
#[pyo3(signature = (array, region=None, shape=None, elements=None))]
pub(crate) fn write_region(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    region: Option<&Bound<'_, PyTuple>>,
    shape: Option<Vec<i64>>,
    elements: Option<&[u8]>,
) -> PyResult<()> {
    let region =
        region.map(|region| region.iter().map(|it| subscript(&it)).collect::<PyResult<Vec<_>>>()).transpose()?;
    let array = array.get().settled(py)?;
    written(py, &array)?;
    let values = match (&region, shape, elements) {
        (Some(region), Some(shape), Some(elements)) => {
            let refused = |error: dap_ndarray::BufferError| pyo3::exceptions::PyBufferError::new_err(error.to_string());
            let mut buffer = Buffer::zeros(array.dtype().clone(), &shape).map_err(refused)?;
            let room = buffer.bytes_mut().map_err(refused)?;
            if room.len() != elements.len() {
                return value_error(format!("{} bytes for {} bytes of elements", elements.len(), room.len()));
            }
            room.copy_from_slice(elements);
            Some((&region[..], Arc::new(buffer)))
        }
        (None, None, None) => None,
        _ => return value_error("a region has elements with their shape"),
    };
    without_gil(py, || array.write_buffer(values)).raised()
}
