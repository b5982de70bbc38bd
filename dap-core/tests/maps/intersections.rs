//! Intersections of run sets against sets of indices.

use std::collections::BTreeMap;

use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::index::{GlobalIndex, GridRank};
use dap_core::runs::{Overlap, Runs, for_each_overlap, intersect};
use proptest::prelude::*;

use crate::any::{Known, any_known, any_structured, any_unstructured};
use crate::oracle::elements;

fn listed(overlap: &Overlap) -> Vec<(i64, i64, i64)> {
    let runs = overlap.iter();
    runs.flat_map(|(g, a, b, len)| (0..len).map(move |k| (g.0 + k, a.0 + k, b.0 + k))).collect()
}

fn check(a: &Runs, b: &Runs) -> Vec<Overlap> {
    let overlaps = intersect(a, b);
    let walked: Vec<_> = overlaps.iter().flat_map(listed).collect();
    let right: BTreeMap<i64, i64> = elements(b).into_iter().collect();
    let expected: Vec<_> =
        elements(a).into_iter().filter_map(|(global, local)| Some((global, local, *right.get(&global)?))).collect();
    let mut sorted = walked.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(overlaps.iter().map(Overlap::elements).sum::<i64>(), expected.len() as i64);
    assert!(overlaps.is_sorted_by_key(Overlap::global_start));
    let single = |overlap: &Overlap| (overlap.global_stride(), overlap.a_stride(), overlap.b_stride()) == (0, 0, 0);
    assert!(
        overlaps
            .iter()
            .all(|overlap| overlap.run_len() > 0 && overlap.count() > 0 && (overlap.count() > 1 || single(overlap)))
    );
    // Both sides of a message compute it from their own point of view and must agree.
    let swapped: Vec<_> = intersect(b, a).into_iter().map(Overlap::swapped).collect();
    assert_eq!(swapped, overlaps);
    let mut visited = Vec::new();
    for_each_overlap(a, b, |overlap| visited.extend(listed(&overlap)));
    assert_eq!(visited, walked);
    overlaps
}

fn check_all((a, _): &Known, (b, _): &Known, mut each: impl FnMut(&Runs, &Runs, &[Overlap])) {
    for p in (0..a.grid_size()).map(GridRank) {
        for q in (0..b.grid_size()).map(GridRank) {
            let (left, right) = (a.runs(p), b.runs(q));
            let overlaps = check(&left, &right);
            each(&left, &right, &overlaps);
        }
    }
}

proptest! {
    #[test]
    fn any_pair(a in any_known(), b in any_known()) {
        check_all(&a, &b, |_, _, _| ());
    }

    #[test]
    fn unstructured_pairs(a in any_unstructured(50), b in any_unstructured(50)) {
        check_all(&a, &b, |_, _, _| ());
    }

    /// One group for each run within a common period, whatever the sizes; a few where one
    /// side is one run.
    #[test]
    fn groups_are_few(a in any_structured(400), b in any_structured(400)) {
        check_all(&a, &b, |left, right, overlaps| {
            let pairs: i64 = left.groups().map(|a| right.groups().map(|b| in_a_period(&a, &b)).sum::<i64>()).sum();
            assert!(overlaps.len() as i64 <= pairs, "{} groups, {pairs}", overlaps.len());
        });
    }
}

fn in_a_period(a: &dap_core::runs::RunGroup, b: &dap_core::runs::RunGroup) -> i64 {
    if a.count == 1 || b.count == 1 {
        return 3;
    }
    let (mut g, mut r) = (a.global_stride, b.global_stride);
    while r != 0 {
        (g, r) = (r, g % r);
    }
    (a.count.min(b.global_stride / g) + b.count.min(a.global_stride / g)).min((a.len + b.len - 1) / g + 1)
}

#[test]
fn larger_structured_pairs() {
    // Periods of many runs, taken by walking and by solving.
    let dims: Vec<Dim> = vec![
        Cyclic::new(3000, 7, 3).unwrap().into(),
        Cyclic::new(3000, 5, 11).unwrap().with_source(GridRank(3)).unwrap().into(),
        Cyclic::new(2500, 31, 1).unwrap().into(),
        Cyclic::new(3000, 2, 64).unwrap().into(),
        Cyclic::new(3000, 3, 400).unwrap().into(),
        Cyclic::new(3000, 30, 2).unwrap().with_source(GridRank(29)).unwrap().into(),
        Block::new(3000, 4).unwrap().with_halo(2).unwrap().into(),
        Block::from_bounds([0, 0, 17, 1000, 1000, 3000]).unwrap().into(),
    ];
    for a in &dims {
        for b in &dims {
            for p in (0..a.grid_size()).map(GridRank) {
                for q in (0..b.grid_size()).map(GridRank) {
                    check(&a.runs(p), &b.runs(q));
                }
            }
        }
    }
}

#[test]
fn sizes_do_not_matter() {
    let groups = |a: &Dim, b: &Dim| {
        let pair = |p, q| intersect(&a.runs(GridRank(p)), &b.runs(GridRank(q))).len();
        (0..2).flat_map(|p| (0..2).map(move |q| (p, q))).map(|(p, q)| pair(p, q)).max().unwrap()
    };
    for size in [1 << 13, 1 << 26, 1 << 61] {
        let cyclic: Dim = Cyclic::new(size, 2, 1).unwrap().into();
        let thirds: Dim = Cyclic::new(size, 3, 1).unwrap().into();
        let narrow: Dim = Cyclic::new(size, 2, 64).unwrap().into();
        let wide: Dim = Cyclic::new(size, 2, 256).unwrap().into();
        let block: Dim = Block::new(size, 2).unwrap().into();
        assert_eq!(groups(&cyclic, &block), 1);
        assert_eq!(groups(&block, &block), 1);
        assert_eq!(groups(&cyclic, &thirds), 1);
        assert_eq!(groups(&narrow, &wide), 2);
        assert!(groups(&narrow, &block) <= 3);
    }
}

#[test]
fn a_regular_list_becomes_one_group() {
    // Labels that run backwards, or in steps, cost no more than a cyclic dimension's.
    let backwards: Dim =
        dap_core::dim::Unstructured::new(100, true, &[(0..100).rev().collect::<Vec<_>>()]).unwrap().into();
    let cyclic: Dim = Cyclic::new(100, 3, 1).unwrap().into();
    let overlaps = check(&backwards.runs(GridRank(0)), &cyclic.runs(GridRank(1)));
    assert_eq!(overlaps.len(), 1);
    assert_eq!((overlaps[0].global_start(), overlaps[0].a_stride()), (GlobalIndex(1), -3));
}
