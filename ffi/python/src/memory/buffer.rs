//! The buffer protocol, as a consumer: `PyObject_GetBuffer`.

use std::ffi::CStr;
use std::slice::from_raw_parts;
use std::sync::Arc;

use dap_core::dtype::DType;
use dap_core::finding::plural;
use dap_ndarray::{Access, Buffer, BufferErrorKind};
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use pyo3::{ffi, intern};

use super::managed::ManagedBuffer;
use super::{Local, Memory, buffer_error};

pub(super) fn is_offered_by(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive and the GIL held.
    unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) != 0 }
}

/// The object's memory, writable if it says so.
pub(super) fn hold(object: &Bound<'_, PyAny>) -> PyResult<Memory> {
    let view = request(object)?;
    let access = if view.get().view().readonly == 0 { Access::ReadWrite } else { Access::ReadOnly };
    let read = match read(&view, access)? {
        // Items that share memory are only read, whatever the object says.
        Err(error) if error.kind() == BufferErrorKind::Overlap => self::read(&view, Access::ReadOnly)?,
        read => read,
    };
    let buffer = read.map_err(buffer_error)?;
    Ok(Memory { buffer: Arc::new(buffer), keeper: Some(view.into_any().unbind()) })
}

fn request<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, ManagedBuffer>> {
    let py = object.py();
    let mut view = Box::new(ffi::Py_buffer::new());
    // SAFETY: the object is alive and the GIL held; the struct is there to be filled.
    if unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), &raw mut *view, ffi::PyBUF_FULL_RO) } != 0 {
        let error = PyErr::fetch(py);
        // NumPy's word for items that have no format.
        let refused = error.is_instance_of::<PyValueError>(py);
        return Err(if refused { PyBufferError::new_err(error.value(py).to_string()) } else { error });
    }
    // SAFETY: `PyObject_GetBuffer` has just filled the view, and it goes nowhere else.
    unsafe { ManagedBuffer::new(py, view) }
}

/// The items that a view describes. The buffer owns nothing: it lasts as long as the view.
fn read(owner: &Bound<'_, ManagedBuffer>, access: Access) -> PyResult<Result<Buffer, dap_ndarray::BufferError>> {
    let view = owner.get().view();
    let lie = |what: &str| Err(PyBufferError::new_err(format!("the buffer contradicts itself: {what}")));
    if !view.suboffsets.is_null() {
        return Err(PyBufferError::new_err("the buffer is indirect (it has suboffsets), so it has no strides"));
    }
    let Some(ndim) = usize::try_from(view.ndim).ok().filter(|ndim| *ndim <= dap_ndarray::buffer::MAX_NDIM) else {
        return lie(&format!("it has {}", plural(view.ndim, "dimension")));
    };
    if ndim > 0 && view.shape.is_null() {
        return lie("it has dimensions and no shape");
    }
    // SAFETY: the exporter gives `ndim` extents, at most 64, and the same number of strides if
    // there are any; `Py_ssize_t` is i64 on the 64-bit machines that this is for.
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
    let dtype = dtype(owner, format, view.itemsize as i64)?;
    let items = shape.iter().try_fold(1_i64, |product, &extent| product.checked_mul(extent));
    if shape.iter().all(|&extent| extent >= 0)
        && items.and_then(|items| items.checked_mul(dtype.itemsize())) != Some(view.len as i64)
    {
        return lie(&format!(
            "{}, not those of its shape {shape:?} of items of {}",
            plural(view.len, "byte"),
            dtype.itemsize()
        ));
    }
    let data = view.buf.cast::<u8>();
    let (shape, strides) = (shape.to_owned(), strides.map(<[i64]>::to_owned));
    // SAFETY: by the buffer protocol the memory is there until the view is released, and `hold`
    // puts the buffer beside the managed buffer that releases it; that it is also initialised is
    // the exporter's affair. No view of items is made in this crate: see the module's page.
    Ok(unsafe { Buffer::from_raw(data, dtype, &shape, strides.as_deref(), access, ()) })
}

/// The item type that an exporter means.
fn dtype(owner: &Bound<'_, ManagedBuffer>, format: &CStr, itemsize: i64) -> PyResult<DType> {
    let exporter = owner.get().exporter(owner.py());
    if let Some(exporter) = exporter
        && let Some(dtype) = super::ctypes::item_type(exporter, format, itemsize)?
    {
        return Ok(dtype);
    }
    let refuse = |reason: &dyn std::fmt::Display| {
        Err(PyBufferError::new_err(format!("the item format {format:?} cannot be described: {reason}")))
    };
    let text = match format.to_str() {
        Ok(text) => text,
        Err(error) => return refuse(&error),
    };
    let read = match DType::from_format(text) {
        Ok(read) => read,
        Err(error) => return refuse(&error),
    };
    let written = read.itemsize();
    if written != itemsize && !read.fields().is_empty() && !leaves_out_padding(exporter)? {
        return refuse(&format_args!(
            "it has {}, its items {itemsize}, so it does not say where the fields lie; \
             pass an array of NumPy, whose `dtype` does",
            plural(written, "byte")
        ));
    }
    DType::from_buffer(text, itemsize).or_else(|error| refuse(&error))
}

/// Whether an exporter's formats are NumPy's, which leave out the padding behind the last field and
/// alignment, nothing else.
fn leaves_out_padding(exporter: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
    let Some(exporter) = exporter else { return Ok(false) };
    let exporter = unwrapped(exporter)?;
    if exporter.is_instance_of::<Local>() {
        return Ok(true);
    }
    let modules = exporter.py().import("sys")?.getattr("modules")?;
    let Ok(numpy) = modules.get_item("numpy") else { return Ok(false) };
    for class in ["ndarray", "generic"] {
        if let Some(class) = numpy.getattr_opt(class)?
            && exporter.is_instance(&class)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The object whose memory a `memoryview` shows, or the object itself.
pub(super) fn unwrapped<'py>(exporter: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let mut exporter = exporter.clone();
    while exporter.is_instance_of::<PyMemoryView>() {
        let inner = exporter.getattr(intern!(exporter.py(), "obj"))?;
        if inner.is_none() {
            break;
        }
        exporter = inner;
    }
    Ok(exporter)
}
