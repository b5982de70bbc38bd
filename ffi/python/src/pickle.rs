//! Pickles and copies: values are made again by a function of this module, in every protocol; the
//! rest says what to send instead.
//!
//! | class | in a pickle |
//! |---|---|
//! | `Block`, `Cyclic`, `Unstructured` | the class and its arguments |
//! | `DimData`, `Layout` | the class and its one argument |
//! | `Plan` | its layouts and ranks |
//! | `Runs`, `Transfer`, `Diagnostic`, `Report` | what they say |
//! | `Section`, `Local` | refused: they are memory of this process |
//!
//! The functions are found by name, so pickles of an older version are read as long as the names
//! stay.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

/// A function and its arguments, as `__reduce__` returns them.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, Bound<'py, PyTuple>);

/// A value that a function of the extension module makes again.
pub(crate) fn by_function<'py>(
    py: Python<'py>,
    name: &str,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<Reduced<'py>> {
    let function = py.import("daparray._daparray")?.getattr(name)?;
    Ok((function, arguments.into_pyobject(py)?))
}

/// Why an object of `class` is neither copied nor pickled.
pub(crate) fn not_pickled(class: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "a `{class}` is memory of this process and is neither copied nor pickled; copy or send {instead}"
    ))
}

/// An object of a class, with positional and keyword arguments: the protocols 0 and 1 have no
/// keywords of their own.
#[pyfunction]
pub(crate) fn _make<'py>(
    class: &Bound<'py, PyType>,
    positional: &Bound<'py, PyTuple>,
    keywords: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    class.call(positional, Some(keywords))
}
