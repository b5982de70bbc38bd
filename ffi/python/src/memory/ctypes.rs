//! The item types of ctypes, read from the types themselves.
//!
//! The formats that ctypes gives its structs leave out the padding between fields (before Python
//! 3.12), and say `B` of packed structs and of unions, so they say neither where a field lies nor
//! what it is. The types do: `_fields_` and the descriptors' `offset`.
//!
//! # Limits
//!
//! Bit fields, unions and addresses (pointers, functions, Python objects) are refused: a buffer
//! cannot say the first two, and the last mean nothing to another process.

use std::ffi::CStr;

use dap_core::dtype::{DType, Descr, MAX_DEPTH, MAX_FIELDS};
use pyo3::exceptions::PyBufferError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView, PyString, PyTuple, PyType};

use super::buffer::unwrapped;

/// The type of an exporter's items; `None` where it is none of ctypes, or its format says it all.
pub(super) fn item_type(exporter: &Bound<'_, PyAny>, format: &CStr, itemsize: i64) -> PyResult<Option<DType>> {
    let Some(ctypes) = Ctypes::loaded(exporter.py())? else { return Ok(None) };
    let owner = unwrapped(exporter)?;
    if !owner.is_instance(&ctypes.data)? {
        return Ok(None);
    }
    // A `memoryview` may have been cast to bytes.
    let own = PyMemoryView::from(&owner)?;
    let (own_format, own_size) =
        (own.getattr("format")?.extract::<String>()?, own.getattr("itemsize")?.extract::<i64>()?);
    if own_format.as_bytes() != format.to_bytes() || own_size != itemsize {
        return Ok(None);
    }
    let (item, _) = ctypes.elements(&owner.get_type())?;
    let mut left = MAX_FIELDS;
    let descr = ctypes.describe(&item, 0, &mut left)?;
    DType::from_descr(&descr).map(Some).map_err(|error| not_described(&item, &error))
}

/// The classes of ctypes that tell its types apart.
struct Ctypes<'py> {
    data: Bound<'py, PyAny>,
    structure: Bound<'py, PyAny>,
    union: Bound<'py, PyAny>,
    array: Bound<'py, PyAny>,
}

impl<'py> Ctypes<'py> {
    /// `None` as long as ctypes is not loaded: no object can be one of its then.
    fn loaded(py: Python<'py>) -> PyResult<Option<Self>> {
        let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
        let Ok(module) = modules.get_item(intern!(py, "_ctypes")) else { return Ok(None) };
        let class = |name| module.getattr(name);
        let (structure, union, array) = (class("Structure")?, class("Union")?, class("Array")?);
        // The class that all its data have; it has no public name.
        let data = structure.getattr(intern!(py, "__base__"))?;
        Ok(Some(Self { data, structure, union, array }))
    }

    /// The type of an array's elements, and the array's extents; a type that is no array has none.
    fn elements(&self, class: &Bound<'py, PyType>) -> PyResult<(Bound<'py, PyType>, Vec<Descr>)> {
        let (mut class, mut extents) = (class.clone(), Vec::new());
        while class.is_subclass(&self.array)? {
            extents.push(Descr::Int(class.getattr(intern!(class.py(), "_length_"))?.extract()?));
            class = class.getattr(intern!(class.py(), "_type_"))?.cast_into::<PyType>()?;
        }
        Ok((class, extents))
    }

    /// A struct or a number as NumPy describes it, with its offsets and its size. `left` counts the
    /// fields that may still come: types may hold one another so often that no memory could list
    /// them.
    fn describe(&self, class: &Bound<'py, PyType>, depth: usize, left: &mut usize) -> PyResult<Descr> {
        let py = class.py();
        if class.is_subclass(&self.union)? {
            return Err(not_described(
                class,
                &"a union's fields lie in one place, which no format can say; lend one of them",
            ));
        }
        if !class.is_subclass(&self.structure)? {
            return scalar(class);
        }
        if depth >= MAX_DEPTH {
            return Err(not_described(class, &format_args!("structs are nested more than {MAX_DEPTH} deep")));
        }
        let (mut names, mut formats, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
        // A base's fields come first.
        let bases = class.getattr(intern!(py, "__mro__"))?.cast_into::<PyTuple>()?;
        for base in bases.iter().rev() {
            let own = base.getattr(intern!(py, "__dict__"))?;
            let Ok(fields) = own.get_item(intern!(py, "_fields_")) else { continue };
            for field in fields.try_iter()? {
                let field = field?.cast_into::<PyTuple>()?;
                let name = field.get_item(0)?.cast_into::<PyString>()?;
                if field.len() > 2 {
                    let why = format!("`{}` is a bit field, which no format can say", name.to_string_lossy());
                    return Err(not_described(class, &why));
                }
                *left = left.checked_sub(1).ok_or_else(|| {
                    not_described(
                        class,
                        &format_args!("it has more than {MAX_FIELDS} fields, those of inner structs included"),
                    )
                })?;
                let (element, extents) = self.elements(&field.get_item(1)?.cast_into::<PyType>()?)?;
                let element = self.describe(&element, depth + 1, left)?;
                let offset = own.get_item(&name)?.getattr(intern!(py, "offset"))?.extract()?;
                names.push(Descr::Text(name.to_string_lossy().into_owned()));
                offsets.push(Descr::Int(offset));
                formats.push(match extents.is_empty() {
                    true => element,
                    false => Descr::List(vec![element, Descr::List(extents)]),
                });
            }
        }
        let size = py.import(intern!(py, "ctypes"))?.call_method1(intern!(py, "sizeof"), (class,))?.extract()?;
        let columns = [
            ("names", Descr::List(names)),
            ("formats", Descr::List(formats)),
            ("offsets", Descr::List(offsets)),
            ("itemsize", Descr::Int(size)),
        ];
        Ok(Descr::Dict(columns.map(|(key, column)| (key.to_owned(), column)).into()))
    }
}

const ADDRESS: &str = "it is an address, which means nothing to another process";

/// A number, whose format says it all.
fn scalar(class: &Bound<'_, PyType>) -> PyResult<Descr> {
    let py = class.py();
    let size = py.import(intern!(py, "ctypes"))?.call_method1(intern!(py, "sizeof"), (class,))?.extract::<usize>()?;
    // Not `class()`, which may run code of its own.
    let zero = class.call_method1(intern!(py, "from_buffer_copy"), (PyBytes::new(py, &vec![0; size]),));
    let Ok(zero) = zero else { return Err(not_described(class, &ADDRESS)) };
    let view = PyMemoryView::from(&zero)?;
    let (format, size) = (view.getattr("format")?.extract::<String>()?, view.getattr("itemsize")?.extract::<i64>()?);
    let dtype = match format.trim_start_matches(['<', '>', '=', '@']) {
        // NumPy has no such letters; `wchar_t` has 4 bytes and holds one code point.
        "u" if size == 4 => DType::parse("=U1"),
        "c" => DType::parse("|S1"),
        "z" | "Z" => return Err(not_described(class, &ADDRESS)),
        _ => DType::from_buffer(&format, size),
    };
    let dtype = dtype.map_err(|error| not_described(class, &error))?;
    if dtype.is_object() {
        return Err(not_described(class, &ADDRESS));
    }
    dtype.typestr().map(Descr::Text).ok_or_else(|| not_described(class, &"it has no typestr"))
}

fn not_described(class: &Bound<'_, PyType>, why: &dyn std::fmt::Display) -> PyErr {
    let name = class.name().map_or_else(|_| "a type".to_owned(), |name| name.to_string_lossy().into_owned());
    PyBufferError::new_err(format!("items of the ctypes type `{name}` cannot be described: {why}"))
}
