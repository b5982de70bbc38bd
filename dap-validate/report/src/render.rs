//! Output formats. Each is one file with one type that implements [`Render`]; no renderer reads or
//! checks anything.
//!
//! The same report gives the same bytes: no times, no dependence on the terminal unless a width is
//! given.
//!
//! | format | type | feature |
//! |---|---|---|
//! | each finding in its place, for terminals | [`Full`] | |
//! | one line a finding | [`Concise`] | |
//! | one JSON document, or one JSON line a finding | [`Json`], [`JsonLines`] | |
//! | annotations of GitHub Actions | [`Github`] | |
//! | the interchange format of static analysis | [`Sarif`] | |
//! | a job's summary, or an issue | [`Markdown`] | |
//! | a test report | `Junit` | `junit` |
//! | a page with pictures | `Html` | `html` |

mod concise;
pub mod escaped;
mod file;
mod full;
mod github;
#[cfg(feature = "html")]
mod html;
mod json;
mod json_lines;
#[cfg(feature = "junit")]
mod junit;
mod markdown;
mod prose;
mod sarif;
mod words;
mod wrap;

use std::io::{self, Write};

pub use concise::Concise;
pub use full::Full;
pub use github::Github;
#[cfg(feature = "html")]
pub use html::{Figures, Html};
pub use json::{Json, JsonDiagnostic, JsonInfo, JsonRelated, JsonReport, JsonSet, JsonSummary};
pub use json_lines::JsonLines;
#[cfg(feature = "junit")]
pub use junit::Junit;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub use wrap::wrap;

use crate::{RunReport, SetReport};

/// The program whose commands the reports name, and its version.
const TOOL: &str = "dap-validate";
const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// An output format.
pub trait Render {
    /// Writes the whole report.
    ///
    /// # Errors
    /// The errors of `out`.
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()>;
}

/// The look of text for people. Formats for programs ignore it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether to use colors.
    pub color: bool,
    /// The number of columns to fit.
    pub width: usize,
    /// Whether to leave the verdicts out.
    pub quiet: bool,
}

/// At most `most` sets, with their numbers from 1: sets with findings come before valid ones when
/// room is short.
fn bounded(sets: &[SetReport], most: usize) -> Vec<(usize, &SetReport)> {
    let mut room = most.saturating_sub(sets.iter().filter(|set| !set.entries.is_empty()).count());
    let mut kept = Vec::new();
    for (number, set) in (1..).zip(sets) {
        let is_clean = set.entries.is_empty();
        if kept.len() < most && (!is_clean || room > 0) {
            kept.push((number, set));
            room = room.saturating_sub(usize::from(is_clean));
        }
    }
    kept
}
