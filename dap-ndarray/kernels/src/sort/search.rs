//! Positions in sorted records.

use std::cmp::Ordering;

use super::record::{Record, compare};

/// The side of equal records on which an insertion point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before them: the number of records that are less.
    Left,
    /// Behind them: the number of records that are not greater.
    Right,
}

/// The position at which a record can be inserted into sorted ones, by halving.
pub fn insertion_point<R: Record>(sorted: &[R], record: &R, side: Side) -> usize {
    let before = match side {
        Side::Left => Ordering::Less,
        Side::Right => Ordering::Equal,
    };
    sorted.partition_point(|other| compare(other, record) <= before)
}
