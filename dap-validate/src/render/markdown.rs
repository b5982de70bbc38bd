//! `markdown`: a table of the arrays and a section for each that something was found in, for a
//! job's summary or an issue.
//!
//! In GitHub's dialect. Text from files is code or escaped: it makes no links, pictures, headings
//! or mentions. At most [`MOST_ARRAYS`] rows and [`MOST_FINDINGS`] findings are written, because
//! summaries and issues have a greatest length; what is left out is counted.

mod text;

use std::io::{self, Write};

use super::concise::position;
use super::{Render, full, plural, shown};
use crate::report::{Entry, Report, SetReport, printable};
use text::{code, fenced, prose};

/// So many arrays are listed, valid ones only where there is room.
const MOST_ARRAYS: usize = 100;
/// So many findings are shown: an issue has room for 65,536 characters.
const MOST_FINDINGS: usize = 50;

/// The format `markdown`.
#[derive(Debug)]
pub struct Markdown;

impl Render for Markdown {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let invalid = report.sets.iter().filter(|set| !set.is_valid()).count();
        let verdict = match (report.sets.len(), invalid) {
            (sets, 0) if report.sets.iter().any(SetReport::hides_errors) => {
                format!("{}, valid but for what is ignored", plural(sets, "array"))
            }
            (sets, 0) => format!("{}, all valid", plural(sets, "array")),
            (sets, invalid) => format!("{}, {invalid} invalid", plural(sets, "array")),
        };
        writeln!(out, "## dap-validate: {verdict}\n")?;
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

fn table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<String> = shown(&report.sets, MOST_ARRAYS).into_iter().map(|(_, set)| row(set)).collect();
    if !rows.is_empty() {
        writeln!(out, "| array | verdict | found | what it is |\n|---|---|---|---|\n{}", rows.join("\n"))?;
    }
    match report.sets.len() - rows.len() {
        0 => Ok(()),
        more => writeln!(out, "\n... and {}.", plural(more, "more array")),
    }
}

fn row(set: &SetReport) -> String {
    // In a table a bar ends a cell even inside of code.
    let cell = |text: &str| code(text).replace('|', "\\|");
    let (verdict, description) =
        if set.is_valid() { ("valid", cell(&full::description(set))) } else { ("**invalid**", String::new()) };
    let verdict = if set.hides_errors() { "valid but for what is ignored" } else { verdict };
    let counts = full::counts(set.entries.iter().map(|entry| entry.rule.severity));
    let counts = counts.into_iter().chain(full::left_out(set)).collect::<Vec<_>>().join("; ");
    format!("| {} | {verdict} | {counts} | {description} |", cell(&printable(&set.name)))
}

fn finding(entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
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
    match full::ranks(entry) {
        Some(ranks) => writeln!(out, "- ranks: {ranks}"),
        None => Ok(()),
    }
}
