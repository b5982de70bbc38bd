//! The buffer protocol, as a consumer: `PyObject_GetBuffer`.

use std::ffi::CStr;
use std::slice::from_raw_parts;

use dap_core::dtype::DType;
use dap_ndarray::{Access, Buffer, BufferErrorKind};
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

use super::refusal;
use crate::release::View;

pub(super) fn is_offered_by(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive and the GIL held.
    unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) != 0 }
}

/// The object's memory, writable if it says so.
pub(super) fn lend(object: &Bound<'_, PyAny>) -> PyResult<Buffer> {
    let view = request(object)?;
    let access = if view.get().readonly == 0 { Access::ReadWrite } else { Access::ReadOnly };
    match read(view, access)? {
        Ok(buffer) => Ok(buffer),
        // Items that share memory are only read, whatever the object says.
        Err(error) if error.kind() == BufferErrorKind::Overlap => {
            read(request(object)?, Access::ReadOnly)?.map_err(refusal)
        }
        Err(error) => Err(refusal(error)),
    }
}

fn request(object: &Bound<'_, PyAny>) -> PyResult<View> {
    let mut view = Box::new(ffi::Py_buffer::new());
    // SAFETY: the object is alive and the GIL held; the struct is there to be filled.
    if unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), &raw mut *view, ffi::PyBUF_FULL_RO) } != 0 {
        let error = PyErr::fetch(object.py());
        // NumPy's word for items that have no format.
        let refused = error.is_instance_of::<PyValueError>(object.py());
        return Err(if refused { PyBufferError::new_err(error.value(object.py()).to_string()) } else { error });
    }
    Ok(View::new(view))
}

fn read(owner: View, access: Access) -> PyResult<Result<Buffer, dap_ndarray::BufferError>> {
    let view = owner.get();
    let lie = |what: &str| Err(PyBufferError::new_err(format!("the buffer contradicts itself: {what}")));
    if !view.suboffsets.is_null() {
        return Err(PyBufferError::new_err("the buffer is indirect (it has suboffsets), so it has no strides"));
    }
    let Some(ndim) = usize::try_from(view.ndim).ok().filter(|ndim| *ndim <= dap_ndarray::buffer::MAX_NDIM) else {
        return lie(&format!("it has {} dimensions", view.ndim));
    };
    if ndim > 0 && view.shape.is_null() {
        return lie("it has dimensions and no shape");
    }
    // SAFETY: the exporter gives `ndim` extents, at most 64, and as many strides where there are any; `Py_ssize_t` is i64 on
    // the 64-bit machines that this is for.
    let (shape, strides): (&[i64], Option<&[i64]>) = unsafe {
        let numbers = |start: *mut ffi::Py_ssize_t| from_raw_parts(start.cast::<i64>(), ndim);
        if ndim == 0 {
            (&[], None)
        } else {
            (numbers(view.shape), (!view.strides.is_null()).then(|| numbers(view.strides)))
        }
    };
    let format = if view.format.is_null() {
        c"B"
    } else {
        // SAFETY: the exporter's string, there as long as the view.
        unsafe { CStr::from_ptr(view.format) }
    };
    let dtype = dtype(format, view.itemsize as i64)?;
    let items = shape.iter().try_fold(1_i64, |product, &extent| product.checked_mul(extent));
    if shape.iter().all(|&extent| extent >= 0)
        && items.and_then(|items| items.checked_mul(dtype.itemsize())) != Some(view.len as i64)
    {
        return lie(&format!("{} bytes, not those of its shape {shape:?} of items of {}", view.len, dtype.itemsize()));
    }
    let data = view.buf.cast::<u8>();
    let (shape, strides) = (shape.to_owned(), strides.map(<[i64]>::to_owned));
    // SAFETY: by the buffer protocol the memory is there until the view is released, which `owner` does; that it is also
    // initialised is the exporter's affair. No view of items is made in this crate: see the module's page.
    Ok(unsafe { Buffer::from_raw(data, dtype, &shape, strides.as_deref(), access, owner) })
}

fn dtype(format: &CStr, itemsize: i64) -> PyResult<DType> {
    let refuse = |reason: &dyn std::fmt::Display| {
        Err(PyBufferError::new_err(format!("the item format {format:?} cannot be described: {reason}")))
    };
    match format.to_str() {
        Ok(text) => DType::from_buffer(text, itemsize).or_else(|error| refuse(&error)),
        Err(error) => refuse(&error),
    }
}
