//! Memory in and out of Python without copying: the buffer protocol and DLPack.
//!
//! Whatever comes in becomes a [`Buffer`] that keeps its giver alive; [`Local`] hands one out.
//!
//! # What is relied on
//!
//! A giver obeys its protocol: the memory that it describes is there until it is released. Rust's promise that nobody writes
//! what is viewed is not kept by Python, where everybody may write what they share. So nothing in this crate makes a view
//! of items, but for copies that are made with the GIL held; other code is given addresses.

mod buffer;
mod local;
mod tensor;

use std::sync::Arc;

use dap_ndarray::{Buffer, BufferError};
use pyo3::exceptions::PyBufferError;
use pyo3::intern;
use pyo3::prelude::*;

pub(crate) use local::{Local, integers, tuple};

/// The memory of an object: of a [`Local`], of the buffer protocol, or of `__dlpack__`.
///
/// # Errors
/// `BufferError` saying why it has none that can be described here; what the object itself raises.
pub(crate) fn lend(object: &Bound<'_, PyAny>) -> PyResult<Arc<Buffer>> {
    crate::release::catch_up(object.py());
    if let Ok(local) = object.cast_exact::<Local>() {
        return Ok(Arc::clone(local.get().buffer()));
    }
    if buffer::is_offered_by(object) {
        return match buffer::lend(object) {
            // NumPy's newer types have no format, but perhaps a tensor.
            Err(error) if object.hasattr(intern!(object.py(), "__dlpack__"))? => {
                tensor::lend(object).map_err(|_| error)
            }
            lent => lent,
        }
        .map(Arc::new);
    }
    if object.hasattr(intern!(object.py(), "__dlpack__"))? {
        return tensor::lend(object).map(Arc::new);
    }
    let name = object.get_type().name()?;
    Err(PyBufferError::new_err(format!("`{name}` offers neither the buffer protocol nor `__dlpack__`")))
}

/// Another name for the same memory.
pub(crate) fn alias(buffer: &Arc<Buffer>) -> Buffer {
    // SAFETY: this crate makes no views that live on; see the module's page.
    unsafe { Buffer::alias(buffer) }
}

/// `BufferError` with the reason.
pub(crate) fn refusal(error: BufferError) -> PyErr {
    PyBufferError::new_err(error.to_string())
}
