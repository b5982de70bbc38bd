//! `Transport`: the moves and halo exchanges of the package `daparray` over a communicator.
//!
//! `Plan.execute` and `HaloExchange` check their arguments and agree on them in Python, over
//! mpi4py. A transport then carries the elements, by a duplicate of the communicator. It belongs to
//! the thread that made it, and has all that it prepared: Python's objects hold numbers.
//!
//! | what is kept | for how long |
//! |---|---|
//! | prepared moves | the last [`MOST_MOVES`] |
//! | prepared exchanges | until the program drops the `HaloExchange` |
//! | the duplicate | until the program frees its communicator |

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;

use dap_core::plan::Stencil;
use dap_mpi::{Comm, HaloExchange, Redistribution};
use dap_ndarray::Buffer;
use mpi::ffi;
use pyo3::prelude::*;

use crate::error::Raised;
use crate::layout::placement_of;
use crate::local::{buffer_of, opaque};
use crate::thread::{Owned, without_gil};

/// The number of prepared moves that are kept.
const MOST_MOVES: usize = 16;

/// A number that stands for a move on all ranks, and the size of the items.
type Key = (u64, i64);

/// The moves and exchanges of one communicator.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Transport {
    /// Never dropped by Python's destructors: freeing a communicator may wait for other ranks.
    prepared: Owned<RefCell<Option<ManuallyDrop<Prepared>>>>,
    /// Exchanges that the program has dropped.
    dropped: Owned<RefCell<Vec<u64>>>,
}

struct Prepared {
    /// The last one was used last.
    moves: Vec<(Key, Redistribution)>,
    exchanges: BTreeMap<u64, HaloExchange>,
    /// The number of exchanges that were prepared.
    made: u64,
    /// Outlives what holds a clone of it, so that it is freed in [`Transport::close`].
    comm: Comm,
}

#[pymethods]
impl Transport {
    /// A transport on a duplicate of the communicator that Fortran knows by this number.
    /// Collective.
    #[new]
    fn new(py: Python<'_>, fortran_comm: i32) -> PyResult<Transport> {
        dap_mpi::check_mpi().raised()?;
        let comm = without_gil(py, || {
            // SAFETY: MPI runs and is the one of the bindings, as `check_mpi` has found. The
            // package takes the number from a communicator of mpi4py, and compares the MPI
            // libraries before.
            unsafe { Comm::from_raw(ffi::RSMPI_Comm_f2c(fortran_comm)) }
        });
        let prepared = Prepared { moves: Vec::new(), exchanges: BTreeMap::new(), made: 0, comm: comm.raised()? };
        let prepared = RefCell::new(Some(ManuallyDrop::new(prepared)));
        Ok(Transport { prepared: Owned::new(prepared), dropped: Owned::new(RefCell::default()) })
    }

    /// Whether this thread may use a transport of this process at all: MPI runs, is the one of the
    /// engine, and allows the thread. Local.
    #[staticmethod]
    fn is_possible() -> bool {
        dap_mpi::check_mpi().is_ok()
    }

    /// Whether the calling thread may use this one. Local.
    fn is_usable(&self) -> bool {
        self.prepared.get().is_ok_and(|prepared| prepared.borrow().is_some()) && dap_mpi::check_mpi().is_ok()
    }

    /// Drops all that was prepared, and frees the duplicate. Collective; on another thread than the
    /// owner, nothing happens.
    fn close(&self, py: Python<'_>) {
        let taken = self.prepared.get().ok().and_then(|prepared| prepared.borrow_mut().take());
        without_gil(py, || drop(taken.map(ManuallyDrop::into_inner)));
    }

    /// Whether a move is prepared. The same on all ranks.
    fn has_move(&self, number: u64, itemsize: i64) -> PyResult<bool> {
        let prepared = self.prepared.get()?.borrow();
        Ok(prepared.as_ref().is_some_and(|it| it.moves.iter().any(|(key, _)| *key == (number, itemsize))))
    }

    /// Prepares a move between two placements, in messages of at most `limit` bytes. Collective.
    #[expect(clippy::too_many_arguments, reason = "a private function, called at one place")]
    fn prepare_move(
        &self,
        py: Python<'_>,
        number: u64,
        itemsize: i64,
        source: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        is_reshape: bool,
        limit: Option<usize>,
    ) -> PyResult<()> {
        let (source, target, dtype) = (placement_of(source)?, placement_of(target)?, opaque(itemsize)?);
        let prepare: dap_mpi::Prepare = if is_reshape { Redistribution::reshape } else { Redistribution::new };
        self.with(py, |prepared| {
            let mut made = prepare(&prepared.comm, source, target, &dtype)?;
            if let Some(limit) = limit {
                made = made.with_message_limit(limit);
            }
            if prepared.moves.len() >= MOST_MOVES {
                prepared.moves.remove(0);
            }
            prepared.moves.push(((number, itemsize), made));
            Ok(())
        })
    }

    /// Executes a prepared move between two `Local`s. Collective.
    fn execute_move(
        &self,
        py: Python<'_>,
        number: u64,
        itemsize: i64,
        source: Option<&Bound<'_, PyAny>>,
        target: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let (source, target) = (memory(source, itemsize), memory(target, itemsize));
        self.with(py, |prepared| {
            let (source, mut target) = prepared.comm.agree(source.and_then(|source| Ok((source, target?))))?;
            let found = prepared.moves.iter().position(|(key, _)| *key == (number, itemsize));
            let at = found.ok_or_else(|| missing("a move"))?;
            let mut used = prepared.moves.remove(at);
            let moved = used.1.execute(source.as_ref(), target.as_mut());
            prepared.moves.push(used);
            moved
        })
    }

    /// Prepares an exchange of padding, and returns its number here. Collective.
    fn prepare_exchange(
        &self,
        py: Python<'_>,
        placement: &Bound<'_, PyAny>,
        itemsize: i64,
        corners: bool,
    ) -> PyResult<u64> {
        let (placement, dtype) = (placement_of(placement)?, opaque(itemsize)?);
        let stencil = if corners { Stencil::Box } else { Stencil::Star };
        self.with(py, |prepared| {
            let made = HaloExchange::new(&prepared.comm, placement, &dtype, stencil)?;
            prepared.made += 1;
            prepared.exchanges.insert(prepared.made, made);
            Ok(prepared.made)
        })
    }

    /// Starts an exchange of the padding of a `Local`. Collective.
    fn start_exchange(
        &self,
        py: Python<'_>,
        number: u64,
        itemsize: i64,
        local: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.on_exchange(py, number, (itemsize, local), |exchange, local| exchange.start(local.as_deref()))
    }

    /// Finishes an exchange: fills the padding of the `Local` that it was started with. Collective.
    fn finish_exchange(
        &self,
        py: Python<'_>,
        number: u64,
        itemsize: i64,
        local: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.on_exchange(py, number, (itemsize, local), HaloExchange::finish)
    }

    /// Notes that an exchange is used no more: the next call drops it. Local; on another thread
    /// than the owner, nothing happens.
    fn drop_exchange(&self, number: u64) {
        if let Ok(dropped) = self.dropped.get() {
            dropped.borrow_mut().push(number);
        }
    }
}

impl Transport {
    /// Runs a collective body with all that is prepared.
    fn with<T>(&self, py: Python<'_>, body: impl FnOnce(&mut Prepared) -> dap_mpi::Result<T>) -> PyResult<T> {
        let cell = self.prepared.get()?;
        let dropped = self.dropped.get()?.take();
        let done = without_gil(py, || {
            let mut prepared = cell.borrow_mut();
            let prepared = prepared.as_mut().ok_or_else(|| missing("the communicator"))?;
            for number in dropped {
                // One that was started waits for its messages, which all ranks have sent.
                prepared.exchanges.remove(&number);
            }
            body(prepared)
        });
        done.raised()
    }

    /// Runs a step of an exchange with the memory of a `Local`, whose items have this size, if all
    /// ranks have theirs.
    fn on_exchange(
        &self,
        py: Python<'_>,
        number: u64,
        (itemsize, local): (i64, Option<&Bound<'_, PyAny>>),
        step: impl FnOnce(&mut HaloExchange, Option<&mut Buffer>) -> dap_mpi::Result<()>,
    ) -> PyResult<()> {
        let local = memory(local, itemsize);
        self.with(py, |prepared| {
            let mut local = prepared.comm.agree(local)?;
            let exchange = prepared.exchanges.get_mut(&number).ok_or_else(|| missing("an exchange"))?;
            step(exchange, local.as_mut())
        })
    }
}

/// The memory of a `Local`. An error is this rank's, to be agreed upon.
fn memory(local: Option<&Bound<'_, PyAny>>, itemsize: i64) -> dap_mpi::Result<Option<Buffer>> {
    let Some(local) = local else { return Ok(None) };
    // SAFETY: the caller's arguments keep the object during the call, at whose end the buffer is
    // dropped. The GIL is released meanwhile: another thread of Python that uses the memory breaks
    // the package's rule, as it would with functions of NumPy.
    let buffer = opaque(itemsize).and_then(|dtype| unsafe { buffer_of(local, &dtype) });
    buffer
        .map(Some)
        .map_err(|error| dap_mpi::Error::new(dap_mpi::ErrorKind::Buffer, error.value(local.py()).to_string()))
}

/// The error of a call for what is not there any more.
fn missing(what: &str) -> dap_mpi::Error {
    dap_mpi::Error::new(dap_mpi::ErrorKind::State, format!("{what} of this transport was freed"))
}
