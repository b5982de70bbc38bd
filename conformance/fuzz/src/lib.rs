//! The common part of the fuzz targets: from bytes to a checked set, and to reports in all formats.
#![forbid(unsafe_code)]

use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::finding::Diagnostic;
use dap_core::index::Rank;
use dap_core::json;
use dap_report::RunReport;
use dap_report::render::{Figures, Look};
use dap_validate::cli::OutputFormat;
use dap_validate::input::{InputOptions, InputSet, gather};

/// Checks lines as the exports of all ranks.
pub fn check(lines: &[u8], profile: Profile) -> Report {
    let mut checker = Checker::new(profile);
    for (rank, line) in (0..).map(Rank).zip(lines.split(|byte| *byte == b'\n')) {
        let local = checker.local(&json::read(line));
        checker.push(Some(rank), local);
    }
    checker.finish(Ranks::All)
}

/// Asserts that all placeholders of a diagnostic are filled.
pub fn assert_filled(diagnostic: &Diagnostic) {
    let finding = &diagnostic.finding;
    for text in [finding.message(), finding.help()].into_iter().chain(finding.notes()) {
        assert!(!text.is_empty());
    }
}

/// Returns the sets that standard input with these bytes would give.
pub fn sets(bytes: &[u8]) -> Vec<InputSet> {
    gather(&["-".into()], std::io::Cursor::new(bytes.to_vec()), InputOptions::default())
        .expect("standard input can be read")
}

/// Writes reports of the sets in every format, and parses those for programs.
pub fn render(sets: &[InputSet], profile: Profile) {
    let mut figures = Figures::default();
    let reports = sets.iter().map(|set| {
        let checked = set.check(profile, &());
        figures.push(&checked.report);
        checked.set_report(|_rule| true)
    });
    let sets = reports.collect();
    let report = RunReport { profile, fail_on: dap_core::rules::Severity::Error, sets };
    for format in OutputFormat::ALL {
        for color in [false, true] {
            let mut out = Vec::new();
            let look = Look { color, width: 80, quiet: false };
            format.renderer(look, &figures).render(&report, &mut out).expect("a vector takes everything");
            let text = std::str::from_utf8(&out).expect("text");
            // Formats for programs hold names unchanged, except characters that JSON and XML
            // forbid.
            let people = matches!(
                format,
                OutputFormat::Full | OutputFormat::Concise | OutputFormat::Github | OutputFormat::Markdown
            );
            let passed_on = |c: char| c.is_control() && c != '\n' && (people || c < ' ') && !(color && c == '\u{1b}');
            assert!(!text.contains(passed_on), "{format}: control characters are not passed on");
            if matches!(format, OutputFormat::Json | OutputFormat::Sarif) {
                serde_json::from_str::<serde_json::Value>(text).expect("JSON");
            }
        }
    }
}
