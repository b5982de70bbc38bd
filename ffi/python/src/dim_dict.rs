//! A mapping read as the dictionary of a dimension.

use dap_core::export::{DimDict, DistType, Field, Found};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::value::{boolean, found, indices, integer, integers, mapping};

/// Content that was accepted although a strict reader would refuse it.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<String>);

impl Notes {
    /// The number of warnings that are given one by one.
    const MOST: usize = 8;

    pub(crate) fn add(&mut self, note: impl FnOnce() -> String) {
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

/// Reads a mapping as the dictionary of dimension `dim`; `None` where it is none.
pub(crate) fn of_mapping(object: &Bound<'_, PyAny>, dim: usize, notes: &mut Notes) -> PyResult<Option<DimDict>> {
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
