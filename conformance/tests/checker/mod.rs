//! The checker of `dap-core`, compared with the oracle, the rule pages and real exports.

mod agreement;
mod examples;
mod hints;
mod maps;
mod pages;
mod written;

use dap_conformance::model::RankExport;
use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::rules::Severity;

/// Checks texts, one for each rank in rank order, as an all-rank set.
fn check<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> Report {
    let mut checker = Checker::new(Profile::Auto);
    for (rank, text) in (0..).map(Rank).zip(texts) {
        let local = checker.local(&json::read(text));
        checker.push(Some(rank), local);
    }
    checker.finish(Ranks::All)
}

/// Checks exports as an all-rank set.
fn check_set(set: &[RankExport]) -> Report {
    let texts: Vec<String> = set.iter().map(RankExport::to_json).collect();
    check(texts.iter().map(String::as_bytes))
}

/// The ids of the rules found, without repetition.
fn rules(report: &Report, at_least: Severity) -> Vec<String> {
    let found = report.diagnostics.iter().filter(|d| d.finding.rule().severity >= at_least);
    let mut rules: Vec<String> = found.map(|d| d.finding.rule.to_string()).collect();
    rules.sort();
    rules.dedup();
    rules
}

/// Asserts that every message is filled: a `{placeholder}` left over is a defect.
fn assert_filled(report: &Report) {
    for diagnostic in &report.diagnostics {
        let finding = &diagnostic.finding;
        for text in [finding.message(), finding.help()].into_iter().chain(finding.notes()) {
            // Messages may show `{}`, `{...}` and `{"ranks": ...}` of an export.
            let left_over = text.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(!left_over && !text.is_empty(), "{}: {text}", finding.rule);
        }
    }
}
