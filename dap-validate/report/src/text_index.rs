//! One export's text, read once, in which any number of places is found.

use dap_core::finding::Place;
use dap_core::json::Locator;

use crate::{Excerpt, LineIndex};

/// The positions of the values and of the lines of a text. It does not keep the text: pass the same
/// text to every look-up.
#[derive(Debug)]
pub struct TextIndex {
    locator: Locator,
    lines: LineIndex,
}

/// A place in a text.
#[derive(Debug)]
pub struct PlaceInText {
    /// The line in which the place begins, from 0.
    pub line: usize,
    /// Its column in that line, in characters from 0.
    pub column: usize,
    /// The line with the place marked; `None` if it is blank.
    pub excerpt: Option<Excerpt>,
}

impl TextIndex {
    /// Reads a text.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        Self { locator: Locator::new(text), lines: LineIndex::new(text) }
    }

    /// A place in `text`, the text that was indexed. A place that cannot be found is the beginning
    /// of the text.
    #[must_use]
    pub fn find(&self, text: &[u8], place: &Place) -> PlaceInText {
        let span = self.lines.without_trailing_blanks(self.locator.locate(text, place).unwrap_or(0..0));
        let (line, column) = self.lines.line_column(text, span.start);
        let excerpt = Excerpt::within(text, self.lines.line_bytes(text, span.start), span);
        let excerpt = Some(excerpt).filter(|excerpt| !excerpt.text.trim().is_empty());
        PlaceInText { line, column, excerpt }
    }
}
