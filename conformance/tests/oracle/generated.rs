//! The generator and the oracle against each other: formulas in the one, enumeration in the other.

use std::collections::BTreeMap;

use dap_conformance::generate::{lines, sets};
use dap_conformance::model::{RankExport, Value, bundle, ndjson};
use dap_conformance::mutate::{mutated, mutations};
use dap_conformance::oracle::{Protocol, check_rank, check_set};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn generated_sets_are_valid(set in sets()) {
        let verdict = check_set(&set);
        prop_assert!(verdict.valid, "{:?}", verdict.reasons);
        for export in &set {
            prop_assert!(check_rank(export).valid);
        }
    }

    #[test]
    fn every_element_has_one_owner(set in lines(Protocol::V0_10)) {
        let maps = check_set(&set).maps.expect("valid");
        let dim = &maps.dims[0];
        for (&global, holders) in &dim.holders {
            for &(grid_rank, local) in holders {
                prop_assert_eq!(dim.globals(grid_rank)[local as usize], global);
            }
        }
        let held: i64 = dim.owned.iter().sum();
        let unstructured = set[0].dim_data[0].get("dist_type") == Some(&Value::Text("u".into()));
        if !unstructured {
            prop_assert_eq!(held, dim.size);
            prop_assert!((0..dim.size).all(|global| dim.holders[&global].len() == 1));
        }
    }

    #[test]
    fn verdicts_on_mutated_sets_hold_together(case in mutated()) {
        let verdict = check_set(&case.set);
        prop_assert_eq!(verdict.valid, verdict.reasons.is_empty() && !verdict.too_large);
        prop_assert_eq!(verdict.valid, verdict.maps.is_some());
        if verdict.valid {
            prop_assert!(case.set.iter().all(|export| check_rank(export).valid));
        }
    }

    #[test]
    fn every_form_of_the_text_is_json(set in sets()) {
        let whole: serde_json::Value = serde_json::from_str(&bundle(&set)).expect("a bundle is JSON");
        let lines: Vec<serde_json::Value> =
            ndjson(&set).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        prop_assert_eq!(whole["ranks"].as_array(), Some(&lines));
        for (export, json) in set.iter().zip(&lines) {
            prop_assert_eq!(json["dim_data"].as_array().map(Vec::len), Some(export.dim_data.len()));
        }
    }
}

/// Draws sets until `wanted` has been seen for each name.
fn census(sets: usize, names: &[&str], traits: impl Fn(&[RankExport]) -> Vec<&'static str>) {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..sets {
        let set = self::sets().new_tree(&mut runner).expect("a set").current();
        traits(&set).into_iter().for_each(|name| *seen.entry(name).or_default() += 1);
    }
    for name in names {
        assert!(seen.get(name).is_some_and(|&count| count > 1), "{name} too rare: {seen:?}");
    }
}

#[test]
fn the_generator_reaches_every_corner() {
    let names = [
        "0-d",
        "1-d",
        "2-d",
        "3-d",
        "4-d",
        "0.9",
        "0.10",
        "b",
        "c",
        "u",
        "n",
        "alias",
        "mixed",
        "32 ranks",
        "empty",
        "communication",
        "boundary",
        "edge differs",
        "periodic",
        "wrap",
        "rotated",
        "at size",
        "beyond size",
        "negative",
        "overlap sum",
        "overlap distinct",
        "one to one",
    ];
    census(2000, &names, |set| {
        let maps = check_set(set).maps.expect("valid");
        let mut found = vec![["0-d", "1-d", "2-d", "3-d", "4-d"][maps.dims.len()]];
        let old = set[0].version.starts_with("0.9");
        found.push(if old { "0.9" } else { "0.10" });
        if set.len() >= 32 {
            found.push("32 ranks");
        }
        let mut types = Vec::new();
        for (d, dim) in maps.dims.iter().enumerate() {
            let dicts = || set.iter().map(|export| &export.dim_data[d]);
            let any = |key: &str, value: Value| dicts().any(|dict| dict.get(key) == Some(&value));
            let letter = ["b", "c", "u", "n"].into_iter().find(|t| any("dist_type", (*t).into())).unwrap_or("alias");
            types.push(letter);
            found.push(letter);
            if dim.owned.contains(&0) && dim.size > 0 {
                found.push("empty");
            }
            let text = |rank| super::kinds(&maps, rank, d);
            let all: String = (0..set.len()).map(text).collect();
            if all.contains('C') {
                found.push("communication");
            }
            if all.contains('B') {
                found.push("boundary");
            }
            if dim.boundary.is_none() {
                found.push("edge differs");
            }
            if any("periodic", true.into()) && !old {
                found.push("periodic");
            }
            if any("periodic", true.into()) && old && text(0).starts_with('C') {
                found.push("wrap");
            }
            for (dict, owned) in dicts().zip(&maps.sections).map(|(dict, s)| (dict, s[d].len())) {
                let int = |key: &str| match dict.get(key) {
                    Some(Value::Int(value)) => *value,
                    _ => -1,
                };
                if letter == "c" && int("start") == 0 && int("proc_grid_rank") > 0 && dim.size > 0 {
                    found.push("rotated");
                }
                if letter == "c" && owned == 0 && dim.size > 0 {
                    found.push(if int("start") == dim.size { "at size" } else { "beyond size" });
                }
            }
            if letter == "u" {
                let sum: i64 = dim.owned.iter().sum();
                let distinct = dim.holders.len() as i64;
                if dim.holders.keys().any(|&global| global < 0) {
                    found.push("negative");
                }
                if sum > distinct {
                    found.push(if dim.size == sum { "overlap sum" } else { "overlap distinct" });
                }
                if any("one_to_one", true.into()) {
                    found.push("one to one");
                }
            }
        }
        types.sort_unstable();
        types.dedup();
        if types.len() > 1 {
            found.push("mixed");
        }
        found
    });
}

#[test]
fn mutations_are_caught_or_harmless() {
    // Over all changes of a few sets: most are mistakes, and every kind of mistake occurs.
    let mut runner = TestRunner::deterministic();
    let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
    let (mut valid, mut invalid, mut open) = (0, 0, 0);
    for _ in 0..150 {
        let set = sets().new_tree(&mut runner).expect("a set").current();
        if set.len() > 6 {
            continue;
        }
        for mutation in mutations(&set) {
            let verdict = check_set(&mutation.apply(&set));
            match (verdict.valid, verdict.too_large) {
                (true, _) => valid += 1,
                (_, true) => open += 1,
                _ => invalid += 1,
            }
            verdict.reasons.iter().for_each(|reason| *rules.entry(reason.rule).or_default() += 1);
        }
    }
    println!("valid {valid}, invalid {invalid}, open {open}: {rules:?}");
    assert!(valid > 1000 && invalid > 5 * valid, "{valid} valid, {invalid} invalid");
    assert!(open * 100 < invalid, "{open} open");
    let expected = [
        "DAP003", "DAP103", "DAP104", "DAP105", "DAP109", "DAP112", "DAP113", "DAP114", "DAP115", "DAP116", "DAP118",
        "DAP119", "DAP201", "DAP202", "DAP203", "DAP204", "DAP205", "DAP206", "DAP207", "DAP208", "DAP211", "DAP212",
        "DAP301", "DAP302", "DAP303", "DAP304", "DAP305", "DAP306", "DAP307", "DAP308", "DAP309", "DAP310", "DAP311",
        "DAP312", "DAP401", "DAP402", "DAP403", "DAP404", "DAP405", "DAP406", "DAP501", "DAP502", "DAP503", "DAP504",
        "DAP601", "DAP603", "DAP604", "DAP606", "DAP607", "DAP608", "DAP609", "DAP610", "DAP611", "DAP612", "DAP613",
        "DAP615", "DAP616", "DAP617", "DAP618", "DAP619", "DAP620",
    ];
    let missing: Vec<_> = expected.iter().filter(|rule| !rules.contains_key(*rule)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}
