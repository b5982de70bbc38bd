//! Copies along a group of dimensions that are not in C order without gaps: row by row, located
//! while they are copied.
//!
//! A row is where neighbours are evenly apart on both sides, so it is short where the last
//! dimension of a group is, and the copy is slow there. It needs no memory, however many rows there
//! are.

use dap_core::plan::Overlaps;

use super::index_map::End;
use super::side::{Side, Uniform};
use super::strided_run::StridedRun;

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
    pub(super) fn for_each(&self, mut visit: impl FnMut(&StridedRun)) {
        let mut before = 0;
        // `positions` are those in the source's and in the target's buffer.
        let mut run = |mut positions: [i64; 2], mut len: i64| {
            while len > 0 {
                let (src, dst) = (self.src.at(positions, before), self.dst.at(positions, before));
                let now = len.min(src.rest).min(dst.rest);
                visit(&StridedRun::run(src.offset, dst.offset, now, src.step, dst.step));
                (positions, len, before) =
                    (positions.map(|position| position.wrapping_add(now)), len - now, before + now);
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
struct SidePosition {
    offset: i64,
    step: i64,
    /// How many positions of this step there are.
    rest: i64,
}

impl Side<'_> {
    /// The place in memory of one of `positions` (of the source's and of the target's buffer), or
    /// of the element that `before` elements of the message precede.
    fn at(&self, positions: [i64; 2], before: i64) -> SidePosition {
        let position = |end: End| match end {
            End::Source => positions[0],
            End::Target => positions[1],
        };
        match *self {
            Side::Uniform(Uniform::Buffer(step, end)) => {
                SidePosition { offset: position(end) * step, step, rest: i64::MAX }
            }
            Side::Uniform(Uniform::Message(step)) => SidePosition { offset: before * step, step, rest: i64::MAX },
            Side::Rows(index_map, end) => {
                let position = position(end);
                SidePosition {
                    offset: index_map.offset(position),
                    step: index_map.step(),
                    rest: index_map.rest_of_row(position),
                }
            }
        }
    }
}
