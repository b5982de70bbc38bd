//! `full`: each finding in its place, with related places, notes and help, as compilers show
//! errors.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Origin, Renderer, Snippet};
use dap_core::rules::Severity;

use super::words::{all_counts, description, position, ranks, summary};
use super::{Look, Render, wrap};
use crate::{ReportEntry, RunReport, SetReport, Spot, printable};

/// The format `full`.
#[derive(Debug)]
pub struct Full {
    look: Look,
    renderer: Renderer,
}

impl Full {
    /// A writer with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
        // The excerpts are cut already; a narrow renderer would cut them again.
        Self { look, renderer: renderer.term_width(look.width.max(160)) }
    }
}

impl Render for Full {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        for set in &report.sets {
            for entry in &set.entries {
                writeln!(out, "{}\n", self.text(entry))?;
            }
            if !self.look.quiet {
                writeln!(out, "{}", verdict(set, self.look.color))?;
                if !set.entries.is_empty() && report.sets.len() > 1 {
                    writeln!(out)?;
                }
            }
        }
        if self.look.quiet || report.sets.len() < 2 { Ok(()) } else { summary(report, out) }
    }
}

impl Full {
    /// One finding, without a line end.
    pub(super) fn text(&self, entry: &ReportEntry) -> String {
        let rendered = self.renderer.render(&[self.group(entry)]);
        let rendered = positions(entry).fold(rendered, |text, (wrong, right)| text.replacen(&wrong, &right, 1));
        let has_snippet =
            entry.spot.excerpt.is_some() || entry.related.iter().any(|related| related.spot.excerpt.is_some());
        // Without line numbers the renderer has no gutter, and leaves out the indentation.
        if has_snippet { rendered } else { rendered.replace('\n', "\n ") }
    }

    fn group<'a>(&self, entry: &'a ReportEntry) -> Group<'a> {
        let rule = entry.rule;
        let title = level(rule.severity).primary_title(entry.message.as_str());
        let mut group = Group::with_title(title.id(format!("{} {}", rule.id, rule.name)));
        group = place(group, &entry.spot, AnnotationKind::Primary, None);
        for related in &entry.related {
            let label = format!("rank {}: {}", related.rank, related.label);
            group = place(group, &related.spot, AnnotationKind::Context, Some(label));
        }
        for note in &entry.notes {
            group = group.element(self.message("note", note));
        }
        group = group.element(self.message("help", &entry.help));
        if let Some(ranks) = ranks(entry) {
            group = group.element(self.message(if entry.ranks.len() == 1 { "rank" } else { "ranks" }, &ranks));
        }
        group.element(self.message("rule", &format!("dap-validate rule {}", rule.id)))
    }

    fn message<'a>(&self, name: &'static str, text: &str) -> Message<'a> {
        let level = match name {
            "help" => Level::HELP,
            _ => Level::NOTE,
        };
        // The columns without the gutter, `= ` and the name.
        let room = self.look.width.saturating_sub(name.len() + 9).max(40);
        level.with_name(name).message(wrap(text, room).join("\n"))
    }
}

fn place<'a>(group: Group<'a>, spot: &Spot, kind: AnnotationKind, label: Option<String>) -> Group<'a> {
    let origin = position(spot);
    let (Some((line, _)), Some(excerpt)) = (spot.position, &spot.excerpt) else {
        return group.element(Origin::path(origin));
    };
    let annotation: Annotation<'a> = kind.span(excerpt.mark.clone()).label(label);
    group.element(Snippet::source(excerpt.text.clone()).path(origin).line_start(line).annotation(annotation))
}

/// The positions as they were rendered, and as they should be. The library counts columns in the
/// excerpt, which is a part of a line, and accepts no other position for a snippet.
fn positions(entry: &ReportEntry) -> impl Iterator<Item = (String, String)> + '_ {
    let spots = [&entry.spot].into_iter().chain(entry.related.iter().map(|related| &related.spot));
    spots.filter_map(|spot| {
        let ((line, _), excerpt) = (spot.position?, spot.excerpt.as_ref()?);
        let column = excerpt.text.get(..excerpt.mark.start)?.chars().count() + 1;
        let right = position(spot);
        Some((format!("{right}:{line}:{column}"), right))
    })
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::HELP.with_name("hint"),
    }
}

/// One line for a set: a description if it is valid, and the counts of its findings.
fn verdict(set: &SetReport, color: bool) -> String {
    let (word, style) = match (set.is_valid(), set.hides_errors()) {
        (true, false) => ("ok     ", "\x1b[1;32m"),
        (true, true) => ("ok but ", "\x1b[1;33m"),
        (false, _) => ("invalid", "\x1b[1;31m"),
    };
    let word = if color { format!("{style}{word}\x1b[0m") } else { word.to_owned() };
    let description = if set.is_valid() { description(set) } else { String::new() };
    let facts: Vec<String> = [description, all_counts(set)].into_iter().filter(|fact| !fact.is_empty()).collect();
    format!("{word} {}  {}", printable(&set.name), facts.join("; "))
}
