//! What `__distarray__` returned, read leniently: tuples or lists, any integers, any mappings.
//!
//! Reading does not fail half-way. A value of a wrong type is kept as a description, and the
//! checker says what is wrong with it. [`Notes`] keep what was accepted though a strict reader
//! would not.

mod value;

use dap_core::dtype::DType;
use dap_core::export::{self, DimDict, DistType, Export, Field, Found, Version};
use dap_core::finding::{Finding, Key, Place};
use dap_core::rules::RuleId;
use dap_ndarray::Buffer;
use pyo3::exceptions::{PyBufferError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::dim_data::DimData;
use crate::memory::{Memory, hold};
use value::{at_most, boolean, found, indices, integer, integers, number};

/// Content that was accepted although a strict reader would refuse it.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<String>);

impl Notes {
    /// The number of warnings that are given one by one.
    const MOST: usize = 8;

    fn add(&mut self, note: impl FnOnce() -> String) {
        if self.0.len() <= Self::MOST {
            self.0.push(note());
        }
    }

    /// The warnings.
    pub(crate) fn text(&self) -> Option<String> {
        let (shown, rest) = self.0.split_at(self.0.len().min(Self::MOST));
        let more = if rest.is_empty() { "" } else { "; and more" };
        (!shown.is_empty()).then(|| format!("read, though not strictly DAP 0.10.0: {}{more}", shown.join("; ")))
    }
}

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
    if let Ok(dim_data) = object.cast::<DimData>() {
        return Ok(Some(dim_data.get().dict().clone()));
    }
    let Some(entries) = mapping(object)? else { return Ok(None) };
    let mut dict = DimDict::default();
    for (key, value) in entries.iter() {
        let Ok(key) = key.cast::<PyString>() else {
            dict.unknown.add_value(&key.str()?.to_string_lossy(), found(&value)?);
            continue;
        };
        let key = key.to_string_lossy();
        let mut note = |what: &str| notes.add(|| format!("`dim_data[{dim}][{key:?}]` is {what}"));
        match &*key {
            "dist_type" => dict.dist_type = dist_type(&value)?,
            "size" => dict.size = integer(&value, &mut note)?,
            "proc_grid_size" => dict.proc_grid_size = integer(&value, &mut note)?,
            "proc_grid_rank" => dict.proc_grid_rank = integer(&value, &mut note)?,
            "start" => dict.start = integer(&value, &mut note)?,
            "stop" => dict.stop = integer(&value, &mut note)?,
            "padding" => dict.padding = padding(&value, &mut note)?,
            "periodic" => dict.periodic = boolean(&value, &mut note)?,
            "block_size" => dict.block_size = integer(&value, &mut note)?,
            "indices" => dict.indices = indices(&value, &mut note)?,
            "one_to_one" => dict.one_to_one = boolean(&value, &mut note)?,
            name => dict.unknown.add_value(name, found(&value)?),
        }
    }
    Ok(Some(dict))
}

fn dist_type(value: &Bound<'_, PyAny>) -> PyResult<Field<DistType>> {
    if let Ok(text) = value.cast::<PyString>()
        && let Some(letter) = DistType::from_letter(&text.to_string_lossy())
    {
        return Ok(Field::Is(letter));
    }
    Ok(Field::Wrong(found(value)?.into()))
}

fn padding(value: &Bound<'_, PyAny>, note: &mut dyn FnMut(&str)) -> PyResult<Field<[i64; 2]>> {
    if value.cast::<PyTuple>().is_err() {
        note("no tuple");
    }
    Ok(match integers(value, note)? {
        Ok(numbers) => match <[i64; 2]>::try_from(numbers) {
            Ok(pair) => Field::Is(pair),
            Err(numbers) => Field::Wrong(Found::List(numbers.len()).into()),
        },
        Err(found) => Field::Wrong(found.into()),
    })
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
