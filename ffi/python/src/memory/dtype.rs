//! Item types between Python and here: any spelling that NumPy takes comes in, NumPy's `dtype` goes
//! out.
//!
//! NumPy is not needed: without it texts and Python's own number types come in, and texts go out.

use dap_core::dtype::{DType, DTypeErrorKind, Descr, Kind};
use dap_ndarray::Buffer;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyString, PyType};

use super::{Local, Memory, buffer_error, hold};

/// The type that is meant where none is given, as in NumPy.
const DEFAULT: &str = "=f8";

/// The text of an item type: NumPy's typestr, or the PEP-3118 format of a struct.
pub(crate) fn dtype_text(dtype: &DType) -> String {
    dtype.typestr().or_else(|| dtype.pep3118()).unwrap_or_else(|| dtype.name())
}

/// The item type as NumPy prints it: `float64`, `>f8`, `<U3`, `[('a', '<i4')]`.
pub(crate) fn dtype_shown(dtype: &DType) -> String {
    match dtype {
        DType::Scalar(scalar) => match scalar.kind() {
            Kind::Bool | Kind::Int | Kind::Uint | Kind::Float | Kind::Complex if scalar.is_native() => dtype.name(),
            Kind::Object => "object".to_owned(),
            _ => dtype_text(dtype),
        },
        DType::Struct(_) => dtype.descr().map_or_else(|| dtype_text(dtype), |descr| literal(&descr)),
    }
}

/// An item type as a literal of Python: a list of fields is a list, a field and its extents are
/// tuples, and the lists of a dictionary are lists.
fn literal(descr: &Descr) -> String {
    let comma = |items: &[Descr]| items.iter().map(literal).collect::<Vec<_>>().join(", ");
    match descr {
        Descr::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Descr::Int(number) => number.to_string(),
        Descr::List(fields) if fields.iter().all(|field| matches!(field, Descr::List(_))) => {
            format!("[{}]", comma(fields))
        }
        Descr::List(items) => format!("({}{})", comma(items), if items.len() == 1 { "," } else { "" }),
        Descr::Dict(entries) => {
            let entries = entries.iter().map(|(key, value)| match value {
                Descr::List(items) => format!("'{key}': [{}]", comma(items)),
                other => format!("'{key}': {}", literal(other)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Descr::Other(words) => (*words).to_owned(),
    }
}

/// NumPy's `dtype` of an item type, or its text where NumPy is not installed or has no such type.
pub(crate) fn dtype_object<'py>(py: Python<'py>, dtype: &DType) -> PyResult<Bound<'py, PyAny>> {
    let text = || PyString::new(py, &dtype_text(dtype)).into_any();
    let Ok(numpy) = py.import(intern!(py, "numpy")) else { return Ok(text()) };
    let found = match dtype {
        DType::Scalar(_) => dtype.typestr().map(|text| numpy.call_method1(intern!(py, "dtype"), (text,))),
        DType::Struct(_) => dtype.has_format().then(|| {
            // By the buffer protocol, with all offsets and padding.
            let none = Buffer::zeros(dtype.clone(), &[0]).map_err(buffer_error)?;
            let local = Bound::new(py, Local::new(Memory::new(none)))?;
            numpy.call_method1(intern!(py, "asarray"), (local,))?.getattr(intern!(py, "dtype"))
        }),
    };
    Ok(found.and_then(Result::ok).unwrap_or_else(text))
}

/// The item type that an argument names: a typestr, a format, a name, a Python type, or anything
/// else that NumPy takes for one.
///
/// # Errors
/// `ValueError` for a type that no buffer carries, `TypeError` for what names none.
pub(crate) fn dtype_argument(object: &Bound<'_, PyAny>) -> PyResult<DType> {
    let py = object.py();
    if object.is_none() {
        return parse(DEFAULT);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return of_text(text);
    }
    if let Ok(class) = object.cast::<PyType>() {
        let numbers = [
            (py.get_type::<PyFloat>(), DEFAULT),
            (py.get_type::<PyInt>(), "=i8"),
            (py.get_type::<PyBool>(), "|b1"),
            (py.get_type::<PyComplex>(), "=c16"),
        ];
        if let Some((_, text)) = numbers.iter().find(|(number, _)| class.is(number)) {
            return parse(text);
        }
    }
    if let Some(dtype) = of_numpy(object)? {
        return Ok(dtype);
    }
    // PyTorch's types are texts such as `torch.float64`.
    let shown = object.str()?;
    if let Err(error) = DType::parse(&shown.to_string_lossy())
        && let DTypeErrorKind::Name { typestr } = error.kind
    {
        return parse(typestr);
    }
    let text = format!(
        "{} names no item type: a typestr such as '<f8', a name such as 'float64' or a `numpy.dtype` does",
        object.repr()?.to_string_lossy()
    );
    Err(PyTypeError::new_err(text))
}

fn parse(text: &str) -> PyResult<DType> {
    DType::parse(text).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn of_text(text: &Bound<'_, PyString>) -> PyResult<DType> {
    let shown = text.to_string_lossy();
    let error = match DType::parse(&shown) {
        // Letters that are a name of NumPy's, such as `csingle`, and by chance a format of that
        // many items.
        Ok(dtype @ DType::Struct(_)) if !shown.contains('{') => return Ok(of_numpy(text)?.unwrap_or(dtype)),
        Ok(dtype) => return Ok(dtype),
        Err(error) => error,
    };
    match error.kind {
        DTypeErrorKind::Name { typestr } => parse(typestr),
        // Without a length, or of a kind that no buffer carries: NumPy would take it.
        DTypeErrorKind::Empty
        | DTypeErrorKind::MissingSize { .. }
        | DTypeErrorKind::NoFormat { .. }
        | DTypeErrorKind::TooLarge => Err(PyValueError::new_err(error.to_string())),
        // NumPy's further names, and its structs in one text.
        _ => match of_numpy(text) {
            Ok(Some(dtype)) => Ok(dtype),
            Err(numpy) if numpy.is_instance_of::<PyValueError>(text.py()) => Err(numpy),
            Ok(None) | Err(_) => Err(PyValueError::new_err(error.to_string())),
        },
    }
}

/// The item type by `numpy.dtype`; `None` where NumPy is not installed or takes the object for
/// none.
fn of_numpy(object: &Bound<'_, PyAny>) -> PyResult<Option<DType>> {
    let py = object.py();
    let Ok(numpy) = py.import(intern!(py, "numpy")) else { return Ok(None) };
    let Ok(dtype) = numpy.call_method1(intern!(py, "dtype"), (object,)) else { return Ok(None) };
    let refuse = |why: &str| {
        let shown = dtype.str().map_or_else(|_| "the type".to_owned(), |text| text.to_string_lossy().into_owned());
        Err(PyValueError::new_err(format!("`{shown}` {why}")))
    };
    if !dtype.getattr(intern!(py, "subdtype"))?.is_none() {
        return refuse("has extents of its own; the extents of the items belong in the layout");
    }
    if !dtype.getattr(intern!(py, "names"))?.is_none() {
        // By the buffer protocol, with all offsets and padding.
        let empty = numpy.call_method1(intern!(py, "empty"), (0, dtype))?;
        return Ok(Some(hold(&empty)?.dtype().clone()));
    }
    let kind = dtype.getattr(intern!(py, "kind"))?.extract::<String>()?;
    if kind == "V" && !dtype.getattr(intern!(py, "type"))?.is(&numpy.getattr(intern!(py, "void"))?) {
        return refuse("is not one of NumPy's own types and has no PEP-3118 format, so no buffer can carry it");
    }
    if matches!(&*kind, "S" | "U") && dtype.getattr(intern!(py, "itemsize"))?.extract::<i64>()? == 0 {
        return refuse("does not say a length; write '<U8' for 8 characters, '|S8' for 8 bytes");
    }
    parse(&dtype.getattr(intern!(py, "str"))?.extract::<String>()?).map(Some)
}
