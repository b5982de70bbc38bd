//! `junit`: the test report that CI systems collect. Each array is a suite with one test.
//!
//! The test has the same name in every run, so that a CI system connects it with its history. It
//! fails when a finding is at or above `--fail-on`. One failure element holds all such findings as
//! [`Full`] shows them, because most readers look at the first element only. Less severe findings
//! are the test's output. There are no times: the same report gives the same bytes.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::full::Full;
use super::words::{description, left_out};
use super::{Look, Render, TOOL};
use crate::{ReportEntry, RunReport, SetReport, plural, printable};

/// The format `junit`.
#[derive(Debug)]
pub struct Junit;

impl Render for Junit {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        let mut tests = Report::new(TOOL);
        tests.add_test_suites(report.sets.iter().map(|set| suite(report, set)));
        tests.serialize(out).map_err(io::Error::other)
    }
}

fn suite(report: &RunReport, set: &SetReport) -> TestSuite {
    let name = printable(&set.name);
    let mut suite = TestSuite::new(&name);
    suite.add_test_case(test(report, set, &name));
    suite
}

fn test(report: &RunReport, set: &SetReport, name: &str) -> TestCase {
    let (failures, others): (Vec<&ReportEntry>, Vec<&ReportEntry>) =
        set.entries.iter().partition(|entry| report.is_failure(entry));
    let mut test = TestCase::new(name, status(&failures));
    // Readers that list tests without their suites show the class.
    test.set_classname(TOOL);
    let mut output = if set.is_valid() { description(set) + "\n" } else { String::new() };
    output.extend(left_out(set).map(|left_out| left_out + "\n"));
    if !others.is_empty() {
        output += &texts(&others);
    }
    if !output.is_empty() {
        test.set_system_out(output);
    }
    test
}

fn status(failures: &[&ReportEntry]) -> TestCaseStatus {
    if failures.is_empty() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(rules(failures)).set_message(summary(failures)).set_description(texts(failures));
    status
}

/// The first finding in a line, and the number of the others.
fn summary(entries: &[&ReportEntry]) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let first_in_words = format!("{} {}: {}", first.rule.id, first.rule.name, first.message);
    match entries.len() {
        1 => first_in_words,
        count => format!("{first_in_words} (and {})", plural(count - 1, "more finding")),
    }
}

/// The ids of the rules, each once.
fn rules(entries: &[&ReportEntry]) -> String {
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The findings as `full` shows them.
fn texts(entries: &[&ReportEntry]) -> String {
    let full = Full::new(Look { color: false, width: 100, quiet: true });
    entries.iter().map(|entry| full.text(entry) + "\n").collect::<Vec<_>>().join("\n")
}
