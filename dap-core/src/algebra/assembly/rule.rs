//! One axis of a new array: which of its indices come from which of an operand.

use super::pad::Padding;
use super::segment::{Along, Segment, range};
use crate::algebra::progression::Progression;

/// How an axis of the result consists of segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    /// The operand's axis.
    Whole { len: i64 },
    /// One operand behind the other: where each ends.
    Joined(Vec<i64>),
    /// The operand's axis so often.
    Tiled { times: i64, len: i64 },
    /// Each index so often.
    Repeated { times: i64, len: i64 },
    /// The operand's axis, from index `len - shift` on, and then from its start.
    Rolled { shift: i64, len: i64 },
    /// The operand's axis between new indices.
    Padded(Padding),
}

impl Rule {
    /// The number of segments, some of which may be empty.
    pub(super) fn count(&self) -> i64 {
        match self {
            Rule::Whole { .. } => 1,
            Rule::Joined(ends) => i64::try_from(ends.len()).unwrap_or(i64::MAX),
            Rule::Tiled { times, .. } | Rule::Repeated { times, .. } => *times,
            Rule::Rolled { .. } => 2,
            Rule::Padded(padding) => padding.count(),
        }
    }

    /// Segment number k, below the count.
    pub(super) fn segment(&self, k: i64) -> Segment {
        match self {
            Rule::Whole { len } => Segment::taken(range(0, *len), range(0, *len)),
            Rule::Joined(ends) => {
                let operand = usize::try_from(k).unwrap_or(usize::MAX);
                let end = ends.get(operand).copied().unwrap_or(0);
                let start = operand.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                let source = Along::Taken(range(0, end - start));
                Segment { target: range(start, end - start), operand, source }
            }
            Rule::Tiled { len, .. } => Segment::taken(range(k * len, *len), range(0, *len)),
            Rule::Repeated { times, len } => Segment::taken(Progression::normal(k, *times, *len), range(0, *len)),
            Rule::Rolled { shift, len } if k == 0 => Segment::taken(range(0, *shift), range(len - shift, *shift)),
            Rule::Rolled { shift, len } => Segment::taken(range(*shift, len - shift), range(0, len - shift)),
            Rule::Padded(padding) => padding.segment(k),
        }
    }
}
