//! Slices of block-cyclic dimensions.

use dap_core::dim::{CyclicSlice, Dim};
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
use dap_core::runs::intersect;
use proptest::prelude::*;

use crate::oracle::{Slow, compare};

/// Places each index on the process whose block its cell lies in.
fn slow(size: i64, grid_size: i64, block_size: i64, start: i64, step: i64) -> Slow {
    let mut lists = vec![Vec::new(); grid_size as usize];
    for index in 0..size {
        let cell = i128::from(start) + i128::from(index) * i128::from(step);
        let rank = cell.div_euclid(block_size.into()).rem_euclid(grid_size.into());
        lists[rank as usize].push(index);
    }
    Slow::unstructured(size, &lists)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn as_placed_one_by_one(
        size in 0..70_i64, grid_size in 1..6_i64, block_size in 1..8_i64, start in -50..50_i64, step in -40..40_i64,
    ) {
        let slice = CyclicSlice::new(size, grid_size, block_size, start, step).unwrap();
        compare(&Dim::from(slice), &slow(size, grid_size, block_size, start, step));
    }

    /// Far out the same happens as near 0, and what two slices share is what both list.
    #[test]
    fn overlaps_and_large_numbers(
        size in 0..60_i64, a in (1..5_i64, 1..6_i64, 0..40_i64, -30..30_i64), b in (1..5_i64, 1..6_i64, 0..40_i64, -30..30_i64),
        turns in -1_000_000_i64..1_000_000,
    ) {
        let slice = |(grid_size, block_size, start, step): (i64, i64, i64, i64)| {
            let far = turns * grid_size * block_size;
            let slice = CyclicSlice::new(size, grid_size, block_size, start, step).unwrap();
            assert_eq!(CyclicSlice::new(size, grid_size, block_size, start + far, step - far).unwrap(), slice);
            slice
        };
        let (left, right) = (slice(a), slice(b));
        for (r, s) in (0..a.0).flat_map(|r| (0..b.0).map(move |s| (GridRank(r), GridRank(s)))) {
            let overlaps = intersect(&left.runs(r), &right.runs(s));
            let runs = overlaps.iter().flat_map(|overlap| overlap.iter());
            let mut found: Vec<i64> = runs.flat_map(|(global, _, _, len)| global.0..global.0 + len).collect();
            found.sort_unstable();
            let on_both = |&index: &i64| {
                left.local(r, GlobalIndex(index)).is_some() && right.local(s, GlobalIndex(index)).is_some()
            };
            prop_assert_eq!(found, (0..size).filter(on_both).collect::<Vec<_>>());
        }
    }
}

/// 2^50 elements cost as much as ten.
#[test]
fn large_sizes() {
    let size = 1 << 50;
    for step in [1, -1, 3, -5, 100] {
        let slice = CyclicSlice::new(size, 6, 7, 4, step).unwrap();
        let owned: i64 = (0..6).map(|rank| slice.owned_len(GridRank(rank))).sum();
        assert_eq!(owned, size);
        for index in [0, 1, 12_345, size / 3, size - 1].map(GlobalIndex) {
            let (rank, local) = slice.owner(index).unwrap();
            assert_eq!(slice.global(rank, local), Some(index));
        }
        for rank in (0..6).map(GridRank) {
            let runs = slice.runs(rank);
            assert_eq!(runs.len(), slice.owned_len(rank));
            assert!(runs.group_count() <= 9, "{} groups", runs.group_count());
            let last = slice.global(rank, LocalIndex(runs.len() - 1));
            assert_eq!(runs.span().map(|(_, last)| last), last);
        }
    }
}

/// The extremes of 64 bits do not overflow, and a slice of too many groups is refused.
#[test]
fn extremes() {
    let max = i64::MAX;
    for (size, grid_size, block_size, start, step) in [
        (max, 1, max, max, max),
        (max, 2, 1 << 61, i64::MIN, i64::MIN),
        (max, max, 1, max, i64::MIN),
        (1 << 62, 3, 2, i64::MIN, max),
    ] {
        let slice = CyclicSlice::new(size, grid_size, block_size, start, step).unwrap();
        let (rank, local) = slice.owner(GlobalIndex(size - 1)).unwrap();
        assert_eq!(slice.global(rank, local), Some(GlobalIndex(size - 1)));
        assert_eq!(slice.runs(rank).len(), slice.owned_len(rank));
    }
    let error = CyclicSlice::new(max, 2, 1_000_000_007, 1, 10_000_000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManyRuns);
    assert_eq!(CyclicSlice::new(1, 2, max, 0, 1).unwrap_err().kind(), ErrorKind::Overflow);
    assert_eq!(CyclicSlice::new(-1, 2, 1, 0, 1).unwrap_err().kind(), ErrorKind::TooSmall);
}
