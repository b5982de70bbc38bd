//! Overlap counts against the plans of the same processes, and periodic counts with different
//! shifts against each other.

use proptest::prelude::*;

use super::*;
use crate::plan::dim_overlaps;
use crate::plan::peer_overlaps::PeerOverlaps;
use crate::random_layouts::dims_of;

fn flat(overlap_counts: &[OverlapCount]) -> Vec<(i64, i64)> {
    overlap_counts.iter().flat_map(|count| (count.first.0..count.end()).map(|rank| (rank, count.elements))).collect()
}

fn of_axis(peer_overlaps: &PeerOverlaps) -> Vec<(i64, i64)> {
    peer_overlaps.peers().iter().map(|(rank, common)| (rank.0, common.len())).collect()
}

fn dims() -> impl Strategy<Value = (Dim, Dim)> {
    (0_i64..150, 1_i64..9, 1_i64..9).prop_flat_map(|(size, a, b)| (dims_of(size, a), dims_of(size, b)))
}

proptest! {
    #[test]
    fn as_many_as_a_plan_moves((from, to) in dims()) {
        for at in (0..from.grid_size()).map(GridRank) {
            let overlap_counts = outgoing(&from, at, &to).unwrap();
            prop_assert_eq!(flat(&overlap_counts), of_axis(&dim_overlaps::outgoing(&from, at, &to, None).unwrap()));
            for rank in 0..to.grid_size() {
                let expected = flat(&overlap_counts).into_iter().find(|(peer, _)| *peer == rank).map_or(0, |(_, elements)| elements);
                prop_assert_eq!(OverlapCount::at(&overlap_counts, rank), expected);
            }
        }
        for at in (0..to.grid_size()).map(GridRank) {
            let overlap_counts = incoming(&from, &to, at).unwrap();
            prop_assert_eq!(flat(&overlap_counts), of_axis(&dim_overlaps::incoming(&from, &to, at).unwrap()));
        }
    }

    /// Single counts agree with the list of all counts.
    #[test]
    fn periodic_counts(size in 1_i64..300, a in 1_i64..9, b in 1_i64..9, widths in (1_i64..7, 1_i64..7), at in 0_i64..9, shift in 0_i64..9) {
        let (mine, others) = (Cyclic::new(size, a, widths.0).unwrap(), Cyclic::new(size, b, widths.1).unwrap());
        let (at, shift) = (at % a, shift % b);
        let Some(blocks) = Blocks::cyclic(&mine, at, 1) else { return Ok(()) };
        let periodic = PeriodicCounts::blocks(&blocks, &others).unwrap();
        let list = flat(&periodic.overlap_counts(shift));
        prop_assert_eq!(periodic.elements(), mine.owned_len(GridRank(at)));
        prop_assert_eq!(periodic.peers(), list.len() as i64);
        for rank in 0..b {
            let expected = list.iter().find(|(peer, _)| *peer == rank).map_or(0, |(_, elements)| *elements);
            prop_assert_eq!(periodic.at(rank, shift), expected);
        }
        let mut sorted = list;
        sorted.sort_by_key(|(rank, elements)| (-elements, *rank));
        let top = |k: usize| sorted.get(k).map_or(Top::default(), |&(at, elements)| Top { elements, at });
        prop_assert_eq!(periodic.tops(shift), [top(0), top(1)]);
    }
}

/// Many intervals on few turns.
#[test]
fn long_dealings() {
    let (from, to) = (Cyclic::new(3_000_000, 2, 1009).unwrap(), Cyclic::new(3_000_000, 3, 1013).unwrap());
    let mut expected = [0; 3];
    for index in (0..3_000_000).map(GlobalIndex).filter(|&index| from.local(GridRank(1), index).is_some()) {
        expected[to.owner(index).unwrap().0.0 as usize] += 1;
    }
    let found = outgoing(&from.into(), GridRank(1), &to.into()).unwrap();
    assert_eq!(flat(&found).into_iter().map(|(_, elements)| elements).collect::<Vec<_>>(), expected);
}

/// The counts of millions of turns and intervals would take gigabytes.
#[test]
fn too_many_turns_are_refused() {
    let cyclic = |processes, width| Dim::from(Cyclic::new(1 << 60, processes, width).unwrap());
    let refused = outgoing(&cyclic((1 << 24) + 1, 3), GridRank(0), &cyclic(1 << 24, 2)).unwrap_err();
    assert_eq!((refused.kind(), refused.key()), (ErrorKind::PlanTooLarge, Some("counts")));
}

/// Huge indices do not overflow, and whole periods cost nothing.
#[test]
fn huge_dealings() {
    let cyclic = |processes, width| Dim::from(Cyclic::new(i64::MAX, processes, width).unwrap());
    let elements = |overlap_counts: &[OverlapCount]| {
        overlap_counts.iter().map(|s| i128::from(s.processes) * i128::from(s.elements)).sum::<i128>()
    };
    for (from, to) in [
        (cyclic(3, 64), cyclic(5, 256)),
        (cyclic(1 << 40, 1 << 40), cyclic(2, 1 << 61)),
        (cyclic(7, i64::MAX), cyclic(7, 3)),
    ] {
        let overlap_counts = outgoing(&from, GridRank(0), &to).unwrap();
        assert_eq!(elements(&overlap_counts), i128::from(from.owned_len(GridRank(0))));
    }
    let refused = outgoing(&cyclic(1_000_000, 1), GridRank(3), &cyclic(999_999_999, 1)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PlanTooLarge);
}
