//! Operands of element-wise operations: which one stays, which move, and what that costs.

use std::collections::{BTreeMap, BTreeSet};

use dap_core::algebra::{Alignment, CommRank, Operand, Placement, RankMap, View, broadcast_shapes};
use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::error::ErrorKind;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use proptest::prelude::*;

use crate::dense::{element, indices, owner, placements};

/// Elements and messages between ranks, one by one.
fn cost(from: &Placement, to: &Placement) -> (i64, i64) {
    let mut moved = 0;
    let mut pairs = BTreeSet::new();
    for section in (0..to.layout().processes()).map(Rank) {
        let target = to.ranks().holder(section).unwrap();
        for local in indices(&to.layout().local_shape(section).unwrap()) {
            let (source, _) = owner(from, &element(to.layout(), section, &local).unwrap());
            if source != target {
                moved += 1;
                pairs.insert((source, target));
            }
        }
    }
    (moved, pairs.len() as i64)
}

/// The elements that each rank owns, in the order of its places.
fn sections(placement: &Placement) -> BTreeMap<CommRank, Vec<Vec<i64>>> {
    type Place = (Vec<i64>, Vec<i64>);
    let mut sections: BTreeMap<CommRank, Vec<Place>> = BTreeMap::new();
    for section in (0..placement.layout().processes()).map(Rank) {
        let coordinates = placement.layout().grid().coordinates(section).unwrap();
        for local in indices(&placement.layout().local_shape(section).unwrap()) {
            let index = element(placement.layout(), section, &local).unwrap();
            let is_owned = placement.layout().dims().iter().zip(&coordinates).zip(index.iter().zip(&local));
            let is_owned = is_owned.into_iter().all(|((dim, &at), (&index, &local))| match dim {
                Dim::Block(block) => {
                    let section = block.section(at);
                    (section.comm_lo..section.comm_lo + section.owned_len()).contains(&local)
                        && (section.owned_start..section.owned_stop).contains(&index)
                }
                _ => true,
            });
            if is_owned {
                let holder = placement.ranks().holder(section).unwrap();
                sections.entry(holder).or_default().push((local, index));
            }
        }
    }
    let in_order = |mut places: Vec<Place>| {
        places.sort();
        places.into_iter().map(|(_, index)| index).collect()
    };
    sections.into_iter().map(|(holder, places)| (holder, in_order(places))).collect()
}

/// Arrays whose shapes can be broadcast together.
fn operands() -> impl Strategy<Value = Vec<(Placement, i64)>> {
    let shape = prop_oneof![1 => Just(vec![]), 2 => prop::collection::vec(0..30_i64, 1), 3 => prop::collection::vec(0..7_i64, 2..=3)];
    let each = (any::<usize>(), 0..8_u8, prop_oneof![Just(1_i64), Just(4), Just(8)]);
    (shape, prop::collection::vec(each, 1..4)).prop_flat_map(|(shape, each)| {
        each.into_iter()
            .map(|(skipped, ones, itemsize)| {
                // The whole shape in half of the cases.
                let skipped = if skipped % 2 == 0 { 0 } else { skipped / 2 % (shape.len() + 1) };
                let ones = if skipped == 0 && ones % 2 == 0 { 0 } else { ones };
                let own: Vec<i64> = shape[skipped..]
                    .iter()
                    .enumerate()
                    .map(|(at, &n)| if ones >> at & 1 == 1 { 1 } else { n })
                    .collect();
                (placements(own), Just(itemsize))
            })
            .collect::<Vec<_>>()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn alignments(arrays in operands(), in_place in any::<bool>()) {
        let operands: Vec<Operand> = arrays.iter().map(|(placement, itemsize)| Operand { view: View::of(placement), itemsize: *itemsize }).collect();
        let shapes: Vec<&[i64]> = arrays.iter().map(|(placement, _)| placement.shape()).collect();
        let ndim = shapes.iter().map(|shape| shape.len()).max().unwrap();
        let shape: Vec<i64> = (0..ndim).map(|axis| {
            let extents = shapes.iter().filter_map(|shape| (axis + shape.len()).checked_sub(ndim).map(|at| shape[at]));
            extents.fold(1, |known, extent| if known == 1 { extent } else { known })
        }).collect();
        prop_assert_eq!(&broadcast_shapes(shapes.iter().copied()).unwrap(), &shape);
        let target = in_place.then(|| &arrays[0].0).filter(|placement| placement.shape() == shape);
        let found = Alignment::of(&operands, target).unwrap();
        prop_assert_eq!(found.result().shape(), &shape[..]);
        match target {
            Some(target) => prop_assert_eq!((found.result(), found.stays()), (target, None)),
            None => {
                let bytes = |at: usize| shapes[at].iter().product::<i64>() * arrays[at].1;
                let whole: Vec<usize> = (0..arrays.len()).filter(|&at| shapes[at] == shape).collect();
                let candidates = if whole.is_empty() { (0..arrays.len()).collect() } else { whole };
                let most = candidates.iter().map(|&at| bytes(at)).max().unwrap();
                let stays = candidates.into_iter().find(|&at| bytes(at) == most);
                prop_assert_eq!(found.stays(), stays);
            }
        }
        let result = found.result();
        for (number, (placement, itemsize)) in arrays.iter().enumerate() {
            let mine = |index: &[i64]| -> Vec<i64> {
                let own = placement.shape();
                index[ndim - own.len()..].iter().zip(own).map(|(&k, &n)| if n == 1 { 0 } else { k }).collect()
            };
            let Some(moved) = found.moves().iter().find(|moved| moved.operand == number) else {
                // Each element is on the rank of the result's, in the order of the result's.
                let shown = operands[number].view.broadcast_to(&shape).unwrap().placement().unwrap();
                let elements = |placement: &Placement| -> BTreeMap<CommRank, Vec<Vec<i64>>> {
                    let of_operand = |indices: Vec<Vec<i64>>| indices.iter().map(|index| mine(index)).collect();
                    sections(placement).into_iter().map(|(holder, indices)| (holder, of_operand(indices))).collect()
                };
                prop_assert_eq!(elements(&shown), elements(result), "{} stays for {}", placement, result);
                continue;
            };
            prop_assert!(found.stays() != Some(number));
            let from = moved.source.placement().unwrap();
            let expected = cost(&from, &moved.target);
            prop_assert_eq!((moved.cost.elements, moved.cost.messages), expected, "from {} to {}", from, moved.target);
            prop_assert_eq!(moved.bytes, Some(expected.0 * itemsize));
            prop_assert!(sections(&from) != sections(&moved.target), "{} moves in vain to {}", from, moved.target);
            // The rank of an element of the result gets the operand's.
            for index in indices(&shape) {
                let (holder, _) = owner(result, &index);
                let section = result.ranks().section(holder).unwrap();
                let coordinates = result.layout().grid().coordinates(section).unwrap();
                let there: Vec<i64> = index.iter().enumerate().map(|(axis, &k)| {
                    let extent = (axis + placement.ndim()).checked_sub(ndim).map(|at| placement.shape()[at]);
                    if extent == Some(shape[axis]) { k } else { coordinates[axis].0 }
                }).collect();
                prop_assert_eq!(owner(&moved.target, &there).0, holder);
                prop_assert_eq!(moved.source.base_index(&there), Some(mine(&index)));
            }
        }
    }
}

#[test]
fn different_descriptions_of_the_same() {
    let line = |dim: Dim| Placement::new(Layout::new(vec![dim]).unwrap());
    let lists = Unstructured::new(6, true, &[vec![0, 1, 2], vec![3, 4, 5]]).unwrap();
    let backwards = Unstructured::new(6, true, &[vec![2, 1, 0], vec![3, 4, 5]]).unwrap();
    let shuffled = Unstructured::new(6, true, &[vec![0, 2, 1], vec![3, 4, 5]]).unwrap();
    let blocks: [Dim; 4] = [
        Block::new(6, 2).unwrap().into(),
        Block::new(6, 2).and_then(|block| block.with_halo(1)).unwrap().into(),
        Cyclic::new(6, 2, 3).unwrap().into(),
        lists.into(),
    ];
    for (a, b) in blocks.iter().flat_map(|a| blocks.iter().map(move |b| (a, b))) {
        assert!(line(a.clone()).holds_the_same(&line(b.clone())), "{a} and {b}");
    }
    for other in [
        Cyclic::new(6, 2, 1).unwrap().into(),
        Dim::from(backwards),
        Dim::from(shuffled),
        Block::new(6, 3).unwrap().into(),
    ] {
        assert!(!line(blocks[0].clone()).holds_the_same(&line(other.clone())), "{other}");
    }
    // One process, and a process that holds nothing.
    assert!(line(Block::new(6, 1).unwrap().into()).holds_the_same(&line(Cyclic::new(6, 1, 2).unwrap().into())));
    assert!(
        line(Block::from_bounds([0, 6, 6]).unwrap().into()).holds_the_same(&line(Block::new(6, 1).unwrap().into()))
    );
    // The same sections on other ranks, and the same ranks by another map.
    let grid = line(blocks[0].clone());
    let swapped = RankMap::listed(grid.layout().grid(), [1, 0]).unwrap();
    let swapped = Placement::with_ranks(grid.layout().clone(), swapped).unwrap();
    assert!(!grid.holds_the_same(&swapped));
    let from_second = Cyclic::new(6, 2, 3).and_then(|cyclic| cyclic.with_source(GridRank(1))).unwrap();
    assert!(swapped.holds_the_same(&line(from_second.into())));
    // 2^50 elements are not looked at one by one.
    let large = |dim: dap_core::error::Result<Dim>| line(dim.unwrap());
    let a = large(Cyclic::new(1 << 50, 4, 3).map(Dim::from));
    let b = large(dap_core::dim::CyclicSlice::new(1 << 50, 4, 3, 1, 1).map(Dim::from));
    assert!(a.holds_the_same(&a.clone()) && !a.holds_the_same(&b));
}

#[test]
fn refusals() {
    let operand = |shape: &[i64]| {
        let placement = Placement::new(Layout::builder(shape).processes(2).build().unwrap());
        Operand { view: View::of(&placement), itemsize: 8 }
    };
    let error = Alignment::of(&[operand(&[4, 3]), operand(&[2])], None).unwrap_err();
    assert_eq!(error.to_string(), "dimension 1: the extents cannot be broadcast together: `size` is 2, expected 3");
    assert_eq!(Alignment::of(&[], None).unwrap_err().kind(), ErrorKind::TooSmall);
    let target = operand(&[3]).view.placement().unwrap();
    assert_eq!(Alignment::of(&[operand(&[2, 3])], Some(&target)).unwrap_err().kind(), ErrorKind::NotBroadcastable);
}
