//! Arrays in files. All are collective.

use std::path::PathBuf;

use dap_io::{dnpy, npy};
use dap_ndarray::copy::Order;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::{Array, made};
use crate::context::Context;
use crate::error::{Raised, value_error};
use crate::layout::{placement_of, placement_tuple};
use crate::region::subscripts;
use crate::thread::{Owned, without_gil};

type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// Writes a `.npy` file, in the order "C", "F", or that of the array.
#[pyfunction]
pub(crate) fn save_npy(
    py: Python<'_>,
    array: &Bound<'_, Array>,
    path: PathBuf,
    order: Option<&str>,
    synced: bool,
) -> PyResult<()> {
    let array = array.get().settled(py)?;
    let save = npy::Save::new(&array).synced(synced);
    let save = match order {
        None => save,
        Some("C") => save.order(Order::C),
        Some("F") => save.order(Order::F),
        Some(other) => return value_error(format!("no order {other:?}: 'C' or 'F'")),
    };
    without_gil(py, || save.to(&path)).raised()
}

/// Writes a `.dnpy` file for each section.
#[pyfunction]
pub(crate) fn save_dnpy(py: Python<'_>, array: &Bound<'_, Array>, name: PathBuf) -> PyResult<()> {
    let array = array.get().settled(py)?;
    without_gil(py, || dnpy::save(&array, &name)).raised()
}

/// A `.npy` file whose header was read.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct NpyFile {
    file: Owned<npy::NpyFile>,
}

#[pymethods]
impl NpyFile {
    #[new]
    fn new(py: Python<'_>, context: &Bound<'_, Context>, path: PathBuf) -> PyResult<NpyFile> {
        let context = context.get().get()?;
        let file = without_gil(py, || npy::NpyFile::open(context, &path)).raised()?;
        Ok(NpyFile { file: Owned::new(file.native()) })
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.file.get()?.shape())
    }

    /// The array, or the part that a region selects.
    fn load<'py>(
        &self,
        py: Python<'py>,
        placement: &Bound<'py, PyAny>,
        region: Option<&Bound<'py, PyTuple>>,
    ) -> Made<'py> {
        let (file, placement) = (self.file.get()?, placement_of(placement)?);
        let region = region.map(subscripts).transpose()?;
        made(py, || match &region {
            Some(region) => file.load_region(region, placement),
            None => file.load(placement),
        })
    }
}

/// A set of `.dnpy` files whose headers were read.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct DnpySet {
    set: Owned<dnpy::DnpySet>,
}

#[pymethods]
impl DnpySet {
    #[new]
    fn new(py: Python<'_>, context: &Bound<'_, Context>, name: PathBuf) -> PyResult<DnpySet> {
        let context = context.get().get()?;
        let set = without_gil(py, || dnpy::DnpySet::open(context, &name)).raised()?;
        Ok(DnpySet { set: Owned::new(set) })
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.set.get()?.layout().shape())
    }

    /// The distribution in the files.
    #[getter]
    fn placement<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let layout = self.set.get()?.layout().clone();
        placement_tuple(py, &dap_core::algebra::Placement::new(layout).without_padding().raised()?)
    }

    /// The array, in another distribution.
    fn load<'py>(&self, py: Python<'py>, placement: &Bound<'py, PyAny>) -> Made<'py> {
        let (set, placement) = (self.set.get()?, placement_of(placement)?);
        made(py, || set.load(placement))
    }
}

/// The array of a set of `.dnpy` files, in their distribution, fitted to fewer ranks if need be.
#[pyfunction]
pub(crate) fn load_dnpy<'py>(py: Python<'py>, context: &Bound<'py, Context>, name: PathBuf) -> Made<'py> {
    let context = context.get().get()?;
    made(py, || dnpy::load(context, &name))
}
