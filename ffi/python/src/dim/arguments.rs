//! The arguments that make a dimension again: for `repr` and for pickles.

use dap_core::dim::{self, Dim as Map};
use dap_core::index::GridRank;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::Dim;

type Arguments<'py> = (Bound<'py, PyTuple>, Bound<'py, PyDict>);

/// Positional and keyword arguments of the kind's constructor.
pub(super) fn of<'py>(py: Python<'py>, map: &Map) -> PyResult<Arguments<'py>> {
    let keywords = PyDict::new(py);
    let positional = match map {
        Map::Block(block) => self::block(py, block, &keywords)?,
        Map::Cyclic(cyclic) => {
            let mut numbers = vec![cyclic.size(), cyclic.grid_size()];
            if cyclic.block_size() != 1 {
                numbers.push(cyclic.block_size());
            }
            if cyclic.source() != GridRank(0) {
                keywords.set_item("source", cyclic.source().0)?;
            }
            PyTuple::new(py, numbers)?
        }
        Map::Unstructured(map) => {
            let list = |rank| map.indices(GridRank(rank)).map(|index| index.0).collect::<Vec<i64>>();
            let lists: Vec<Vec<i64>> = (0..map.grid_size()).map(list).collect();
            if map.size() != lists.iter().map(|list| list.len() as i64).sum::<i64>() {
                keywords.set_item("size", map.size())?;
            }
            if map.is_one_to_one() {
                keywords.set_item("one_to_one", true)?;
            }
            PyTuple::new(py, [lists])?
        }
        _ => PyTuple::empty(py),
    };
    Ok((positional, keywords))
}

fn block<'py>(py: Python<'py>, block: &dim::Block, keywords: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyTuple>> {
    let (size, processes) = (block.size(), block.grid_size());
    let first = block.section(GridRank(0));
    let width = first.owned_len();
    // The first way that gives the same split: the shortest to write, and none grows with the
    // number of processes unless the split itself does.
    let splits: [(&str, Option<dim::Block>); 3] = [
        ("", dim::Block::new(size, processes).ok()),
        ("balanced", dim::Block::balanced(size, processes).ok()),
        ("width", dim::Block::with_width(size, processes, width).ok()),
    ];
    let padded = |split: &dim::Block| {
        let inner = if processes > 1 { first.comm_hi.max(block.section(GridRank(1)).comm_lo) } else { 0 };
        let mut out = split.clone();
        if inner > 0 {
            out = out.with_halo(inner).ok()?;
        }
        if block.wraps() {
            out = out.with_wrap(first.comm_lo).ok()?;
        }
        if block.boundary() != (0, 0) {
            out = out.with_boundary(block.boundary().0, block.boundary().1).ok()?;
        }
        out = out.with_periodic(block.is_periodic()).ok()?;
        (out == *block).then_some(inner)
    };
    let found = splits.iter().find_map(|(way, split)| Some((*way, padded(split.as_ref()?)?)));
    let bounds = || -> Vec<i64> {
        let starts = (0..processes).map(|rank| block.section(GridRank(rank)).owned_start);
        starts.chain([size]).collect()
    };
    let (way, halo) = match found {
        Some(found) => found,
        None => match dim::Block::from_bounds(bounds()).ok().as_ref().and_then(padded) {
            Some(halo) => ("bounds", halo),
            None => ("sections", 0),
        },
    };
    match way {
        "balanced" => keywords.set_item("balanced", true)?,
        "width" => keywords.set_item("width", width)?,
        "bounds" => keywords.set_item("bounds", bounds())?,
        "sections" => {
            let section = |rank| {
                let s = block.section(GridRank(rank));
                (s.owned_start, s.owned_stop, s.comm_lo, s.comm_hi, s.boundary_lo, s.boundary_hi)
            };
            keywords.set_item("sections", (0..processes).map(section).collect::<Vec<_>>())?;
        }
        _ => {}
    }
    if halo > 0 {
        keywords.set_item("halo", halo)?;
    }
    if way != "sections" && block.boundary() != (0, 0) {
        keywords.set_item("boundary", block.boundary())?;
    }
    if block.is_periodic() {
        keywords.set_item("periodic", true)?;
    }
    if way != "sections" && block.wraps() {
        keywords.set_item("wrap", first.comm_lo)?;
    }
    match (way, processes) {
        ("bounds", _) => Ok(PyTuple::empty(py)),
        (_, 1) => PyTuple::new(py, [size]),
        _ => PyTuple::new(py, [size, processes]),
    }
}

/// Code that makes the dimension again.
pub(super) fn repr(dim: &Bound<'_, Dim>) -> PyResult<String> {
    let (positional, keywords) = of(dim.py(), dim.get().map())?;
    let mut parts = Vec::new();
    for argument in positional.iter() {
        parts.push(argument.repr()?.to_cow()?.into_owned());
    }
    for (key, argument) in keywords.iter() {
        parts.push(format!("{}={}", key.str()?.to_cow()?, argument.repr()?.to_cow()?));
    }
    Ok(format!("{}({})", dim.get_type().name()?, parts.join(", ")))
}
