//! `Local`: one process's memory, as Python sees it.

use std::ffi::{CString, c_int};
use std::ptr::null_mut;
use std::sync::{Arc, OnceLock};

use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::{Memory, buffer_error, dtype_object, dtype_shown, hold, is_read_only, tensor};

/// One process's memory of a distributed array, without a copy: hand it to NumPy, PyTorch, or
/// anything else that knows the buffer protocol or DLPack.
///
///     numpy.asarray(section.local)        # shares the memory
///     torch.from_dlpack(section.local)    # does too
///
/// Made from anything of the kind: ``Local(array)``.
#[pyclass(frozen, weakref, module = "daparray")]
pub(crate) struct Local {
    memory: Memory,
    /// The PEP-3118 format, made when a view is first requested.
    format: OnceLock<Option<CString>>,
}

impl Local {
    pub(crate) fn new(memory: Memory) -> Self {
        Self { memory, format: OnceLock::new() }
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    fn format(&self) -> PyResult<&CString> {
        let format = self.format.get_or_init(|| self.memory.dtype().pep3118().and_then(|text| CString::new(text).ok()));
        format.as_ref().ok_or_else(|| {
            PyBufferError::new_err(format!(
                "the buffer protocol has no format for items of {}",
                dtype_shown(self.memory.dtype())
            ))
        })
    }
}

#[pymethods]
impl Local {
    #[new]
    #[pyo3(text_signature = "(buffer, /)")]
    fn of(buffer: &Bound<'_, PyAny>) -> PyResult<Self> {
        hold(buffer).map(Self::new)
    }

    /// The extents, padding included.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.memory.shape())
    }

    /// The strides, in bytes.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.memory.strides())
    }

    /// The number of dimensions.
    #[getter]
    fn ndim(&self) -> usize {
        self.memory.ndim()
    }

    /// The item type: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is not
    /// installed.
    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dtype_object(py, self.memory.dtype())
    }

    /// The bytes of one item.
    #[getter]
    fn itemsize(&self) -> usize {
        self.memory.itemsize()
    }

    /// The number of items: 1 without dimensions.
    #[getter]
    fn size(&self) -> usize {
        self.memory.len()
    }

    /// The bytes of all items.
    #[getter]
    fn nbytes(&self) -> usize {
        self.memory.len() * self.memory.itemsize()
    }

    /// Whether the memory may only be read.
    #[getter]
    fn readonly(&self) -> bool {
        is_read_only(&self.memory)
    }

    /// The address of the item at index 0. Means nothing where there are no items.
    #[getter]
    fn address(&self) -> usize {
        self.memory.as_ptr().addr()
    }

    fn __len__(&self) -> PyResult<usize> {
        let first = self.memory.shape().first().ok_or_else(|| PyTypeError::new_err("no dimensions, so no length"))?;
        Ok(usize::try_from(*first).unwrap_or(0))
    }

    fn __repr__(&self) -> String {
        let readonly = if self.readonly() { ", readonly" } else { "" };
        format!("<daparray.Local {} {}{readonly}>", tuple(self.memory.shape()), dtype_shown(self.memory.dtype()))
    }

    /// A DLPack capsule of the memory: ``'dltensor_versioned'`` for a ``max_version`` of at least
    /// ``(1, 0)``; without it the older ``'dltensor'``, which is refused for memory that may only
    /// be read.
    ///
    /// ``stream`` must be None and ``dl_device``, if given, the processor's ``(1, 0)``. With
    /// ``copy=True`` the tensor is a copy in C order and native byte order.
    ///
    /// Raises ``BufferError`` for what DLPack cannot say: structs, strings, another byte order,
    /// unaligned items.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        &self,
        py: Python<'py>,
        stream: Option<&Bound<'py, PyAny>>,
        max_version: Option<(i64, i64)>,
        dl_device: Option<(i64, i64)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if stream.is_some() {
            return Err(PyBufferError::new_err("`stream` must be None for memory of the processor"));
        }
        if dl_device.is_some_and(|device| device != (1, 0)) {
            return Err(PyBufferError::new_err("the memory is the processor's: `dl_device` must be (1, 0)"));
        }
        let copied = copy == Some(true);
        let buffer = if copied { self.memory.to_native().map_err(buffer_error)? } else { self.memory.share(py)? };
        if max_version.is_some_and(|(major, _)| major >= 1) {
            tensor::capsule(py, buffer, copied)
        } else {
            tensor::legacy_capsule(py, buffer)
        }
    }

    /// ``(1, 0)``: the processor.
    fn __dlpack_device__(&self) -> (i32, i32) {
        (1, 0)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.memory.traverse(visit)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(crate::pickle::not_pickled("Local", "`numpy.array(local)`"))
    }

    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        let this = slf.get();
        let buffer = &*this.memory;
        let refuse = |why: &str| Err(PyBufferError::new_err(why.to_owned()));
        let asks = |flag: c_int| flags & flag == flag;
        let c_order = buffer.is_c_contiguous();
        if asks(ffi::PyBUF_WRITABLE) && this.readonly() {
            return refuse("the memory may only be read");
        }
        if !asks(ffi::PyBUF_STRIDES) && !c_order {
            return refuse("the items do not lie in C order, and strides were not asked for");
        }
        if asks(ffi::PyBUF_C_CONTIGUOUS) && !c_order {
            return refuse("the items do not lie one behind the other in C order");
        }
        if asks(ffi::PyBUF_F_CONTIGUOUS) && !buffer.is_f_contiguous() {
            return refuse("the items do not lie one behind the other in Fortran's order");
        }
        if asks(ffi::PyBUF_ANY_CONTIGUOUS) && !c_order && !buffer.is_f_contiguous() {
            return refuse("the items do not lie one behind the other");
        }
        let format = this.format()?.as_ptr();
        // SAFETY: Python gives a struct to be filled. Address, extents and strides are those of the
        // buffer that `slf` keeps, and `obj` keeps `slf` until the view is released; no code writes
        // through the pointers (they are mutable by history).
        unsafe {
            (*view).buf = buffer.as_ptr().cast_mut().cast();
            (*view).len = (buffer.len() * buffer.itemsize()) as ffi::Py_ssize_t;
            (*view).itemsize = buffer.itemsize() as ffi::Py_ssize_t;
            (*view).readonly = c_int::from(this.readonly());
            (*view).ndim = buffer.ndim() as c_int;
            (*view).format = if asks(ffi::PyBUF_FORMAT) { format.cast_mut() } else { null_mut() };
            let has_shape = asks(ffi::PyBUF_ND) && buffer.ndim() > 0;
            (*view).shape = if has_shape { buffer.shape().as_ptr().cast_mut().cast() } else { null_mut() };
            let has_strides = asks(ffi::PyBUF_STRIDES) && buffer.ndim() > 0;
            (*view).strides = if has_strides { buffer.strides().as_ptr().cast_mut().cast() } else { null_mut() };
            (*view).suboffsets = null_mut();
            (*view).internal = null_mut();
            (*view).obj = slf.into_ptr();
        }
        Ok(())
    }
}

/// A shape as Python writes it.
pub(crate) fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("({}{})", inner.join(", "), if numbers.len() == 1 { "," } else { "" })
}

/// Listed indices as a buffer that may only be read.
pub(crate) fn integers(list: &Arc<[i64]>) -> PyResult<Local> {
    let (data, len) = (list.as_ptr().cast_mut().cast(), list.len() as i64);
    let dtype = dap_core::dtype::DType::parse("=i8").map_err(|error| PyBufferError::new_err(error.to_string()))?;
    // SAFETY: the list is that long and initialised, and stays while the `Arc` that owns it here
    // does. It is only read.
    let buffer = unsafe { Buffer::from_raw(data, dtype, &[len], None, Access::ReadOnly, Arc::clone(list)) };
    buffer.map(|buffer| Local::new(Memory::new(buffer))).map_err(buffer_error)
}
