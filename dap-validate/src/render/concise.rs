//! `concise`: one line a finding, in the form that editors and `grep` know.

use std::io::{self, Write};

use super::{Look, Render, full};
use crate::report::{Entry, Report, Spot, printable};

/// The format `concise`.
#[derive(Debug)]
pub struct Concise {
    look: Look,
}

impl Concise {
    /// Writes with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Render for Concise {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.sets.iter().flat_map(|set| &set.entries) {
            writeln!(out, "{}", line(entry))?;
        }
        if self.look.quiet { Ok(()) } else { full::summary(report, out) }
    }
}

fn line(entry: &Entry) -> String {
    let rule = entry.rule;
    let severity = rule.severity.as_str();
    let ranks = match entry.ranks.len() {
        0 => String::new(),
        1 => format!(" (rank {})", entry.ranks),
        _ => format!(" (ranks {})", entry.ranks.describe(6)),
    };
    format!("{}: {severity} {} {}: {}{ranks}", position(&entry.spot), rule.id, rule.name, entry.message)
}

/// `path:line:column`, or the path alone.
pub(super) fn position(spot: &Spot) -> String {
    let path = printable(&spot.path);
    spot.position.map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}"))
}
