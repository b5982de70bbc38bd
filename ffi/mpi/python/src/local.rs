//! The memory of a `daparray.Local`: this process's part of an array that another library owns.
//!
//! Items are opaque bytes of one size, so that arrays of all item types move alike: structs and
//! other byte orders, too, which a `DapArray` cannot describe. The package has compared the item
//! types of all ranks before.

use dap_core::dtype::DType;
use dap_ndarray::{Access, Buffer};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::error::{Raised, type_error, value_error};

/// The type of opaque items of this size.
pub(crate) fn opaque(itemsize: i64) -> PyResult<DType> {
    if itemsize < 1 {
        return value_error(format!("items of {itemsize} bytes do not move"));
    }
    DType::parse(&format!("|V{itemsize}")).map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))
}

/// The class `daparray.Local`.
fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static LOCAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    LOCAL.import(py, "daparray._daparray", "Local")
}

/// The memory of a `Local`, as a buffer of opaque items.
///
/// # Safety
/// The buffer is dropped before the object is, and no other code writes the memory while a view of
/// the buffer lives.
///
/// # Errors
/// An object of another class.
pub(crate) unsafe fn buffer_of(local: &Bound<'_, PyAny>, dtype: &DType) -> PyResult<Buffer> {
    if !local.get_type().is(class(local.py())?) {
        return type_error("memory comes as `daparray.Local`");
    }
    let address: usize = local.getattr("address")?.extract()?;
    let (shape, strides): (Vec<i64>, Vec<i64>) =
        (local.getattr("shape")?.extract()?, local.getattr("strides")?.extract()?);
    let itemsize: i64 = local.getattr("itemsize")?.extract()?;
    if itemsize != dtype.itemsize() {
        return value_error(format!("the items have {itemsize} bytes, those that move {}", dtype.itemsize()));
    }
    let access = if local.getattr("readonly")?.extract()? { Access::ReadOnly } else { Access::ReadWrite };
    let data = std::ptr::with_exposed_provenance_mut(address);
    // SAFETY: the object is a `daparray.Local`, a class without subclasses and with fields that
    // Python cannot set. It keeps the memory, all of whose items its address, shape and strides
    // reach, and says whether they may be written. The caller keeps the object, and other code from
    // the memory.
    let buffer = unsafe { Buffer::from_raw(data, dtype.clone(), &shape, Some(&strides), access, ()) };
    buffer.map_err(dap_mpi::Error::from).raised()
}
