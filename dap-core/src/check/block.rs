//! Block: a range of global indices, and its padding.

use crate::check::Edition;
use crate::check::key_values::{At, foreign_keys, not_an_integer, required};
use crate::check::section::{BlockSection, DimGrid, LocalDim, Section};
use crate::export::{DimDict, DistType, Field, Found};
use crate::finding::{Finding, Key};
use crate::rules::RuleId;

/// Checks the keys of a block and adds its section to `dim`, whose common keys are checked already.
#[inline(always)]
pub(super) fn check(dict: &DimDict, at: At, findings: &mut Vec<Finding>, dim: &mut LocalDim) {
    if !(dict.block_size.is_missing() && dict.indices.is_missing() && dict.one_to_one.is_missing()) {
        foreign_keys(dict, DistType::Block, at, findings);
    }
    let start = required(&dict.start, Key::Start, RuleId::MISSING_BLOCK_KEY, at, findings);
    let stop = required(&dict.stop, Key::Stop, RuleId::MISSING_BLOCK_KEY, at, findings);
    let padding = padding(&dict.padding, at, findings);
    let (Some(start), Some(stop), Some(padding), Some(periodic)) = (start, stop, padding, dim.periodic) else { return };
    let grid = dim.grid;
    if !grid.is_known() || !bounds(start, stop, padding, grid, at, findings) {
        return;
    }
    dim.padding.is_written = !dict.padding.is_missing();
    let written = Written { start, stop, padding, periodic };
    match at.edition {
        Edition::V0_10 => including(written, at, findings, dim),
        _ => beside(written, at, findings, dim),
    }
}

/// The keys of a block, each in its range.
#[derive(Clone, Copy)]
struct Written {
    start: i64,
    stop: i64,
    padding: [i64; 2],
    periodic: bool,
}

#[inline(always)]
fn padding(field: &Field<[i64; 2]>, at: At, findings: &mut Vec<Finding>) -> Option<[i64; 2]> {
    match field {
        Field::Missing => Some([0, 0]),
        Field::Is([lo, hi]) if *lo >= 0 && *hi >= 0 => Some([*lo, *hi]),
        wrong => {
            wrong_padding(wrong, at, findings);
            None
        }
    }
}

#[cold]
fn wrong_padding(field: &Field<[i64; 2]>, at: At, findings: &mut Vec<Finding>) {
    findings.push(match field {
        Field::Missing => return,
        Field::Is([lo, hi]) => at.finding(RuleId::PADDING_NEGATIVE, Key::Padding).with("lo", *lo).with("hi", *hi),
        Field::Wrong(found) => match &**found {
            Found::ListWith(2, _, inner) if matches!(**inner, Found::BigInt(_)) => {
                not_an_integer(inner, Key::Padding, at)
            }
            Found::Null => not_an_integer(found, Key::Padding, at),
            Found::Int(value) => at
                .finding(RuleId::PADDING_MALFORMED, Key::Padding)
                .with("found", found.to_string())
                .with("value", *value)
                .note("scalar", true),
            found => at.finding(RuleId::PADDING_MALFORMED, Key::Padding).with("found", found.to_string()),
        },
    });
}

/// `0 <= start <= stop <= size`.
#[inline]
fn bounds(start: i64, stop: i64, padding: [i64; 2], grid: DimGrid, at: At, findings: &mut Vec<Finding>) -> bool {
    if 0 <= start && start <= stop && stop <= grid.size {
        return true;
    }
    out_of_bounds(start, stop, padding, grid, at, findings);
    false
}

#[cold]
fn out_of_bounds(start: i64, stop: i64, padding: [i64; 2], grid: DimGrid, at: At, findings: &mut Vec<Finding>) {
    let DimGrid { size, .. } = grid;
    findings.push(if start < 0 {
        at.finding(RuleId::NEGATIVE_START, Key::Start)
            .with("start", start)
            .note("halo", grid.is_first() && padding[0] > 0)
    } else if stop < start {
        at.finding(RuleId::STOP_BEFORE_START, Key::Stop).with("start", start).with("stop", stop)
    } else {
        at.finding(RuleId::STOP_BEYOND_SIZE, Key::Stop)
            .with("stop", stop)
            .with("size", size)
            .with("last", size - 1)
            .note("inclusive", size > 0 && stop == size + 1)
    });
}

/// 0.10: `[start, stop)` includes all padding.
#[inline(always)]
fn including(written: Written, at: At, findings: &mut Vec<Finding>, dim: &mut LocalDim) {
    let (Written { start, stop, padding: [lo, hi], periodic }, grid) = (written, dim.grid);
    let held = stop - start;
    if let Some(extent) = at.extent.filter(|&extent| extent != held) {
        let outer = [grid.is_first() && periodic, grid.is_last() && periodic];
        findings.push(extent_finding(start, stop, [lo, hi], outer, grid, extent, at));
        dim.padding.surplus = extent.saturating_sub(held);
    }
    if lo.checked_add(hi).is_none_or(|both| both > held) {
        let finding = at.finding(RuleId::PADDING_EXCEEDS_SECTION, Key::Padding);
        findings.push(finding.with("lo", lo).with("hi", hi).with("held", held));
        return;
    }
    ends(start, stop, grid, at, findings);
    let outer = [grid.is_first(), grid.is_last()];
    let part = |width: i64, is: bool| if is { width } else { 0 };
    let communication = [part(lo, !outer[0]), part(hi, !outer[1])];
    dim.padding.boundary = [part(lo, outer[0]), part(hi, outer[1])];
    let (start, stop) = (start + communication[0], stop - communication[1]);
    dim.section = Some(Section::Block(BlockSection { start, stop, communication }));
}

#[cold]
fn extent_finding(
    start: i64,
    stop: i64,
    padding: [i64; 2],
    wraps: [bool; 2],
    grid: DimGrid,
    extent: i64,
    at: At,
) -> Finding {
    let held = stop - start;
    let both = padding[0].saturating_add(padding[1]);
    let halo = [0, 1].map(|end| if wraps[end] { padding[end] } else { 0 });
    let halo = halo[0].saturating_add(halo[1]);
    let is_wrap = halo > 0 && held.checked_add(halo) == Some(extent);
    // `stop` is that of the last index. Where the first process starts at 1, both are counted
    // from 1.
    let one_more = both == 0 && held.checked_add(1) == Some(extent);
    let one_based = one_more && grid.is_first() && start == 1;
    at.finding(RuleId::BLOCK_EXTENT, Key::Stop)
        .with("start", start)
        .with("stop", stop)
        .with("held", held)
        .with("extent", extent)
        .with("padding", format!("[{}, {}]", padding[0], padding[1]))
        .note("wrap", is_wrap)
        .note("unpadded", !is_wrap && both > 0 && held.checked_add(both) == Some(extent))
        .note("inclusive", one_more && !one_based)
        .note("one-based", one_based)
}

/// 0.9: `[start, stop)` is what is owned; communication padding lies beside it, and so does the
/// wrap halo of a periodic dimension.
fn beside(written: Written, at: At, findings: &mut Vec<Finding>, dim: &mut LocalDim) {
    let (Written { start, stop, padding: [lo, hi], periodic }, grid) = (written, dim.grid);
    let owned = stop - start;
    let communicates = [!grid.is_first() || periodic, !grid.is_last() || periodic];
    let part = |width: i64, is: bool| if is { width } else { 0 };
    let communication = [part(lo, communicates[0]), part(hi, communicates[1])];
    let boundary = [part(lo, !communicates[0]), part(hi, !communicates[1])];
    if boundary[0].checked_add(boundary[1]).is_none_or(|both| both > owned) {
        let finding = at.finding(RuleId::PADDING_EXCEEDS_SECTION, Key::Padding);
        findings.push(finding.with("lo", lo).with("hi", hi).with("held", owned));
        return;
    }
    let extent = communication[0].checked_add(communication[1]).and_then(|both| both.checked_add(owned));
    if let Some(found) = at.extent.filter(|&found| extent != Some(found)) {
        let finding = at.finding(RuleId::EXTENT_0_9, Key::Stop);
        let padding = format!("[{}, {}]", communication[0], communication[1]);
        findings.push(finding.with("owned", owned).with("padding", padding).with("extent", found));
        dim.padding.surplus = extent.map_or(0, |extent| found.saturating_sub(extent));
    }
    ends(start, stop, grid, at, findings);
    dim.padding.boundary = boundary;
    dim.section = Some(Section::Block(BlockSection { start, stop, communication }));
}

/// Whether a dictionary's bounds fit its buffer with the communication padding beside them, as in
/// 0.9, and only so.
#[cold]
pub(super) fn is_0_9(dict: &DimDict, extent: i64) -> Option<bool> {
    let (&start, &stop, &[lo, hi]) = (dict.start.get()?, dict.stop.get()?, dict.padding.get()?);
    let (&grid_size, &grid_rank) = (dict.proc_grid_size.get()?, dict.proc_grid_rank.get()?);
    if grid_rank < 0 || grid_rank >= grid_size {
        return None;
    }
    let grid = DimGrid { size: *dict.size.get()?, grid_size, grid_rank };
    let wraps = dict.periodic == Field::Is(true);
    let below = if wraps || !grid.is_first() { lo } else { 0 };
    let above = if wraps || !grid.is_last() { hi } else { 0 };
    let held = stop.checked_sub(start)?;
    Some(below >= 0 && above >= 0 && held != extent && held.checked_add(below)?.checked_add(above)? == extent)
}

/// The first process begins at 0, the last ends at `size`.
#[inline(always)]
fn ends(start: i64, stop: i64, grid: DimGrid, at: At, findings: &mut Vec<Finding>) {
    if (grid.is_first() && start != 0) || (grid.is_last() && stop != grid.size) {
        wrong_ends(start, stop, grid, at, findings);
    }
}

#[cold]
fn wrong_ends(start: i64, stop: i64, grid: DimGrid, at: At, findings: &mut Vec<Finding>) {
    if grid.is_first() && start != 0 {
        let finding = at.finding(RuleId::FIRST_BLOCK_START, Key::Start).with("start", start);
        findings.push(finding.note("one-based", start == 1));
    }
    if grid.is_last() && stop != grid.size {
        let finding = at.finding(RuleId::LAST_BLOCK_STOP, Key::Stop).with("stop", stop).with("size", grid.size);
        findings.push(finding.with("proc_grid_rank", grid.grid_rank));
    }
}
