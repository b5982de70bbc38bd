//! Masks: where the selected elements lie.

use dap_core::algebra::Placement;
use dap_core::dim::{Block, Cyclic, CyclicSlice, Dim};
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, Rank};
use dap_core::layout::Layout;
use proptest::prelude::*;

use crate::dense::{element, indices, owner, placements, shapes};
use crate::exports::judged;

/// The elements of the first axes, in the order of ranks and of places on each.
fn in_order_of_ranks(masked: &Layout) -> Vec<Vec<i64>> {
    let mut held = Vec::new();
    for rank in (0..masked.processes()).map(Rank) {
        for local in indices(&masked.local_shape(rank).unwrap()) {
            let index = element(masked, rank, &local).unwrap();
            let global: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
            let (owner, place) = masked.owner(&global).unwrap();
            let owned_here = owner == rank && place.iter().map(|local| local.0).eq(local.iter().copied());
            // Communication padding is not held; a further holder of a shared index holds it.
            let is_padding = masked.dims().iter().zip(&global).enumerate().any(|(at, (dim, &index))| {
                matches!(dim, Dim::Block(_)) && {
                    let coordinate = masked.grid().coordinate(rank, at).unwrap();
                    dim.local(coordinate, index).is_none_or(|place| place.0 != local[at])
                }
            });
            if owned_here || !is_padding {
                held.push(index);
            }
        }
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn by_the_layout(base in shapes().prop_flat_map(placements), ndim in 0..4_usize, seed in any::<u64>()) {
        let ndim = ndim.min(base.ndim());
        let masked = Layout::new(base.layout().dims()[..ndim].to_vec()).unwrap();
        let all = indices(masked.shape());
        let in_order = in_order_of_ranks(&masked) == all;
        prop_assert_eq!(base.ranks_are_in_c_order(ndim), in_order, "{}", masked);
        let is_selected = |index: &[i64]| index.iter().fold(seed, |mix, &k| (mix ^ k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> 63 == 1;
        let mut counts = vec![0; masked.processes() as usize];
        let mut selected = Vec::new();
        for index in all {
            if is_selected(&index) {
                let global: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
                counts[masked.owner_rank(&global).unwrap().0 as usize] += 1;
                selected.push(index);
            }
        }
        let found = base.compress(ndim, &counts).unwrap();
        prop_assert_eq!(found.moves, !in_order);
        let rest = &base.shape()[ndim..];
        prop_assert_eq!(found.result.shape(), [&[selected.len() as i64], rest].concat());
        judged(&found.result);
        if !found.moves {
            // No element moves: the owner of each is the owner of the element that it was.
            for (number, index) in selected.iter().enumerate() {
                for behind in indices(rest) {
                    let (was, _) = owner(&base, &[&index[..], &behind].concat());
                    prop_assert_eq!(owner(&found.result, &[&[number as i64], &behind[..]].concat()).0, was);
                }
            }
        }
        // The same ranks, in the same order.
        for section in (0..base.layout().processes()).map(Rank) {
            prop_assert_eq!(found.result.ranks().holder(section), base.ranks().holder(section));
        }
    }

    #[test]
    fn in_place(base in shapes().prop_flat_map(placements), ndim in 0..4_usize, seed in any::<u64>()) {
        let ndim = ndim.min(base.ndim());
        let masked = Layout::new(base.layout().dims()[..ndim].to_vec()).unwrap();
        let mut lists = vec![Vec::new(); masked.processes() as usize];
        let mut selected = Vec::new();
        for (linear, index) in (0..).zip(indices(masked.shape())) {
            let mix = index.iter().fold(seed, |mix, &k| (mix ^ k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            if mix >> 63 == 1 {
                let global: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
                // Last to first: any order will do.
                lists[masked.owner_rank(&global).unwrap().0 as usize].insert(0, linear);
                selected.push(index);
            }
        }
        let found = base.compress_in_place(ndim, &lists).unwrap();
        prop_assert!(!found.moves);
        let rest = &base.shape()[ndim..];
        prop_assert_eq!(found.result.shape(), [&[selected.len() as i64], rest].concat());
        judged(&found.result);
        // Each element stays on its rank, and the order of the places on a rank is that of its
        // section.
        let mut places = Vec::new();
        for (number, index) in (0..).zip(&selected) {
            for behind in indices(rest) {
                let (was, place) = owner(&base, &[&index[..], &behind].concat());
                let (is, new) = owner(&found.result, &[&[number], &behind[..]].concat());
                prop_assert_eq!(is, was);
                places.push((is, place, new));
            }
        }
        places.sort();
        prop_assert!(places.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].2 < pair[1].2), "{:?}", places);
        let in_order = base.ranks_are_in_c_order(ndim);
        prop_assert_eq!(matches!(found.result.layout().dims()[0], Dim::Block(_)), in_order);
    }
}

/// 2^40 ranks are not looked at one by one.
#[test]
fn many_ranks() {
    let many = 1 << 40;
    let line = |dim: dap_core::error::Result<Dim>| Placement::new(Layout::new(vec![dim.unwrap()]).unwrap());
    assert!(line(Block::new(many, many).map(Dim::from)).ranks_are_in_c_order(1));
    assert!(line(Block::new(10, many).map(Dim::from)).ranks_are_in_c_order(1));
    assert!(line(Cyclic::new(many, many, 1).map(Dim::from)).ranks_are_in_c_order(1));
    assert!(!line(Cyclic::new(many + 1, many, 1).map(Dim::from)).ranks_are_in_c_order(1));
    assert!(line(CyclicSlice::new(many, many, 4, 1, 2).map(Dim::from)).ranks_are_in_c_order(1));
    assert!(!line(CyclicSlice::new(many, many, 4, 1, -2).map(Dim::from)).ranks_are_in_c_order(1));
    // One element, in a block that could hold more, and a distributed second axis.
    let rows = |dim: Dim| Layout::new(vec![dim, Block::new(6, 2).unwrap().into()]).unwrap();
    assert!(Placement::new(rows(Cyclic::new(1, 2, 4).unwrap().into())).ranks_are_in_c_order(2));
    // One row on each rank.
    assert!(Placement::new(rows(Block::new(10, many).unwrap().into())).ranks_are_in_c_order(2));
    let slice = CyclicSlice::new(many / 2, many, 4, 0, 5).unwrap();
    assert!(Placement::new(rows(slice.into())).ranks_are_in_c_order(2));
    // Backwards from the first cell: round to the last block, where the others are.
    let backwards = |size| line(CyclicSlice::new(size, 2, 4, 1, -1).map(Dim::from));
    assert!(backwards(2 + 4).ranks_are_in_c_order(1));
    assert!(!backwards(2 + 5).ranks_are_in_c_order(1));
    let slice = CyclicSlice::new(many / 2, many, 4, 0, 3).unwrap();
    assert!(!Placement::new(rows(slice.into())).ranks_are_in_c_order(2));
}

#[test]
fn refusals() {
    let base = Placement::new(Layout::builder([6, 2]).processes(3).build().unwrap());
    assert_eq!(base.compress(3, &[1]).unwrap_err().kind(), ErrorKind::TooManyIndices);
    assert_eq!(base.compress(1, &[1, 1]).unwrap_err().kind(), ErrorKind::Count);
    let error = base.compress(1, &[1, 3, 0]).unwrap_err();
    assert_eq!(error.to_string(), "rank 1: the value is too large: `counts` is 3, at most 2");
    assert_eq!(base.compress(1, &[1, -1, 0]).unwrap_err().kind(), ErrorKind::TooSmall);
    // Rows 0 and 1, 2 and 3, 4 and 5; and cyclic, where no order of ranks helps.
    let cyclic = Layout::builder([6, 2]).dims([dap_core::layout::DimSpec::Cyclic]).processes(3).build().unwrap();
    for base in [base, Placement::new(cyclic)] {
        let kind = |lists: &[&[i64]]| base.compress_in_place(1, lists).unwrap_err().kind();
        assert_eq!(base.compress_in_place(3, &[[0]]).unwrap_err().kind(), ErrorKind::TooManyIndices);
        assert_eq!(kind(&[&[], &[]]), ErrorKind::Count);
        assert_eq!(kind(&[&[6], &[], &[]]), ErrorKind::IndexOutOfBounds);
        assert_eq!(kind(&[&[-1], &[], &[]]), ErrorKind::IndexOutOfBounds);
        assert_eq!(kind(&[&[], &[0], &[]]), ErrorKind::IndexNotOwned);
        assert_eq!(kind(&[&[0, 0], &[], &[]]), ErrorKind::IndexRepeated);
    }
    let labels = dap_core::dim::Unstructured::new(2, true, &[[7], [9]]).unwrap();
    let mesh = Placement::new(Layout::new(vec![labels.into()]).unwrap());
    assert_eq!(mesh.compress_in_place(1, &[[0], [1]]).unwrap_err().kind(), ErrorKind::SliceWithoutOrder);
}
