//! A rule as SARIF describes it: its page, so that a viewer needs no network to explain a finding.

use dap_core::rules::{Rule, Severity};
use serde::Serialize;

use super::{Message, level};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportingDescriptor {
    id: String,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// Beside the standard: what GitHub sorts alerts by, and where the rule comes from.
#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 1],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    precision: &'static str,
    section: &'static str,
}

impl ReportingDescriptor {
    pub(super) fn new(rule: &Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            name: rule.name,
            short_description: Message { text: rule.name.replace('-', " ") },
            full_description: Message { text: first_paragraph(rule) },
            help: Help { text: rule.page, markdown: rule.page },
            default_configuration: Configuration { level: level(rule.severity) },
            properties: Properties {
                tags: [rule.level.as_str()],
                severity: match rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info | Severity::Hint => "recommendation",
                },
                precision: "very-high",
                section: rule.section,
            },
        }
    }
}

/// What the rule checks, in one line; of a rule without a page, what to do.
fn first_paragraph(rule: &Rule) -> String {
    let text = rule.page.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = text.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    match paragraph.rfind(". ") {
        None if paragraph.is_empty() => rule.help.to_owned(),
        // The last sentence introduces an example.
        Some(end) if paragraph.ends_with(':') => paragraph[..=end].to_owned(),
        _ => paragraph,
    }
}
