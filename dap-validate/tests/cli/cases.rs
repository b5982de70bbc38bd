//! The conformance cases, read by the program; and they conform to their schema.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::files::run;
use crate::schema_check::violation;

pub(crate) fn cases() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases");
    let directories =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files =
        directories.flat_map(|directory| std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()));
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|name| name == "json")).collect();
    files.sort();
    assert!(files.len() > 250);
    let read = |path: PathBuf| {
        let case = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        (path, case)
    };
    files.into_iter().map(read).collect()
}

#[test]
fn the_program_finds_what_a_case_expects() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, case) in cases() {
        let profile = case["profile"].as_str().unwrap_or("auto");
        let mut args = vec!["check", "--output-format", "json", "--profile", profile];
        let (file, text) = (path.to_str().unwrap(), case["text"].as_str());
        args.push(if text.is_some() { "-" } else { file });
        let outcome = run(here, &args, text.unwrap_or_default());
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let mut found: Vec<&str> =
            report["diagnostics"].as_array().unwrap().iter().map(|d| d["rule"].as_str().unwrap()).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, case["expected"].as_array().unwrap().clone(), "{}", case["id"]);
    }
}

#[test]
fn cases_conform_to_their_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases/case.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for (_, case) in cases() {
        assert_eq!(violation(&schema, &case), None, "{}", case["id"]);
    }
    let (_, case) = cases().swap_remove(0);
    for (key, value) in [("kind", "broken".into()), ("expected", "DAP404".into()), ("colour", Value::Null)] {
        let mut wrong = case.clone();
        wrong[key] = value;
        assert!(violation(&schema, &wrong).is_some(), "{key}");
    }
}
