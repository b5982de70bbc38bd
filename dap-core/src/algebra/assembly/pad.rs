//! The segments of a padded axis.
//!
//! The axis itself is segment 0; those in front of it follow, the nearest first, and then those
//! behind it. Padding that repeats the axis is cut into periods of it, each of which runs forwards
//! or backwards through the operand.

use super::segment::{Along, Segment, range};
use crate::algebra::progression::Progression;

/// The elements that padding gets: NumPy's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PadMode {
    /// One value.
    Constant,
    /// The outermost element.
    Edge,
    /// The elements in reverse, the outermost one not repeated.
    Reflect,
    /// The elements in reverse, the outermost one repeated.
    Symmetric,
    /// The elements of the other end.
    Wrap,
}

/// An axis of `len` indices with `before` and `after` new ones at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Padding {
    pub(super) before: i64,
    pub(super) after: i64,
    pub(super) len: i64,
    pub(super) mode: PadMode,
}

impl Padding {
    /// The new indices that one segment holds at most; 0 where one segment holds all at an end.
    fn period(&self) -> i64 {
        match self.mode {
            PadMode::Constant | PadMode::Edge => 0,
            // One element is its own neighbour.
            PadMode::Reflect if self.len == 1 => 0,
            PadMode::Reflect => self.len - 1,
            PadMode::Symmetric | PadMode::Wrap => self.len,
        }
    }

    /// The number of segments at an end.
    fn segments(&self, width: i64) -> i64 {
        match self.period() {
            ..=0 => i64::from(width > 0),
            period => width / period + i64::from(width % period > 0),
        }
    }

    pub(super) fn count(&self) -> i64 {
        1_i64.saturating_add(self.segments(self.before)).saturating_add(self.segments(self.after))
    }

    pub(super) fn segment(&self, k: i64) -> Segment {
        let in_front = self.segments(self.before);
        if k == 0 {
            return Segment::taken(range(self.before, self.len), range(0, self.len));
        }
        if k <= in_front { self.in_front(k - 1) } else { self.behind(k - 1 - in_front) }
    }

    /// Period k in front of the axis.
    fn in_front(&self, k: i64) -> Segment {
        let period = self.period();
        if period <= 0 {
            return self.at_end(range(0, self.before), 0);
        }
        let near = self.before - k * period;
        let len = period.min(near);
        let target = range(near - len, len);
        // The end of the source that lies next to the axis, for each mode and direction.
        let (is_forward, low) = match (self.mode, k % 2 == 0) {
            (PadMode::Wrap, _) | (PadMode::Symmetric, false) => (true, self.len - len),
            (PadMode::Reflect, false) => (true, self.len - 1 - len),
            (PadMode::Reflect, true) => (false, 1),
            _ => (false, 0),
        };
        Segment::taken(target, run(is_forward, low, len))
    }

    /// Period k behind the axis.
    fn behind(&self, k: i64) -> Segment {
        let period = self.period();
        let first = self.before + self.len;
        if period <= 0 {
            return self.at_end(range(first, self.after), self.len - 1);
        }
        let len = period.min(self.after - k * period);
        let target = range(first + k * period, len);
        let (is_forward, low) = match (self.mode, k % 2 == 0) {
            (PadMode::Wrap, _) | (PadMode::Symmetric, false) => (true, 0),
            (PadMode::Reflect, false) => (true, 1),
            (PadMode::Reflect, true) => (false, self.len - 1 - len),
            _ => (false, self.len - len),
        };
        Segment::taken(target, run(is_forward, low, len))
    }

    /// All of the padding at an end whose outermost element is `edge`.
    fn at_end(&self, target: Progression, edge: i64) -> Segment {
        let source = if self.mode == PadMode::Constant { Along::Constant } else { Along::Edge(edge) };
        Segment { target, operand: 0, source }
    }
}

/// `len` neighbours from index `low` on, in either direction.
fn run(is_forward: bool, low: i64, len: i64) -> Progression {
    if is_forward { range(low, len) } else { Progression::normal(low + len - 1, -1, len) }
}
