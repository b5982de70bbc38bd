//! Memory in and out of Python without copying: the buffer protocol and DLPack.
//!
//! Each object that comes in becomes a [`Memory`] that keeps its producer alive; [`Local`] hands
//! one out.
//!
//! # What is relied on
//!
//! A producer obeys its protocol: the memory that it describes is there until it is released.
//! Python does not keep Rust's promise that viewed memory is not written: all holders of shared
//! memory may write it. So nothing in this crate makes a view of items, except for copies that are
//! made with the GIL held; other code is given addresses.
//!
//! # Garbage collection
//!
//! | class | Python objects that it holds |
//! |---|---|
//! | `Section`, `Local` | the managed buffer of their memory, or its owner, by [`Memory::traverse`] |
//! | `ManagedBuffer` | the exporter of the memory |
//! | `Transfer`, `Diagnostic` | tuples |
//! | `Dim` and its kinds, `DimData`, `Layout`, `Plan`, `_Halo`, `Runs`, `Report` | none: they are numbers and texts of Rust |
//!
//! Memory that came by DLPack, or in a C struct of another library, is kept by a function pointer.
//! Python sees no object behind it, so a cycle through one of those is not found.

mod buffer;
mod ctypes;
mod dtype;
mod local;
mod managed;
mod tensor;

use std::ops::{Deref, Range};
use std::sync::{Arc, Weak};

use dap_ndarray::{Access, Buffer, BufferError};
use pyo3::exceptions::PyBufferError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::{ffi, intern};

use crate::release::Reference;
pub(crate) use dtype::{dtype_argument, dtype_object, dtype_shown, dtype_text};
pub(crate) use local::{Local, integers, tuple};

/// Local memory that a Python object of this crate holds.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Valid while `keeper` is, which owns Python's part of it.
    buffer: Arc<Buffer>,
    /// A [`managed::ManagedBuffer`], or the owner that
    /// [`from_address`](crate::address::from_address) was given.
    keeper: Option<Py<PyAny>>,
}

impl Deref for Memory {
    type Target = Buffer;

    fn deref(&self) -> &Buffer {
        &self.buffer
    }
}

impl Memory {
    /// Memory that the buffer itself keeps.
    pub(crate) fn new(buffer: Buffer) -> Self {
        Self { buffer: Arc::new(buffer), keeper: None }
    }

    /// Memory that a Python object keeps, if one is given.
    pub(crate) fn kept(buffer: Buffer, keeper: Option<Py<PyAny>>) -> Self {
        Self { buffer: Arc::new(buffer), keeper }
    }

    /// The same memory for another Python object.
    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        Self { buffer: Arc::clone(&self.buffer), keeper: self.keeper.as_ref().map(|keeper| keeper.clone_ref(py)) }
    }

    /// The memory for users that the garbage collector does not see. It keeps all that is needed,
    /// on any thread.
    pub(crate) fn share(&self, py: Python<'_>) -> PyResult<Buffer> {
        let Some(keeper) = &self.keeper else { return Ok(alias(&self.buffer)) };
        let owner = (Arc::clone(&self.buffer), Reference::to(keeper.bind(py)));
        let (dtype, access) = (self.dtype().clone(), self.access());
        // SAFETY: these are the place, shape and strides of a buffer that was checked when it was
        // made, and the owner keeps both the buffer and the keeper that the memory lasts as long
        // as. No view is made: see the module's page.
        let shared = unsafe {
            Buffer::from_raw(self.as_ptr().cast_mut(), dtype, self.shape(), Some(self.strides()), access, owner)
        };
        shared.map_err(buffer_error)
    }

    /// A part of the memory: the indices `ranges[i]` of dimension `i`.
    pub(crate) fn narrowed(&self, py: Python<'_>, ranges: &[Range<i64>]) -> PyResult<Self> {
        let mut part = alias(&self.buffer);
        part.narrow(ranges).map_err(buffer_error)?;
        Ok(Self { buffer: Arc::new(part), keeper: self.keeper.as_ref().map(|keeper| keeper.clone_ref(py)) })
    }

    /// Whether two are the same items at the same address, to be used in the same way.
    pub(crate) fn is_same(&self, other: &Buffer) -> bool {
        self.as_ptr() == other.as_ptr()
            && (self.shape(), self.strides()) == (other.shape(), other.strides())
            && (self.dtype(), self.access()) == (other.dtype(), other.access())
    }

    /// The same memory as long as something else holds it.
    pub(crate) fn downgrade(&self) -> WeakMemory {
        WeakMemory { buffer: Arc::downgrade(&self.buffer), keeper: self.keeper.as_ref().map(Py::as_ptr) }
    }

    /// Shows the garbage collector the Python object that is held.
    pub(crate) fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.keeper)
    }
}

/// Memory that others hold, or do no more.
pub(crate) struct WeakMemory {
    buffer: Weak<Buffer>,
    /// Points to the keeper while `buffer` is held. Null never.
    keeper: Option<*mut ffi::PyObject>,
}

impl WeakMemory {
    /// The memory, if it is still held.
    pub(crate) fn upgrade(&self, py: Python<'_>) -> Option<Memory> {
        let buffer = self.buffer.upgrade()?;
        // SAFETY: whatever else holds the buffer (a `Memory`, or the owner that `Memory::share`
        // makes) gives up its reference to the keeper after that to the buffer, and only with the
        // GIL held, which the token proves is held here. So the keeper is alive.
        let keeper = self.keeper.map(|keeper| unsafe { Bound::from_borrowed_ptr(py, keeper) }.unbind());
        Some(Memory { buffer, keeper })
    }
}

/// The memory of an object, for an object of this crate: of a [`Local`], of the buffer protocol, or
/// of `__dlpack__`.
///
/// # Errors
/// `BufferError` saying why it has none that can be described here; what the object itself raises.
pub(crate) fn hold(object: &Bound<'_, PyAny>) -> PyResult<Memory> {
    let py = object.py();
    crate::release::catch_up(py);
    if let Ok(local) = object.cast_exact::<Local>() {
        return Ok(local.get().memory().clone_ref(py));
    }
    if buffer::is_offered_by(object) {
        return match buffer::hold(object) {
            // NumPy's newer types have no format, but perhaps a tensor.
            Err(error) if object.hasattr(intern!(py, "__dlpack__"))? => {
                tensor::lend(object).map(Memory::new).map_err(|_| error)
            }
            held => held,
        };
    }
    if object.hasattr(intern!(py, "__dlpack__"))? {
        return tensor::lend(object).map(Memory::new);
    }
    let name = object.get_type().name()?;
    Err(PyBufferError::new_err(format!("`{name}` offers neither the buffer protocol nor `__dlpack__`")))
}

/// The memory of an object, for the duration of a call.
///
/// # Errors
/// As [`hold`].
pub(crate) fn lend(object: &Bound<'_, PyAny>) -> PyResult<Arc<Buffer>> {
    hold(object)?.share(object.py()).map(Arc::new)
}

/// Another name for the same memory.
pub(crate) fn alias(buffer: &Arc<Buffer>) -> Buffer {
    // SAFETY: this crate makes no views that live on; see the module's page.
    unsafe { Buffer::alias(buffer) }
}

/// Whether memory may be written.
pub(crate) fn is_read_only(buffer: &Buffer) -> bool {
    buffer.access() == Access::ReadOnly
}

/// `BufferError` with the reason.
pub(crate) fn buffer_error(error: BufferError) -> PyErr {
    PyBufferError::new_err(error.to_string())
}
