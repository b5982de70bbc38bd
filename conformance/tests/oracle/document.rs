//! The examples that the protocol's own document works out.

use dap_conformance::model::{DimDict, RankExport};

use super::{f8, held, kinds, maps, refused};

#[test]
fn block_with_padding() {
    // Process 0: B 1 2 3 4 5 6 7 8 C Process 1: C 9 10 11 12 13 14 15 16 B, with C on each side
    // over the other's edge.
    let rank = |r, start, stop| f8(&[10], vec![DimDict::block(18, 2, r, start, stop).with("padding", [1, 1])]);
    let maps = maps(&[rank(0, 0, 10), rank(1, 8, 18)]);
    assert_eq!(kinds(&maps, 0, 0), "B........C");
    assert_eq!(kinds(&maps, 1, 0), "C........B");
    assert_eq!(maps.dims[0].owned, [9, 9]);
    assert_eq!(maps.dims[0].owner(8), Some((0, 8)));
    assert_eq!(maps.dims[0].owner(9), Some((1, 1)));
    assert_eq!(maps.dims[0].owner(18), None);
    assert_eq!(maps.dims[0].boundary, Some([1, 1]));
}

#[test]
fn the_table_of_widths() {
    // "Let its left boundary padding width be 4, its right boundary padding width be 0 and its
    // communication padding widths be (1,) (1, 2), (2, 3), and (3,)": with 5 owned by each, 0..5,
    // 5..10, 10..15, 15..20.
    let rank = |r, start, stop, padding: [i64; 2]| {
        f8(&[stop - start], vec![DimDict::block(20, 4, r, start, stop).with("padding", padding)])
    };
    let set = [rank(0, 0, 6, [4, 1]), rank(1, 4, 12, [1, 2]), rank(2, 8, 18, [2, 3]), rank(3, 12, 20, [3, 0])];
    let maps = maps(&set);
    assert_eq!(kinds(&maps, 0, 0), "BBBB.C");
    assert_eq!(kinds(&maps, 1, 0), "C.....CC");
    assert_eq!(kinds(&maps, 3, 0), "CCC.....");
    assert_eq!(maps.dims[0].owned, [5, 5, 5, 5]);
    for global in 0..20 {
        assert_eq!(maps.dims[0].owner(global).map(|(grid_rank, _)| grid_rank), Some(global / 5));
    }
}

#[test]
fn coordinates_count_in_c_order() {
    // "process grid coordinate (i,j) corresponds to the process with rank i*M + j"
    let mut set: Vec<RankExport> = Vec::new();
    for i in 0..2 {
        for j in 0..3 {
            set.push(f8(&[1, 1], vec![DimDict::block(2, 2, i, i, i + 1), DimDict::block(3, 3, j, j, j + 1)]));
        }
    }
    assert_eq!(maps(&set).owner(&[1, 2]), Some((5, vec![0, 0])));
    assert_eq!(maps(&set).owner(&[1, 0]), Some((3, vec![0, 0])));
    set.swap(1, 2);
    refused(&set, "DAP604");
}

#[test]
fn unstructured_over_three_processes() {
    let rank =
        |r, indices: &[i64]| f8(&[indices.len() as i64], vec![DimDict::unstructured(30, 3, r, indices.to_vec())]);
    let set = [
        rank(0, &[19, 1, 0, 12, 2, 15, 4]),
        rank(1, &[6, 13, 3]),
        rank(2, &[10, 25, 5, 21, 7, 18, 11, 26, 29, 24, 23, 28, 14, 20, 9, 16, 27, 8, 17, 22]),
    ];
    let maps = maps(&set);
    assert_eq!(maps.dims[0].owner(12), Some((0, 3)));
    assert_eq!(maps.dims[0].owner(13), Some((1, 1)));
    assert_eq!(maps.dims[0].owner(22), Some((2, 19)));
}

#[test]
fn cyclic_block_cyclic() {
    // 5 x 9 x 3 on 2 x 2 x 2, the buffers as the document prints them.
    let shapes = [[3, 5, 2], [3, 5, 1], [3, 4, 2], [3, 4, 1], [2, 5, 2], [2, 5, 1], [2, 4, 2], [2, 4, 1]];
    let set: Vec<RankExport> = (0..8i64)
        .zip(shapes)
        .map(|(rank, shape)| {
            let (i, j, k) = (rank / 4, rank / 2 % 2, rank % 2);
            let (start, stop) = if j == 0 { (0, 5) } else { (5, 9) };
            let dims =
                vec![DimDict::cyclic(5, 2, i, i), DimDict::block(9, 2, j, start, stop), DimDict::cyclic(3, 2, k, k)];
            f8(&shape, dims)
        })
        .collect();
    let maps = maps(&set);
    assert_eq!(maps.shape, [5, 9, 3]);
    assert_eq!(maps.grid, [2, 2, 2]);
    assert_eq!(held(&maps, 6, 0), [1, 3]);
    assert_eq!(maps.owned_len(6), 2 * 4 * 2);
    assert_eq!(maps.owner(&[3, 7, 2]), Some((6, vec![1, 2, 1])));
}

#[test]
fn a_one_dimensional_buffer_for_two_dictionaries() {
    let rank = |r| f8(&[10], vec![DimDict::block(2, 2, r, r, r + 1), DimDict::block(10, 1, 0, 0, 10)]);
    refused(&[rank(0), rank(1)], "DAP109");
}

#[test]
fn the_empty_dictionary_is_a_whole_dimension() {
    let alias = f8(&[4, 3], vec![DimDict::block(8, 2, 0, 0, 4), DimDict::empty()]);
    let written = f8(&[4, 3], vec![DimDict::block(8, 2, 1, 4, 8), DimDict::block(3, 1, 0, 0, 3)]);
    let maps = maps(&[alias.clone(), written]);
    assert_eq!(maps.shape, [8, 3]);
    assert_eq!(held(&maps, 0, 1), [0, 1, 2]);
    let wider = f8(&[4, 4], vec![DimDict::block(8, 2, 1, 4, 8), DimDict::empty()]);
    refused(&[alias, wider], "DAP606");
}

#[test]
fn a_scalar_has_one_process() {
    assert_eq!(maps(&[f8(&[], vec![])]).owner(&[]), Some((0, vec![])));
    refused(&[f8(&[], vec![]), f8(&[], vec![])], "DAP603");
    refused(&[], "DAP010");
}

#[test]
fn empty_sections() {
    // "With any dist_type: size == 0"; "start == size"; "start == stop"; "len(indices) == 0".
    let rank = |r| {
        let dims =
            vec![DimDict::block(0, 1, 0, 0, 0), DimDict::cyclic(1, 2, r, r), DimDict::unstructured(0, 1, 0, vec![])];
        f8(&[0, 1 - r, 0], dims)
    };
    let maps = maps(&[rank(0), rank(1)]);
    assert_eq!(maps.dims[1].owned, [1, 0]);
    let block = |r, start, stop| f8(&[stop - start], vec![DimDict::block(5, 4, r, start, stop)]);
    let set = [block(0, 0, 0), block(1, 0, 5), block(2, 5, 5), block(3, 5, 5)];
    assert_eq!(super::maps(&set).dims[0].owned, [0, 5, 0, 0]);
    // An empty section in the middle has its position too.
    refused(&[block(0, 0, 2), block(1, 5, 5), block(2, 2, 4), block(3, 4, 5)], "DAP612");
}

#[test]
fn boundary_padding_may_differ_at_the_edge() {
    // Two rows of processes share the left edge of dimension 1 and state different boundaries.
    let rank = |i, j: i64, padding: [i64; 2]| {
        let (start, stop) = if j == 0 { (0, 4) } else { (2, 6) };
        let dims =
            vec![DimDict::block(2, 2, i, i, i + 1), DimDict::block(6, 2, j, start, stop).with("padding", padding)];
        f8(&[1, 4], dims)
    };
    let good = [rank(0, 0, [1, 1]), rank(0, 1, [1, 0]), rank(1, 0, [0, 1]), rank(1, 1, [1, 2])];
    let maps = maps(&good);
    assert_eq!(kinds(&maps, 0, 1), "B..C");
    assert_eq!(kinds(&maps, 2, 1), "...C");
    assert_eq!(kinds(&maps, 3, 1), "C.BB");
    assert_eq!(maps.dims[1].boundary, None);
    let inner = [rank(0, 0, [1, 1]), rank(0, 1, [1, 0]), rank(1, 0, [0, 0]), rank(1, 1, [1, 0])];
    refused(&inner, "DAP611");
}
