//! Grids and layouts.

use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::error::ErrorKind;
use dap_core::grid::Grid;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex, Rank};
use dap_core::layout::{Edition, Layout, MAX_NDIM};
use proptest::prelude::*;

use crate::any::{Known, any_known};
use crate::oracle::Slow;

/// Every combination of one item of each list, the last varying fastest.
fn product<T: Copy>(lists: &[Vec<T>]) -> Vec<Vec<T>> {
    lists.iter().fold(vec![vec![]], |combinations, list| {
        combinations.iter().flat_map(|so_far| list.iter().map(|&item| [so_far.as_slice(), &[item]].concat())).collect()
    })
}

proptest! {
    #[test]
    fn grids_count_in_c_order(shape in prop::collection::vec(1_i64..5, 0..5)) {
        let grid = Grid::new(shape.clone()).unwrap();
        let all = product(&shape.iter().map(|&extent| (0..extent).map(GridRank).collect()).collect::<Vec<_>>());
        prop_assert_eq!(grid.processes(), all.len() as i64);
        for (rank, coordinates) in (0..).map(Rank).zip(&all) {
            prop_assert_eq!(grid.coordinates(rank), Some(coordinates.clone()));
            prop_assert_eq!(grid.rank(coordinates), Some(rank));
            for (dim, &coordinate) in coordinates.iter().enumerate() {
                prop_assert_eq!(grid.coordinate(rank, dim), Some(coordinate));
                let mut next = coordinates.clone();
                next[dim].0 += 1;
                let neighbour = grid.rank(&next);
                let expected = (coordinate.0 + 1 < shape[dim]).then(|| Rank(rank.0 + grid.stride(dim)));
                prop_assert_eq!(neighbour, expected);
            }
        }
        for outside in [-1, all.len() as i64, i64::MIN, i64::MAX].map(Rank) {
            prop_assert_eq!(grid.coordinates(outside), None);
            prop_assert_eq!(grid.coordinate(outside, 0), None);
        }
        prop_assert_eq!(grid.rank(&vec![GridRank(0); shape.len() + 1]), None);
    }

    #[test]
    fn layouts_are_products(known in prop::collection::vec(small(), 0..3)) {
        let (dims, slow): (Vec<Dim>, Vec<Slow>) = known.into_iter().unzip();
        let layout = Layout::new(dims.clone()).unwrap();
        prop_assert_eq!(layout.len(), slow.iter().map(|slow| slow.size).product::<i64>());
        let ranks = product(&slow.iter().map(|slow| (0..slow.buffers.len()).collect()).collect::<Vec<_>>());
        prop_assert_eq!(layout.processes(), ranks.len() as i64);
        for (rank, coordinates) in (0..).map(Rank).zip(&ranks) {
            let mine = || slow.iter().zip(coordinates).map(|(slow, &at)| &slow.buffers[at]);
            let shape: Vec<i64> = mine().map(|buffer| buffer.len() as i64).collect();
            let owned: Vec<i64> = mine().map(|buffer| buffer.iter().filter(|p| p.owned).count() as i64).collect();
            prop_assert_eq!(layout.owned_len(rank), owned.iter().product::<i64>());
            prop_assert_eq!(layout.local_len(rank), Some(shape.iter().product()));
            prop_assert_eq!(layout.local_shape(rank), Some(shape));
            prop_assert_eq!(layout.owned_shape(rank), Some(owned));
            let places = product(&mine().map(|buffer| (0..buffer.len()).collect()).collect::<Vec<_>>());
            for place in places {
                let local: Vec<_> = place.iter().map(|&at| LocalIndex(at as i64)).collect();
                let held: Vec<_> = mine().zip(&place).map(|(buffer, &at)| buffer[at]).collect();
                let global: Vec<_> = held.iter().map(|place| GlobalIndex(place.global)).collect();
                prop_assert_eq!(layout.global(rank, &local), Some(global.clone()));
                let (owner, at) = layout.owner(&global).unwrap();
                prop_assert_eq!(layout.owner_rank(&global), Some(owner));
                let first = dims.iter().zip(&global).all(|(dim, &g)| dim.owner(g).is_some());
                prop_assert!(first);
                let mine_first = slow.iter().zip(&global).zip(coordinates)
                    .all(|((slow, g), &c)| slow.owner(g.0).unwrap().0.0 == c as i64);
                prop_assert_eq!(owner == rank, mine_first);
                if owner == rank && held.iter().all(|place| place.owned) {
                    prop_assert_eq!(at, local);
                }
            }
        }
        let nobody = Rank(ranks.len() as i64);
        prop_assert_eq!(layout.owned_len(nobody), 0);
        prop_assert_eq!(layout.local_shape(nobody), None);
        let again = Layout::new(dims).unwrap().with_edition(Edition::V0_9);
        prop_assert_eq!(again.edition(), Some(Edition::V0_9));
        prop_assert_eq!(layout, again);
    }
}

proptest! {
    #[test]
    fn an_index_that_is_not_there_is_explained(
        known in prop::collection::vec(small(), 1..4),
        index in prop::collection::vec(-2_i64..26, 0..5),
        rank in -1_i64..20,
    ) {
        let (dims, slow): (Vec<Dim>, Vec<Slow>) = known.into_iter().unzip();
        let layout = Layout::new(dims).unwrap();
        let global: Vec<_> = index.iter().copied().map(GlobalIndex).collect();
        let found = layout.try_owner(&global);
        prop_assert_eq!(found.clone().ok(), layout.owner(&global));
        if let Err(error) = found {
            let outside = slow.iter().zip(&index).position(|(slow, &index)| slow.owner(index).is_none());
            if index.len() == slow.len() {
                prop_assert_eq!((error.kind(), error.dim()), (ErrorKind::IndexOutOfBounds, outside));
                let dim = outside.unwrap();
                prop_assert_eq!(error.value(), Some(index[dim]));
                // The nearest index, if one is named, is there.
                prop_assert!(error.expected().is_none_or(|nearest| slow[dim].owner(nearest).is_some()));
            } else {
                prop_assert_eq!((error.kind(), error.dim()), (ErrorKind::IndexCount, None));
                prop_assert_eq!((error.value(), error.expected()), (Some(index.len() as i64), Some(slow.len() as i64)));
            }
        }
        let local: Vec<_> = index.iter().copied().map(LocalIndex).collect();
        let found = layout.try_global(Rank(rank), &local);
        prop_assert_eq!(found.clone().ok(), layout.global(Rank(rank), &local));
        match (found, layout.local_shape(Rank(rank))) {
            (Err(error), None) => prop_assert!(matches!(error.kind(), ErrorKind::TooSmall | ErrorKind::TooLarge)),
            (Err(error), Some(shape)) if index.len() == shape.len() => {
                let outside = shape.iter().zip(&index).position(|(&extent, index)| !(0..extent).contains(index));
                prop_assert_eq!((error.kind(), error.dim()), (ErrorKind::IndexOutOfBounds, outside));
                prop_assert_eq!(error.rank(), Some(Rank(rank)));
            }
            (Err(error), Some(_)) => prop_assert_eq!(error.kind(), ErrorKind::IndexCount),
            (Ok(_), shape) => prop_assert!(shape.is_some()),
        }
    }
}

#[test]
fn the_nearest_index_is_named() {
    let layout = Layout::new(vec![Dim::undistributed(4).unwrap(), Dim::undistributed(0).unwrap()]).unwrap();
    let text = |index: [i64; 2]| layout.try_owner(&index.map(GlobalIndex)).unwrap_err().to_string();
    assert_eq!(text([-1, 0]), "dimension 0: the index is outside of the dimension: `index` is -1, at least 0");
    assert_eq!(text([4, 0]), "dimension 0: the index is outside of the dimension: `index` is 4, at most 3");
    assert_eq!(text([3, 0]), "dimension 1: the index is outside of the dimension: `index` is 0");
}

fn small() -> impl Strategy<Value = Known> {
    any_known().prop_filter("small", |(_, slow)| slow.size <= 24)
}

#[test]
fn without_dimensions() {
    let scalar = Layout::new(vec![]).unwrap();
    assert_eq!((scalar.ndim(), scalar.len(), scalar.processes()), (0, 1, 1));
    assert_eq!(scalar.owner(&[]), Some((Rank(0), vec![])));
    assert_eq!(scalar.global(Rank(0), &[]), Some(vec![]));
    assert_eq!((scalar.owned_len(Rank(0)), scalar.owned_len(Rank(1))), (1, 0));
    assert_eq!(scalar.owner(&[GlobalIndex(0)]), None);
    assert_eq!(scalar.to_string(), "() over 1");
}

#[test]
fn counts_must_fit() {
    let huge = |size, processes| Dim::from(Cyclic::new(size, processes, 1).unwrap());
    let kind = |dims| Layout::new(dims).unwrap_err().kind();
    assert_eq!(kind(vec![huge(1 << 32, 1), huge(1 << 32, 1)]), ErrorKind::Overflow);
    assert_eq!(kind(vec![huge(1, 1 << 32), huge(1, 1 << 32)]), ErrorKind::Overflow);
    assert_eq!(kind(vec![huge(1, 1); MAX_NDIM + 1]), ErrorKind::TooManyDims);
    // Nothing at all, though the others are many.
    let empty = Layout::new(vec![huge(1 << 62, 1), huge(1 << 62, 1), huge(0, 1)]).unwrap();
    assert_eq!((empty.len(), empty.owned_len(Rank(0))), (0, 0));
    assert_eq!(
        Grid::new(vec![2, 0]).unwrap_err().to_string(),
        "dimension 1: the value is too small: `proc_grid_size` is 0, at least 1"
    );
    assert_eq!(Grid::new(vec![1 << 40, 1 << 22]).unwrap().processes(), 1 << 62);
}

#[test]
fn descriptions() {
    let text = |dim: dap_core::error::Result<Dim>| dim.unwrap().to_string();
    assert_eq!(text(Block::new(10, 4).map(Dim::from)), "block(3)");
    assert_eq!(text(Block::balanced(10, 4).map(Dim::from)), "block(2 to 3)");
    assert_eq!(text(Block::from_bounds([0, 1, 9, 10]).map(Dim::from)), "block[0, 1, 9, 10]");
    assert_eq!(
        text(Block::from_bounds((0..9).map(|r| r * r).collect::<Vec<_>>()).map(Dim::from)),
        "block[0, 1, 4, ... 64]"
    );
    let ring = Block::new(12, 3).and_then(|b| b.with_halo(2)?.with_boundary(1, 2)?.with_periodic(true));
    assert_eq!(text(ring.map(Dim::from)), "block(4) halo 2 boundary 1+2 periodic");
    let wrapped = Block::new(12, 3).and_then(|block| block.with_halo(2)?.with_wrap(2));
    assert_eq!(text(wrapped.map(Dim::from)), "block(4) halo 2 wrap 2 periodic");
    assert_eq!(text(Cyclic::new(10, 4, 2).and_then(|c| c.with_source(GridRank(3))).map(Dim::from)), "cyclic(2) from 3");
    let line = Layout::new(vec![Cyclic::new(10, 4, 1).unwrap().into()]).unwrap();
    assert_eq!(format!("{line:?}"), "Layout (10,) over 4: cyclic");
    let upper = Block::new(7, 2).and_then(|block| block.with_boundary(0, 2)).unwrap();
    let plane = Layout::new(vec![Cyclic::new(10, 4, 1).unwrap().into(), upper.into()]).unwrap();
    assert_eq!(plane.to_string(), "(10, 7) over 4x2: cyclic, block(4) boundary 0+2");
}
