//! The names of `hdf5.rs` in a build without the HDF5 library: calls say how to get it.

use std::path::PathBuf;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::array::Array;
use crate::context::Context;

fn absent<T>() -> PyResult<T> {
    Err(PyRuntimeError::new_err(
        "this build of daparray has no HDF5: install the library with its headers (Debian: libhdf5-dev), \
         or name its folder by HDF5_DIR, and install daparray again",
    ))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the keywords of `save`, which Python has named")]
#[expect(unused_variables, reason = "the names are those of the keywords")]
pub(crate) fn save_hdf5(
    array: &Bound<'_, Array>,
    path: PathBuf,
    name: &str,
    attributes: Vec<(String, Bound<'_, PyAny>)>,
    chunks: Option<Vec<i64>>,
    max_shape: Option<Vec<Option<i64>>>,
    deflate: Option<u32>,
    shuffle: bool,
    added: bool,
    synced: bool,
) -> PyResult<()> {
    absent()
}

#[pyfunction]
#[expect(unused_variables, reason = "the names are those of the keywords")]
pub(crate) fn append_hdf5(
    array: &Bound<'_, Array>,
    path: PathBuf,
    name: &str,
    axis: usize,
    synced: bool,
) -> PyResult<()> {
    absent()
}

/// A dataset of an HDF5 file; none can be made.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Hdf5Dataset;

#[pymethods]
#[expect(unused_variables, reason = "the names are those of the keywords")]
impl Hdf5Dataset {
    #[new]
    fn new(context: &Bound<'_, Context>, path: PathBuf, name: &str) -> PyResult<Hdf5Dataset> {
        absent()
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        absent()
    }

    #[getter]
    fn attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        absent()
    }

    fn load<'py>(
        &self,
        py: Python<'py>,
        placement: Option<&Bound<'py, PyAny>>,
        region: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        absent()
    }
}
