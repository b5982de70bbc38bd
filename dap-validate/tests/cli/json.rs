//! `--output-format json`: what it says, and that it always says it in the same bytes.

use serde_json::Value;

use crate::files::{Files, block, examples, export, run};

#[test]
fn says_what_was_found_and_where() {
    let lines: Vec<String> =
        [(0, 0, 5), (1, 6, 10)].map(|(r, a, b)| export(&format!("[{}]", b - a), &block(10, 2, r, a, b))).into();
    let files = Files::new("json").with("ranks.ndjson", lines.join("\n"));
    let outcome = files.run(&["check", "ranks.ndjson", "--output-format", "json"]);
    assert_eq!(outcome.code, 1);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["summary"], serde_json::json!({"error": 1, "warning": 0, "info": 0, "hint": 0}));
    let found = &report["diagnostics"][0];
    assert_eq!(found["rule"], "DAP612");
    assert_eq!(found["name"], "blocks-do-not-abut");
    assert_eq!((&found["severity"], &found["level"]), (&"error".into(), &"must".into()));
    assert_eq!((&found["file"], &found["line"]), (&"ranks.ndjson".into(), &2.into()));
    let column = lines[1].find("\"start\": 6").unwrap() + "\"start\": ".len() + 1;
    assert_eq!(found["column"], column);
    assert_eq!(found["pointer"], "/dim_data/0/start");
    assert_eq!((&found["ranks"], &found["count"]), (&serde_json::json!([[1, 1]]), &1.into()));
    let related = &found["related"][0];
    assert_eq!(
        (&related["rank"], &related["line"], &related["pointer"]),
        (&0.into(), &1.into(), &"/dim_data/0/stop".into())
    );
    let set = &report["info"]["sets"][0];
    assert_eq!(
        (&set["name"], &set["valid"], &set["ranks"]),
        (&"ranks.ndjson".into(), &false.into(), &serde_json::json!([[0, 1]]))
    );
    assert_eq!(set["array"], Value::Null);
}

#[test]
fn describes_a_valid_array() {
    let text: Vec<String> =
        [(0, 0, 6), (1, 6, 10)].map(|(r, a, b)| export(&format!("[{}]", b - a), &block(10, 2, r, a, b))).into();
    let files = Files::new("json-valid").with("ranks.ndjson", text.join("\n"));
    let report: Value =
        serde_json::from_str(&files.run(&["check", "ranks.ndjson", "--output-format", "json"]).stdout).unwrap();
    let array = &report["info"]["sets"][0]["array"];
    assert_eq!((&array["shape"], &array["grid"]), (&serde_json::json!([10]), &serde_json::json!([2])));
    assert_eq!(array["bytes"], 80);
    let owned = &array["dimensions"][0]["owned"];
    assert_eq!(*owned, serde_json::json!({"min": 4, "max": 6, "imbalance": 1.2, "empty": 0}));
}

#[test]
fn the_same_bytes_every_time() {
    let examples = examples();
    let mut names: Vec<String> = std::fs::read_dir(&examples)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() > 20, "the examples are here");
    let args: Vec<&str> =
        ["check", "--output-format", "json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let first = run(&examples, &args, "").stdout;
    assert!(first.len() > 10_000);
    for _ in 0..2 {
        assert_eq!(first, run(&examples, &args, "").stdout);
    }
}
