//! Layouts between the two extension modules, as tuples of Python.
//!
//! | dimension | tuple |
//! |---|---|
//! | block | `("b", bounds)`: grid rank r owns `bounds[r]` to `bounds[r + 1]` |
//! | block with padding | `("p", size, periodic, sections)`: each the start and stop of what is owned, the widths of the communication padding below and above, and those of the boundary padding |
//! | cyclic | `("c", size, grid size, block size, source)` |
//! | all others | `("u", size, one to one, [indices of grid rank 0, ...])` |
//!
//! A placement is `(dimensions, ranks)`: `ranks` lists the rank that holds each section, `None` for
//! rank r for section r. An array's own distribution has no padding; the layouts of the package's
//! moves and halo exchanges can have some.

use dap_core::algebra::{Placement, RankMap};
use dap_core::dim::{Block, BlockSection, Cyclic, Dim, Unstructured};
use dap_core::index::{GridRank, LocalIndex, Rank};
use dap_core::layout::{DimSpec, Layout};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::error::{Raised, value_error};

/// A placement from its tuple.
pub(crate) fn placement_of(given: &Bound<'_, PyAny>) -> PyResult<Placement> {
    let (dims, ranks): (Vec<Bound<'_, PyTuple>>, Option<Vec<i64>>) = given.extract()?;
    let dims = dims.iter().map(dim_of).collect::<PyResult<Vec<_>>>()?;
    let layout = Layout::new(dims).raised()?;
    match ranks {
        None => Ok(Placement::new(layout)),
        Some(ranks) => {
            let map = RankMap::listed(layout.grid(), ranks).raised()?;
            Placement::with_ranks(layout, map).raised()
        }
    }
}

fn dim_of(given: &Bound<'_, PyTuple>) -> PyResult<Dim> {
    let kind: String = given.get_item(0)?.extract()?;
    match &kind[..] {
        "b" => {
            let (_, bounds): (String, Vec<i64>) = given.extract()?;
            Block::from_bounds(bounds).map(Dim::from).raised()
        }
        "p" => {
            let (_, size, periodic, sections): (String, i64, bool, Vec<[i64; 6]>) = given.extract()?;
            let section = |[owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi]: [i64; 6]| {
                BlockSection { owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi }
            };
            let sections: Vec<BlockSection> = sections.into_iter().map(section).collect();
            Block::from_sections(size, periodic, &sections).map(Dim::from).raised()
        }
        "c" => {
            let (_, size, grid_size, block_size, source): (String, i64, i64, i64, i64) = given.extract()?;
            let cyclic = Cyclic::new(size, grid_size, block_size);
            cyclic.and_then(|cyclic| cyclic.with_source(GridRank(source))).map(Dim::from).raised()
        }
        "u" => {
            let (_, size, one_to_one, lists): (String, i64, bool, Vec<Vec<i64>>) = given.extract()?;
            Unstructured::new(size, one_to_one, &lists).map(Dim::from).raised()
        }
        other => value_error(format!("no kind of a dimension {other:?}: \"b\", \"p\", \"c\" or \"u\"")),
    }
}

/// The tuple of a placement.
pub(crate) fn placement_tuple<'py>(py: Python<'py>, placement: &Placement) -> PyResult<Bound<'py, PyTuple>> {
    let dims = placement.layout().dims().iter().map(|dim| dim_tuple(py, dim)).collect::<PyResult<Vec<_>>>()?;
    let ranks = (!placement.ranks().is_identity()).then(|| {
        let sections = (0..placement.layout().processes()).map(Rank);
        sections.filter_map(|section| placement.ranks().holder(section)).map(|rank| rank.0).collect::<Vec<i64>>()
    });
    (PyList::new(py, dims)?, ranks).into_pyobject(py)
}

fn dim_tuple<'py>(py: Python<'py>, dim: &Dim) -> PyResult<Bound<'py, PyTuple>> {
    match dim {
        Dim::Block(block) => {
            let starts = (0..block.grid_size()).map(|rank| block.section(GridRank(rank)).owned_start);
            ("b", starts.chain([block.size()]).collect::<Vec<i64>>()).into_pyobject(py)
        }
        Dim::Cyclic(it) => ("c", it.size(), it.grid_size(), it.block_size(), it.source().0).into_pyobject(py),
        _ => {
            let lists = (0..dim.grid_size()).map(|rank| indices(dim, GridRank(rank))).collect::<Vec<_>>();
            let one_to_one = !matches!(dim, Dim::Unstructured(it) if !it.is_one_to_one());
            ("u", dim.size(), one_to_one, lists).into_pyobject(py)
        }
    }
}

/// The indices that a process owns, in the order of its section.
fn indices(dim: &Dim, rank: GridRank) -> Vec<i64> {
    (0..dim.owned_len(rank)).filter_map(|local| dim.global(rank, LocalIndex(local))).map(|index| index.0).collect()
}

/// The tuple of a layout from the distribution of each dimension: ``"block"``, ``"balanced"``,
/// ``"cyclic"``, ``"none"``, or ``("cyclic", block size)``, ``("bounds", list)``,
/// ``("unstructured", lists)``; on ``processes`` ranks, over ``grid`` if one is given.
#[pyfunction]
#[pyo3(signature = (shape, specs, processes, grid=None))]
pub(crate) fn build_layout<'py>(
    py: Python<'py>,
    shape: Vec<i64>,
    specs: Vec<Bound<'py, PyAny>>,
    processes: i64,
    grid: Option<Vec<i64>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let specs = specs.iter().map(spec_of).collect::<PyResult<Vec<_>>>()?;
    let mut builder = Layout::builder(shape).dims(specs).processes(processes);
    if let Some(grid) = grid {
        builder = builder.grid(grid);
    }
    placement_tuple(py, &Placement::new(builder.build().raised()?))
}

fn spec_of(given: &Bound<'_, PyAny>) -> PyResult<DimSpec> {
    if let Ok(name) = given.extract::<String>() {
        return match &name[..] {
            "none" => Ok(DimSpec::Undistributed),
            "block" => Ok(DimSpec::Block),
            "balanced" => Ok(DimSpec::Balanced),
            "cyclic" => Ok(DimSpec::Cyclic),
            _ => value_error(format!("no distribution {name:?}: 'block', 'balanced', 'cyclic' or 'none'")),
        };
    }
    let (name, value): (String, Bound<'_, PyAny>) = given.extract()?;
    match &name[..] {
        "cyclic" => Ok(DimSpec::BlockCyclic(value.extract()?)),
        "bounds" => Ok(DimSpec::Bounds(value.extract::<Vec<i64>>()?.into())),
        "unstructured" => Ok(DimSpec::Unstructured(value.extract::<Vec<Vec<i64>>>()?.into())),
        _ => value_error(format!("no distribution {name:?} with a value: 'cyclic', 'bounds' or 'unstructured'")),
    }
}
