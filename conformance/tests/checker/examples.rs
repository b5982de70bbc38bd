//! Real exports of real libraries get the verdict of their index.

use std::collections::BTreeMap;
use std::path::Path;

use dap_core::rules::Severity;

use super::{assert_filled, check, rules};

#[test]
fn examples_are_checked_as_indexed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let index: BTreeMap<String, serde_json::Value> = serde_json::from_str(&index).unwrap();
    assert!(index.len() > 20);
    for (name, entry) in index {
        let texts: Vec<Vec<u8>> =
            (0..).map_while(|rank| std::fs::read(folder.join(&name).join(format!("rank-{rank}.json"))).ok()).collect();
        if texts.is_empty() {
            continue; // .dnpy files, which `dap-validate`'s tests check
        }
        let report = check(texts.iter().map(Vec::as_slice));
        assert_filled(&report);
        assert_eq!(Some(report.is_valid()), entry["valid"].as_bool(), "{name}: {:?}", rules(&report, Severity::Error));
    }
}
