//! Errors of the array as exceptions of Python.

use dap_mpi::{Error, ErrorKind};
use pyo3::exceptions::{PyBufferError, PyMemoryError, PyOSError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;

/// A result whose error becomes an exception.
pub(crate) trait Raised<T> {
    fn raised(self) -> PyResult<T>;
}

impl<T> Raised<T> for dap_mpi::Result<T> {
    fn raised(self) -> PyResult<T> {
        self.map_err(exception)
    }
}

impl<T> Raised<T> for dap_core::error::Result<T> {
    fn raised(self) -> PyResult<T> {
        self.map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

fn exception(error: Error) -> PyErr {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::Argument | ErrorKind::Layout => PyValueError::new_err(text),
        ErrorKind::Buffer => PyBufferError::new_err(text),
        ErrorKind::Memory => PyMemoryError::new_err(text),
        ErrorKind::File => PyOSError::new_err(text),
        _ => PyRuntimeError::new_err(text),
    }
}

/// `TypeError`.
pub(crate) fn type_error<T>(text: impl Into<String>) -> PyResult<T> {
    Err(PyTypeError::new_err(text.into()))
}

/// `ValueError`.
pub(crate) fn value_error<T>(text: impl Into<String>) -> PyResult<T> {
    Err(PyValueError::new_err(text.into()))
}
