//! DistributedArrays.jl: `localindices` of each process.
//!
//! Julia counts from 1 and includes the last index. Its memory and its process grid have the first
//! axis fastest, so the export has the axes reversed, in the same memory.

use super::boxes::{self, PartBox, StatedBox};
use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::Converted;
use super::ranges::{Notation, PrintedRange};
use super::raw::{ConvertResult, RawValue};

/// The fields of a rank's metadata.
pub(super) const FIELDS: &[&str] = &["localindices", "process", "dims", "size", "eltype", "dtype"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("localindices")
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let mut parts = case.ranks.iter().map(part).collect::<ConvertResult<Vec<_>>>()?;
    let ndim = parts.first().map_or(0, Vec::len);
    if let Some(at) = parts.iter().position(|part| part.len() != ndim) {
        return Err(format!("{} has {} ranges, rank 0 has {ndim}", case.ranks[at], parts[at].len()));
    }
    parts.iter_mut().for_each(|part| part.reverse());
    let shape = match case.ranks[0].maybe("size").or_else(|| case.ranks[0].maybe("dims")) {
        Some(stated) => {
            let mut shape = stated.exactly(stated.counts()?, ndim)?;
            shape.reverse();
            shape
        }
        None => (0..ndim).map(|dim| parts.iter().map(|part| part[dim][1]).max().unwrap_or(0)).collect(),
    };
    let mut notes =
        vec!["axes are reversed, as Julia's memory and process grid are: the first axis is the last here".to_owned()];
    if !case.ranks.iter().any(|raw| raw.has("process") || raw.has("rank")) {
        // `procs(d)` is in this order.
        parts.sort();
        notes.push("ranks are in the order of `procs(d)`, along the first axis first".to_owned());
    }
    let stated = case.ranks.iter().zip(parts).map(|(raw, part)| {
        Ok(StatedBox { part, dtype: dtype::of(raw, &["eltype", "dtype"], options.dtype)?, strides: None })
    });
    boxes::array(&shape, stated.collect::<ConvertResult<_>>()?, notes, options)
}

/// The part of a process, counted from 0.
fn part(raw: &RawValue<'_>) -> ConvertResult<PartBox> {
    let ranges = self::ranges(&raw.get("localindices")?, Notation::Julia)?;
    let from_zero = |range: &PrintedRange| {
        if range.is_empty() {
            return Ok([range.first.max(1) - 1; 2]);
        }
        if range.first < 1 || range.step != 1 {
            return Err(format!("{raw}: a range begins at {}, and Julia counts from 1 in steps of 1", range.first));
        }
        Ok([range.first - 1, range.last])
    };
    ranges.iter().map(from_zero).collect()
}

/// Ranges as printed, or as lists of first, last and perhaps step.
pub(super) fn ranges(raw: &RawValue<'_>, notation: Notation) -> ConvertResult<Vec<PrintedRange>> {
    if let Some(text) = raw.value().as_str() {
        return notation.one(text).ok_or_else(|| format!("{raw} is {}, no index ranges as printed", raw.short()));
    }
    let range = |numbers: Vec<i64>| match numbers[..] {
        [first, last] => Ok(PrintedRange { first, last, step: 1 }),
        [first, last, step] if step >= 1 => Ok(PrintedRange { first, last, step }),
        _ => Err(format!("{raw} is {}; expected are first and last index of each axis", raw.short())),
    };
    raw.rows()?.into_iter().map(range).collect()
}
