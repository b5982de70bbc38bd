//! Output generated from the rule pages: a Rust table, a JSON catalogue and an index.

use std::fmt::Write as _;

use crate::RulePage;

/// A generated file: its path, relative to the workspace, and its text.
#[derive(Debug)]
pub struct Output {
    /// The path below the workspace's root.
    pub path: &'static str,
    /// The whole content.
    pub text: String,
}

/// Returns all files that are generated from `pages`.
///
/// # Errors
/// The catalogue cannot be written as JSON; this does not happen with valid pages.
pub fn outputs(pages: &[RulePage]) -> Result<Vec<Output>, serde_json::Error> {
    Ok(vec![
        Output { path: "dap-core/src/rules/table.rs", text: table(pages) },
        Output { path: "spec/rules.json", text: serde_json::to_string_pretty(pages)? + "\n" },
        Output { path: "spec/rules/README.md", text: index(pages) },
    ])
}

fn table(pages: &[RulePage]) -> String {
    let mut out = String::from(
        "//! The table of rules, generated from `spec/rules` by `cargo run -p dap-spec`.\n\
         //! Edit the pages, not this file.\n\n\
         use super::{Level, Reference, Rule, RuleId, Scope, Severity};\n\n\
         /// The rules by name.\n#[rustfmt::skip]\nimpl RuleId {\n",
    );
    for page in pages {
        let number = page.id.trim_start_matches("DAP").trim_start_matches('0');
        let _ = writeln!(out, "    /// {}, *{}*.", page.id, page.name);
        let _ = writeln!(out, "    pub const {}: Self = Self({number});", constant(&page.name));
    }
    let _ = write!(out, "}}\n\n#[rustfmt::skip]\npub(super) static RULES: [Rule; {}] = [\n", pages.len());
    for page in pages {
        let _ = writeln!(
            out,
            "    Rule {{\n        id: RuleId::{}, name: {:?}, severity: Severity::{}, level: Level::{}, scope: Scope::{}, section: {:?},\n        \
             quote: {:?},\n        message: {:?},\n        help: {:?},\n        reference: Reference::{},\n        notes: &{:?},\n        page: {:?},\n    }},",
            constant(&page.name),
            page.name,
            variant(&page.severity),
            variant(&page.level),
            variant(&page.scope),
            page.section,
            page.quote,
            page.message,
            page.help,
            if page.reference == "n/a" { "NotApplicable".to_owned() } else { variant(&page.reference) },
            page.notes.iter().collect::<Vec<_>>(),
            page.page,
        );
    }
    out + "];\n"
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace(['-', '.'], "_")
}

fn variant(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

const BLOCKS: [(&str, &str); 9] = [
    ("DAP0", "Reading"),
    ("DAP1", "The export"),
    ("DAP2", "Common keys"),
    ("DAP3", "Block"),
    ("DAP4", "Cyclic"),
    ("DAP5", "Unstructured"),
    ("DAP6", "Across ranks"),
    ("DAP7", "Structs of the C ABI"),
    ("DAP9", "Lints"),
];

fn index(pages: &[RulePage]) -> String {
    let mut out = String::from(
        "# The rules\n\n\
         Generated from the pages by `cargo run -p dap-spec`; edit the pages. Ids are never reused. The\n\
         sections of DAP7xx are those of [abi.md](../abi.md), of all others those of\n\
         [protocol.md](../protocol.md).\n\n\
         Levels: *must* and *should* follow the protocol's text; *interpretation* is a decision of this\n\
         project on a question that the text leaves open (section 14 of [protocol.md](../protocol.md));\n\
         *lint* is advice; *reference* compares with the 2014 validator.\n",
    );
    for (prefix, title) in BLOCKS {
        let _ = write!(
            out,
            "\n## {prefix}xx {title}\n\n| id | name | severity | level | section | 2014 validator |\n|---|---|---|---|---|---|\n"
        );
        for page in pages.iter().filter(|page| page.id.starts_with(prefix)) {
            let RulePage { id, name, severity, level, section, reference, .. } = page;
            let _ = writeln!(out, "| [{id}]({id}.md) | {name} | {severity} | {level} | {section} | {reference} |");
        }
    }
    out
}
