//! `concise`: one line a finding, in the form that editors and `grep` know.

use std::io::{self, Write};

use super::words::{position, summary};
use super::{Look, Render};
use crate::{ReportEntry, RunReport};

/// The format `concise`.
#[derive(Debug)]
pub struct Concise {
    look: Look,
}

impl Concise {
    /// A writer with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Render for Concise {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.entries() {
            writeln!(out, "{}", line(entry))?;
        }
        if self.look.quiet { Ok(()) } else { summary(report, out) }
    }
}

fn line(entry: &ReportEntry) -> String {
    let rule = entry.rule;
    let severity = rule.severity.as_str();
    let ranks = match entry.ranks.len() {
        0 => String::new(),
        1 => format!(" (rank {})", entry.ranks),
        _ => format!(" (ranks {})", entry.ranks.describe(6)),
    };
    format!("{}: {severity} {} {}: {}{ranks}", position(&entry.spot), rule.id, rule.name, entry.message)
}
