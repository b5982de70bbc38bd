//! A dimension dictionary: the dictionary keys, then those of its distribution type.

use crate::check::local::unknown_keys;
use crate::check::section::{BlockSection, DimGrid, LocalDim, Outer, Section, UNKNOWN};
use crate::check::{Edition, Profile, block, cyclic, unstructured};
use crate::export::{DimDict, DistType, Field, Found, shorten};
use crate::finding::{Finding, Key, Place};
use crate::rules::RuleId;

/// The dimension that is checked, and the rules that apply.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) dim: usize,
    /// The buffer's extent in this dimension, if it is known.
    pub(super) extent: Option<i64>,
    pub(super) edition: Edition,
    pub(super) profile: Profile,
}

impl At {
    pub(super) fn finding(self, rule: RuleId, key: Key) -> Finding {
        Finding::new(rule, Place::dim(self.dim, key))
    }
}

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

/// An integer that must be present and at least `least`.
fn at_least(
    least: i64,
    field: &Field<i64>,
    key: Key,
    rule: RuleId,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<i64> {
    let value = required(field, key, RuleId::MISSING_COMMON_KEY, at, findings)?;
    if value < least {
        findings.push(at.finding(rule, key).with(key.as_str(), value));
        return None;
    }
    Some(value)
}

/// An integer that must be present.
#[inline(always)]
pub(super) fn required(
    field: &Field<i64>,
    key: Key,
    missing: RuleId,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<i64> {
    if let Field::Is(value) = field {
        return Some(*value);
    }
    no_integer(field, key, missing, at, findings);
    None
}

#[cold]
fn no_integer(field: &Field<i64>, key: Key, missing: RuleId, at: At, findings: &mut Vec<Finding>) {
    findings.push(match field {
        Field::Wrong(found) => not_an_integer(found, key, at),
        _ => at.finding(missing, Key::Dim).with("key", key.as_str()),
    });
}

/// The finding for a value that should be an integer.
#[cold]
pub(super) fn not_an_integer(found: &Found, key: Key, at: At) -> Finding {
    match found {
        Found::Null => at.finding(RuleId::NULL_VALUE, key),
        Found::BigInt(text) => at.finding(RuleId::INTEGER_OUT_OF_RANGE, key).with("value", &shorten(text)),
        found => {
            let whole = match found {
                Found::Float(text) => text.parse::<f64>().is_ok_and(|value| value.fract() == 0.0),
                _ => false,
            };
            let finding = at.finding(RuleId::NOT_AN_INTEGER, key).with("found", found.to_string());
            match found {
                Found::Float(text) => finding.with("value", &shorten(text)).note("whole", whole),
                Found::Other(name) => finding.note("numpy", name.starts_with("numpy.")),
                _ => finding,
            }
        }
    }
}

/// An optional boolean; `None` for a value of another type.
#[inline(always)]
pub(super) fn boolean(field: &Field<bool>, key: Key, at: At, findings: &mut Vec<Finding>) -> Option<bool> {
    match field {
        Field::Is(value) => Some(*value),
        Field::Missing => Some(false),
        Field::Wrong(found) => {
            no_boolean(found, key, at, findings);
            None
        }
    }
}

#[cold]
fn no_boolean(found: &Found, key: Key, at: At, findings: &mut Vec<Finding>) {
    findings.push(match found {
        Found::Null => at.finding(RuleId::NULL_VALUE, key),
        Found::Int(value @ (0 | 1)) => at
            .finding(RuleId::NOT_A_BOOLEAN, key)
            .with("found", found.to_string())
            .with("value", *value)
            .with("boolean", if *value == 1 { "true" } else { "false" })
            .note("number", true),
        found => at.finding(RuleId::NOT_A_BOOLEAN, key).with("found", found.to_string()),
    });
}

/// Warnings for keys without a meaning for this distribution type.
#[cold]
pub(super) fn foreign_keys(dict: &DimDict, dist_type: DistType, at: At, findings: &mut Vec<Finding>) {
    use DistType::{Block, Cyclic, Unstructured};
    let keys: [(Key, bool, &[DistType], &str); 7] = [
        (Key::Start, dict.start.is_missing(), &[Block, Cyclic], "'b' (block) and 'c' (cyclic)"),
        (Key::Stop, dict.stop.is_missing(), &[Block], "'b' (block)"),
        (Key::Padding, dict.padding.is_missing(), &[Block], "'b' (block)"),
        (Key::Periodic, dict.periodic.is_missing(), &[Block], "'b' (block)"),
        (Key::BlockSize, dict.block_size.is_missing(), &[Cyclic], "'c' (cyclic)"),
        (Key::Indices, dict.indices.is_missing(), &[Unstructured], "'u' (unstructured)"),
        (Key::OneToOne, dict.one_to_one.is_missing(), &[Unstructured], "'u' (unstructured)"),
    ];
    for (key, missing, owners, owner) in keys {
        // In version 0.9 any dimension may be periodic.
        let allowed = owners.contains(&dist_type) || (key == Key::Periodic && at.edition == Edition::V0_9);
        if !missing && !allowed {
            let finding = at.finding(RuleId::KEY_OF_ANOTHER_DIST_TYPE, key);
            findings.push(finding.with("dist_type", dist_type.letter()).with("owner", owner));
        }
    }
}
