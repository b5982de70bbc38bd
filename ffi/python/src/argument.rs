//! Numbers and texts given as arguments: ranks and indices, the sizes of what is made, words.
//!
//! Any integer is taken, with `__index__` as NumPy's have it; booleans, floats and texts are none.
//! A number beyond 64 bits is no rank or index that is there (`IndexError`), and no size that can
//! be (`ValueError`); it is never an `OverflowError`.

use dap_core::export::Found;
use dap_core::layout::MAX_NDIM;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::value;

/// A rank, or an index along one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Index(pub(crate) i64);

impl<'py> FromPyObject<'_, 'py> for Index {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match value::whole(&object)? {
            Ok(number) => Ok(Self(number)),
            Err(found @ Found::BigInt(_)) => {
                Err(PyIndexError::new_err(format!("{found}: no rank and no index has more than 64 bits")))
            }
            Err(found) => {
                Err(PyTypeError::new_err(format!("{found} is neither a rank nor an index: an integer is expected")))
            }
        }
    }
}

/// A size, a count, a width: an integer of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Size(pub(crate) i64);

impl<'py> FromPyObject<'_, 'py> for Size {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match value::whole(&object)? {
            Ok(number) => Ok(Self(number)),
            Err(found @ Found::BigInt(_)) => Err(PyValueError::new_err(format!("{found}: a size has at most 64 bits"))),
            Err(found) => Err(PyTypeError::new_err(format!("{found} where an integer is expected"))),
        }
    }
}

/// An index along each dimension, or a place in a process grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Indices(pub(crate) Vec<i64>);

impl<'py> FromPyObject<'_, 'py> for Indices {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match value::few_integers(&object, MAX_NDIM)? {
            Ok(numbers) => Ok(Self(numbers)),
            Err(Found::List(len)) if len > MAX_NDIM => Err(PyIndexError::new_err(format!(
                "{len} indices, of which an array has at most {MAX_NDIM}: one for each dimension"
            ))),
            Err(Found::ListWith(_, at, found)) => match *found {
                found @ Found::BigInt(_) => {
                    Err(PyIndexError::new_err(format!("dimension {at}: {found}: no index has more than 64 bits")))
                }
                found => Err(not_indices(&Found::ListWith(0, at, found.into()))),
            },
            Err(found) => Err(not_indices(&found)),
        }
    }
}

fn not_indices(found: &Found) -> PyErr {
    let text = match found {
        Found::ListWith(_, at, found) => format!("index {at} is {found}"),
        found => found.to_string(),
    };
    PyTypeError::new_err(format!("{text}: a sequence or a one-dimensional array of integers is expected"))
}

/// Sizes in a sequence, such as bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sizes(pub(crate) Vec<i64>);

impl<'py> FromPyObject<'_, 'py> for Sizes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        value::index_list(&object).map(Self)
    }
}

/// A text. Lone surrogates, which no file and no other process can have, become U+FFFD, so that a
/// message can show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) String);

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text = object.cast::<PyString>()?;
        Ok(Self(text.to_string_lossy().into_owned()))
    }
}
