//! Totals against every element carried by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::dim::{Block, Cyclic, Dim, Unstructured};
use crate::index::GlobalIndex;
use crate::random_layouts::{dims_of, pairs};

/// How many elements each source has for each target, looked at one by one.
pub(in crate::plan) fn exchanged(from: &Layout, to: &Layout) -> BTreeMap<(Rank, Rank), i64> {
    let mut exchanged = BTreeMap::new();
    for target in (0..to.processes()).map(Rank) {
        let held = to.runs(target).unwrap().into_iter().fold(vec![Vec::new()], |held: Vec<Vec<GlobalIndex>>, runs| {
            let along: Vec<i64> = runs.iter().flat_map(|run| run.global.0..=run.last().0).collect();
            let longer = |index: Vec<GlobalIndex>| {
                along.iter().map(move |&at| [index.clone(), vec![GlobalIndex(at)]].concat()).collect::<Vec<_>>()
            };
            held.into_iter().flat_map(longer).collect()
        });
        for index in held {
            *exchanged.entry((from.owner_rank(&index).unwrap(), target)).or_default() += 1;
        }
    }
    exchanged
}

fn slow(from: &Layout, to: &Layout) -> Totals {
    let exchanged = exchanged(from, to);
    let kept = exchanged.iter().filter(|((source, target), _)| source == target).map(|(_, elements)| elements).sum();
    let moved: Vec<_> = exchanged.iter().filter(|((source, target), _)| source != target).collect();
    let elements = kept + moved.iter().map(|(_, elements)| *elements).sum::<i64>();
    let largest = moved
        .iter()
        .min_by_key(|(pair, elements)| (-*elements, *pair))
        .map(|&(&(source, target), &elements)| Largest { source, target, elements });
    let spread = |processes: i64, side: fn(&(Rank, Rank)) -> Rank| {
        let of = |rank: Rank| moved.iter().filter(move |(pair, _)| side(pair) == rank);
        let sums: Vec<(Rank, i64)> =
            (0..processes).map(Rank).map(|rank| (rank, of(rank).map(|(_, elements)| **elements).sum())).collect();
        let counts: Vec<(Rank, i64)> = (0..processes).map(Rank).map(|rank| (rank, of(rank).count() as i64)).collect();
        let first =
            |list: &[(Rank, i64)], sign: i64| *list.iter().min_by_key(|(rank, number)| (sign * number, *rank)).unwrap();
        Spread {
            processes,
            total: elements - kept,
            most: first(&sums, -1),
            least: first(&sums, 1),
            most_messages: first(&counts, -1),
        }
    };
    Totals {
        elements,
        kept,
        messages: moved.len() as i64,
        largest,
        sent: spread(from.processes(), |pair| pair.0),
        received: spread(to.processes(), |pair| pair.1),
    }
}

fn on_one_grid() -> impl Strategy<Value = (Layout, Layout)> {
    prop::collection::vec((0_i64..24, 1_i64..5), 1..=3).prop_flat_map(|dims| {
        let layout = || {
            let dims: Vec<_> = dims.iter().map(|&(size, processes)| dims_of(size, processes)).collect();
            dims.prop_filter_map("too large", |dims| Layout::new(dims).ok())
        };
        (layout(), layout())
    })
}

fn long_ones() -> impl Strategy<Value = (Layout, Layout)> {
    let line = |size, processes| dims_of(size, processes).prop_map(|dim| Layout::new(vec![dim]).unwrap());
    (0_i64..400, 1_i64..14, 1_i64..14).prop_flat_map(move |(size, a, b)| (line(size, a), line(size, b)))
}

proptest! {
    #[test]
    fn counted_one_by_one((from, to) in pairs(12)) {
        prop_assert_eq!(Totals::new(&from, &to).unwrap(), slow(&from, &to));
    }

    #[test]
    fn classes_of_ranks((from, to) in on_one_grid()) {
        prop_assert_eq!(Totals::new(&from, &to).unwrap(), slow(&from, &to));
    }

    #[test]
    fn many_periods((from, to) in long_ones()) {
        prop_assert_eq!(Totals::new(&from, &to).unwrap(), slow(&from, &to));
    }
}

fn line(dim: impl Into<Dim>) -> Layout {
    Layout::new(vec![dim.into()]).unwrap()
}

/// The largest message is not what a process has for itself, however much that is.
#[test]
fn the_largest_goes_to_another() {
    let from = line(Block::from_bounds(vec![0, 8, 10]).unwrap());
    let to = line(Block::from_bounds(vec![0, 7, 10]).unwrap());
    let totals = Totals::new(&from, &to).unwrap();
    assert_eq!(totals.largest(), Some(Largest { source: Rank(0), target: Rank(1), elements: 1 }));
    assert_eq!((totals.moved(), totals.kept(), totals.messages()), (1, 9, 1));
    assert_eq!(
        (totals.sent().most(), totals.sent().least(), totals.sent().imbalance()),
        ((Rank(0), 1), (Rank(1), 0), Some(2.0))
    );
    assert_eq!(Totals::new(&from, &from).unwrap().largest(), None);
    assert_eq!(Totals::new(&from, &from).unwrap().sent().imbalance(), None);
}

/// A million ranks, whose pairs could not be listed.
#[test]
fn many_processes() {
    let million = 1_000_000;
    let square = |a: Dim, b: Dim| Layout::new(vec![a, b]).unwrap();
    let cyclic = |size, processes, width| Dim::from(Cyclic::new(size, processes, width).unwrap());
    let block = |size, processes| Dim::from(Block::new(size, processes).unwrap());
    let size = 1 << 20;
    let on_one = Totals::new(
        &square(cyclic(size, 1000, 64), cyclic(size, 1000, 64)),
        &square(cyclic(size, 1000, 256), block(size, 1000)),
    );
    assert_eq!(on_one.unwrap().elements(), size * size);
    let on_two = Totals::new(
        &square(block(size, 1000), block(size, 1000)),
        &square(cyclic(size, 1001, 3), cyclic(size, 999, 64)),
    );
    assert_eq!(on_two.unwrap().elements(), size * size);
    let far = line(cyclic(1 << 50, million, 1));
    let near = line(block(1 << 50, million - 1));
    for (from, to) in [(&far, &near), (&near, &far)] {
        let totals = Totals::new(from, to).unwrap();
        assert!(totals.messages() > million * (million - 3), "{}", totals.messages());
    }
}

#[test]
fn refuses_what_would_take_too_long() {
    let many = 1 << 40;
    let layout = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let refused = |from: Dim, to: Dim| Totals::new(&layout(from), &layout(to)).unwrap_err().to_string();
    let block = |processes| Dim::from(Block::new(1 << 60, processes).unwrap());
    assert_eq!(
        refused(block(many), block(many)),
        "the plan would be too large: `proc_grid_size` is 1099511627776, at most 16777216"
    );
    let lists = |list: Vec<i64>| Dim::from(Unstructured::new(2, true, &[list]).unwrap());
    assert_eq!(
        refused(lists(vec![5, 6]), lists(vec![5, 7])),
        "dimension 0, grid rank 0: the two layouts list different indices: `indices` is 2, expected 1"
    );
}
