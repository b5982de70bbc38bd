//! `full`: each finding in its place, with related places, notes and help, as compilers show
//! errors.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Origin, Renderer, Snippet};
use dap_core::check::Ranks;
use dap_core::rules::Severity;

use super::concise::position;
use super::{Look, Render, plural, wrap};
use crate::report::{Entry, Report, SetReport, Spot, printable};

/// The format `full`.
#[derive(Debug)]
pub struct Full {
    look: Look,
    renderer: Renderer,
}

impl Full {
    /// Writes with this look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
        // Excerpts are cut already; the renderer's own cutting would only cut them twice.
        Self { look, renderer: renderer.term_width(look.width.max(160)) }
    }
}

impl Render for Full {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
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
    pub(super) fn text(&self, entry: &Entry) -> String {
        let rendered = self.renderer.render(&[self.group(entry)]);
        let rendered = positions(entry).fold(rendered, |text, (wrong, right)| text.replacen(&wrong, &right, 1));
        let has_snippet =
            entry.spot.excerpt.is_some() || entry.related.iter().any(|related| related.spot.excerpt.is_some());
        // Without line numbers there is no gutter to hang the rest in: indent it all the same.
        if has_snippet { rendered } else { rendered.replace('\n', "\n ") }
    }

    fn group<'a>(&self, entry: &'a Entry) -> Group<'a> {
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
        // Room for the gutter, `= ` and the name.
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
/// text that it is given, which is a part of a line, and takes no position from us for a snippet.
fn positions(entry: &Entry) -> impl Iterator<Item = (String, String)> + '_ {
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

/// Which ranks have it; none where it is about the set as a whole.
pub(super) fn ranks(entry: &Entry) -> Option<String> {
    let findings = plural(entry.count, "finding");
    match entry.ranks.len() {
        0 => None,
        1 if entry.count < 2 => Some(entry.ranks.to_string()),
        1 => Some(format!("{} ({findings})", entry.ranks)),
        _ => Some(format!("{} ({findings}; shown: rank {})", entry.ranks.describe(12), entry.rank)),
    }
}

/// One line for a set: what it is, or how much is wrong with it.
fn verdict(set: &SetReport, color: bool) -> String {
    let (word, style) = match (set.is_valid(), set.hides_errors()) {
        (true, false) => ("ok     ", "\x1b[1;32m"),
        (true, true) => ("ok but ", "\x1b[1;33m"),
        (false, _) => ("invalid", "\x1b[1;31m"),
    };
    let word = if color { format!("{style}{word}\x1b[0m") } else { word.to_owned() };
    let mut facts = Vec::new();
    if set.is_valid() {
        facts.push(description(set));
    }
    facts.extend(counts(set.entries.iter().map(|entry| entry.rule.severity)));
    facts.extend(left_out(set));
    format!("{word} {}  {}", printable(&set.name), facts.join("; "))
}

/// What `--ignore` and `--only` keep back.
pub(super) fn left_out(set: &SetReport) -> Option<String> {
    counts(set.left_out.iter().copied()).map(|counts| format!("{counts} ignored"))
}

/// What a valid set is, in a few words.
pub(super) fn description(set: &SetReport) -> String {
    let present = set.ranks.len();
    let ranks = match set.processes {
        Some(processes) if processes != present => format!("{present} of {}", plural(processes, "rank")),
        _ => plural(present, "rank"),
    };
    let Some(array) = &set.array else {
        let why = if set.claim == Ranks::Some { ", as far as they go" } else { "" };
        return format!("{ranks}{why}");
    };
    let dtype = set.dtype.as_deref().map(|dtype| format!(" {}", printable(dtype))).unwrap_or_default();
    let (shape, over) = array.layout.split_once(" over ").unwrap_or((&array.layout, ""));
    format!("{ranks}, {shape}{dtype} over {over}")
}

/// `2 errors, 1 warning`; nothing for nothing.
pub(super) fn counts(severities: impl Iterator<Item = Severity> + Clone) -> Option<String> {
    let of = |severity: Severity| severities.clone().filter(|s| *s == severity).count();
    let words: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info, Severity::Hint]
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| match severity {
            Severity::Info => format!("{} info", of(severity)),
            _ => plural(of(severity), severity.as_str()),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// One line for a run.
pub(super) fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let valid = report.sets.iter().filter(|set| set.is_valid()).count();
    let invalid = report.sets.len() - valid;
    let severities = report.sets.iter().flat_map(|set| &set.entries).map(|entry| entry.rule.severity);
    let counts = counts(severities).map(|counts| format!(" ({counts})")).unwrap_or_default();
    let hiding = report.sets.iter().filter(|set| set.hides_errors()).count();
    let hiding = if hiding > 0 { format!(" ({hiding} but for ignored errors)") } else { String::new() };
    writeln!(out, "checked {}: {valid} valid{hiding}, {invalid} invalid{counts}", plural(report.sets.len(), "array"))
}
