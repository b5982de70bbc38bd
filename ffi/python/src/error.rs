//! Exceptions: Python's own exceptions where they fit, and two of this package.

use dap_core::error::Error;
use pyo3::create_exception;
use pyo3::exceptions::{PyUserWarning, PyValueError};
use pyo3::prelude::*;

create_exception!(
    daparray,
    ValidationError,
    PyValueError,
    "The protocol's rules are broken. ``report`` says which, where, and what to do; the text is that of its errors."
);
create_exception!(
    daparray,
    ProtocolWarning,
    PyUserWarning,
    "Something was accepted that strict DAP 0.10.0 does not allow, or that other consumers may stumble over."
);

/// A `ProtocolWarning`.
pub(crate) fn warn(py: Python<'_>, text: &str) -> PyResult<()> {
    let text = std::ffi::CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<ProtocolWarning>(), &text, 1)
}

/// The refusal of a checked construction, as `ValueError`.
pub(crate) fn value(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}
