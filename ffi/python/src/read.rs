//! What `__distarray__` returned, read leniently: tuples or lists, any integers, any mappings.
//!
//! Reading does not fail half-way. A value of a wrong type is kept as a description, and the
//! checker says what is wrong with it. [`Notes`] keep what was accepted though a strict reader
//! would not.

use dap_core::dtype::DType;
use dap_core::export::{self, DimDict, Export, Field, Version};
use dap_core::finding::{Finding, Key, Place};
use dap_core::rules::RuleId;
use dap_ndarray::Buffer;
use pyo3::exceptions::PyBufferError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::dim_data::DimData;
use crate::dim_dict::{self, Notes};
use crate::memory::{Memory, hold};
use crate::value::{found, mapping};

/// An export, and the memory of its buffer where it has any.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) export: Export,
    pub(crate) memory: Option<Memory>,
    pub(crate) notes: Notes,
}

/// Reads a dictionary as `__distarray__` returns it.
///
/// # Errors
/// Exceptions of the objects in it; a wrong type is no error.
pub(crate) fn export(object: &Bound<'_, PyAny>) -> PyResult<Exported> {
    let mut notes = Notes::default();
    let mut export = Export { complete: true, ..Export::default() };
    let Some(dict) = mapping(object)? else {
        let place = Place::export(Key::Export);
        let finding = Finding::new(RuleId::EXPORT_NOT_A_DICTIONARY, place).with("found", found(object)?.to_string());
        export.problems.push(finding);
        return Ok(Exported { export, memory: None, notes });
    };
    let mut memory = None;
    for (key, value) in dict.iter() {
        match key.cast::<PyString>().ok().map(|key| key.to_string_lossy()).as_deref() {
            Some("__version__") => export.version = version(&value)?,
            Some("buffer") => export.buffer = buffer(&value, &mut memory)?,
            Some("dim_data") => export.dim_data = dim_data(&value, &mut notes)?,
            Some(name) => export.unknown.add_value(name, found(&value)?),
            None => export.unknown.add_value(&key.str()?.to_string_lossy(), found(&value)?),
        }
    }
    Ok(Exported { export, memory, notes })
}

fn version(value: &Bound<'_, PyAny>) -> PyResult<Field<Version>> {
    if let Ok(text) = value.cast::<PyString>()
        && let Some(version) = Version::parse(&text.to_string_lossy())
    {
        return Ok(Field::Is(version));
    }
    Ok(Field::Wrong(found(value)?.into()))
}

fn buffer(value: &Bound<'_, PyAny>, memory: &mut Option<Memory>) -> PyResult<Field<export::Buffer>> {
    let py = value.py();
    match hold(value) {
        Ok(held) => {
            let described = described(&held);
            *memory = Some(held);
            Ok(Field::Is(described))
        }
        Err(error) if error.is_instance_of::<PyBufferError>(py) => match typed(value)? {
            // NumPy's dates: described, for the rule that says what to do.
            Some(described) => Ok(Field::Is(described)),
            None => Ok(Field::Wrong(found(value)?.into())),
        },
        Err(error) => Err(error),
    }
}

/// A buffer as an export describes it; strides where they are not C order's.
pub(crate) fn described(buffer: &Buffer) -> export::Buffer {
    let strides = if buffer.is_c_contiguous() { Field::Missing } else { Field::Is(buffer.strides().to_vec()) };
    export::Buffer {
        dtype: Field::Is(Ok(buffer.dtype().clone())),
        shape: Field::Is(buffer.shape().to_vec()),
        strides,
        ..export::Buffer::default()
    }
}

/// An array whose items have no format, by NumPy's attributes.
fn typed(value: &Bound<'_, PyAny>) -> PyResult<Option<export::Buffer>> {
    let py = value.py();
    let Some(dtype) = value.getattr_opt(intern!(py, "dtype"))?.map(|dtype| dtype.getattr_opt(intern!(py, "str")))
    else {
        return Ok(None);
    };
    let (Some(text), Some(shape)) = (dtype?, value.getattr_opt(intern!(py, "shape"))?) else { return Ok(None) };
    let (Ok(text), Ok(shape)) = (text.extract::<String>(), shape.extract::<Vec<i64>>()) else { return Ok(None) };
    Ok(Some(export::Buffer { dtype: Field::Is(DType::parse(&text)), shape: Field::Is(shape), ..Default::default() }))
}

fn dim_data(value: &Bound<'_, PyAny>, notes: &mut Notes) -> PyResult<Field<Vec<Field<DimDict>>>> {
    let entries: Vec<Bound<'_, PyAny>> = if let Ok(tuple) = value.cast::<PyTuple>() {
        tuple.iter().collect()
    } else if let Ok(list) = value.cast::<PyList>() {
        notes.add(|| "`dim_data` is a list, not a tuple".into());
        list.iter().collect()
    } else {
        return Ok(Field::Wrong(found(value)?.into()));
    };
    let read = |(dim, entry): (usize, &Bound<'_, PyAny>)| match dim_dict(entry, dim, notes)? {
        Some(dict) => Ok(Field::Is(dict)),
        None => Ok(Field::Wrong(found(entry)?.into())),
    };
    entries.iter().enumerate().map(read).collect::<PyResult<_>>().map(Field::Is)
}

/// Reads the dictionary of dimension `dim`; `None` where it is none.
pub(crate) fn dim_dict(object: &Bound<'_, PyAny>, dim: usize, notes: &mut Notes) -> PyResult<Option<DimDict>> {
    match object.cast::<DimData>() {
        Ok(dim_data) => Ok(Some(dim_data.get().dict().clone())),
        Err(_) => dim_dict::of_mapping(object, dim, notes),
    }
}
