//! Pictures of the arrays of a report, for formats that show them.

use dap_plot::{Figure, Subject};

use crate::input::Judged;

/// Draws arrays in their order until there is no more room: a page with pictures of thousands of
/// arrays could not be opened.
#[derive(Debug)]
pub struct Figures {
    /// The bytes that are left.
    room: usize,
    drawn: usize,
}

/// The bytes of all pictures. One has a few ten thousand as a rule, and 2 million at most.
const ROOM: usize = 8 << 20;
/// As many slices of an array of more than two dimensions.
const MOST_SLICES: usize = 6;

impl Default for Figures {
    fn default() -> Self {
        Self { room: ROOM, drawn: 0 }
    }
}

impl Figures {
    /// The pictures of an array; nothing when there is no more room.
    pub fn draw(&mut self, judged: &Judged) -> Option<Figure> {
        if self.room == 0 {
            return None;
        }
        self.drawn += 1;
        let figure = Figure::new(&Subject::of(&judged.report), &format!("picture-{}", self.drawn), MOST_SLICES).ok()?;
        let bytes = figure.numbers.len() + figure.pictures.iter().map(|picture| picture.svg.len()).sum::<usize>();
        self.room = self.room.saturating_sub(bytes);
        Some(figure)
    }
}
