//! `schema`: the checked-in schemas are those that the program prints, and real files conform to
//! them.

use std::path::Path;

use serde_json::Value;

use crate::files::{Files, examples, run, valid};
use crate::schema_check::violation;

fn printed(name: &str) -> String {
    let outcome = Files::new(&format!("schema-{name}")).run(&["schema", name]);
    assert_eq!(outcome.code, 0);
    outcome.stdout
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&printed(name)).unwrap()
}

#[test]
fn checked_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/schema");
    for name in ["export", "bundle", "report", "show", "diff-values", "plan-halo"] {
        let path = folder.join(format!("{name}.schema.json"));
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            checked_in == printed(name),
            "out of date; run: dap-validate schema {name} > spec/schema/{name}.schema.json"
        );
    }
}

#[test]
fn real_exports_conform() {
    let schema = schema("export");
    let bundle = self::schema("bundle");
    let mut count = 0;
    for directory in std::fs::read_dir(examples()).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let name = directory.file_name().to_string_lossy().into_owned();
        let mut ranks = Vec::new();
        for file in std::fs::read_dir(directory.path()).unwrap().flatten() {
            if file.path().extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let export: Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
            // The wrong ones are wrong in what the numbers mean; to a schema 8.0 is an integer.
            assert_eq!(violation(&schema, &export), None, "{name}");
            ranks.push(export);
            count += 1;
        }
        assert_eq!(violation(&bundle, &serde_json::json!({ "ranks": ranks })), None, "{name}");
    }
    assert!(count > 50, "the examples are here");
}

#[test]
fn broken_exports_do_not() {
    let schema = schema("export");
    let valid = &valid()[0];
    assert_eq!(violation(&schema, &serde_json::from_str(valid).unwrap()), None);
    for (from, to) in [
        ("\"0.10.0\"", "\"0.10\""),
        ("\"0.10.0\"", "10"),
        ("\"buffer\"", "\"data\""),
        ("[5]", "[-5]"),
        ("[5]", "5"),
        ("\"start\": 0, ", ""),
        ("\"start\": 0", "\"start\": null"),
        ("\"start\": 0", "\"start\": 0.5"),
        ("\"stop\": 5", "\"stop\": 5, \"padding\": 1"),
        ("\"stop\": 5", "\"stop\": 5, \"padding\": [1, -1]"),
        ("\"stop\": 5", "\"stop\": 5, \"periodic\": 1"),
        ("\"proc_grid_size\": 2", "\"proc_grid_size\": 0"),
        ("\"b\"", "\"q\""),
        ("\"dim_data\": ", "\"more\": 1, \"dim_data\": "),
    ] {
        let broken = valid.replacen(from, to, 1);
        assert_ne!(&broken, valid);
        assert!(violation(&schema, &serde_json::from_str(&broken).unwrap()).is_some(), "{broken}");
    }
}

#[test]
fn real_outputs_conform() {
    let (report, show) = (schema("report"), schema("show"));
    let examples = examples();
    for directory in std::fs::read_dir(&examples).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let name = directory.file_name().to_string_lossy().into_owned();
        for (command, schema) in [("check", &report), ("show", &show)] {
            let output = run(&examples, &[command, &name, "--output-format", "json"], "").stdout;
            assert_eq!(violation(schema, &serde_json::from_str(&output).unwrap()), None, "{name}: {output}");
        }
    }
}
