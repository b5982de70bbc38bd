//! One export by itself: its version, its buffer, its dictionaries.

use crate::check::section::LocalDim;
use crate::check::{Edition, Profile, buffer, common, reference};
use crate::dtype::DType;
use crate::export::{Export, Field, Found, UnknownKeys, Version};
use crate::finding::{Finding, Key, Place};
use crate::rules::RuleId;

/// The judgement of one export by itself, and what the other ranks must agree with.
#[derive(Debug, Default)]
pub struct Local {
    pub(super) findings: Vec<Finding>,
    pub(super) edition: Option<Edition>,
    pub(super) dtype: Option<DType>,
    pub(super) ndim: Option<usize>,
    pub(super) dims: Vec<LocalDim>,
}

impl Local {
    /// What is wrong with the export by itself.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Forgets everything but the memory it holds.
    fn clear(&mut self) {
        self.findings.clear();
        self.edition = None;
        self.dtype = None;
        self.ndim = None;
        self.dims.clear();
    }
}

/// Judges `export` into `local`, whose memory is used again.
pub(super) fn check(export: &Export, profile: Profile, local: &mut Local) {
    local.clear();
    if !export.problems.is_empty() {
        local.findings.extend_from_slice(&export.problems);
    }
    if !export.complete || local.findings.iter().any(|finding| finding.rule == RuleId::EXPORT_NOT_A_DICTIONARY) {
        return;
    }
    if profile == Profile::Reference010 {
        local.findings.clear();
        local.findings.extend(reference::finding(export));
        return;
    }
    if !export.unknown.is_empty() {
        unknown_keys(
            &export.unknown,
            Key::Unknown,
            None,
            RuleId::UNKNOWN_EXPORT_KEY,
            &EXPORT_KEYS,
            &mut local.findings,
        );
    }
    let Some(edition) = edition(&export.version, &mut local.findings) else { return };
    local.edition = Some(edition);
    let shape = buffer::check(&export.buffer, local);
    let dim_data = match &export.dim_data {
        Field::Is(dim_data) => dim_data,
        Field::Missing => return local.findings.push(missing_key(Key::DimData)),
        Field::Wrong(found) => {
            let finding = Finding::new(RuleId::DIM_DATA_NOT_A_SEQUENCE, Place::export(Key::DimData));
            return local
                .findings
                .push(finding.with("found", found.to_string()).note("one-dict", **found == Found::Dict));
        }
    };
    local.ndim = Some(dim_data.len());
    let shape = shape.filter(|shape| {
        if shape.len() != dim_data.len() {
            let finding = Finding::new(RuleId::NDIM_MISMATCH, Place::export(Key::DimData))
                .with("described", dim_data.len())
                .with("ndim", shape.len())
                .note("alias", dim_data.len() < shape.len());
            local.findings.push(finding);
        }
        shape.len() == dim_data.len()
    });
    local.dims.resize_with(dim_data.len(), LocalDim::default);
    for (dim, (dict, out)) in dim_data.iter().zip(&mut local.dims).enumerate() {
        match dict {
            Field::Is(dict) => {
                let extent = shape.and_then(|shape| shape.get(dim).copied());
                common::check(dict, common::At { dim, extent, edition, profile }, &mut local.findings, out);
            }
            Field::Wrong(found) => {
                let finding = Finding::new(RuleId::DIM_DICT_NOT_A_DICTIONARY, Place::dim(dim, Key::Dim));
                local.findings.push(finding.with("found", found.to_string()));
            }
            Field::Missing => {}
        }
    }
}

fn edition(version: &Field<Version>, findings: &mut Vec<Finding>) -> Option<Edition> {
    let finding = |rule| Finding::new(rule, Place::export(Key::Version));
    match version {
        Field::Is(Version { major: 0, minor: 10, .. }) => Some(Edition::V0_10),
        Field::Is(Version { major: 0, minor: 9, .. }) => {
            findings.push(finding(RuleId::VERSION_0_9));
            Some(Edition::V0_9)
        }
        Field::Is(version @ Version { major: 0, minor: 11.., .. }) => {
            findings.push(finding(RuleId::VERSION_NEWER).with("version", version.to_string()));
            Some(Edition::V0_10)
        }
        Field::Is(version) => {
            findings.push(finding(RuleId::VERSION_UNSUPPORTED).with("version", version.to_string()));
            None
        }
        // The rest is checked as 0.10: a forgotten version should not hide what else is wrong.
        Field::Missing => {
            findings.push(missing_key(Key::Version));
            Some(Edition::V0_10)
        }
        Field::Wrong(found) => {
            findings.push(finding(RuleId::VERSION_MALFORMED).with("found", found.to_string()));
            Some(Edition::V0_10)
        }
    }
}

pub(super) fn missing_key(key: Key) -> Finding {
    Finding::new(RuleId::MISSING_EXPORT_KEY, Place::export(Key::Export)).with("key", key.as_str())
}

const EXPORT_KEYS: [&str; 3] = ["__version__", "buffer", "dim_data"];

/// Findings for the keys of a dictionary that do not belong; `known` are those that a slip may have meant.
#[cold]
pub(super) fn unknown_keys(
    unknown: &UnknownKeys,
    within: Key,
    dim: Option<usize>,
    rule: RuleId,
    known: &[&'static str],
    findings: &mut Vec<Finding>,
) {
    for key in unknown.kept() {
        let place = Place { dim, span: key.span.clone(), name: Some(key.name.clone()), ..Place::export(within) };
        let similar = known.iter().find(|known| similar(known, &key.name));
        let mut finding = Finding::new(rule, place).with("name", &*key.name).note("similar", similar.is_some());
        if let Some(similar) = similar {
            finding = finding.with("similar", *similar);
        }
        findings.push(finding);
    }
    let more = unknown.count() - unknown.kept().len();
    if let (Some(last), 1..) = (findings.last_mut(), more) {
        last.values.set("count", more);
        last.notes.push("more");
    }
}

/// Whether `name` is `known` but for letter case, separators, or one letter more, less or other.
fn similar(known: &str, name: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).take(32).collect()
    };
    let (a, b) = (plain(known), plain(name));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(&long).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => short.len() > 2 && (same == short.len() || short[same + 1..] == long[same + 1..]),
        1 => short.len() > 2 && short[same..] == long[same + 1..],
        _ => false,
    }
}
