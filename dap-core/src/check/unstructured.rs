//! Unstructured: a list of global indices.

use std::sync::Arc;

use crate::bit_set::BitSet;
use crate::check::key_values::{At, boolean, foreign_keys, not_an_integer};
use crate::check::section::{DimGrid, Section, UnstructuredSection};
use crate::export::{DimDict, DistType, Field, Found};
use crate::finding::{Finding, Key};
use crate::rules::RuleId;

#[inline(always)]
pub(super) fn check(dict: &DimDict, grid: DimGrid, at: At, findings: &mut Vec<Finding>, out: &mut Option<Section>) {
    let own_keys_only = dict.start.is_missing()
        && dict.stop.is_missing()
        && dict.padding.is_missing()
        && dict.periodic.is_missing()
        && dict.block_size.is_missing();
    if !own_keys_only {
        foreign_keys(dict, DistType::Unstructured, at, findings);
    }
    let one_to_one = boolean(&dict.one_to_one, Key::OneToOne, at, findings);
    let Some(indices) = indices(&dict.indices, at, findings) else { return };
    let unique = repeated(indices);
    if let Some((first, second)) = unique {
        let mut finding = at.finding(RuleId::INDICES_REPEATED, Key::Indices);
        finding.place = finding.place.item(second);
        findings.push(finding.with("index", indices[second]).with("first", first).with("second", second));
    }
    if indices.iter().any(|&index| index < 0) {
        negative(indices, at, findings);
    }
    let owned = i64::try_from(indices.len()).unwrap_or(i64::MAX);
    if let Some(extent) = at.extent.filter(|&extent| extent != owned) {
        let finding = at.finding(RuleId::UNSTRUCTURED_EXTENT, Key::Indices);
        findings.push(finding.with("owned", owned).with("extent", extent));
    }
    if let (None, Some(one_to_one), true) = (unique, one_to_one, grid.is_known()) {
        *out = Some(Section::Unstructured(UnstructuredSection { indices: Arc::clone(indices), one_to_one }));
    }
}

#[cold]
fn negative(indices: &[i64], at: At, findings: &mut Vec<Finding>) {
    if let Some(item) = indices.iter().position(|&index| index < 0) {
        let mut finding = at.finding(RuleId::NEGATIVE_INDEX, Key::Indices);
        finding.place = finding.place.item(item);
        findings.push(finding.with("index", indices[item]).note("from-end", true));
    }
}

fn indices<'e>(field: &'e Field<Arc<[i64]>>, at: At, findings: &mut Vec<Finding>) -> Option<&'e Arc<[i64]>> {
    let finding = match field {
        Field::Is(indices) => return Some(indices),
        Field::Missing => at.finding(RuleId::MISSING_INDICES, Key::Dim).with("key", Key::Indices.as_str()),
        Field::Wrong(found) => match &**found {
            Found::Null => at.finding(RuleId::NULL_VALUE, Key::Indices),
            Found::ListWith(_, item, inner) => {
                let mut finding = match &**inner {
                    Found::BigInt(_) => not_an_integer(inner, Key::Indices, at),
                    inner => {
                        at.finding(RuleId::INDICES_MALFORMED, Key::Indices).with("problem", malformed(*item, inner))
                    }
                };
                finding.place = finding.place.item(*item);
                finding
            }
            found => at
                .finding(RuleId::INDICES_MALFORMED, Key::Indices)
                .with("problem", format!("is {found}, not a list of integers")),
        },
    };
    findings.push(finding);
    None
}

fn malformed(item: usize, found: &Found) -> String {
    match found {
        Found::List(_) | Found::ListWith(..) => format!("is nested: item {item} is {found}"),
        found => format!("has {found} at position {item}, where an integer belongs"),
    }
}

/// The positions of two equal indices, the second one the smallest possible.
fn repeated(indices: &[i64]) -> Option<(usize, usize)> {
    if indices.windows(2).all(|pair| pair[0] < pair[1]) || all_differ(indices) {
        return None;
    }
    let mut order: Vec<usize> = (0..indices.len()).collect();
    order.sort_unstable_by_key(|&at| (indices[at], at));
    let equal = order.windows(2).filter(|pair| indices[pair[0]] == indices[pair[1]]);
    equal.map(|pair| (pair[0], pair[1])).min_by_key(|&(_, second)| second)
}

/// Whether all indices differ, by one bit for each possible index. It is only tried if these are
/// few; false has no meaning.
fn all_differ(indices: &[i64]) -> bool {
    let mut few = [0_u64; 16];
    let mut many = Vec::new();
    let (Some(&lowest), Some(&highest)) = (indices.iter().min(), indices.iter().max()) else { return true };
    let Some(span) = highest.checked_sub(lowest).and_then(|span| usize::try_from(span).ok()) else { return false };
    let words: &mut [u64] = if span < few.len() * 64 {
        &mut few
    } else if span / 64 <= indices.len() {
        many.resize(BitSet::words(span + 1), 0);
        &mut many
    } else {
        return false;
    };
    let mut seen = BitSet::new(lowest, words);
    indices.iter().all(|&index| seen.insert(index))
}

#[cfg(test)]
mod tests {
    use super::{all_differ, repeated};
    use proptest::prelude::*;

    #[test]
    fn bits_are_only_tried_where_they_are_few() {
        // The array has 1024 bits at hand; beyond that, it takes one word for each index.
        assert!(all_differ(&[]) && all_differ(&[7]) && all_differ(&[0, 1023]) && all_differ(&[5, -1018]));
        assert!(!all_differ(&[0, 1024]) && !all_differ(&[i64::MIN, i64::MAX]));
        let spread: Vec<i64> = (0..100).rev().map(|at| at * 64).collect();
        assert!(all_differ(&spread));
        assert!(!all_differ(&[&spread[..], &[64 * 102]].concat()));
        assert!(!all_differ(&[&spread[..], &[64]].concat()) && !all_differ(&[1, 0, 1]));
    }

    proptest! {
        #[test]
        fn repeated_agrees_with_pairs(indices in prop::collection::vec(-5_i64..12, 0..14)) {
            let slow = (0..indices.len()).find_map(|second| {
                (0..second).find(|&first| indices[first] == indices[second]).map(|first| (first, second))
            });
            prop_assert_eq!(repeated(&indices), slow);
        }

        #[test]
        fn repeated_agrees_with_pairs_when_spread(indices in prop::collection::vec(-900_i64..900, 20..90)) {
            let slow = (0..indices.len()).find_map(|second| {
                (0..second).find(|&first| indices[first] == indices[second]).map(|first| (first, second))
            });
            prop_assert_eq!(repeated(&indices), slow);
        }
    }
}
