//! DLPack's capsules, in and out.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

use dap_ndarray::dlpack::{DLManagedTensor, DLManagedTensorVersioned, IS_COPIED};
use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{ffi, intern};

use super::buffer_error;

const VERSIONED: &CStr = c"dltensor_versioned";
const USED_VERSIONED: &CStr = c"used_dltensor_versioned";
const LEGACY: &CStr = c"dltensor";
const USED_LEGACY: &CStr = c"used_dltensor";

/// The memory of an object with `__dlpack__`.
pub(super) fn lend(object: &Bound<'_, PyAny>) -> PyResult<Buffer> {
    let py = object.py();
    if let Some(device) = object.getattr_opt(intern!(py, "__dlpack_device__"))? {
        let (kind, _): (i64, i64) = device.call0()?.extract()?;
        if kind != 1 {
            let text = format!("the memory is on a device of DLPack's type {kind}, not the processor's (1)");
            return Err(PyBufferError::new_err(text));
        }
    }
    let method = object.getattr(intern!(py, "__dlpack__"))?;
    let keywords = PyDict::new(py);
    keywords.set_item(intern!(py, "max_version"), (1, 1))?;
    let capsule = match method.call((), Some(&keywords)) {
        // A producer from before version 1 knows no such argument.
        Err(error) if error.is_instance_of::<PyTypeError>(py) => method.call0()?,
        given => given?,
    };
    take(&capsule)
}

/// Takes the tensor out of a capsule, which cannot be used again. On an error it is as it was.
fn take(capsule: &Bound<'_, PyAny>) -> PyResult<Buffer> {
    if let Some(tensor) = pointer(capsule, VERSIONED) {
        // SAFETY: a capsule of this name holds such a tensor (the protocol), which is ours once the
        // capsule is renamed. Of a tensor that is refused the capsule keeps the ownership.
        let buffer = unsafe { Buffer::from_dlpack(tensor) }.map_err(|(_, error)| buffer_error(error))?;
        rename(capsule, USED_VERSIONED).map(|()| buffer)
    } else if let Some(tensor) = pointer(capsule, LEGACY) {
        // SAFETY: as above.
        let buffer = unsafe { Buffer::from_dlpack_legacy(tensor) }.map_err(|(_, error)| buffer_error(error))?;
        rename(capsule, USED_LEGACY).map(|()| buffer)
    } else {
        let used = pointer::<c_void>(capsule, USED_VERSIONED).or_else(|| pointer(capsule, USED_LEGACY)).is_some();
        Err(PyBufferError::new_err(if used {
            "`__dlpack__` returned a capsule that was used already: its tensor moved to the consumer that took it; each call must \
             make another one"
                .to_owned()
        } else {
            let name = capsule.get_type().name()?;
            format!(
                "`__dlpack__` returned `{name}` without a tensor in it, not a capsule named \"dltensor_versioned\" or \"dltensor\""
            )
        }))
    }
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> Option<NonNull<T>> {
    // SAFETY: the object is alive and the GIL held; the first call takes any object and the second
    // what the first accepts.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule.as_ptr(), name.as_ptr()) == 0 {
            return None;
        }
        NonNull::new(ffi::PyCapsule_GetPointer(capsule.as_ptr(), name.as_ptr()).cast())
    }
}

fn rename(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<()> {
    // SAFETY: a valid capsule, and a name that is there for ever. This fails for no valid capsule.
    if unsafe { ffi::PyCapsule_SetName(capsule.as_ptr(), name.as_ptr()) } == 0 {
        Ok(())
    } else {
        Err(PyErr::fetch(capsule.py()))
    }
}

/// A capsule with a tensor that owns the buffer; `copied` says that no other object has its memory.
pub(super) fn capsule(py: Python<'_>, buffer: Buffer, copied: bool) -> PyResult<Bound<'_, PyAny>> {
    unsafe extern "C" fn destroy(capsule: *mut ffi::PyObject) {
        // SAFETY: Python destroys a capsule made below. Under its first name the tensor is still
        // the capsule's.
        unsafe {
            if ffi::PyCapsule_IsValid(capsule, VERSIONED.as_ptr()) != 0 {
                DLManagedTensorVersioned::release(ffi::PyCapsule_GetPointer(capsule, VERSIONED.as_ptr()).cast());
            }
        }
    }
    let tensor = buffer.into_dlpack().map_err(|(_, error)| buffer_error(error))?;
    if copied {
        // SAFETY: the tensor was just made.
        unsafe { (*tensor.as_ptr()).flags |= IS_COPIED };
    }
    // SAFETY: the capsule owns the tensor now; where none can be made it is released.
    unsafe {
        new(py, tensor.as_ptr().cast(), VERSIONED, destroy)
            .inspect_err(|_| DLManagedTensorVersioned::release(tensor.as_ptr()))
    }
}

/// The same for consumers from before version 1.
pub(super) fn legacy_capsule(py: Python<'_>, buffer: Buffer) -> PyResult<Bound<'_, PyAny>> {
    unsafe extern "C" fn destroy(capsule: *mut ffi::PyObject) {
        // SAFETY: as in `capsule`.
        unsafe {
            if ffi::PyCapsule_IsValid(capsule, LEGACY.as_ptr()) != 0 {
                DLManagedTensor::release(ffi::PyCapsule_GetPointer(capsule, LEGACY.as_ptr()).cast());
            }
        }
    }
    if buffer.access() == Access::ReadOnly {
        return Err(PyBufferError::new_err(
            "the memory may only be read, and a DLPack tensor without a version cannot say so; pass max_version=(1, 0)",
        ));
    }
    let tensor = buffer.into_dlpack_legacy().map_err(|(_, error)| buffer_error(error))?;
    // SAFETY: as in `capsule`.
    unsafe {
        new(py, tensor.as_ptr().cast(), LEGACY, destroy).inspect_err(|_| DLManagedTensor::release(tensor.as_ptr()))
    }
}

/// # Safety
/// `destroy` releases what `pointer` points to, of which the capsule becomes the owner.
unsafe fn new<'py>(
    py: Python<'py>,
    pointer: *mut c_void,
    name: &'static CStr,
    destroy: unsafe extern "C" fn(*mut ffi::PyObject),
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the pointer is not null and the name is there for ever; what comes back is a new
    // reference, or null with an error.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyCapsule_New(pointer, name.as_ptr(), Some(destroy))) }
}
