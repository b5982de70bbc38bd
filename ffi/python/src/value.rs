//! Python's values as the protocol's: integers of any type, booleans, lists of indices.

use std::sync::Arc;

use dap_core::dtype::{ByteOrder, DType, Kind};
use dap_core::export::{Field, Found};
use dap_ndarray::Buffer;
use pyo3::exceptions::{PyBufferError, PyMemoryError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::memory::lend;

/// Content that was accepted although a strict reader would refuse it.
type Note<'n> = &'n mut dyn FnMut(&str);

/// An integer: `int`, or anything with `__index__`, such as NumPy's. No boolean, and no float.
pub(crate) fn integer(value: &Bound<'_, PyAny>, note: Note<'_>) -> PyResult<Field<i64>> {
    if let Ok(integer) = value.cast_exact::<PyInt>()
        && let Ok(number) = integer.extract::<i64>()
    {
        return Ok(Field::Is(number));
    }
    Ok(match number(value, note)? {
        Ok(number) => Field::Is(number),
        Err(found) => Field::Wrong(found.into()),
    })
}

/// A number of 64 bits, or what was found instead.
pub(crate) fn number(value: &Bound<'_, PyAny>, note: Note<'_>) -> PyResult<Result<i64, Found>> {
    if value.is_instance_of::<PyBool>() || value.is_instance_of::<PyString>() || is_numpy_bool(value)? {
        return found(value).map(Err);
    }
    if value.cast_exact::<PyInt>().is_err() {
        // SAFETY: the object is alive and the GIL held.
        if unsafe { ffi::PyIndex_Check(value.as_ptr()) } == 0 {
            return found(value).map(Err);
        }
        note(&format!("of type `{}`, not `int`", value.get_type().name()?));
    }
    match value.extract::<i64>() {
        Ok(number) => Ok(Ok(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            Ok(Err(big_integer(&value.call_method0(intern!(value.py(), "__index__"))?)))
        }
        // An array with one dimension has `__index__`, and then refuses.
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => found(value).map(Err),
        Err(error) => Err(error),
    }
}

/// An integer beyond 64 bits, by its digits.
fn big_integer(value: &Bound<'_, PyAny>) -> Found {
    let digits = value.str().and_then(|text| Ok(text.to_cow()?.into_owned()));
    // A number of thousands of digits has no decimal text in Python.
    Found::BigInt(digits.unwrap_or_else(|_| "beyond 64 bits".into()).into())
}

/// NumPy's booleans have `__index__` in its older versions.
fn is_numpy_bool(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let name = value.get_type().name()?;
    let name = name.to_string_lossy();
    Ok(name == "bool_" || (name == "bool" && !value.is_instance_of::<PyBool>()))
}

/// `True` or `False`, or NumPy's.
pub(crate) fn boolean(value: &Bound<'_, PyAny>, note: Note<'_>) -> PyResult<Field<bool>> {
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Field::Is(flag.is_true()));
    }
    if is_numpy_bool(value)? {
        note("NumPy's boolean, not `bool`");
        return value.is_truthy().map(Field::Is);
    }
    Ok(Field::Wrong(found(value)?.into()))
}

/// The integers of a sequence or a one-dimensional buffer.
pub(crate) fn integers(value: &Bound<'_, PyAny>, note: Note<'_>) -> PyResult<Result<Vec<i64>, Found>> {
    at_most(value, usize::MAX, note)
}

/// As [`integers`], of at most `most` items: [`Found::List`] with the number of a longer one, of
/// which nothing is read.
pub(crate) fn at_most(value: &Bound<'_, PyAny>, most: usize, note: Note<'_>) -> PyResult<Result<Vec<i64>, Found>> {
    let py = value.py();
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        return of_sequence(value, most, note);
    }
    // Texts are sequences, too.
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
        return found(value).map(Err);
    }
    match lend(value) {
        Ok(buffer) if buffer.ndim() == 1 && buffer.len() > most => Ok(Err(Found::List(buffer.len()))),
        Ok(buffer) if buffer.ndim() == 1 => match of_buffer(&buffer) {
            Some(numbers) => Ok(numbers),
            None => found(value).map(Err),
        },
        Ok(_) => found(value).map(Err),
        Err(error) if error.is_instance_of::<PyBufferError>(py) => {
            // SAFETY: the object is alive and the GIL held.
            let is_sequence = unsafe { ffi::PySequence_Check(value.as_ptr()) } != 0;
            if is_sequence { of_sequence(value, most, note) } else { found(value).map(Err) }
        }
        Err(error) => Err(error),
    }
}

/// The integers of a sequence, such as a list, a `range` or a `deque`.
fn of_sequence(value: &Bound<'_, PyAny>, most: usize, note: Note<'_>) -> PyResult<Result<Vec<i64>, Found>> {
    let Ok(len) = value.len() else { return found(value).map(Err) };
    if len > most {
        return Ok(Err(Found::List(len)));
    }
    let mut numbers = Vec::new();
    numbers.try_reserve_exact(len).map_err(|_| PyMemoryError::new_err(format!("no memory for {len} integers")))?;
    // The items' own code may change the sequence: it is read up to the length
    // that it had.
    for (at, item) in value.try_iter()?.take(len).enumerate() {
        match number(&item?, &mut *note)? {
            Ok(number) => numbers.push(number),
            Err(found) => return Ok(Err(Found::ListWith(len, at, found.into()))),
        }
    }
    Ok(Ok(numbers))
}

/// `indices`: "buffer (or buffer-compatible) of `int`".
pub(crate) fn indices(value: &Bound<'_, PyAny>, note: Note<'_>) -> PyResult<Field<Arc<[i64]>>> {
    // SAFETY: the object is alive and the GIL held.
    if unsafe { ffi::PyObject_CheckBuffer(value.as_ptr()) } == 0 {
        note("no buffer");
    }
    Ok(match integers(value, note)? {
        Ok(numbers) => Field::Is(numbers.into()),
        Err(found) => Field::Wrong(found.into()),
    })
}

/// The integers of a one-dimensional buffer; `None` where its items are none. The memory is copied
/// while the GIL is held.
fn of_buffer(buffer: &Buffer) -> Option<Result<Vec<i64>, Found>> {
    let DType::Scalar(scalar) = *buffer.dtype() else { return None };
    let signed = match scalar.kind() {
        Kind::Int => true,
        Kind::Uint => false,
        _ => return None,
    };
    let copy = buffer.to_native().ok()?;
    debug_assert_ne!(
        copy.dtype().byte_order(),
        if cfg!(target_endian = "little") { ByteOrder::Big } else { ByteOrder::Little }
    );
    let (bytes, size) = (copy.bytes().ok()?, copy.itemsize());
    let mut numbers = Vec::with_capacity(copy.len());
    for (at, item) in bytes.chunks_exact(size).enumerate() {
        let number = match (item, signed) {
            (&[a], true) => i64::from(a.cast_signed()),
            (&[a], false) => i64::from(a),
            (&[a, b], true) => i64::from(i16::from_ne_bytes([a, b])),
            (&[a, b], false) => i64::from(u16::from_ne_bytes([a, b])),
            (&[a, b, c, d], true) => i64::from(i32::from_ne_bytes([a, b, c, d])),
            (&[a, b, c, d], false) => i64::from(u32::from_ne_bytes([a, b, c, d])),
            (eight, true) => i64::from_ne_bytes(eight.try_into().ok()?),
            (eight, false) => {
                let number = u64::from_ne_bytes(eight.try_into().ok()?);
                match i64::try_from(number) {
                    Ok(number) => number,
                    Err(_) => {
                        let found = Found::BigInt(number.to_string().into());
                        return Some(Err(Found::ListWith(copy.len(), at, found.into())));
                    }
                }
            }
        };
        numbers.push(number);
    }
    Some(Ok(numbers))
}

/// The value found in the place of another one.
pub(crate) fn found(value: &Bound<'_, PyAny>) -> PyResult<Found> {
    if value.is_none() {
        return Ok(Found::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Found::Bool(flag.is_true()));
    }
    if let Ok(integer) = value.cast::<PyInt>() {
        return Ok(match integer.extract::<i64>() {
            Ok(number) => Found::Int(number),
            Err(_) => big_integer(integer),
        });
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        // As a plain `float`: NumPy's, which are floats, too, write themselves as
        // `np.float64(0.5)`.
        let plain = PyFloat::new(value.py(), float.value());
        return Ok(Found::Float(plain.repr()?.to_cow()?.into()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Found::text(&text.to_string_lossy()));
    }
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        return Ok(Found::List(value.len()?));
    }
    if value.hasattr(intern!(value.py(), "keys"))? {
        return Ok(Found::Dict);
    }
    let kind = value.get_type();
    let (module, name) = (kind.module()?, kind.qualname()?);
    let (module, name) = (module.to_string_lossy(), name.to_string_lossy());
    Ok(Found::Other(if module == "builtins" { (&*name).into() } else { format!("{module}.{name}").into() }))
}

/// A copy of a dictionary, or of another mapping: what is in it may run code that changes the
/// original.
pub(crate) fn mapping<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyDict>>> {
    if let Ok(dict) = object.cast::<PyDict>() {
        return dict.copy().map(Some);
    }
    // As `dict()` tells mappings from other things.
    if !object.hasattr(intern!(object.py(), "keys"))? {
        return Ok(None);
    }
    object.py().get_type::<PyDict>().call1((object,))?.cast_into().map(Some).map_err(PyErr::from)
}

/// A list of indices given as an argument.
///
/// # Errors
/// `TypeError` for what is no sequence or one-dimensional buffer of integers, `ValueError` for
/// integers beyond 64 bits.
pub(crate) fn index_list(value: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    integers(value, &mut |_| ())?.map_err(|found| {
        let text = format!("indices are a sequence or a one-dimensional buffer of 64-bit integers, not {found}");
        match found {
            Found::ListWith(_, _, item) if matches!(*item, Found::BigInt(_)) => PyValueError::new_err(text),
            _ => PyTypeError::new_err(text),
        }
    })
}

/// An integer given as an argument, or what was found instead.
///
/// # Errors
/// Exceptions of the object.
pub(crate) fn whole(value: &Bound<'_, PyAny>) -> PyResult<Result<i64, Found>> {
    number(value, &mut |_| ())
}

/// The integers of a sequence of at most `most`; [`Found::List`] with the number of a longer one.
///
/// # Errors
/// Exceptions of the object and of its items.
pub(crate) fn few_integers(value: &Bound<'_, PyAny>, most: usize) -> PyResult<Result<Vec<i64>, Found>> {
    at_most(value, most, &mut |_| ())
}
