//! One-sided access: a rank reads and writes elements wherever they lie.

use std::cell::RefCell;

use dap_array::Opened;
use dap_mpi::{Error, ErrorKind};
use dap_ndarray::Buffer;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyTuple};

use crate::array::{Array, written};
use crate::error::{Raised, value_error};
use crate::operand::{number_object, value_for};
use crate::region::{buffer_of, bytes_of, subscripts};
use crate::thread::{Owned, without_gil};

/// An array that is open for one-sided access until it is closed.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Open {
    opened: Owned<RefCell<Option<Opened>>>,
}

impl Open {
    /// Runs a body with the accesses.
    fn with<T>(&self, py: Python<'_>, body: impl FnOnce(&Opened) -> dap_array::Result<T>) -> PyResult<T> {
        let opened = self.opened.get()?;
        let opened = opened.borrow();
        match &*opened {
            Some(opened) => without_gil(py, || body(opened)).raised(),
            None => value_error("the array is not open any more"),
        }
    }
}

#[pymethods]
impl Open {
    /// Opens an array. Collective.
    #[new]
    fn new(py: Python<'_>, array: &Bound<'_, Array>) -> PyResult<Open> {
        let array = array.get().settled(py)?;
        written(py, &array)?;
        let opened = without_gil(py, || array.open_until_closed()).raised()?;
        Ok(Open { opened: Owned::new(RefCell::new(Some(opened))) })
    }

    /// The element at an index, as a number.
    fn get<'py>(&self, py: Python<'py>, index: Vec<i64>) -> PyResult<Bound<'py, PyAny>> {
        let scalar = self.with(py, |opened| opened.access().get(&index))?;
        number_object(py, scalar)
    }

    /// Overwrites the element at an index, or adds to it at once.
    #[pyo3(signature = (index, value, dtype, adds=false))]
    fn set(&self, py: Python<'_>, index: Vec<i64>, value: &Bound<'_, PyAny>, dtype: &str, adds: bool) -> PyResult<()> {
        let value = value_for(value, crate::array::element_named(dtype)?)?;
        self.with(py, |opened| {
            let access = opened.access();
            if adds { access.add(&index, value) } else { access.set(&index, value) }
        })
    }

    /// The elements of a region, in C order, and its shape.
    fn read<'py>(
        &self,
        py: Python<'py>,
        region: &Bound<'py, PyTuple>,
    ) -> PyResult<(Vec<i64>, Bound<'py, PyByteArray>)> {
        let region = subscripts(region)?;
        let buffer = self.with(py, |opened| opened.access().read(&region))?;
        bytes_of(py, &buffer)
    }

    /// Overwrites a region by elements in C order, given with their shape.
    fn write(
        &self,
        py: Python<'_>,
        array: &Bound<'_, Array>,
        region: &Bound<'_, PyTuple>,
        shape: Vec<i64>,
        elements: &[u8],
    ) -> PyResult<()> {
        let region = subscripts(region)?;
        let element = array.get().inner()?.element().raised()?;
        let buffer: Buffer = buffer_of(element.dtype(), &shape, elements)?;
        self.with(py, |opened| opened.access().write(&region, &buffer))
    }

    /// Ends the accesses, with the text of this rank's error if it has one. Collective.
    #[pyo3(signature = (error=None))]
    fn close(&self, py: Python<'_>, error: Option<String>) -> PyResult<()> {
        let Some(opened) = self.opened.get()?.borrow_mut().take() else {
            return value_error("the array is not open any more");
        };
        let result = error.map_or(Ok(()), |text| Err(Error::new(ErrorKind::State, text)));
        without_gil(py, || opened.close(result)).raised()
    }
}
