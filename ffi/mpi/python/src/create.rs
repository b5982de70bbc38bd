//! New arrays. None of these sends a message.

use dap_array::{DynArray, Scalar};
use dap_core::layout::Layout;
use pyo3::prelude::*;

use crate::array::{Array, element_named, in_memory, object};
use crate::context::Context;
use crate::error::{Raised, value_error};
use crate::layout::placement_of;
use crate::operand::value_for;
use crate::thread::without_gil;

/// An array whose elements are unspecified.
#[pyfunction]
pub(crate) fn empty<'py>(
    py: Python<'py>,
    context: &Bound<'py, Context>,
    placement: &Bound<'py, PyAny>,
    dtype: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let (context, placement, element) = (context.get().get()?, placement_of(placement)?, element_named(dtype)?);
    let made = DynArray::empty(context, placement, &element.dtype()).raised()?;
    in_memory(py, made)
}

/// An array of one value.
#[pyfunction]
pub(crate) fn full<'py>(
    py: Python<'py>,
    context: &Bound<'py, Context>,
    placement: &Bound<'py, PyAny>,
    dtype: &str,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (context, placement, element) = (context.get().get()?, placement_of(placement)?, element_named(dtype)?);
    let value = value_for(value, element)?;
    let made = without_gil(py, || DynArray::full(context, placement, element, value)).raised()?;
    in_memory(py, made)
}

/// An array without dimensions.
#[pyfunction]
pub(crate) fn scalar<'py>(
    py: Python<'py>,
    context: &Bound<'py, Context>,
    dtype: &str,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let element = element_named(dtype)?;
    let value = value_for(value, element)?;
    object(py, Array::scalar(context.get().get()?, Scalar { element, value }))
}

/// An array in the placement of another, of elements that are unspecified; of a value, a value.
#[pyfunction]
pub(crate) fn empty_like<'py>(py: Python<'py>, like: &Bound<'py, Array>, dtype: &str) -> PyResult<Bound<'py, PyAny>> {
    let (inner, element) = (like.get().inner()?, element_named(dtype)?);
    let context = inner.context();
    match inner.placement() {
        Some(placement) => {
            let made = DynArray::empty(context, placement, &element.dtype()).raised()?;
            in_memory(py, made)
        }
        None => {
            let value = dap_array::Value::Bool(false);
            object(py, Array::scalar(context, Scalar { element, value }))
        }
    }
}

/// A value of an array's type.
#[pyfunction]
pub(crate) fn scalar_like<'py>(
    py: Python<'py>,
    like: &Bound<'py, Array>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let inner = like.get().inner()?;
    let element = inner.element().raised()?;
    let value = value_for(value, element)?;
    object(py, Array::scalar(inner.context(), Scalar { element, value }))
}

/// An array of one element, in memory, of a value: on rank 0, with `ndim` dimensions.
#[pyfunction]
pub(crate) fn with_dimensions<'py>(
    py: Python<'py>,
    value: &Bound<'py, Array>,
    ndim: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let inner = value.get().inner()?;
    let Some(scalar) = inner.value() else { return value_error("the array has dimensions already") };
    let layout = Layout::builder(vec![1; ndim]).build().raised()?;
    let made = DynArray::full(inner.context(), layout, scalar.element, scalar.value).raised()?;
    in_memory(py, made)
}
