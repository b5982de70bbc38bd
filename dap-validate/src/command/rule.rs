//! `rule`: what a rule means.

use std::io::{self, Write};
use std::process::ExitCode;

use dap_core::rules::{Reference, Rule};
use serde::Serialize;

use super::Failure;
use crate::cli::{RuleArgs, TextOrJson, terminal_width, unknown_rule};
use crate::render::{Table, wrap};

pub(super) fn run(args: &RuleArgs) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let width = terminal_width().unwrap_or(80).clamp(40, 100);
    match (&args.rule, args.output_format) {
        (None, TextOrJson::Text) => table(width, &mut out)?,
        (None, TextOrJson::Json) => json(&Rule::all().iter().map(Entry::new).collect::<Vec<_>>(), &mut out)?,
        (Some(name), format) => {
            let rule = find(name).ok_or_else(|| Failure::Usage(format!("`{name}`: {}", unknown_rule(name))))?;
            match format {
                TextOrJson::Text => page(rule, width, &mut out)?,
                TextOrJson::Json => json(&Entry::new(rule), &mut out)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// By id or name, as people type them: `dap612`, `612`, `Blocks-Do-Not-Abut`.
fn find(name: &str) -> Option<&'static Rule> {
    let name = name.to_ascii_lowercase();
    Rule::find(&name).or_else(|| Rule::find(&format!("dap{name}")))
}

fn table(width: usize, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&["rule", "name", "severity", "level"]);
    for rule in Rule::all() {
        let cells = [&rule.id.to_string(), rule.name, rule.severity.as_str(), rule.level.as_str()];
        table.row(cells.map(str::to_owned).to_vec());
    }
    debug_assert!(table.width() <= width.max(80), "names are short");
    writeln!(out, "{table}")?;
    writeln!(out, "dap-validate rule DAPnnn shows what a rule means.")
}

fn page(rule: &Rule, width: usize, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {}", rule.id, rule.name)?;
    writeln!(out, "{}", "=".repeat(7 + rule.name.len()))?;
    writeln!(out)?;
    paragraph(rule.message, "", width, out)?;
    writeln!(out)?;
    let field = |name: &str, text: &str, out: &mut dyn Write| {
        let indent = 12;
        for (i, line) in wrap(text, width.saturating_sub(indent)).iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            writeln!(out, "{name:indent$}{line}")?;
        }
        io::Result::Ok(())
    };
    field("severity", rule.severity.as_str(), out)?;
    field("level", level_in_words(rule), out)?;
    field("section", &format!("{} of spec/protocol.md", rule.section), out)?;
    if !rule.quote.is_empty() {
        field("the text", &format!("\"{}\"", rule.quote), out)?;
    }
    field("help", rule.help, out)?;
    for (_, note) in rule.notes {
        field("note", note, out)?;
    }
    field("reference", reference_in_words(rule.reference), out)?;
    if !rule.page.is_empty() {
        writeln!(out)?;
        markdown(rule.page, width, out)?;
    }
    Ok(())
}

fn level_in_words(rule: &Rule) -> &'static str {
    use dap_core::rules::Level;
    match rule.level {
        Level::Must => "must: the protocol's text demands it",
        Level::Should => "should: recommended; checked with --profile strict only",
        Level::Interpretation => {
            "interpretation: our reading where the protocol's text is silent or contradicts itself"
        }
        Level::Lint => "lint: advice",
        Level::Reference => "reference: a comparison with the 2014 validator, with --profile reference-0.10 only",
    }
}

fn reference_in_words(reference: Reference) -> &'static str {
    match reference {
        Reference::Accepts => "the 2014 validator does not notice",
        Reference::Rejects => "the 2014 validator rejects it, too",
        Reference::Crashes => "the 2014 validator crashes",
        Reference::NotApplicable => "the 2014 validator never sees it",
    }
}

fn paragraph(text: &str, indent: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(text, width.saturating_sub(indent.len())) {
        writeln!(out, "{indent}{line}")?;
    }
    Ok(())
}

/// The page's Markdown, wrapped: paragraphs and list items; headings, code and tables stay as they are.
fn markdown(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut open = String::new();
    let mut in_code = false;
    for line in text.lines().chain([""]) {
        let fence = line.trim_start().starts_with("```");
        let verbatim = in_code || fence || line.starts_with("    ") || line.starts_with('#') || line.starts_with('|');
        let item = line.starts_with("- ") || line.starts_with("* ");
        if verbatim || item || line.trim().is_empty() {
            if !open.is_empty() {
                flush(&open, width, out)?;
                open.clear();
            }
        }
        if fence {
            in_code = !in_code;
        } else if in_code {
            writeln!(out, "    {line}")?;
        } else if verbatim || line.trim().is_empty() {
            writeln!(out, "{line}")?;
        } else {
            open += if open.is_empty() { "" } else { " " };
            open += line.trim();
        }
    }
    Ok(())
}

fn flush(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let hanging = if text.starts_with("- ") || text.starts_with("* ") { "  " } else { "" };
    for (i, line) in wrap(text, width.saturating_sub(hanging.len())).iter().enumerate() {
        writeln!(out, "{}{line}", if i > 0 { hanging } else { "" })?;
    }
    Ok(())
}

/// A rule in the catalogue for programs.
#[derive(Serialize)]
struct Entry {
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

impl Entry {
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

fn json(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}
