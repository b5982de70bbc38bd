//! The text of `ValidationError` and of a `Report`: findings in a program's words.
//!
//! An exception has no file to show: its text names places as Python writes them
//! (`dim_data[0]['size']`), and no option of the command line.
//!
//! ```text
//! 1 error
//!
//! rank 1: dim_data[0]['start']: no rank owns index 4: grid rank 0 owns 0 to 3, grid rank 1 owns 5 to 9 (DAP612)
//!   rank 0: dim_data[0]['stop']: grid rank 0 ends here
//!   help: without padding, `stop` of one process is `start` of the next
//! ```

use std::fmt::Write;

use dap_core::check::Ranks;
use dap_core::rules::{RuleId, Severity};
use dap_report::{ReportEntry, RunReport, plural};

/// The greatest number of ranges of ranks that are listed for one finding.
const MOST_RANGES: usize = 12;

/// The errors of a report.
pub(super) fn errors(report: &RunReport) -> String {
    let mut out = plural(report.count(Severity::Error), "error");
    findings(&mut out, report, |severity| severity == Severity::Error);
    out
}

/// The verdict of a report, `layout` and its item type if they are known, and all findings.
pub(super) fn all(report: &RunReport, layout: Option<&str>) -> String {
    let is_valid = report.count(Severity::Error) == 0;
    let counts = [Severity::Error, Severity::Warning, Severity::Info, Severity::Hint]
        .map(|severity| (severity, report.count(severity)))
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| match severity {
            Severity::Info => format!("{count} info"),
            severity => plural(count, severity.as_str()),
        });
    let facts: Vec<String> = layout.map(str::to_owned).into_iter().chain(counts).collect();
    let verdict = if is_valid { "valid" } else { "invalid" };
    let mut out = if facts.is_empty() { verdict.to_owned() } else { format!("{verdict}: {}", facts.join("; ")) };
    findings(&mut out, report, |_| true);
    out
}

fn findings(out: &mut String, report: &RunReport, holds: impl Fn(Severity) -> bool) {
    for set in &report.sets {
        // The rank of one export by itself says nothing: it may be what is wrong.
        let is_alone = set.claim == Ranks::Some && set.ranks.len() <= 1;
        for entry in set.entries.iter().filter(|entry| holds(entry.rule.severity)) {
            out.push_str("\n\n");
            if entry.rule.severity != Severity::Error {
                let _ = write!(out, "{}: ", entry.rule.severity.as_str());
            }
            finding(out, entry, is_alone);
        }
    }
}

fn finding(out: &mut String, entry: &ReportEntry, is_alone: bool) {
    let ranks = match entry.ranks.len() {
        _ if is_alone => String::new(),
        0 => String::new(),
        1 => format!("rank {}: ", entry.ranks),
        _ => format!("ranks {} (values of rank {}): ", entry.ranks.describe(MOST_RANGES), entry.rank),
    };
    // The rank of a whole array's finding is not where something is wrong.
    let ranks = if entry.rule.id == RuleId::MISSING_RANK { String::new() } else { ranks };
    let place = at(&entry.spot.pointer);
    // Writing to a string does not fail.
    let _ = write!(out, "{ranks}{place}{} ({})", entry.message, entry.rule.id);
    for related in &entry.related {
        let rank = if is_alone { String::new() } else { format!("rank {}: ", related.rank) };
        let _ = write!(out, "\n  {rank}{}{}", at(&related.spot.pointer), related.label);
    }
    for note in &entry.notes {
        let _ = write!(out, "\n  note: {note}");
    }
    let _ = write!(out, "\n  help: {}", entry.help);
}

fn at(pointer: &str) -> String {
    let place = place(pointer);
    if place.is_empty() { place } else { place + ": " }
}

/// A place of an export as Python writes it: `dim_data[0]['size']` of `/dim_data/0/size`.
///
/// A dimension is a dictionary; the buffer is an object with attributes. A key that is no name of
/// Python's stands in brackets.
pub(super) fn place(pointer: &str) -> String {
    let mut out = String::new();
    let mut parent = "";
    for (depth, part) in pointer.split('/').skip(1).enumerate() {
        let key = part.replace("~1", "/").replace("~0", "~");
        let is_name = !key.is_empty()
            && key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
            && !key.starts_with(|first: char| first.is_ascii_digit());
        let _ = match (depth, is_name) {
            (0, true) => write!(out, "{key}"),
            (1, true) if parent == "buffer" => write!(out, ".{key}"),
            _ if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) => write!(out, "[{key}]"),
            _ => write!(out, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
        };
        parent = if depth == 0 { part } else { "" };
    }
    out
}

/// Gives the words of a program to a remedy that names the command line.
pub(super) fn in_python(entry: &mut ReportEntry) {
    if entry.rule.id == RuleId::NOT_CHECKED {
        "pass a list of the exports of all ranks to check them together".clone_into(&mut entry.help);
    }
    entry.help = entry.help.replace("`--partial`", "`partial=True`");
}
