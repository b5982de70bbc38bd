//! The profile `reference-0.10` gives the recorded verdicts of the 2014 validator on the cases.

use std::collections::BTreeMap;
use std::path::Path;

use dap_core::check::{Outcome, reference_outcome};
use dap_core::json::{self, Document};
use serde::Deserialize;

#[derive(Deserialize)]
struct Verdicts {
    reference: Option<String>,
}

#[test]
fn recorded_verdicts_are_given_again() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/verdicts.json");
    let recorded: BTreeMap<String, Verdicts> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut compared, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for (_, case) in super::cases() {
        let Some(expected) = recorded.get(&case.id).and_then(|verdicts| verdicts.reference.as_deref()) else {
            continue;
        };
        if case.ranks.is_none() {
            continue;
        }
        let Document::Bundle { exports, .. } = json::split(case.file.as_bytes()) else { panic!("{}", case.id) };
        let outcomes = exports.into_iter().map(|at| reference_outcome(&json::read(&case.file.as_bytes()[at])));
        let (verdict, why) = match outcomes.into_iter().find(|outcome| *outcome != Outcome::Accepts) {
            None => ("accepts", String::new()),
            Some(Outcome::Accepts) => unreachable!("filtered out"),
            Some(Outcome::Rejects(why)) => ("rejects", why),
            Some(Outcome::Crashes(why)) => ("crashes", why),
        };
        *compared.entry(verdict).or_default() += 1;
        // The record of a crash ends with the exception: `crashes: KeyError`.
        if Some(verdict) != expected.split(':').next() {
            wrong.push(format!("{}: {verdict} ({why}), recorded was {expected}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared["accepts"] > 100 && compared["rejects"] > 20 && compared["crashes"] == 3, "{compared:?}");
}

/// Mistakes without a case, each one key changed in a valid export, and the result of
/// `validator.py` by its text.
#[test]
fn single_keys_are_checked_as_its_text_says() {
    let block = r#""dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 5, "stop": 10"#;
    let cyclic =
        r#""dist_type": "c", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 2, "block_size": 2"#;
    let listed = r#""dist_type": "u", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 1, "indices": [1, 2]"#;
    let changes = [
        (block, "", "", "accepts"),
        (block, "\"stop\": 10", "\"stop\": 5", "accepts"),
        (block, "\"stop\": 10", "\"stop\": 4", "rejects"),
        (block, "\"stop\": 10", "\"stop\": 11", "rejects"),
        (block, "\"stop\": 10", "\"stop\": 99999999999999999999", "rejects"),
        (block, "\"start\": 5", "\"start\": 0", "accepts"),
        (block, "\"start\": 5", "\"start\": -1", "rejects"),
        (block, "\"start\": 5", "\"start\": -99999999999999999999", "rejects"),
        (block, "\"start\": 5", "\"start\": true", "accepts"),
        (block, "\"start\": 5", "\"start\": 5.0", "rejects"),
        (block, "\"start\": 5", "\"start\": 5, \"padding\": [1, 1]", "accepts"),
        (block, "\"start\": 5", "\"start\": 5, \"padding\": [1, true]", "accepts"),
        (block, "\"start\": 5", "\"start\": 5, \"padding\": [1, 1.5]", "rejects"),
        (block, "\"start\": 5", "\"start\": 5, \"padding\": [1, 1, true]", "rejects"),
        (block, "\"start\": 5", "\"start\": 5, \"padding\": 1", "rejects"),
        (block, "\"size\": 10, ", "", "crashes"),
        (block, "\"size\": 10", "\"size\": \"10\"", "crashes"),
        (block, "\"size\": 10", "\"size\": 10.5", "accepts"),
        (block, "\"size\": 10", "\"size\": 10.0", "accepts"),
        (block, "\"size\": 10", "\"size\": 9.5", "rejects"),
        (block, "_size\": 2", "_size\": 0", "rejects"),
        (block, "_size\": 2", "_size\": 1", "rejects"),
        (block, "_rank\": 1", "_rank\": -1", "accepts"),
        (block, "_rank\": 1", "_rank\": 0", "rejects"),
        (block, "\"proc_grid_rank\": 1, ", "", "rejects"),
        (block, "\"b\"", "\"x\"", "rejects"),
        (block, "\"b\"", "\"n\"", "rejects"),
        (block, "\"b\"", "[\"b\"]", "crashes"),
        (block, "\"b\"", "{}", "crashes"),
        (cyclic, "", "", "accepts"),
        (cyclic, "\"size\": 10, ", "", "accepts"),
        (cyclic, ", \"block_size\": 2", "", "rejects"),
        (cyclic, "\"start\": 2, \"block_size\": 2", "\"start\": 1", "accepts"),
        (cyclic, "\"start\": 2", "\"start\": 4", "rejects"),
        (cyclic, "\"start\": 2, \"block_size\": 2", "\"start\": 0, \"block_size\": 0", "rejects"),
        (cyclic, "\"start\": 2, \"block_size\": 2", "\"start\": 1, \"block_size\": 1", "accepts"),
        (listed, "", "", "accepts"),
        (listed, "[1, 2]", "[1, 1]", "accepts"),
        (listed, "[1, 2]", "[1, 2.5]", "accepts"),
        (listed, "[1, 2]", "3", "rejects"),
        (listed, ", \"indices\": [1, 2]", "", "rejects"),
        (listed, "\"indices\"", "\"one_to_one\": true, \"indices\"", "accepts"),
        (listed, "\"indices\"", "\"one_to_one\": 1, \"indices\"", "rejects"),
    ];
    let export = |shape: &str, dims: &str| {
        format!(r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": {shape}}}, "dim_data": {dims}}}"#)
    };
    let checked = |text: String| match reference_outcome(&json::read(text.as_bytes())) {
        Outcome::Accepts => "accepts",
        Outcome::Rejects(_) => "rejects",
        Outcome::Crashes(_) => "crashes",
    };
    for (dict, from, to, expected) in changes {
        assert!(dict.contains(from), "{from}");
        let text = export("[5]", &format!("[{{{}}}]", dict.replacen(from, to, 1)));
        assert_eq!(checked(text.clone()), expected, "{text}");
    }
    let wholes = [
        (export("[5]", "[{}]"), "accepts"),
        (export("[5]", "[{}, {}]"), "rejects"),
        (export("[5, 5]", "[{}]"), "rejects"),
        (export("[5]", "{}"), "rejects"),
        (export("[5]", "[3]"), "rejects"),
        (export("[5]", "[{}]").replace("0.10.0", "0.10"), "accepts"),
        (export("[5]", "[{}]").replace("0.10.0", "0.9.0"), "rejects"),
        (export("[5]", "[{}]").replace("0.10.0", "0.10.1"), "rejects"),
        (export("[5]", "[{}]").replace("0.10.0", "new"), "rejects"),
        (export("[5]", "[{}]").replace("\"0.10.0\"", "10"), "crashes"),
        (export("[5]", "[{}]").replace("<f8", "<M8[ns]"), "crashes"),
        (export("[5]", "[{}]").replace("\"dim_data\"", "\"rank\": 0, \"dim_data\""), "rejects"),
        (export("[5]", "[{}]").replace("{\"dtype\": \"<f8\", \"shape\": [5]}", "3"), "rejects"),
    ];
    for (text, expected) in wholes {
        assert_eq!(checked(text.clone()), expected, "{text}");
    }
}
