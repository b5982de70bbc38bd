//! Hostile files: each is refused by its rule, in bounded memory and time, without a panic or an
//! abort.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::files::Files;

/// Address space in KiB and processor time in seconds. The largest of the files has 40 MB.
const LIMITS: &str = "ulimit -v 1048576; ulimit -t 60; exec \"$@\"";

fn check(path: &Path, format: &str) -> Output {
    Command::new("sh")
        .args(["-c", LIMITS, "sh", env!("CARGO_BIN_EXE_dap-validate")])
        .args(["check", "--no-progress", "--output-format", format])
        .arg(path)
        .output()
        .unwrap()
}

/// The rules found, after the program has been seen to end as it should.
fn refused(path: &Path) -> Vec<String> {
    for format in ["full", "concise"] {
        let output = check(path, format);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(1), ""), "{} as {format}", path.display());
        let written = output.stdout.iter().filter(|byte| byte.is_ascii_control() && **byte != b'\n').count();
        assert_eq!(written, 0, "{} as {format}: control characters are not passed on", path.display());
        assert!(output.stdout.len() < 1 << 20, "{} as {format}: a report, not a copy", path.display());
    }
    let output = check(path, "json");
    assert_eq!(output.status.code(), Some(1), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: Vec<String> =
        report["diagnostics"].as_array().unwrap().iter().map(|d| d["rule"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn each_attack_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/attacks");
    let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Vec<String>> = serde_json::from_str(&expected).unwrap();
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| !["expected.json", "README.md"].contains(&&*named(path)));
    files.sort();
    assert_eq!(files.iter().map(named).collect::<Vec<_>>(), expected.keys().cloned().collect::<Vec<_>>());
    assert!(files.len() > 60);
    for path in files {
        assert_eq!(refused(&path), expected[&named(&path)], "{}", path.display());
    }
}

/// An export of one block, its `size` followed by `more`.
fn with(more: &str) -> String {
    format!(
        r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [2]}}, "dim_data": [{{"dist_type": "b", "size": 2{more}, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 2}}]}}"#
    )
}

/// An export with more keys.
fn behind(more: &str) -> String {
    let export = with("");
    format!("{}{more}}}", &export[..export.len() - 1])
}

fn joined(count: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..count {
        if at > 0 {
            text.push_str(separator);
        }
        let _ = write!(text, "{}", item(at));
    }
    text
}

fn unstructured(indices: &str) -> String {
    format!(
        r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [1000000]}}, "dim_data": [{{"dist_type": "u", "size": 1000000, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": [{indices}]}}]}}"#
    )
}

fn rank(version: &str, dtype: &str, size: usize, processes: usize, rank: usize) -> String {
    format!(
        r#"{{"__version__": "{version}", "buffer": {{"dtype": "{dtype}", "shape": [1]}}, "dim_data": [{{"dist_type": "b", "size": {size}, "proc_grid_size": {processes}, "proc_grid_rank": {rank}, "start": {rank}, "stop": {}}}]}}"#,
        rank + 1
    )
}

#[test]
fn large_attacks_are_refused() {
    let files = Files::new("attacks");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("attacks");
    drop(files);
    let million = 1_000_000;
    let many = 50_000;
    let attacks: [(&str, &str, String); 15] = [
        ("ten-million-open-lists.json", "DAP007", "[".repeat(10 * million)),
        ("ten-million-open-dictionaries.json", "DAP007", r#"{"a":"#.repeat(2 * million)),
        ("integer-of-ten-million-digits.json", "DAP002", with(&"9".repeat(10 * million))),
        ("fraction-of-ten-million-digits.json", "DAP205", with(&format!(".{}", "9".repeat(10 * million)))),
        ("million-unknown-keys.json", "DAP103", behind(&joined(million, "", |at| format!(r#", "k{at}": 0"#)))),
        ("million-times-the-same-key.json", "DAP003", with(&r#", "size": 2"#.repeat(million))),
        ("key-of-ten-million-characters.json", "DAP103", behind(&format!(", \"{}\": 0", "k".repeat(10 * million)))),
        ("million-equal-indices.json", "DAP503", unstructured(&joined(million, ",", |_| "7".into()))),
        (
            "million-scattered-indices-and-one-twice.json",
            "DAP503",
            unstructured(&joined(million, ",", |at| {
                ((at.min(million - 2) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1).to_string()
            })),
        ),
        (
            "million-dimensions.json",
            "DAP109",
            format!(
                r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [2]}}, "dim_data": [{}]}}"#,
                joined(million, ",", |_| "{}".into())
            ),
        ),
        (
            "million-fields.json",
            "DAP114",
            with("").replace("\"<f8\"", &format!("[{}]", joined(million, ",", |at| format!(r#"["f{at}","<f8"]"#)))),
        ),
        (
            "every-rank-another-size.ndjson",
            "DAP606",
            joined(many, "\n", |at| rank("0.10.0", "<f8", many + at, many, at)),
        ),
        (
            "every-rank-another-grid.ndjson",
            "DAP607",
            joined(many, "\n", |at| rank("0.10.0", "<f8", many, many + at, at)),
        ),
        (
            "every-rank-another-type.ndjson",
            "DAP609",
            joined(many, "\n", |at| rank("0.10.0", &format!("|S{}", at + 1), many, many, at)),
        ),
        ("every-rank-the-first.ndjson", "DAP604", joined(many, "\n", |_| rank("0.10.0", "<f8", many, many, 0))),
    ];
    for (name, rule, text) in attacks {
        let path = root.join(name);
        std::fs::write(&path, text).unwrap();
        let found = refused(&path);
        assert!(found.iter().any(|found| found == rule), "{name}: {found:?}");
        std::fs::remove_file(path).unwrap();
    }
}
