//! `json`: the report for programs; its schema is `spec/schema/report.schema.json`.
//!
//! Places are counted from 1, columns in characters. Ranks are `[first, last]` pairs, both
//! included. The version grows when a field changes its meaning or goes; new fields may come at any
//! time.

use std::io::{self, Write};

use dap_core::check::{Profile, Ranks};
use dap_core::ranks::RankSet;
use dap_core::rules::{Level, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Render, escaped};
use crate::report::{ArrayFacts, Entry, Related, Report, SetReport};

/// The format `json`.
#[derive(Debug)]
pub struct Json;

impl Render for Json {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", escaped::pretty(&JsonReport::new(report))?)
    }
}

/// The report of `dap-validate check --output-format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Report")]
pub struct JsonReport<'a> {
    /// The version of this form: 1.
    pub version: u32,
    /// How many diagnostics there are of each severity.
    pub summary: Summary,
    /// What was judged, and by what.
    pub info: Info<'a>,
    /// What was found, in the order of the arrays, then of rank, place and rule.
    pub diagnostics: Vec<Diagnostic<'a>>,
}

/// How many diagnostics there are. A diagnostic counts once, however many ranks have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// Not valid.
    pub error: usize,
    /// Valid, and likely to go wrong with some consumer.
    pub warning: usize,
    /// Valid, and worth knowing.
    pub info: usize,
    /// Valid, and seldom meant.
    pub hint: usize,
}

impl Summary {
    fn of(count: impl Fn(Severity) -> usize) -> Self {
        Self {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            info: count(Severity::Info),
            hint: count(Severity::Hint),
        }
    }
}

/// What was judged, and by what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Info<'a> {
    /// `dap-validate`.
    pub tool: &'static str,
    /// Its version.
    pub tool_version: &'static str,
    /// The profile: `auto`, `strict` or `reference-0.10`.
    pub profile: &'static str,
    /// The arrays, in the order of the command line.
    pub sets: Vec<SetInfo<'a>>,
}

/// One array.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SetInfo<'a> {
    /// The path as given, or `<stdin>`.
    pub name: &'a str,
    /// `all`: every rank must be there; `some`: checked as far as they go.
    pub claim: &'static str,
    /// Whether no error was found (among the rules that were asked for).
    pub valid: bool,
    /// What `--ignore` and `--only` kept back; absent where that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<Summary>,
    /// The ranks that were there, as `[first, last]` pairs.
    pub ranks: Vec<[i64; 2]>,
    /// The number of processes of the grid, where the exports agree on it.
    pub processes: Option<i64>,
    /// The version of the protocol by whose rules was judged: `0.9` or `0.10`.
    pub protocol: Option<&'a str>,
    /// The item type in words, such as `float64`.
    pub dtype: Option<&'a str>,
    /// The array, where it is valid and all its ranks are there.
    pub array: Option<&'a ArrayFacts>,
}

/// One finding, folded over the ranks that have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Diagnostic<'a> {
    /// The array: an index into `info.sets`.
    pub set: usize,
    /// The rule's id, never reused: `DAP304`.
    pub rule: String,
    /// The rule's name: `stop-beyond-size`.
    pub name: &'static str,
    /// `error`, `warning`, `info` or `hint`.
    #[schemars(extend("enum" = ["error", "warning", "info", "hint"]))]
    pub severity: &'static str,
    /// Where the rule comes from: `must` and `should` from the protocol's text, `interpretation`
    /// where it is silent, `lint` for advice, `reference` for comparison with the 2014 validator.
    #[schemars(extend("enum" = ["must", "should", "interpretation", "lint", "reference"]))]
    pub level: &'static str,
    /// What is wrong, as the first of the ranks has it.
    pub message: &'a str,
    /// The file, or the array's name where no file is meant.
    pub file: &'a str,
    /// The line, from 1; null where the whole file is meant.
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    pub column: Option<usize>,
    /// The place in the rank's export, as a JSON pointer (RFC 6901). What it names may be what is
    /// missing.
    pub pointer: &'a str,
    /// The ranks that have it, as `[first, last]` pairs.
    pub ranks: Vec<[i64; 2]>,
    /// How often it was found.
    pub count: u64,
    /// What to do.
    pub help: &'a str,
    /// Known causes.
    pub notes: &'a [String],
    /// Other places that belong to it.
    pub related: Vec<RelatedPlace<'a>>,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelatedPlace<'a> {
    /// The rank whose export it is in.
    pub rank: i64,
    /// What stands there.
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
    pub fn new(report: &'a Report) -> Self {
        let of_set =
            |(set, report): (usize, &'a SetReport)| report.entries.iter().map(move |entry| Diagnostic::new(set, entry));
        Self {
            version: 1,
            summary: Summary::of(|severity| report.count(severity)),
            info: Info {
                tool: env!("CARGO_PKG_NAME"),
                tool_version: env!("CARGO_PKG_VERSION"),
                profile: profile_name(report.profile),
                sets: report.sets.iter().map(SetInfo::new).collect(),
            },
            diagnostics: report.sets.iter().enumerate().flat_map(of_set).collect(),
        }
    }
}

impl<'a> SetInfo<'a> {
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
                Summary::of(count)
            }),
            ranks: pairs(&set.ranks),
            processes: set.processes,
            protocol: set.protocol.as_deref(),
            dtype: set.dtype.as_deref(),
            array: set.array.as_ref(),
        }
    }
}

impl<'a> Diagnostic<'a> {
    fn new(set: usize, entry: &'a Entry) -> Self {
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
            related: entry.related.iter().map(RelatedPlace::new).collect(),
        }
    }
}

impl<'a> RelatedPlace<'a> {
    fn new(related: &'a Related) -> Self {
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

/// As on the command line.
pub(super) fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Auto => "auto",
        Profile::Strict => "strict",
        Profile::Reference010 => "reference-0.10",
    }
}
