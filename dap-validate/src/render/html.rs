//! `html`: one page with the pictures of the arrays, the findings, and the texts of the rules that
//! were raised.
//!
//! The page is one file: no address in it is loaded, and its policy forbids that anything is. It
//! can be opened from a disk, mailed, or kept by a CI system. Pointing at a picture, or moving over
//! it with the arrow keys, says who owns what and where it lies; without JavaScript, or on paper,
//! the pictures' own titles and the lists below them say it. Everything from files is escaped, and
//! the policy lets no script run but the one that is known by its hash. The size is bounded:
//! [`MOST_ARRAYS`], [`MOST_FINDINGS`], and the room that [`Figures`](crate::report::Figures) has
//! for pictures.

mod array;
mod findings;
mod rules;
mod text;

use std::io::{self, Write};

use super::{Render, full, plural, shown};
use crate::report::{Report, SetReport, printable};
use text::escape;

/// So many arrays are shown, valid ones only where there is room.
const MOST_ARRAYS: usize = 200;
/// So many findings are shown.
const MOST_FINDINGS: usize = 500;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = concat!(include_str!("html/layout.js"), include_str!("html/picture.js"));
/// The script's SHA-256, which the policy names. The tests in a browser fail when it is not this
/// script's: `cat layout.js picture.js | openssl dgst -sha256 -binary | base64`.
const SCRIPT_HASH: &str = "x5Kp8/ehWI3S9KKANqUR9So+J/Jg5AM1qtDT0Vs38uc=";

/// The format `html`.
#[derive(Debug)]
pub struct Html;

impl Render for Html {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let shown = shown(&report.sets, MOST_ARRAYS);
        head(&title(report), out)?;
        writeln!(out, "<header>\n<h1>dap-validate: {}</h1>", verdict(report))?;
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
            array::section(*number, set, room, out)?;
            room = room.saturating_sub(set.entries.len());
        }
        rules::texts(report, out)?;
        writeln!(out, "</main>")?;
        let (version, profile) = (env!("CARGO_PKG_VERSION"), super::json::profile_name(report.profile));
        writeln!(out, "<footer class=\"muted\">dap-validate {version}, profile {profile}</footer>")?;
        if shown.iter().any(|(_, set)| set.figure.is_some()) {
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

/// What a browser's list of pages shows.
fn title(report: &Report) -> String {
    match report.sets.as_slice() {
        [only] => format!("{}: {}", printable(&only.name), verdict(report)),
        _ => format!("dap-validate: {}", verdict(report)),
    }
}

fn verdict(report: &Report) -> String {
    let invalid = report.sets.iter().filter(|set| !set.is_valid()).count();
    let but = if report.sets.iter().any(SetReport::hides_errors) { " but for what is ignored" } else { "" };
    match (report.sets.len(), invalid) {
        (1, 0) => format!("valid{but}"),
        (1, _) => "invalid".to_owned(),
        (sets, 0) => format!("{}, all valid{but}", plural(sets, "array")),
        (sets, invalid) => format!("{}, {invalid} invalid", plural(sets, "array")),
    }
}

fn summary(report: &Report) -> String {
    let severities = report.sets.iter().flat_map(|set| &set.entries).map(|entry| entry.rule.severity);
    let ignored = report.sets.iter().any(|set| !set.left_out.is_empty());
    let nothing = if ignored { "Nothing was found but what is ignored." } else { "Nothing was found that is wrong." };
    full::counts(severities).unwrap_or_else(|| nothing.to_owned())
}
