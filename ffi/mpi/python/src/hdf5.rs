//! Datasets of HDF5 files (feature `hdf5`). All are collective.

use std::path::PathBuf;

use dap_io::hdf5::{self, Append, Attribute, Save};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::array::{Array, made};
use crate::context::Context;
use crate::error::Raised;
use crate::layout::placement_of;
use crate::region::subscripts;
use crate::thread::{Owned, without_gil};

/// The value of an attribute, tried in this order.
#[derive(FromPyObject)]
enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
}

impl From<Value> for Attribute {
    fn from(value: Value) -> Attribute {
        match value {
            Value::Text(text) => Attribute::Text(text),
            Value::Integer(integer) => Attribute::Integer(integer),
            Value::Float(float) => Attribute::Float(float),
            Value::Integers(integers) => Attribute::Integers(integers),
            Value::Floats(floats) => Attribute::Floats(floats),
        }
    }
}

/// Writes a dataset of an HDF5 file, a new one or one that is added to.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the keywords of `save`, which Python has named")]
pub(crate) fn save_hdf5(
    py: Python<'_>,
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
    let array = array.get().settled(py)?;
    let mut save = Save::new(&array, name).synced(synced);
    for (name, value) in attributes {
        save = save.attribute(&name, value.extract::<Value>()?.into());
    }
    save = chunks.into_iter().fold(save, Save::chunks);
    save = max_shape.into_iter().fold(save, Save::max_shape);
    save = deflate.into_iter().fold(save, Save::deflate);
    save = if shuffle { save.shuffle() } else { save };
    save = if added { save.added() } else { save };
    without_gil(py, || save.to(&path)).raised()
}

/// Appends an array to a dataset, behind its elements along an axis.
#[pyfunction]
pub(crate) fn append_hdf5(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    path: PathBuf,
    name: &str,
    axis: usize,
    synced: bool,
) -> PyResult<()> {
    let array = array.get().settled(py)?;
    without_gil(py, || Append::new(&array, name, axis).synced(synced).to(&path)).raised()
}

/// A dataset of an HDF5 file that was described.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Hdf5Dataset {
    dataset: Owned<hdf5::Dataset>,
}

#[pymethods]
impl Hdf5Dataset {
    #[new]
    fn new(py: Python<'_>, context: &Bound<'_, Context>, path: PathBuf, name: &str) -> PyResult<Hdf5Dataset> {
        let context = context.get().get()?;
        let dataset = without_gil(py, || hdf5::Dataset::open(context, &path, name)).raised()?;
        Ok(Hdf5Dataset { dataset: Owned::new(dataset.native()) })
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.dataset.get()?.shape())
    }

    /// The attributes that are texts or numbers.
    #[getter]
    fn attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let attributes = PyDict::new(py);
        for (name, value) in self.dataset.get()?.attributes() {
            match value {
                Attribute::Text(text) => attributes.set_item(name, text)?,
                Attribute::Integer(integer) => attributes.set_item(name, integer)?,
                Attribute::Float(float) => attributes.set_item(name, float)?,
                Attribute::Integers(integers) => attributes.set_item(name, integers)?,
                Attribute::Floats(floats) => attributes.set_item(name, floats)?,
            }
        }
        Ok(attributes)
    }

    /// The array, or the part that a region selects; without a placement in the file's
    /// distribution.
    fn load<'py>(
        &self,
        py: Python<'py>,
        placement: Option<&Bound<'py, PyAny>>,
        region: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let dataset = self.dataset.get()?;
        let region = region.map(subscripts).transpose()?;
        let Some(placement) = placement else { return made(py, || dataset.load_fitted()) };
        let placement = placement_of(placement)?;
        made(py, || match &region {
            Some(region) => dataset.load_region(region, placement),
            None => dataset.load(placement),
        })
    }
}
