//! `Layout`: how an array is distributed over all its processes.

use std::hash::{DefaultHasher, Hash, Hasher};

use dap_core::dtype::DType;
use dap_core::finding::{irregular, plural};
use dap_core::index::{GlobalIndex, GridRank, LocalIndex, Rank};
use dap_core::json;
use dap_core::layout::Layout as Map;
use dap_ndarray::Buffer;
use pyo3::exceptions::{PyIndexError, PyMemoryError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::{Index, Indices, Size, Text};
use crate::dim::{self, Dim};
use crate::dim_data::DimData;
use crate::error::value;
use crate::memory::{Memory, buffer_error, dtype_argument, hold};
use crate::report;
use crate::section::Section;

/// How an array is distributed over all its processes: one ``Block``, ``Cyclic`` or
/// ``Unstructured`` for each dimension.
///
///     layout = Layout([Block(16, 2), Cyclic(16, 2, 2)])     # 16 x 16 elements on 2 x 2 processes
///     layout = Layout.from_exports(comm.allgather(daparray.describe(array)))
///
/// Ranks count the processes in C order over the grid: the last dimension's coordinate varies
/// fastest. Global indices are tuples, one integer a dimension. Asking costs the same whatever the
/// size of the array.
#[pyclass(frozen, eq, weakref, module = "daparray")]
#[derive(Clone, PartialEq)]
pub(crate) struct Layout {
    layout: Map,
}

impl Layout {
    pub(crate) fn new(layout: Map) -> Self {
        Self { layout }
    }

    pub(crate) fn layout(&self) -> &Map {
        &self.layout
    }

    pub(crate) fn picture(&self) -> PyResult<String> {
        self.svg(Size(720), None, None, Size(16))
    }

    fn known(&self, Index(rank): Index) -> PyResult<Rank> {
        let processes = self.layout.processes();
        if (0..processes).contains(&rank) {
            return Ok(Rank(rank));
        }
        Err(PyIndexError::new_err(format!(
            "the layout has no rank {rank}: it has {}",
            irregular(processes, "process", "processes")
        )))
    }
}

#[pymethods]
impl Layout {
    #[new]
    #[pyo3(text_signature = "(dims, /)")]
    fn of(dims: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut maps = Vec::new();
        for dim in dims.try_iter()? {
            let dim = dim?;
            let dim = dim.cast::<Dim>().map_err(|_| {
                PyTypeError::new_err(
                    "a layout is made of `Block`, `Cyclic` and `Unstructured`; see `Layout.from_exports`",
                )
            })?;
            maps.push(dim.get().map().clone());
        }
        Map::new(maps).map(Self::new).map_err(value)
    }

    /// The layout that the exports of all ranks describe, in rank order: as ``validate`` takes
    /// them, a list or one text.
    ///
    /// ``ValidationError`` if they are wrong, or not all ranks are there.
    #[staticmethod]
    fn from_exports(exports: &Bound<'_, PyAny>) -> PyResult<Self> {
        report::layout_of(exports)
    }

    /// The layout of a bundle: the text that ``to_json`` wrote, or ``{"ranks": [...]}`` with the
    /// export of each rank.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> PyResult<Self> {
        report::layout_of(text)
    }

    /// A bundle of all ranks' exports as JSON, for items of type ``dtype`` in buffers in C order.
    /// Grows with the number of ranks: ``MemoryError`` where there is no room for them. ``dtype``
    /// is spelled as for ``zeros``.
    #[pyo3(signature = (dtype=None), text_signature = "(self, dtype='=f8')")]
    fn to_json(&self, py: Python<'_>, dtype: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
        let dtype = self::dtype(py, dtype)?;
        let mut text = String::from("{\"ranks\": [\n");
        // No export is shorter. A layout may have more ranks than there is memory, which is better
        // known before than in the middle.
        let least = usize::try_from(self.layout.processes()).unwrap_or(usize::MAX).saturating_mul(80);
        text.try_reserve(least).map_err(|_| {
            PyMemoryError::new_err(format!("no memory for the exports of {}", plural(self.layout.processes(), "rank")))
        })?;
        for rank in 0..self.layout.processes() {
            let export = self.layout.export(Rank(rank), &dtype).map_err(value)?;
            json::write_into(&export, &mut text)
                .ok_or_else(|| PyValueError::new_err("items of this type have no text"))?;
            text += if rank + 1 < self.layout.processes() { ",\n" } else { "\n" };
        }
        Ok(text + "]}\n")
    }

    /// The dimensions.
    #[getter]
    fn dims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let dims = self.layout.dims().iter().map(|map| dim::wrap(py, map.clone()));
        PyTuple::new(py, dims.collect::<PyResult<Vec<_>>>()?)
    }

    /// The extents of the whole array.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.layout.shape())
    }

    /// The number of dimensions.
    #[getter]
    fn ndim(&self) -> usize {
        self.layout.ndim()
    }

    /// The number of elements of the whole array.
    #[getter]
    fn size(&self) -> i64 {
        self.layout.len()
    }

    /// The number of processes along each dimension.
    #[getter]
    fn grid_shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.layout.grid().shape())
    }

    /// The number of processes.
    #[getter]
    fn processes(&self) -> i64 {
        self.layout.processes()
    }

    /// A rank's place in the process grid. ``IndexError`` for ranks that are not there, here and
    /// below.
    fn coordinates<'py>(&self, py: Python<'py>, rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        let coordinates = self.layout.grid().coordinates(self.known(rank)?).unwrap_or_default();
        PyTuple::new(py, coordinates.iter().map(|coordinate| coordinate.0))
    }

    /// The rank at a place of the process grid.
    fn rank(&self, coordinates: Indices) -> PyResult<i64> {
        let Indices(coordinates) = coordinates;
        let place: Vec<GridRank> = coordinates.iter().copied().map(GridRank).collect();
        let rank = self.layout.grid().rank(&place).map(|rank| rank.0);
        rank.ok_or_else(|| {
            PyIndexError::new_err(format!("{coordinates:?} is no place of the grid {}", self.layout.grid()))
        })
    }

    /// The owner of an element, and its place in the owner's buffer: ``(rank, local index)``.
    /// ``IndexError`` when there is no such element.
    fn owner<'py>(&self, py: Python<'py>, index: Indices) -> PyResult<(i64, Bound<'py, PyTuple>)> {
        let Indices(index) = index;
        let global: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
        let (rank, local) = self.layout.try_owner(&global).map_err(absent)?;
        Ok((rank.0, PyTuple::new(py, local.iter().map(|local| local.0))?))
    }

    /// The global index of a place of a rank's buffer, or the one that communication padding there
    /// images. ``IndexError`` outside of the buffer.
    fn global_index<'py>(&self, py: Python<'py>, rank: Index, local: Indices) -> PyResult<Bound<'py, PyTuple>> {
        let (rank, Indices(local)) = (self.known(rank)?, local);
        let place: Vec<LocalIndex> = local.iter().copied().map(LocalIndex).collect();
        let global = self.layout.try_global(rank, &place).map_err(absent)?;
        PyTuple::new(py, global.iter().map(|global| global.0))
    }

    /// Where a rank holds an element that it owns; None when another owns it.
    fn local_index<'py>(&self, py: Python<'py>, rank: Index, index: Indices) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let known = self.known(rank)?;
        let (owner, local) = self.owner(py, index)?;
        Ok((owner == known.0).then_some(local))
    }

    /// The shape of a rank's buffer, all padding included.
    fn local_shape<'py>(&self, py: Python<'py>, rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.layout.local_shape(self.known(rank)?).unwrap_or_default())
    }

    /// How many elements a rank owns along each dimension: boundary padding counted, communication
    /// padding not.
    fn owned_shape<'py>(&self, py: Python<'py>, rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.layout.owned_shape(self.known(rank)?).unwrap_or_default())
    }

    /// The indices that a rank owns along each dimension, as tuples of ``Runs``: its elements are
    /// their product.
    fn owned<'py>(&self, py: Python<'py>, rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        let runs = self.layout.runs(self.known(rank)?).unwrap_or_default();
        let dims = runs.iter().map(|runs| dim::runs(py, runs)).collect::<PyResult<Vec<_>>>()?;
        PyTuple::new(py, dims)
    }

    /// The dictionaries that a rank exports, of version 0.10.
    fn dim_data<'py>(&self, py: Python<'py>, rank: Index) -> PyResult<Bound<'py, PyTuple>> {
        let coordinates = self.layout.grid().coordinates(self.known(rank)?).unwrap_or_default();
        let dicts = self.layout.dims().iter().zip(coordinates).map(|(dim, coordinate)| {
            let dict = dim.dim_dict(dap_core::layout::Edition::V0_10, coordinate).map_err(value)?;
            Bound::new(py, DimData::new(dict))
        });
        PyTuple::new(py, dicts.collect::<PyResult<Vec<_>>>()?)
    }

    /// A rank's part, with memory that is shared: anything with the buffer protocol or
    /// ``__dlpack__``, of ``local_shape(rank)``.
    ///
    /// ``ValueError`` for a buffer of another shape.
    fn section(&self, rank: Index, buffer: &Bound<'_, PyAny>) -> PyResult<Section> {
        let rank = self.known(rank)?;
        Section::of_layout(buffer.py(), self, rank.0, hold(buffer)?)
    }

    /// A rank's part in new memory, all zero, in C order. ``dtype`` is a typestr such as ``'<f8'``,
    /// or any other spelling that NumPy takes: ``numpy.float32``, ``float``, ``'int16'``, a
    /// ``numpy.dtype``.
    #[pyo3(signature = (rank, dtype=None), text_signature = "(self, rank, dtype='=f8')")]
    fn zeros(&self, py: Python<'_>, rank: Index, dtype: Option<&Bound<'_, PyAny>>) -> PyResult<Section> {
        let rank = self.known(rank)?;
        let dtype = self::dtype(py, dtype)?;
        if dtype.is_object() {
            return Err(PyValueError::new_err("zeros are no Python objects"));
        }
        let shape = self.layout.local_shape(rank).unwrap_or_default();
        let buffer = Buffer::zeros(dtype, &shape).map_err(buffer_error)?;
        Section::of_layout(py, self, rank.0, Memory::new(buffer))
    }

    /// A picture of the distribution as SVG.
    ///
    /// ``width`` in pixels; ``theme`` ``'light'`` or ``'dark'``; ``slice`` such as ``'3,:,0,:'``
    /// picks one or two of more dimensions; ``buffers`` is how many ranks' buffers are drawn.
    #[pyo3(signature = (*, width=Size(960), theme=None, slice=None, buffers=Size(16)),
           text_signature = "(self, *, width=960, theme='light', slice=None, buffers=16)")]
    fn svg(&self, width: Size, theme: Option<Text>, slice: Option<Text>, buffers: Size) -> PyResult<String> {
        let theme = match theme.as_ref().map_or("light", |theme| &theme.0) {
            "light" => dap_plot::Theme::Light,
            "dark" => dap_plot::Theme::Dark,
            other => return Err(PyValueError::new_err(format!("no theme {other:?}: 'light' or 'dark'"))),
        };
        let (least, most) = (dap_plot::PlotOptions::NARROWEST, dap_plot::PlotOptions::WIDEST);
        let width = u32::try_from(width.0)
            .ok()
            .filter(|width| (least..=most).contains(width))
            .ok_or_else(|| PyValueError::new_err(format!("the width is {}, from {least} to {most}", width.0)))?;
        let buffers = usize::try_from(buffers.0)
            .map_err(|_| PyValueError::new_err(format!("`buffers` is {}, at least 0", buffers.0)))?;
        let slice = slice.map(|slice| slice.0.parse()).transpose().map_err(PyValueError::new_err::<String>)?;
        let options = dap_plot::PlotOptions { slice, width, theme, buffers, ..dap_plot::PlotOptions::default() };
        dap_plot::svg(&(&self.layout).into(), &options).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn _repr_svg_(&self) -> PyResult<String> {
        self.picture()
    }

    fn __str__(&self) -> String {
        self.layout.to_string()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let dims = self.dims(py)?;
        let inner = dims.iter().map(|dim| Ok(dim.repr()?.to_cow()?.into_owned())).collect::<PyResult<Vec<_>>>()?;
        Ok(format!("Layout([{}])", inner.join(", ")))
    }

    /// The dimensions as the engine of ``daparray.array`` takes them.
    fn _tuples<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        self.layout.dims().iter().map(|dim| dim::tuple::of(py, dim)).collect()
    }

    fn __hash__(&self) -> u64 {
        let mut state = DefaultHasher::new();
        self.layout.hash(&mut state);
        state.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let dims = slf.get().dims(slf.py())?;
        Ok((slf.get_type().into_any(), PyTuple::new(slf.py(), [dims])?))
    }
}

/// The item type of an argument; NumPy's default where it is left out.
fn dtype(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> PyResult<DType> {
    dtype_argument(given.unwrap_or(&py.None().into_bound(py)))
}

/// `IndexError` of an index that is not there.
fn absent(error: dap_core::error::Error) -> PyErr {
    PyIndexError::new_err(error.to_string())
}
