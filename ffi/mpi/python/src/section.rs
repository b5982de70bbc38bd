//! Memory in and out: the capsules of `__distarray_c__`, which own a `DapArray`.
//!
//! The package `daparray` takes them for views of NumPy, for DLPack and for `__distarray__`, and
//! makes them of all memory that it takes. Its extension module and this one share nothing else.

use std::ffi::CStr;

use dap_array::DynArray;
use dap_ffi::{DapArray, Owned};
use dap_ndarray::Section;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::array::{Array, element_named, in_memory, written};
use crate::context::Context;
use crate::error::{Raised, type_error, value_error};
use crate::layout::placement_of;
use crate::thread::without_gil;

const NAME: &CStr = c"dap_array_v0";
const USED: &CStr = c"used_dap_array_v0";

#[pymethods]
impl Array {
    /// A capsule that owns this process's section, of the memory itself. Local. The memory is
    /// exposed from then on: operations that read it are evaluated at the call.
    #[pyo3(signature = (max_version=None, copy=None))]
    fn __distarray_c__<'py>(
        &self,
        py: Python<'py>,
        max_version: Option<(i64, i64)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // Version 0 is the only one, and a consumer that wants a copy can make one of its own
        // memory.
        let _ = max_version;
        let mut array = self.settled(py)?;
        if copy == Some(true) {
            array = without_gil(py, || array.copy()).raised()?;
        }
        written(py, &array)?;
        // SAFETY: the section goes to code of Python, which runs between the calls of this module:
        // the owner thread makes both. Another thread that uses the memory during a call, while the
        // GIL is released, breaks the package's rule, as it would with functions of NumPy.
        match unsafe { array.expose() }.raised()? {
            Some(section) => capsule(py, section),
            None => value_error("this rank holds no section of the array"),
        }
    }

    /// The same for code that lets go of the memory before the array is used again: it is not
    /// exposed. None where this rank holds no section.
    fn _lend<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let array = self.settled(py)?;
        // SAFETY: as above; the package drops the capsule's views before it calls again.
        unsafe { array.lend() }.raised()?.map(|section| capsule(py, section)).transpose()
    }
}

/// An array over the section that a capsule owns (None on ranks that hold none), without a copy.
/// Collective.
#[pyfunction]
#[pyo3(signature = (context, placement, dtype, capsule=None))]
pub(crate) fn from_section<'py>(
    py: Python<'py>,
    context: &Bound<'py, Context>,
    placement: &Bound<'py, PyAny>,
    dtype: &str,
    capsule: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (context, placement, element) = (context.get().get()?, placement_of(placement)?, element_named(dtype)?);
    let section = taken(py, capsule);
    let made = without_gil(py, || {
        let section = context.comm().agree(section)?;
        DynArray::from_section(context, placement, &element.dtype(), section)
    });
    in_memory(py, made.raised()?)
}

/// An array over the sections that capsules own (None on ranks that hold none), whose own
/// dictionaries say where they belong, without a copy. Collective.
#[pyfunction]
#[pyo3(signature = (context, capsule=None))]
pub(crate) fn import_section<'py>(
    py: Python<'py>,
    context: &Bound<'py, Context>,
    capsule: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let context = context.get().get()?;
    let section = taken(py, capsule);
    let made = without_gil(py, || DynArray::import(context, context.comm().agree(section)?)).raised()?;
    if made.element().is_none() {
        return type_error(format!(
            "arrays of {} cannot be computed with: bool, integers, float32, float64 and complex can",
            made.dtype().name()
        ));
    }
    in_memory(py, made)
}

/// The section of a capsule. A capsule that is refused is the error of this rank, to be agreed
/// upon.
fn taken(py: Python<'_>, capsule: Option<&Bound<'_, PyAny>>) -> dap_mpi::Result<Option<Section>> {
    let refused = |error: PyErr| dap_mpi::Error::new(dap_mpi::ErrorKind::Buffer, error.value(py).to_string());
    capsule.map(consume).transpose().map_err(refused)
}

fn capsule(py: Python<'_>, section: Section) -> PyResult<Bound<'_, PyAny>> {
    unsafe extern "C" fn destroy(capsule: *mut ffi::PyObject) {
        // SAFETY: Python destroys a capsule made below, which holds a box whatever its name is by
        // now. A struct that a consumer moved away has no `release`.
        unsafe {
            let array = ffi::PyCapsule_GetPointer(capsule, ffi::PyCapsule_GetName(capsule)).cast::<DapArray>();
            if !array.is_null() {
                free(array);
            }
        }
    }
    let owned = Owned::new(section).map_err(|(_, refusal)| PyBufferError::new_err(refusal.to_string()))?;
    let array = Box::into_raw(Box::new(owned.into_raw()));
    // SAFETY: the pointer is not null and the name is there for ever; what comes back is a new
    // reference, or null with an error.
    let made =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyCapsule_New(array.cast(), NAME.as_ptr(), Some(destroy))) };
    // SAFETY: no capsule was made, so nothing else refers to the box.
    made.inspect_err(|_| unsafe { free(array) })
}

/// # Safety
/// `array` is a box made by `capsule`, and is not used again.
unsafe fn free(array: *mut DapArray) {
    // SAFETY: the caller gives the box up; a struct that was not moved away is released, once.
    unsafe {
        if let Some(release) = (*array).release {
            release(array);
        }
        drop(Box::from_raw(array));
    }
}

/// Takes the section out of a capsule, which cannot be used again. On an error it is as it was.
fn consume(capsule: &Bound<'_, PyAny>) -> PyResult<Section> {
    // SAFETY: the object is alive and the GIL held.
    if unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), NAME.as_ptr()) } == 0 {
        return Err(PyBufferError::new_err("no capsule named \"dap_array_v0\""));
    }
    // SAFETY: the capsule is valid under this name, so by the protocol it holds such a struct; the
    // GIL is held, so no other consumer takes it meanwhile. The new name is there for ever.
    unsafe {
        let array = ffi::PyCapsule_GetPointer(capsule.as_ptr(), NAME.as_ptr()).cast::<DapArray>();
        let owned = Owned::take(array).map_err(|refusal| PyBufferError::new_err(refusal.to_string()))?;
        match owned.into_section() {
            Ok(section) => {
                ffi::PyCapsule_SetName(capsule.as_ptr(), USED.as_ptr());
                Ok(section)
            }
            Err((owned, refusal)) => {
                array.write(owned.into_raw());
                Err(PyBufferError::new_err(refusal.to_string()))
            }
        }
    }
}
