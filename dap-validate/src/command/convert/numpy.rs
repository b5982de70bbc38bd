//! NumPy with mpi4py: each rank's `__array_interface__`, as rows of one array or the cells of a
//! process grid.

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block, place, processes, starts};
use super::raw::{ConvertResult, RawValue};

/// The fields of a rank's metadata; this project adds `axis` and `grid`.
pub(super) const FIELDS: &[&str] =
    &["shape", "typestr", "dtype", "strides", "version", "data", "descr", "offset", "axis", "grid"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("shape") && (raw.has("typestr") || raw.has("axis") || raw.has("grid"))
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let shapes = case.ranks.iter().map(|raw| raw.get("shape")?.counts()).collect::<ConvertResult<Vec<_>>>()?;
    let ndim = shapes[0].len();
    let grid = match (case.ranks[0].maybe("grid"), case.ranks[0].maybe("axis")) {
        (Some(grid), _) => grid.exactly(grid.counts()?, ndim)?,
        (None, axis) => {
            let dim = axis.as_ref().map_or(Ok(0), RawValue::count)?;
            let mut grid = vec![1; ndim];
            let slot = usize::try_from(dim).ok().and_then(|dim| grid.get_mut(dim));
            *slot.ok_or_else(|| format!("{} has no axis {dim} to be shared out", case.ranks[0]))? =
                case.ranks.len() as i64;
            grid
        }
    };
    if processes(&grid) != case.ranks.len() as i64 || grid.contains(&0) {
        return Err(format!(
            "{} has a grid of {grid:?}, and the number of ranks is {}",
            case.ranks[0],
            case.ranks.len()
        ));
    }
    // The beginning of each place along a dimension; ranks that share a place must agree on its
    // extent.
    let mut extents: Vec<Vec<Option<i64>>> =
        grid.iter().map(|&count| vec![None; usize::try_from(count).unwrap_or(0)]).collect();
    for (rank, raw) in case.ranks.iter().enumerate() {
        let shape = raw.get("shape")?.exactly(shapes[rank].clone(), ndim)?;
        for (dim, at) in place(rank as i64, &grid).into_iter().enumerate() {
            let extent = *extents[dim][usize::try_from(at).unwrap_or(0)].get_or_insert(shape[dim]);
            if extent != shape[dim] {
                return Err(format!(
                    "{raw}.shape is {shape:?}, and another rank at {at} along dimension {dim} holds {extent}: the parts do not form a \
                     grid of {grid:?}, as protocol 0.10 asks"
                ));
            }
        }
    }
    let starts: Vec<Vec<i64>> = extents.iter().map(|extents| starts(extents.iter().flatten().copied())).collect();
    let mut converted = Converted::default();
    for (rank, raw) in case.ranks.iter().enumerate() {
        let dims = place(rank as i64, &grid).into_iter().enumerate().map(|(dim, at)| {
            let size = starts[dim].last().copied().unwrap_or(0);
            block(size, starts[dim][usize::try_from(at).unwrap_or(0)], shapes[rank][dim], at, grid[dim])
        });
        let strides = raw.maybe("strides").map(|strides| strides.exactly(strides.ints()?, ndim)).transpose()?;
        let dtype = dtype::of(raw, &["typestr", "descr", "dtype"], options.dtype)?;
        converted.parts.push(ConvertedPart { dtype, shape: shapes[rank].clone(), strides, dims: dims.collect() });
    }
    Ok(converted)
}
