//! The conformance cases: each breaks the rules that it names and no other, and every rule has
//! cases.

mod reference;
mod said;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::index::Rank;
use dap_core::json::{self, Document};
use dap_core::rules::{Rule, Scope, Severity};
use serde::Deserialize;

/// Rules that no single document can break: they need files.
const NEED_FILES: [&str; 7] = ["DAP001", "DAP008", "DAP009", "DAP010", "DAP011", "DAP602", "DAP622"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    title: String,
    kind: Kind,
    rule: Option<String>,
    section: Option<String>,
    quote: Option<String>,
    level: Option<String>,
    profile: Option<String>,
    expected: Vec<String>,
    ranks: Option<serde::de::IgnoredAny>,
    form: Option<Form>,
    text: Option<String>,
    /// The file, which is also a bundle of the ranks.
    #[serde(skip)]
    file: String,
}

#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Breaks,
    NearMiss,
    Valid,
}

#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Form {
    Export,
    Bundle,
    Lines,
}

/// All cases with their paths.
fn cases() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let directories =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut cases = Vec::new();
    for directory in directories.filter(|path| !path.ends_with("__pycache__")) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let file = std::fs::read_to_string(&path).unwrap();
            let case: Case = serde_json::from_str(&file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            cases.push((path, Case { file, ..case }));
        }
    }
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(cases.len() > 250);
    cases
}

impl Case {
    fn profile(&self) -> Profile {
        match self.profile.as_deref() {
            None => Profile::Auto,
            Some("strict") => Profile::Strict,
            Some("reference-0.10") => Profile::Reference010,
            Some(other) => panic!("{}: profile {other}", self.id),
        }
    }

    /// The report, and the problems of a bundle; `None` for lines, which `dap-validate` reads.
    fn check(&self) -> Option<(Report, Vec<String>)> {
        let (text, form) = match (&self.text, self.form) {
            (None, None) if self.ranks.is_some() => (&self.file, Form::Bundle),
            (Some(text), Some(form)) if self.ranks.is_none() => (text, form),
            _ => panic!("{}: either ranks, or text and form", self.id),
        };
        let (exports, problems) = match (form, json::split(text.as_bytes())) {
            (Form::Lines, _) => return None,
            (Form::Bundle, Document::Bundle { exports, problems }) => (exports, problems),
            (Form::Bundle, Document::Export) => panic!("{}: not a bundle", self.id),
            (Form::Export, _) => (std::iter::once(0..text.len()).collect(), Vec::new()),
        };
        let mut checker = Checker::new(self.profile());
        for (rank, at) in (0..).map(Rank).zip(exports) {
            let local = checker.local(&json::read(&text.as_bytes()[at]));
            checker.push(Some(rank), local);
        }
        Some((checker.finish(Ranks::All), problems.iter().map(|problem| problem.rule.to_string()).collect()))
    }
}

#[test]
fn each_case_breaks_what_it_says() {
    let mut wrong = Vec::new();
    for (_, case) in cases() {
        let Some((report, problems)) = case.check() else { continue };
        let diagnostics = report.diagnostics.iter().map(|diagnostic| diagnostic.finding.rule.to_string());
        // The contents of the ranks of a broken bundle do not matter.
        let found: BTreeSet<String> =
            if problems.is_empty() { diagnostics.collect() } else { problems.into_iter().collect() };
        let found: Vec<String> = found.into_iter().collect();
        if found != case.expected {
            wrong.push(format!("{}: expected {:?}, found {found:?}", case.id, case.expected));
        }
        let harmless = case.expected.iter().all(|rule| Rule::find(rule).unwrap().severity < Severity::Error);
        if case.profile() != Profile::Reference010 && report.layout.is_some() != harmless {
            wrong.push(format!("{}: a layout only for what is valid", case.id));
        }
        if case.kind == Kind::Valid && !harmless {
            wrong.push(format!("{} is not valid", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn cases_are_named_after_their_rules() {
    for (path, case) in cases() {
        assert_eq!(path.file_stem().unwrap().to_str(), Some(&*case.id));
        let directory = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        assert!(case.title.ends_with(['.', '?']), "{}: {}", case.id, case.title);
        let Some(rule) = &case.rule else {
            assert_eq!((directory, case.kind), ("valid", Kind::Valid), "{}", case.id);
            assert!(case.id.starts_with("valid-"), "{}", case.id);
            continue;
        };
        assert!(case.id.starts_with(&format!("{rule}-")), "{}", case.id);
        assert_eq!(directory, format!("{}xx", &rule[..4]), "{}", case.id);
        let page = Rule::find(rule).unwrap();
        assert_eq!(case.section.as_deref(), Some(page.section), "{}", case.id);
        assert_eq!(case.level.as_deref(), Some(page.level.as_str()), "{}", case.id);
        assert_eq!(case.quote.as_deref().unwrap_or_default(), page.quote, "{}", case.id);
        assert_eq!(case.expected.contains(rule), case.kind == Kind::Breaks, "{}", case.id);
    }
}

#[test]
fn every_rule_has_cases() {
    let mut kinds: BTreeMap<String, BTreeSet<Kind>> = BTreeMap::new();
    for (_, case) in cases() {
        let Some(rule) = case.rule else { continue };
        // A case that raises its rule only; the note about version 0.9 does not count.
        let alone = case.expected.iter().all(|found| *found == rule || found == "DAP902");
        if case.kind == Kind::NearMiss || alone {
            kinds.entry(rule).or_default().insert(case.kind);
        }
    }
    for rule in Rule::all().iter().filter(|rule| rule.scope != Scope::Struct) {
        let id = rule.id.to_string();
        if NEED_FILES.contains(&&*id) {
            assert!(!kinds.contains_key(&id), "{id} needs no files");
        } else {
            assert_eq!(kinds.get(&id), Some(&BTreeSet::from([Kind::Breaks, Kind::NearMiss])), "{id}");
        }
    }
}
