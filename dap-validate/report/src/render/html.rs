//! `html`: one page with the pictures of the arrays, the findings, and the texts of the rules that
//! were raised.
//!
//! The page is one file: it loads nothing, and its policy forbids loading. It can be opened from a
//! disk, mailed, or kept by a CI system. The pointer over a picture, or the arrow keys, show the
//! owner of an element and its place in the owner's buffer. Without JavaScript, or on paper, the
//! pictures' own titles and the lists below them give the same facts. Everything from files is
//! escaped, and the policy lets only the script run whose hash it names. The size is bounded:
//! [`MOST_ARRAYS`], [`MOST_FINDINGS`], and the room that [`Figures`] has for pictures.

mod array;
mod figures;
mod findings;
mod rules;
mod text;

use std::io::{self, Write};

use super::words::{counts, profile_name};
use super::{Render, TOOL, TOOL_VERSION, bounded};
use crate::{RunReport, SetReport, plural, printable};
pub use figures::Figures;
use text::escape;

/// The largest number of arrays shown; invalid ones come first.
const MOST_ARRAYS: usize = 200;
/// The largest number of findings shown.
const MOST_FINDINGS: usize = 500;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = concat!(include_str!("html/layout.js"), include_str!("html/picture.js"));
/// The script's SHA-256, which the policy names. The tests in a browser fail if it belongs to
/// another script: `cat layout.js picture.js | openssl dgst -sha256 -binary | base64`.
const SCRIPT_HASH: &str = "G3G/BBp1w9INytOxCp+LEESyNtFbv1PpGg2YlyQcUu0=";

/// The format `html`.
#[derive(Debug)]
pub struct Html<'a> {
    figures: &'a Figures,
}

impl<'a> Html<'a> {
    /// A writer with the pictures of the report's sets.
    #[must_use]
    pub fn new(figures: &'a Figures) -> Self {
        Self { figures }
    }
}

impl Render for Html<'_> {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        let shown = bounded(&report.sets, MOST_ARRAYS);
        head(&title(report), out)?;
        writeln!(out, "<header>\n<h1>{TOOL}: {}</h1>", verdict(report))?;
        writeln!(out, "<p class=\"muted\">{}</p>\n</header>", escape(&summary(report)))?;
        if shown.len() > 1 {
            array::table(&shown, out)?;
        }
        match report.sets.len() - shown.len() {
            0 => {}
            more => writeln!(out, "<p>And {} not shown here.</p>", plural(more, "more array"))?,
        }
        writeln!(out, "<main>")?;
        let mut room = MOST_FINDINGS;
        for (number, set) in &shown {
            array::section(*number, set, self.figures.get(*number), room, out)?;
            room = room.saturating_sub(set.entries.len());
        }
        rules::texts(report, out)?;
        writeln!(out, "</main>")?;
        let profile = profile_name(report.profile);
        writeln!(out, "<footer class=\"muted\">{TOOL} {TOOL_VERSION}, profile {profile}</footer>")?;
        if shown.iter().any(|(number, _)| self.figures.get(*number).is_some()) {
            writeln!(out, "<script>{SCRIPT}</script>")?;
        }
        writeln!(out, "</body>\n</html>")
    }
}

fn head(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{SCRIPT_HASH}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    );
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")?;
    writeln!(out, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>", escape(title))
}

/// The title, which a browser shows in its list of pages.
fn title(report: &RunReport) -> String {
    match report.sets.as_slice() {
        [only] => format!("{}: {}", printable(&only.name), verdict(report)),
        _ => format!("{TOOL}: {}", verdict(report)),
    }
}

fn verdict(report: &RunReport) -> String {
    let invalid = report.invalid_sets();
    let but = if report.sets.iter().any(SetReport::hides_errors) { " apart from ignored findings" } else { "" };
    match (report.sets.len(), invalid) {
        (1, 0) => format!("valid{but}"),
        (1, _) => "invalid".to_owned(),
        (sets, 0) => format!("{}, all valid{but}", plural(sets, "array")),
        (sets, invalid) => format!("{}, {invalid} invalid", plural(sets, "array")),
    }
}

fn summary(report: &RunReport) -> String {
    let ignored = report.sets.iter().any(|set| !set.left_out.is_empty());
    let nothing = if ignored { "All findings are ignored." } else { "No findings." };
    counts(report.entries().map(|entry| entry.rule.severity)).unwrap_or_else(|| nothing.to_owned())
}
