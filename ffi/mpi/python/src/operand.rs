//! Python's numbers, NumPy's scalars and arrays as operands.

use std::rc::Rc;

use dap_array::{ElementType, Expr, Scalar, Value};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyOverflowError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyType};

use crate::array::{Array, Inner, element_named};

/// An operand.
pub(crate) enum Operand {
    Array(Rc<Inner>),
    /// A number of Python, whose type gives way to those of arrays.
    Weak(Value),
    /// A scalar of NumPy, whose type counts.
    Typed(Scalar),
}

impl Operand {
    /// The operand that an object is; `None` for other objects. Elements that a mask selects are
    /// copied first.
    ///
    /// # Errors
    /// An array of another thread; an integer that no element holds.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Option<Operand>> {
        if let Ok(array) = object.cast_exact::<Array>() {
            let inner = array.get().inner()?;
            if inner.masked().is_some() {
                array.get().settled(object.py())?;
            }
            return Ok(Some(Operand::Array(Rc::clone(inner))));
        }
        if let Some(value) = python_number(object)? {
            return Ok(Some(Operand::Weak(value)));
        }
        if is_numpy_scalar(object)? {
            let py = object.py();
            let name: String = object.getattr(intern!(py, "dtype"))?.getattr(intern!(py, "name"))?.extract()?;
            let number = object.call_method0(intern!(py, "item"))?;
            let (element, value) = (element_named(&name)?, python_number(&number)?);
            return Ok(value.map(|value| Operand::Typed(Scalar { element, value })));
        }
        Ok(None)
    }

    pub(crate) fn expr(&self) -> Expr<'static> {
        match self {
            Operand::Array(inner) => inner.expr(),
            Operand::Weak(value) => Expr::number(*value),
            Operand::Typed(scalar) => Expr::scalar(*scalar),
        }
    }
}

/// A number of Python itself.
fn python_number(object: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    if let Ok(number) = object.cast_exact::<PyFloat>() {
        return Ok(Some(Value::Float(number.value())));
    }
    if let Ok(number) = object.cast_exact::<PyInt>() {
        let whole = number.extract::<i64>().map(i128::from).or_else(|_| number.extract::<u64>().map(i128::from));
        return match whole {
            Ok(whole) => Ok(Some(Value::Int(whole))),
            Err(_) => Err(PyOverflowError::new_err("the integer is out of the range of all types of elements")),
        };
    }
    if let Ok(number) = object.cast_exact::<PyBool>() {
        return Ok(Some(Value::Bool(number.is_true())));
    }
    if let Ok(number) = object.cast_exact::<PyComplex>() {
        return Ok(Some(Value::Complex(number.real(), number.imag())));
    }
    Ok(None)
}

fn is_numpy_scalar(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static GENERIC: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    object.is_instance(GENERIC.import(object.py(), "numpy", "generic")?)
}

/// The number of Python that a value is.
pub(crate) fn number_object<'py>(py: Python<'py>, scalar: Scalar) -> PyResult<Bound<'py, PyAny>> {
    match scalar.value {
        Value::Bool(value) => value.into_bound_py_any(py),
        Value::Int(value) => match i64::try_from(value) {
            Ok(value) => value.into_bound_py_any(py),
            Err(_) => (value as u64).into_bound_py_any(py),
        },
        Value::Float(value) => value.into_bound_py_any(py),
        Value::Complex(re, im) => PyComplex::from_doubles(py, re, im).into_bound_py_any(py),
    }
}

/// A number of Python or NumPy as a value for elements of a type.
///
/// # Errors
/// `TypeError` for other objects; `OverflowError` for a value that the type does not have.
pub(crate) fn value_for(object: &Bound<'_, PyAny>, element: ElementType) -> PyResult<Value> {
    let value = match Operand::of(object)? {
        Some(Operand::Weak(value)) => value,
        Some(Operand::Typed(scalar)) => scalar.value,
        Some(Operand::Array(inner)) if inner.value().is_some() => {
            inner.value().map_or(Value::Bool(false), |it| it.value)
        }
        _ => {
            let name = object.get_type().name()?;
            return crate::error::type_error(format!("a number is expected, not `{name}`"));
        }
    };
    if value.bytes(element).is_some() {
        return Ok(value);
    }
    // As C converts numbers to `bool`.
    if element == ElementType::Bool {
        return Ok(Value::Bool(Scalar { element, value }.is_true()));
    }
    match value {
        Value::Int(_) => Err(PyOverflowError::new_err(format!("the integer is out of the range of {element}"))),
        _ => crate::error::type_error(format!("a number of this kind is no {element}")),
    }
}
