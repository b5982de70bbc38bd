//! What is copied along a group of dimensions that do not lie in C order without gaps: row by row,
//! worked out while it is copied.
//!
//! A row is where neighbours are evenly apart on both sides, so it is short where the last
//! dimension of a group is, and the copy is slow there. It needs no memory, however many rows there
//! are.

use dap_core::plan::Overlaps;

use super::pitch::End;
use super::program::{Even, Leg, Side};

/// Elements along one factor, at least one side of which lies in rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    overlaps: &'a Overlaps,
    src: Side<'a>,
    dst: Side<'a>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(overlaps: &'a Overlaps, src: Side<'a>, dst: Side<'a>) -> Rows<'a> {
        Rows { overlaps, src, dst }
    }

    /// Visits the rows, in the order of the elements.
    pub(super) fn for_each(&self, mut visit: impl FnMut(&Leg)) {
        let mut before = 0;
        // `places` are those in the source's and in the target's buffer.
        let mut run = |mut places: [i64; 2], mut len: i64| {
            while len > 0 {
                let (src, dst) = (self.src.at(places, before), self.dst.at(places, before));
                let now = len.min(src.rest).min(dst.rest);
                visit(&Leg::run(src.offset, dst.offset, now, src.step, dst.step));
                (places, len, before) = (places.map(|place| place.wrapping_add(now)), len - now, before + now);
            }
        };
        match self.overlaps.groups() {
            Some(groups) => {
                let runs = groups.iter().flat_map(|group| group.iter());
                runs.for_each(|(_, source, target, len)| run([source.0, target.0], len));
            }
            None => self.overlaps.iter().for_each(|(source, target)| run([source, target], 1)),
        }
    }
}

/// Where one side of a copy goes on.
struct Place {
    offset: i64,
    step: i64,
    /// How many places of this step there are.
    rest: i64,
}

impl Side<'_> {
    /// At one of these places, of the source's and the target's buffer, or behind so many elements
    /// of the message.
    fn at(&self, places: [i64; 2], before: i64) -> Place {
        let place = |end: End| match end {
            End::Source => places[0],
            End::Target => places[1],
        };
        match *self {
            Side::Even(Even::Buffer(step, end)) => Place { offset: place(end) * step, step, rest: i64::MAX },
            Side::Even(Even::Message(step)) => Place { offset: before * step, step, rest: i64::MAX },
            Side::Rows(pitch, end) => {
                let place = place(end);
                Place { offset: pitch.offset(place), step: pitch.step(), rest: pitch.rest_of_row(place) }
            }
        }
    }
}
