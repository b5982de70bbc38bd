//! The capsules of `__distarray_c__`: a [`DapArray`] that travels through Python.
//!
//! The capsule named `dap_array_v0` owns the shell and, until it is consumed, the struct in it. A
//! consumer moves the struct out, which leaves its `release` null, and renames the capsule to
//! `used_dap_array_v0`.

use std::ffi::CStr;
use std::ptr::NonNull;

use dap_core::export::Export;
use dap_ffi::{DapArray, Owned};
use dap_ndarray::Section;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::memory::{Memory, WeakMemory};

const NAME: &CStr = c"dap_array_v0";
const USED: &CStr = c"used_dap_array_v0";

/// A struct, and the memory in it as a Python object may hold it, which lasts as long as the struct
/// does.
///
/// A consumer of this crate takes `memory`, so that the garbage collector sees on to the memory's
/// exporter; the references of a struct are hidden from it.
#[repr(C)]
struct Shell {
    /// First: a pointer to the shell is one to the struct.
    array: DapArray,
    memory: Option<WeakMemory>,
}

/// A capsule that owns a section. `memory` is that of the section, where a Python object may hold
/// it.
///
/// # Errors
/// `BufferError` for what the structs cannot say.
pub(crate) fn new<'py>(py: Python<'py>, section: Section, memory: Option<&Memory>) -> PyResult<Bound<'py, PyAny>> {
    let owned = Owned::new(section).map_err(|(_, refusal)| PyBufferError::new_err(refusal.to_string()))?;
    let shell = Box::into_raw(Box::new(Shell { array: owned.into_raw(), memory: memory.map(Memory::downgrade) }));
    // SAFETY: the pointer is not null and the name is there for ever; what comes back is a new
    // reference, or null with an error.
    let capsule =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyCapsule_New(shell.cast(), NAME.as_ptr(), Some(destroy))) };
    // SAFETY: no capsule was made, so nothing else refers to the shell.
    capsule.inspect_err(|_| unsafe { free(shell) })
}

unsafe extern "C" fn destroy(capsule: *mut ffi::PyObject) {
    // SAFETY: Python destroys a capsule made by `new`, which holds a shell whatever its name is by
    // now.
    unsafe {
        let shell = ffi::PyCapsule_GetPointer(capsule, ffi::PyCapsule_GetName(capsule));
        if !shell.is_null() {
            free(shell.cast());
        }
    }
}

/// # Safety
/// `shell` is a box made by `new`, and is not used again.
unsafe fn free(shell: *mut Shell) {
    // SAFETY: the caller gives the box up; a struct that was not moved away is released, once.
    unsafe {
        if let Some(release) = (*shell).array.release {
            release(&raw mut (*shell).array);
        }
        drop(Box::from_raw(shell));
    }
}

/// The shell of a capsule that `new` made; `None` for the capsules of other libraries.
///
/// # Safety
/// The capsule is valid under `NAME`.
unsafe fn shell(capsule: &Bound<'_, PyAny>) -> Option<NonNull<Shell>> {
    // SAFETY: the object is a live capsule of this name, as the caller promises; only `new` makes
    // capsules with `destroy`.
    unsafe {
        let destructor = ffi::PyCapsule_GetDestructor(capsule.as_ptr())?;
        let pointer = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr());
        let is_own = destructor as usize == destroy as unsafe extern "C" fn(*mut ffi::PyObject) as usize;
        is_own.then(|| NonNull::new(pointer.cast())).flatten()
    }
}

/// Why a capsule, or what stands in its place, is refused.
fn no_struct(object: &Bound<'_, PyAny>) -> PyErr {
    // SAFETY: the object is alive and the GIL held; the second call takes what the first accepts.
    let (is_capsule, name) = unsafe {
        if ffi::PyCapsule_CheckExact(object.as_ptr()) == 0 {
            (false, None)
        } else {
            let name = ffi::PyCapsule_GetName(object.as_ptr());
            (true, (!name.is_null()).then(|| CStr::from_ptr(name).to_owned()))
        }
    };
    let text = match (is_capsule, name) {
        (true, Some(name)) if name.as_c_str() == USED => {
            "the capsule was used already: its struct moved to the consumer that took it; ask the producer for another one, by \
             `__distarray_c__()`"
                .to_owned()
        }
        (true, Some(name)) => format!("a capsule named {name:?}, not \"dap_array_v0\": it holds no `DapArray`"),
        (true, None) => "a capsule without a name, not \"dap_array_v0\": it holds no `DapArray`".to_owned(),
        (false, _) => {
            let name = object.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string());
            format!("`__distarray_c__` returned `{name}`, not a capsule named \"dap_array_v0\"")
        }
    };
    PyBufferError::new_err(text)
}

/// Whether an object is a capsule that can be consumed.
pub(crate) fn is_one(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive and the GIL held.
    unsafe { ffi::PyCapsule_IsValid(object.as_ptr(), NAME.as_ptr()) != 0 }
}

/// The description in a capsule's struct. It stays there.
///
/// # Errors
/// `BufferError`: as for [`consume`].
pub(crate) fn describe(capsule: &Bound<'_, PyAny>) -> PyResult<Export> {
    if !is_one(capsule) {
        return Err(no_struct(capsule));
    }
    // SAFETY: as in `consume`; with the GIL held no other code changes the struct meanwhile.
    let described = unsafe {
        let shell = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr()).cast::<DapArray>();
        dap_ffi::describe(shell)
    };
    described.map_err(|refusal| PyBufferError::new_err(refusal.to_string()))
}

/// Takes the struct out of a capsule, of whichever library. The rules of the protocol are not
/// checked. For a capsule of this crate the memory comes with it; a section that the struct was
/// changed to may have another one.
///
/// # Errors
/// `BufferError`: no such capsule, one that was used, or a struct that is refused; the capsule is
/// as it was then.
pub(crate) fn consume(capsule: &Bound<'_, PyAny>) -> PyResult<(Section, Option<Memory>)> {
    let refuse = |reason: &dyn std::fmt::Display| PyBufferError::new_err(reason.to_string());
    if !is_one(capsule) {
        return Err(no_struct(capsule));
    }
    // SAFETY: the capsule is valid under this name, so by the protocol it holds such a struct; the
    // GIL is held, so no other consumer takes it meanwhile.
    unsafe {
        let array = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr()).cast::<DapArray>();
        let owned = Owned::take(array).map_err(|refusal| refuse(&refusal))?;
        match owned.into_section_unchecked() {
            Ok(section) => {
                let memory = shell(capsule).and_then(|shell| (*shell.as_ptr()).memory.take());
                // The section holds the memory meanwhile, if it is the one that the struct was made
                // with.
                let memory = memory.and_then(|memory| memory.upgrade(capsule.py()));
                // The name is there for ever, and a valid capsule can be renamed.
                ffi::PyCapsule_SetName(capsule.as_ptr(), USED.as_ptr());
                Ok((section, memory))
            }
            Err((owned, refusal)) => {
                array.write(owned.into_raw());
                Err(refuse(&refusal))
            }
        }
    }
}
