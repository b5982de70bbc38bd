//! `__partitioned__`: `shape`, `partition_tiling` and `partitions`; one dictionary for all, or each
//! rank's own.

use dap_core::finding::plural;
use std::collections::HashMap;

use serde_json::Value;

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block};
use super::raw::{ConvertResult, RawValue};

/// The fields of such a dictionary.
pub(super) const FIELDS: &[&str] = &["shape", "partition_tiling", "partitions", "locals", "get", "dtype"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("partition_tiling") && raw.has("partitions")
}

/// A part: its place in the tiling, the indices that it covers, and its process.
struct StatedParts<'a> {
    raw: RawValue<'a>,
    place: Vec<i64>,
    start: Vec<i64>,
    shape: Vec<i64>,
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let shape = case.ranks[0].get("shape")?.counts()?;
    let tiling = case.ranks[0].get("partition_tiling")?;
    let tiling = tiling.exactly(tiling.counts()?, shape.len())?;
    let stated = parts(&case.ranks[0], shape.len())?;
    let of_rank = match &case.ranks[..] {
        [_] => located(&stated)?,
        _ => held(case, &stated, &shape)?,
    };
    let mut converted = Converted::default();
    let mut places = Vec::new();
    for (rank, at) in of_rank.iter().enumerate() {
        let at = at.ok_or_else(|| format!("no part is on rank {rank}: pass only the processes that hold one"))?;
        let part = &stated[at];
        let from = case.ranks.get(rank).filter(|_| case.ranks.len() > 1).unwrap_or(&case.ranks[0]);
        let of = if part.raw.has("dtype") { &part.raw } else { from };
        let dims = (0..shape.len())
            .map(|dim| block(shape[dim], part.start[dim], part.shape[dim], part.place[dim], tiling[dim]));
        converted.parts.push(ConvertedPart {
            dtype: dtype::of(of, &["dtype"], options.dtype)?,
            shape: part.shape.clone(),
            strides: None,
            dims: dims.collect(),
        });
        places.push(part.place.clone());
    }
    converted.in_order(&places, &tiling, options.renumber)
}

/// The part of each rank, from one dictionary for all.
fn located(stated: &[StatedParts<'_>]) -> ConvertResult<Vec<Option<usize>>> {
    let mut of_rank = vec![None; stated.len()];
    for (at, part) in stated.iter().enumerate() {
        let rank = location(part, at)?;
        let slot = usize::try_from(rank).ok().and_then(|rank| of_rank.get_mut(rank));
        let slot = slot.ok_or_else(|| format!("{}.location is rank {rank}, and there are {} parts: an export of protocol 0.10 is one block for each process", part.raw, stated.len()))?;
        if slot.replace(at).is_some() {
            return Err(format!(
                "process {rank} has several parts, and an export of protocol 0.10 is one block for each process: join them"
            ));
        }
    }
    Ok(of_rank)
}

/// The part of each rank, from each rank's own dictionary.
fn held(case: &LibraryCase<'_>, stated: &[StatedParts<'_>], shape: &[i64]) -> ConvertResult<Vec<Option<usize>>> {
    if stated.len() == 1 {
        return Err(format!(
            "there is one part and {} ranks, each of which has it: protocol 0.10 has no replicas. Split the array, or convert one rank's description alone",
            case.ranks.len()
        ));
    }
    if stated.len() != case.ranks.len() {
        return Err(format!(
            "the array has {} on {}, and an export of protocol 0.10 is one block for each process: join the parts of each",
            plural(stated.len(), "part"),
            plural(case.ranks.len(), "rank")
        ));
    }
    let by_place = by_place(stated);
    let part = |raw: &RawValue<'_>| {
        raw.get("shape")?.same(&raw.get("shape")?.counts()?[..], shape, "rank 0")?;
        let locals = raw.get("locals")?;
        let mine = locals.rows().or_else(|_| {
            Ok::<_, String>(locals.list()?.iter().filter_map(|one| place(one.value().as_str()?)).collect())
        })?;
        let [mine] = &mine[..] else {
            return Err(format!(
                "{locals} names {} parts, and an export of protocol 0.10 is one block for each process: join them",
                mine.len()
            ));
        };
        let at = by_place.get(&mine[..]).copied();
        at.map(Some).ok_or_else(|| format!("{locals} names part {mine:?}, which is not in `partitions`"))
    };
    case.ranks.iter().map(part).collect()
}

/// Whether a rank's dictionary agrees with the library's other fields: `extents` of all ranks, one
/// after the other along `axis`.
pub(super) fn agrees(
    raw: &RawValue<'_>,
    rank: usize,
    whole: &[i64],
    axis: usize,
    extents: &[Vec<i64>],
) -> ConvertResult<()> {
    raw.get("shape")?.same(&raw.get("shape")?.counts()?, &whole.to_vec(), "gshape")?;
    let mut tiles = vec![1; whole.len()];
    if let Some(tile) = tiles.get_mut(axis) {
        *tile = extents.len() as i64;
    }
    let stated = parts(raw, whole.len())?;
    let tiling = raw.get("partition_tiling")?;
    tiling.same(&tiling.counts()?, &tiles, "the split axis")?;
    if stated.len() != extents.len() {
        return Err(format!(
            "{raw}.partitions has {} for {}",
            plural(stated.len(), "part"),
            plural(extents.len(), "rank")
        ));
    }
    let by_place = by_place(&stated);
    let mut start = vec![0_i64; whole.len()];
    let mut place = vec![0_i64; whole.len()];
    for (owner, extent) in extents.iter().enumerate() {
        let part = by_place.get(&place[..]).map(|&at| &stated[at]);
        let part = part.ok_or_else(|| format!("{raw}.partitions has no part for rank {owner}"))?;
        part.raw.get("start")?.same(&part.start, &start, "what the ranks hold")?;
        part.raw.get("shape")?.same(&part.shape, extent, "that rank's lshape")?;
        if let Some(location) = part.raw.maybe("location") {
            location.same(&location.ints()?, &vec![owner as i64], "the split axis")?;
        }
        if owner == rank {
            if let Some(locals) = raw.maybe("locals") {
                locals.same(&locals.rows()?, &vec![place.clone()], "this rank's place")?;
            }
            if let Some(data) = raw.maybe("local_data") {
                for entry in data.list()? {
                    let shape = entry.list()?.get(1).ok_or_else(|| format!("{entry} has no shape"))?.clone();
                    shape.same(&shape.counts()?, extent, "lshape")?;
                }
            }
        }
        if let (Some(start), Some(place)) = (start.get_mut(axis), place.get_mut(axis)) {
            *start = start.saturating_add(extent.get(axis).copied().unwrap_or(0));
            *place += 1;
        }
    }
    Ok(())
}

/// The parts by their places; the first one if several have the same place.
fn by_place<'a>(stated: &'a [StatedParts<'_>]) -> HashMap<&'a [i64], usize> {
    stated.iter().enumerate().rev().map(|(at, part)| (&part.place[..], at)).collect()
}

fn parts<'a>(raw: &RawValue<'a>, ndim: usize) -> ConvertResult<Vec<StatedParts<'a>>> {
    let partitions = raw.get("partitions")?;
    if !partitions.is_object() {
        return Err(format!("{partitions} is {}, not an object of parts", partitions.short()));
    }
    let mut stated = Vec::new();
    for key in partitions.keys() {
        let part = partitions.get(key)?;
        let place = place(key).filter(|place| place.len() == ndim);
        let place = place.ok_or_else(|| format!("{part}: the key is no place of {ndim} numbers, such as (0, 1)"))?;
        let (start, shape) = (part.get("start")?, part.get("shape")?);
        let start = start.exactly(start.counts()?, ndim)?;
        let shape = shape.exactly(shape.counts()?, ndim)?;
        stated.push(StatedParts { place, start, shape, raw: part });
    }
    if stated.is_empty() {
        return Err(format!("{partitions} is empty"));
    }
    Ok(stated)
}

/// The process that holds a part: a rank, or the second of (address, process, device).
fn location(part: &StatedParts<'_>, order: usize) -> ConvertResult<i64> {
    let Some(location) = part.raw.maybe("location") else { return Ok(order as i64) };
    let places = location.list()?;
    let [place] = &places[..] else {
        return Err(format!(
            "{location} has {} places, and protocol 0.10 has no replicas: name one for each part",
            places.len()
        ));
    };
    match place.value() {
        Value::Array(_) => place.list()?.get(1).ok_or_else(|| format!("{place} has no process"))?.int(),
        _ => place.int(),
    }
}

/// The place in a key such as `(0, 1)`, which is a text in JSON.
fn place(key: &str) -> Option<Vec<i64>> {
    let inner = key.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    inner.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}
