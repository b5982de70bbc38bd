//! Words that several formats share: positions, ranks, counts, verdicts.

use std::io::{self, Write};

use dap_core::check::{Profile, Ranks};
use dap_core::rules::Severity;

use crate::{ReportEntry, RunReport, SetReport, Spot, plural, printable};

/// `path:line:column`, or the path alone.
pub(super) fn position(spot: &Spot) -> String {
    let path = printable(&spot.path);
    spot.position.map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}"))
}

/// The ranks that have a finding; `None` if it concerns the set as a whole.
pub(super) fn ranks(entry: &ReportEntry) -> Option<String> {
    let findings = plural(entry.count, "finding");
    match entry.ranks.len() {
        0 => None,
        1 if entry.count < 2 => Some(entry.ranks.to_string()),
        1 => Some(format!("{} ({findings})", entry.ranks)),
        _ => Some(format!("{} ({findings}; shown: rank {})", entry.ranks.describe(12), entry.rank)),
    }
}

/// The number of findings that `--ignore` and `--only` keep back; `None` if there are none.
pub(super) fn left_out(set: &SetReport) -> Option<String> {
    counts(set.left_out.iter().copied()).map(|counts| format!("{counts} ignored"))
}

/// The counts of a set's findings, and of those that are left out.
pub(super) fn all_counts(set: &SetReport) -> String {
    let reported = counts(set.entries.iter().map(|entry| entry.rule.severity));
    reported.into_iter().chain(left_out(set)).collect::<Vec<_>>().join("; ")
}

/// A valid set in a few words.
pub(super) fn description(set: &SetReport) -> String {
    let present = set.ranks.len();
    let ranks = match set.processes {
        Some(processes) if processes != present => format!("{present} of {}", plural(processes, "rank")),
        _ => plural(present, "rank"),
    };
    let Some(array) = &set.array else {
        let limit = if set.claim == Ranks::Some { ", as far as they go" } else { "" };
        return format!("{ranks}{limit}");
    };
    let dtype = set.dtype.as_deref().map(|dtype| format!(" {}", printable(dtype))).unwrap_or_default();
    let (shape, over) = array.layout.split_once(" over ").unwrap_or((&array.layout, ""));
    format!("{ranks}, {shape}{dtype} over {over}")
}

/// `2 errors, 1 warning`; `None` if there is nothing to count.
pub(super) fn counts(severities: impl Iterator<Item = Severity> + Clone) -> Option<String> {
    let of = |severity: Severity| severities.clone().filter(|s| *s == severity).count();
    let words: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info, Severity::Hint]
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| match severity {
            Severity::Info => format!("{} info", of(severity)),
            _ => plural(of(severity), severity.as_str()),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// One line for a run.
pub(super) fn summary(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let invalid = report.invalid_sets();
    let valid = report.sets.len() - invalid;
    let counts = counts(report.entries().map(|entry| entry.rule.severity));
    let counts = counts.map(|counts| format!(" ({counts})")).unwrap_or_default();
    let hiding = report.sets.iter().filter(|set| set.hides_errors()).count();
    let hiding = if hiding > 0 { format!(" ({hiding} apart from ignored errors)") } else { String::new() };
    writeln!(out, "checked {}: {valid} valid{hiding}, {invalid} invalid{counts}", plural(report.sets.len(), "array"))
}

/// The name of a profile, as on the command line.
pub(super) fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Auto => "auto",
        Profile::Strict => "strict",
        Profile::Reference010 => "reference-0.10",
    }
}
