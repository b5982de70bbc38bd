//! The values of a dimension dictionary's keys: integers and booleans that are present and of the
//! right type, and keys without a meaning for the distribution type.

use crate::check::{Edition, Profile};
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

/// An integer that must be present and at least `least`.
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
