//! Typical broken exports, and the text shown for each, compared with `tests/snapshots/<name>.txt`.
//!
//! After a change that is meant, rewrite them with `UPDATE_SNAPSHOTS=1 cargo test -p dap-validate`
//! and look at the diff.

use std::fs;
use std::path::Path;

use crate::files::{Files, block, export, pretty, valid};

/// Compares `text` with a snapshot, or rewrites the snapshot.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "{name} is not as in {}; UPDATE_SNAPSHOTS=1 rewrites it.\n--- expected\n{expected}\n--- found\n{text}",
        path.display()
    );
}

fn check(name: &str, code: i32, files: &Files, args: &[&str]) {
    let outcome = files.run(&[&["check"], args].concat());
    assert_eq!(outcome.stderr, "", "{name}");
    assert_eq!(outcome.code, code, "{name}\n{}", outcome.stdout);
    assert_snapshot(name, &outcome.stdout);
}

const KEYS: [(&str, &str); 6] = [
    ("dist_type", "\"b\""),
    ("size", "10"),
    ("proc_grid_size", "1"),
    ("proc_grid_rank", "0"),
    ("start", "0"),
    ("stop", "10"),
];

/// The keys of a valid block, one of them with another value.
fn with(key: &str, value: &str) -> String {
    pretty("[10]", &KEYS.map(|(k, v)| (k, if k == key { value } else { v })))
}

#[test]
fn missing_key() {
    let keys: Vec<_> = KEYS.into_iter().filter(|(key, _)| *key != "size").collect();
    check("missing-key", 1, &Files::new("missing-key").with("run/rank-0.json", pretty("[10]", &keys)), &["run"]);
}

#[test]
fn misspelt_key() {
    let keys = KEYS.map(|(key, value)| (if key == "stop" { "stopp" } else { key }, value));
    check("misspelt-key", 1, &Files::new("misspelt-key").with("run/rank-0.json", pretty("[10]", &keys)), &["run"]);
}

#[test]
fn inclusive_stop() {
    check("inclusive-stop", 1, &Files::new("inclusive-stop").with("run/rank-0.json", with("stop", "11")), &["run"]);
}

#[test]
fn wrong_types() {
    let text = pretty(
        "[10]",
        &KEYS.map(|(key, value)| match key {
            "size" => (key, "10.0"),
            "start" => (key, "null"),
            "stop" => (key, "9223372036854775808"),
            _ => (key, value),
        }),
    );
    check("wrong-types", 1, &Files::new("wrong-types").with("run/rank-0.json", text), &["run"]);
}

#[test]
fn truncated_text() {
    let text = with("stop", "10");
    let half = &text[..text.find("\"start\"").unwrap()];
    check("truncated-text", 1, &Files::new("truncated-text").with("run/rank-0.json", half), &["run"]);
}

#[test]
fn python_instead_of_json() {
    let text = "{'__version__': '0.10.0', 'buffer': None, 'dim_data': ()}\n";
    check("python-literal", 1, &Files::new("python-literal").with("run/rank-0.json", text), &["run"]);
}

#[test]
fn duplicate_key() {
    let keys: Vec<_> = KEYS.into_iter().chain([("start", "5")]).collect();
    check("duplicate-key", 1, &Files::new("duplicate-key").with("run/rank-0.json", pretty("[10]", &keys)), &["run"]);
}

#[test]
fn gap_between_neighbours() {
    let files = Files::new("gap")
        .with(
            "run/rank-0.json",
            pretty(
                "[4]",
                &KEYS.map(|(k, v)| match k {
                    "stop" => (k, "4"),
                    "proc_grid_size" => (k, "2"),
                    _ => (k, v),
                }),
            ),
        )
        .with(
            "run/rank-1.json",
            pretty(
                "[5]",
                &KEYS.map(|(k, v)| match k {
                    "start" => (k, "5"),
                    "proc_grid_size" => (k, "2"),
                    "proc_grid_rank" => (k, "1"),
                    _ => (k, v),
                }),
            ),
        );
    check("gap", 1, &files, &["run"]);
}

#[test]
fn missing_rank() {
    let files = Files::new("missing-rank").with("run/rank-0.json", export("[5]", &block(10, 4, 0, 0, 5)));
    check("missing-rank", 1, &files, &["run"]);
    check("partial", 0, &files, &["--partial", "run"]);
}

#[test]
fn one_rank_of_many_differs() {
    let lines = (0..8).map(|r| export("[2]", &block(if r == 5 { 17 } else { 16 }, 8, r, 2 * r, 2 * r + 2)));
    let text = lines.collect::<Vec<_>>().join("\n");
    check("size-differs", 1, &Files::new("size-differs").with("ranks.ndjson", text), &["ranks.ndjson"]);
}

#[test]
fn folded_over_ranks() {
    let lines = (0..1000).map(|r| export("[2]", &block(3000, 1000, r, 3 * r, 3 * r + 3)));
    let text = lines.collect::<Vec<_>>().join("\n");
    check("folded", 1, &Files::new("folded").with("ranks.ndjson", text), &["ranks.ndjson"]);
}

#[test]
fn distarray_gives_the_partial_block_to_the_wrong_rank() {
    let rank = |rank: i64, extent: i64| {
        let start = 2 * rank;
        export(
            &format!("[{extent}]"),
            &format!(
                r#"{{"dist_type": "c", "size": 7, "block_size": 2, "proc_grid_size": 2, "proc_grid_rank": {rank}, "start": {start}}}"#
            ),
        )
    };
    let files = Files::new("cyclic").with("ranks.ndjson", format!("{}\n{}\n", rank(0, 5), rank(1, 2)));
    check("cyclic-extent", 1, &files, &["ranks.ndjson"]);
}

#[test]
fn long_line() {
    let indices: Vec<String> = (0..5000).map(|i| (if i == 4000 { 17 } else { i }).to_string()).collect();
    let dim = format!(
        r#"{{"dist_type": "u", "size": 5000, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": [{}]}}"#,
        indices.join(", ")
    );
    check("long-line", 1, &Files::new("long-line").with("a.json", export("[5000]", &dim)), &["a.json"]);
}

#[test]
fn bundle() {
    let rank = |rank, padding: &str| {
        let bounds = [(0, 6), (4, 10)][rank as usize];
        let dim = block(10, 2, rank, bounds.0, bounds.1);
        export("[6]", &dim.replace('}', &format!(", \"padding\": {padding}}}")))
    };
    let text = format!("{{\"ranks\": [{}, {}]}}", rank(0, "[0, 1]"), rank(1, "[2, 0]"));
    check("bundle", 1, &Files::new("bundle").with("all.json", text), &["all.json"]);
}

#[test]
fn text_that_steers_terminals() {
    let key = "\\u001b[31mred\\u202e";
    let keys: Vec<_> = KEYS.into_iter().chain([(key, "1")]).collect();
    let text = pretty("[10]", &keys).replace("\"0.10.0\"", "\"0.\u{1b}[2J\u{7f}10\"");
    check("control-characters", 1, &Files::new("control-characters").with("run/rank-0.json", text), &["run"]);
}

#[test]
fn a_name_that_steers_terminals() {
    let files = Files::new("control-name").with("a\u{1b}[2J\n.json", "[1]");
    let outcome = files.run(&["check", "a\u{1b}[2J\n.json", "--output-format", "concise"]);
    assert!(outcome.stdout.starts_with(r"a\u{1b}[2J\n.json:1:1: error DAP101"), "{}", outcome.stdout);
    let outcome = files.run(&["check", "b\u{1b}[2J.json"]);
    assert!(outcome.stderr.contains(r"b\u{1b}[2J.json"), "{:?}", outcome.stderr);
}

#[test]
fn lines_that_are_none() {
    let [first, _] = valid();
    let text = format!("{}\n\n{first}\n", &first[..first.len() - 1]);
    check("broken-lines", 1, &Files::new("broken-lines").with("ranks.ndjson", text), &["ranks.ndjson"]);
    check("empty-file", 1, &Files::new("empty-file").with("a.json", ""), &["a.json"]);
    check("no-export", 1, &Files::new("no-export").with("run/readme.txt", "none"), &["run"]);
}

#[test]
fn several_arrays() {
    let [first, second] = valid();
    let files = Files::new("several")
        .with("good/rank-0.json", &first)
        .with("good/rank-1.json", &second)
        .with("old.ndjson", first.replace("0.10.0", "0.9.0") + "\n" + &second.replace("0.10.0", "0.9.0"))
        .with("bad.ndjson", first.clone() + "\n" + &second.replace("\"stop\": 10", "\"stop\": 9"));
    check("several", 1, &files, &["good", "old.ndjson", "bad.ndjson"]);
    check("several-concise", 1, &files, &["good", "old.ndjson", "bad.ndjson", "--output-format", "concise"]);
    check("several-quiet", 1, &files, &["good", "old.ndjson", "bad.ndjson", "--quiet", "--ignore", "DAP9"]);
}
