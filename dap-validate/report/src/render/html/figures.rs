//! Pictures of the arrays of a report.

use dap_core::check::Report;
use dap_plot::{Figure, Subject};

/// The size of all pictures of a page in bytes. One picture has a few tens of thousands as a rule,
/// and 2 million at most.
const ROOM: usize = 8 << 20;
/// The largest number of slices shown of an array of more than two dimensions.
const MOST_SLICES: usize = 6;

/// The pictures of the sets of a report, in the order of the sets.
///
/// Arrays are drawn until there is no more room: a page with pictures of thousands of arrays could
/// not be opened.
#[derive(Debug)]
pub struct Figures {
    /// The bytes that are left.
    room: usize,
    /// The picture of each set; `None` if it could not be drawn, or there was no room.
    figures: Vec<Option<Figure>>,
}

impl Default for Figures {
    fn default() -> Self {
        Self { room: ROOM, figures: Vec::new() }
    }
}

impl Figures {
    /// Draws the next set of the report.
    pub fn push(&mut self, checked: &Report) {
        let figure = self.draw(checked);
        self.figures.push(figure);
    }

    fn draw(&mut self, checked: &Report) -> Option<Figure> {
        if self.room == 0 {
            return None;
        }
        let id = format!("picture-{}", self.figures.len() + 1);
        let figure = Figure::new(&Subject::of(checked), &id, MOST_SLICES).ok()?;
        let bytes = figure.numbers.len() + figure.pictures.iter().map(|picture| picture.svg.len()).sum::<usize>();
        self.room = self.room.saturating_sub(bytes);
        Some(figure)
    }

    /// The picture of the set with this number, from 1.
    pub(super) fn get(&self, number: usize) -> Option<&Figure> {
        self.figures.get(number.checked_sub(1)?)?.as_ref()
    }
}
