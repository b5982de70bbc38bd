//! `ManagedBuffer`: the one owner of a view that an exporter of the buffer protocol gave.
//!
//! It is a Python object, as `memoryview` has one, so that the garbage collector sees the way from
//! a `Section` to the exporter: every `Section` and `Local` holds a reference of its own to the
//! managed buffer, and the managed buffer alone holds the exporter. Each reference is visited by
//! the one object that counts it.
//!
//! # Why nothing is cleared
//!
//! The collector breaks a cycle by clearing a reference that can change. A managed buffer, a
//! `Section` and a `Local` never change: they refer to objects that were there before them. So each
//! cycle through them has a member that was changed later (the exporter's `__dict__`, a list), and
//! clearing that one frees them in the usual order. A view is therefore released when its last user
//! is gone, and never while an export still points to its memory. Tuples and methods do the same.
//!
//! # A `memoryview` as the exporter
//!
//! CPython's `memoryview` may be cleared while it has exports, and crashes when they are released
//! after that. A managed buffer of a `memoryview` therefore does not show it to the collector,
//! which then never takes it for garbage while the managed buffer lives. A cycle through such a
//! `memoryview` is not found; one through the object that it shows, taken directly, is.

use std::mem::ManuallyDrop;

use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;

/// A view of an exporter's memory, released when the last reference to this object is gone.
#[pyclass(frozen, weakref, module = "daparray", name = "_ManagedBuffer")]
pub(crate) struct ManagedBuffer {
    /// In a box: the exporter may have put pointers to the struct into it.
    view: Box<ffi::Py_buffer>,
    /// The view's own reference to the exporter, by which the collector visits it. The view gives
    /// it back.
    exporter: Option<ManuallyDrop<Py<PyAny>>>,
    /// Whether the collector may clear the exporter while this view lasts.
    is_visited: bool,
}

// SAFETY: the struct is only read, and released by Python's deallocation, with the GIL held, by
// whichever thread.
unsafe impl Send for ManagedBuffer {}
// SAFETY: nothing is written through a shared reference: the struct stays as the exporter filled
// it.
unsafe impl Sync for ManagedBuffer {}

impl ManagedBuffer {
    /// Takes over a view that `PyObject_GetBuffer` has filled.
    ///
    /// # Safety
    /// The view is filled, and is released by nothing else.
    pub(super) unsafe fn new(py: Python<'_>, view: Box<ffi::Py_buffer>) -> PyResult<Bound<'_, Self>> {
        // SAFETY: `obj` is null or the view's reference, which lasts as long as the view. It gets
        // no second count here, and `ManuallyDrop` takes none away.
        let exporter = unsafe { Bound::from_owned_ptr_or_opt(py, view.obj) };
        let is_visited = exporter.as_ref().is_some_and(|exporter| !exporter.is_instance_of::<PyMemoryView>());
        let exporter = exporter.map(|exporter| ManuallyDrop::new(exporter.unbind()));
        Bound::new(py, Self { view, exporter, is_visited })
    }

    /// The exporter's description of its memory.
    pub(super) fn view(&self) -> &ffi::Py_buffer {
        &self.view
    }

    /// The object whose memory it is; None for memory that needs no owner.
    pub(super) fn exporter<'py>(&self, py: Python<'py>) -> Option<&Bound<'py, PyAny>> {
        self.exporter.as_ref().map(|exporter| exporter.bind(py))
    }
}

impl Drop for ManagedBuffer {
    fn drop(&mut self) {
        // SAFETY: Python drops its objects with the GIL held (a failing `Bound::new` does so as
        // well), and drops them once.
        unsafe { ffi::PyBuffer_Release(&raw mut *self.view) };
    }
}

#[pymethods]
impl ManagedBuffer {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.exporter.as_deref().filter(|_| self.is_visited))
    }
}
