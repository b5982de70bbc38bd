//! Sessions of a dictionary: single operations, which other ranks serve.

use dap_dict::Session;
use dap_mpi::{Error, ErrorKind};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::dict::{Bytes, DistDict};
use crate::error::Raised;
use crate::thread::without_gil;

/// Runs a body with the open session of a dictionary.
fn within<T>(
    py: Python<'_>,
    dict: &DistDict,
    body: impl FnOnce(&mut Session<'_, Bytes, Bytes>) -> dap_mpi::Result<T>,
) -> PyResult<T> {
    dict.with_inner(|inner| match &mut inner.open {
        Some(open) => without_gil(py, || body(&mut inner.dict.session(open))).raised(),
        None => not_open(),
    })
}

fn not_open<T>() -> PyResult<T> {
    Err(PyRuntimeError::new_err("the dictionary is not open"))
}

#[pymethods]
impl DistDict {
    /// Begins a session. Collective.
    fn open(&self, py: Python<'_>) -> PyResult<()> {
        self.with_inner(|inner| match inner.open {
            Some(_) => Err(PyRuntimeError::new_err("the dictionary is open already")),
            None => {
                inner.open = Some(without_gil(py, || inner.dict.open_until_closed()).raised()?);
                Ok(())
            }
        })
    }

    /// The item of a key, None if there is none, in a session.
    fn session_get<'py>(&self, py: Python<'py>, key: Bytes) -> PyResult<Option<Bound<'py, PyBytes>>> {
        Ok(within(py, self, |session| session.get(&key))?.map(|item| item.object(py)))
    }

    /// Sets an item in a session.
    fn session_set(&self, py: Python<'_>, key: Bytes, item: Bytes) -> PyResult<()> {
        within(py, self, |session| session.set(&key, &item))
    }

    /// Takes a key away in a session.
    fn session_remove(&self, py: Python<'_>, key: Bytes) -> PyResult<()> {
        within(py, self, |session| session.remove(&key))
    }

    /// Serves the requests of other ranks that have arrived.
    fn session_serve(&self, py: Python<'_>) -> PyResult<()> {
        within(py, self, |session| session.serve_arrived())
    }

    /// Ends a session, with the text of this rank's error if it has one. Collective.
    #[pyo3(signature = (error=None))]
    fn close_session(&self, py: Python<'_>, error: Option<String>) -> PyResult<()> {
        self.with_inner(|inner| {
            let Some(open) = inner.open.take() else { return not_open() };
            let result = error.map_or(Ok(()), |text| Err(Error::new(ErrorKind::State, text)));
            without_gil(py, || inner.dict.close_session(open, result)).raised()
        })
    }
}
