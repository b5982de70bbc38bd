//! `github`: the annotations of GitHub Actions, one workflow command a finding.
//!
//! A job that prints these lines shows each finding beside its line of the changed files. Errors
//! become `error`, warnings `warning`, and less severe findings `notice`. GitHub shows the first
//! ten of each kind of a step; the log has all of them.

use std::fmt::Write as _;
use std::io::{self, Write};

use dap_core::rules::Severity;

use super::words::{ranks, summary};
use super::{Look, Render, file};
use crate::{ReportEntry, RunReport, printable};

/// The format `github`.
#[derive(Debug)]
pub struct Github {
    look: Look,
}

impl Github {
    /// A writer with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Render for Github {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.entries() {
            writeln!(out, "{}", command(entry))?;
        }
        if self.look.quiet { Ok(()) } else { summary(report, out) }
    }
}

fn command(entry: &ReportEntry) -> String {
    let rule = entry.rule;
    let mut command = match rule.severity {
        Severity::Error => "::error ",
        Severity::Warning => "::warning ",
        Severity::Info | Severity::Hint => "::notice ",
    }
    .to_owned();
    // Standard input is no file of the repository: its annotations name no file.
    if let Some(file) = file::of(&entry.spot) {
        let path = printable(file);
        let _ = write!(command, "file={},", property(path.strip_prefix("./").unwrap_or(&path)));
    }
    if let Some((line, column)) = entry.spot.position {
        let _ = write!(command, "line={line},col={column},");
    }
    let _ = write!(command, "title={}::", property(&format!("{} {}", rule.id, rule.name)));
    let ranks = ranks(entry).map(|ranks| format!("\nranks: {ranks}")).unwrap_or_default();
    let notes: String = entry.notes.iter().map(|note| format!("\nnote: {note}")).collect();
    command + &data(&format!("{}{notes}\nhelp: {}{ranks}", entry.message, entry.help))
}

/// The text behind the `::`, escaped as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: a comma would end the property, and a colon the list of properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100%\r\n::error::x,y"), "100%25%0D%0A::error::x,y");
        assert_eq!(property("a,b::c%3A"), "a%2Cb%3A%3Ac%253A");
    }
}
