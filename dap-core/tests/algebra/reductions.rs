//! Reductions: owners, holders, shapes.

use std::collections::BTreeSet;

use dap_core::algebra::{CommRank, View};
use dap_core::error::ErrorKind;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use proptest::prelude::*;

use crate::dense::{Choices, Dense, indices, owner, placements, shapes, step};
use crate::exports::judged;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn over_any_axes(
        base in shapes().prop_flat_map(placements), steps in 0..3_usize, choices in prop::collection::vec(any::<u16>(), 0..50),
        axes in 0..16_u8, keepdims in any::<bool>(),
    ) {
        let mut choices = Choices::new(choices);
        let mut state = (View::of(&base), Dense::of(base.shape()));
        for _ in 0..steps {
            state = step(&state.0, &state.1, &mut choices);
        }
        let placement = state.0.placement().unwrap();
        let ndim = placement.ndim();
        let reduced: Vec<usize> = (0..ndim).filter(|axis| axes >> axis & 1 == 1).collect();
        let named: Vec<i64> = reduced.iter().map(|&axis| axis as i64 - if keepdims { ndim as i64 } else { 0 }).collect();
        let found = placement.reduce(Some(&named), keepdims).unwrap();
        let shape = |with: bool| -> Vec<i64> {
            let kept = placement.shape().iter().enumerate().map(|(axis, &n)| if reduced.contains(&axis) { 1 } else { n });
            kept.enumerate().filter(|(axis, _)| with || !reduced.contains(axis)).map(|(_, n)| n).collect()
        };
        prop_assert_eq!(found.owners().shape(), shape(keepdims));
        // Those of the array that hold something of what is reduced to an element.
        let grid = placement.layout().grid();
        for index in indices(placement.shape()) {
            let kept: Vec<i64> = index.iter().enumerate().filter(|(axis, _)| keepdims || !reduced.contains(axis))
                .map(|(axis, &k)| if reduced.contains(&axis) { 0 } else { k }).collect();
            let (owner_of_result, _) = owner(found.owners(), &kept);
            let (holder, _) = owner(&placement, &index);
            let section = found.owners().ranks().section(owner_of_result).unwrap();
            let holders: Vec<CommRank> = found.holders(section).collect();
            prop_assert_eq!(holders.first(), Some(&owner_of_result));
            prop_assert!(holders.contains(&holder));
            prop_assert_eq!(found.section(holder), Some(section));
            // Coordinate 0 along the reduced axes, any coordinate along them.
            let mut coordinates = grid.coordinates(placement.ranks().section(holder).unwrap()).unwrap();
            let mut expected = BTreeSet::new();
            let extents: Vec<i64> = reduced.iter().map(|&axis| grid.shape()[axis]).collect();
            for at in indices(&extents) {
                reduced.iter().zip(at).for_each(|(&axis, k)| coordinates[axis] = GridRank(k));
                expected.insert(placement.ranks().holder(grid.rank(&coordinates).unwrap()).unwrap());
            }
            reduced.iter().for_each(|&axis| coordinates[axis] = GridRank(0));
            prop_assert_eq!(placement.ranks().holder(grid.rank(&coordinates).unwrap()), Some(owner_of_result));
            prop_assert_eq!(found.copies(), holders.len() as i64);
            prop_assert_eq!(holders.into_iter().collect::<BTreeSet<_>>(), expected);
        }
        prop_assert_eq!(found.holders(Rank(found.owners().layout().processes())).count(), 0);
        judged(found.owners());
    }
}

#[test]
fn to_one_element_and_refusals() {
    let layout = Layout::builder([6, 4]).dims(vec![dap_core::layout::DimSpec::Block; 2]).grid([2, 2]).build().unwrap();
    let placement = dap_core::algebra::Placement::new(layout);
    let all = placement.reduce(None, false).unwrap();
    assert_eq!(all.owners().to_string(), "() over 1");
    assert_eq!(all.holders(Rank(0)).map(|rank| rank.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(placement.reduce(None, true).unwrap().owners().shape(), [1, 1]);
    assert_eq!(placement.reduce(Some(&[0, -2]), false).unwrap_err().kind(), ErrorKind::AxisRepeated);
    assert_eq!(placement.reduce(Some(&[2]), false).unwrap_err().kind(), ErrorKind::AxisOutOfRange);
}
