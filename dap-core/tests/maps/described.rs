//! Descriptions that maps give of themselves:  equality, words, and the whole array's shortcuts.

use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;

fn lists(lists: &[&[i64]]) -> Unstructured {
    let held = lists.iter().map(|list| list.len() as i64).sum();
    Unstructured::new(held, false, lists).unwrap()
}

#[test]
fn unstructured_maps_are_equal_by_their_lists() {
    let map = lists(&[&[3, 1], &[2]]);
    assert_eq!(map, map.clone());
    assert_eq!(map, lists(&[&[3, 1], &[2]]));
    for other in [lists(&[&[1, 3], &[2]]), lists(&[&[3], &[1, 2]]), lists(&[&[3, 1], &[4]])] {
        assert_ne!(map, other);
    }
    let declared = Unstructured::new(3, true, &[&[3, 1][..], &[2]]).unwrap();
    assert_ne!(map, declared);
    // Three held, two of them different: `size` may be either.
    let [held, distinct] = [3, 2].map(|size| Unstructured::new(size, false, &[&[3, 1][..], &[1]]).unwrap());
    assert_ne!(held, distinct);
}

#[test]
fn equal_maps_have_one_hash_and_others_mostly_another() {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    let hash = |map: &Unstructured| BuildHasherDefault::<DefaultHasher>::default().hash_one(map);
    let map = lists(&[&[3, 1], &[2]]);
    assert_eq!(hash(&map), hash(&lists(&[&[3, 1], &[2]])));
    // Told apart by their numbers, not by their lists.
    let declared = Unstructured::new(3, true, &[&[3, 1][..], &[2]]).unwrap();
    for other in [lists(&[&[3, 1], &[2, 4]]), lists(&[&[3, 1, 2]]), lists(&[&[3, 1], &[9]]), declared] {
        assert_ne!(hash(&map), hash(&other), "{other:?}");
    }
}

#[test]
fn maps_in_words() {
    assert_eq!(lists(&[&[3, 1], &[2]]).to_string(), "unstructured");
    assert_eq!(lists(&[&[3, 1], &[1]]).to_string(), "unstructured(3 held, 2 distinct)");
}

#[test]
fn labels_need_not_be_0_to_size() {
    let is_plain = |lists: &[&[i64]]| Dim::from(self::lists(lists)).indices_are_0_to_size();
    assert!(is_plain(&[&[2, 0], &[1]]));
    assert!(!is_plain(&[&[3, 1], &[2]]));
    assert!(!is_plain(&[&[0, 1], &[1]]));
    assert!(Dim::from(Block::new(5, 2).unwrap()).indices_are_0_to_size());
    assert!(Dim::from(Cyclic::new(5, 2, 1).unwrap()).indices_are_0_to_size());
}

#[test]
fn a_layouts_runs_are_its_dimensions() {
    let dims = [Dim::from(Block::new(7, 2).unwrap()), Dim::from(Cyclic::new(9, 3, 2).unwrap())];
    let layout = Layout::new(dims.to_vec()).unwrap();
    for (rank, (row, column)) in (0..).zip((0..2).flat_map(|row| (0..3).map(move |column| (row, column)))) {
        let runs = layout.runs(Rank(rank)).unwrap();
        assert_eq!(runs, [dims[0].runs(GridRank(row)), dims[1].runs(GridRank(column))]);
    }
    assert_eq!(layout.runs(Rank(6)), None);
    assert_eq!(layout.runs(Rank(-1)), None);
}
