//! A dimension over all processes: `Dim`, and its kinds `Block`, `Cyclic` and `Unstructured`.

mod arguments;
mod kinds;
pub(crate) mod tuple;

use std::hash::{DefaultHasher, Hash, Hasher};

use dap_core::dim::Dim as Map;
use dap_core::finding::irregular;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
use dap_core::layout::Edition;
use dap_core::runs::Runs;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

pub(crate) use kinds::{Block, Cyclic, Unstructured};

use crate::argument::Index;
use crate::dim_data::DimData;
use crate::error::value;
use crate::pickle;

/// How one dimension is distributed over all processes: the maps between global indices and
/// (process, local index).
///
/// Made as ``Block``, ``Cyclic`` or ``Unstructured``. Processes are counted along this dimension
/// alone: a *grid rank* runs from 0 to ``grid_size - 1``. Indices are never negative, and an index
/// that is not there raises ``IndexError``.
#[pyclass(frozen, eq, subclass, weakref, module = "daparray")]
#[derive(PartialEq)]
pub(crate) struct Dim {
    map: Map,
}

impl Dim {
    pub(super) fn new(map: Map) -> Self {
        Self { map }
    }

    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    fn on_grid(&self, Index(grid_rank): Index) -> PyResult<GridRank> {
        let size = self.map.grid_size();
        if (0..size).contains(&grid_rank) {
            return Ok(GridRank(grid_rank));
        }
        Err(PyIndexError::new_err(format!(
            "the dimension has no grid rank {grid_rank}: it has {}",
            irregular(size, "process", "processes")
        )))
    }
}

/// The Python object of the right kind.
pub(crate) fn wrap(py: Python<'_>, map: Map) -> PyResult<Bound<'_, PyAny>> {
    kinds::wrap(py, map)
}

#[pymethods]
impl Dim {
    /// The letter of the protocol: ``'b'``, ``'c'`` or ``'u'``.
    #[getter]
    fn dist_type(&self) -> char {
        self.map.dist_type()
    }

    /// The number of global indices.
    #[getter]
    fn size(&self) -> i64 {
        self.map.size()
    }

    /// The number of processes along the dimension.
    #[getter]
    fn grid_size(&self) -> i64 {
        self.map.grid_size()
    }

    /// The process that owns a global index, and where in its buffer: ``(grid rank, local index)``.
    /// ``IndexError`` when there is no such index.
    fn owner(&self, index: Index) -> PyResult<(i64, i64)> {
        let Index(index) = index;
        let owner = self.map.owner(GlobalIndex(index));
        let (rank, local) = owner.ok_or_else(|| no_index(index, &self.map))?;
        Ok((rank.0, local.0))
    }

    /// The global index at a place of a process's buffer, or the one that communication padding
    /// there images. ``IndexError`` outside of the buffer.
    fn global_index(&self, grid_rank: Index, local: Index) -> PyResult<i64> {
        let (rank, Index(local)) = (self.on_grid(grid_rank)?, local);
        let global = self.map.global(rank, LocalIndex(local));
        global.map(|global| global.0).ok_or_else(|| {
            let extent = self.map.extent(rank);
            PyIndexError::new_err(format!(
                "local index {local} is not in the buffer of grid rank {}, of {extent}",
                rank.0
            ))
        })
    }

    /// Where a process holds a global index that it owns; None when another owns it.
    fn local_index(&self, grid_rank: Index, index: Index) -> PyResult<Option<i64>> {
        Ok(self.map.local(self.on_grid(grid_rank)?, GlobalIndex(index.0)).map(|local| local.0))
    }

    /// How many indices a process owns: boundary padding counted, communication padding not.
    fn owned_len(&self, grid_rank: Index) -> PyResult<i64> {
        Ok(self.map.owned_len(self.on_grid(grid_rank)?))
    }

    /// The extent of a process's buffer, all padding included.
    fn extent(&self, grid_rank: Index) -> PyResult<i64> {
        Ok(self.map.extent(self.on_grid(grid_rank)?))
    }

    /// The indices that a process owns, as ``Runs`` in ascending order: cheap for block and cyclic
    /// dimensions whatever their size.
    fn owned<'py>(&self, py: Python<'py>, grid_rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        runs(py, &self.map.runs(self.on_grid(grid_rank)?))
    }

    /// The dictionary that a process exports, of version 0.10. ``ValueError`` for a halo that wraps
    /// round the ends.
    fn dim_data(&self, grid_rank: Index) -> PyResult<DimData> {
        let rank = self.on_grid(grid_rank)?;
        self.map.dim_dict(Edition::V0_10, rank).map(DimData::new).map_err(value)
    }

    fn __str__(&self) -> String {
        self.map.to_string()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        arguments::repr(slf)
    }

    fn __hash__(&self) -> u64 {
        let mut state = DefaultHasher::new();
        self.map.hash(&mut state);
        state.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<pickle::Reduced<'py>> {
        let py = slf.py();
        let (positional, keywords) = arguments::of(py, &slf.get().map)?;
        pickle::by_function(py, "_make", (slf.get_type(), positional, keywords))
    }
}

fn no_index(index: i64, map: &Map) -> PyErr {
    let text = if map.indices_are_0_to_size() {
        format!("global index {index} is not one of the dimension's {}", map.size())
    } else {
        format!("nobody holds the global index {index}")
    };
    PyIndexError::new_err(text)
}

/// Runs of global indices that one process owns: ``count`` times ``length`` consecutive ones.
///
/// The k-th begins at ``global_start + k * global_stride`` and lies in the buffer at
/// ``local_start + k * local_stride``. With a ``count`` of 1 both strides are 0.
#[pyclass(frozen, eq, hash, get_all, weakref, module = "daparray", name = "Runs")]
#[derive(PartialEq, Hash)]
pub(crate) struct RunGroup {
    global_start: i64,
    local_start: i64,
    length: i64,
    count: i64,
    global_stride: i64,
    local_stride: i64,
}

#[pymethods]
impl RunGroup {
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<pickle::Reduced<'py>> {
        let Self { global_start, local_start, length, count, global_stride, local_stride } = self;
        let numbers = (global_start, local_start, length, count, global_stride, local_stride);
        pickle::by_function(py, "_runs", numbers)
    }

    fn __repr__(&self) -> String {
        let Self { global_start, local_start, length, count, global_stride, local_stride } = self;
        let single = format!("Runs(global_start={global_start}, local_start={local_start}, length={length}");
        match count {
            1 => format!("{single})"),
            _ => format!("{single}, count={count}, global_stride={global_stride}, local_stride={local_stride})"),
        }
    }
}

/// The `Runs` of a pickle.
#[pyfunction]
pub(crate) fn _runs(
    global_start: i64,
    local_start: i64,
    length: i64,
    count: i64,
    global_stride: i64,
    local_stride: i64,
) -> RunGroup {
    RunGroup { global_start, local_start, length, count, global_stride, local_stride }
}

/// A run set as a tuple of its groups.
pub(crate) fn runs<'py>(py: Python<'py>, runs: &Runs) -> PyResult<Bound<'py, PyTuple>> {
    let groups = runs.groups().map(|group| {
        let group = RunGroup {
            global_start: group.global_start.0,
            local_start: group.local_start.0,
            length: group.len,
            count: group.count,
            global_stride: group.global_stride,
            local_stride: group.local_stride,
        };
        Bound::new(py, group)
    });
    PyTuple::new(py, groups.collect::<PyResult<Vec<_>>>()?)
}
