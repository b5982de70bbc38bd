//! A rule in SARIF's form, with its page: a viewer explains a finding without the network.

use dap_core::rules::{Rule, Severity};
use serde::Serialize;

use super::{SarifMessage, level};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportingDescriptor {
    id: String,
    name: &'static str,
    short_description: SarifMessage,
    full_description: SarifMessage,
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

/// Properties beyond the standard: the ones by which GitHub sorts alerts, and the section of the
/// protocol.
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
            short_description: SarifMessage { text: rule.name.replace('-', " ") },
            full_description: SarifMessage { text: first_paragraph(rule) },
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

/// The first paragraph of the rule's page in one line; the help of a rule without a page.
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
