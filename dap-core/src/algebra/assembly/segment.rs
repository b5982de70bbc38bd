//! Some indices of a new array along one axis, and the indices of an operand that they come from.

use crate::algebra::progression::Progression;

/// Some indices of the result, and their origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) target: Progression,
    /// The number of the operand.
    pub(super) operand: usize,
    pub(super) source: Along,
}

/// The indices of an operand along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    /// As many as the segment has.
    Taken(Progression),
    /// One index for all.
    Edge(i64),
    /// None: the elements get a constant.
    Constant,
}

impl Segment {
    /// Of the first operand, one to one.
    pub(super) fn taken(target: Progression, source: Progression) -> Segment {
        Segment { target, operand: 0, source: Along::Taken(source) }
    }
}

/// `len` neighbours.
pub(super) fn range(start: i64, len: i64) -> Progression {
    Progression::normal(start, 1, len)
}
