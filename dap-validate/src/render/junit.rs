//! `junit`: the test report that CI systems collect. Each array is a suite with one test.
//!
//! The test has the same name in every run, so that a CI system's history knows it again. It fails
//! when a finding is at or above `--fail-on`; the failure holds all such findings as
//! [`full`](super::Full) shows them, in one element, because most readers look at the first only.
//! Lighter findings are the test's output. There are no times: the same report gives the same
//! bytes.

use std::io::{self, Write};

use super::full::{self, Full};
use super::xml::{escape, lines};
use super::{Look, Render, plural};
use crate::report::{Entry, Report, SetReport, printable};

/// The format `junit`.
#[derive(Debug)]
pub struct Junit;

impl Render for Junit {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let failed = report.sets.iter().filter(|set| set.entries.iter().any(|entry| report.is_failure(entry))).count();
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        let tests = report.sets.len();
        writeln!(out, r#"<testsuites name="dap-validate" tests="{tests}" failures="{failed}" errors="0">"#)?;
        for set in &report.sets {
            suite(report, set, out)?;
        }
        writeln!(out, "</testsuites>")
    }
}

fn suite(report: &Report, set: &SetReport, out: &mut dyn Write) -> io::Result<()> {
    let (failures, others): (Vec<&Entry>, Vec<&Entry>) = set.entries.iter().partition(|entry| report.is_failure(entry));
    let name = escape(&printable(&set.name));
    let failed = usize::from(!failures.is_empty());
    writeln!(out, r#"  <testsuite name="{name}" tests="1" failures="{failed}" errors="0" skipped="0">"#)?;
    // Readers that list tests without their suites show these two.
    writeln!(out, r#"    <testcase classname="dap-validate" name="{name}">"#)?;
    if !failures.is_empty() {
        let (message, rules) = (escape(&summary(&failures)), rules(&failures));
        writeln!(out, r#"      <failure type="{rules}" message="{message}">{}</failure>"#, lines(&texts(&failures)))?;
    }
    let mut output = if set.is_valid() { full::description(set) + "\n" } else { String::new() };
    output.extend(full::left_out(set).map(|left_out| left_out + "\n"));
    if !others.is_empty() {
        output += &texts(&others);
    }
    if !output.is_empty() {
        writeln!(out, "      <system-out>{}</system-out>", lines(&output))?;
    }
    writeln!(out, "    </testcase>\n  </testsuite>")
}

/// The first finding in a line, and how many more there are.
fn summary(entries: &[&Entry]) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let first_in_words = format!("{} {}: {}", first.rule.id, first.rule.name, first.message);
    match entries.len() {
        1 => first_in_words,
        count => format!("{first_in_words} (and {})", plural(count - 1, "more finding")),
    }
}

/// The ids of the rules, each once.
fn rules(entries: &[&Entry]) -> String {
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The findings as `full` shows them.
fn texts(entries: &[&Entry]) -> String {
    let full = Full::new(Look { color: false, width: 100, quiet: true });
    entries.iter().map(|entry| full.text(entry) + "\n").collect::<Vec<_>>().join("\n")
}
