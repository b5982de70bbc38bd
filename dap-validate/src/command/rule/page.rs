//! A rule's page, laid out for a terminal.

use std::io::{self, Write};

use dap_core::rules::{Level, Reference, Rule, Scope};

use dap_report::render::wrap;

pub(super) fn show(rule: &Rule, width: usize, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {}", rule.id, rule.name)?;
    writeln!(out, "{}", "=".repeat(7 + rule.name.len()))?;
    writeln!(out)?;
    paragraph(&in_words(rule.message), "", width, out)?;
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
    let document = if rule.scope == Scope::Struct { "abi" } else { "protocol" };
    field("section", &format!("{} of spec/{document}.md", rule.section), out)?;
    if !rule.quote.is_empty() {
        field("the text", &format!("\"{}\"", rule.quote), out)?;
    }
    field("help", &in_words(rule.help), out)?;
    for (_, note) in rule.notes {
        field("note", &in_words(note), out)?;
    }
    field("reference", reference_in_words(rule.reference), out)?;
    if !rule.page.is_empty() {
        writeln!(out)?;
        markdown(rule.page, width, out)?;
    }
    Ok(())
}

/// A sentence with its placeholders as they are read: `{held:index:indices}` is `{held} indices`.
fn in_words(template: &str) -> String {
    let mut words = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        words += before;
        let placeholder = behind.split_once('}');
        let counted = placeholder.and_then(|(inside, behind)| {
            let [name, _, many] = *inside.split(':').collect::<Vec<_>>() else { return None };
            Some((format!("{{{name}}} {many}"), behind))
        });
        rest = match counted {
            Some((counted, behind)) => {
                words += &counted;
                behind
            }
            _ => {
                words.push('{');
                behind
            }
        };
    }
    words + rest
}

fn level_in_words(rule: &Rule) -> &'static str {
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

/// The page's Markdown, wrapped: paragraphs and list items; headings, code and tables stay as they
/// are.
fn markdown(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut open = String::new();
    let mut in_code = false;
    for line in text.lines().chain([""]) {
        let fence = line.trim_start().starts_with("```");
        let verbatim = in_code || fence || line.starts_with("    ") || line.starts_with('#') || line.starts_with('|');
        let item = line.starts_with("- ") || line.starts_with("* ");
        if (verbatim || item || line.trim().is_empty()) && !open.is_empty() {
            flush(&open, width, out)?;
            open.clear();
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
