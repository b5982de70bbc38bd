//! `diff`: what it says about two arrays, and its exit codes.

use serde_json::{Value, json};

use crate::files::{Files, block, examples, export, run, valid};
use crate::snapshots::assert_snapshot;

fn cyclic(size: i64, processes: i64, rank: i64, block_size: i64, start: i64) -> String {
    format!(
        r#"{{"dist_type": "c", "size": {size}, "proc_grid_size": {processes}, "proc_grid_rank": {rank}, "start": {start}, "block_size": {block_size}}}"#
    )
}

fn unstructured(size: i64, rank: i64, indices: &[i64]) -> String {
    format!(
        r#"{{"dist_type": "u", "size": {size}, "proc_grid_size": 2, "proc_grid_rank": {rank}, "indices": {indices:?}}}"#
    )
}

fn padded(rank: i64, start: i64, stop: i64, padding: &str) -> String {
    export(&format!("[{}]", stop - start), &block(10, 2, rank, start, stop).replace('}', &format!(", {padding}}}")))
}

/// Ten indices on two processes, in several ways, and an array of another shape, type or number of
/// processes.
fn arrays(test: &str) -> Files {
    let both = |first: String, second: String| first + "\n" + &second;
    let of_extents = |m: i64, first: String, n: i64, second: String| {
        both(export(&format!("[{m}]"), &first), export(&format!("[{n}]"), &second))
    };
    let [first, second] = valid();
    let three: Vec<String> = [(0, 4), (4, 8), (8, 10)]
        .iter()
        .zip(0..)
        .map(|((a, b), r)| export(&format!("[{}]", b - a), &block(10, 3, r, *a, *b)))
        .collect();
    Files::new(test)
        .with("block/rank-0.json", &first)
        .with("block/rank-1.json", &second)
        .with("single.ndjson", both(first.clone(), second.clone()).replace("<f8", "<f4"))
        .with("four-six.ndjson", of_extents(4, block(10, 2, 0, 0, 4), 6, block(10, 2, 1, 4, 10)))
        .with("halo.ndjson", both(padded(0, 0, 6, r#""padding": [0, 1]"#), padded(1, 4, 10, r#""padding": [1, 0]"#)))
        .with(
            "ring.ndjson",
            both(
                padded(0, 0, 5, r#""padding": [1, 0], "periodic": true"#),
                padded(1, 5, 10, r#""padding": [0, 1], "periodic": true"#),
            ),
        )
        .with("cyclic-5.ndjson", of_extents(5, cyclic(10, 2, 0, 5, 0), 5, cyclic(10, 2, 1, 5, 5)))
        .with("cyclic-2.ndjson", of_extents(6, cyclic(10, 2, 0, 2, 0), 4, cyclic(10, 2, 1, 2, 2)))
        .with("rotated.ndjson", of_extents(4, cyclic(10, 2, 0, 2, 2), 6, cyclic(10, 2, 1, 2, 0)))
        .with(
            "listed.ndjson",
            of_extents(5, unstructured(10, 0, &[0, 1, 2, 3, 4]), 5, unstructured(10, 1, &[5, 6, 7, 8, 9])),
        )
        .with(
            "shuffled.ndjson",
            of_extents(5, unstructured(10, 0, &[0, 1, 2, 4, 3]), 5, unstructured(10, 1, &[5, 6, 7, 8, 9])),
        )
        .with("three.ndjson", three.join("\n"))
        .with("longer.ndjson", of_extents(5, block(11, 2, 0, 0, 5), 6, block(11, 2, 1, 5, 11)))
        .with(
            "flat.ndjson",
            both(
                export("[5, 3]", &format!("{}, {{}}", block(10, 2, 0, 0, 5))),
                export("[5, 3]", &format!("{}, {{}}", block(10, 2, 1, 5, 10))),
            ),
        )
        .with("broken.ndjson", first + "\n" + &second.replace("\"start\": 5", "\"start\": 6"))
}

#[test]
fn in_words() {
    let files = arrays("diff-words");
    let mut shown = String::new();
    for (a, b) in [
        ("block", "single.ndjson"),
        ("block", "four-six.ndjson"),
        ("block", "halo.ndjson"),
        ("block", "ring.ndjson"),
        ("block", "cyclic-5.ndjson"),
        ("block", "cyclic-2.ndjson"),
        ("cyclic-2.ndjson", "rotated.ndjson"),
        ("cyclic-5.ndjson", "cyclic-2.ndjson"),
        ("block", "listed.ndjson"),
        ("listed.ndjson", "shuffled.ndjson"),
        ("block", "three.ndjson"),
        ("block", "longer.ndjson"),
        ("block", "flat.ndjson"),
    ] {
        let outcome = files.run(&["diff", a, b]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""), "{a} {b}");
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 90), "{}", outcome.stdout);
        shown += &format!("$ dap-validate diff {a} {b}\n{}\n", outcome.stdout);
    }
    assert_snapshot("diff", &shown);
}

#[test]
fn equal() {
    let files = arrays("diff-equal");
    for file in ["block", "single.ndjson", "cyclic-2.ndjson", "shuffled.ndjson", "ring.ndjson"] {
        let outcome = files.run(&["diff", file, file]);
        assert_eq!(outcome.code, 0);
        assert!(outcome.stdout.ends_with("\n\nequal\n"), "{}", outcome.stdout);
    }
    let lines = valid().join("\n");
    assert_eq!(files.run_with_input(&["diff", "block", "-"], &lines).code, 0);
    assert_eq!(files.run_with_input(&["diff", "-", "single.ndjson"], &lines).code, 1);
}

#[test]
fn as_json() {
    let files = arrays("diff-json");
    let of = |a: &str, b: &str| -> Value {
        serde_json::from_str(&files.run(&["diff", a, b, "--output-format", "json"]).stdout).unwrap()
    };
    let report = of("block", "four-six.ndjson");
    assert_eq!(
        (&report["version"], &report["equal"], &report["ownership"]),
        (&json!(1), &json!(false), &json!("different"))
    );
    assert_eq!(report["a"]["layout"], "(10,) over 2: block(5)");
    assert_eq!(report["differences"], json!([{"what": "owned", "dim": 0, "grid_rank": 0, "a": [0, 5], "b": [0, 4]}]));
    assert_eq!(
        report["first"],
        json!({
            "global": [4],
            "a": {"rank": 0, "coordinates": [0], "local": [4]},
            "b": {"rank": 1, "coordinates": [1], "local": [0]},
        })
    );
    let longer = of("block", "longer.ndjson");
    assert_eq!((&longer["first"]["global"], &longer["first"]["a"]), (&json!([10]), &Value::Null));
    for (a, b, ownership) in [
        ("block", "block", "same"),
        ("block", "cyclic-5.ndjson", "same"),
        ("block", "halo.ndjson", "same-owners"),
        ("block", "flat.ndjson", "different"),
    ] {
        assert_eq!(of(a, b)["ownership"], ownership, "{a} {b}");
    }
    assert_eq!(of("block", "block")["differences"], json!([]));
}

#[test]
fn refuses_what_has_no_layout() {
    let files = arrays("diff-refused");
    for (a, b, expected) in [
        ("block", "broken.ndjson", "broken.ndjson is not a valid array; `dap-validate check broken.ndjson`"),
        ("broken.ndjson", "block", "broken.ndjson is not a valid array"),
        ("block/rank-0.json", "block", "does not hold all ranks"),
        ("block", "nowhere", "nowhere"),
        ("-", "-", "standard input"),
    ] {
        let outcome = files.run(&["diff", a, b]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{a} {b}");
        assert!(outcome.stderr.contains(expected), "{a} {b}: {}", outcome.stderr);
    }
    let outcome = run(&examples(), &["diff", ".", "."], "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("is not one array but several"), "{}", outcome.stderr);
}
