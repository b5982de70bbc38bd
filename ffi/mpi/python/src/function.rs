//! Compiled functions of the user an element: pointers to C functions, as `numba.cfunc` and
//! `ctypes` have them.
//!
//! | call | the C function, for elements of type T |
//! |---|---|
//! | map of one to four arrays | `T f(T, ...)` |
//! | map with the global index | `T f(int64_t, ..., T)`, one number for each axis |
//! | reduction, scan | `T f(T, T)` |
//! | stencil | `T f(const T *neighbours)`, in the order of the offsets |
//!
//! T is one of `uint8`, `int32`, `int64`, `float32` and `float64`: each type needs a copy of each
//! kernel in this library.
//!
//! # Safety argument of this module
//!
//! The package passes the address of a function of the signature above: it compares the signature
//! with that of the `numba` or `ctypes` object, which the caller holds during the call. A program
//! that gives a pointer of another signature breaks the package's rule, as it would with `ctypes`.

use std::ptr::with_exposed_provenance;

use dap_array::{Boundary, DynArray, ElementType, Stencil, Value};
use pyo3::prelude::*;

use crate::array::{Array, made};
use crate::error::{Raised, type_error, value_error};
use crate::operand::value_for;

/// Evaluates an expression with the type of an element type in scope.
macro_rules! with_type {
    ($element:expr, $name:ident => $body:expr) => {
        match $element {
            ElementType::U8 => {
                type $name = u8;
                $body
            }
            ElementType::I32 => {
                type $name = i32;
                $body
            }
            ElementType::I64 => {
                type $name = i64;
                $body
            }
            ElementType::F32 => {
                type $name = f32;
                $body
            }
            ElementType::F64 => {
                type $name = f64;
                $body
            }
            other => type_error(format!(
                "a compiled function takes elements of uint8, int32, int64, float32 or float64, not {other}: convert the array"
            )),
        }
    };
}

/// The C function of a type at an address.
macro_rules! c_function {
    ($address:expr, $type:ty) => {{
        let pointer = with_exposed_provenance::<()>($address);
        // SAFETY: the address is that of a function of this signature, which lives as long as the
        // call; see the module's argument. It is not 0: `checked` has looked.
        let function = unsafe { std::mem::transmute::<*const (), $type>(pointer) };
        function
    }};
}

/// Calls a C function.
macro_rules! call {
    ($function:ident, $($argument:expr),*) => {
        // SAFETY: a function of this signature; see the module's argument.
        unsafe { $function($($argument),*) }
    };
}

fn checked(address: usize) -> PyResult<()> {
    if address == 0 { value_error("the function's address is 0") } else { Ok(()) }
}

fn element_of(array: &DynArray) -> ElementType {
    // Items that cannot be computed with are refused by name.
    array.element().unwrap_or(ElementType::Bool)
}

/// A compiled function of the elements of one to four arrays of one type, broadcast together.
#[pyfunction]
pub(crate) fn map_elements<'py>(
    py: Python<'py>,
    arrays: Vec<Bound<'py, Array>>,
    address: usize,
) -> PyResult<Bound<'py, PyAny>> {
    checked(address)?;
    let arrays = arrays.iter().map(|array| array.get().settled(py)).collect::<PyResult<Vec<_>>>()?;
    let Some(first) = arrays.first() else { return value_error("a function of no array") };
    with_type!(element_of(first), T => made(py, || match &arrays[..] {
        [x] => {
            let f = c_function!(address, unsafe extern "C" fn(T) -> T);
            x.map(move |a: T| call!(f, a))
        }
        [x, y] => {
            let f = c_function!(address, unsafe extern "C" fn(T, T) -> T);
            x.zip(y, move |a: T, b: T| call!(f, a, b))
        }
        [x, y, z] => {
            let f = c_function!(address, unsafe extern "C" fn(T, T, T) -> T);
            x.zip3(y, z, move |a: T, b: T, c: T| call!(f, a, b, c))
        }
        [x, y, z, w] => {
            let f = c_function!(address, unsafe extern "C" fn(T, T, T, T) -> T);
            x.zip4(y, z, w, move |a: T, b: T, c: T, d: T| call!(f, a, b, c, d))
        }
        more => Err(dap_mpi::Error::new(
            dap_mpi::ErrorKind::Argument,
            format!("a function of {} arrays: at most four", more.len()),
        )),
    }))
}

/// A compiled function of the global index and the value of each element.
#[pyfunction]
pub(crate) fn map_indexed<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    address: usize,
) -> PyResult<Bound<'py, PyAny>> {
    checked(address)?;
    let x = array.get().settled(py)?;
    with_type!(element_of(&x), T => made(py, || match x.ndim() {
        1 => {
            let f = c_function!(address, unsafe extern "C" fn(i64, T) -> T);
            x.map_with_index(move |[i]: [i64; 1], a: T| call!(f, i, a))
        }
        2 => {
            let f = c_function!(address, unsafe extern "C" fn(i64, i64, T) -> T);
            x.map_with_index(move |[i, j]: [i64; 2], a: T| call!(f, i, j, a))
        }
        3 => {
            let f = c_function!(address, unsafe extern "C" fn(i64, i64, i64, T) -> T);
            x.map_with_index(move |[i, j, k]: [i64; 3], a: T| call!(f, i, j, k, a))
        }
        4 => {
            let f = c_function!(address, unsafe extern "C" fn(i64, i64, i64, i64, T) -> T);
            x.map_with_index(move |[i, j, k, l]: [i64; 4], a: T| call!(f, i, j, k, l, a))
        }
        ndim => Err(dap_mpi::Error::new(
            dap_mpi::ErrorKind::Argument,
            format!("a compiled function of indices takes one to four axes, the array has {ndim}"),
        )),
    }))
}

/// All elements, or those along some axes, combined by a compiled associative function.
#[pyfunction]
pub(crate) fn reduce_elements<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    axes: Option<Vec<i64>>,
    keepdims: bool,
    address: usize,
) -> PyResult<Bound<'py, PyAny>> {
    checked(address)?;
    let x = array.get().settled(py)?;
    let axes = axes.unwrap_or_else(|| (0..x.ndim() as i64).collect());
    with_type!(element_of(&x), T => made(py, || {
        let f = c_function!(address, unsafe extern "C" fn(T, T) -> T);
        x.reduce_along_by(&axes, keepdims, move |a: T, b: T| call!(f, a, b))
    }))
}

/// At each place along an axis the elements up to it, combined by a compiled associative function.
#[pyfunction]
pub(crate) fn scan_elements<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    axis: i64,
    address: usize,
) -> PyResult<Bound<'py, PyAny>> {
    checked(address)?;
    let x = array.get().settled(py)?;
    with_type!(element_of(&x), T => made(py, || {
        let f = c_function!(address, unsafe extern "C" fn(T, T) -> T);
        x.scan_by(axis, move |a: T, b: T| call!(f, a, b))
    }))
}

/// The sum of neighbours with weights, of an array of `float32` or `float64`; with `only_explain`
/// the text of what moves.
#[pyfunction]
pub(crate) fn stencil_weighted<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    taps: Vec<(Vec<i64>, f64)>,
    boundary: &str,
    value: &Bound<'py, PyAny>,
    only_explain: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let x = array.get().settled(py)?;
    match element_of(&x) {
        ElementType::F32 => {
            let taps: Vec<(&[i64], f32)> = taps.iter().map(|(offset, weight)| (&offset[..], *weight as f32)).collect();
            stencil(py, &x, Stencil::weighted(&taps), boundary_of(boundary, value)?, only_explain)
        }
        ElementType::F64 => {
            let taps: Vec<(&[i64], f64)> = taps.iter().map(|(offset, weight)| (&offset[..], *weight)).collect();
            stencil(py, &x, Stencil::weighted(&taps), boundary_of(boundary, value)?, only_explain)
        }
        other => type_error(format!("weights are for elements of float32 or float64, not {other}: convert the array")),
    }
}

/// A compiled function of the neighbours.
#[pyfunction]
pub(crate) fn stencil_function<'py>(
    py: Python<'py>,
    array: &Bound<'py, Array>,
    offsets: Vec<Vec<i64>>,
    address: usize,
    boundary: &str,
    value: &Bound<'py, PyAny>,
    only_explain: bool,
) -> PyResult<Bound<'py, PyAny>> {
    checked(address)?;
    let x = array.get().settled(py)?;
    let Some(first) = offsets.first() else { return value_error("a stencil needs a neighbour: no offset is given") };
    with_type!(element_of(&x), T => {
        let f = c_function!(address, unsafe extern "C" fn(*const T) -> T);
        let boundary = boundary_of::<T>(boundary, value)?;
        // Kernels are compiled for some numbers of neighbours: behind its own the function gets
        // the first one again.
        macro_rules! of {
            ($count:literal) => {{
                let taps: [&[i64]; $count] = std::array::from_fn(|tap| &offsets.get(tap).unwrap_or(first)[..]);
                let made = Stencil::map(taps, move |neighbours: [T; $count]| call!(f, neighbours.as_ptr()));
                stencil(py, &x, made, boundary, only_explain)
            }};
        }
        match offsets.len() {
            ..=3 => of!(3),
            4..=5 => of!(5),
            6..=9 => of!(9),
            10..=27 => of!(27),
            more => value_error(format!("a compiled function of {more} neighbours: at most 27")),
        }
    })
}

fn stencil<'py, T: dap_array::Element>(
    py: Python<'py>,
    array: &DynArray,
    stencil: dap_array::Result<Stencil<'_, T>>,
    boundary: Boundary<T>,
    only_explain: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let stencil = stencil.raised()?;
    if only_explain {
        let text = array.explain_stencil(&stencil, boundary).raised()?;
        return Ok(text.into_pyobject(py)?.into_any());
    }
    made(py, || array.stencil(&stencil, boundary))
}

/// A number as an element.
trait FromValue: dap_array::Element {
    fn from_value(value: Value) -> Self;
}

macro_rules! from_value {
    ($($type:ty),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> $type {
                // `value_for` has checked that the type has the value.
                match value {
                    Value::Bool(value) => <$type>::from(u8::from(value)),
                    Value::Int(value) => value as $type,
                    Value::Float(value) | Value::Complex(value, _) => value as $type,
                }
            }
        }
    )*};
}
from_value!(u8, i32, i64, f32, f64);

fn boundary_of<T: FromValue>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Boundary<T>> {
    Ok(match name {
        "none" => Boundary::None,
        "constant" => Boundary::Constant(T::from_value(value_for(value, T::TYPE)?)),
        "periodic" => Boundary::Periodic,
        "reflect" => Boundary::Reflect,
        "nearest" => Boundary::Nearest,
        _ => {
            return value_error(format!(
                "no boundary {name:?}: 'none', 'constant', 'periodic', 'reflect' or 'nearest'"
            ));
        }
    })
}
