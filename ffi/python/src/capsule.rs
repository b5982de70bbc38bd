//! The capsules of `__distarray_c__`: a [`DapArray`] that travels through Python.
//!
//! The capsule named `dap_array_v0` owns the shell and, until somebody consumes it, what is in it. A consumer moves the struct
//! out, which leaves its `release` null, and renames the capsule to `used_dap_array_v0`.

use std::ffi::CStr;

use dap_core::export::Export;
use dap_ndarray::Section;
use daparray::{DapArray, Owned};
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;

const NAME: &CStr = c"dap_array_v0";
const USED: &CStr = c"used_dap_array_v0";

/// Why an object is refused that is no capsule of a struct.
const NONE: &str = "no capsule named `dap_array_v0`, or one that was used";

/// A capsule that owns a section.
///
/// # Errors
/// `BufferError` for what the structs cannot say.
pub(crate) fn new(py: Python<'_>, section: Section) -> PyResult<Bound<'_, PyAny>> {
    let owned = Owned::new(section).map_err(|(_, refusal)| PyBufferError::new_err(refusal.to_string()))?;
    let shell = Box::into_raw(Box::new(owned.into_raw()));
    // SAFETY: the pointer is not null and the name is there for ever; what comes back is a new reference, or null with an error.
    let capsule =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyCapsule_New(shell.cast(), NAME.as_ptr(), Some(destroy))) };
    // SAFETY: no capsule was made, so the shell is nobody else's.
    capsule.inspect_err(|_| unsafe { free(shell) })
}

unsafe extern "C" fn destroy(capsule: *mut ffi::PyObject) {
    // SAFETY: Python destroys a capsule made by `new`, which holds a shell whatever its name is by now.
    unsafe {
        let shell = ffi::PyCapsule_GetPointer(capsule, ffi::PyCapsule_GetName(capsule));
        if !shell.is_null() {
            free(shell.cast());
        }
    }
}

/// # Safety
/// `shell` is a box made by `new`, and is not used again.
unsafe fn free(shell: *mut DapArray) {
    // SAFETY: as the caller promises; a struct that was not moved away is released, once.
    unsafe {
        if let Some(release) = (*shell).release {
            release(shell);
        }
        drop(Box::from_raw(shell));
    }
}

/// Whether an object is a capsule that can be consumed.
pub(crate) fn is_one(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive and the GIL held.
    unsafe { ffi::PyCapsule_IsValid(object.as_ptr(), NAME.as_ptr()) != 0 }
}

/// What the struct in a capsule says. It stays there.
///
/// # Errors
/// `BufferError`: as for [`consume`].
pub(crate) fn describe(capsule: &Bound<'_, PyAny>) -> PyResult<Export> {
    if !is_one(capsule) {
        return Err(PyBufferError::new_err(NONE));
    }
    // SAFETY: as in `consume`; with the GIL held nobody changes the struct meanwhile.
    let described = unsafe {
        let shell = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr()).cast::<DapArray>();
        daparray::describe(shell)
    };
    described.map_err(|refusal| PyBufferError::new_err(refusal.to_string()))
}

/// Takes the struct out of a capsule, by whomever it was made. The rules of the protocol are not checked.
///
/// # Errors
/// `BufferError`: no such capsule, one that was used, or a struct that is refused; the capsule is as it was then.
pub(crate) fn consume(capsule: &Bound<'_, PyAny>) -> PyResult<Section> {
    let refuse = |reason: &dyn std::fmt::Display| PyBufferError::new_err(reason.to_string());
    if !is_one(capsule) {
        return Err(refuse(&NONE));
    }
    // SAFETY: the capsule is valid under this name, so by the protocol it holds such a struct; the GIL is held, so nobody else
    // consumes it meanwhile.
    unsafe {
        let shell = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr()).cast::<DapArray>();
        let owned = Owned::take(shell).map_err(|refusal| refuse(&refusal))?;
        match owned.into_section_unchecked() {
            Ok(section) => {
                // The name is there for ever, and a valid capsule can be renamed.
                ffi::PyCapsule_SetName(capsule.as_ptr(), USED.as_ptr());
                Ok(section)
            }
            Err((owned, refusal)) => {
                shell.write(owned.into_raw());
                Err(refuse(&refusal))
            }
        }
    }
}
