//! Output formats. Each is one file with one type that implements [`Render`]; none of them reads or
//! judges anything.
//!
//! The bytes are the same for the same report: no times, no dependence on the terminal unless a
//! width is given.

mod concise;
pub(crate) mod escaped;
mod file;
mod full;
mod github;
mod html;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod prose;
mod sarif;
mod text;
mod xml;

use std::io::{self, Write};

pub use concise::Concise;
pub(crate) use dap_core::finding::plural;
pub use full::Full;
pub use github::Github;
pub use html::Html;
pub use json::{Diagnostic, Info, Json, JsonReport, RelatedPlace, SetInfo, Summary};
pub use json_lines::JsonLines;
pub use junit::Junit;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub(crate) use text::{Table, wrap};

use crate::cli::Format;
use crate::report::{Report, SetReport};

/// An output format.
pub trait Render {
    /// Writes the whole report.
    ///
    /// # Errors
    /// Those of `out`.
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()>;
}

/// How text for people is to look. Formats for programs ignore it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether to use colors.
    pub color: bool,
    /// The columns to fit.
    pub width: usize,
    /// Whether to leave the verdicts out.
    pub quiet: bool,
}

/// The renderer of a format.
#[must_use]
pub fn renderer(format: Format, look: Look) -> Box<dyn Render> {
    match format {
        Format::Full => Box::new(Full::new(look)),
        Format::Concise => Box::new(Concise::new(look)),
        Format::Json => Box::new(Json),
        Format::JsonLines => Box::new(JsonLines),
        Format::Github => Box::new(Github::new(look)),
        Format::Sarif => Box::new(Sarif),
        Format::Junit => Box::new(Junit),
        Format::Markdown => Box::new(Markdown),
        Format::Html => Box::new(Html),
    }
}

/// At most so many arrays, with their numbers from 1: those with findings first of all, others
/// where there is room.
fn shown(sets: &[SetReport], most: usize) -> Vec<(usize, &SetReport)> {
    let mut room = most.saturating_sub(sets.iter().filter(|set| !set.entries.is_empty()).count());
    let mut shown = Vec::new();
    for (number, set) in (1..).zip(sets) {
        let is_clean = set.entries.is_empty();
        if shown.len() < most && (!is_clean || room > 0) {
            shown.push((number, set));
            room = room.saturating_sub(usize::from(is_clean));
        }
    }
    shown
}
