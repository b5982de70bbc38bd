//! Keys that are missing from a dictionary, and keys that do not belong there, typos recognised.

use crate::export::UnknownKeys;
use crate::finding::{Finding, Key, Place};
use crate::rules::RuleId;

/// The finding for a key of the export that is missing.
pub(super) fn missing_key(key: Key) -> Finding {
    Finding::new(RuleId::MISSING_EXPORT_KEY, Place::export(Key::Export)).with("key", key.as_str())
}

/// Findings for the keys of a dictionary that do not belong there; `known` are the keys that a typo
/// may have meant.
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
        let mut finding = Finding::new(rule, place).with("name", &key.name).note("similar", similar.is_some());
        if let Some(similar) = similar {
            finding = finding.with("similar", *similar);
        }
        findings.push(finding);
    }
    let more = unknown.count() - unknown.kept().len();
    if let (Some(last), 1..) = (findings.last_mut(), more) {
        last.values.push(("count", more.into()));
        last.notes.push("more");
    }
}

/// Whether `name` is `known` but for letter case, separators, or one typo.
fn similar(known: &str, name: &str) -> bool {
    // Most names are not alike at all, and their letters show it. If every rank has an unknown key,
    // comparing names would cost more than everything else together.
    let ((known_len, known_letters), (len, letters)) = (outline(known), outline(name));
    len > 2
        && known_len.abs_diff(len) <= 1
        && (known_letters ^ letters).count_ones() <= 2
        && strsim::osa_distance(&plain(known), &plain(name)) <= 1
}

/// The letters and digits of a name, in lower case.
fn plain(text: &str) -> String {
    letters(text).map(char::from).collect()
}

fn letters(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

/// The number of letters and digits of a name, and a set of them. A typo changes the number by at
/// most one, and removes one letter, adds one, or both.
fn outline(text: &str) -> (usize, u64) {
    letters(text).fold((0, 0), |(len, which), letter| (len + 1, which | 1 << (letter % 64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typo_is_similar_and_two_are_not() {
        let known = "proc_grid_size";
        for name in
            ["PROC-GRID-SIZE", "procgridsize", "proc_grid_siz", "proc_grid_sizee", "porc_grid_size", "proc_grid_sise"]
        {
            assert!(similar(known, name), "{name}");
        }
        for name in
            ["proc_grid_rank", "proc_grid", "", "x", "size", "porc_gird_size", "colour", "grid_size_of_the_processes"]
        {
            assert!(!similar(known, name), "{name}");
        }
        // The outline refuses no name that a comparison would accept.
        for at in 0..known.len() {
            for letter in "aeiz09_Q".chars() {
                let (front, back) = known.split_at(at);
                let names = [format!("{front}{letter}{back}"), format!("{front}{letter}{}", &back[1..])];
                for name in names {
                    let alike = strsim::osa_distance(&plain(known), &plain(&name)) <= 1;
                    assert_eq!(similar(known, &name), alike, "{name}");
                }
            }
        }
    }
}
