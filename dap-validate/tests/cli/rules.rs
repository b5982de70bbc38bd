//! Each rule, and each of its notes, is given by the checker itself: for a conformance case, a
//! page's example, or a scene that is written here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dap_core::check::Profile;
use dap_core::rules::{Rule, Scope};
use dap_validate::input::{InputOptions, gather};

use crate::files::Files;
use crate::{cases, pages};

/// Rules and notes that no text shows, and why.
const REASONS: [(&str, &str, &str); 2] = [
    ("DAP011", "", "the file would have to change at the right moment: `input/lines.rs` does it"),
    ("DAP205", "numpy", "only an object of Python has a type of NumPy: `ffi/python/tests` has one"),
];

#[derive(Default)]
struct Given {
    rules: BTreeSet<String>,
    notes: BTreeSet<(String, &'static str)>,
}

impl Given {
    /// Adds the findings in these paths, by all profiles, as a whole and as a part.
    fn add(&mut self, paths: &[PathBuf], stdin: &str) {
        for profile in [Profile::Auto, Profile::Strict, Profile::Reference010] {
            for partial in [false, true] {
                let stdin = std::io::Cursor::new(stdin.to_owned());
                for set in gather(paths, stdin, InputOptions { partial, ..InputOptions::default() }).unwrap() {
                    for diagnostic in set.check(profile, &()).report.diagnostics {
                        let rule = diagnostic.finding.rule.to_string();
                        self.notes.extend(diagnostic.finding.notes.iter().map(|note| (rule.clone(), *note)));
                        self.rules.insert(rule);
                    }
                }
            }
        }
    }
}

#[test]
fn each_rule_and_each_note_is_given() {
    let mut given = Given::default();
    for (path, case) in cases::cases() {
        match case["text"].as_str() {
            Some(text) => given.add(&["-".into()], text),
            None => given.add(&[path], ""),
        }
    }
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/rules")).unwrap() {
        let path = entry.unwrap().path();
        let rule = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let page = fs::read_to_string(&path).unwrap();
        let Some((_, example)) = page.split_once("\n## Example\n") else { continue };
        let fenced = example.split("```").nth(1).unwrap_or_default();
        match fenced.split_once('\n') {
            Some(("console", _)) => {
                if let Some(files) = pages::setting(&rule) {
                    given.add(&[files.root().to_owned()], "");
                    let files: Vec<PathBuf> =
                        fs::read_dir(files.root()).unwrap().map(|entry| entry.unwrap().path()).collect();
                    given.add(&files, "");
                }
            }
            Some(("json" | "text" | "ndjson", text)) => given.add(&["-".into()], text),
            _ => {}
        }
    }
    let scenes = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notes.txt")).unwrap();
    for scene in scenes.split("\n\n") {
        let texts: Vec<&str> = scene.lines().filter(|line| !line.starts_with('#')).collect();
        match scene.lines().find_map(|line| line.strip_prefix("# files ")) {
            Some(numbers) => {
                let of =
                    |files: Files, (number, text): (&str, &&str)| files.with(&format!("rank-{number}.json"), *text);
                let files = numbers.split(' ').zip(&texts).fold(Files::new("notes-of-files"), of);
                given.add(&[files.root().to_owned()], "");
            }
            None => given.add(&["-".into()], &texts.join("\n")),
        }
    }
    let files = Files::new("notes")
        .with("alike/rank_1.json", crate::files::valid()[1].clone())
        .with("alike/rank-0.json", crate::files::valid()[0].clone());
    let files = files
        .with("named/rank_0.json", crate::files::valid()[0].clone())
        .with("whole/all.ndjson", crate::files::valid().join("\n"))
        .with("items/rank-0.npy", "no export lies beside it");
    given.add(&[files.root().to_owned()], "");
    let mut missing = Vec::new();
    for rule in Rule::all().iter().filter(|rule| rule.scope != Scope::Struct) {
        let id = rule.id.to_string();
        let has_reason = |note: &str| REASONS.iter().any(|(rule, of, _)| *rule == id && *of == note);
        if !given.rules.contains(&id) && !has_reason("") {
            missing.push(id.clone());
        }
        let without =
            rule.notes.iter().filter(|(note, _)| !given.notes.contains(&(id.clone(), *note)) && !has_reason(note));
        missing.extend(without.map(|(note, _)| format!("{id} {note}")));
    }
    assert!(missing.is_empty(), "no text is given these: {missing:?}");
}
