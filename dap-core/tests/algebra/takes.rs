//! Selection by index arrays: shapes as NumPy's, and who holds the result.

use dap_core::algebra::{IndexArray, Placement};
use dap_core::dim::Block;
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, GridRank};
use dap_core::layout::{DimSpec, Layout};
use proptest::prelude::*;

use crate::dense::{indices, owner, placements, shapes};
use crate::exports::judged;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn owners(
        base in shapes().prop_flat_map(placements), axes in 1..8_u8, index in prop::collection::vec(0..7_i64, 0..3).prop_flat_map(placements),
        is_distributed in any::<bool>(),
    ) {
        let axes: Vec<usize> = (0..base.ndim()).filter(|axis| axes >> axis & 1 == 1).collect();
        let Some(&first) = axes.first() else { return Ok(()) };
        let named: Vec<i64> = axes.iter().rev().map(|&axis| axis as i64).collect();
        let array = if is_distributed { IndexArray::Distributed(&index) } else { IndexArray::Replicated { shape: index.shape() } };
        let found = base.take(&named, array).unwrap();
        let kept: Vec<usize> = (0..base.ndim()).filter(|axis| !axes.contains(axis)).collect();
        // NumPy: in place of neighbours, in front of all otherwise.
        let in_front = if axes.last().unwrap() - first + 1 == axes.len() { first } else { 0 };
        let mut shape: Vec<i64> = kept.iter().map(|&axis| base.shape()[axis]).collect();
        shape.splice(in_front..in_front, index.shape().iter().copied());
        prop_assert_eq!(found.shape(), &shape[..]);
        judged(&found);
        let grid = base.layout().grid();
        let follows = is_distributed && kept.iter().all(|&axis| grid.shape()[axis] == 1);
        for at in indices(&shape) {
            let (holder, _) = owner(&found, &at);
            let new = &at[in_front..in_front + index.ndim()];
            if follows {
                prop_assert_eq!(holder, owner(&index, new).0);
                continue;
            }
            let rest = [&at[..in_front], &at[in_front + index.ndim()..]].concat();
            let mut coordinates = vec![GridRank(0); base.ndim()];
            for (&axis, &k) in kept.iter().zip(&rest) {
                coordinates[axis] = base.layout().dims()[axis].owner(GlobalIndex(k)).unwrap().0;
            }
            if let (Some(&k), Some(&n)) = (new.first(), index.shape().first()) {
                coordinates[first] = Block::new(n, grid.shape()[first]).unwrap().owner(GlobalIndex(k)).unwrap().0;
            }
            prop_assert_eq!(Some(holder), base.ranks().holder(grid.rank(&coordinates).unwrap()));
        }
    }
}

/// Axes that are not neighbours: the new ones stand in front.
#[test]
fn axes_apart() {
    let specs = vec![DimSpec::Undistributed, DimSpec::Block];
    let base = Placement::new(Layout::builder([2, 9, 4, 5]).dims(specs).processes(3).build().unwrap());
    let shape = |axes: &[i64]| base.take(axes, IndexArray::Replicated { shape: &[7] }).unwrap().to_string();
    assert_eq!(shape(&[1, 3]), "(7, 2, 4) over 3x1x1: block(3), block(2), block(4)");
    assert_eq!(shape(&[2, 1]), "(2, 7, 5) over 1x3x1: block(2), block(3), block(5)");
}

#[test]
fn refusals() {
    let base = Placement::new(Layout::builder([6, 2]).processes(3).build().unwrap());
    let none = IndexArray::Replicated { shape: &[2] };
    assert_eq!(base.take(&[], none).unwrap_err().kind(), ErrorKind::TooSmall);
    assert_eq!(base.take(&[0, 0], none).unwrap_err().kind(), ErrorKind::AxisRepeated);
    assert_eq!(base.take(&[2], none).unwrap_err().kind(), ErrorKind::AxisOutOfRange);
    assert_eq!(base.take(&[0], IndexArray::Replicated { shape: &[-1] }).unwrap_err().kind(), ErrorKind::TooSmall);
    assert_eq!(base.take(&[0], IndexArray::Replicated { shape: &[i64::MAX] }).unwrap_err().kind(), ErrorKind::Overflow);
}
