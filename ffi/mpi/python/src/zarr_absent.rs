//! The names of `zarr.rs` in a build without Zarr: calls say how to get it.

use std::path::PathBuf;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::Array;
use crate::context::Context;

fn absent<T>() -> PyResult<T> {
    Err(PyRuntimeError::new_err(
        "this build of daparray has no Zarr: install daparray again with Rust 1.91 or later, without DAPARRAY_ZARR=no",
    ))
}

#[pyfunction]
#[expect(unused_variables, reason = "the names are those of the keywords")]
pub(crate) fn save_zarr(
    array: &Bound<'_, Array>,
    path: PathBuf,
    attributes: &str,
    chunks: Option<Vec<i64>>,
    zstd: Option<i32>,
    crc32c: bool,
    synced: bool,
) -> PyResult<()> {
    absent()
}

#[pyfunction]
#[expect(unused_variables, reason = "the names are those of the keywords")]
pub(crate) fn append_zarr(array: &Bound<'_, Array>, path: PathBuf, axis: usize, synced: bool) -> PyResult<()> {
    absent()
}

/// A store; none can be made.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct ZarrArray;

#[pymethods]
#[expect(unused_variables, reason = "the names are those of the keywords")]
impl ZarrArray {
    #[new]
    fn new(context: &Bound<'_, Context>, path: PathBuf) -> PyResult<ZarrArray> {
        absent()
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        absent()
    }

    #[getter]
    fn attributes(&self) -> PyResult<String> {
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
