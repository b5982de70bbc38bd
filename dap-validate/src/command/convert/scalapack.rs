//! ScaLAPACK: each rank's descriptor of nine integers and its place in the BLACS grid.

use dap_core::dim::{Cyclic, Dim};
use dap_core::export::DimDict;
use dap_core::finding::{irregular, plural};
use dap_core::index::GridRank;
use dap_core::layout::Edition;

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, c_order};
use super::raw::{ConvertResult, RawValue};

/// The fields of a rank's metadata.
pub(super) const FIELDS: &[&str] = &["desc", "coord", "order", "rank", "grid", "numroc", "rows", "cols", "dtype"];

/// For `--from`.
pub(super) const NAME: &str = "scalapack";

const NAMES: [&str; 9] = ["DTYPE", "CTXT", "M", "N", "MB", "NB", "RSRC", "CSRC", "LLD"];
const M: usize = 2;
const N: usize = 3;

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("desc")
}

/// Whether a rank is outside of the BLACS grid: its context and its coordinates are negative, as
/// far as they are given, or it has no description.
pub(super) fn is_outside(raw: &RawValue<'_>) -> bool {
    let context = raw.maybe("desc").and_then(|desc| desc.list().ok()?.get(1)?.int().ok());
    let place = raw.maybe("coord").and_then(|coord| coord.ints().ok());
    match (context, place) {
        (Some(context), None) => context < 0,
        (_, Some(place)) => !place.is_empty() && place.iter().all(|at| *at < 0),
        (None, None) => raw.value().is_null(),
    }
}

/// The order of the grid, and the fields of a descriptor before LLD.
pub(super) type DescriptorKey = (String, Vec<i64>);

/// The key of an array in a list of many: the order of the grid and the descriptor without its LLD,
/// which differs by rank.
pub(super) fn key(raw: &RawValue<'_>) -> DescriptorKey {
    // Errors in them are reported when they are converted.
    let mut desc = raw.get("desc").and_then(|desc| desc.ints()).unwrap_or_default();
    desc.truncate(8);
    (raw.maybe("order").and_then(|order| order.text().ok()).unwrap_or_default().to_ascii_lowercase(), desc)
}

/// The parts of a [`DescriptorKey`] that all processes of a matrix share, with their names: all but
/// CTXT, a handle that each process has for itself.
pub(super) const SHARED: [(usize, &str); 8] = [
    (0, NAMES[0]),
    (M, NAMES[M]),
    (N, NAMES[N]),
    (4, NAMES[4]),
    (5, NAMES[5]),
    (6, NAMES[6]),
    (7, NAMES[7]),
    (8, "`order`"),
];

/// Part number `at` of a key, as it is shown.
pub(super) fn field_of_key((order, desc): &DescriptorKey, at: usize) -> String {
    match desc.get(at) {
        Some(number) => number.to_string(),
        None if at < 8 => "missing".to_owned(),
        None if order.is_empty() => "not stated".to_owned(),
        None => order.clone(),
    }
}

/// The place of a process in the BLACS grid; `None` if the description states none.
pub(super) fn place(raw: &RawValue<'_>) -> Option<[i64; 2]> {
    raw.maybe("coord")?.ints().ok()?.try_into().ok()
}

/// The name of an array in a list.
pub(super) fn name(order: &str, desc: &[i64]) -> String {
    if desc.len() < 8 {
        return "no-descriptor".to_owned();
    }
    let order = if order.is_empty() { "grid" } else { order };
    format!("{}-{}x{}-blocks{}x{}-rsrc{}-csrc{}", order, desc[M], desc[N], desc[4], desc[5], desc[6], desc[7])
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let mut converted = Converted::default();
    converted.notes.extend(outside(case, options)?);
    let coords = case.ranks.iter().map(|raw| coordinate(raw)).collect::<ConvertResult<Vec<_>>>()?;
    let grid = grid(case, &coords)?;
    let transposed = columns_first(case, &coords, grid)?;
    let first = descriptor(&case.ranks[0])?;
    for (raw, coord) in case.ranks.iter().zip(&coords) {
        let desc = descriptor(raw)?;
        checked(raw, &desc, grid)?;
        if let Some(at) = (M..8).find(|&at| desc[at] != first[at]) {
            return Err(format!(
                "{raw}.desc: {} is {}, and rank 0's is {}: only CTXT and LLD differ between the processes of a matrix",
                NAMES[at], desc[at], first[at]
            ));
        }
        let mut sides = Vec::new();
        for side in 0..2 {
            let (dict, dim) = cyclic_dimension(&desc, side, coord[side], grid[side])?;
            agree(raw, side, &dim, coord[side])?;
            sides.push((dict, dim.owned_len(GridRank(coord[side]))));
        }
        let (rows, columns) = (sides[0].1, sides[1].1);
        let leading = desc[8];
        if leading < rows.max(1) {
            return Err(format!("{raw}.desc: LLD is {leading}, and the process holds {}", plural(rows, "row")));
        }
        let dtype = dtype::of(raw, &["dtype"], options.dtype)?;
        let itemsize = dtype.itemsize();
        let mut part = ConvertedPart {
            dtype,
            shape: vec![rows, columns],
            strides: Some(vec![itemsize, leading.saturating_mul(itemsize)]),
            dims: sides.into_iter().map(|(dict, _)| dict).collect(),
        };
        if transposed {
            part.shape.reverse();
            part.strides.iter_mut().for_each(|strides| strides.reverse());
            part.dims.reverse();
        }
        converted.parts.push(part);
    }
    if transposed {
        converted.notes.push(
            "BLACS counts these ranks down the columns (order Col), the protocol along the last axis first: the export is of the \
             transposed matrix, (columns, rows), in the same memory"
                .to_owned(),
        );
        return Ok(converted);
    }
    converted.in_order(&coords.iter().map(|coord| coord.to_vec()).collect::<Vec<_>>(), &grid, options.renumber)
}

fn descriptor(raw: &RawValue<'_>) -> ConvertResult<Vec<i64>> {
    let desc = raw.get("desc")?;
    let numbers = desc.ints()?;
    match numbers.first() {
        Some(1) if numbers.len() == 9 => Ok(numbers),
        Some(1) | None => Err(format!(
            "{desc} has {} integers; a descriptor of a dense matrix has 9, {}",
            numbers.len(),
            NAMES.join(", ")
        )),
        Some(other) => Err(format!(
            "{desc}: DTYPE is {other}, and only dense matrices (DTYPE 1) have the protocol's cyclic distribution: 501 and 502 \
             are banded, 601 is out of core. Copy it into a dense matrix first"
        )),
    }
}

fn checked(raw: &RawValue<'_>, desc: &[i64], grid: [i64; 2]) -> ConvertResult<()> {
    for (at, least, limit) in [
        (M, 0, None),
        (N, 0, None),
        (4, 1, None),
        (5, 1, None),
        (6, 0, Some(grid[0])),
        (7, 0, Some(grid[1])),
        (8, 1, None),
    ] {
        if desc[at] < least || limit.is_some_and(|limit| desc[at] >= limit) {
            let to = limit.map_or_else(|| "or more".to_owned(), |limit| format!("to {}", limit - 1));
            return Err(format!("{raw}.desc: {} is {}, it must be {least} {to}", NAMES[at], desc[at]));
        }
    }
    Ok(())
}

/// Row and column of a rank in the BLACS grid.
fn coordinate(raw: &RawValue<'_>) -> ConvertResult<[i64; 2]> {
    let desc = descriptor(raw)?;
    let coord = raw.get("coord")?;
    let pair = coord.exactly(coord.ints()?, 2)?;
    if desc[1] < 0 || pair.iter().any(|at| *at < 0) {
        return Err(format!(
            "{raw} is in the BLACS grid by one and not in the BLACS grid by the other: CTXT is {} and `coord` is {}. A rank outside of the \
             grid has CTXT -1 and the place [-1, -1]",
            desc[1],
            coord.short()
        ));
    }
    Ok([pair[0], pair[1]])
}

/// A note on ranks outside of the grid. Only the ranks of the grid are counted, so that the ranks
/// behind one outside have other numbers there.
fn outside(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Option<String>> {
    let Some(&first) = case.outside.first() else { return Ok(None) };
    let listed: Vec<String> = case.outside.iter().map(i64::to_string).collect();
    let listed = listed.join(", ");
    if first < case.ranks.len() as i64 && !options.renumber {
        return Err(format!(
            "ranks outside of the BLACS grid ({listed}) hold nothing, and ranks behind them are in it: the exports are numbered by a \
             communicator of the grid's processes. Pass --renumber to have the files numbered so"
        ));
    }
    Ok(Some(format!(
        "ranks outside of the BLACS grid hold nothing and have no export: {listed}. The exports' ranks are those of a communicator of the others"
    )))
}

fn grid(case: &LibraryCase<'_>, coords: &[[i64; 2]]) -> ConvertResult<[i64; 2]> {
    let side = |at: usize| coords.iter().map(|coord| coord[at]).max().unwrap_or(0) + 1;
    let seen = [side(0), side(1)];
    if let Some(stated) = case.ranks[0].maybe("grid") {
        stated.same(&stated.exactly(stated.counts()?, 2)?, &seen.to_vec(), "the ranks' coordinates")?;
    }
    if seen[0].saturating_mul(seen[1]) != coords.len() as i64 {
        return Err(format!(
            "the coordinates go to a grid of {} x {}, and the number of ranks is {}",
            seen[0],
            seen[1],
            coords.len()
        ));
    }
    Ok(seen)
}

/// Whether ranks are in column-major order: as stated, or as the coordinates show.
fn columns_first(case: &LibraryCase<'_>, coords: &[[i64; 2]], grid: [i64; 2]) -> ConvertResult<bool> {
    let by_columns = |coord: &[i64; 2]| coord[1] * grid[0] + coord[0];
    let ranks = || coords.iter().zip(0_i64..);
    let (along, down) = (
        ranks().all(|(coord, rank)| c_order(coord, &grid) == rank),
        ranks().all(|(coord, rank)| by_columns(coord) == rank),
    );
    let Some(order) = case.ranks[0].maybe("order") else { return Ok(down && !along) };
    let columns = match order.text()?.to_ascii_lowercase().chars().next() {
        Some('c') => true,
        Some('r') => false,
        _ => return Err(format!("{order} is {}, and BLACS knows Row and Col", order.short())),
    };
    if columns && !down {
        return Err(format!("{order} is Col, and the ranks' coordinates {coords:?} do not go down the columns"));
    }
    Ok(columns)
}

fn cyclic_dimension(desc: &[i64], side: usize, place: i64, grid: i64) -> ConvertResult<(DimDict, Dim)> {
    let cyclic =
        Cyclic::new(desc[M + side], grid, desc[4 + side]).and_then(|dim| dim.with_source(GridRank(desc[6 + side])));
    let dim = Dim::Cyclic(cyclic.map_err(|error| error.to_string())?);
    let mut dict = dim.dim_dict(Edition::V0_10, GridRank(place)).map_err(|error| error.to_string())?;
    dict.block_size = dap_core::export::Field::Is(desc[4 + side]);
    Ok((dict, dim))
}

/// The results of ScaLAPACK's own functions: NUMROC, and INDXL2G for each local index.
fn agree(raw: &RawValue<'_>, side: usize, dim: &Dim, place: i64) -> ConvertResult<()> {
    let owned = dim.owned_len(GridRank(place));
    if let Some(numroc) = raw.maybe("numroc") {
        let said = numroc.exactly(numroc.counts()?, 2)?;
        numroc.same(&said[side], &owned, "the descriptor")?;
    }
    if let Some(list) = raw.maybe(["rows", "cols"][side]) {
        let said = list.counts()?;
        if said.len() as i64 != owned {
            return Err(format!(
                "{list} has {}, and the descriptor gives the process {owned}",
                irregular(said.len(), "index", "indices")
            ));
        }
        let global =
            |local: i64| dim.global(GridRank(place), dap_core::index::LocalIndex(local)).map_or(-1, |global| global.0);
        list.same(&said, &(0..owned).map(global).collect(), "the descriptor")?;
    }
    Ok(())
}
