//! mpi4py-fft's pencils and DistArrays: `substart` and the sub-communicators of each axis.

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block};
use super::raw::{ConvertResult, RawValue};
use dap_core::finding::{irregular, plural};

/// The fields of a rank's metadata: attributes of a Pencil or of a DistArray.
pub(super) const FIELDS: &[&str] = &[
    "global_shape",
    "shape",
    "subshape",
    "substart",
    "subcomm",
    "commsizes",
    "axis",
    "alignment",
    "local_slice",
    "dims",
    "dimensions",
    "rank",
    "dtype",
    "strides",
];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("substart")
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let mut converted = Converted::default();
    let (mut places, mut grids) = (Vec::new(), Vec::new());
    let mut global: Option<Vec<i64>> = None;
    let mut begin: Option<Vec<Vec<i64>>> = None;
    for raw in &case.ranks {
        // A Pencil's `shape` is that of the whole array, a DistArray's `shape` the local one.
        let pencil = raw.has("subshape");
        let whole = raw.get(if pencil { "shape" } else { "global_shape" })?;
        let shape = whole.counts()?;
        let here = raw.get(if pencil { "subshape" } else { "shape" })?;
        let local = here.exactly(here.counts()?, shape.len())?;
        let starts = raw.get("substart")?;
        let start = starts.exactly(starts.counts()?, shape.len())?;
        whole.same(&shape, global.get_or_insert_with(|| shape.clone()), "rank 0")?;
        let (place, grid) = match raw.maybe("subcomm") {
            Some(subcomm) => stated(raw, &subcomm, shape.len())?,
            None => {
                let begin = match &begin {
                    Some(begin) => begin,
                    None => begin.insert(beginnings(case, shape.len())?),
                };
                found(raw, &start, begin)?
            }
        };
        if let Some(slices) = raw.maybe("local_slice") {
            let ends = |dim: usize| start[dim].saturating_add(local[dim]);
            let computed: Vec<Vec<i64>> = (0..shape.len()).map(|dim| vec![start[dim], ends(dim)]).collect();
            slices.same(&slices.rows()?, &computed, "substart and the local shape")?;
        }
        let free = free(case, raw, shape.len())?;
        for key in ["axis", "alignment"] {
            let Some(aligned) = raw.maybe(key) else { continue };
            let axis = usize::try_from(aligned.int()?).ok().map(|axis| axis + free).filter(|axis| *axis < shape.len());
            if axis.is_none_or(|axis| grid[axis] != 1) {
                return Err(format!(
                    "{aligned} is {}, and along that axis the array is not on one process: the grid is {grid:?}",
                    aligned.short()
                ));
            }
        }
        let dtype = dtype::of(raw, &["dtype"], options.dtype)?;
        let strides = raw.maybe("strides").map(|strides| strides.exactly(strides.ints()?, shape.len())).transpose()?;
        let dims =
            (0..shape.len()).map(|dim| block(shape[dim], start[dim], local[dim], place[dim], grid[dim])).collect();
        converted.parts.push(ConvertedPart { dtype, shape: local, strides, dims });
        places.push(place);
        grids.push(grid);
    }
    if let Some(rank) = (1..grids.len()).find(|&rank| grids[rank] != grids[0]) {
        return Err(format!("rank {rank} is in a grid of {:?}, rank 0 in one of {:?}", grids[rank], grids[0]));
    }
    let grid = grids.into_iter().next().ok_or("there are no ranks")?;
    if grid.iter().all(|&size| size == 1) && case.ranks.len() > 1 {
        return Err(format!(
            "all {} ranks hold the whole array, and protocol 0.10 has no replicas: convert one rank's description alone",
            case.ranks.len()
        ));
    }
    converted.in_order(&places, &grid, options.renumber)
}

/// The coordinates of a rank and the grid, from its sub-communicators.
fn stated(raw: &RawValue<'_>, subcomm: &RawValue<'_>, ndim: usize) -> ConvertResult<(Vec<i64>, Vec<i64>)> {
    let pairs = subcomm.rows()?;
    if pairs.len() != ndim || pairs.iter().any(|pair| pair.len() != 2 || pair[1] < 0 || pair[1] >= pair[0]) {
        return Err(format!("{subcomm} is {}; expected are [size, rank] for each of the {ndim} axes", subcomm.short()));
    }
    let grid: Vec<i64> = pairs.iter().map(|pair| pair[0]).collect();
    if let Some(sizes) = raw.maybe("commsizes") {
        sizes.same(&sizes.counts()?, &grid, "subcomm")?;
    }
    Ok((pairs.iter().map(|pair| pair[1]).collect(), grid))
}

/// The coordinates of a rank and the grid, from the beginnings of the parts.
fn found(raw: &RawValue<'_>, start: &[i64], begin: &[Vec<i64>]) -> ConvertResult<(Vec<i64>, Vec<i64>)> {
    let sizes = raw.maybe("commsizes").ok_or_else(|| {
        format!("{raw} has neither `subcomm` nor `commsizes`, which say how many processes share each axis")
    })?;
    let grid = sizes.exactly(sizes.counts()?, start.len())?;
    for (dim, (&size, starts)) in grid.iter().zip(begin).enumerate() {
        if starts.len() as i64 != size {
            return Err(format!(
                "{sizes} has {} along axis {dim}, and parts begin at {}: give `subcomm`, [size, rank] for each axis",
                irregular(size, "process", "processes"),
                plural(starts.len(), "place")
            ));
        }
    }
    let place = start.iter().zip(begin).map(|(start, starts)| starts.partition_point(|one| one < start) as i64);
    Ok((place.collect(), grid))
}

/// The beginnings of the parts along each axis.
fn beginnings(case: &LibraryCase<'_>, ndim: usize) -> ConvertResult<Vec<Vec<i64>>> {
    let mut begin = vec![Vec::new(); ndim];
    for rank in &case.ranks {
        let starts = rank.get("substart")?;
        for (line, start) in begin.iter_mut().zip(starts.exactly(starts.counts()?, ndim)?) {
            line.push(start);
        }
    }
    for line in &mut begin {
        line.sort_unstable();
        line.dedup();
    }
    Ok(begin)
}

/// The number of leading axes that are components of a tensor; `axis` and `alignment` do not count
/// them.
fn free(case: &LibraryCase<'_>, raw: &RawValue<'_>, ndim: usize) -> ConvertResult<usize> {
    // A tensor's rank is the same on all processes; their own ranks are not.
    let tensor = raw.maybe("rank").filter(|rank| {
        case.ranks.iter().all(|other| other.maybe("rank").is_some_and(|other| other.value() == rank.value()))
    });
    let dims = match raw.maybe("dims").or_else(|| raw.maybe("dimensions")) {
        Some(dims) => dims.count()?,
        None => ndim as i64 - tensor.map_or(Ok(0), |rank| rank.count())?,
    };
    let free = usize::try_from(dims).ok().and_then(|dims| ndim.checked_sub(dims));
    free.ok_or_else(|| format!("{raw} has {ndim} axes, but states a grid of {dims}"))
}
