//! Block: a range of global indices, and its padding.

use crate::check::Edition;
use crate::check::common::{At, Common, boolean, foreign, not_an_integer, required};
use crate::check::section::BlockSection;
use crate::export::{DimDict, DistType, Field, Found};
use crate::finding::{Finding, Key};
use crate::rules::RuleId;

#[inline]
pub(super) fn check(dict: &DimDict, common: Option<Common>, at: At, findings: &mut Vec<Finding>) -> Option<BlockSection> {
    let dist_type = DistType::Block;
    foreign(!dict.block_size.is_missing(), Key::BlockSize, dist_type, at, findings);
    foreign(!dict.indices.is_missing(), Key::Indices, dist_type, at, findings);
    foreign(!dict.one_to_one.is_missing(), Key::OneToOne, dist_type, at, findings);
    let start = required(&dict.start, Key::Start, RuleId::MISSING_BLOCK_KEY, at, findings);
    let stop = required(&dict.stop, Key::Stop, RuleId::MISSING_BLOCK_KEY, at, findings);
    let padding = padding(&dict.padding, at, findings);
    let periodic = boolean(&dict.periodic, Key::Periodic, at, findings);
    let (start, stop, padding, periodic, common) = (start?, stop?, padding?, periodic?, common?);
    if !bounds(start, stop, padding, common, at, findings) {
        return None;
    }
    let has_padding = !dict.padding.is_missing();
    let section = match at.edition {
        Edition::V0_10 => including(start, stop, padding, periodic, common, at, findings),
        Edition::V0_9 => beside(start, stop, padding, periodic, common, at, findings),
    }?;
    Some(BlockSection { has_padding, ..section })
}

fn padding(field: &Field<[i64; 2]>, at: At, findings: &mut Vec<Finding>) -> Option<[i64; 2]> {
    let finding = match field {
        Field::Missing => return Some([0, 0]),
        Field::Is([lo, hi]) if *lo >= 0 && *hi >= 0 => return Some([*lo, *hi]),
        Field::Is([lo, hi]) => at.finding(RuleId::PADDING_NEGATIVE, Key::Padding).with("lo", *lo).with("hi", *hi),
        Field::Wrong(found) => match &**found {
            Found::ListWith(2, _, inner) if matches!(**inner, Found::BigInt(_)) => not_an_integer(inner, Key::Padding, at),
            Found::Null => not_an_integer(found, Key::Padding, at),
            Found::Int(value) => at
                .finding(RuleId::PADDING_MALFORMED, Key::Padding)
                .with("found", found.to_string())
                .with("value", *value)
                .note("scalar", true),
            found => at.finding(RuleId::PADDING_MALFORMED, Key::Padding).with("found", found.to_string()),
        },
    };
    findings.push(finding);
    None
}

/// `0 <= start <= stop <= size`.
#[inline]
fn bounds(start: i64, stop: i64, padding: [i64; 2], common: Common, at: At, findings: &mut Vec<Finding>) -> bool {
    let Common { size, .. } = common;
    if 0 <= start && start <= stop && stop <= size {
        return true;
    }
    findings.push(if start < 0 {
        at.finding(RuleId::NEGATIVE_START, Key::Start).with("start", start).note("halo", common.is_first() && padding[0] > 0)
    } else if stop < start {
        at.finding(RuleId::STOP_BEFORE_START, Key::Stop).with("start", start).with("stop", stop)
    } else {
        at.finding(RuleId::STOP_BEYOND_SIZE, Key::Stop)
            .with("stop", stop)
            .with("size", size)
            .with("last", size - 1)
            .note("inclusive", size > 0 && stop == size + 1)
    });
    false
}

/// 0.10: `[start, stop)` includes all padding.
#[inline]
fn including(
    start: i64,
    stop: i64,
    [lo, hi]: [i64; 2],
    periodic: bool,
    common: Common,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<BlockSection> {
    let held = stop - start;
    if let Some(extent) = at.extent.filter(|&extent| extent != held) {
        findings.push(extent_finding(start, stop, [lo, hi], extent, at));
    }
    if lo.checked_add(hi).is_none_or(|both| both > held) {
        let finding = at.finding(RuleId::PADDING_EXCEEDS_SECTION, Key::Padding);
        findings.push(finding.with("lo", lo).with("hi", hi).with("held", held));
        return None;
    }
    ends(start, stop, common, at, findings);
    let outer = [common.is_first(), common.is_last()];
    let part = |width: i64, is: bool| if is { width } else { 0 };
    let communication = [part(lo, !outer[0]), part(hi, !outer[1])];
    Some(BlockSection {
        start: start + communication[0],
        stop: stop - communication[1],
        communication,
        boundary: [part(lo, outer[0]), part(hi, outer[1])],
        periodic,
        has_padding: false,
    })
}

fn extent_finding(start: i64, stop: i64, padding: [i64; 2], extent: i64, at: At) -> Finding {
    let held = stop - start;
    let both = padding[0].saturating_add(padding[1]);
    at.finding(RuleId::BLOCK_EXTENT, Key::Stop)
        .with("start", start)
        .with("stop", stop)
        .with("held", held)
        .with("extent", extent)
        .with("padding", format!("[{}, {}]", padding[0], padding[1]))
        .note("unpadded", both > 0 && held.checked_add(both) == Some(extent))
        .note("inclusive", both == 0 && held.checked_add(1) == Some(extent))
}

/// 0.9: `[start, stop)` is what is owned; communication padding lies beside it, and so does the wrap halo of a
/// periodic dimension.
fn beside(
    start: i64,
    stop: i64,
    [lo, hi]: [i64; 2],
    periodic: bool,
    common: Common,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<BlockSection> {
    let owned = stop - start;
    let communicates = [!common.is_first() || periodic, !common.is_last() || periodic];
    let part = |width: i64, is: bool| if is { width } else { 0 };
    let communication = [part(lo, communicates[0]), part(hi, communicates[1])];
    let boundary = [part(lo, !communicates[0]), part(hi, !communicates[1])];
    if boundary[0].checked_add(boundary[1]).is_none_or(|both| both > owned) {
        let finding = at.finding(RuleId::PADDING_EXCEEDS_SECTION, Key::Padding);
        findings.push(finding.with("lo", lo).with("hi", hi).with("held", owned));
        return None;
    }
    let extent = communication[0].checked_add(communication[1]).and_then(|both| both.checked_add(owned));
    if let Some(found) = at.extent.filter(|&found| extent != Some(found)) {
        let finding = at.finding(RuleId::EXTENT_0_9, Key::Stop);
        let padding = format!("[{}, {}]", communication[0], communication[1]);
        findings.push(finding.with("owned", owned).with("padding", padding).with("extent", found));
    }
    ends(start, stop, common, at, findings);
    Some(BlockSection { start, stop, communication, boundary, periodic, has_padding: false })
}

/// The first process begins at 0, the last ends at `size`.
#[inline]
fn ends(start: i64, stop: i64, common: Common, at: At, findings: &mut Vec<Finding>) {
    if common.is_first() && start != 0 {
        findings.push(at.finding(RuleId::FIRST_BLOCK_START, Key::Start).with("start", start));
    }
    if common.is_last() && stop != common.size {
        let finding = at.finding(RuleId::LAST_BLOCK_STOP, Key::Stop).with("stop", stop).with("size", common.size);
        findings.push(finding.with("proc_grid_rank", common.grid_rank));
    }
}
