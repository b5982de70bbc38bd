//! Checks of one export by itself: its version, its buffer, its dictionaries.

use crate::check::key_values::At;
use crate::check::local::Local;
use crate::check::section::LocalDim;
use crate::check::unknown_keys::{missing_key, unknown_keys};
use crate::check::{Edition, Profile, block, buffer, dictionary, plain, reference};
use crate::export::{DimDict, Export, Field, Found, Version};
use crate::finding::{Finding, Key, Place};
use crate::layout::MAX_NDIM;
use crate::rules::RuleId;

/// Checks `export` into `local`, whose memory is used again.
pub(super) fn check(export: &Export, profile: Profile, local: &mut Local) {
    local.clear();
    let dims = head(export, profile, local).unwrap_or_default();
    // Every entry is written whole, so leftovers of an earlier export do not matter.
    if local.dims.len() != dims.len() {
        local.dims.resize_with(dims.len(), LocalDim::default);
    }
    let Some(edition) = local.edition else { return };
    let shape = export.buffer.get().and_then(|buffer| buffer.shape.get()).filter(|shape| shape.len() == dims.len());
    for (dim, (dict, out)) in dims.iter().zip(&mut local.dims).enumerate() {
        match dict {
            // The intended one of two values is unknown, so neither is checked.
            Field::Is(_) if has_duplicate(export, dim) => *out = LocalDim::default(),
            Field::Is(dict) => {
                let extent = shape.map(|shape| shape[dim]).filter(|&extent| extent >= 0);
                let at = At { dim, extent, edition, profile };
                if !plain::check(dict, at, out) {
                    dictionary::check(dict, at, &mut local.findings, out);
                }
            }
            Field::Wrong(found) => {
                *out = LocalDim::default();
                let finding = Finding::new(RuleId::DIM_DICT_NOT_A_DICTIONARY, Place::dim(dim, Key::Dim));
                local.findings.push(finding.with("found", found.to_string()));
            }
            Field::Missing => *out = LocalDim::default(),
        }
    }
}

fn has_duplicate(export: &Export, dim: usize) -> bool {
    export.problems.iter().any(|problem| problem.rule == RuleId::DUPLICATE_KEY && problem.place.dim == Some(dim))
}

/// Checks everything but the dictionaries; returns these if they are to be checked.
#[inline]
fn head<'e>(export: &'e Export, profile: Profile, local: &mut Local) -> Option<&'e [Field<DimDict>]> {
    if profile == Profile::Reference010 && export.complete {
        local.findings.extend(reference::finding(export));
        return None;
    }
    if !export.problems.is_empty() || !export.complete {
        local.findings.extend_from_slice(&export.problems);
        let no_dictionary = |finding: &Finding| finding.rule == RuleId::EXPORT_NOT_A_DICTIONARY;
        if !export.complete || local.findings.iter().any(no_dictionary) {
            return None;
        }
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
    (local.edition, local.edition_is_guess) = edition(export, &mut local.findings);
    local.edition?;
    let shape = buffer::check(&export.buffer, local);
    let Some(dim_data) = export.dim_data.get() else {
        no_dim_data(&export.dim_data, &mut local.findings);
        return None;
    };
    local.ndim = Some(dim_data.len());
    if let Some(shape) = shape.filter(|shape| shape.len() != dim_data.len()) {
        let finding = Finding::new(RuleId::NDIM_MISMATCH, Place::export(Key::DimData))
            .with("described", dim_data.len())
            .with("ndim", shape.len())
            .note("alias", dim_data.len() < shape.len());
        local.findings.push(finding);
        if dim_data.len() > MAX_NDIM {
            return None;
        }
    }
    // One finding, instead of several for each dimension.
    if dim_data.len() > MAX_NDIM {
        let finding = Finding::new(RuleId::ARRAY_TOO_LARGE, Place::export(Key::DimData));
        local.findings.push(finding.with("problem", too_many_dimensions(dim_data.len())));
        return None;
    }
    Some(dim_data)
}

#[cold]
fn no_dim_data(dim_data: &Field<Vec<Field<DimDict>>>, findings: &mut Vec<Finding>) {
    findings.push(match dim_data {
        Field::Wrong(found) => Finding::new(RuleId::DIM_DATA_NOT_A_SEQUENCE, Place::export(Key::DimData))
            .with("found", found.to_string())
            .note("one-dict", **found == Found::Dict),
        _ => missing_key(Key::DimData),
    });
}

#[inline]
fn edition(export: &Export, findings: &mut Vec<Finding>) -> (Option<Edition>, bool) {
    match &export.version {
        Field::Is(Version { major: 0, minor: 10, .. }) => (Some(Edition::V0_10), false),
        Field::Is(version) => (unusual_edition(*version, findings), false),
        other => (Some(unknown_edition(other, export, findings)), true),
    }
}

#[cold]
fn unusual_edition(version: Version, findings: &mut Vec<Finding>) -> Option<Edition> {
    let finding = |rule| Finding::new(rule, Place::export(Key::Version));
    let edition = Edition::of(version);
    findings.push(match edition {
        Some(Edition::V0_9) => finding(RuleId::VERSION_0_9),
        Some(Edition::V0_10) => finding(RuleId::VERSION_NEWER).with("version", version.to_string()),
        None => finding(RuleId::VERSION_UNSUPPORTED).with("version", version.to_string()),
    });
    edition
}

/// An export without a version is checked as 0.10, so that a forgotten version hides no other
/// mistake. If its bounds can only be those of 0.9, it is checked as 0.9; otherwise each of them
/// would be reported.
#[cold]
fn unknown_edition(version: &Field<Version>, export: &Export, findings: &mut Vec<Finding>) -> Edition {
    let finding = match version {
        Field::Wrong(found) => {
            Finding::new(RuleId::VERSION_MALFORMED, Place::export(Key::Version)).with("found", found.to_string())
        }
        _ => missing_key(Key::Version),
    };
    let dims = export.dim_data.get().map_or(&[][..], Vec::as_slice);
    let is_0_9 = |(dim, dict): (usize, &Field<DimDict>)| block::is_0_9(dict.get()?, export.extent(dim)?);
    let old = dims.iter().enumerate().any(|dim| is_0_9(dim) == Some(true));
    findings.push(finding.note("looks-0.9", old));
    if old { Edition::V0_9 } else { Edition::V0_10 }
}

const EXPORT_KEYS: [&str; 3] = ["__version__", "buffer", "dim_data"];

/// The sentence for more dimensions than an array can have.
pub(super) fn too_many_dimensions(ndim: usize) -> String {
    format!("has {ndim} dimensions; a buffer has at most {MAX_NDIM}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_earlier_export_is_left() {
        let right = Export::new("<f8", vec![5], vec![DimDict::block(10, 0, 5).on_grid(0, 2)]);
        let wrong = Export::new("<f4", vec![3], vec![DimDict::block(10, 0, 5).on_grid(3, 2), DimDict::cyclic(4, 1)]);
        let without_version = Export { version: Field::Missing, ..right.clone() };
        let future = Export { version: Field::Is(Version { major: 3, minor: 0, patch: 0 }), ..right.clone() };
        let exports = [&right, &wrong, &without_version, &right, &future, &Export::default(), &wrong, &right];
        let mut used = Local::default();
        for export in exports {
            check(export, Profile::Auto, &mut used);
            let mut fresh = Local::default();
            check(export, Profile::Auto, &mut fresh);
            assert_eq!(format!("{used:?}"), format!("{fresh:?}"));
        }
    }
}
