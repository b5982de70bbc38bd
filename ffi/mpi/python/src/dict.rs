//! `DistDict`: a dictionary whose keys and items are bytes.
//!
//! The package makes them: a key's bytes are equal on all ranks where the key is, and an item is a
//! pickled pair of key and value. Functions of the program get and return such bytes, and are
//! called with Python's lock, which is released around everything else.

use std::cell::RefCell;
use std::fmt;

use dap_dict::OpenSession;
use dap_mpi::{Error, ErrorKind};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::context::Context;
use crate::error::Raised;
use crate::thread::{Owned, without_gil};

/// A byte string: serde writes a `Vec<u8>` one number at a time.
pub(crate) struct Bytes(Vec<u8>);

impl<'py> FromPyObject<'_, 'py> for Bytes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Bytes> {
        Ok(Bytes(object.cast::<PyBytes>()?.as_bytes().to_vec()))
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        from.deserialize_bytes(Read)
    }
}

impl Bytes {
    pub(crate) fn object<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0)
    }
}

/// The claim to the value that a `get` asks for.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct Ticket(dap_dict::Ticket);

/// The dictionary itself, on its thread.
pub(crate) struct Inner {
    pub(crate) dict: dap_dict::DistDict<Bytes, Bytes>,
    /// The session that is open.
    pub(crate) open: Option<OpenSession>,
}

/// A distributed dictionary of bytes. See `daparray.array.DistDict`.
#[pyclass(frozen, module = "daparray.array._engine")]
pub(crate) struct DistDict {
    inner: Owned<RefCell<Option<Inner>>>,
}

impl DistDict {
    fn of(dict: dap_dict::DistDict<Bytes, Bytes>) -> DistDict {
        DistDict { inner: Owned::new(RefCell::new(Some(Inner { dict, open: None }))) }
    }

    /// Runs a body with the dictionary, open or not.
    pub(crate) fn with_inner<T>(&self, body: impl FnOnce(&mut Inner) -> PyResult<T>) -> PyResult<T> {
        let state = |text| Err(PyRuntimeError::new_err(text));
        let Ok(mut inner) = self.inner.get()?.try_borrow_mut() else {
            return state("the dictionary is in use: a function that it calls cannot use it");
        };
        match inner.as_mut() {
            Some(inner) => body(inner),
            None => state("the dictionary is closed"),
        }
    }

    /// Runs a body with the dictionary outside of a session.
    fn with<T>(&self, body: impl FnOnce(&mut dap_dict::DistDict<Bytes, Bytes>) -> PyResult<T>) -> PyResult<T> {
        self.with_inner(|inner| match inner.open {
            None => body(&mut inner.dict),
            Some(_) => Err(PyRuntimeError::new_err("the dictionary is open: use it through the session until its end")),
        })
    }
}

/// The exceptions of a function of the program: this rank's own is raised here, and the others name
/// the rank.
#[derive(Default)]
struct Failure(Option<PyErr>);

impl Failure {
    /// The result of a call of the function, with an exception as an error that all ranks agree on.
    fn noted<T>(&mut self, py: Python<'_>, result: PyResult<T>) -> dap_mpi::Result<T> {
        result.map_err(|error| {
            let text = raised_text(py, &error);
            self.0 = Some(error);
            Error::new(ErrorKind::State, text)
        })
    }

    fn or<T>(self, result: dap_mpi::Result<T>) -> PyResult<T> {
        match (self.0, result) {
            (Some(error), Err(_)) => Err(error),
            (_, result) => result.raised(),
        }
    }
}

/// The sentence of an exception for other ranks.
fn raised_text(py: Python<'_>, error: &PyErr) -> String {
    let kind = error.get_type(py).name().map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
    format!("raised {kind}: {}", error.value(py))
}

#[pymethods]
impl DistDict {
    /// An empty dictionary on a context. Each rank makes it; no message is sent.
    #[new]
    fn new(context: &Bound<'_, Context>) -> PyResult<DistDict> {
        let dict = dap_dict::DistDict::new(context.get().get()?.comm()).raised()?;
        Ok(DistDict::of(dict))
    }

    /// The rank that owns a key. Local.
    fn owner(&self, key: Bytes) -> PyResult<i32> {
        self.with(|dict| dict.owner(&key).raised())
    }

    /// Queues an item. Local.
    fn set(&self, key: Bytes, item: Bytes) -> PyResult<()> {
        self.with(|dict| dict.set(&key, &item).raised())
    }

    /// Queues pairs of key and item. Local.
    fn set_all(&self, items: Vec<(Bytes, Bytes)>) -> PyResult<()> {
        self.with(|dict| items.iter().try_for_each(|(key, item)| dict.set(key, item)).raised())
    }

    /// The items of keys, None for keys without one, with a flush. Collective.
    fn get_all<'py>(&self, py: Python<'py>, keys: Vec<Bytes>) -> PyResult<Vec<Option<Bound<'py, PyBytes>>>> {
        self.with(|dict| {
            let tickets = keys.iter().map(|key| dict.get(key)).collect::<dap_mpi::Result<Vec<_>>>().raised()?;
            without_gil(py, || dict.flush()).raised()?;
            let items = tickets.into_iter().map(|ticket| dict.take(ticket).raised());
            items.map(|item| Ok(item?.map(|item| item.object(py)))).collect()
        })
    }

    /// Queues the removal of a key. Local.
    fn remove(&self, key: Bytes) -> PyResult<()> {
        self.with(|dict| dict.remove(&key).raised())
    }

    /// Queues a question for an item. Local.
    fn get(&self, key: Bytes) -> PyResult<Ticket> {
        self.with(|dict| dict.get(&key).raised().map(Ticket))
    }

    /// The item that a ticket asked for; None if there was none. Local.
    fn take<'py>(&self, py: Python<'py>, ticket: &Bound<'py, Ticket>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let found = self.with(|dict| dict.take(ticket.get().0).raised())?;
        Ok(found.map(|item| item.object(py)))
    }

    /// Executes the queued operations of all ranks. Collective.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        self.with(|dict| without_gil(py, || dict.flush()).raised())
    }

    /// The number of items that this rank owns. Local.
    fn local_len(&self) -> PyResult<usize> {
        self.with(|dict| Ok(dict.local_len()))
    }

    /// The item of a key that this rank owns; None of others. Local.
    fn local_get<'py>(&self, py: Python<'py>, key: Bytes) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.with(|dict| Ok(dict.local_get(&key).raised()?.map(|item| item.object(py))))
    }

    /// The items that this rank owns, in the order of their keys' bytes. Local.
    fn local_items<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        self.with(|dict| Ok(dict.local_values().map(|item| item.object(py)).collect()))
    }

    /// The number of items of all ranks. Collective.
    fn total(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(|dict| without_gil(py, || dict.len()).raised())
    }

    /// New items by `function(old item or None, argument)`, which returns an item, or None to take
    /// the key away. The owner of a key calls it. Collective.
    fn update(&self, py: Python<'_>, arguments: Vec<(Bytes, Bytes)>, function: Py<PyAny>) -> PyResult<()> {
        self.with(|dict| {
            let mut failure = Failure::default();
            let result = without_gil(py, || {
                dict.try_update_all(arguments, |old, argument: Bytes| {
                    Python::attach(|py| {
                        let old = old.map(|old| old.object(py));
                        let new = function.call1(py, (old, argument.object(py)));
                        failure.noted(py, new.and_then(|new| new.extract::<Option<Bytes>>(py)))
                    })
                })
            });
            failure.or(result)
        })
    }

    /// A dictionary of the items that a function makes of each item, by whichever rank is idle.
    /// Collective.
    fn map(&self, py: Python<'_>, function: Py<PyAny>) -> PyResult<DistDict> {
        self.with(|dict| {
            let mut failure = Failure::default();
            let result = without_gil(py, || {
                dict.try_map_items(|_, item| {
                    Python::attach(|py| {
                        let made = function.call1(py, (item.object(py),));
                        failure.noted(py, made.and_then(|made| made.extract::<Bytes>(py)))
                    })
                })
            });
            failure.or(result).map(DistDict::of)
        })
    }

    /// Gives this rank's memory back. Local; each rank calls it.
    fn close(&self) -> PyResult<()> {
        match self.inner.get()?.try_borrow_mut() {
            Ok(mut inner) => {
                inner.take();
                Ok(())
            }
            Err(_) => {
                Err(PyRuntimeError::new_err("the dictionary is in use: a function that it calls cannot close it"))
            }
        }
    }
}
