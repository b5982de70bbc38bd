//! Cyclic and block-cyclic dimensions, starting at any grid rank.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::Line;
use crate::model::DimDict;
use crate::oracle::Protocol;

pub(super) fn line(protocol: Protocol, processes: i64) -> BoxedStrategy<Line> {
    let count = processes as usize;
    let size = prop_oneof![1 => Just(0), 9 => 0..=40i64];
    let block_size = prop_oneof![2 => Just(1), 4 => 2..=5i64, 1 => 1..=60i64];
    let source = prop_oneof![3 => Just(0), 1 => 0..processes];
    (size, block_size, source, vec(any::<bool>(), count), any::<bool>(), option::of(any::<bool>()))
        .prop_map(move |(size, block_size, source, at_size, written, periodic)| {
            let mut line = Line { dicts: Vec::new(), extents: Vec::new(), outer_room: None };
            for grid_rank in 0..processes {
                let position = (grid_rank - source).rem_euclid(processes);
                let mut start = position * block_size;
                if start >= size && at_size[grid_rank as usize] {
                    start = size;
                }
                let mut dict = DimDict::cyclic(size, processes, grid_rank, start);
                if block_size != 1 || written {
                    dict = dict.with("block_size", block_size);
                }
                // 0.9 lists `periodic` for every dimension.
                if let (Protocol::V0_9, Some(periodic)) = (protocol, periodic) {
                    dict = dict.with("periodic", periodic);
                }
                line.dicts.push(dict);
                line.extents.push(numroc(size, block_size, position, processes));
            }
            line
        })
        .boxed()
}

/// ScaLAPACK's NUMROC: the number of items, out of `n` in blocks of `nb`, of the process at
/// position `position` of the cycle.
fn numroc(n: i64, nb: i64, position: i64, processes: i64) -> i64 {
    let blocks = n / nb;
    let whole = blocks / processes * nb;
    let over = blocks % processes;
    whole
        + if position < over {
            nb
        } else if position == over {
            n % nb
        } else {
            0
        }
}
