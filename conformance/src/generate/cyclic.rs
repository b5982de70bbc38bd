//! Cyclic and block-cyclic dimensions, dealt from any process.

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
    let dealer = prop_oneof![3 => Just(0), 1 => 0..processes];
    (size, block_size, dealer, vec(any::<bool>(), count), any::<bool>(), option::of(any::<bool>()))
        .prop_map(move |(size, block_size, dealer, at_size, written, periodic)| {
            let mut line = Line { dicts: Vec::new(), extents: Vec::new(), outer_room: None };
            for grid_rank in 0..processes {
                let seat = (grid_rank - dealer).rem_euclid(processes);
                let mut start = seat * block_size;
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
                line.extents.push(numroc(size, block_size, seat, processes));
            }
            line
        })
        .boxed()
}

/// ScaLAPACK's NUMROC: how many of `n` items, in blocks of `nb`, the process at `seat` gets.
fn numroc(n: i64, nb: i64, seat: i64, processes: i64) -> i64 {
    let blocks = n / nb;
    let whole = blocks / processes * nb;
    let over = blocks % processes;
    whole
        + if seat < over {
            nb
        } else if seat == over {
            n % nb
        } else {
            0
        }
}
