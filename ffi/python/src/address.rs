//! `from_address`: memory that C or Fortran lends, as an address.

use dap_core::export::dense_strides;
use dap_ndarray::copy::movable;
use dap_ndarray::{Access, Buffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::argument::{Sizes, Text};
use crate::memory::{Local, Memory, dtype_argument, dtype_shown};
use crate::value;

/// Memory that C or Fortran lends, as a ``Local`` without a copy: items of type ``dtype`` from
/// ``address`` on, that of the item at index 0.
///
///     field = from_address(library.field(), (5, 4), "float64", owner=library)
///     section = layout.section(rank, field)
///
/// ``strides`` are in bytes, one for each dimension; without them the items lie one behind the
/// other in ``order`` ``'C'`` or ``'F'``, Fortran's. ``owner`` is any object, which is kept as long
/// as the memory is used: let it end the loan when it is freed. ``dtype`` is spelled as for
/// ``Layout.zeros``. Nothing can be checked about the memory itself: it must be there, initialised,
/// and stay until ``owner`` is let go.
///
/// ``ValueError`` for a shape, strides or an item type that no memory can have.
#[pyfunction]
#[pyo3(signature = (address, shape, dtype, *, strides=None, order=None, readonly=false, owner=None),
       text_signature = "(address, shape, dtype, *, strides=None, order='C', readonly=False, owner=None)")]
pub(crate) fn from_address(
    address: &Bound<'_, PyAny>,
    shape: &Bound<'_, PyAny>,
    dtype: &Bound<'_, PyAny>,
    strides: Option<Sizes>,
    order: Option<Text>,
    readonly: bool,
    owner: Option<Py<PyAny>>,
) -> PyResult<Local> {
    let dtype = dtype_argument(dtype)?;
    if movable(&dtype).is_err() {
        let text =
            format!("items of {} are or hold addresses of objects, which no other language lends", dtype_shown(&dtype));
        return Err(PyValueError::new_err(text));
    }
    let data = pointer(address)?;
    let shape = extents(shape)?;
    let strides = match (strides, order.as_ref().map(|order| &*order.0)) {
        (Some(_), Some(_)) => return Err(PyTypeError::new_err("`strides` and `order` say the same: pass one of them")),
        (Some(Sizes(strides)), None) => Some(strides),
        (None, None | Some("C")) => None,
        (None, Some("F")) => dense_strides(&shape, dtype.itemsize(), 0..shape.len()),
        (None, Some(other)) => return Err(PyValueError::new_err(format!("`order` is 'C' or 'F', not {other:?}"))),
    };
    let access = if readonly { Access::ReadOnly } else { Access::ReadWrite };
    // SAFETY: the caller says that the memory is there while `owner` is, which the `Memory` below
    // keeps beside the buffer, and that it may be read, and written unless `readonly`. No view of
    // items is made in this crate: see the page of `memory`.
    let buffer = unsafe { Buffer::from_raw(data, dtype, &shape, strides.as_deref(), access, ()) };
    let buffer = buffer.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Local::new(Memory::kept(buffer, owner)))
}

/// An address. ctypes gives None for a null pointer, whose `value` this may be.
fn pointer(address: &Bound<'_, PyAny>) -> PyResult<*mut u8> {
    if address.is_none() {
        return Ok(std::ptr::null_mut());
    }
    let number = value::whole(address)?.map_err(|found| {
        PyTypeError::new_err(format!(
            "the address is {found}: pass an integer below 2^63, such as `ctypes.addressof(memory)`"
        ))
    })?;
    let number = usize::try_from(number)
        .map_err(|_| PyValueError::new_err(format!("the address is {number}, which is below 0")))?;
    Ok(std::ptr::with_exposed_provenance_mut(number))
}

/// A shape: one extent, or a sequence of them.
fn extents(shape: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    match value::whole(shape)? {
        Ok(extent) => Ok(vec![extent]),
        Err(_) => shape.extract::<Sizes>().map(|Sizes(extents)| extents),
    }
}
