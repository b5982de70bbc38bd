//! The three kinds of a dimension, with their constructors.

use dap_core::dim::{self, BlockSection, Dim as Map};
use dap_core::finding::{irregular, plural};
use dap_core::index::GridRank;
use pyo3::PyClass;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::Dim;
use crate::argument::{Size, Sizes};
use crate::error::{value, warn};
use crate::value;

/// A block-distributed dimension: each process owns one interval of ``size`` indices.
///
///     Block(10, 4)                      # 3, 3, 3, 1: ceil(10 / 4) each until they run out
///     Block(10, 4, balanced=True)       # 3, 3, 2, 2
///     Block(10, 4, width=4)             # 4, 4, 2, 0
///     Block(bounds=[0, 2, 10])          # 2, 8: any split
///     Block(10, 2, halo=1)              # communication padding: one element of each neighbour
///     Block(10, 2, boundary=(1, 1))     # boundary padding: the outermost elements, owned
///     Block(10)                         # undistributed: one process holds it all
///
/// ``periodic`` says so to consumers, and does not make a halo wrap: images of the other end are
/// boundary padding, counted in ``size``, so a ring of 10 with a halo of 1 is ``Block(12, 2,
/// halo=1, boundary=(1, 1), periodic=True)``; a narrower boundary is a ``ProtocolWarning``.
/// ``wrap=1`` is a halo of that width round the ends of a periodic dimension, which version 0.10 of
/// the protocol cannot export. ``sections`` gives each process's ``(owned start, owned stop,
/// communication padding below, above, boundary padding below, above)``. Raises ``ValueError`` for
/// what cannot be.
#[pyclass(frozen, extends = Dim, module = "daparray")]
pub(crate) struct Block;

#[pymethods]
impl Block {
    #[new]
    #[pyo3(signature = (size=None, grid_size=None, *, width=None, balanced=false, bounds=None, halo=Size(0),
                        boundary=(Size(0), Size(0)), periodic=false, wrap=Size(0), sections=None),
           text_signature = "(size=None, grid_size=None, *, width=None, balanced=False, bounds=None, halo=0, boundary=(0, 0), \
                             periodic=False, wrap=0, sections=None)")]
    #[expect(clippy::too_many_arguments, reason = "keywords, each with its default")]
    fn new(
        size: Option<Size>,
        grid_size: Option<Size>,
        width: Option<Size>,
        balanced: bool,
        bounds: Option<Sizes>,
        halo: Size,
        boundary: (Size, Size),
        periodic: bool,
        wrap: Size,
        sections: Option<Vec<[Size; 6]>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let (size, grid_size, width) = (size.map(|n| n.0), grid_size.map(|n| n.0), width.map(|n| n.0));
        let (bounds, halo, wrap) = (bounds.map(|bounds| bounds.0), halo.0, wrap.0);
        let boundary = (boundary.0.0, boundary.1.0);
        let sections = sections.map(|sections| sections.into_iter().map(|section| section.map(|n| n.0)));
        let ways = [width.is_some(), balanced, bounds.is_some(), sections.is_some()];
        if ways.iter().filter(|way| **way).count() > 1 {
            return Err(PyValueError::new_err("`width`, `balanced`, `bounds` and `sections` exclude one another"));
        }
        let need_size = || size.ok_or_else(|| PyValueError::new_err("`size` is missing"));
        let processes = grid_size.unwrap_or(1);
        let block = if let Some(bounds) = bounds {
            let (whole, count) = (bounds.last().copied(), bounds.len() as i64 - 1);
            if size.is_some_and(|size| whole != Some(size)) || grid_size.is_some_and(|grid_size| grid_size != count) {
                return Err(PyValueError::new_err(format!(
                    "`bounds` say {} and a size of {whole:?}",
                    irregular(count, "process", "processes")
                )));
            }
            dim::Block::from_bounds(bounds)
        } else if let Some(sections) = sections {
            let section = |[owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi]: [i64; 6]| {
                BlockSection { owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi }
            };
            let sections: Vec<BlockSection> = sections.map(section).collect();
            if (halo, boundary, wrap) != (0, (0, 0), 0) {
                return Err(PyValueError::new_err("`sections` say all padding themselves"));
            }
            if grid_size.is_some_and(|grid_size| grid_size != sections.len() as i64) {
                return Err(PyValueError::new_err(format!(
                    "{} for {}",
                    plural(sections.len(), "section"),
                    irregular(processes, "process", "processes")
                )));
            }
            let block = dim::Block::from_sections(need_size()?, periodic, &sections).map_err(value)?;
            return Ok(kind(Self, block.into()));
        } else if balanced {
            dim::Block::balanced(need_size()?, processes)
        } else if let Some(width) = width {
            dim::Block::with_width(need_size()?, processes, width)
        } else {
            dim::Block::new(need_size()?, processes)
        };
        let mut block = block.map_err(value)?;
        if halo != 0 {
            block = block.with_halo(halo).map_err(value)?;
        }
        if wrap != 0 {
            if !periodic {
                return Err(PyValueError::new_err("`wrap` is for periodic dimensions: say periodic=True"));
            }
            block = block.with_wrap(wrap).map_err(value)?;
        }
        if boundary != (0, 0) {
            block = block.with_boundary(boundary.0, boundary.1).map_err(value)?;
        }
        if periodic {
            block = block.with_periodic(true).map_err(value)?;
        }
        if let Some(advice) = block.wrap_advice(halo) {
            Python::attach(|py| warn(py, &advice))?;
        }
        Ok(kind(Self, block.into()))
    }
}

/// A cyclic dimension: blocks of ``block_size`` indices are distributed cyclically, the first to
/// grid rank ``source``.
///
///     Cyclic(10, 3)          # 0 3 6 9 | 1 4 7 | 2 5 8
///     Cyclic(10, 2, 2)       # 0 1 4 5 8 9 | 2 3 6 7
///
/// Raises ``ValueError`` for what cannot be.
#[pyclass(frozen, extends = Dim, module = "daparray")]
pub(crate) struct Cyclic;

#[pymethods]
impl Cyclic {
    #[new]
    #[pyo3(signature = (size, grid_size=Size(1), block_size=Size(1), *, source=Size(0)),
           text_signature = "(size, grid_size=1, block_size=1, *, source=0)")]
    fn new(size: Size, grid_size: Size, block_size: Size, source: Size) -> PyResult<PyClassInitializer<Self>> {
        let cyclic = dim::Cyclic::new(size.0, grid_size.0, block_size.0);
        let cyclic = cyclic.and_then(|cyclic| cyclic.with_source(GridRank(source.0))).map_err(value)?;
        Ok(kind(Self, cyclic.into()))
    }

    /// The number of consecutive indices in a block.
    #[getter]
    fn block_size(slf: &Bound<'_, Self>) -> i64 {
        match slf.as_super().get().map() {
            Map::Cyclic(cyclic) => cyclic.block_size(),
            _ => 1,
        }
    }
}

/// An unstructured dimension: each process lists the global indices that it holds, in the order of
/// its buffer.
///
///     Unstructured([[3, 0], [1, 2]])
///
/// ``lists`` holds a sequence or a one-dimensional buffer of integers for each process. ``size`` is
/// the number of all indices held, or of the distinct ones where processes share some; without it,
/// of those held. ``one_to_one`` promises that none is shared. Raises ``ValueError`` for what
/// cannot be.
#[pyclass(frozen, extends = Dim, module = "daparray")]
pub(crate) struct Unstructured;

#[pymethods]
impl Unstructured {
    #[new]
    #[pyo3(signature = (lists, *, size=None, one_to_one=false))]
    fn new(lists: &Bound<'_, PyAny>, size: Option<Size>, one_to_one: bool) -> PyResult<PyClassInitializer<Self>> {
        let lists: Vec<_> = lists.try_iter()?.map(|list| value::index_list(&list?)).collect::<PyResult<_>>()?;
        let held = lists.iter().map(|list| list.len() as i64).sum();
        let map = dim::Unstructured::new(size.map_or(held, |size| size.0), one_to_one, &lists).map_err(value)?;
        Ok(kind(Self, map.into()))
    }
}

/// The Python object of the right kind.
pub(super) fn wrap(py: Python<'_>, map: Map) -> PyResult<Bound<'_, PyAny>> {
    match &map {
        Map::Block(_) => new(py, Block, map),
        Map::Cyclic(_) => new(py, Cyclic, map),
        Map::Unstructured(_) => new(py, Unstructured, map),
        _ => Bound::new(py, Dim::new(map)).map(Bound::into_any),
    }
}

fn new<T: PyClass<BaseType = Dim>>(py: Python<'_>, class: T, map: Map) -> PyResult<Bound<'_, PyAny>> {
    Bound::new(py, kind(class, map)).map(Bound::into_any)
}

fn kind<T: PyClass<BaseType = Dim>>(class: T, map: Map) -> PyClassInitializer<T> {
    PyClassInitializer::from(Dim::new(map)).add_subclass(class)
}
