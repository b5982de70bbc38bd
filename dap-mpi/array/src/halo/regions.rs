//! A box of elements in an interior, whose neighbours are all on this process, and edges around it.

use std::ops::Range;

/// Ranges of local indices, one for each axis.
pub(crate) type Region = Vec<Range<i64>>;

/// The boxes of `whole` that are not in `interior`, which lies in it: no two have an element in
/// common.
pub(super) fn edges(whole: &Region, interior: &Region) -> Vec<Region> {
    if is_empty(interior) {
        return if is_empty(whole) { Vec::new() } else { vec![whole.clone()] };
    }
    let mut edges = Vec::new();
    let mut rest = whole.clone();
    for (axis, inner) in interior.iter().enumerate() {
        for end in [rest[axis].start..inner.start, inner.end..rest[axis].end] {
            let mut edge = rest.clone();
            edge[axis] = end;
            if !is_empty(&edge) {
                edges.push(edge);
            }
        }
        rest[axis] = inner.clone();
    }
    edges
}

/// The elements that two boxes have in common.
pub(super) fn intersection(a: &Region, b: &Region) -> Region {
    a.iter().zip(b).map(|(a, b)| a.start.max(b.start)..a.end.min(b.end)).collect()
}

pub(super) fn is_empty(region: &Region) -> bool {
    region.iter().any(Range::is_empty)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range() -> impl Strategy<Value = Range<i64>> {
        (0..6_i64, 0..6_i64).prop_map(|(start, len)| start..start + len)
    }

    fn contains(region: &Region, place: &[i64]) -> bool {
        region.iter().zip(place).all(|(range, at)| range.contains(at))
    }

    proptest! {
        #[test]
        fn each_element_is_in_one_box(ranges in prop::collection::vec((range(), range()), 1..4)) {
            let whole: Region = ranges.iter().map(|it| it.0.clone()).collect();
            let interior = intersection(&whole, &ranges.iter().map(|it| it.1.clone()).collect());
            let edges = edges(&whole, &interior);
            let places = ranges.iter().fold(vec![vec![]], |places: Vec<Vec<i64>>, _| {
                places.iter().flat_map(|place| (-1..13).map(move |at| [&place[..], &[at]].concat())).collect()
            });
            for place in places {
                let boxes = edges.iter().chain([&interior]).filter(|it| contains(it, &place)).count();
                prop_assert_eq!(boxes, usize::from(contains(&whole, &place)), "{:?}", place);
            }
        }
    }
}
