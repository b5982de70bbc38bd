//! Dask's chunks: their sizes along each axis, and their ranks.

use dap_core::finding::irregular;
use serde_json::{Value, json};

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block, c_order, place, processes, starts};
use super::raw::{ConvertResult, RawValue};

/// The fields of an array's metadata.
pub(super) const FIELDS: &[&str] =
    &["chunks", "numblocks", "npartitions", "shape", "ndim", "chunksize", "dtype", "owners", "name"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("chunks")
}

/// For `--from`.
pub(super) const NAME: &str = "dask";

/// The metadata of `x.chunks` alone, the tuple that Dask prints. Without `--from dask` such a value
/// may also be a list of ranks.
pub(super) fn of_bare_chunks(document: Value) -> Value {
    if looks_like_chunks(&document) { json!({"chunks": document}) } else { document }
}

/// Whether a value is a tuple of tuples of chunk sizes, as JSON or as Python prints it.
pub(super) fn looks_like_chunks(value: &Value) -> bool {
    match value {
        Value::Array(axes) => !axes.is_empty() && axes.iter().all(Value::is_array),
        _ => false,
    }
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let [raw] = &case.ranks[..] else {
        return Err("a Dask array is described once, its chunks know no rank".to_owned());
    };
    let chunks = sizes(&raw.get("chunks")?)?;
    array(raw, &chunks, options)
}

/// An array of these chunk sizes along each axis, with the other statements about it.
pub(super) fn array(raw: &RawValue<'_>, chunks: &[Vec<i64>], options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let shape: Vec<i64> =
        chunks.iter().map(|sizes| sizes.iter().fold(0, |sum, size| i64::saturating_add(sum, *size))).collect();
    let blocks: Vec<i64> = chunks.iter().map(|sizes| sizes.len() as i64).collect();
    let check = |key: &str, computed: &Vec<i64>| match raw.maybe(key) {
        Some(said) => said.same(&said.counts()?, computed, "chunks"),
        None => Ok(()),
    };
    check("numblocks", &blocks)?;
    check("shape", &shape)?;
    check("chunksize", &chunks.iter().map(|sizes| sizes.iter().copied().max().unwrap_or(0)).collect())?;
    for (key, computed) in [("npartitions", processes(&blocks)), ("ndim", shape.len() as i64)] {
        if let Some(said) = raw.maybe(key) {
            said.same(&said.count()?, &computed, "chunks")?;
        }
    }
    let dtype = dtype::of(raw, &["dtype", "data_type"], options.dtype)?;
    let lines = raw.maybe("owners").map_or_else(
        || Ok(blocks.iter().map(|&count| (0..count).collect()).collect()),
        |owners| lines(&owners, &blocks),
    )?;
    let grid: Vec<i64> = lines.iter().map(|line| line.last().map_or(0, |last| last + 1)).collect();
    few(processes(&grid))?;
    let extents: Vec<Vec<i64>> = (0..grid.len()).map(|dim| joined(&lines[dim], &chunks[dim], grid[dim])).collect();
    let begins: Vec<Vec<i64>> = extents.iter().map(|extents| starts(extents.iter().copied())).collect();
    let mut converted = Converted::default();
    for rank in 0..processes(&grid) {
        let place = place(rank, &grid);
        let of = |table: &[Vec<i64>], dim: usize| table[dim][usize::try_from(place[dim]).unwrap_or(0)];
        let local: Vec<i64> = (0..grid.len()).map(|dim| of(&extents, dim)).collect();
        let dims =
            (0..grid.len()).map(|dim| block(shape[dim], of(&begins, dim), local[dim], place[dim], grid[dim])).collect();
        converted.parts.push(ConvertedPart { dtype: dtype.clone(), shape: local, strides: None, dims });
    }
    if grid != blocks {
        converted.notes.push(
            "several chunks of a rank are one block here: to have them so in memory, join them, which is a copy"
                .to_owned(),
        );
    } else {
        converted.notes.push(
            "one chunk for each rank, counted along the last axis first: Dask itself gives chunks no rank".to_owned(),
        );
    }
    Ok(converted)
}

/// The number of indices at each place along an axis, for chunks in the order of their places.
fn joined(line: &[i64], chunks: &[i64], places: i64) -> Vec<i64> {
    let mut extents = vec![0_i64; usize::try_from(places).unwrap_or(0)];
    for (&at, &size) in line.iter().zip(chunks) {
        if let Some(extent) = usize::try_from(at).ok().and_then(|at| extents.get_mut(at)) {
            *extent = extent.saturating_add(size);
        }
    }
    extents
}

/// The largest number of ranks; more are a mistake.
const MOST: i64 = 1 << 20;

/// Refuses more chunks than there can be ranks.
pub(super) fn few(chunks: i64) -> ConvertResult<()> {
    if chunks <= MOST {
        return Ok(());
    }
    Err(format!(
        "{chunks} chunks would need a rank each, which is too many to write: give `owners`, the rank of each chunk"
    ))
}

/// The sizes of the chunks along each axis.
pub(super) fn sizes(raw: &RawValue<'_>) -> ConvertResult<Vec<Vec<i64>>> {
    let unknown = |axis: usize| {
        format!(
            "{raw}: the chunk sizes of axis {axis} are unknown (nan), and every index of the protocol has an owner: call `x.compute_chunk_sizes()` first"
        )
    };
    let mut chunks = Vec::new();
    for (axis, sizes) in raw.list()?.iter().enumerate() {
        let mut line = Vec::new();
        for size in sizes.list()? {
            match size.value() {
                Value::Null => return Err(unknown(axis)),
                Value::String(text) if text.eq_ignore_ascii_case("nan") => return Err(unknown(axis)),
                _ => line.push(size.count()?),
            }
        }
        if line.is_empty() {
            return Err(format!("{sizes} is empty: an axis has at least one chunk, which may be of size 0"));
        }
        chunks.push(line);
    }
    Ok(chunks)
}

/// The place of each chunk along each axis, if the table of ranks is a process grid in C order.
fn lines(owners: &RawValue<'_>, blocks: &[i64]) -> ConvertResult<Vec<Vec<i64>>> {
    let mut table = Vec::new();
    flatten(owners, blocks, &mut table)?;
    let mut strides = vec![1_usize; blocks.len()];
    for dim in (1..blocks.len()).rev() {
        strides[dim - 1] = strides[dim] * blocks[dim] as usize;
    }
    let mut lines = Vec::new();
    for (dim, &count) in blocks.iter().enumerate() {
        let mut line = vec![0];
        for chunk in 1..count as usize {
            let step = table[chunk * strides[dim]] != table[(chunk - 1) * strides[dim]];
            line.push(line[chunk - 1] + i64::from(step));
        }
        lines.push(line);
    }
    let grid: Vec<i64> = lines.iter().map(|line| line.last().map_or(0, |last| last + 1)).collect();
    for (at, &owner) in table.iter().enumerate() {
        let chunk: Vec<usize> = (0..blocks.len()).map(|dim| at / strides[dim] % blocks[dim] as usize).collect();
        let place: Vec<i64> = chunk.iter().zip(&lines).map(|(&chunk, line)| line[chunk]).collect();
        let rank = c_order(&place, &grid);
        if rank != owner {
            return Err(format!(
                "{owners}: chunk {chunk:?} is rank {owner}'s; in a process grid of {grid:?}, counted along the last axis first, it is \
                 rank {rank}'s. Protocol 0.10 has one box of chunks for each process, in that order"
            ));
        }
    }
    Ok(lines)
}

fn flatten(raw: &RawValue<'_>, blocks: &[i64], table: &mut Vec<i64>) -> ConvertResult<()> {
    let Some((&count, rest)) = blocks.split_first() else {
        table.push(raw.count()?);
        return Ok(());
    };
    let list = raw.list()?;
    if list.len() as i64 != count {
        return Err(format!(
            "{raw} has {}, and the number of chunks is {count}",
            irregular(list.len(), "entry", "entries")
        ));
    }
    list.iter().try_for_each(|one| flatten(one, rest, table))
}
