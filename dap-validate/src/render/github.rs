//! `github`: the annotations of GitHub Actions, one workflow command a finding.
//!
//! A job that prints these lines shows each finding beside its line of the changed files. Errors
//! and warnings are those, all else is a `notice`. GitHub shows the first ten of each kind of a
//! step; the log has them all.

use std::fmt::Write as _;
use std::io::{self, Write};

use dap_core::rules::Severity;

use super::{Look, Render, file, full};
use crate::report::{Entry, Report, printable};

/// The format `github`.
#[derive(Debug)]
pub struct Github {
    look: Look,
}

impl Github {
    /// Writes with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Render for Github {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.sets.iter().flat_map(|set| &set.entries) {
            writeln!(out, "{}", command(entry))?;
        }
        if self.look.quiet { Ok(()) } else { full::summary(report, out) }
    }
}

fn command(entry: &Entry) -> String {
    let rule = entry.rule;
    let mut command = match rule.severity {
        Severity::Error => "::error ",
        Severity::Warning => "::warning ",
        Severity::Info | Severity::Hint => "::notice ",
    }
    .to_owned();
    // Standard input is no file of the repository, and an annotation may stand alone.
    if let Some(file) = file::of(&entry.spot) {
        let path = printable(file);
        let _ = write!(command, "file={},", property(path.strip_prefix("./").unwrap_or(&path)));
    }
    if let Some((line, column)) = entry.spot.position {
        let _ = write!(command, "line={line},col={column},");
    }
    let _ = write!(command, "title={}::", property(&format!("{} {}", rule.id, rule.name)));
    let ranks = full::ranks(entry).map(|ranks| format!("\nranks: {ranks}")).unwrap_or_default();
    let notes: String = entry.notes.iter().map(|note| format!("\nnote: {note}")).collect();
    command + &data(&format!("{}{notes}\nhelp: {}{ranks}", entry.message, entry.help))
}

/// The text behind the `::`, escaped as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value; properties end at a comma, and all of them at a colon.
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
