//! Zarr stores (feature `zarr`). All are collective.
//!
//! Attributes are one text of JSON, which Python's `json` makes and reads.

use std::path::PathBuf;

use dap_io::zarr::{self, Append, Save, Value};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::{Array, made};
use crate::context::Context;
use crate::error::{Raised, value_error};
use crate::layout::placement_of;
use crate::region::subscripts;
use crate::thread::{Owned, without_gil};

/// Writes a store in a folder, with the attributes of a text of JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the keywords of `save`, which Python has named")]
pub(crate) fn save_zarr(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    path: PathBuf,
    attributes: &str,
    chunks: Option<Vec<i64>>,
    zstd: Option<i32>,
    crc32c: bool,
    synced: bool,
) -> PyResult<()> {
    let array = array.get().settled(py)?;
    let attributes = match serde_json::from_str(attributes) {
        Ok(Value::Object(attributes)) => attributes,
        Ok(_) => return value_error("attributes have names"),
        Err(error) => return value_error(format!("the attributes are no JSON: {error}")),
    };
    let save = Save::new(&array).synced(synced);
    let save = attributes.into_iter().fold(save, |save, (name, value)| save.attribute(&name, value));
    let save = chunks.into_iter().fold(save, Save::chunks);
    let save = zstd.into_iter().fold(save, Save::zstd);
    let save = if crc32c { save.crc32c() } else { save };
    without_gil(py, || save.to(&path)).raised()
}

/// Appends an array to a store, behind its elements along an axis.
#[pyfunction]
pub(crate) fn append_zarr(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    path: PathBuf,
    axis: usize,
    synced: bool,
) -> PyResult<()> {
    let array = array.get().settled(py)?;
    without_gil(py, || Append::new(&array, axis).synced(synced).to(&path)).raised()
}

/// A store whose metadata were read.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct ZarrArray {
    stored: Owned<zarr::ZarrArray>,
}

#[pymethods]
impl ZarrArray {
    #[new]
    fn new(py: Python<'_>, context: &Bound<'_, Context>, path: PathBuf) -> PyResult<ZarrArray> {
        let context = context.get().get()?;
        let stored = without_gil(py, || zarr::ZarrArray::open(context, &path)).raised()?;
        Ok(ZarrArray { stored: Owned::new(stored) })
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.stored.get()?.shape())
    }

    /// The attributes, as a text of JSON.
    #[getter]
    fn attributes(&self) -> PyResult<String> {
        Ok(Value::Object(self.stored.get()?.attributes().clone()).to_string())
    }

    /// The array, or the part that a region selects; without a placement in the store's
    /// distribution.
    fn load<'py>(
        &self,
        py: Python<'py>,
        placement: Option<&Bound<'py, PyAny>>,
        region: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stored = self.stored.get()?;
        let region = region.map(subscripts).transpose()?;
        let Some(placement) = placement else { return made(py, || stored.load_fitted()) };
        let placement = placement_of(placement)?;
        made(py, || match &region {
            Some(region) => stored.load_region(region, placement),
            None => stored.load(placement),
        })
    }
}
