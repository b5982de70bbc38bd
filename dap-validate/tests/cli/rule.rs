//! `rule`: pages and the catalogue.

use dap_core::rules::Rule;
use serde_json::Value;

use crate::files::Files;
use crate::snapshots::assert_snapshot;

#[test]
fn every_rule_has_a_page_that_fits() {
    let files = Files::new("rule");
    for rule in Rule::all() {
        let by_name = files.run(&["rule", rule.name]);
        assert_eq!(by_name.code, 0);
        assert_eq!(by_name.stdout, files.run(&["rule", &rule.id.to_string().to_lowercase()]).stdout);
        assert!(by_name.stdout.starts_with(&format!("{} {}\n", rule.id, rule.name)));
        let text = by_name.stdout.lines().filter(|line| !line.starts_with("    ") && !line.starts_with('|'));
        for line in text {
            assert!(line.chars().count() <= 80 || !line.trim().contains(' '), "{}: {line}", rule.id);
        }
    }
}

#[test]
fn a_page() {
    assert_snapshot("rule-404", &Files::new("rule-page").run(&["rule", "404"]).stdout);
}

#[test]
fn all_rules() {
    let files = Files::new("rules");
    let table = files.run(&["rule"]).stdout;
    assert_eq!(files.run(&["rule", "--all"]).stdout, table);
    let json: Value = serde_json::from_str(&files.run(&["rule", "--all", "--output-format", "json"]).stdout).unwrap();
    let entries = json.as_array().unwrap();
    assert_eq!(entries.len(), Rule::all().len());
    for (rule, entry) in Rule::all().iter().zip(entries) {
        assert_eq!(entry["id"], rule.id.to_string());
        assert!(table.lines().any(|line| line.starts_with(&rule.id.to_string()) && line.contains(rule.name)));
    }
}

#[test]
fn unknown() {
    let outcome = Files::new("rule-unknown").run(&["rule", "block-do-not-abut"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("did you mean DAP612 (blocks-do-not-abut)?"), "{}", outcome.stderr);
    let (first, last) = (Rule::all().first().unwrap().id, Rule::all().last().unwrap().id);
    for number in ["1002", "dap399", "399", "DAP1002", "0"] {
        let outcome = Files::new("rule-number").run(&["rule", number]);
        assert_eq!(outcome.code, 2, "{number}");
        let range = format!("rules are numbered {first} to {last}, with gaps: `dap-validate rule --all` lists them");
        assert!(outcome.stderr.contains(&range), "{number}: {}", outcome.stderr);
        let is_code = number.ends_with("1002");
        assert_eq!(outcome.stderr.contains("errors of a call of the C library"), is_code, "{}", outcome.stderr);
    }
}
