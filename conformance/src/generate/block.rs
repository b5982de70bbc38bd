//! Block dimensions: irregular, empty, padded, periodic.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::Line;
use crate::model::{DimDict, Value};
use crate::oracle::Protocol;

pub(super) fn line(protocol: Protocol, processes: i64) -> BoxedStrategy<Line> {
    let count = processes as usize;
    let most = (40 / processes).clamp(1, 14);
    let widest = 3i64;
    (
        vec(0..=most, count),
        prop_oneof![1 => Just(vec![0; count + 1]), 2 => vec(0..=widest, count + 1)],
        vec(any::<bool>(), count),
        any::<bool>(),
        option::of(any::<bool>()),
    )
        .prop_map(move |(owned, edges, written, all_written, periodic)| {
            let padding = padding(protocol, &owned, &edges, periodic == Some(true));
            let wide = padding.iter().any(|widths| *widths != [0, 0]);
            let mut line = Line { dicts: Vec::new(), extents: Vec::new(), outer_room: None };
            let size: i64 = owned.iter().sum();
            let mut before = 0;
            for grid_rank in 0..count {
                let [lo, hi] = padding[grid_rank];
                let (first, last) = (grid_rank == 0, grid_rank == count - 1);
                let endless = protocol == Protocol::V0_9 && periodic == Some(true);
                let below = if first && !endless { 0 } else { lo };
                let above = if last && !endless { 0 } else { hi };
                let after = before + owned[grid_rank];
                let (start, stop) = match protocol {
                    Protocol::V0_10 => (before - below, after + above),
                    Protocol::V0_9 => (before, after),
                };
                let mut dict = DimDict::block(size, processes, grid_rank as i64, start, stop);
                // 0.9: all or none. 0.10: (0, 0) may be written or not.
                let write = match protocol {
                    Protocol::V0_9 => wide || all_written,
                    Protocol::V0_10 => [lo, hi] != [0, 0] || written[grid_rank],
                };
                if write {
                    dict = dict.with("padding", [lo, hi]);
                }
                if let Some(periodic) = periodic {
                    dict = dict.with("periodic", periodic);
                }
                line.dicts.push(dict);
                line.extents.push(owned[grid_rank] + below + above);
                before = after;
            }
            if protocol == Protocol::V0_10 || (wide || all_written) && periodic != Some(true) {
                let (first, last) = (owned[0], owned[count - 1]);
                line.outer_room = Some(if count == 1 { [first / 2, first / 2] } else { [first, last] });
            }
            line
        })
        .boxed()
}

/// The padding of each grid rank, from the wanted width of each edge: no wider than the neighbours'
/// owned ranges.
fn padding(protocol: Protocol, owned: &[i64], edges: &[i64], periodic: bool) -> Vec<[i64; 2]> {
    let count = owned.len();
    let mut widths = edges.to_vec();
    for edge in 1..count {
        widths[edge] = widths[edge].min(owned[edge - 1]).min(owned[edge]);
    }
    if protocol == Protocol::V0_9 && periodic {
        // The two outer edges are one edge: a wrap halo.
        widths[0] = widths[0].min(owned[0]).min(owned[count - 1]);
        widths[count] = widths[0];
    } else {
        widths[0] = widths[0].min(owned[0]);
        let room = if count == 1 { owned[0] - widths[0] } else { owned[count - 1] };
        widths[count] = widths[count].min(room);
    }
    widths.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// Gives one process outer padding of its own, as the text allows for "edge processes".
pub(super) fn vary_outer(dict: &mut DimDict, room: Option<[i64; 2]>, wish: [i64; 2]) {
    let (Some(room), Some(&Value::Int(size)), Some(&Value::Int(rank))) =
        (room, dict.get("proc_grid_size"), dict.get("proc_grid_rank"))
    else {
        return;
    };
    let mut widths = match dict.get("padding") {
        Some(Value::Ints(widths)) => widths.clone(),
        _ => vec![0, 0],
    };
    if rank == 0 {
        widths[0] = wish[0].min(room[0]);
    }
    if rank == size - 1 {
        widths[1] = wish[1].min(room[1]);
    }
    if dict.get("padding").is_some() || widths != [0, 0] {
        dict.set("padding", Value::Ints(widths));
    }
}
