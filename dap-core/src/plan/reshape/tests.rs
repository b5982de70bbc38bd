//! Reshapes against enumeration: every item is carried by hand.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;
use crate::dim::{Block, Cyclic, Dim, Unstructured};
use crate::index::{GlobalIndex, LocalIndex};
use crate::plan::tests::elements;
use crate::plan::{Matrix, Row, Totals};
use crate::random_layouts::reshapes;

/// The number of an element in the row-major sequence.
fn sequential(layout: &Layout, index: &[GlobalIndex]) -> i64 {
    index.iter().zip(layout.shape()).fold(0, |flat, (index, extent)| flat * extent + index.0)
}

/// The item at positions along the groups of a process's buffer, if there is one, found without the
/// library.
fn item(layout: &Layout, rank: Rank, groups: &[Range<usize>], positions: &[i64]) -> i64 {
    let extents = layout.local_shape(rank).unwrap();
    let mut local = vec![LocalIndex(0); layout.ndim()];
    for (group, &place) in groups.iter().zip(positions) {
        let mut rest = place;
        for dim in group.clone().rev() {
            local[dim] = LocalIndex(rest % extents[dim]);
            rest /= extents[dim];
        }
        assert_eq!(rest, 0, "beyond the buffer");
    }
    sequential(layout, &layout.global(rank, &local).unwrap())
}

/// The items that a process will hold, one for each position that is written.
fn wanted(layout: &Layout, rank: Rank) -> Vec<i64> {
    let runs = layout.runs(rank).unwrap();
    let held = runs.iter().fold(vec![Vec::new()], |held: Vec<Vec<GlobalIndex>>, runs| {
        let along: Vec<i64> = runs.iter().flat_map(|run| run.global.0..=run.last().0).collect();
        let longer = |index: Vec<GlobalIndex>| {
            along.iter().map(move |&at| [index.clone(), vec![GlobalIndex(at)]].concat()).collect::<Vec<_>>()
        };
        held.into_iter().flat_map(longer).collect()
    });
    let mut items: Vec<i64> = held.iter().map(|index| sequential(layout, index)).collect();
    items.sort_unstable();
    items
}

/// The owner of an item.
fn owner(layout: &Layout, item: i64) -> Rank {
    let mut rest = item;
    let mut index = vec![GlobalIndex(0); layout.ndim()];
    for (index, extent) in index.iter_mut().zip(layout.shape()).rev() {
        *index = GlobalIndex(rest % extent);
        rest /= extent;
    }
    layout.owner_rank(&index).unwrap()
}

fn carry(from: &Layout, to: &Layout) {
    let endpoints = |who| Endpoints {
        source: (who < from.processes()).then_some(Rank(who)),
        target: (who < to.processes()).then_some(Rank(who)),
    };
    let people = from.processes().max(to.processes());
    let plans: Vec<Plan> = (0..people).map(|who| Plan::reshape(from, to, endpoints(who)).unwrap()).collect();
    let sent: HashMap<(Rank, Rank), Vec<_>> = plans
        .iter()
        .flat_map(|plan| plan.sends().map(|send| ((plan.endpoints().source.unwrap(), send.peer()), elements(&send))))
        .collect();
    let mut received = 0;
    let mut exchanged: BTreeMap<(Rank, Rank), i64> = BTreeMap::new();
    for plan in &plans {
        let Some(me) = plan.endpoints().target else { continue };
        let sources: Vec<Range<usize>> = plan.groups().unwrap().iter().map(|group| group.source.clone()).collect();
        let targets: Vec<Range<usize>> = plan.groups().unwrap().iter().map(|group| group.target.clone()).collect();
        let own = plan.kept().map(|kept| (me, elements(&kept))).filter(|(_, elements)| !elements.is_empty());
        let receives: Vec<_> = plan.receives().map(|receive| (receive.peer(), elements(&receive))).collect();
        received += receives.len();
        for (peer, list) in &receives {
            assert_eq!(&sent[&(*peer, me)], list, "both ends list the same");
        }
        let mut items = Vec::new();
        let mut written = HashMap::new();
        for (peer, list) in receives.into_iter().chain(own) {
            exchanged.insert((peer, me), list.len() as i64);
            for (source, target) in list {
                let carried = item(from, peer, &sources, &source);
                assert_eq!(owner(from, carried), peer, "not the owner");
                assert_eq!(item(to, me, &targets, &target), carried, "another item");
                assert_eq!(written.insert(target, ()), None, "written twice");
                items.push(carried);
            }
        }
        items.sort_unstable();
        assert_eq!(items, wanted(to, me), "rank {me}");
    }
    assert_eq!(sent.len(), received, "a message that nobody waits for");
    counted(from, to, &exchanged, endpoints, people);
}

/// The counts agree with the plan.
fn counted(
    from: &Layout,
    to: &Layout,
    exchanged: &BTreeMap<(Rank, Rank), i64>,
    endpoints: impl Fn(i64) -> Endpoints,
    people: i64,
) {
    let totals = Totals::of_reshape(from, to).unwrap();
    assert_eq!(totals.elements(), exchanged.values().sum::<i64>());
    let moved = exchanged.iter().filter(|((source, target), _)| source != target);
    assert_eq!(totals.messages(), moved.clone().count() as i64);
    assert_eq!(totals.moved(), moved.clone().map(|(_, elements)| elements).sum::<i64>());
    assert_eq!(
        totals.largest().map_or(0, |largest| largest.elements),
        moved.map(|(_, elements)| *elements).max().unwrap_or(0)
    );
    let matrix = Matrix::of_reshape(from, to, 100).unwrap();
    for (source, target) in
        (0..from.processes()).flat_map(|source| (0..to.processes()).map(move |target| (source, target)))
    {
        let expected = exchanged.get(&(Rank(source), Rank(target))).copied().unwrap_or(0);
        assert_eq!(matrix.elements(source as usize, target as usize), expected);
    }
    for who in 0..people {
        let of = |side: fn(&(Rank, Rank)) -> (Rank, Rank)| {
            let moved = exchanged.iter().filter(|((source, target), _)| source != target);
            moved
                .map(|(pair, elements)| (side(pair), *elements))
                .filter(|((me, _), _)| me.0 == who)
                .map(|((_, peer), elements)| (peer, elements))
                .collect::<Vec<_>>()
        };
        let rows = [
            Row::reshape_sends(from, to, endpoints(who)).unwrap(),
            Row::reshape_receives(from, to, endpoints(who)).unwrap(),
        ];
        assert_eq!(rows[0].iter().collect::<Vec<_>>(), of(|pair| *pair));
        assert_eq!(rows[1].iter().collect::<Vec<_>>(), of(|&(source, target)| (target, source)));
    }
}

proptest! {
    #[test]
    fn everything_arrives((from, to) in reshapes(6)) {
        carry(&from, &to);
    }
}

fn layout(dims: Vec<Dim>) -> Layout {
    Layout::new(dims).unwrap()
}

#[test]
fn without_items_or_dimensions() {
    let block = |size, processes| Dim::from(Block::new(size, processes).unwrap());
    carry(&layout(vec![block(0, 2), block(3, 1)]), &layout(vec![block(5, 1), block(0, 3)]));
    // A dimension of size 0 that is not distributed.
    carry(&layout(vec![block(3, 1), block(0, 1)]), &layout(vec![block(0, 1), block(3, 1)]));
    carry(&layout(vec![block(0, 1)]), &layout(vec![block(0, 1)]));
    let cyclic = Dim::from(Cyclic::new(4, 2, 1).unwrap());
    carry(&layout(vec![block(4, 2), cyclic, block(0, 1)]), &layout(vec![block(0, 2)]));
    carry(&layout(Vec::new()), &layout(vec![block(1, 3), block(1, 2)]));
    carry(&layout(vec![block(1, 3)]), &layout(Vec::new()));
}

#[test]
fn groups_are_small() {
    let group = |source, target| Group { source, target };
    assert_eq!(smallest(&[6, 4, 5], &[3, 8, 5]), [group(0..2, 0..2), group(2..3, 2..3)]);
    assert_eq!(smallest(&[2, 3, 4, 1], &[2, 12]), [group(0..1, 0..1), group(1..4, 1..2)]);
    assert_eq!(smallest(&[0, 3], &[7, 0]), [group(0..2, 0..2)]);
    assert_eq!(smallest(&[], &[1, 1]), [group(0..0, 0..2)]);
}

/// Dimensions that are not distributed cost nothing, whatever their size, and rows cost less than
/// items.
#[test]
fn a_plan_is_small() {
    let block = |size, processes| Dim::from(Block::new(size, processes).unwrap());
    let cyclic = |size, processes, width| Dim::from(Cyclic::new(size, processes, width).unwrap());
    let from = layout(vec![cyclic(1 << 30, 1 << 10, 64), block(1 << 20, 1)]);
    let to = layout(vec![block(1 << 50, 1 << 12)]);
    let plan = Plan::reshape(&from, &to, Endpoints::both(Rank(7))).unwrap();
    // To all other processes.
    assert_eq!(plan.sends().count(), (1 << 12) - 1);
    assert_eq!(Totals::of_reshape(&from, &to).unwrap().elements(), 1 << 50);
    let from = layout(vec![block(1 << 12, 2), cyclic(1 << 30, 2, 1)]);
    let to = layout(vec![cyclic(1 << 13, 2, 1), block(1 << 29, 2)]);
    let plan = Plan::reshape(&from, &to, Endpoints::both(Rank(0))).unwrap();
    assert_eq!(plan.sends().map(|send| send.elements()).sum::<i64>() + plan.kept().unwrap().elements(), 1 << 40);
    let refused = Plan::reshape(
        &layout(vec![block(1 << 30, 2), block(2, 2)]),
        &layout(vec![block(1 << 31, 3)]),
        Endpoints::both(Rank(0)),
    );
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::PlanTooLarge);
}

#[test]
fn refuses_other_numbers_of_items() {
    let line = |size| layout(vec![Block::new(size, 2).unwrap().into()]);
    let refused =
        |from: &Layout, to: &Layout| Plan::reshape(from, to, Endpoints::both(Rank(0))).unwrap_err().to_string();
    assert_eq!(refused(&line(10), &line(12)), "a reshape must keep the number of items: `items` is 12, expected 10");
    let labels = layout(vec![Unstructured::new(2, true, &[[4, 5]]).unwrap().into()]);
    assert_eq!(
        refused(&labels, &line(2)),
        "dimension 0: a reshape needs indices that are exactly 0 to `size` - 1, for the order of the items"
    );
    let absent = Plan::reshape(&line(10), &line(10), Endpoints { source: None, target: Some(Rank(2)) }).unwrap_err();
    assert_eq!(absent.to_string(), "the value is too large: `rank` is 2, at most 1");
}
