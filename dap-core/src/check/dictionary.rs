//! A dimension dictionary: the common keys, then those of its distribution type.

use crate::check::key_values::{At, at_least, boolean, required};
use crate::check::section::{BlockSection, DimGrid, LocalDim, Outer, Section, UNKNOWN};
use crate::check::unknown_keys::unknown_keys;
use crate::check::{Edition, block, cyclic, unstructured};
use crate::export::{DimDict, DistType, Field, Found};
use crate::finding::{Finding, Key};
use crate::rules::RuleId;

/// Checks a dictionary into `out`, whatever that held. It is filled in place, since moving it costs
/// more than the checks.
pub(super) fn check(dict: &DimDict, at: At, findings: &mut Vec<Finding>, out: &mut LocalDim) {
    if !dict.unknown.is_empty() {
        unknown_keys(&dict.unknown, Key::Unknown, Some(at.dim), RuleId::UNKNOWN_DIMENSION_KEY, &KEYS, findings);
    }
    if at.edition == Edition::V0_10 && dict.dist_type.is_missing() && dict.is_alias() {
        *out = at.extent.map_or_else(LocalDim::default, undistributed);
        return;
    }
    let dist_type = dict.dist_type.get().copied();
    if dist_type.is_none() {
        no_dist_type(dict, at, findings);
    }
    if dist_type == Some(DistType::Undistributed) {
        *out = undistributed_n(dict, at, findings);
        return;
    }
    let grid = match (&dict.size, &dict.proc_grid_size, &dict.proc_grid_rank) {
        (&Field::Is(size), &Field::Is(grid_size), &Field::Is(grid_rank))
            if size >= 0 && grid_rank >= 0 && grid_rank < grid_size =>
        {
            DimGrid { size, grid_size, grid_rank }
        }
        _ => wrong_common(dict, at, findings),
    };
    // In version 0.9 any dimension may be periodic; in 0.10 the key has a meaning for blocks only.
    let periodic = if at.edition == Edition::V0_9 || dist_type == Some(DistType::Block) {
        boolean(&dict.periodic, Key::Periodic, at, findings)
    } else {
        // A dimension of unknown type is given no value that others could contradict.
        dist_type.map(|_| false)
    };
    *out = LocalDim { grid, dist_type, periodic, padding: Outer::default(), section: None };
    match dist_type {
        Some(DistType::Block) => block::check(dict, at, findings, out),
        Some(DistType::Cyclic) => cyclic::check(dict, grid, at, findings, &mut out.section),
        Some(DistType::Unstructured) => unstructured::check(dict, grid, at, findings, &mut out.section),
        Some(DistType::Undistributed) | None => {}
    }
}

const KEYS: [&str; 11] = [
    "dist_type",
    "size",
    "proc_grid_size",
    "proc_grid_rank",
    "start",
    "stop",
    "padding",
    "periodic",
    "block_size",
    "indices",
    "one_to_one",
];

/// Checks the dictionary keys, and returns the right values.
#[cold]
fn wrong_common(dict: &DimDict, at: At, findings: &mut Vec<Finding>) -> DimGrid {
    let size = at_least(0, &dict.size, Key::Size, RuleId::NEGATIVE_SIZE, at, findings);
    let grid_size =
        at_least(1, &dict.proc_grid_size, Key::ProcGridSize, RuleId::PROC_GRID_SIZE_BELOW_ONE, at, findings);
    let grid_rank = required(&dict.proc_grid_rank, Key::ProcGridRank, RuleId::MISSING_COMMON_KEY, at, findings);
    let grid_rank = grid_rank.filter(|&grid_rank| in_grid(grid_rank, grid_size, at, findings));
    DimGrid {
        size: size.unwrap_or(UNKNOWN),
        grid_size: grid_size.unwrap_or(UNKNOWN),
        grid_rank: grid_rank.unwrap_or(UNKNOWN),
    }
}

#[cold]
fn no_dist_type(dict: &DimDict, at: At, findings: &mut Vec<Finding>) {
    let (rule, found) = match &dict.dist_type {
        Field::Is(_) => return,
        Field::Missing => (RuleId::MISSING_DIST_TYPE, None),
        Field::Wrong(found) if **found == Found::Null => (RuleId::NULL_VALUE, None),
        Field::Wrong(found) => (RuleId::UNKNOWN_DIST_TYPE, Some(found)),
    };
    let key = if found.is_none() && rule == RuleId::MISSING_DIST_TYPE { Key::Dim } else { Key::DistType };
    let finding = at.finding(rule, key);
    findings.push(match found {
        Some(found) => finding.with("found", found.to_string()),
        None => finding,
    });
}

/// The whole dimension on one process, as `{}` and 0.9's `n` state it.
fn undistributed(size: i64) -> LocalDim {
    let section = BlockSection { start: 0, stop: size, communication: [0, 0] };
    LocalDim {
        grid: DimGrid { size, grid_size: 1, grid_rank: 0 },
        dist_type: Some(DistType::Block),
        periodic: Some(false),
        padding: Outer::default(),
        section: Some(Section::Block(section)),
    }
}

/// `n`: part of version 0.9, refused in 0.10. There it is read as intended, so that no other
/// finding follows.
fn undistributed_n(dict: &DimDict, at: At, findings: &mut Vec<Finding>) -> LocalDim {
    let size = at_least(0, &dict.size, Key::Size, RuleId::NEGATIVE_SIZE, at, findings);
    let Some(size) = size else { return LocalDim::default() };
    if at.edition == Edition::V0_10 {
        findings.push(at.finding(RuleId::UNDISTRIBUTED_N, Key::DistType));
        return undistributed(size);
    }
    let whole = DimDict { start: Field::Is(0), stop: Field::Is(size), ..dict.clone() };
    let mut out = LocalDim {
        grid: DimGrid { size, grid_size: 1, grid_rank: 0 },
        dist_type: Some(DistType::Undistributed),
        periodic: boolean(&dict.periodic, Key::Periodic, at, findings),
        padding: Outer::default(),
        section: None,
    };
    block::check(&whole, at, findings, &mut out);
    out
}

fn in_grid(grid_rank: i64, grid_size: Option<i64>, at: At, findings: &mut Vec<Finding>) -> bool {
    let in_grid = grid_rank >= 0 && grid_size.is_none_or(|grid_size| grid_rank < grid_size);
    if let (false, Some(grid_size)) = (in_grid, grid_size) {
        let finding = at
            .finding(RuleId::PROC_GRID_RANK_OUT_OF_RANGE, Key::ProcGridRank)
            .with("proc_grid_rank", grid_rank)
            .with("proc_grid_size", grid_size)
            .with("range", if grid_size == 1 { "be 0".to_owned() } else { format!("lie in 0 to {}", grid_size - 1) })
            .note("one-based", grid_rank == grid_size);
        findings.push(finding);
    }
    in_grid
}
