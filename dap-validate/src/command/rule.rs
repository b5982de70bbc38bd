//! `rule`: the explanation of a rule.

mod page;

use std::io::{self, Write};
use std::process::ExitCode;

use dap_core::rules::Rule;
use serde::Serialize;

use super::table::Table;
use crate::cli::{RuleArgs, TextOrJson, terminal_width, unknown_rule};
use crate::command::outcome::Failure;
use crate::command::stdout::json;

pub(super) fn run(args: &RuleArgs) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let width = terminal_width().unwrap_or(80).clamp(40, 100);
    match (&args.rule, args.output_format) {
        (None, TextOrJson::Text) => table(&mut out)?,
        (None, TextOrJson::Json) => json(&Rule::all().iter().map(RuleEntry::new).collect::<Vec<_>>(), &mut out)?,
        (Some(name), format) => {
            let rule = find(name).ok_or_else(|| Failure::Usage(format!("`{name}`: {}", unknown_rule(name))))?;
            match format {
                TextOrJson::Text => page::show(rule, width, &mut out)?,
                TextOrJson::Json => json(&RuleEntry::new(rule), &mut out)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rule with an id or a name, in any spelling that users type: `dap612`, `612`,
/// `Blocks-Do-Not-Abut`.
fn find(name: &str) -> Option<&'static Rule> {
    let name = name.to_ascii_lowercase();
    Rule::find(&name).or_else(|| Rule::find(&format!("dap{name}")))
}

fn table(out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&["rule", "name", "severity", "level"]);
    for rule in Rule::all() {
        let cells = [&rule.id.to_string(), rule.name, rule.severity.as_str(), rule.level.as_str()];
        table.row(cells.map(str::to_owned).to_vec());
    }
    writeln!(out, "{table}")?;
    writeln!(out, "dap-validate rule DAPnnn shows what a rule means.")
}

/// A rule in the catalogue for programs.
#[derive(Serialize)]
struct RuleEntry {
    id: String,
    name: &'static str,
    severity: &'static str,
    level: &'static str,
    section: &'static str,
    quote: &'static str,
    message: &'static str,
    help: &'static str,
    notes: std::collections::BTreeMap<&'static str, &'static str>,
    reference: &'static str,
    page: &'static str,
}

impl RuleEntry {
    fn new(rule: &Rule) -> Self {
        Self {
            id: rule.id.to_string(),
            name: rule.name,
            severity: rule.severity.as_str(),
            level: rule.level.as_str(),
            section: rule.section,
            quote: rule.quote,
            message: rule.message,
            help: rule.help,
            notes: rule.notes.iter().copied().collect(),
            reference: rule.reference.as_str(),
            page: rule.page,
        }
    }
}
