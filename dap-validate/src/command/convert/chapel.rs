//! Chapel: `localSubdomain()` of each locale, of a block or a cyclic distribution.
//!
//! A domain begins anywhere; here it begins at 0.

use dap_core::dim::{Cyclic, Dim};
use dap_core::index::GridRank;
use dap_core::layout::Edition;

use super::boxes::{BoxGrid, PartBox};
use super::dtype;
use super::julia::ranges;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block};
use super::ranges::{Notation, PrintedRange};
use super::raw::{ConvertResult, RawValue};

/// The fields of a locale's metadata.
pub(super) const FIELDS: &[&str] = &["localSubdomain", "process", "eltType", "dtype"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("localSubdomain")
}

/// The distribution of an axis.
enum ChapelAxis {
    Block,
    /// One index at a time over this number of locales.
    Cyclic(i64),
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let read = |raw: &RawValue<'_>| ranges(&raw.get("localSubdomain")?, Notation::Chapel);
    let parts = case.ranks.iter().map(read).collect::<ConvertResult<Vec<_>>>()?;
    let ndim = parts.first().map_or(0, Vec::len);
    if let Some(at) = parts.iter().position(|part| part.len() != ndim) {
        return Err(format!("{} has {} ranges, locale 0 has {ndim}", case.ranks[at], parts[at].len()));
    }
    let along = |dim: usize| parts.iter().map(move |part| part[dim]);
    let low = |dim| along(dim).filter(|range| !range.is_empty()).map(|range| range.first).min().unwrap_or(0);
    let end = |dim| along(dim).filter(|range| !range.is_empty()).map(last).max().map_or(low(dim), |last| last + 1);
    let lows: Vec<i64> = (0..ndim).map(low).collect();
    let shape: Vec<i64> = (0..ndim).map(|dim| end(dim).saturating_sub(lows[dim])).collect();
    let axes = (0..ndim).map(|dim| axis(dim, along(dim).collect(), lows[dim])).collect::<ConvertResult<Vec<_>>>()?;
    // A cyclic axis has places by the first index, and a block axis by its range.
    let place_box = |part: &Vec<PrintedRange>| -> PartBox {
        let range = |dim: usize| match (&axes[dim], part[dim]) {
            (ChapelAxis::Cyclic(_), range) => [range.first - lows[dim]; 2].map(|at| at.max(0)),
            (ChapelAxis::Block, range) if range.is_empty() => [shape[dim]; 2],
            (ChapelAxis::Block, range) => [range.first - lows[dim], range.last + 1 - lows[dim]],
        };
        (0..ndim).map(range).collect()
    };
    let boxes: Vec<PartBox> = parts.iter().map(place_box).collect();
    let BoxGrid { grid, places } = BoxGrid::of(&boxes, ndim);
    let mut converted = Converted::default();
    for ((raw, part), place) in case.ranks.iter().zip(&boxes).zip(&places) {
        let (mut dims, mut local) = (Vec::new(), Vec::new());
        for dim in 0..ndim {
            let [start, stop] = part[dim];
            match axes[dim] {
                ChapelAxis::Block => {
                    dims.push(block(shape[dim], start, stop - start, place[dim], grid[dim]));
                    local.push(stop - start);
                }
                ChapelAxis::Cyclic(count) if grid[dim] != count || place[dim] != start => {
                    return Err(format!(
                        "{raw}: along dimension {dim} the stride is {count}, and the locales begin at {} places, not at {count}",
                        grid[dim]
                    ));
                }
                ChapelAxis::Cyclic(count) => {
                    let cyclic = Dim::Cyclic(Cyclic::new(shape[dim], count, 1).map_err(|error| error.to_string())?);
                    let at = GridRank(place[dim]);
                    dims.push(cyclic.dim_dict(Edition::V0_10, at).map_err(|error| error.to_string())?);
                    local.push(cyclic.owned_len(at));
                }
            }
        }
        let dtype = dtype::of(raw, &["eltType", "dtype"], options.dtype)?;
        converted.parts.push(ConvertedPart { dtype, shape: local, strides: None, dims });
    }
    if lows.iter().any(|low| *low != 0) {
        converted.notes.push(format!("indices are counted from 0: Chapel's {lows:?} is the first one here"));
    }
    converted.in_order(&places, &grid, options.renumber)
}

/// The last index that a range holds.
fn last(range: PrintedRange) -> i64 {
    range.first + (range.last - range.first) / range.step * range.step
}

fn axis(dim: usize, ranges: Vec<PrintedRange>, low: i64) -> ConvertResult<ChapelAxis> {
    let Some(step) = ranges.iter().map(|range| range.step).max().filter(|step| *step > 1) else {
        return Ok(ChapelAxis::Block);
    };
    let fits = |range: &PrintedRange| range.step == step && (0..step).contains(&(range.first - low));
    match ranges.iter().find(|range| !fits(range)) {
        None => Ok(ChapelAxis::Cyclic(step)),
        Some(other) => Err(format!(
            "along dimension {dim} a locale has the stride {step}, another one {} from {}: the cyclic distribution has one \
             stride, and all locales begin within it",
            other.step, other.first
        )),
    }
}
