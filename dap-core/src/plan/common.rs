//! What a source and a target have in common along one dimension.

use std::ops::Range;

use super::places::Places;
use crate::runs::Overlap;

/// Elements that a source process and a target process have in common along one dimension, ascending by the first global index of
/// each group: where they lie in the source's buffer and in the target's.
///
/// As a few strided groups where the indices follow a rule, and as two lists of places where they do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Common {
    /// Strided groups: the source is side a, the target is side b.
    Groups(Vec<Overlap>),
    /// Single elements: the k-th lies at the k-th place on either side.
    Single {
        /// Where they lie in the source's buffer.
        from: Places,
        /// Where they lie in the target's buffer, as many.
        to: Places,
    },
}

impl Common {
    /// The number of elements.
    pub fn len(&self) -> i64 {
        match self {
            Common::Groups(groups) => groups.iter().map(Overlap::elements).sum(),
            Common::Single { from, .. } => i64::try_from(from.len()).unwrap_or(i64::MAX),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Common::Groups(groups) => groups.is_empty(),
            Common::Single { from, .. } => from.is_empty(),
        }
    }

    /// How many strided groups, or single elements, are looked at to find those at some places of the target's buffer
    /// ([`Common::within`]): all of them, unless they are in the order of the target.
    pub fn parts(&self) -> usize {
        match self {
            Common::Groups(groups) => groups.len(),
            Common::Single { to, .. } if to.are_ascending() => 1,
            Common::Single { to, .. } => to.len(),
        }
    }

    /// The elements one by one: where they lie in the source's buffer and in the target's.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (i64, i64)> + '_> {
        match self {
            Common::Groups(groups) => Box::new(groups.iter().flat_map(|group| {
                group.iter().flat_map(|(_, from, to, len)| (0..len).map(move |k| (from.0 + k, to.0 + k)))
            })),
            Common::Single { from, to } => Box::new((0..from.len()).filter_map(|k| Some((from.get(k)?, to.get(k)?)))),
        }
    }

    /// The greatest place in the source's buffer; `None` when there are no elements.
    pub fn source_reach(&self) -> Option<i64> {
        match self {
            Common::Groups(groups) => {
                groups.iter().map(|group| last(group, group.a_local_start.0, group.a_local_stride)).max()
            }
            Common::Single { from, .. } => from.greatest(),
        }
    }

    /// The greatest place in the target's buffer; `None` when there are no elements.
    pub fn target_reach(&self) -> Option<i64> {
        match self {
            Common::Groups(groups) => {
                groups.iter().map(|group| last(group, group.b_local_start.0, group.b_local_stride)).max()
            }
            Common::Single { to, .. } => to.greatest(),
        }
    }

    /// The elements at these positions of the order, as far as there are so many.
    pub fn slice(&self, range: Range<i64>) -> Common {
        let groups = match self {
            Common::Groups(groups) => groups,
            Common::Single { from, to } => {
                let clamp = |at: i64| usize::try_from(at.max(0)).map_or(from.len(), |at| at.min(from.len()));
                let range = clamp(range.start)..clamp(range.end);
                return Common::Single { from: from.slice(range.clone()), to: to.slice(range) };
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
        Common::Groups(parts)
    }

    /// The elements that lie at these places of the target's buffer, in the same order.
    pub fn within(&self, targets: Range<i64>) -> Common {
        let groups = match self {
            Common::Groups(groups) => groups,
            Common::Single { from, to } if to.are_ascending() => {
                let positions = to.positions(&targets);
                return Common::Single { from: from.slice(positions.clone()), to: to.slice(positions) };
            }
            Common::Single { from, to } => {
                let kept = |k: &usize| to.get(*k).is_some_and(|place| targets.contains(&place));
                let kept: Vec<usize> = (0..to.len()).filter(kept).collect();
                return Common::Single { from: from.choose(&kept), to: to.choose(&kept) };
            }
        };
        let mut parts = Vec::new();
        for group in groups {
            let (start, stride) = (group.b_local_start.0, group.b_local_stride);
            // How many elements lie before a place, where the runs follow one another in the target.
            let before = |place: i64| {
                let ahead = place.saturating_sub(start);
                match (ahead, stride) {
                    (..=0, _) => 0,
                    (_, 0) => ahead.min(group.len),
                    _ => (ahead / stride).min(group.count) * group.len + (ahead % stride).min(group.len),
                }
                .min(group.elements())
            };
            if group.count == 1 || stride >= group.len {
                let (low, high) = (before(targets.start), before(targets.end));
                if low < high {
                    cut(group, low, high, &mut parts);
                }
                continue;
            }
            for run in 0..group.count {
                let at = start + run * stride;
                let low = targets.start.saturating_sub(at).max(0);
                let high = targets.end.saturating_sub(at).min(group.len);
                if low < high {
                    cut(group, run * group.len + low, run * group.len + high, &mut parts);
                }
            }
        }
        Common::Groups(parts)
    }

    /// The elements that lie at these places of the source's buffer, in the same order.
    pub fn within_source(&self, sources: Range<i64>) -> Common {
        self.clone().swapped().within(sources).swapped()
    }

    /// The same elements seen from the other side.
    pub fn swapped(self) -> Common {
        match self {
            Common::Groups(groups) => Common::Groups(groups.into_iter().map(Overlap::swapped).collect()),
            Common::Single { from, to } => Common::Single { from: to, to: from },
        }
    }
}

/// The greatest place on one side. Local strides may be negative.
fn last(group: &Overlap, start: i64, stride: i64) -> i64 {
    start + ((group.count - 1) * stride).max(0) + (group.len - 1)
}

/// The elements `low..high` of a group: a cut run at either end and the whole ones between.
fn cut(group: &Overlap, low: i64, high: i64, parts: &mut Vec<Overlap>) {
    let part = |run: i64, from: i64, len: i64, count: i64| {
        let mut part = Overlap { len, count, ..*group };
        part.global_start.0 += run * group.global_stride + from;
        part.a_local_start.0 += run * group.a_local_stride + from;
        part.b_local_start.0 += run * group.b_local_stride + from;
        if count == 1 {
            (part.global_stride, part.a_local_stride, part.b_local_stride) = (0, 0, 0);
        }
        part
    };
    let (first, last) = (low / group.len, (high - 1) / group.len);
    let (head, tail) = (low % group.len, (high - 1) % group.len + 1);
    if first == last {
        parts.push(part(first, head, tail - head, 1));
        return;
    }
    let (mut next, mut behind) = (first, last + 1);
    if head > 0 {
        parts.push(part(first, head, group.len - head, 1));
        next += 1;
    }
    if tail < group.len {
        behind -= 1;
    }
    if next < behind {
        parts.push(part(next, 0, group.len, behind - next));
    }
    if tail < group.len {
        parts.push(part(last, 0, tail, 1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::{GlobalIndex, LocalIndex};

    fn groups() -> impl Strategy<Value = Common> {
        let group = (1_i64..5, 1_i64..6, 0_i64..9, -3_i64..9);
        prop::collection::vec(group, 0..4).prop_map(|groups| {
            let overlap = |(len, count, a, b): (i64, i64, i64, i64)| Overlap {
                global_start: GlobalIndex(a),
                a_local_start: LocalIndex(a + 20),
                b_local_start: LocalIndex(b + 40),
                len,
                count,
                global_stride: if count > 1 { len + a } else { 0 },
                a_local_stride: if count > 1 { a } else { 0 },
                b_local_stride: if count > 1 { -b } else { 0 },
            };
            Common::Groups(groups.into_iter().map(overlap).collect())
        })
    }

    fn single(common: &Common) -> Common {
        let (from, to): (Vec<i64>, Vec<i64>) = common.iter().unzip();
        Common::Single { from: Places::wide(from), to: Places::wide(to) }
    }

    proptest! {
        /// A slice is what an iterator would skip and take; it reaches as far as its farthest element.
        #[test]
        fn slices(common in groups(), low in 0_i64..60, len in 0_i64..60) {
            for common in [single(&common), common] {
                let slice = common.slice(low..low + len);
                let expected: Vec<_> = common.iter().skip(low as usize).take(len as usize).collect();
                prop_assert_eq!(slice.iter().collect::<Vec<_>>(), expected.clone());
                prop_assert_eq!(slice.len(), expected.len() as i64);
                prop_assert_eq!(slice.is_empty(), expected.is_empty());
                prop_assert_eq!(slice.source_reach(), expected.iter().map(|place| place.0).max());
                prop_assert_eq!(slice.target_reach(), expected.iter().map(|place| place.1).max());
            }
        }

        /// What lies within a range of the target, or of the source, is what a look at each element finds there.
        #[test]
        fn within((common, low, len) in (groups(), -10_i64..60, 0_i64..60)) {
            for common in [single(&common), common] {
                let found: Vec<_> = common.within(low..low + len).iter().collect();
                let expected: Vec<_> = common.iter().filter(|(_, to)| (low..low + len).contains(to)).collect();
                prop_assert_eq!(found, expected);
                prop_assert!(common.within(i64::MIN..i64::MAX).iter().eq(common.iter()));
                let found: Vec<_> = common.within_source(low..low + len).iter().collect();
                let expected: Vec<_> = common.iter().filter(|(from, _)| (low..low + len).contains(from)).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
