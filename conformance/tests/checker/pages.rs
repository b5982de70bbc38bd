//! The rule pages are test cases: a page's example raises its rule and no other, and its correct
//! form raises nothing.

use dap_core::json::{self, Document};
use dap_core::rules::{Rule, Scope, Severity};

use super::{assert_filled, check, rules};

/// Rules that no single document can break: they need files.
const NEED_FILES: [&str; 8] = ["DAP001", "DAP008", "DAP009", "DAP010", "DAP011", "DAP012", "DAP602", "DAP622"];
/// Rules of another profile than the default.
const OTHER_PROFILES: [&str; 3] = ["DAP198", "DAP199", "DAP408"];

/// The rules about exports. C programs show those about structs, and `ffi/tests/native` runs them.
fn exports() -> impl Iterator<Item = &'static Rule> {
    Rule::all().iter().filter(|rule| rule.scope != Scope::Struct)
}

/// The first fenced block of a section, with its info string.
fn block<'p>(rule: &'p Rule, section: &str) -> Option<(&'p str, &'p str)> {
    let (_, after) = rule.page.split_once(&format!("\n## {section}\n"))?;
    let section = after.split("\n## ").next()?;
    let (_, fenced) = section.split_once("```")?;
    let (info, text) = fenced.split_once('\n')?;
    Some((info.trim(), text.split_once("\n```")?.0))
}

/// All findings of a block, except the note that an export is of version 0.9.
fn found_in(info: &str, text: &str) -> Vec<String> {
    let exports: Vec<&[u8]> = match (info, json::split(text.as_bytes())) {
        ("ndjson", _) => text.lines().map(str::as_bytes).collect(),
        (_, Document::Export) => vec![text.as_bytes()],
        (_, Document::Bundle { exports, problems }) => {
            if let Some(problem) = problems.first() {
                return vec![problem.rule.to_string()];
            }
            exports.into_iter().map(|at| &text.as_bytes()[at]).collect()
        }
    };
    let report = check(exports);
    assert_filled(&report);
    let mut found = rules(&report, Severity::Hint);
    if found.len() > 1 {
        found.retain(|rule| rule != "DAP902");
    }
    found
}

#[test]
fn examples_raise_their_rule_only() {
    let mut wrong = Vec::new();
    for rule in exports() {
        let id = rule.id.to_string();
        if NEED_FILES.contains(&&*id) || OTHER_PROFILES.contains(&&*id) {
            continue;
        }
        let Some((info, text)) = block(rule, "Example") else {
            wrong.push(format!("{id} has no example"));
            continue;
        };
        if info == "console" {
            wrong.push(format!("{id} has a console example, but needs no file"));
            continue;
        }
        let found = found_in(info, text);
        if found != [id.clone()] {
            wrong.push(format!("{id}: its example raises {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_to_use_instead_raises_nothing() {
    let mut wrong = Vec::new();
    for rule in exports() {
        let Some((info, text)) = block(rule, "Use instead").filter(|(info, _)| *info != "console") else { continue };
        let found = found_in(info, text);
        if !found.is_empty() {
            wrong.push(format!("{}: what to use instead raises {found:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
