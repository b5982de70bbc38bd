//! `sarif`: the Static Analysis Results Interchange Format 2.1.0, which code hosts and editors
//! read.
//!
//! The log has one run, with the rules that were raised and a result for each finding. Every result
//! has a place, because code hosts drop results without one: a finding about a whole file or array
//! has the beginning of the file or directory. Columns are counted in characters
//! (`unicodeCodePoints`), lines and columns from 1. The fingerprint holds the rule, the file, the
//! rank and the key, but neither line nor value: it stays the same when the file is written again.

mod rule;

use std::collections::HashMap;
use std::io::{self, Write};

use dap_core::rules::{RuleId, Severity};
use serde::Serialize;

use super::words::ranks;
use super::{Render, TOOL, TOOL_VERSION, escaped, file};
use crate::{ReportEntry, RunReport, Spot};
use rule::ReportingDescriptor;

/// The format `sarif`.
#[derive(Debug)]
pub struct Sarif;

impl Render for Sarif {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", escaped::pretty(&Log::new(report))?)
    }
}

/// This type and the next ones have the names of the standard's section 3.
#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun {
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
    message: SarifMessage,
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
struct SarifMessage {
    text: String,
}

impl SarifMessage {
    /// A text that SARIF shows as it is: placeholders `{0}` and links `[text](address)` are
    /// escaped.
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
    message: Option<SarifMessage>,
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
    fn new(report: &RunReport) -> Self {
        let mut rules: Vec<RuleId> = report.entries().map(|entry| entry.rule.id).collect();
        rules.sort_unstable();
        rules.dedup();
        let mut places = HashMap::new();
        let driver = Driver {
            name: TOOL,
            semantic_version: TOOL_VERSION,
            rules: rules.iter().map(|rule| ReportingDescriptor::new(rule.rule())).collect(),
        };
        let run = SarifRun {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results: report.entries().map(|entry| RunResult::new(entry, &rules, &mut places)).collect(),
        };
        Self { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
    }
}

impl RunResult {
    /// The result of a finding. `rules` are sorted; `places` counts the fingerprints so far.
    fn new(entry: &ReportEntry, rules: &[RuleId], places: &mut HashMap<String, usize>) -> Self {
        let rule = entry.rule;
        let ranks = ranks(entry).map(|ranks| format!("\nRanks: {ranks}")).unwrap_or_default();
        let notes: String = entry.notes.iter().map(|note| format!("\nNote: {note}")).collect();
        let related = entry.related.iter().enumerate().map(|(id, related)| Location {
            id: Some(id),
            message: Some(SarifMessage::verbatim(&format!("rank {}: {}", related.rank, related.label))),
            ..Location::new(&related.spot)
        });
        Self {
            rule_id: rule.id.to_string(),
            // `rules` holds the rules of all findings.
            rule_index: rules.binary_search(&rule.id).unwrap_or_default(),
            level: level(rule.severity),
            message: SarifMessage::verbatim(&format!("{}{notes}\nHelp: {}{ranks}", entry.message, entry.help)),
            locations: [Location::new(&entry.spot)],
            related_locations: related.collect(),
            partial_fingerprints: Fingerprints { place: fingerprint(entry, places) },
        }
    }
}

/// The rule, the file, the rank and the place in its export. Findings that agree in all of these
/// are numbered.
fn fingerprint(entry: &ReportEntry, places: &mut HashMap<String, usize>) -> String {
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

/// The number of characters that are marked; `None` if the excerpt shows them escaped.
fn marked(spot: &Spot) -> Option<usize> {
    let excerpt = spot.excerpt.as_ref()?;
    let text = excerpt.text.get(excerpt.mark.clone())?;
    (spot.position.is_some() && !text.is_empty() && !text.contains('\\')).then(|| text.chars().count())
}

fn uri(spot: &Spot) -> String {
    file::uri(file::of(spot).unwrap_or("stdin"))
}

/// The level, in SARIF's words.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}
