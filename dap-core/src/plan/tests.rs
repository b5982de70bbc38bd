//! Plans against enumeration: every element is carried by hand.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::dim::{Block, Cyclic, Dim, Unstructured};
use crate::index::{GlobalIndex, LocalIndex};
use crate::random_layouts::{layouts_of, pairs};

/// A part describes incoming elements only, and a missing range means all.
#[test]
fn a_part_sends_nothing() {
    let block = |processes| Dim::from(Block::new(8, processes).unwrap());
    let layout = |dims: Vec<Dim>| Layout::new(dims).unwrap();
    let (from, to) = (layout(vec![block(1), block(2)]), layout(vec![block(2), block(1)]));
    let plan = Plan::new(&from, &to, Endpoints::both(Rank(1))).unwrap();
    for (positions, expected) in [(&[Some(0..2)][..], [8, 8]), (&[None, Some(0..5)], [16, 4]), (&[], [16, 16])] {
        let part = plan.within(positions);
        assert_eq!(part.sends().count(), 0);
        assert_eq!(part.outgoing_to(Rank(0)).map(|send| send.elements()), None);
        assert_eq!(part.kept().map(|kept| kept.elements()), None);
        assert_eq!(part.supplies().map(|supply| supply.elements()).collect::<Vec<_>>(), expected);
    }
}

/// The work follows the overlaps, not the number of processes.
#[test]
fn many_processes_have_nothing() {
    let one = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let many = one(Block::new(8, 1 << 40).unwrap().into());
    let lists = one(Unstructured::new(8, true, &[[3, 1, 2, 0, 4, 5, 6, 7]]).unwrap().into());
    let plan = Plan::new(&lists, &many, Endpoints::both(Rank(0))).unwrap();
    assert_eq!(plan.sends().map(|send| send.peer().0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    let cyclic = one(Cyclic::new(8, 2, 1).unwrap().into());
    let row = Row::sends(&cyclic, &many, Endpoints { source: Some(Rank(1)), target: None }).unwrap();
    assert_eq!(row.iter().collect::<Vec<_>>(), [(Rank(1), 1), (Rank(3), 1), (Rank(5), 1), (Rank(7), 1)]);
    let cyclic = |size, processes| Dim::from(Cyclic::new(size, processes, 1).unwrap());
    let two = Layout::new(vec![cyclic(2, 2), cyclic(1 << 40, 2)]).unwrap();
    let refused = Plan::reshape(&two, &one(cyclic(1 << 41, 1 << 40)), Endpoints::both(Rank(0))).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PlanTooLarge);
}

/// Plans that would take gigabytes are refused, from either side.
#[test]
fn plans_have_a_limit() {
    let one = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let cyclic = |processes, width| one(Cyclic::new(1 << 60, processes, width).unwrap().into());
    let blocks = |processes| one(Block::new(1 << 60, processes).unwrap().into());
    let source = Endpoints { source: Some(Rank(0)), target: None };
    let target = Endpoints { source: None, target: Some(Rank(0)) };
    for (from, to, endpoints, what) in [
        (cyclic(2, 67_108_859), cyclic(2, 67_108_837), source, "blocks"),
        (cyclic(2, 67_108_859), cyclic(2, 67_108_837), target, "blocks"),
        (cyclic(2, 1), cyclic(2, 1 << 30), source, "blocks"),
        (cyclic(2, 1 << 30), cyclic(2, 1), source, "blocks"),
        (blocks(2), blocks(1 << 40), source, "peers"),
        (cyclic(1 << 40, 1), blocks(2), target, "peers"),
        (cyclic(2, 1), blocks(1 << 40), source, "peers"),
    ] {
        let refused = Plan::new(&from, &to, endpoints).unwrap_err();
        assert_eq!((refused.kind(), refused.key(), refused.dim()), (ErrorKind::PlanTooLarge, Some(what), Some(0)));
    }
    // Many overlaps, but one for each process, or all alike.
    for (from, to) in [
        (blocks(1 << 40), blocks((1 << 40) - 1)),
        (cyclic(2, 1), cyclic(2, 1 << 59)),
        (cyclic(2, 1 << 30), cyclic(2, 1 << 31)),
    ] {
        let plan = Plan::new(&from, &to, source).unwrap();
        assert!(plan.outgoing()[0].peers().len() <= 2);
    }
}

/// Extents before an extent of 0 may have a product beyond 64 bits.
#[test]
fn without_elements() {
    let large = |processes| Dim::from(Block::new(1 << 40, processes).unwrap());
    let layout = |processes| Layout::new(vec![large(processes), large(1), Block::new(0, 1).unwrap().into()]).unwrap();
    let (from, to) = (layout(1), layout(2));
    let endpoints = Endpoints::both(Rank(0));
    let plan = Plan::new(&from, &to, endpoints).unwrap();
    assert_eq!((plan.sends().count(), plan.kept().is_none()), (0, true));
    for (from, to) in [(&from, &to), (&from, &from)] {
        assert_eq!(Totals::new(from, to).unwrap().elements(), 0);
        let row = Row::sends(from, to, endpoints).unwrap();
        assert_eq!((row.kept(), row.moved(), row.messages(), row.largest()), (0, 0, 0, None));
        let matrix = Matrix::new(from, to, 10).unwrap();
        assert_eq!((matrix.elements(0, 0), matrix.elements(usize::MAX, 0)), (0, 0));
    }
}

/// Labels may be on several processes, however `size` counts them.
#[test]
fn shared_labels_in_order() {
    let one = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let blocks = one(Block::new(3, 2).unwrap().into());
    for size in [3, 4] {
        let shared = one(Unstructured::new(size, false, &[[0, 1], [1, 2]]).unwrap().into());
        for (from, to) in [(&shared, &blocks), (&blocks, &shared)] {
            carry(from, to, |who| Endpoints::both(Rank(who)), 2);
            let moved = Totals::new(from, to).unwrap();
            let plans = (0..2).map(|who| Plan::new(from, to, Endpoints::both(Rank(who))).unwrap());
            assert_eq!(moved.messages(), plans.map(|plan| plan.sends().count() as i64).sum::<i64>());
        }
    }
    let gap = one(Unstructured::new(4, false, &[[0, 1], [1, 3]]).unwrap().into());
    assert_eq!(Plan::new(&gap, &blocks, Endpoints::both(Rank(0))).unwrap_err().kind(), ErrorKind::IndicesNotCounted);
    let more = one(Unstructured::new(4, false, &[[0, 1], [1, 2]]).unwrap().into());
    let four = one(Block::new(4, 2).unwrap().into());
    let differ = Plan::new(&more, &four, Endpoints::both(Rank(0))).unwrap_err();
    assert_eq!((differ.kind(), differ.value(), differ.expected()), (ErrorKind::ShapesDiffer, Some(4), Some(3)));
}

/// A star has two arms along each dimension, a box all corners.
#[test]
fn many_padded_dimensions() {
    let padded = Block::new(9, 3).and_then(|block| block.with_halo(1)).unwrap();
    let layout = Layout::new(vec![Dim::from(padded); 13]).unwrap();
    let middle = Rank((0..13).fold(0, |rank, _| rank * 3 + 1));
    let star = Halo::new(&layout, middle, Stencil::Star).unwrap();
    assert_eq!((star.receives().len(), star.sends().len()), (26, 26));
    let refused = Halo::new(&layout, middle, Stencil::Box).unwrap_err();
    assert_eq!((refused.value(), refused.expected()), (Some(3_i64.pow(13)), Some(1 << 20)));
}

/// The greatest possible label has no successor.
#[test]
fn the_greatest_label() {
    let labels = Unstructured::new(2, true, &[[i64::MAX - 1, i64::MAX]]).unwrap();
    let layout = Layout::new(vec![labels.into()]).unwrap();
    let plan = Plan::new(&layout, &layout, Endpoints::both(Rank(0))).unwrap();
    assert_eq!(plan.kept().unwrap().elements(), 2);
}

/// The content of a process's buffer, by position.
type Items = HashMap<Vec<i64>, Vec<i64>>;

/// All positions of a box.
fn positions(shape: &[i64]) -> Vec<Vec<i64>> {
    shape.iter().fold(vec![Vec::new()], |positions, &extent| {
        let longer = |place: Vec<i64>| (0..extent).map(move |at| [place.clone(), vec![at]].concat());
        positions.into_iter().flat_map(longer).collect()
    })
}

/// The elements of a transfer in their order: positions in the source's and in the target's buffer.
pub(super) fn elements(transfer: &Transfer<'_>) -> Vec<(Vec<i64>, Vec<i64>)> {
    transfer.factors().iter().fold(vec![Default::default()], |positions: Vec<(Vec<i64>, Vec<i64>)>, common| {
        let longer = |(from, to): (Vec<i64>, Vec<i64>)| {
            let along = |(a, b)| ([from.clone(), vec![a]].concat(), [to.clone(), vec![b]].concat());
            common.iter().map(along).collect::<Vec<_>>()
        };
        positions.into_iter().flat_map(longer).collect()
    })
}

fn ranks(layout: &Layout) -> impl Iterator<Item = Rank> + use<> {
    (0..layout.processes()).map(Rank)
}

fn local(place: &[i64]) -> Vec<LocalIndex> {
    place.iter().copied().map(LocalIndex).collect()
}

/// The global index at a position that the process owns or holds.
fn global(layout: &Layout, rank: Rank, place: &[i64]) -> Vec<i64> {
    layout.global(rank, &local(place)).unwrap().into_iter().map(|index| index.0).collect()
}

/// The positions that must be written: those that are owned, or held.
fn targets(layout: &Layout, rank: Rank) -> Items {
    let runs = layout.runs(rank).unwrap();
    let held = runs.iter().fold(vec![Vec::new()], |positions: Vec<Vec<i64>>, runs| {
        let along: Vec<i64> = runs.iter().flat_map(|run| run.local.0..run.local.0 + run.len).collect();
        positions
            .into_iter()
            .flat_map(|place| along.iter().map(move |&at| [place.clone(), vec![at]].concat()))
            .collect()
    });
    held.into_iter().map(|place| (place.clone(), global(layout, rank, &place))).collect()
}

/// Moves by the plans of all processes; `endpoints` gives the ranks of each process.
fn carry(from: &Layout, to: &Layout, endpoints: impl Fn(i64) -> Endpoints, people: i64) -> Vec<(Rank, Items)> {
    let plans: Vec<Plan> = (0..people).map(|who| Plan::new(from, to, endpoints(who)).unwrap()).collect();
    let sent: HashMap<(Rank, Rank), Vec<_>> = plans
        .iter()
        .flat_map(|plan| plan.sends().map(|send| ((plan.endpoints().source.unwrap(), send.peer()), elements(&send))))
        .collect();
    let mut received = 0;
    let mut moved = Vec::new();
    for plan in &plans {
        let Some(me) = plan.endpoints().target else { continue };
        let mut items = Items::new();
        let kept = plan.kept().filter(|kept| kept.elements() > 0);
        let own = kept.map(|kept| (plan.endpoints().source.unwrap(), elements(&kept)));
        for receive in plan.receives() {
            received += 1;
            // Both ends list the same elements in the same order.
            assert_eq!(sent[&(receive.peer(), me)], elements(&receive));
            assert_eq!(receive.elements(), elements(&receive).len() as i64);
        }
        for (peer, elements) in plan.receives().map(|receive| (receive.peer(), elements(&receive))).chain(own) {
            for (source, target) in elements {
                let index = global(from, peer, &source);
                let owner = from.owner(&index.iter().copied().map(GlobalIndex).collect::<Vec<_>>()).unwrap();
                assert_eq!(owner, (peer, local(&source)), "not the owner");
                assert_eq!(items.insert(target, index), None, "written twice");
            }
        }
        moved.push((me, items));
    }
    assert_eq!(sent.len(), received, "a message that nobody waits for");
    plans.iter().for_each(goes_back);
    moved
}

/// The reversed plan has the same pairs of positions, swapped.
fn goes_back(plan: &Plan) {
    let back = plan.reversed();
    let turned = |transfers: Vec<Transfer<'_>>| -> Vec<(Rank, Vec<_>)> {
        let swapped = |transfer: &Transfer<'_>| elements(transfer).into_iter().map(|(a, b)| (b, a)).collect();
        transfers.iter().map(|transfer| (transfer.peer(), swapped(transfer))).collect()
    };
    let as_is = |transfers: Vec<Transfer<'_>>| -> Vec<_> {
        transfers.iter().map(|transfer| (transfer.peer(), elements(transfer))).collect()
    };
    assert_eq!(turned(plan.sends().collect()), as_is(back.receives().collect()));
    assert_eq!(turned(plan.receives().collect()), as_is(back.sends().collect()));
    assert_eq!(
        turned(plan.kept().into_iter().collect()).pop().map(|kept| kept.1),
        back.kept().map(|kept| elements(&kept))
    );
    for rank in ranks(plan.from()) {
        assert_eq!(plan.source_extents(rank), back.target_extents(rank));
    }
}

proptest! {
    /// Each process gets every element of its target section, once, from its owner.
    #[test]
    fn everything_arrives((from, to) in pairs(6)) {
        let endpoints = |who| Endpoints {
            source: (who < from.processes()).then_some(Rank(who)),
            target: (who < to.processes()).then_some(Rank(who)),
        };
        let moved = carry(&from, &to, endpoints, from.processes().max(to.processes()));
        prop_assert_eq!(moved.len() as i64, to.processes());
        for (rank, items) in moved {
            prop_assert_eq!(items, targets(&to, rank), "rank {}", rank);
        }
    }

    /// Sources and targets may be different processes; then no element is kept.
    #[test]
    fn between_strangers((from, to) in pairs(4)) {
        let endpoints = |who| match who {
            who if who < from.processes() => Endpoints { source: Some(Rank(who)), target: None },
            who => Endpoints { source: None, target: Some(Rank(who - from.processes())) },
        };
        let moved = carry(&from, &to, endpoints, from.processes() + to.processes());
        for (rank, items) in moved {
            prop_assert_eq!(items, targets(&to, rank));
        }
    }

    /// Padding is filled from the owner of the element that it images, and nothing else is touched.
    #[test]
    fn halos(layout in padded(), star in any::<bool>()) {
        fill(&layout, star);
    }
}

fn fill(layout: &Layout, star: bool) {
    let stencil = if star { Stencil::Star } else { Stencil::Box };
    let halos: Vec<Halo> = ranks(layout).map(|rank| Halo::new(layout, rank, stencil).unwrap()).collect();
    for (rank, halo) in ranks(layout).zip(&halos) {
        let mut filled = Items::new();
        let mut fill = |peer: Rank, part: &Transfer<'_>| {
            for (source, target) in elements(part) {
                let image = filled.insert(target, global(layout, peer, &source));
                assert_eq!(image, None, "filled twice");
            }
        };
        halo.local().for_each(|part| fill(rank, &part));
        for message in halo.receives() {
            let sent = halos[message.peer().0 as usize].sends().iter().find(|sent| sent.peer() == rank).unwrap();
            let ends = |message: &Message| message.boxes().map(|part| elements(&part)).collect::<Vec<_>>();
            assert_eq!(ends(sent), ends(message));
            message.boxes().for_each(|part| fill(message.peer(), &part));
        }
        for send in halo.sends() {
            let receives = halos[send.peer().0 as usize].receives();
            assert!(receives.iter().any(|message| message.peer() == rank), "nobody waits for it");
        }
        assert_eq!(filled, images(layout, rank, star));
    }
}

/// The second process's padding reaches the boundary of the first, which images the last one's
/// elements.
#[test]
fn padding_that_images_an_image() {
    let block = Block::new(12, 6).and_then(|block| block.with_halo(2)).and_then(|block| block.with_boundary(1, 1));
    fill(&line(block.and_then(|block| block.with_periodic(true)).unwrap()), false);
}

fn padded() -> impl Strategy<Value = Layout> {
    let shape = prop_oneof![prop::collection::vec(1..12_i64, 1..=2), prop::collection::vec(2..5_i64, 3)];
    shape.prop_flat_map(|shape| layouts_of(shape, 6))
}

/// The content to be filled, position by position.
fn images(layout: &Layout, rank: Rank, star: bool) -> Items {
    let at = layout.grid().coordinates(rank).unwrap();
    let image = |place: &Vec<i64>| {
        let mut fills = 0;
        let along = layout.dims().iter().zip(&at).zip(place).map(|((dim, &at), &place)| {
            let index = dim.global(at, LocalIndex(place)).unwrap();
            let Dim::Block(block) = dim else { return index.0 };
            let source = block.image(index).unwrap_or(index);
            // Across the periodic ends a process meets its own elements again.
            let section = block.section(at);
            let inside = section.comm_lo <= place && place < section.comm_lo + section.owned_len();
            fills += usize::from(!inside || source != index);
            source.0
        });
        let source: Vec<i64> = along.collect();
        let wanted = fills == 1 || fills > 1 && !star;
        wanted.then(|| (place.clone(), source))
    };
    positions(&layout.local_shape(rank).unwrap()).iter().filter_map(image).collect()
}

fn line(dim: impl Into<Dim>) -> Layout {
    Layout::new(vec![dim.into()]).unwrap()
}

#[test]
fn refuses_another_array() {
    let block = line(Block::new(10, 2).unwrap());
    let refused = |to: &Layout| Plan::new(&block, to, Endpoints::both(Rank(0))).unwrap_err().to_string();
    assert_eq!(
        refused(&line(Cyclic::new(11, 2, 1).unwrap())),
        "dimension 0: the two layouts describe arrays of different shapes: `size` is 11, expected 10"
    );
    assert_eq!(
        refused(&Layout::new(Vec::new()).unwrap()),
        "the two layouts describe arrays of different shapes: `ndim` is 0, expected 1"
    );
    let lists = |lists: &[Vec<i64>], size| line(Unstructured::new(size, true, lists).unwrap());
    assert_eq!(
        refused(&lists(&[(1..11).collect()], 10)),
        "dimension 0: indices that are not exactly 0 to `size` - 1 can move to another unstructured dimension only"
    );
    let endpoints = Endpoints::both(Rank(0));
    let other = Plan::new(&lists(&[vec![5, 7], vec![9]], 3), &lists(&[vec![5, 8, 9]], 3), endpoints).unwrap_err();
    assert_eq!(
        other.to_string(),
        "rank 0, dimension 0, grid rank 0: the two layouts list different indices: `indices` is 3, expected 2"
    );
    let absent = Plan::new(&block, &block, Endpoints { source: Some(Rank(2)), target: None }).unwrap_err();
    assert_eq!(absent.to_string(), "the value is too large: `rank` is 2, at most 1");
}

/// The size of a plan follows the runs and the peers, not the array or the grid.
#[test]
fn a_plan_is_small() {
    let size = 1 << 60;
    let huge = |processes, width| line(Cyclic::new(size, processes, width).unwrap());
    let plan = Plan::new(&huge(4, 64), &huge(6, 256), Endpoints::both(Rank(3))).unwrap();
    let groups: usize =
        plan.outgoing()[0].peers().iter().map(|(_, overlaps)| overlaps.groups().map_or(usize::MAX, <[_]>::len)).sum();
    assert!(groups <= 48, "{groups}");

    let many = 1 << 40;
    let from = line(Block::new(size, many).unwrap());
    let to = line(Block::balanced(size, many - 1).unwrap());
    let plan = Plan::new(&from, &to, Endpoints::both(Rank(many / 2))).unwrap();
    assert!(plan.sends().count() + plan.receives().count() <= 6);
    let check_count = line(Cyclic::new(1000, many, 3).unwrap());
    let plan = Plan::new(&check_count, &line(Cyclic::new(1000, many, 7).unwrap()), Endpoints::both(Rank(5))).unwrap();
    assert_eq!(plan.sends().map(|send| (send.peer().0, send.elements())).collect::<Vec<_>>(), [(2, 3)]);
}
