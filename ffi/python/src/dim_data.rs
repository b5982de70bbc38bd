//! `DimData`: one process's dictionary of one dimension, as a value.

use std::hash::{DefaultHasher, Hash, Hasher};

use dap_core::export::{DimDict, Field};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::argument::Size;
use crate::dim_dict::{self, Notes};
use crate::{value, write};

/// One process's dictionary of one dimension: what stands in ``dim_data``.
///
///     DimData({'dist_type': 'b', 'size': 10, 'proc_grid_size': 2, 'proc_grid_rank': 0,
///              'start': 0, 'stop': 5})
///     DimData.block(10, 0, 5, proc_grid_size=2)            # the same
///     DimData.cyclic(10, 0, block_size=2, proc_grid_size=2)
///     DimData.unstructured(10, [3, 1, 4], proc_grid_size=3)
///
/// Nothing is checked here: the dictionary may be as wrong as it likes, for ``validate`` to say so.
/// Mapping keys are read with ``[]``, iterated and turned into a plain dictionary with ``dict()``.
#[pyclass(frozen, eq, mapping, weakref, module = "daparray")]
#[derive(Clone, PartialEq)]
pub(crate) struct DimData {
    dict: DimDict,
}

impl DimData {
    pub(crate) fn new(dict: DimDict) -> Self {
        Self { dict }
    }

    pub(crate) fn dict(&self) -> &DimDict {
        &self.dict
    }
}

type Padding = Option<(Size, Size)>;

#[pymethods]
impl DimData {
    #[new]
    #[pyo3(text_signature = "(mapping, /)")]
    fn of(mapping: &Bound<'_, PyAny>) -> PyResult<Self> {
        let dict = dim_dict::of_mapping(mapping, 0, &mut Notes::default())?;
        let dict = dict.ok_or_else(|| PyTypeError::new_err("a dimension dictionary is a mapping"))?;
        // The kept description of a wrong value cannot be passed on as a value.
        let wrong = [
            ("dist_type", matches!(dict.dist_type, Field::Wrong(_))),
            ("size", matches!(dict.size, Field::Wrong(_))),
            ("proc_grid_size", matches!(dict.proc_grid_size, Field::Wrong(_))),
            ("proc_grid_rank", matches!(dict.proc_grid_rank, Field::Wrong(_))),
            ("start", matches!(dict.start, Field::Wrong(_))),
            ("stop", matches!(dict.stop, Field::Wrong(_))),
            ("padding", matches!(dict.padding, Field::Wrong(_))),
            ("periodic", matches!(dict.periodic, Field::Wrong(_))),
            ("block_size", matches!(dict.block_size, Field::Wrong(_))),
            ("indices", matches!(dict.indices, Field::Wrong(_))),
            ("one_to_one", matches!(dict.one_to_one, Field::Wrong(_))),
        ];
        if let Some((key, _)) = wrong.iter().find(|(_, wrong)| *wrong) {
            return Err(PyTypeError::new_err(format!("`{key}` is not of the type that the protocol gives it")));
        }
        match dict.unknown.kept() {
            [] => Ok(Self { dict }),
            [key, ..] => Err(PyValueError::new_err(format!("the protocol has no key `{}`", key.name))),
        }
    }

    /// A block: the buffer holds global indices ``start`` to ``stop`` (exclusive), padding
    /// included.
    #[staticmethod]
    #[pyo3(signature = (size, start, stop, *, proc_grid_size=Size(1), proc_grid_rank=Size(0), padding=None, periodic=None),
           text_signature = "(size, start, stop, *, proc_grid_size=1, proc_grid_rank=0, padding=None, periodic=None)")]
    fn block(
        size: Size,
        start: Size,
        stop: Size,
        proc_grid_size: Size,
        proc_grid_rank: Size,
        padding: Padding,
        periodic: Option<bool>,
    ) -> Self {
        let dict = DimDict::block(size.0, start.0, stop.0).on_grid(proc_grid_rank.0, proc_grid_size.0);
        let padding = padding.map_or(Field::Missing, |(lo, hi)| Field::Is([lo.0, hi.0]));
        Self::new(DimDict { padding, periodic: periodic.map_or(Field::Missing, Field::Is), ..dict })
    }

    /// A cyclic section: blocks of ``block_size`` indices, of which this process's first begins at
    /// ``start``.
    #[staticmethod]
    #[pyo3(signature = (size, start, block_size=Size(1), *, proc_grid_size=Size(1), proc_grid_rank=Size(0)),
           text_signature = "(size, start, block_size=1, *, proc_grid_size=1, proc_grid_rank=0)")]
    fn cyclic(size: Size, start: Size, block_size: Size, proc_grid_size: Size, proc_grid_rank: Size) -> Self {
        let dict = DimDict::cyclic(size.0, block_size.0).on_grid(proc_grid_rank.0, proc_grid_size.0);
        Self::new(DimDict { start: Field::Is(start.0), ..dict })
    }

    /// An unstructured section: ``indices`` (a sequence, or a one-dimensional buffer of integers)
    /// are the global indices.
    #[staticmethod]
    #[pyo3(signature = (size, indices, *, proc_grid_size=Size(1), proc_grid_rank=Size(0), one_to_one=None),
           text_signature = "(size, indices, *, proc_grid_size=1, proc_grid_rank=0, one_to_one=None)")]
    fn unstructured(
        size: Size,
        indices: &Bound<'_, PyAny>,
        proc_grid_size: Size,
        proc_grid_rank: Size,
        one_to_one: Option<bool>,
    ) -> PyResult<Self> {
        let list = value::index_list(indices)?;
        let dict = DimDict::unstructured(size.0, list).on_grid(proc_grid_rank.0, proc_grid_size.0);
        Ok(Self::new(DimDict { one_to_one: one_to_one.map_or(Field::Missing, Field::Is), ..dict }))
    }

    /// A plain dictionary; ``indices`` are a buffer of 64-bit integers.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        write::dim_dict(py, &self.dict)
    }

    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.to_dict(py)?.keys().into_any())
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.as_any().get_item(key)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.to_dict(py)?.try_iter()?.into_any())
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.to_dict(py)?.len())
    }

    fn __contains__(&self, py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.to_dict(py)?.contains(key)
    }

    fn __hash__(&self) -> u64 {
        let mut state = DefaultHasher::new();
        let of = |field: &Field<i64>| field.get().copied();
        let dict = &self.dict;
        let numbers =
            [&dict.size, &dict.proc_grid_size, &dict.proc_grid_rank, &dict.start, &dict.stop, &dict.block_size];
        (dict.dist_type.get(), numbers.map(of), dict.padding.get(), dict.indices.get()).hash(&mut state);
        state.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let plain = self.plain(py)?;
        Ok(format!("DimData({})", plain.repr()?.to_cow()?))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let plain = slf.get().plain(slf.py())?;
        Ok((slf.get_type().into_any(), PyTuple::new(slf.py(), [plain])?))
    }
}

impl DimData {
    /// The dictionary with `indices` as a list, for people and for pickles.
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = self.to_dict(py)?;
        if let Field::Is(indices) = &self.dict.indices {
            dict.set_item("indices", indices.to_vec())?;
        }
        Ok(dict)
    }
}
