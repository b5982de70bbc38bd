//! One rank's text, read once, in which any number of places is found and shown.

use dap_core::finding::Place;
use dap_core::json::Locator;

use super::Excerpt;
use crate::positions::Positions;

/// The values and the lines of a text. It does not keep the text: every look-up is given the one
/// that was read.
#[derive(Debug)]
pub struct ShownText {
    locator: Locator,
    positions: Positions,
}

/// A place in a text.
#[derive(Debug)]
pub struct ShownPlace {
    /// The line that it begins in, from 0.
    pub line: usize,
    /// Its column in that line, in characters from 0.
    pub column: usize,
    /// What stands there, where that is more than white space.
    pub excerpt: Option<Excerpt>,
}

impl ShownText {
    /// Reads a text.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        Self { locator: Locator::new(text), positions: Positions::new(text) }
    }

    /// A place in `text`, the one that was read. What cannot be found is somewhere in the text, so
    /// its beginning is said.
    #[must_use]
    pub fn find(&self, text: &[u8], place: &Place) -> ShownPlace {
        let span = self.positions.on_text(self.locator.locate(text, place).unwrap_or(0..0));
        let (line, column) = self.positions.of(text, span.start);
        let excerpt = Excerpt::within(text, self.positions.line(text, span.start), span);
        let excerpt = Some(excerpt).filter(|excerpt| !excerpt.text.trim().is_empty());
        ShownPlace { line, column, excerpt }
    }
}
