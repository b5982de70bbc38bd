//! Global indices that DistArray 0.6.0 itself gives for its exports, and its mistakes.

use dap_conformance::model::{DimDict, RankExport};

use super::{f8, held, maps, refused};

/// DistArray's answer for one rank: the global indices of each dimension.
type Told<'a> = &'a [&'a [i64]];

#[track_caller]
fn agrees(set: &[RankExport], told: &[Told<'_>]) {
    let maps = maps(set);
    for (rank, dims) in told.iter().enumerate() {
        for (dim, globals) in dims.iter().enumerate() {
            assert_eq!(held(&maps, rank, dim), *globals, "rank {rank}, dimension {dim}");
        }
    }
}

#[test]
fn blocks_of_seven() {
    let rank = |r, start, stop| f8(&[stop - start], vec![DimDict::block(7, 3, r, start, stop)]);
    agrees(&[rank(0, 0, 3), rank(1, 3, 6), rank(2, 6, 7)], &[&[&[0, 1, 2]], &[&[3, 4, 5]], &[&[6]]]);
}

#[test]
fn a_fourth_process_without_work() {
    let rank = |r, start, stop| f8(&[stop - start], vec![DimDict::block(5, 4, r, start, stop)]);
    let set = [rank(0, 0, 2), rank(1, 2, 4), rank(2, 4, 5), rank(3, 5, 5).with_strides(vec![0])];
    agrees(&set, &[&[&[0, 1]], &[&[2, 3]], &[&[4]], &[&[]]]);
}

#[test]
fn cyclic() {
    let set: Vec<RankExport> =
        (0..6).map(|r| f8(&[if r < 2 { 2 } else { 1 }], vec![DimDict::cyclic(8, 6, r, r)])).collect();
    agrees(&set, &[&[&[0, 6]], &[&[1, 7]], &[&[2]], &[&[3]], &[&[4]], &[&[5]]]);
}

#[test]
fn block_cyclic() {
    let rank = |r, extent| f8(&[extent], vec![DimDict::cyclic(20, 3, r, 3 * r).with("block_size", 3)]);
    let told: [Told<'_>; 3] = [&[&[0, 1, 2, 9, 10, 11, 18, 19]], &[&[3, 4, 5, 12, 13, 14]], &[&[6, 7, 8, 15, 16, 17]]];
    agrees(&[rank(0, 8), rank(1, 6), rank(2, 6)], &told);
}

#[test]
fn unstructured_by_block_cyclic() {
    let lists = [vec![6, 2, 7, 4], vec![5, 0, 3, 1, 8]];
    let mut set = Vec::new();
    for i in 0..2i64 {
        for (j, extent) in [(0, 4), (1, 4), (2, 2)] {
            let indices = lists[i as usize].clone();
            let shape = [indices.len() as i64, extent];
            let dims =
                vec![DimDict::unstructured(9, 2, i, indices), DimDict::cyclic(10, 3, j, 2 * j).with("block_size", 2)];
            set.push(f8(&shape, dims));
        }
    }
    let told: [Told<'_>; 6] = [
        &[&[6, 2, 7, 4], &[0, 1, 6, 7]],
        &[&[6, 2, 7, 4], &[2, 3, 8, 9]],
        &[&[6, 2, 7, 4], &[4, 5]],
        &[&[5, 0, 3, 1, 8], &[0, 1, 6, 7]],
        &[&[5, 0, 3, 1, 8], &[2, 3, 8, 9]],
        &[&[5, 0, 3, 1, 8], &[4, 5]],
    ];
    agrees(&set, &told);
    assert_eq!(maps(&set).owner(&[3, 9]), Some((4, vec![2, 3])));
}

#[test]
fn block_by_irregular_block() {
    let rank = |i, j: i64, rows: i64| {
        let (start, stop) = if j == 0 { (0, 8) } else { (8, 9) };
        let first = 3 * i;
        f8(
            &[rows, stop - start],
            vec![DimDict::block(5, 2, i, first, first + rows), DimDict::block(9, 2, j, start, stop)],
        )
    };
    let wide: &[i64] = &[0, 1, 2, 3, 4, 5, 6, 7];
    let told: [Told<'_>; 4] = [&[&[0, 1, 2], wide], &[&[0, 1, 2], &[8]], &[&[3, 4], wide], &[&[3, 4], &[8]]];
    agrees(&[rank(0, 0, 3), rank(0, 1, 3), rank(1, 0, 2), rank(1, 1, 2)], &told);
}

#[test]
fn overlapping_lists_with_size_the_number_of_distinct_indices() {
    let rank = |r, indices: [i64; 4]| f8(&[4], vec![DimDict::unstructured(6, 2, r, indices.to_vec())]);
    let set = [rank(0, [0, 1, 2, 3]), rank(1, [2, 3, 4, 5])];
    agrees(&set, &[&[&[0, 1, 2, 3]], &[&[2, 3, 4, 5]]]);
    assert_eq!(maps(&set).dims[0].holders[&2], [(0, 2), (1, 0)]);
}

#[test]
fn lists_that_do_not_reach_size() {
    let rank =
        |r, indices: &[i64]| f8(&[indices.len() as i64], vec![DimDict::unstructured(10, 2, r, indices.to_vec())]);
    refused(&[rank(0, &[0, 9]), rank(1, &[4])], "DAP620");
}

#[test]
fn the_last_partial_block_is_not_always_grid_rank_0s() {
    let rank = |r, extent| f8(&[extent], vec![DimDict::cyclic(7, 2, r, 2 * r).with("block_size", 2)]);
    refused(&[rank(0, 5), rank(1, 2)], "DAP404");
    maps(&[rank(0, 4), rank(1, 3)]);
}

#[test]
fn client_side_metadata_is_not_widened_by_its_padding() {
    let rank = |r, start, stop, padding: [i64; 2]| {
        f8(&[stop - start], vec![DimDict::block(20, 4, r, start, stop).with("padding", padding)])
    };
    let set = [rank(0, 0, 5, [2, 1]), rank(1, 5, 9, [1, 1]), rank(2, 9, 12, [1, 1]), rank(3, 12, 20, [1, 2])];
    refused(&set, "DAP612");
}

#[test]
fn datetimes_have_no_buffer_format() {
    let mut export = f8(&[6], vec![DimDict::block(6, 1, 0, 0, 6)]);
    export.dtype = "<M8[s]".into();
    refused(&[export], "DAP115");
}
