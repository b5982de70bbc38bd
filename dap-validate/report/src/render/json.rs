//! `json`: the report for programs; its schema is `spec/schema/report.schema.json`.
//!
//! Lines and columns are counted from 1, columns in characters. Ranks are `[first, last]` pairs,
//! both included. The version grows when a field changes its meaning or is removed; fields may be
//! added at any time.

use std::io::{self, Write};

use dap_core::check::Ranks;
use dap_core::ranks::RankSet;
use dap_core::rules::{Level, Severity};
use serde::Serialize;

use super::words::profile_name;
use super::{Render, TOOL, TOOL_VERSION, escaped};
use crate::{ArrayFacts, RelatedSpot, ReportEntry, RunReport, SetReport};

/// The format `json`.
#[derive(Debug)]
pub struct Json;

impl Render for Json {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", escaped::pretty(&JsonReport::new(report))?)
    }
}

/// The report of `dap-validate check --output-format json`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "Report"))]
pub struct JsonReport<'a> {
    /// The version of this form: 1.
    pub version: u32,
    /// The number of diagnostics of each severity.
    pub summary: JsonSummary,
    /// The arrays that were checked, and the program and profile that checked them.
    pub info: JsonInfo<'a>,
    /// The findings, in the order of the arrays, then of rank, place and rule.
    pub diagnostics: Vec<JsonDiagnostic<'a>>,
}

/// The number of diagnostics of each severity. A diagnostic counts once, however many ranks have
/// it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Summary"))]
pub struct JsonSummary {
    /// Not valid.
    pub error: usize,
    /// Valid, and likely to go wrong with some consumer.
    pub warning: usize,
    /// Valid, and worth knowing.
    pub info: usize,
    /// Valid, and seldom meant.
    pub hint: usize,
}

impl JsonSummary {
    fn of(count: impl Fn(Severity) -> usize) -> Self {
        Self {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            info: count(Severity::Info),
            hint: count(Severity::Hint),
        }
    }
}

/// The arrays that were checked, and the program and profile that checked them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Info"))]
pub struct JsonInfo<'a> {
    /// `dap-validate`.
    pub tool: &'static str,
    /// Its version.
    pub tool_version: &'static str,
    /// The profile: `auto`, `strict` or `reference-0.10`.
    pub profile: &'static str,
    /// The arrays, in the order of the command line.
    pub sets: Vec<JsonSet<'a>>,
}

/// One array.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SetInfo"))]
pub struct JsonSet<'a> {
    /// The path as given, or `<stdin>`.
    pub name: &'a str,
    /// `all`: every rank must be present; `some`: the ranks that are present are checked.
    pub claim: &'static str,
    /// Whether no error was found (among the rules that were asked for).
    pub valid: bool,
    /// The findings that `--ignore` and `--only` kept back; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<JsonSummary>,
    /// The ranks that were present, as `[first, last]` pairs.
    pub ranks: Vec<[i64; 2]>,
    /// The number of processes of the grid, if the exports agree on it.
    pub processes: Option<i64>,
    /// The version of the protocol whose rules were applied: `0.9` or `0.10`.
    pub protocol: Option<&'a str>,
    /// The item type in words, such as `float64`.
    pub dtype: Option<&'a str>,
    /// The facts about the array, if it is valid and all its ranks are present.
    pub array: Option<&'a ArrayFacts>,
}

/// One finding, with all ranks that have it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Diagnostic"))]
pub struct JsonDiagnostic<'a> {
    /// The array: an index into `info.sets`.
    pub set: usize,
    /// The rule's id, never reused: `DAP304`.
    pub rule: String,
    /// The rule's name: `stop-beyond-size`.
    pub name: &'static str,
    /// `error`, `warning`, `info` or `hint`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["error", "warning", "info", "hint"])))]
    pub severity: &'static str,
    /// The origin of the rule: `must` and `should` are the protocol's text, `interpretation` is a
    /// decision where the text is silent, `lint` is advice, and `reference` compares with the
    /// validator of 2014.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["must", "should", "interpretation", "lint", "reference"])))]
    pub level: &'static str,
    /// The sentence that says what is wrong, with the values of the first of the ranks.
    pub message: &'a str,
    /// The file, or the array's name if no file has the finding.
    pub file: &'a str,
    /// The line, from 1; null if the finding concerns the whole file.
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    pub column: Option<usize>,
    /// The place in the rank's export, as a JSON pointer (RFC 6901). It may name a value that is
    /// missing.
    pub pointer: &'a str,
    /// The ranks that have it, as `[first, last]` pairs.
    pub ranks: Vec<[i64; 2]>,
    /// The number of times that it was found.
    pub count: u64,
    /// The sentence that says what to do.
    pub help: &'a str,
    /// Known causes.
    pub notes: &'a [String],
    /// Other places that belong to it.
    pub related: Vec<JsonRelated<'a>>,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RelatedPlace"))]
pub struct JsonRelated<'a> {
    /// The rank whose export it is in.
    pub rank: i64,
    /// The value at the place, in words.
    pub label: &'a str,
    /// The file.
    pub file: &'a str,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    pub column: Option<usize>,
    /// The place in that rank's export, as a JSON pointer.
    pub pointer: &'a str,
}

impl<'a> JsonReport<'a> {
    /// The report in its form for programs.
    #[must_use]
    pub fn new(report: &'a RunReport) -> Self {
        let of_set = |(set, report): (usize, &'a SetReport)| {
            report.entries.iter().map(move |entry| JsonDiagnostic::new(set, entry))
        };
        Self {
            version: 1,
            summary: JsonSummary::of(|severity| report.count(severity)),
            info: JsonInfo {
                tool: TOOL,
                tool_version: TOOL_VERSION,
                profile: profile_name(report.profile),
                sets: report.sets.iter().map(JsonSet::new).collect(),
            },
            diagnostics: report.sets.iter().enumerate().flat_map(of_set).collect(),
        }
    }
}

impl<'a> JsonSet<'a> {
    fn new(set: &'a SetReport) -> Self {
        Self {
            name: &set.name,
            claim: match set.claim {
                Ranks::All => "all",
                Ranks::Some => "some",
            },
            valid: set.is_valid(),
            ignored: (!set.left_out.is_empty()).then(|| {
                let count = |severity| set.left_out.iter().filter(|left_out| **left_out == severity).count();
                JsonSummary::of(count)
            }),
            ranks: pairs(&set.ranks),
            processes: set.processes,
            protocol: set.protocol.as_deref(),
            dtype: set.dtype.as_deref(),
            array: set.array.as_ref(),
        }
    }
}

impl<'a> JsonDiagnostic<'a> {
    fn new(set: usize, entry: &'a ReportEntry) -> Self {
        Self {
            set,
            rule: entry.rule.id.to_string(),
            name: entry.rule.name,
            severity: entry.rule.severity.as_str(),
            level: Level::as_str(entry.rule.level),
            message: &entry.message,
            file: &entry.spot.path,
            line: entry.spot.position.map(|(line, _)| line),
            column: entry.spot.position.map(|(_, column)| column),
            pointer: &entry.spot.pointer,
            ranks: pairs(&entry.ranks),
            count: entry.count,
            help: &entry.help,
            notes: &entry.notes,
            related: entry.related.iter().map(JsonRelated::new).collect(),
        }
    }
}

impl<'a> JsonRelated<'a> {
    fn new(related: &'a RelatedSpot) -> Self {
        Self {
            rank: related.rank.0,
            label: &related.label,
            file: &related.spot.path,
            line: related.spot.position.map(|(line, _)| line),
            column: related.spot.position.map(|(_, column)| column),
            pointer: &related.spot.pointer,
        }
    }
}

fn pairs(ranks: &RankSet) -> Vec<[i64; 2]> {
    ranks.ranges().iter().map(|range| [range.start, range.end - 1]).collect()
}
