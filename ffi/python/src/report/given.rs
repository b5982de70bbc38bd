//! The exports that Python gives: objects with `__distarray__`, dictionaries, JSON texts.

use dap_core::check::Ranks;
use dap_core::export::{DimDict, Export, Field};
use dap_core::json;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyString, PyTuple};

use super::text;
use crate::capsule;
use crate::read;
use crate::section::Section;

/// One rank's export, and its text where it came as one.
pub(crate) struct Given {
    pub(super) export: Export,
    text: Option<Vec<u8>>,
}

impl Given {
    pub(crate) fn new(export: Export) -> Self {
        Self { export, text: None }
    }

    /// Reads one rank's export from an object that has or describes it.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(section) = object.cast::<Section>() {
            return Ok(Self::new(section.get().export()));
        }
        if let Some(text) = text_of(object)? {
            return Ok(Self::of_text(&text));
        }
        if let Some(method) = object.getattr_opt(intern!(object.py(), "__distarray__"))? {
            return Ok(Self::new(read::export(&method.call0()?)?.export));
        }
        if object.is_instance_of::<PyCapsule>() {
            return capsule::describe(object).map(Self::new);
        }
        // A dictionary can hold keys for which the struct has no field, so it is read first.
        if let Some(method) = object.getattr_opt(intern!(object.py(), "__distarray_c__"))? {
            return capsule::describe(&method.call0()?).map(Self::new);
        }
        Ok(Self::new(read::export(object)?.export))
    }

    fn of_text(text: &[u8]) -> Self {
        Self { export: json::read(text), text: Some(text.to_vec()) }
    }

    /// The text in which findings are shown.
    pub(super) fn text(&self) -> Vec<u8> {
        self.text.clone().unwrap_or_else(|| text::of(&self.export).into_bytes())
    }

    /// The export with the positions of its unknown keys in the text.
    pub(super) fn with_spans(mut self) -> Self {
        let dims = |export: &Export| export.dim_data.get().map_or(0, Vec::len);
        let export = &self.export;
        let in_dims = export
            .dim_data
            .get()
            .is_some_and(|dims| dims.iter().any(|dim| dim.get().is_some_and(|dict| !dict.unknown.is_empty())));
        if self.text.is_some() || (export.unknown.is_empty() && !in_dims) {
            return self;
        }
        let again = json::read(&self.text());
        if dims(&again) != dims(export) {
            return self;
        }
        self.export.unknown = again.unknown;
        if let (Field::Is(dims), Field::Is(again)) = (&mut self.export.dim_data, again.dim_data) {
            for (dim, again) in dims.iter_mut().zip(again) {
                if let (Field::Is(dim), Field::Is(again)) = (dim, again) {
                    dim.unknown = again.unknown;
                }
            }
        }
        self
    }

    /// The rank of the export's grid coordinates in C order; 0 if they give none.
    pub(super) fn rank(&self) -> i64 {
        let dims = self.export.dim_data.get().map_or(&[][..], Vec::as_slice);
        let along = |rank: i64, dim: &Field<DimDict>| {
            let number = |field: &Field<i64>, default| field.get().copied().unwrap_or(default);
            let Some(dict) = dim.get() else { return Some(rank) };
            rank.checked_mul(number(&dict.proc_grid_size, 1))?.checked_add(number(&dict.proc_grid_rank, 0))
        };
        dims.iter().try_fold(0, along).unwrap_or(0)
    }
}

/// All exports of an argument, and the claim that they are all ranks' or some.
pub(super) fn all_given(objects: &Bound<'_, PyAny>, partial: bool) -> PyResult<(Vec<Given>, Ranks)> {
    if objects.is_instance_of::<PyList>() || objects.is_instance_of::<PyTuple>() {
        let given = objects.try_iter()?.map(|object| Given::of(&object?)).collect::<PyResult<_>>()?;
        return Ok((given, if partial { Ranks::Some } else { Ranks::All }));
    }
    if let Some(text) = text_of(objects)? {
        let texts = match json::split(&text) {
            json::Document::Bundle { problems, .. } if !problems.is_empty() => {
                let export = Export { problems, ..Export::default() };
                return Ok((vec![Given { export, text: Some(text) }], Ranks::Some));
            }
            json::Document::Bundle { exports, .. } => Some(exports.into_iter().map(|range| &text[range]).collect()),
            json::Document::Export => json::lines(&text),
        };
        if let Some(texts) = texts {
            let given = texts.into_iter().map(Given::of_text).collect();
            return Ok((given, if partial { Ranks::Some } else { Ranks::All }));
        }
    }
    Ok((vec![Given::of(objects)?], Ranks::Some))
}

/// The bytes of a text; `None` for any other object.
fn text_of(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(text) = object.cast::<PyString>() {
        // Lone surrogates become bytes that are no UTF-8, which is a finding.
        let bytes = text.call_method1(intern!(text.py(), "encode"), ("utf-8", "surrogatepass"))?;
        return Ok(Some(bytes.extract()?));
    }
    Ok(object.cast::<PyBytes>().ok().map(|bytes| bytes.as_bytes().to_vec()))
}
