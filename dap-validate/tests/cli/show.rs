//! `show`: tables that fit a terminal.

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
