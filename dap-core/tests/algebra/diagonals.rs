//! Diagonals: where their elements lie.

use std::collections::HashMap;

use dap_core::algebra::Placement;
use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex, Rank};
use dap_core::layout::{DimSpec, Layout};
use proptest::prelude::*;

use crate::dense::{indices, owner, placements};
use crate::exports::judged;

fn matrices() -> impl Strategy<Value = Placement> {
    let shape = prop_oneof![3 => prop::collection::vec(0..20_i64, 2), 1 => prop::collection::vec(0..7_i64, 3)];
    shape.prop_flat_map(placements)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn of_matrices(base in matrices(), offset in -22..22_i64, turned in any::<bool>(), skipped in 0..3_usize) {
        let others: Vec<usize> = (0..base.ndim()).filter(|&axis| base.ndim() == 3 && axis == skipped).collect();
        let mut axes: Vec<usize> = (0..base.ndim()).filter(|axis| !others.contains(axis)).collect();
        if turned {
            axes.reverse();
        }
        let (first, second) = (axes[0], axes[1]);
        // The last axis by its negative number.
        let named = |axis: usize| if axis + 1 == base.ndim() { -1 } else { axis as i64 };
        let found = base.diagonal(offset, named(first), named(second)).unwrap();
        let (row, column) = if offset < 0 { (-offset, 0) } else { (0, offset) };
        let len = (0..base.shape()[first]).filter(|i| *i >= row && (0..base.shape()[second]).contains(&(i + offset))).count() as i64;
        let mut shape: Vec<i64> = others.iter().map(|&axis| base.shape()[axis]).collect();
        shape.push(len);
        prop_assert_eq!(found.result().shape(), &shape[..]);
        judged(found.result());

        let band = found.band().placement().unwrap();
        let mut at = vec![0; base.ndim()];
        for index in indices(&shape) {
            let t = *index.last().unwrap();
            others.iter().zip(&index).for_each(|(&axis, &k)| at[axis] = k);
            (at[first], at[second]) = (row + t, column + t);
            let (holder, _) = owner(found.result(), &index);
            if !found.moves() {
                // Each element lies on the rank that owned it.
                prop_assert_eq!(holder, owner(&base, &at).0, "{:?} of {} in {}", index, found.result(), base);
            } else if let Dim::Block(_) | Dim::Cyclic(_) = base.layout().dims()[first]
                && let Dim::Block(_) | Dim::Cyclic(_) = band.layout().dims()[first]
            {
                // On the row's rank at coordinate 0 of the band's second axis.
                (at[first], at[second]) = (t, t);
                let global: Vec<GlobalIndex> = at.iter().copied().map(GlobalIndex).collect();
                let section = band.layout().owner_rank(&global).unwrap();
                let mut coordinates = band.layout().grid().coordinates(section).unwrap();
                coordinates[second] = GridRank(0);
                prop_assert_eq!(Some(holder), band.ranks().holder(band.layout().grid().rank(&coordinates).unwrap()));
            }
        }

        // All elements are held once: by the owner, at its places.
        let mut held = HashMap::new();
        for section in (0..band.layout().processes()).map(Rank) {
            // Sections that differ along other axes hold the same part of the diagonal.
            let coordinates = band.layout().grid().coordinates(section).unwrap();
            let is_first = others.iter().all(|&axis| coordinates[axis].0 == 0);
            for overlap in found.held(section).unwrap().unwrap() {
                for k in (0..overlap.count()).flat_map(|run| (0..overlap.run_len()).map(move |at| (run, at))) {
                    let along = |start: i64, stride: i64| start + k.0 * stride + k.1;
                    let t = along(overlap.global_start().0, overlap.global_stride());
                    let places = [
                        LocalIndex(along(overlap.a_start().0, overlap.a_stride())),
                        LocalIndex(along(overlap.b_start().0, overlap.b_stride())),
                    ];
                    if is_first {
                        let before = held.insert(t, (coordinates[first], coordinates[second], places));
                        prop_assert_eq!(before, None);
                    }
                }
            }
        }
        prop_assert_eq!(held.len() as i64, len);
        for (t, (p, q, places)) in held {
            prop_assert_eq!(band.layout().dims()[first].owner(GlobalIndex(t)), Some((p, places[0])));
            prop_assert_eq!(band.layout().dims()[second].owner(GlobalIndex(t)), Some((q, places[1])));
        }
        prop_assert!(found.held(Rank(band.layout().processes())).unwrap().is_none());
    }

    /// Kinds along both axes for which no element moves.
    #[test]
    fn stay(rows in 1..40_i64, columns in 1..40_i64, p in 1..5_i64, q in 1..5_i64, block in 1..5_i64, offset in -9..9_i64) {
        let moves = |row: Dim, column: Dim, offset: i64| {
            Placement::new(Layout::new(vec![row, column]).unwrap()).diagonal(offset, 0, 1).unwrap().moves()
        };
        let blocks = (Block::new(rows, p).unwrap(), Block::balanced(columns, q).unwrap());
        prop_assert!(!moves(blocks.0.clone().into(), blocks.1.into(), offset));
        let cyclic = |size, processes| Cyclic::new(size, processes, block).unwrap().with_source(GridRank(processes - 1)).unwrap();
        // The diagonal begins with a whole block along both axes.
        prop_assert!(!moves(cyclic(rows, p).into(), cyclic(columns, q).into(), offset * block));
        let whole = || Dim::undistributed(columns).unwrap();
        prop_assert!(!moves(cyclic(rows, p).into(), whole(), offset) && !moves(whole(), blocks.0.into(), offset));
    }

    #[test]
    fn as_matrices(vector in (0..30_i64).prop_flat_map(|size| placements(vec![size])), offset in -9..9_i64) {
        let found = vector.diagonal_matrix(offset).unwrap();
        let (before, after) = if offset < 0 { (-offset, 0) } else { (0, offset) };
        let side = vector.shape()[0] + before + after;
        prop_assert_eq!(found.shape(), [side, side]);
        judged(&found);
        let stays = match &vector.layout().dims()[0] {
            Dim::Block(_) => true,
            Dim::Cyclic(cyclic) => before % cyclic.block_size() == 0,
            _ => offset == 0,
        };
        for i in 0..vector.shape()[0] {
            let (holder, _) = owner(&found, &[i + before, i + after]);
            prop_assert!(!stays || holder == owner(&vector, &[i]).0, "element {} of {} in {}", i, vector, found);
            prop_assert_eq!(holder, owner(&found, &[i + before, 0]).0);
        }
        // The way back: the diagonal lies where the rows do.
        let diagonal = found.diagonal(offset, 0, 1).unwrap();
        prop_assert_eq!(diagonal.result().shape(), vector.shape());
        prop_assert!(!diagonal.moves());
    }
}

/// Cost follows the processes and the runs, not the elements.
#[test]
fn long_diagonals() {
    let side = 1_i64 << 31;
    let matrix =
        |specs: [DimSpec; 2]| Placement::new(Layout::builder([side, side]).dims(specs).grid([4, 6]).build().unwrap());
    let text = |placement: &Placement| placement.to_string();
    let cyclic = matrix([DimSpec::BlockCyclic(8), DimSpec::BlockCyclic(8)]).diagonal(16, 0, 1).unwrap();
    assert_eq!(
        text(cyclic.result()),
        format!("({},) over 12: cyclic(8) on ranks 2, 9, 16, 23, 0, 7, 14, 21 and 4 more", side - 16)
    );
    let blocks = matrix([DimSpec::Block, DimSpec::Block]).diagonal(0, 0, 1).unwrap();
    assert_eq!(blocks.result().layout().processes(), 9);
    let mixed = matrix([DimSpec::BlockCyclic(8), DimSpec::Block]).diagonal(0, 0, 1).unwrap();
    assert!(mixed.moves());
    assert_eq!(text(mixed.result()), format!("({side},) over 4: cyclic(8) on ranks 0, 6, 12, 18"));
    // Rows 0 to 8 of each 32, columns of the first sixth.
    assert_eq!(
        mixed.held(Rank(0)).unwrap().unwrap().iter().map(|held| held.run_len() * held.count()).sum::<i64>(),
        89_478_488
    );
}

#[test]
fn refusals() {
    let matrix = Placement::new(Layout::builder([6, 4]).processes(2).build().unwrap());
    assert_eq!(matrix.diagonal(0, 0, 0).unwrap_err().kind(), ErrorKind::AxisRepeated);
    assert_eq!(matrix.diagonal(0, 0, 2).unwrap_err().kind(), ErrorKind::AxisOutOfRange);
    assert_eq!(matrix.diagonal_matrix(0).unwrap_err().kind(), ErrorKind::Count);
    for offset in [i64::MIN, i64::MAX, 4, -6] {
        let empty = matrix.diagonal(offset, 0, 1).unwrap();
        assert_eq!((empty.result().shape(), empty.moves()), (&[0][..], false));
    }
    let labels = dap_core::dim::Unstructured::new(2, true, &[[7], [9]]).unwrap();
    let mesh = Placement::new(Layout::new(vec![labels.into()]).unwrap());
    assert_eq!(mesh.diagonal_matrix(0).unwrap_err().kind(), ErrorKind::SliceWithoutOrder);
    let long = Placement::new(Layout::builder([1 << 32]).processes(2).build().unwrap());
    assert_eq!(long.diagonal_matrix(0).unwrap_err().kind(), ErrorKind::Overflow);
    assert_eq!(long.diagonal_matrix(i64::MIN).unwrap_err().kind(), ErrorKind::Overflow);
}
