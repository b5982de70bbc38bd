//! The cyclic distribution: ScaLAPACK's source process, empty sections, partial blocks.

use dap_conformance::model::{DimDict, RankExport};

use super::{f8, held, maps, refused};

fn line(size: i64, block_size: i64, ranks: &[(i64, i64)]) -> Vec<RankExport> {
    let processes = ranks.len() as i64;
    let rank = |(r, &(start, extent)): (i64, &(i64, i64))| {
        f8(&[extent], vec![DimDict::cyclic(size, processes, r, start).with("block_size", block_size)])
    };
    (0..).zip(ranks).map(rank).collect()
}

#[test]
fn the_distribution_may_start_at_another_process() {
    // ScaLAPACK, 5 in blocks of 2 on 2 processes, RSRC = 1: process 1 gets 0 1 4.
    let maps = maps(&line(5, 2, &[(2, 2), (0, 3)]));
    assert_eq!(held(&maps, 0, 0), [2, 3]);
    assert_eq!(held(&maps, 1, 0), [0, 1, 4]);
    // Both start with index 0, or neither does.
    refused(&line(5, 2, &[(0, 3), (0, 3)]), "DAP616");
    refused(&line(4, 2, &[(2, 2), (2, 2)]), "DAP616");
}

#[test]
fn an_empty_hand_may_start_beyond_size_or_at_size() {
    for starts in [[6, 9], [4, 9], [6, 4], [4, 4]] {
        maps(&line(4, 3, &[(0, 3), (3, 1), (starts[0], 0), (starts[1], 0)]));
    }
    refused(&line(4, 3, &[(0, 3), (3, 1), (6, 0), (6, 0)]), "DAP616");
    refused(&line(4, 3, &[(0, 3), (3, 1), (5, 0), (9, 0)]), "DAP405");
    refused(&line(4, 3, &[(0, 3), (3, 1), (6, 0), (12, 0)]), "DAP406");
    // Another starting rank, without any index to distribute.
    maps(&line(4, 3, &[(9, 0), (0, 3), (3, 1), (4, 0)]));
    maps(&line(0, 3, &[(0, 0), (3, 0), (0, 0)]));
    // Grid rank 1 comes first in the cycle; no other grid rank may start there, empty or not.
    refused(&line(0, 3, &[(6, 0), (6, 0), (0, 0)]), "DAP616");
}

#[test]
fn counts_are_those_of_scalapack() {
    // NUMROC for 23 in blocks of 4 on 3 processes: six blocks, the last of 3 for process 2.
    let maps = maps(&line(23, 4, &[(0, 8), (4, 8), (8, 7)]));
    assert_eq!(maps.dims[0].owned, [8, 8, 7]);
    assert_eq!(held(&maps, 2, 0), [8, 9, 10, 11, 20, 21, 22]);
}

#[test]
fn one_block_size_distributes_the_dimension() {
    let mut set = line(4, 2, &[(0, 2), (2, 2)]);
    set[1].dim_data[0].set("block_size", 1.into());
    refused(&set, "DAP406");
    let mut set = line(2, 1, &[(0, 1), (1, 1)]);
    set[0].dim_data[0].set("block_size", 2.into());
    set[0].shape = vec![2];
    refused(&set, "DAP615");
}
