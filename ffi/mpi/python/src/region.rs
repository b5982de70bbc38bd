//! Parts that each rank reads or writes by itself. All are collective.

use std::sync::Arc;

use dap_core::algebra::Subscript;
use dap_core::dtype::DType;
use dap_ndarray::{Buffer, BufferError};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyTuple};

use crate::array::{Array, written};
use crate::error::{Raised, value_error};
use crate::shape::subscript;
use crate::thread::without_gil;

fn refused(error: BufferError) -> PyErr {
    PyBufferError::new_err(error.to_string())
}

/// A region of integers and slices.
pub(crate) fn subscripts(region: &Bound<'_, PyTuple>) -> PyResult<Vec<Subscript>> {
    region.iter().map(|it| subscript(&it)).collect()
}

/// The shape and the elements of a buffer in C order.
pub(crate) fn bytes_of<'py>(py: Python<'py>, buffer: &Buffer) -> PyResult<(Vec<i64>, Bound<'py, PyByteArray>)> {
    Ok((buffer.shape().to_vec(), PyByteArray::new(py, buffer.bytes().map_err(refused)?)))
}

/// A buffer of these elements, in C order.
pub(crate) fn buffer_of(dtype: DType, shape: &[i64], elements: &[u8]) -> PyResult<Buffer> {
    let mut buffer = Buffer::zeros(dtype, shape).map_err(refused)?;
    let room = buffer.bytes_mut().map_err(refused)?;
    if room.len() != elements.len() {
        return value_error(format!("{} bytes for {} bytes of elements", elements.len(), room.len()));
    }
    room.copy_from_slice(elements);
    Ok(buffer)
}

/// The elements of this rank's region, in C order, and its shape; None of a rank without one.
#[pyfunction]
#[pyo3(signature = (array, region=None))]
pub(crate) fn read_region<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    region: Option<&Bound<'py, PyTuple>>,
) -> PyResult<Option<(Vec<i64>, Bound<'py, PyByteArray>)>> {
    let region = region.map(subscripts).transpose()?;
    let array = array.get().settled(py)?;
    let read = without_gil(py, || array.read_buffer(region.as_deref())).raised()?;
    read.map(|buffer| bytes_of(py, &buffer)).transpose()
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
    let region = region.map(subscripts).transpose()?;
    let array = array.get().settled(py)?;
    written(py, &array)?;
    let values = match (&region, shape, elements) {
        (Some(region), Some(shape), Some(elements)) => {
            Some((&region[..], Arc::new(buffer_of(array.dtype().clone(), &shape, elements)?)))
        }
        (None, None, None) => None,
        _ => return value_error("a region has elements with their shape"),
    };
    without_gil(py, || array.write_buffer(values)).raised()
}
