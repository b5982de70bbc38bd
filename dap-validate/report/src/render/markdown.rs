//! `markdown`: a table of the arrays and a section for each array with findings, for a job's
//! summary or an issue.
//!
//! The dialect is GitHub's. Text from files is code or escaped: it makes no links, pictures,
//! headings or mentions. At most [`MOST_ARRAYS`] rows and [`MOST_FINDINGS`] findings are written,
//! because the length of summaries and issues is limited; the last line counts the others.

mod text;

use std::io::{self, Write};

use super::words::{all_counts, description, position, ranks};
use super::{Render, TOOL, bounded};
use crate::{ReportEntry, RunReport, SetReport, plural, printable};
use text::{code, fenced, prose};

/// The largest number of arrays listed; invalid ones come first.
const MOST_ARRAYS: usize = 100;
/// The largest number of findings shown: an issue has room for 65,536 characters.
const MOST_FINDINGS: usize = 50;

/// The format `markdown`.
#[derive(Debug)]
pub struct Markdown;

impl Render for Markdown {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        let invalid = report.invalid_sets();
        let verdict = match (report.sets.len(), invalid) {
            (sets, 0) if report.sets.iter().any(SetReport::hides_errors) => {
                format!("{}, valid apart from ignored findings", plural(sets, "array"))
            }
            (sets, 0) => format!("{}, all valid", plural(sets, "array")),
            (sets, invalid) => format!("{}, {invalid} invalid", plural(sets, "array")),
        };
        writeln!(out, "## {TOOL}: {verdict}\n")?;
        table(report, out)?;
        let mut room = MOST_FINDINGS;
        for set in report.sets.iter().filter(|set| !set.entries.is_empty()) {
            if room > 0 {
                writeln!(out, "\n### {}", code(&printable(&set.name)))?;
            }
            for entry in set.entries.iter().take(room) {
                finding(entry, out)?;
            }
            room = room.saturating_sub(set.entries.len());
        }
        let found: usize = report.sets.iter().map(|set| set.entries.len()).sum();
        match found.saturating_sub(MOST_FINDINGS) {
            0 => Ok(()),
            more => writeln!(out, "\n... and {}.", plural(more, "more finding")),
        }
    }
}

fn table(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<String> = bounded(&report.sets, MOST_ARRAYS).into_iter().map(|(_, set)| row(set)).collect();
    if !rows.is_empty() {
        writeln!(out, "| array | verdict | found | what it is |\n|---|---|---|---|\n{}", rows.join("\n"))?;
    }
    match report.sets.len() - rows.len() {
        0 => Ok(()),
        more => writeln!(out, "\n... and {}.", plural(more, "more array")),
    }
}

fn row(set: &SetReport) -> String {
    // In a table a bar ends a cell, inside of code, too.
    let cell = |text: &str| code(text).replace('|', "\\|");
    let (verdict, description) =
        if set.is_valid() { ("valid", cell(&description(set))) } else { ("**invalid**", String::new()) };
    let verdict = if set.hides_errors() { "valid apart from ignored findings" } else { verdict };
    format!("| {} | {verdict} | {} | {description} |", cell(&printable(&set.name)), all_counts(set))
}

fn finding(entry: &ReportEntry, out: &mut dyn Write) -> io::Result<()> {
    let rule = entry.rule;
    let severity = rule.severity.as_str();
    writeln!(out, "\n**{severity} {} {}** at {}\n", rule.id, rule.name, code(&position(&entry.spot)))?;
    writeln!(out, "{}\n", prose(&entry.message))?;
    if let Some(excerpt) = &entry.spot.excerpt {
        let before = excerpt.text.get(..excerpt.mark.start).unwrap_or_default().chars().count();
        let marked = excerpt.text.get(excerpt.mark.clone()).unwrap_or_default().chars().count().max(1);
        let marks = format!("{}{}", " ".repeat(before), "^".repeat(marked));
        writeln!(out, "{}\n", fenced(&format!("{}\n{marks}", excerpt.text)))?;
    }
    for related in &entry.related {
        writeln!(out, "- rank {} at {}: {}", related.rank, code(&position(&related.spot)), prose(&related.label))?;
    }
    for note in &entry.notes {
        writeln!(out, "- note: {}", prose(note))?;
    }
    writeln!(out, "- help: {}", prose(&entry.help))?;
    match ranks(entry) {
        Some(ranks) => writeln!(out, "- ranks: {ranks}"),
        None => Ok(()),
    }
}
