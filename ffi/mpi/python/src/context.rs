//! `Context`: a communicator, and what the arrays on it share.

use std::cell::RefCell;

use dap_mpi::Comm;
use mpi::ffi;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::environment;
use crate::error::{Raised, value_error};
use crate::thread::{Owned, without_gil};

/// The communicator of arrays. The package's class of the same name extends it.
#[pyclass(frozen, subclass, weakref, module = "daparray.array._engine")]
pub(crate) struct Context {
    context: Owned<dap_array::Context>,
}

impl Context {
    pub(crate) fn get(&self) -> PyResult<&dap_array::Context> {
        self.context.get()
    }

    fn comm(&self) -> PyResult<&Comm> {
        Ok(self.get()?.comm())
    }
}

thread_local! {
    /// The contexts of this thread as Python made them; they live until its end.
    static KNOWN: RefCell<Vec<Py<Context>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a context, so that its arrays find it.
#[pyfunction]
pub(crate) fn register(context: &Bound<'_, Context>) {
    KNOWN.with_borrow_mut(|known| known.push(context.clone().unbind()));
}

/// The context of arrays as Python made it.
pub(crate) fn known<'py>(py: Python<'py>, context: &dap_array::Context) -> PyResult<Bound<'py, PyAny>> {
    let found = KNOWN.with_borrow(|known| {
        let is_same = |it: &&Py<Context>| it.get().get().is_ok_and(|it| it.is_same(context));
        known.iter().find(is_same).map(|it| it.bind(py).clone().into_any())
    });
    found.ok_or_else(|| PyRuntimeError::new_err("the context was not made by `daparray.array.Context`"))
}

#[pymethods]
impl Context {
    /// A context on a duplicate of the communicator that Fortran knows by this number (of
    /// ``MPI_COMM_WORLD`` without one). Collective.
    #[new]
    #[pyo3(signature = (fortran_comm=None))]
    fn new(py: Python<'_>, fortran_comm: Option<i32>) -> PyResult<Context> {
        environment::begin(py)?;
        dap_mpi::check_mpi().raised()?;
        let comm = without_gil(py, || {
            // SAFETY: MPI runs and is the one of the bindings, as `check_mpi` has found. The
            // package takes the number from a communicator of mpi4py, and compares the MPI
            // libraries before.
            unsafe {
                let handle = fortran_comm.map_or(ffi::RSMPI_COMM_WORLD, |number| ffi::RSMPI_Comm_f2c(number));
                Comm::from_raw(handle)
            }
        });
        let context = dap_array::Context::new(&comm.raised()?);
        // Freeing a communicator is collective, and the garbage collector must not wait for other
        // ranks: it is kept until the end of the process.
        std::mem::forget(context.clone());
        Ok(Context { context: Owned::new(context) })
    }

    /// This process's rank.
    #[getter]
    fn rank(&self) -> PyResult<i32> {
        Ok(self.comm()?.rank())
    }

    /// The number of ranks.
    #[getter]
    fn size(&self) -> PyResult<i32> {
        Ok(self.comm()?.size())
    }

    /// Waits for all ranks. Collective.
    fn barrier(&self, py: Python<'_>) -> PyResult<()> {
        let comm = self.comm()?;
        without_gil(py, || comm.barrier()).raised()
    }

    /// Gives this rank's memory of all arrays back: later operations with them fail. Local; each
    /// rank calls it.
    fn close_all(&self) -> PyResult<()> {
        self.get()?.close_all().raised()
    }

    /// The bytes of rank ``root``, on all ranks; the others give none. Collective.
    fn _broadcast<'py>(
        &self,
        py: Python<'py>,
        root: i32,
        mine: Option<&Bound<'py, PyBytes>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let comm = self.comm()?;
        if !(0..comm.size()).contains(&root) {
            return value_error(format!(
                "rank {root} is not there: the communicator has ranks 0 to {}",
                comm.size() - 1
            ));
        }
        if comm.rank() == root && mine.is_none() {
            return Err(PyTypeError::new_err("the rank that broadcasts has no bytes"));
        }
        let mut bytes = mine.map_or_else(Vec::new, |mine| mine.as_bytes().to_vec());
        without_gil(py, || {
            let mut len = (bytes.len() as u64).to_le_bytes();
            comm.broadcast(root, &mut len)?;
            bytes.resize(usize::try_from(u64::from_le_bytes(len)).unwrap_or(0), 0);
            comm.broadcast(root, &mut bytes)
        })
        .raised()?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// All ranks' bytes, in rank order. Collective.
    fn _gather_all<'py>(&self, py: Python<'py>, mine: &[u8]) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let comm = self.comm()?;
        let all = without_gil(py, || comm.gather_all(mine)).raised()?;
        Ok(all.iter().map(|bytes| PyBytes::new(py, bytes)).collect())
    }
}
