//! The part of a sorted line that each rank gets.

use std::ops::Range;

/// The holder of positions that no rank gets.
pub(crate) const NOWHERE: i32 = -1;

/// Positions of a sorted line, in consecutive ranges: a rank for each.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// `starts[part]..starts[part + 1]` are the positions of a part. Elements behind the last one
    /// go nowhere.
    pub(crate) starts: Vec<u64>,
    /// The rank of the communicator that gets a part, or [`NOWHERE`].
    pub(crate) holders: Vec<i32>,
}

impl Bounds {
    /// The positions of a part.
    pub(crate) fn range(&self, part: usize) -> Range<u64> {
        self.starts[part]..self.starts[part + 1]
    }

    /// The part that a rank gets.
    pub(crate) fn part_of(&self, rank: i32) -> Option<usize> {
        self.holders.iter().position(|&holder| holder == rank)
    }

    /// The parts in reverse order: the rank that had the last elements of `len` gets the first of
    /// them. Elements in front of all parts go nowhere.
    pub(crate) fn mirrored(&self, len: u64) -> Bounds {
        let mut starts: Vec<u64> = self.starts.iter().rev().map(|start| len - start).collect();
        let mut holders: Vec<i32> = self.holders.iter().rev().copied().collect();
        if starts[0] > 0 {
            starts.insert(0, 0);
            holders.insert(0, NOWHERE);
        }
        Bounds { starts, holders }
    }
}

/// The number of positions that two ranges have in common.
pub(crate) fn overlap(left: &Range<u64>, right: &Range<u64>) -> u64 {
    left.end.min(right.end).saturating_sub(left.start.max(right.start))
}
