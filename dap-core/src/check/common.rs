//! A dimension dictionary: the common keys, then those of its distribution type.

use crate::check::local::unknown_keys;
use crate::check::section::{BlockSection, LocalDim, Section};
use crate::check::{Edition, Profile, block, cyclic, unstructured};
use crate::export::{DimDict, DistType, Field, Found};
use crate::finding::{Finding, Key, Place};
use crate::rules::RuleId;

/// Which dimension is judged, and by what.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) dim: usize,
    /// The buffer's extent in this dimension, where it is known.
    pub(super) extent: Option<i64>,
    pub(super) edition: Edition,
    pub(super) profile: Profile,
}

impl At {
    pub(super) fn finding(self, rule: RuleId, key: Key) -> Finding {
        Finding::new(rule, Place::dim(self.dim, key))
    }
}

/// The size of a dimension and a process's place in it, each in its range.
#[derive(Clone, Copy)]
pub(super) struct Common {
    pub(super) size: i64,
    pub(super) grid_size: i64,
    pub(super) grid_rank: i64,
}

impl Common {
    pub(super) fn is_first(self) -> bool {
        self.grid_rank == 0
    }

    pub(super) fn is_last(self) -> bool {
        self.grid_rank == self.grid_size - 1
    }
}

/// Judges a dictionary.
#[inline]
pub(super) fn check(dict: &DimDict, at: At, findings: &mut Vec<Finding>) -> LocalDim {
    unknown_keys(&dict.unknown, Key::Unknown, Some(at.dim), RuleId::UNKNOWN_DIMENSION_KEY, &KEYS, findings);
    if at.edition == Edition::V0_10 && dict.dist_type.is_missing() && dict.is_alias() {
        return at.extent.map_or_else(LocalDim::default, |extent| undistributed(extent, DistType::Block));
    }
    let dist_type = dist_type(dict, at, findings);
    if dist_type == Some(DistType::Undistributed) {
        return undistributed_n(dict, at, findings);
    }
    let size = at_least(0, &dict.size, Key::Size, RuleId::NEGATIVE_SIZE, at, findings);
    let grid_size =
        at_least(1, &dict.proc_grid_size, Key::ProcGridSize, RuleId::PROC_GRID_SIZE_BELOW_ONE, at, findings);
    let grid_rank = required(&dict.proc_grid_rank, Key::ProcGridRank, RuleId::MISSING_COMMON_KEY, at, findings);
    let grid_rank = grid_rank.filter(|&grid_rank| in_grid(grid_rank, grid_size, at, findings));
    let common = match (size, grid_size, grid_rank) {
        (Some(size), Some(grid_size), Some(grid_rank)) => Some(Common { size, grid_size, grid_rank }),
        _ => None,
    };
    let section = match dist_type {
        Some(DistType::Block) => block::check(dict, common, at, findings).map(Section::Block),
        Some(DistType::Cyclic) => cyclic::check(dict, common, at, findings).map(Section::Cyclic),
        Some(DistType::Unstructured) => unstructured::check(dict, at, findings).map(Section::Unstructured),
        Some(DistType::Undistributed) | None => None,
    };
    let section = section.filter(|_| common.is_some());
    LocalDim { size, grid_size, grid_rank, dist_type, section }
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

fn dist_type(dict: &DimDict, at: At, findings: &mut Vec<Finding>) -> Option<DistType> {
    let (rule, found) = match &dict.dist_type {
        Field::Is(dist_type) => return Some(*dist_type),
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
    None
}

/// The whole dimension on one process, as `{}` and 0.9's `n` say it.
fn undistributed(size: i64, dist_type: DistType) -> LocalDim {
    let section = BlockSection {
        start: 0,
        stop: size,
        communication: [0, 0],
        boundary: [0, 0],
        periodic: false,
        has_padding: false,
    };
    LocalDim {
        size: Some(size),
        grid_size: Some(1),
        grid_rank: Some(0),
        dist_type: Some(dist_type),
        section: Some(Section::Block(section)),
    }
}

/// `n`: part of version 0.9, refused in 0.10, where it is taken for what it meant so that nothing else is blamed.
fn undistributed_n(dict: &DimDict, at: At, findings: &mut Vec<Finding>) -> LocalDim {
    let size = at_least(0, &dict.size, Key::Size, RuleId::NEGATIVE_SIZE, at, findings);
    let Some(size) = size else { return LocalDim::default() };
    if at.edition == Edition::V0_10 {
        findings.push(at.finding(RuleId::UNDISTRIBUTED_N, Key::DistType));
        return undistributed(size, DistType::Block);
    }
    let whole = DimDict { start: Field::Is(0), stop: Field::Is(size), ..dict.clone() };
    let common = Common { size, grid_size: 1, grid_rank: 0 };
    let section = block::check(&whole, Some(common), at, findings).map(Section::Block);
    LocalDim { section, ..undistributed(size, DistType::Block) }
}

fn in_grid(grid_rank: i64, grid_size: Option<i64>, at: At, findings: &mut Vec<Finding>) -> bool {
    let in_grid = grid_rank >= 0 && grid_size.is_none_or(|grid_size| grid_rank < grid_size);
    if let (false, Some(grid_size)) = (in_grid, grid_size) {
        let finding = at
            .finding(RuleId::PROC_GRID_RANK_OUT_OF_RANGE, Key::ProcGridRank)
            .with("proc_grid_rank", grid_rank)
            .with("proc_grid_size", grid_size)
            .with("last", grid_size - 1)
            .note("one-based", grid_rank == grid_size);
        findings.push(finding);
    }
    in_grid
}

/// An integer that must be there and not below `least`.
pub(super) fn at_least(
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

/// An integer that must be there.
#[inline]
pub(super) fn required(
    field: &Field<i64>,
    key: Key,
    missing: RuleId,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<i64> {
    match field {
        Field::Is(value) => Some(*value),
        Field::Missing => {
            findings.push(at.finding(missing, Key::Dim).with("key", key.as_str()));
            None
        }
        Field::Wrong(found) => {
            findings.push(not_an_integer(found, key, at));
            None
        }
    }
}

/// What is wrong with a value that should be an integer.
pub(super) fn not_an_integer(found: &Found, key: Key, at: At) -> Finding {
    match found {
        Found::Null => at.finding(RuleId::NULL_VALUE, key),
        Found::BigInt(text) => at.finding(RuleId::INTEGER_OUT_OF_RANGE, key).with("value", &**text),
        found => {
            let whole = match found {
                Found::Float(text) => text.parse::<f64>().is_ok_and(|value| value.fract() == 0.0),
                _ => false,
            };
            let finding = at.finding(RuleId::NOT_AN_INTEGER, key).with("found", found.to_string());
            match found {
                Found::Float(text) => finding.with("value", &**text).note("whole", whole),
                Found::Other(name) => finding.note("numpy", name.starts_with("numpy.")),
                _ => finding,
            }
        }
    }
}

/// An optional boolean; `None` where it is something else.
#[inline]
pub(super) fn boolean(field: &Field<bool>, key: Key, at: At, findings: &mut Vec<Finding>) -> Option<bool> {
    match field {
        Field::Is(value) => Some(*value),
        Field::Missing => Some(false),
        Field::Wrong(found) => {
            findings.push(match &**found {
                Found::Null => at.finding(RuleId::NULL_VALUE, key),
                Found::Int(value @ (0 | 1)) => at
                    .finding(RuleId::NOT_A_BOOLEAN, key)
                    .with("found", found.to_string())
                    .with("value", *value)
                    .with("boolean", if *value == 1 { "true" } else { "false" })
                    .note("number", true),
                found => at.finding(RuleId::NOT_A_BOOLEAN, key).with("found", found.to_string()),
            });
            None
        }
    }
}

/// A warning for a key that means nothing for this distribution type.
#[inline]
pub(super) fn foreign(present: bool, key: Key, dist_type: DistType, at: At, findings: &mut Vec<Finding>) {
    if present {
        let owner = match key {
            Key::BlockSize => "'c' (cyclic)",
            Key::Indices | Key::OneToOne => "'u' (unstructured)",
            Key::Start => "'b' (block) and 'c' (cyclic)",
            _ => "'b' (block)",
        };
        let finding = at.finding(RuleId::KEY_OF_ANOTHER_DIST_TYPE, key);
        findings.push(finding.with("dist_type", dist_type.letter()).with("owner", owner));
    }
}
