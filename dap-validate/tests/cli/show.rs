//! `show`: tables that fit a terminal.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::files::{Files, block, examples, export, run, valid};
use crate::snapshots::assert_snapshot;

#[test]
fn tables() {
    for name in [
        "distarray-g4-gdd-ub-8x6-2x2",
        "spec-examples-all-block-with-padding",
        "spec-examples-cyclic-block-cyclic-5x9x3-2x2x2",
    ] {
        let outcome = run(&examples(), &["show", name], "");
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80), "{}", outcome.stdout);
        assert_snapshot(&format!("show-{name}"), &outcome.stdout);
    }
}

#[test]
fn an_invalid_array_is_shown_as_far_as_it_is_known() {
    let [first, second] = valid();
    let files =
        Files::new("show-invalid").with("a.ndjson", first + "\n" + &second.replace("\"start\": 5", "\"start\": 6"));
    let outcome = files.run(&["show", "a.ndjson"]);
    assert_eq!(outcome.code, 1);
    assert_snapshot("show-invalid", &outcome.stdout);
}

#[test]
fn many_ranks_are_not_listed() {
    let lines: Vec<String> = (0..1000).map(|r| export("[2]", &block(2000, 1000, r, 2 * r, 2 * r + 2))).collect();
    let outcome = Files::new("show-many").with("a.ndjson", lines.join("\n")).run(&["show", "a.ndjson"]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.lines().count() < 15, "{}", outcome.stdout);
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

/// The indices of a slice.
fn sliced(value: &Value) -> Vec<i64> {
    let [start, stop, step] = numbers(value)[..] else { panic!("{value}") };
    (start..stop).step_by(step as usize).collect()
}

/// All pairs of a global index and a local index along one dimension.
fn along(pieces: &Value) -> Vec<(i64, i64)> {
    let pairs = |piece: &Value| sliced(&piece["global"]).into_iter().zip(sliced(&piece["local"]));
    pieces.as_array().unwrap().iter().flat_map(pairs).collect()
}

/// Every element is in the slices of one rank, and lies where `map` finds it.
#[test]
fn slices_for_programs() {
    for (name, recipe) in [
        ("block", "--shape 7,5 --grid 3,2 --halo 1"),
        ("cyclic", "--shape 9,5 --grid 2,2 --dist c,c:2"),
        ("wide", "--shape 40 --grid 3 --dist c:5 --rotate 1"),
        ("listed", "--shape 11,2 --grid 3,1 --dist u,b --seed 3"),
        ("ring", "--shape 12 --grid 3 --boundary 1,1 --periodic 0 --halo 1"),
        ("whole", "--shape ()"),
        ("none", "--shape 0,3 --grid 2,1"),
    ] {
        let files = Files::new(&format!("show-json-{name}"));
        let args: Vec<&str> = ["gen", "-o", "a.ndjson"].into_iter().chain(recipe.split(' ')).collect();
        assert_eq!(files.run(&args).code, 0, "{name}");
        let outcome = files.run(&["show", "a.ndjson", "--output-format", "json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{name}");
        let shown: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let array = &shown["arrays"][0];
        assert_eq!(
            (&shown["version"], &array["name"], &array["dtype"]),
            (&json!(1), &json!("a.ndjson"), &json!("<f8"))
        );
        let distribution = &array["distribution"];
        let mut found: BTreeMap<Vec<i64>, (i64, Vec<i64>)> = BTreeMap::new();
        for rank in distribution["ranks"].as_array().unwrap() {
            let mut products = vec![(Vec::new(), Vec::new())];
            for pieces in rank["owned"].as_array().unwrap() {
                let longer = |(global, local): &(Vec<i64>, Vec<i64>)| {
                    let longer = |(g, l): (i64, i64)| ([&global[..], &[g]].concat(), [&local[..], &[l]].concat());
                    along(pieces).into_iter().map(longer).collect::<Vec<_>>()
                };
                products = products.iter().flat_map(longer).collect();
            }
            assert_eq!(products.len() as i64, numbers(&rank["owned_shape"]).iter().product::<i64>(), "{name}");
            for (global, local) in products {
                assert!(local.iter().zip(numbers(&rank["local_shape"])).all(|(at, extent)| *at < extent), "{name}");
                let other = found.insert(global.clone(), (rank["rank"].as_i64().unwrap(), local));
                assert_eq!(other, None, "{name}: {global:?}");
            }
        }
        assert_eq!(found.len() as i64, numbers(&distribution["shape"]).iter().product::<i64>(), "{name}");
        let text = |index: &[i64]| index.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let mut args = vec!["map".to_owned(), "a.ndjson".to_owned(), "--output-format=json".to_owned()];
        args.extend(found.keys().map(|global| format!("--global={}", text(global))));
        if found.is_empty() {
            continue;
        }
        let outcome = files.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let answers: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
        for (answer, (global, (rank, local))) in answers.iter().zip(&found) {
            assert_eq!(
                (&answer["rank"], numbers(&answer["local"])),
                (&json!(rank), local.clone()),
                "{name} {global:?}"
            );
        }
    }
}

#[test]
fn arrays_without_a_distribution_in_json() {
    let [first, second] = valid();
    let files = Files::new("show-json-unknown")
        .with("a.ndjson", format!("{first}\n{}", second.replace("\"start\": 5", "\"start\": 6")))
        .with("part/rank-0.json", &first);
    for (paths, valid, code) in [(&["a.ndjson"][..], false, 1), (&["part"], false, 1), (&["part/rank-0.json"], true, 0)]
    {
        let outcome = files.run(&[&["show", "--output-format", "json"], paths].concat());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{paths:?}");
        let shown: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!((&shown["arrays"][0]["valid"], &shown["arrays"][0]["distribution"]), (&json!(valid), &Value::Null));
    }
    let outcome = files.run(&["show", "a.ndjson", "--output-format", "json", "--view", "1:"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("[1:]: JSON has whole arrays only"), "{}", outcome.stderr);
}
