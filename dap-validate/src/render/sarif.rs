//! `sarif`: the Static Analysis Results Interchange Format 2.1.0, which code hosts and editors
//! read.
//!
//! One run, with the rules that were found and a result for each finding. Every result has a place:
//! where a whole file or array is meant, the beginning of the file or directory, because code hosts
//! drop results without one. Columns are counted in characters (`unicodeCodePoints`), lines and
//! columns from 1. The fingerprint holds the rule, the file, the rank and the key, but neither line
//! nor value, so that a finding is known again after the file was written anew.

mod rule;

use std::collections::HashMap;
use std::io::{self, Write};

use dap_core::rules::{RuleId, Severity};
use serde::Serialize;

use super::{Render, file, full};
use crate::report::{Entry, Report, Spot};
use rule::ReportingDescriptor;

/// The format `sarif`.
#[derive(Debug)]
pub struct Sarif;

impl Render for Sarif {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", super::escaped::pretty(&Log::new(report))?)
    }
}

/// The names from here on are those of the standard, section 3.
#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<RunResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunResult {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "place/v1")]
    place: String,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    /// Text without placeholders `{0}` and links `[text](address)`, whatever stands in a file.
    fn verbatim(text: &str) -> Self {
        Self { text: text.replace('{', "{{").replace('}', "}}").replace("](", "] (") }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

impl Log {
    fn new(report: &Report) -> Self {
        let entries = || report.sets.iter().flat_map(|set| &set.entries);
        let mut rules: Vec<RuleId> = entries().map(|entry| entry.rule.id).collect();
        rules.sort_unstable();
        rules.dedup();
        let mut places = HashMap::new();
        let driver = Driver {
            name: env!("CARGO_PKG_NAME"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            rules: rules.iter().map(|rule| ReportingDescriptor::new(rule.rule())).collect(),
        };
        let run = Run {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results: entries().map(|entry| RunResult::new(entry, &rules, &mut places)).collect(),
        };
        Self { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
    }
}

impl RunResult {
    /// The result of a finding; `rules` are sorted, `places` counts the fingerprints given so far.
    fn new(entry: &Entry, rules: &[RuleId], places: &mut HashMap<String, usize>) -> Self {
        let rule = entry.rule;
        let ranks = full::ranks(entry).map(|ranks| format!("\nRanks: {ranks}")).unwrap_or_default();
        let notes: String = entry.notes.iter().map(|note| format!("\nNote: {note}")).collect();
        let related = entry.related.iter().enumerate().map(|(id, related)| Location {
            id: Some(id),
            message: Some(Message::verbatim(&format!("rank {}: {}", related.rank, related.label))),
            ..Location::new(&related.spot)
        });
        Self {
            rule_id: rule.id.to_string(),
            // All rules are among them.
            rule_index: rules.binary_search(&rule.id).unwrap_or_default(),
            level: level(rule.severity),
            message: Message::verbatim(&format!("{}{notes}\nHelp: {}{ranks}", entry.message, entry.help)),
            locations: [Location::new(&entry.spot)],
            related_locations: related.collect(),
            partial_fingerprints: Fingerprints { place: fingerprint(entry, places) },
        }
    }
}

/// The rule, the file, the rank and the place in its export; of several such findings, their
/// number.
fn fingerprint(entry: &Entry, places: &mut HashMap<String, usize>) -> String {
    let place = format!("{} {} {} {}", entry.rule.id, uri(&entry.spot), entry.rank, entry.spot.pointer);
    let seen = places.entry(place.clone()).or_default();
    *seen += 1;
    if *seen == 1 { place } else { format!("{place} {seen}") }
}

impl Location {
    fn new(spot: &Spot) -> Self {
        let (start_line, start_column) = spot.position.unwrap_or((1, 1));
        let pointer = Some(spot.pointer.clone()).filter(|pointer| !pointer.is_empty());
        Self {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(spot) },
                region: Region {
                    start_line,
                    start_column,
                    end_column: marked(spot).map(|characters| start_column + characters),
                },
            },
            logical_locations: pointer
                .map(|fully_qualified_name| LogicalLocation { fully_qualified_name })
                .into_iter()
                .collect(),
            message: None,
        }
    }
}

/// How many characters are marked, where the excerpt shows them as they are in the file.
fn marked(spot: &Spot) -> Option<usize> {
    let excerpt = spot.excerpt.as_ref()?;
    let text = excerpt.text.get(excerpt.mark.clone())?;
    (spot.position.is_some() && !text.is_empty() && !text.contains('\\')).then(|| text.chars().count())
}

fn uri(spot: &Spot) -> String {
    file::uri(file::of(spot).unwrap_or("stdin"))
}

/// What GitHub and others call it.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}
