//! The arguments of `MPI_Type_create_darray`.
//!
//! The standard counts the processes of the grid in C order, whatever the order of the array's
//! memory.

use dap_core::dim::{Cyclic, Dim};
use dap_core::export::DimDict;
use dap_core::index::GridRank;
use dap_core::layout::Edition;
use serde_json::Value;

use super::boxes::memory_order;
use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block, place, processes};
use super::raw::{ConvertResult, RawValue};
use crate::values::dense_strides;

/// The fields of a rank's metadata: the arguments by the names of the standard, or without
/// `array_of_`.
pub(super) const FIELDS: &[&str] = &[
    "size",
    "rank",
    "ndims",
    "gsizes",
    "distribs",
    "dargs",
    "psizes",
    "array_of_gsizes",
    "array_of_distribs",
    "array_of_dargs",
    "array_of_psizes",
    "order",
    "oldtype",
    "dtype",
];

/// The largest number of ranks of one description for all.
const MOST: i64 = 1 << 20;

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("distribs") || raw.has("array_of_distribs")
}

/// How one dimension is distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distribution {
    /// Consecutive blocks of this length; undistributed dimensions are one block.
    Block(i64),
    /// Blocks of this length, round-robin.
    Cyclic(i64),
}

/// The arguments that all ranks share.
#[derive(Debug, PartialEq)]
struct DarrayArguments {
    shape: Vec<i64>,
    grid: Vec<i64>,
    distributions: Vec<Distribution>,
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let first = arguments(&case.ranks[0])?;
    let count = processes(&first.grid);
    // One description without a rank is that of all ranks.
    let is_for_all = case.ranks.len() == 1 && !case.ranks[0].has("rank");
    if is_for_all && count > MOST {
        return Err(format!("{}: a grid of {count} processes is too many to write", case.ranks[0]));
    }
    if !is_for_all && count != case.ranks.len() as i64 {
        return Err(format!(
            "{}: the process grid {:?} has {count} places, and the number of ranks is {}",
            case.ranks[0],
            first.grid,
            case.ranks.len()
        ));
    }
    let mut converted = Converted::default();
    for rank in 0..count {
        let raw = case.ranks.get(rank as usize).unwrap_or(&case.ranks[0]);
        if rank > 0 && !is_for_all && arguments(raw)? != first {
            return Err(format!("{raw} has other arguments than rank 0's"));
        }
        if let Some(stated) = raw.maybe("rank") {
            stated.same(&stated.count()?, &rank, "its place among the ranks")?;
        }
        converted.parts.push(part(raw, rank, &first, options)?);
    }
    Ok(converted)
}

fn argument<'a>(raw: &RawValue<'a>, name: &str) -> ConvertResult<RawValue<'a>> {
    raw.maybe(&format!("array_of_{name}")).map_or_else(|| raw.get(name), Ok)
}

fn arguments(raw: &RawValue<'_>) -> ConvertResult<DarrayArguments> {
    let shape = argument(raw, "gsizes")?.counts()?;
    let ndim = shape.len();
    let psizes = argument(raw, "psizes")?;
    let grid = psizes.exactly(psizes.counts()?, ndim)?;
    if grid.contains(&0) {
        return Err(format!("{psizes} is {grid:?}, and each dimension has a process at least"));
    }
    if let Some(size) = raw.maybe("size") {
        size.same(&size.count()?, &processes(&grid), "psizes")?;
    }
    if let Some(stated) = raw.maybe("ndims") {
        stated.same(&stated.count()?, &(ndim as i64), "gsizes")?;
    }
    let (distribs, dargs) = (argument(raw, "distribs")?.list()?, argument(raw, "dargs")?.list()?);
    if distribs.len() != ndim || dargs.len() != ndim {
        return Err(format!(
            "{raw} has {} distribs and {} dargs where {ndim} are expected",
            distribs.len(),
            dargs.len()
        ));
    }
    let distributions = (0..ndim).map(|dim| distribution(&distribs[dim], &dargs[dim], shape[dim], grid[dim]));
    let distributions = distributions.collect::<ConvertResult<_>>()?;
    Ok(DarrayArguments { shape, grid, distributions })
}

fn distribution(distrib: &RawValue<'_>, darg: &RawValue<'_>, size: i64, grid: i64) -> ConvertResult<Distribution> {
    let is_default = match darg.value() {
        Value::String(text) => text.to_ascii_uppercase().ends_with("DFLT_DARG"),
        Value::Null => true,
        _ => false,
    };
    let given = if is_default { None } else { Some(darg.int()?) };
    if let Some(given) = given.filter(|given| *given < 1) {
        return Err(format!(
            "{darg} is {given}, a block has at least 1 index; write \"MPI_DISTRIBUTE_DFLT_DARG\" for the default, whose number differs between MPIs"
        ));
    }
    let Value::String(name) = distrib.value() else {
        return Err(format!(
            "{distrib} is {}: write MPI_DISTRIBUTE_BLOCK, _CYCLIC or _NONE as a text, their numbers differ between MPIs",
            distrib.short()
        ));
    };
    match name.to_ascii_uppercase().trim_start_matches("MPI_DISTRIBUTE_") {
        "NONE" if grid != 1 => {
            Err(format!("{distrib} is MPI_DISTRIBUTE_NONE, and its dimension has {grid} processes, not 1"))
        }
        "NONE" => Ok(Distribution::Block(size.max(1))),
        "CYCLIC" => Ok(Distribution::Cyclic(given.unwrap_or(1))),
        "BLOCK" => {
            let width = given.unwrap_or_else(|| if size == 0 { 1 } else { (size - 1) / grid + 1 });
            if width.saturating_mul(grid) < size {
                return Err(format!(
                    "{darg} is {width}: {grid} blocks of {width} hold fewer than the {size} indices, which MPI refuses"
                ));
            }
            Ok(Distribution::Block(width))
        }
        _ => Err(format!(
            "{distrib} is {}; distributions are MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC and MPI_DISTRIBUTE_NONE",
            distrib.short()
        )),
    }
}

fn part(
    raw: &RawValue<'_>,
    rank: i64,
    arguments: &DarrayArguments,
    options: &ConvertOptions<'_>,
) -> ConvertResult<ConvertedPart> {
    let DarrayArguments { shape, grid, distributions } = arguments;
    let mut dims: Vec<DimDict> = Vec::new();
    let mut local = Vec::new();
    for (dim, at) in place(rank, grid).into_iter().enumerate() {
        let size = shape[dim];
        match distributions[dim] {
            Distribution::Block(width) => {
                let start = at.saturating_mul(width).min(size);
                let extent = width.min(size - start);
                dims.push(block(size, start, extent, at, grid[dim]));
                local.push(extent);
            }
            Distribution::Cyclic(width) => {
                let cyclic = Dim::Cyclic(Cyclic::new(size, grid[dim], width).map_err(|error| error.to_string())?);
                let dict = cyclic.dim_dict(Edition::V0_10, GridRank(at)).map_err(|error| error.to_string())?;
                dims.push(dict);
                local.push(cyclic.owned_len(GridRank(at)));
            }
        }
    }
    let dtype = dtype::of(raw, &["oldtype", "dtype"], options.dtype)?;
    let order = raw.maybe("order").map(|order| memory_order(&order)).transpose()?;
    let strides = order.map(|order| dense_strides(&local, dtype.itemsize(), order));
    Ok(ConvertedPart { dtype, shape: local, strides, dims })
}
