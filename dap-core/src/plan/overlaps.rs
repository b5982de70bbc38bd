//! Overlaps of a source and a target along one factor of a move.

use std::ops::Range;

use super::positions::Positions;
use crate::runs::Overlap;

/// The elements that a source process and a target process share along one factor, with their
/// positions in the source's and in the target's buffer. Ascending by the first global index of
/// each group.
///
/// They are stored as a few strided groups if the indices follow a rule, otherwise as two lists of
/// positions.
///
/// # Invariants
///
/// Only plans and halos make overlaps: of groups as [`Overlap`] guarantees them, or of two lists of
/// equal length without a negative position. Their number of elements fits 64 bits.
///
/// ```compile_fail
/// let _ = dap_core::plan::Overlaps::groups_of(Vec::new());
/// ```
///
/// ```compile_fail
/// let _ = dap_core::plan::Overlaps { form: todo!(), len: 0 };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlaps {
    form: Form,
    len: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Groups(Vec<Overlap>),
    Listed { source: Positions, target: Positions },
}

/// The stored form of [`Overlaps`], to be read.
#[derive(Debug, Clone, Copy)]
pub enum OverlapForm<'o> {
    /// Strided groups: the source is side a, the target is side b.
    Groups(&'o [Overlap]),
    /// Single elements: element k has the k-th position of either list.
    Listed {
        /// Positions in the source's buffer.
        source: &'o Positions,
        /// Positions in the target's buffer, equally many.
        target: &'o Positions,
    },
}

impl Overlaps {
    /// Overlaps of groups whose source is side a and whose target is side b.
    ///
    /// # Panics
    /// More than 2^63 - 1 elements, which is more than a dimension has.
    #[expect(clippy::expect_used, reason = "a memory access relies on it, and overlaps are parts of a dimension")]
    pub(super) fn groups_of(groups: Vec<Overlap>) -> Overlaps {
        let len = groups.iter().try_fold(0_i64, |len, group| len.checked_add(group.elements()));
        Overlaps { form: Form::Groups(groups), len: len.expect("no more elements than a dimension has") }
    }

    /// Overlaps of single elements: element k has the k-th position of either list.
    ///
    /// # Panics
    /// Lists of different lengths, or a negative position, which no buffer has.
    pub(super) fn listed(source: Positions, target: Positions) -> Overlaps {
        assert_eq!(source.len(), target.len(), "both lists are filled together");
        let is_negative = |positions: &Positions| positions.bounds().is_some_and(|(least, _)| least < 0);
        assert!(!is_negative(&source) && !is_negative(&target), "positions of a buffer are not negative");
        // An existing list is shorter than 2^63.
        Overlaps { len: source.len() as i64, form: Form::Listed { source, target } }
    }

    /// The stored form of the elements.
    #[inline]
    pub fn form(&self) -> OverlapForm<'_> {
        match &self.form {
            Form::Groups(groups) => OverlapForm::Groups(groups),
            Form::Listed { source, target } => OverlapForm::Listed { source, target },
        }
    }

    /// The strided groups; `None` if single elements are listed.
    #[inline]
    pub fn groups(&self) -> Option<&[Overlap]> {
        match &self.form {
            Form::Groups(groups) => Some(groups),
            Form::Listed { .. } => None,
        }
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> i64 {
        self.len
    }

    /// Whether there are no elements.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of strided groups, or of single elements, that a search for positions of the
    /// target's buffer (`within_target`) visits: all of them, unless they are in target order.
    pub fn parts(&self) -> usize {
        match &self.form {
            Form::Groups(groups) => groups.len(),
            Form::Listed { target, .. } if target.are_ascending() => 1,
            Form::Listed { target, .. } => target.len(),
        }
    }

    /// The elements one by one: their positions in the source's buffer and in the target's.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (i64, i64)> + '_> {
        match &self.form {
            Form::Groups(groups) => Box::new(groups.iter().flat_map(|group| {
                group.iter().flat_map(|(_, source, target, len)| (0..len).map(move |k| (source.0 + k, target.0 + k)))
            })),
            Form::Listed { source, target } => {
                Box::new((0..source.len()).filter_map(|k| Some((source.get(k)?, target.get(k)?))))
            }
        }
    }

    /// The least and the greatest position in the source's buffer; `None` if there are no elements.
    pub fn source_bounds(&self) -> Option<(i64, i64)> {
        match &self.form {
            Form::Groups(groups) => groups.iter().map(Overlap::a_bounds).reduce(spanned),
            Form::Listed { source, .. } => source.bounds(),
        }
    }

    /// The least and the greatest position in the target's buffer; `None` if there are no elements.
    pub fn target_bounds(&self) -> Option<(i64, i64)> {
        match &self.form {
            Form::Groups(groups) => groups.iter().map(Overlap::b_bounds).reduce(spanned),
            Form::Listed { target, .. } => target.bounds(),
        }
    }

    /// The elements with these numbers in the order of [`Overlaps::iter`]; numbers beyond the last
    /// are ignored.
    pub(super) fn slice(&self, range: Range<i64>) -> Overlaps {
        let groups = match &self.form {
            Form::Groups(groups) => groups,
            Form::Listed { source, target } => {
                let clamp = |at: i64| usize::try_from(at.max(0)).map_or(source.len(), |at| at.min(source.len()));
                let (start, end) = (clamp(range.start), clamp(range.end));
                let range = start..end.max(start);
                return Overlaps::listed(source.slice(range.clone()), target.slice(range));
            }
        };
        let mut parts = Vec::new();
        let mut before = 0;
        for group in groups {
            let end = before + group.elements();
            let (low, high) = (range.start.max(before) - before, range.end.min(end) - before);
            if low < high {
                cut(group, low, high, &mut parts);
            }
            before = end;
        }
        Overlaps::groups_of(parts)
    }

    /// The elements at these positions of the target's buffer, in the same order.
    pub(super) fn within_target(&self, targets: Range<i64>) -> Overlaps {
        let groups = match &self.form {
            Form::Groups(groups) => groups,
            Form::Listed { source, target } if target.are_ascending() => {
                let indices_within = target.indices_within(&targets);
                return Overlaps::listed(source.slice(indices_within.clone()), target.slice(indices_within));
            }
            Form::Listed { source, target } => {
                let kept = |k: &usize| target.get(*k).is_some_and(|place| targets.contains(&place));
                let kept: Vec<usize> = (0..target.len()).filter(kept).collect();
                return Overlaps::listed(source.choose(&kept), target.choose(&kept));
            }
        };
        let mut parts = Vec::new();
        for group in groups {
            let (start, stride, len) = (group.b_start().0, group.b_stride(), group.run_len());
            // The number of elements before a position, if the runs are consecutive in the target.
            let before = |place: i64| {
                let ahead = place.saturating_sub(start);
                match (ahead, stride) {
                    (..=0, _) => 0,
                    (_, 0) => ahead.min(len),
                    _ if ahead / stride >= group.count() => group.elements(),
                    _ => ahead / stride * len + (ahead % stride).min(len),
                }
            };
            if group.count() == 1 || stride >= len {
                let (low, high) = (before(targets.start), before(targets.end));
                if low < high {
                    cut(group, low, high, &mut parts);
                }
                continue;
            }
            for run in 0..group.count() {
                let at = start + run * stride;
                let low = targets.start.saturating_sub(at).max(0);
                let high = targets.end.saturating_sub(at).min(len);
                if low < high {
                    cut(group, run * len + low, run * len + high, &mut parts);
                }
            }
        }
        Overlaps::groups_of(parts)
    }

    /// The elements at these positions of the source's buffer, in the same order.
    pub(super) fn within_source(&self, sources: Range<i64>) -> Overlaps {
        self.clone().swapped().within_target(sources).swapped()
    }

    /// The same elements seen from the other side.
    #[must_use]
    pub fn swapped(self) -> Overlaps {
        let form = match self.form {
            Form::Groups(groups) => Form::Groups(groups.into_iter().map(Overlap::swapped).collect()),
            Form::Listed { source, target } => Form::Listed { source: target, target: source },
        };
        Overlaps { form, len: self.len }
    }
}

/// The common bounds of two parts.
fn spanned((low, high): (i64, i64), (other_low, other_high): (i64, i64)) -> (i64, i64) {
    (low.min(other_low), high.max(other_high))
}

/// Appends the elements `low..high` of a group: a cut run at either end, and the whole runs
/// between.
fn cut(group: &Overlap, low: i64, high: i64, parts: &mut Vec<Overlap>) {
    let len = group.run_len();
    let (first, last) = (low / len, (high - 1) / len);
    let (head, tail) = (low % len, (high - 1) % len + 1);
    if first == last {
        parts.push(group.part(first, head, tail - head, 1));
        return;
    }
    let (mut next, mut behind) = (first, last + 1);
    if head > 0 {
        parts.push(group.part(first, head, len - head, 1));
        next += 1;
    }
    if tail < len {
        behind -= 1;
    }
    if next < behind {
        parts.push(group.part(next, 0, len, behind - next));
    }
    if tail < len {
        parts.push(group.part(last, 0, tail, 1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::runs::Starts;

    fn groups() -> impl Strategy<Value = Overlaps> {
        let group = (1_i64..5, 1_i64..6, 0_i64..9, -3_i64..9);
        prop::collection::vec(group, 0..4).prop_map(|groups| {
            let overlap = |(len, count, a, b): (i64, i64, i64, i64)| {
                let starts = |start, stride| Starts { start, stride };
                Overlap::new(len, count, starts(a, len + a), starts(a + 20, a), starts(b + 40, -b))
            };
            Overlaps::groups_of(groups.into_iter().map(overlap).collect())
        })
    }

    fn single(overlaps: &Overlaps) -> Overlaps {
        let (source, target): (Vec<i64>, Vec<i64>) = overlaps.iter().unzip();
        Overlaps::listed(Positions::wide(source), Positions::wide(target))
    }

    proptest! {
        /// A slice equals skip and take of an iterator, and its bounds are the least and greatest
        /// position.
        #[test]
        fn slices(overlaps in groups(), low in 0_i64..60, len in 0_i64..60) {
            for overlaps in [single(&overlaps), overlaps] {
                let slice = overlaps.slice(low..low + len);
                let expected: Vec<_> = overlaps.iter().skip(low as usize).take(len as usize).collect();
                prop_assert_eq!(slice.iter().collect::<Vec<_>>(), expected.clone());
                prop_assert_eq!(slice.len(), expected.len() as i64);
                prop_assert_eq!(slice.is_empty(), expected.is_empty());
                let bounds = |side: fn(&(i64, i64)) -> i64| {
                    expected.iter().map(side).min().zip(expected.iter().map(side).max())
                };
                prop_assert_eq!(slice.source_bounds(), bounds(|place| place.0));
                prop_assert_eq!(slice.target_bounds(), bounds(|place| place.1));
            }
        }

        /// The elements within a range of the target, or of the source, equal those that a look at
        /// each element finds.
        #[test]
        fn within((overlaps, low, len) in (groups(), -10_i64..60, 0_i64..60)) {
            for overlaps in [single(&overlaps), overlaps] {
                let found: Vec<_> = overlaps.within_target(low..low + len).iter().collect();
                let expected: Vec<_> = overlaps.iter().filter(|(_, to)| (low..low + len).contains(to)).collect();
                prop_assert_eq!(found, expected);
                prop_assert!(overlaps.within_target(i64::MIN..i64::MAX).iter().eq(overlaps.iter()));
                let found: Vec<_> = overlaps.within_source(low..low + len).iter().collect();
                let expected: Vec<_> = overlaps.iter().filter(|(from, _)| (low..low + len).contains(from)).collect();
                prop_assert_eq!(found, expected);
            }
        }

        /// Invalid ranges hold no elements, and none is beyond 64 bits.
        #[test]
        fn hostile_ranges(overlaps in groups(), start in any::<i64>(), end in any::<i64>()) {
            for overlaps in [single(&overlaps), overlaps] {
                for part in [overlaps.slice(start..end), overlaps.within_target(start..end), overlaps.within_source(start..end)] {
                    prop_assert!(part.len() <= overlaps.len() && (start < end || part.is_empty()));
                }
            }
        }
    }

    /// Groups near the end of 64 bits are cut without overflow.
    #[test]
    fn at_the_end_of_64_bits() {
        let starts = |start, stride| Starts { start, stride };
        let far = i64::MAX - 1;
        for stride in [far / 2, -(far / 2)] {
            let start = if stride > 0 { 0 } else { far };
            let overlap = Overlap::new(1, 3, starts(start, stride), starts(start, stride), starts(0, far / 2));
            let overlaps = Overlaps::groups_of(vec![overlap]);
            assert_eq!((overlaps.source_bounds(), overlaps.target_bounds()), (Some((0, far)), Some((0, far))));
            for range in [0..i64::MAX, i64::MIN..i64::MAX, i64::MIN..i64::MIN, far..i64::MAX] {
                let holds = |at: i64| range.contains(&at);
                let expected = overlaps.iter().filter(|(source, _)| holds(*source)).count();
                assert_eq!(overlaps.within_source(range.clone()).len(), expected as i64);
                let expected = overlaps.iter().filter(|(_, target)| holds(*target)).count();
                assert_eq!(overlaps.within_target(range.clone()).len(), expected as i64);
            }
        }
    }

    #[test]
    #[should_panic = "not negative"]
    fn no_negative_place() {
        Overlaps::listed(Positions::wide(vec![0, -1]), Positions::narrow(vec![0, 1]));
    }

    #[test]
    #[should_panic = "filled together"]
    fn no_list_without_its_other() {
        Overlaps::listed(Positions::narrow(vec![0, 1]), Positions::narrow(vec![0]));
    }
}
