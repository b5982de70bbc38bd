//! Views, and copies of elements to other places.

use dap_array::{DynArray, PadMode};
use dap_core::algebra::{Slice, Subscript};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyEllipsis, PySlice, PyTuple};

use crate::array::{Array, made, object};
use crate::error::{Raised, value_error};
use crate::layout::placement_of;
use crate::operand::value_for;
use crate::thread::without_gil;

type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// A function of the elements in memory.
fn of<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    body: impl FnOnce(&DynArray) -> dap_array::Result<DynArray>,
) -> Made<'py> {
    let settled = array.get().settled(py)?;
    made(py, || body(&settled))
}

/// The part that integers, slices, None and Ellipsis select: a view; a value, collectively, where
/// no dimension is left.
#[pyfunction]
pub(crate) fn part<'py>(py: Python<'py>, array: &Bound<'py, Array>, index: &Bound<'py, PyTuple>) -> Made<'py> {
    let subscripts = index.iter().map(|it| subscript(&it)).collect::<PyResult<Vec<_>>>()?;
    of(py, array, |array| array.part(&subscripts))
}

/// A part of an index.
pub(crate) fn subscript(given: &Bound<'_, PyAny>) -> PyResult<Subscript> {
    if given.is_none() {
        return Ok(Subscript::NewAxis);
    }
    if given.is_instance_of::<PyEllipsis>() {
        return Ok(Subscript::Ellipsis);
    }
    let Ok(slice) = given.cast::<PySlice>() else { return Ok(Subscript::Index(given.extract()?)) };
    let bound = |name: &str| -> PyResult<Option<i64>> {
        let bound = slice.getattr(name)?;
        if bound.is_none() {
            return Ok(None);
        }
        // As slices do, a number beyond all extents is clipped.
        let number = bound.call_method0("__index__")?;
        Ok(Some(number.extract().unwrap_or(if number.lt(0)? { i64::MIN / 2 } else { i64::MAX / 2 })))
    };
    Ok(Subscript::Slice(Slice { start: bound("start")?, stop: bound("stop")?, step: bound("step")? }))
}

/// The axes in another order; in reverse order without one. A view.
#[pyfunction]
#[pyo3(signature = (array, order=None))]
pub(crate) fn transpose<'py>(py: Python<'py>, array: &Bound<'py, Array>, order: Option<Vec<i64>>) -> Made<'py> {
    of(py, array, |array| match &order {
        Some(order) => array.transpose(order),
        None => array.reversed_axes(),
    })
}

/// The elements in reverse order along some axes. A view.
#[pyfunction]
pub(crate) fn flip<'py>(py: Python<'py>, array: &Bound<'py, Array>, axes: Vec<i64>) -> Made<'py> {
    of(py, array, |array| array.flip(&axes))
}

/// The elements repeated to a larger shape. A view.
#[pyfunction]
pub(crate) fn broadcast_to<'py>(py: Python<'py>, array: &Bound<'py, Array>, shape: Vec<i64>) -> Made<'py> {
    of(py, array, |array| array.broadcast_to(&shape))
}

/// The same elements in C order, in another shape. Collective, but where axes of one element come
/// or go.
#[pyfunction]
pub(crate) fn reshape<'py>(py: Python<'py>, array: &Bound<'py, Array>, shape: Vec<i64>) -> Made<'py> {
    of(py, array, |array| array.reshape(&shape))
}

/// A new array with the same elements in the same distribution. Local.
#[pyfunction]
pub(crate) fn copy<'py>(py: Python<'py>, array: &Bound<'py, Array>) -> Made<'py> {
    if let Some(scalar) = array.get().inner()?.value() {
        return object(py, Array::scalar(array.get().inner()?.context(), scalar));
    }
    of(py, array, DynArray::copy)
}

/// The same elements in another placement. Collective.
#[pyfunction]
pub(crate) fn redistribute<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    placement: &Bound<'py, PyAny>,
) -> Made<'py> {
    let placement = placement_of(placement)?;
    of(py, array, |array| array.redistribute(placement))
}

/// The bytes of all elements in C order, on rank ``root``, or on all ranks without one; None
/// elsewhere. Collective.
#[pyfunction]
#[pyo3(signature = (array, root=None))]
pub(crate) fn gather<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    root: Option<i32>,
) -> PyResult<Option<Bound<'py, PyByteArray>>> {
    let settled = array.get().settled(py)?;
    let bytes = without_gil(py, || {
        let comm = settled.context().comm();
        let holder = root.unwrap_or(0);
        let mut bytes = match settled.gather(holder)?.export()? {
            // A transposed array of one rank is gathered without a move, and lies in its own order.
            Some(section) => section.buffer().to_native()?.bytes()?.to_vec(),
            None => Vec::new(),
        };
        if root.is_none() {
            bytes.resize(settled.len() as usize * settled.dtype().itemsize().max(0) as usize, 0);
            comm.broadcast(holder, &mut bytes)?;
        }
        dap_array::Result::Ok((comm.rank() == holder || root.is_none()).then_some(bytes))
    });
    Ok(bytes.raised()?.map(|bytes| PyByteArray::new(py, &bytes)))
}

/// Arrays joined or stacked along an axis.
fn joined<'py>(
    py: Python<'py>,
    arrays: &[Bound<'py, Array>],
    axis: i64,
    join: impl FnOnce(&[&DynArray], i64) -> dap_array::Result<DynArray>,
) -> Made<'py> {
    let settled = arrays.iter().map(|array| array.get().settled(py)).collect::<PyResult<Vec<_>>>()?;
    made(py, || join(&settled.iter().collect::<Vec<_>>(), axis))
}

/// Arrays one behind the other along an axis. Collective.
#[pyfunction]
pub(crate) fn concatenate<'py>(py: Python<'py>, arrays: Vec<Bound<'py, Array>>, axis: i64) -> Made<'py> {
    joined(py, &arrays, axis, DynArray::concatenate)
}

/// Arrays of one shape along a new axis. Collective.
#[pyfunction]
pub(crate) fn stack<'py>(py: Python<'py>, arrays: Vec<Bound<'py, Array>>, axis: i64) -> Made<'py> {
    joined(py, &arrays, axis, DynArray::stack)
}

/// The array several times along each axis. Collective.
#[pyfunction]
pub(crate) fn tile<'py>(py: Python<'py>, array: &Bound<'py, Array>, repeats: Vec<i64>) -> Made<'py> {
    of(py, array, |array| array.tile(&repeats))
}

/// Each element several times along an axis. Collective.
#[pyfunction]
pub(crate) fn repeat<'py>(py: Python<'py>, array: &Bound<'py, Array>, times: i64, axis: i64) -> Made<'py> {
    of(py, array, |array| array.repeat(times, axis))
}

/// The elements moved along some axes, round the ends. Collective.
#[pyfunction]
pub(crate) fn roll<'py>(py: Python<'py>, array: &Bound<'py, Array>, shifts: Vec<i64>, axes: Vec<i64>) -> Made<'py> {
    of(py, array, |array| array.roll(&shifts, &axes))
}

/// The array with new elements around it. Collective.
#[pyfunction]
pub(crate) fn pad<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    widths: Vec<[i64; 2]>,
    mode: &str,
    value: &Bound<'py, PyAny>,
) -> Made<'py> {
    let mode = match mode {
        "constant" => PadMode::Constant,
        "edge" => PadMode::Edge,
        "reflect" => PadMode::Reflect,
        "symmetric" => PadMode::Symmetric,
        "wrap" => PadMode::Wrap,
        _ => return value_error(format!("no mode {mode:?}: 'constant', 'edge', 'reflect', 'symmetric' or 'wrap'")),
    };
    let element = array.get().inner()?.element().raised()?;
    let value = value_for(value, element)?;
    of(py, array, |array| array.pad(&widths, mode, value))
}
