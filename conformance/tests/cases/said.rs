//! The messages of each case, word by word: `conformance/cases/said.txt`.
//!
//! A finding's rule can be right and its message wrong: a note about an absent cause, a value of
//! the other rank. The difference of this file shows all places of a changed message or note.

use std::fmt::Write as _;
use std::path::Path;

use dap_core::check::Report;
use dap_core::finding::Diagnostic;

fn write(diagnostic: &Diagnostic, out: &mut String) {
    let Diagnostic { finding, rank, ranks, count } = diagnostic;
    let place = finding.place.pointer();
    let span = finding.place.span.as_ref().map_or_else(String::new, |span| format!(" bytes {span:?}"));
    writeln!(out, "{} {place}{span} rank {} of {ranks}, {count} times", finding.rule, rank.0).unwrap();
    writeln!(out, "    {}", finding.message()).unwrap();
    for note in finding.notes() {
        writeln!(out, "    note: {note}").unwrap();
    }
    for related in &finding.related {
        writeln!(out, "    rank {} {}: {}", related.rank.0, related.place.pointer(), related.label).unwrap();
    }
    writeln!(out, "    help: {}", finding.help()).unwrap();
}

pub(crate) fn said(report: &Report) -> String {
    let mut out = String::new();
    report.diagnostics.iter().for_each(|diagnostic| write(diagnostic, &mut out));
    out
}

#[test]
fn each_case_is_explained_as_before() {
    let mut said = String::new();
    for (_, case) in super::cases() {
        let Some((report, _)) = case.check() else { continue };
        if !report.diagnostics.is_empty() {
            writeln!(said, "== {}\n{}", case.id, self::said(&report)).unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/said.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &said).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap();
    let case = |text: &str, at: usize| {
        text.lines().take(at + 1).filter(|line| line.starts_with("==")).last().map(str::to_owned)
    };
    for (at, (before, now)) in before.lines().zip(said.lines()).enumerate() {
        assert_eq!(now, before, "{:?}; if it is meant so, run again with UPDATE_SNAPSHOTS=1", case(&said, at));
    }
    assert_eq!(said.lines().count(), before.lines().count());
}
