//! Unstructured dimensions: permutations, labels, overlaps.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::Line;
use crate::model::DimDict;
use crate::oracle::Protocol;

pub(super) fn line(protocol: Protocol, processes: i64) -> BoxedStrategy<Line> {
    prop_oneof![
        2 => disjoint(permutation(), processes),
        2 => disjoint(labels(), processes),
        2 => overlapping(permutation(), processes),
        1 => overlapping(labels(), processes),
    ]
    .prop_flat_map(move |(lists, flag, size)| {
        let periodic = if protocol == Protocol::V0_9 { option::of(any::<bool>()).boxed() } else { Just(None).boxed() };
        periodic.prop_map(move |periodic| build(&lists, flag, size, periodic))
    })
    .boxed()
}

/// The list of each grid rank, `one_to_one`, and `size`.
type Content = (Vec<Vec<i64>>, Option<bool>, i64);

fn build(lists: &[Vec<i64>], one_to_one: Option<bool>, size: i64, periodic: Option<bool>) -> Line {
    let mut line = Line { dicts: Vec::new(), extents: Vec::new(), outer_room: None };
    for (grid_rank, indices) in (0..).zip(lists) {
        let mut dict = DimDict::unstructured(size, lists.len() as i64, grid_rank, indices.clone());
        if let Some(one_to_one) = one_to_one {
            dict = dict.with("one_to_one", one_to_one);
        }
        if let Some(periodic) = periodic {
            dict = dict.with("periodic", periodic);
        }
        line.dicts.push(dict);
        line.extents.push(indices.len() as i64);
    }
    line
}

/// 0..n in any order.
fn permutation() -> BoxedStrategy<Vec<i64>> {
    (0..=30i64).prop_flat_map(|n| Just((0..n).collect::<Vec<i64>>()).prop_shuffle()).boxed()
}

/// Any distinct labels, also negative and far apart.
fn labels() -> BoxedStrategy<Vec<i64>> {
    let label = prop_oneof![8 => -20..60i64, 1 => any::<i64>()];
    btree_set(label, 0..=20).prop_flat_map(|set| Just(set.into_iter().collect::<Vec<i64>>()).prop_shuffle()).boxed()
}

/// Each label on one grid rank.
fn disjoint(pool: BoxedStrategy<Vec<i64>>, processes: i64) -> BoxedStrategy<Content> {
    pool.prop_flat_map(move |pool| {
        let holders = vec(0..processes as usize, pool.len());
        (Just(pool), holders, option::of(any::<bool>()))
    })
    .prop_map(move |(pool, holders, flag)| {
        let mut lists = vec![Vec::new(); processes as usize];
        for (&label, holder) in pool.iter().zip(holders) {
            lists[holder].push(label);
        }
        (lists, flag, pool.len() as i64)
    })
    .boxed()
}

/// Each grid rank holds some of the labels, `size` in either of the two accepted meanings.
fn overlapping(pool: BoxedStrategy<Vec<i64>>, processes: i64) -> BoxedStrategy<Content> {
    let count = processes as usize;
    pool.prop_flat_map(move |pool| {
        let length = pool.len();
        let held = vec((Just(pool).prop_shuffle(), 0..=length), count);
        (held, option::of(Just(false)), any::<bool>())
    })
    .prop_map(|(held, flag, sum)| {
        let lists: Vec<Vec<i64>> = held.into_iter().map(|(pool, some)| pool[..some].to_vec()).collect();
        let size =
            if sum { lists.iter().map(Vec::len).sum() } else { lists.iter().flatten().collect::<BTreeSet<_>>().len() };
        (lists, flag, size as i64)
    })
    .boxed()
}
