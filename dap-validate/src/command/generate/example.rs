//! `gen --break` without a shape: the example of the rule's page.

use dap_core::rules::{Rule, Scope};

use super::sink::ExportSink;
use crate::cli::{FileLayout, GenerateArgs};
use crate::command::outcome::Failure;

/// The example of a rule's page, if it is one of exports: the kind of text, and the text.
pub(super) fn of(rule: &'static Rule) -> Option<(&'static str, &'static str)> {
    if rule.scope == Scope::Struct {
        return None;
    }
    let (_, after) = rule.page.split_once("\n## Example\n")?;
    let section = after.split("\n## ").next()?;
    let (_, fenced) = section.split_once("```")?;
    let (kind, text) = fenced.split_once('\n')?;
    let kind = kind.trim();
    if kind == "console" { None } else { Some((kind, text.split_once("\n```")?.0)) }
}

pub(super) fn write(rule: &'static Rule, args: &GenerateArgs) -> Result<(), Failure> {
    let Some((kind, text)) = of(rule) else {
        let sentence = format!(
            "{} is about files, about structs of C, or about how the program is called: no export breaks it; `dap-validate rule {0}` explains it",
            rule.id
        );
        return Err(Failure::Usage(sentence));
    };
    let ranks: Vec<&str> = if kind == "ndjson" { text.lines().collect() } else { vec![text] };
    if kind == "json" && text.contains("\"ranks\"") && args.format != FileLayout::Ndjson {
        return Err(Failure::Usage(format!("the example of {} is a document of all ranks already", rule.id)));
    }
    let mut sink = ExportSink::open(args.format, args.output.as_deref())?;
    for (rank, text) in (0..).zip(ranks) {
        sink.write(rank, text)?;
    }
    sink.finish()
}
