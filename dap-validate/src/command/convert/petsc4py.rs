//! PETSc: a Vec's ownership range; a DMDA's corners and ghost corners, x first.

mod ghosts;

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block, processes};
use super::raw::{ConvertResult, RawValue};

/// The fields of a rank's metadata of a vector.
pub(super) const VEC_FIELDS: &[&str] = &["range", "ranges", "local", "size", "sizes", "bs", "block_size", "dtype"];
/// The fields of a rank's metadata of a DMDA.
pub(super) const DMDA_FIELDS: &[&str] = &[
    "corners",
    "ghost",
    "procs",
    "own",
    "ranges",
    "granges",
    "gvec_range",
    "lsize",
    "lidx",
    "sizes",
    "dim",
    "dof",
    "stencil_width",
    "stencil_type",
    "boundary",
    "boundary_type",
    "dtype",
];

pub(super) fn is_vec(raw: &RawValue<'_>) -> bool {
    raw.has("range") && !raw.has("corners")
}

pub(super) fn is_dmda(raw: &RawValue<'_>) -> bool {
    raw.has("corners")
}

/// A Vec: consecutive ranges in rank order.
pub(super) fn vec(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let count = case.ranks.len() as i64;
    let mut converted = Converted::default();
    let ranges = case.ranks.iter().map(|rank| pair(&rank.get("range")?)).collect::<ConvertResult<Vec<_>>>()?;
    let total = ranges.last().map_or(0, |range| range[1]);
    let mut end = 0;
    for (rank, raw) in case.ranks.iter().enumerate() {
        let [start, stop] = ranges[rank];
        if start != end || stop < start {
            return Err(format!(
                "{raw}.range is [{start}, {stop}], and rank {rank} begins where the one before ends, at {end}"
            ));
        }
        end = stop;
        if let Some(all) = raw.maybe("ranges") {
            let bounds: Vec<i64> = std::iter::once(0).chain(ranges.iter().map(|range| range[1])).collect();
            all.same(&all.ints()?, &bounds, "the `range` of each rank")?;
        }
        if let Some(local) = raw.maybe("local") {
            let held = local.count()?;
            if held > stop - start {
                return Err(format!(
                    "{local} is {held}, and the range is of {}: the others are ghosts appended to a vector, which protocol 0.10 \
                     cannot tell from what is owned. Convert the global form, {} numbers",
                    stop - start,
                    stop - start
                ));
            }
            local.same(&held, &(stop - start), "the range")?;
        }
        for key in ["size", "sizes"] {
            if let Some(size) = raw.maybe(key) {
                // `getSizes()` is (local, global).
                let said = size.ints().ok().and_then(|both| both.last().copied()).map_or_else(|| size.count(), Ok)?;
                size.same(&said, &total, "the last range")?;
            }
        }
        let dims = vec![block(total, start, stop - start, rank as i64, count)];
        converted.parts.push(ConvertedPart {
            dtype: dtype::of(raw, &["dtype"], options.dtype)?,
            shape: vec![stop - start],
            strides: None,
            dims,
        });
    }
    Ok(converted)
}

/// One axis of a rank's part of a grid.
#[derive(Debug, Clone, Copy)]
struct DmdaAxis {
    /// The owned range.
    start: i64,
    stop: i64,
    /// The range with ghosts; it may begin before 0.
    ghost_start: i64,
    ghost_stop: i64,
    place: i64,
    grid: i64,
}

/// A DMDA's local vectors, with ghost points; its global vectors if no ghost corners are given.
pub(super) fn dmda(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let procs = case.ranks[0].get("procs")?.counts()?;
    if processes(&procs) != case.ranks.len() as i64 || procs.contains(&0) {
        return Err(format!("{}.procs is {procs:?}, and the number of ranks is {}", case.ranks[0], case.ranks.len()));
    }
    let everyone = case
        .ranks
        .iter()
        .enumerate()
        .map(|(rank, raw)| axes(raw, rank as i64, &procs))
        .collect::<ConvertResult<Vec<_>>>()?;
    let sizes: Vec<i64> =
        (0..procs.len()).map(|axis| everyone.iter().map(|axes| axes[axis].stop).max().unwrap_or(0)).collect();
    let shares = shares(&everyone, &procs);
    let edges = ghosts::edges(&everyone, &sizes);
    let periodic = ghosts::periodic(case, &everyone, &sizes, &edges)?;
    let mut converted = Converted::default();
    let mut first = None;
    let mut offset = 0;
    for (rank, (raw, axes)) in case.ranks.iter().zip(&everyone).enumerate() {
        raw.get("procs")?.same(&raw.get("procs")?.counts()?, &procs, "rank 0")?;
        check_axes(raw, axes, &shares, &sizes)?;
        let mut shape: Vec<i64> = axes.iter().rev().map(|axis| axis.ghost_stop - axis.ghost_start).collect();
        let dof = degrees(raw, &shape)?;
        if *first.get_or_insert(dof) != dof {
            return Err(format!("{raw} has {dof} degrees of freedom, rank 0 another number"));
        }
        let owned = axes.iter().fold(dof, |product, axis| product.saturating_mul(axis.stop - axis.start));
        let end = i64::saturating_add(offset, owned);
        if let Some(range) = raw.maybe("gvec_range") {
            range.same(&pair(&range)?, &[offset, end], "what lower ranks own")?;
        }
        offset = end;
        ghosts::check_numbering(raw, rank, &everyone, &sizes, &periodic)?;
        let mut dims: Vec<_> =
            (0..axes.len()).rev().map(|axis| dim(&axes[axis], sizes[axis], edges[axis], periodic[axis])).collect();
        if dof > 1 {
            shape.push(dof);
            dims.push(block(dof, 0, dof, 0, 1));
        }
        converted.parts.push(ConvertedPart {
            dtype: dtype::of(raw, &["dtype"], options.dtype)?,
            shape,
            strides: None,
            dims,
        });
    }
    converted.notes.push("axes are reversed, as PETSc's memory and ranks are: x is the last of the grid".to_owned());
    for (axis, &[low, high]) in edges.iter().enumerate().filter(|(_, edge)| **edge != [0, 0]) {
        let name = ["x", "y", "z"].get(axis).unwrap_or(&"?");
        let size = sizes[axis];
        converted.notes.push(format!(
            "ghost points of the outer boundary belong to the array: along {name} its size is {} instead of {size}, and index -{low} of PETSc is 0",
            size + low + high
        ));
    }
    Ok(converted)
}

fn dim(axis: &DmdaAxis, size: i64, [low, high]: [i64; 2], periodic: bool) -> dap_core::export::DimDict {
    let extent = axis.ghost_stop - axis.ghost_start;
    let mut dim = block(size + low + high, axis.ghost_start + low, extent, axis.place, axis.grid);
    let padding = [axis.start - axis.ghost_start, axis.ghost_stop - axis.stop];
    if padding != [0, 0] {
        dim.padding = dap_core::export::Field::Is(padding);
    }
    if periodic {
        dim.periodic = dap_core::export::Field::Is(true);
    }
    dim
}

/// A rank's axes, x first. Ranks count along x first.
fn axes(raw: &RawValue<'_>, rank: i64, procs: &[i64]) -> ConvertResult<Vec<DmdaAxis>> {
    let corners = corners(&raw.get("corners")?, procs.len())?;
    let ghosts = raw.maybe("ghost").map_or_else(|| Ok(corners.clone()), |ghost| self::corners(&ghost, procs.len()))?;
    let mut before = 1;
    let mut axes = Vec::new();
    for (axis, &grid) in procs.iter().enumerate() {
        let place = rank / before % grid;
        before *= grid;
        let (start, stop) = corners[axis];
        let (ghost_start, ghost_stop) = ghosts[axis];
        if start < 0 || ghost_start > start || ghost_stop < stop {
            return Err(format!(
                "{raw}: along axis {axis} it owns {start} to {stop}, which its ghost corners, {ghost_start} to {ghost_stop}, do not hold"
            ));
        }
        axes.push(DmdaAxis { start, stop, ghost_start, ghost_stop, place, grid });
    }
    Ok(axes)
}

/// `((x, y, z), (width, height, depth))` as start and stop of each axis.
fn corners(raw: &RawValue<'_>, ndim: usize) -> ConvertResult<Vec<(i64, i64)>> {
    let rows = raw.rows()?;
    let [start, width] = &rows[..] else {
        return Err(format!("{raw} is {}; expected are two lists, where the corner is and how wide", raw.short()));
    };
    let (start, width) = (raw.exactly(start.clone(), ndim)?, raw.exactly(width.clone(), ndim)?);
    if width.iter().any(|width| *width < 0) {
        return Err(format!("{raw} has a width below 0"));
    }
    Ok(start.into_iter().zip(width).map(|(start, width)| (start, start + width)).collect())
}

/// The number of points at each place along an axis, for ranks in a grid that agree along its axes.
fn shares(everyone: &[Vec<DmdaAxis>], procs: &[i64]) -> Vec<Vec<i64>> {
    let mut shares: Vec<Vec<i64>> = procs.iter().map(|&places| vec![0; usize::try_from(places).unwrap_or(0)]).collect();
    for (at, axis) in everyone.iter().rev().flat_map(|axes| axes.iter().enumerate()) {
        if let Some(points) = usize::try_from(axis.place).ok().and_then(|place| shares[at].get_mut(place)) {
            *points = axis.stop - axis.start;
        }
    }
    shares
}

/// Checks the other statements of the DMDA about its axes.
fn check_axes(raw: &RawValue<'_>, axes: &[DmdaAxis], shares: &[Vec<i64>], sizes: &[i64]) -> ConvertResult<()> {
    if let Some(own) = raw.maybe("own") {
        own.same(&own.rows()?, &shares.to_vec(), "the ranks' corners")?;
    }
    for (key, whole) in [("ranges", false), ("granges", true)] {
        if let Some(ranges) = raw.maybe(key) {
            let computed: Vec<Vec<i64>> = axes
                .iter()
                .map(|axis| if whole { vec![axis.ghost_start, axis.ghost_stop] } else { vec![axis.start, axis.stop] })
                .collect();
            ranges.same(&ranges.rows()?, &computed, if whole { "ghost" } else { "corners" })?;
        }
    }
    if let Some(stated) = raw.maybe("sizes") {
        stated.same(&stated.counts()?, &sizes.to_vec(), "the ranks' corners")?;
    }
    if let Some(stated) = raw.maybe("dim") {
        stated.same(&stated.count()?, &(axes.len() as i64), "procs")?;
    }
    if let Some(stated) = raw.maybe("stencil_width") {
        let width = stated.count()?;
        let wide = axes
            .iter()
            .flat_map(|axis| [axis.start - axis.ghost_start, axis.ghost_stop - axis.stop])
            .max()
            .unwrap_or(0);
        if raw.has("ghost") && wide > width {
            return Err(format!("{stated} is {width}, and the ghost corners are {wide} away"));
        }
    }
    Ok(())
}

/// The degrees of freedom of a grid point: stated, or from the length of the local vector.
fn degrees(raw: &RawValue<'_>, shape: &[i64]) -> ConvertResult<i64> {
    let stated = raw.maybe("dof").map(|dof| dof.count()).transpose()?;
    let Some(length) = raw.maybe("lsize") else { return Ok(stated.unwrap_or(1)) };
    let (points, held) = (processes(shape), length.count()?);
    let dof = stated.unwrap_or(if points == 0 { 1 } else { held / points });
    length.same(
        &held,
        &points.saturating_mul(dof),
        &format!("{points} points with ghosts, of {dof} degrees of freedom,"),
    )?;
    Ok(dof)
}

fn pair(raw: &RawValue<'_>) -> ConvertResult<[i64; 2]> {
    let numbers = raw.exactly(raw.counts()?, 2)?;
    Ok([numbers[0], numbers[1]])
}
