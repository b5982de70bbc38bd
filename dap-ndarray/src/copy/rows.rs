//! What is copied along a group of dimensions that do not lie in C order without gaps: row by row, worked out while it is copied.
//!
//! A row is where neighbours are evenly apart on both sides, so it is short where the last dimension of a group is, and the copy is slow
//! there. It needs no memory, however many rows there are.

use dap_core::plan::Common;

use super::program::{Even, Leg, Side};

/// Elements along one factor, at least one side of which lies in rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    common: &'a Common,
    src: Side<'a>,
    dst: Side<'a>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(common: &'a Common, src: Side<'a>, dst: Side<'a>) -> Rows<'a> {
        Rows { common, src, dst }
    }

    /// Visits the rows, in the order of the elements.
    pub(super) fn for_each(&self, mut visit: impl FnMut(&Leg)) {
        let mut before = 0;
        let mut run = |mut from: i64, mut to: i64, mut len: i64| {
            while len > 0 {
                let (src, dst) = (self.src.at(from, before), self.dst.at(to, before));
                let now = len.min(src.rest).min(dst.rest);
                visit(&Leg::run(src.offset, dst.offset, now, src.step, dst.step));
                (from, to, len, before) = (from + now, to + now, len - now, before + now);
            }
        };
        match self.common {
            Common::Groups(groups) => {
                groups.iter().flat_map(|group| group.iter()).for_each(|(_, from, to, len)| run(from.0, to.0, len));
            }
            Common::Single { .. } => self.common.iter().for_each(|(from, to)| run(from, to, 1)),
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
    /// At a place of the buffer, or behind so many elements of the message.
    fn at(&self, place: i64, before: i64) -> Place {
        match *self {
            Side::Even(Even::Buffer(step)) => Place { offset: place * step, step, rest: i64::MAX },
            Side::Even(Even::Message(step)) => Place { offset: before * step, step, rest: i64::MAX },
            Side::Rows(pitch) => {
                Place { offset: pitch.offset(place), step: pitch.step(), rest: pitch.rest_of_row(place) }
            }
        }
    }
}
