//! Output formats. Each is one file with one type that implements [`Render`]; none of them reads or judges anything.
//!
//! The bytes are the same for the same report: no times, no dependence on the terminal unless a width is given.

mod concise;
mod full;
mod json;
mod text;

use std::io::{self, Write};

pub use concise::Concise;
pub use full::Full;
pub use json::{Diagnostic, Info, Json, JsonReport, RelatedPlace, SetInfo, Summary};
pub(crate) use text::{Table, plural, wrap};

use crate::cli::Format;
use crate::report::Report;

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
    }
}
