//! The sides of a copy along one factor: a buffer or a message.

use super::index_map::{End, IndexMap, IndexMaps};

/// One side of a copy, along one factor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side<'a> {
    /// Neighbours have a uniform distance.
    Uniform(Uniform),
    /// A buffer whose positions lie in rows, at this end of the transfer.
    Rows(&'a IndexMap, End),
}

/// One side of a copy whose neighbours have a uniform distance.
#[derive(Debug, Clone, Copy)]
pub(super) enum Uniform {
    /// A buffer: the distance of its positions in bytes, and its end of the transfer.
    Buffer(i64, End),
    /// A message: the distance of its elements in bytes.
    Message(i64),
}

impl<'a> Side<'a> {
    /// The side of a buffer at this end of the transfer, along a factor.
    pub(super) fn of_buffer(maps: &'a IndexMaps, factor: usize, end: End) -> Side<'a> {
        let map = maps.map(factor);
        map.uniform_step().map_or(Side::Rows(map, end), |step| Side::Uniform(Uniform::Buffer(step, end)))
    }

    /// The distance of neighbours, in a row if it differs between rows.
    pub(super) fn step(self) -> i64 {
        match self {
            Side::Uniform(Uniform::Buffer(step, _) | Uniform::Message(step)) => step,
            Side::Rows(index_map, _) => index_map.step(),
        }
    }
}
