//! Unstructured dimensions.

use dap_core::dim::{Dim, Unstructured};
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
use proptest::prelude::*;

use crate::any::{any_unstructured, unstructured};
use crate::oracle::{compare, elements};

proptest! {
    #[test]
    fn agrees_with_the_lists((dim, slow) in any_unstructured(80)) {
        compare(&dim, &slow);
        let Dim::Unstructured(map) = &dim else { unreachable!() };
        let mut labels: Vec<i64> = slow.buffers.iter().flatten().map(|place| place.global).collect();
        let held = labels.len();
        labels.sort_unstable();
        labels.dedup();
        prop_assert_eq!(map.distinct(), labels.len() as i64);
        prop_assert_eq!(map.is_disjoint(), labels.len() == held);
        prop_assert_eq!(map.labels_are_0_to_size(), labels == (0..map.size()).collect::<Vec<_>>());
        for (r, buffer) in slow.buffers.iter().enumerate() {
            let rank = GridRank(r as i64);
            prop_assert!(map.indices(rank).eq(buffer.iter().map(|place| GlobalIndex(place.global))));
            for &label in &labels {
                let expected = buffer.iter().position(|place| place.global == label);
                prop_assert_eq!(map.held(rank, GlobalIndex(label)).map(|local| local.0 as usize), expected);
            }
        }
    }

    /// A repetition is found, wherever it is and whatever else is shared.
    #[test]
    fn repetitions_are_refused((dim, slow) in any_unstructured(40), which in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let Dim::Unstructured(map) = &dim else { unreachable!() };
        let mut lists: Vec<Vec<i64>> =
            slow.buffers.iter().map(|buffer| buffer.iter().map(|place| place.global).collect()).collect();
        let filled: Vec<usize> = (0..lists.len()).filter(|&r| !lists[r].is_empty()).collect();
        prop_assume!(!filled.is_empty());
        let r = filled[which.index(filled.len())];
        let label = lists[r][to.index(lists[r].len())];
        let at = which.index(lists[r].len() + 1);
        lists[r].insert(at, label);
        let error = Unstructured::new(map.size(), false, &lists).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::IndexRepeated);
        prop_assert_eq!((error.grid_rank(), error.value()), (Some(GridRank(r as i64)), Some(label)));
    }
}

#[test]
fn long_ranges() {
    // Overlapping ranges, as a partitioned mesh has: kept as stretches and settled for the lowest
    // grid rank.
    let lists: Vec<Vec<i64>> = [(100, 400), (0, 150), (350, 600), (120, 130), (-5, 5)]
        .iter()
        .map(|&(from, to)| (from..to).collect())
        .collect();
    let (dim, slow) = unstructured(605, false, &lists);
    compare(&dim, &slow);
    assert!((0..5).all(|r| dim.runs(GridRank(r)).group_count() == 1));
    assert_eq!(dim.source_runs(GridRank(3)).len(), 0);
}

#[test]
fn labels_at_the_ends_of_the_integers() {
    let lists = vec![vec![i64::MAX, i64::MIN, i64::MAX - 1], vec![0, i64::MIN + 1, i64::MAX]];
    let (dim, slow) = unstructured(6, false, &lists);
    compare(&dim, &slow);
    let all: Vec<Vec<i64>> = (0..3).map(|r| (0..40).map(|k| i64::MAX - 3 * k - r).collect()).collect();
    let (dim, slow) = unstructured(120, true, &all);
    compare(&dim, &slow);
}

#[test]
fn counts_are_checked() {
    let lists = [vec![1, 2], vec![2, 3]];
    assert!(Unstructured::new(4, false, &lists).is_ok());
    assert!(Unstructured::new(3, false, &lists).is_ok());
    let kind = |result: dap_core::error::Result<Unstructured>| result.unwrap_err().kind();
    assert_eq!(kind(Unstructured::new(5, false, &lists)), ErrorKind::SizeMismatch);
    let error = Unstructured::new(4, true, &lists).unwrap_err();
    assert_eq!((error.kind(), error.grid_rank(), error.value()), (ErrorKind::NotOneToOne, Some(GridRank(1)), Some(2)));
    assert_eq!(kind(Unstructured::new(0, true, &[[0_i64; 0]; 0])), ErrorKind::TooSmall);
    assert_eq!(kind(Unstructured::new(-1, false, &lists)), ErrorKind::TooSmall);
    // All labels that fit below `size`, the greatest right, and still not those of a structured
    // dimension.
    let odd = Unstructured::new(3, true, &[vec![2, -1], vec![1]]).unwrap();
    assert!(!odd.labels_are_0_to_size());
    let even = Unstructured::new(3, true, &[vec![2, 0], vec![1]]).unwrap();
    assert!(even.labels_are_0_to_size());
    let empty = Unstructured::new(0, true, &[[0_i64; 0]; 3]).unwrap();
    assert_eq!((empty.grid_size(), empty.distinct(), empty.labels_are_0_to_size()), (3, 0, true));
}

/// Long lists are counted by bits and sorted by digits.
#[test]
fn a_large_permutation() {
    let n = 30_000_i64;
    // 7919 is a prime that does not divide n, so this visits every number once.
    let all: Vec<i64> = (0..n).map(|k| k * 7919 % n + 100).collect();
    for far in [0, i64::from(i32::MAX)] {
        let lists: Vec<Vec<i64>> = all.chunks(10_000).map(|list| list.iter().map(|&l| l + far).collect()).collect();
        let map = Unstructured::new(n, true, &lists).unwrap();
        assert_eq!((map.distinct(), map.labels_are_0_to_size()), (n, false));
        for (r, list) in lists.iter().enumerate() {
            let rank = GridRank(r as i64);
            let mut expected: Vec<(i64, i64)> = list.iter().copied().zip(0..).collect();
            expected.sort_unstable();
            assert_eq!(elements(&map.runs(rank)), expected);
            for (local, &label) in (0..).zip(list).step_by(7) {
                assert_eq!(map.owner(GlobalIndex(label)), Some((rank, LocalIndex(local))));
            }
        }
        assert_eq!(map.owner(GlobalIndex(far + 99)), None);
        assert_eq!(map.owner(GlobalIndex(far + 100 + n)), None);
        // One more holder, and one repetition.
        let mut shared = lists.clone();
        shared[2].push(lists[0][5]);
        let map = Unstructured::new(n, false, &shared).unwrap();
        assert_eq!((map.distinct(), map.is_disjoint()), (n, false));
        assert_eq!(map.owner(GlobalIndex(lists[0][5])), Some((GridRank(0), LocalIndex(5))));
        assert_eq!(map.source_runs(GridRank(2)).len() + 1, map.runs(GridRank(2)).len());
        shared[2].push(lists[0][5]);
        let error = Unstructured::new(n, false, &shared).unwrap_err();
        assert_eq!((error.kind(), error.grid_rank()), (ErrorKind::IndexRepeated, Some(GridRank(2))));
    }
}
