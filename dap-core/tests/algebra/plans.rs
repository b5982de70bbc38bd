//! Plans between views: each element of one finds its place in the other, through both windows.

use std::collections::BTreeMap;

use dap_core::algebra::{Placement, View};
use dap_core::index::Rank;
use dap_core::plan::{Endpoints, Plan, Totals};
use proptest::prelude::*;

use crate::dense::{Choices, Dense, indices, placements, shapes, step};

/// A view of a random array with its elements, and a placement of its shape.
fn moves() -> impl Strategy<Value = (View, Dense, Placement)> {
    let base = shapes().prop_flat_map(placements);
    let view = (base, 1..4_usize, prop::collection::vec(any::<u16>(), 0..60)).prop_map(|(base, steps, choices)| {
        let mut choices = Choices::new(choices);
        (0..steps)
            .fold((View::of(&base), Dense::of(base.shape())), |(view, dense), _| step(&view, &dense, &mut choices))
    });
    view.prop_flat_map(|(view, dense)| {
        let target = placements(dense.shape.clone());
        (Just(view), Just(dense), target)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A view is moved to any layout of its shape; what the plan says is done on buffers of the
    /// base.
    #[test]
    fn to_any_layout((view, dense, to) in moves()) {
        let (base, from) = (view.base(), view.placement().unwrap());
        let mut buffers: BTreeMap<(Rank, Vec<i64>), Vec<i64>> = BTreeMap::new();
        let mut moved = 0;
        for target in (0..to.layout().processes()).map(Rank) {
            let plan = Plan::new(from.layout(), to.layout(), Endpoints { source: None, target: Some(target) }).unwrap();
            for supply in plan.supplies() {
                let window = view.window(supply.peer()).unwrap().unwrap();
                let factors: Vec<Vec<(i64, i64)>> = supply.factors().iter().map(|factor| factor.iter().collect()).collect();
                let counts: Vec<i64> = factors.iter().map(|factor| factor.len() as i64).collect();
                for at in indices(&counts) {
                    let places = || factors.iter().zip(&at).map(|(factor, &k)| factor[k as usize]);
                    let source: Vec<i64> = places().map(|(source, _)| source).collect();
                    let place: Vec<i64> = places().map(|(_, target)| target).collect();
                    let local = window.base_local(&source).unwrap();
                    let element = crate::dense::element(base.layout(), window.base_rank(), &local).unwrap();
                    prop_assert_eq!(buffers.insert((target, place), element), None);
                    moved += i64::from(supply.peer() != target);
                }
            }
        }
        let mut expected = BTreeMap::new();
        for target in (0..to.layout().processes()).map(Rank) {
            for local in indices(&to.layout().local_shape(target).unwrap()) {
                let index = crate::dense::element(to.layout(), target, &local).unwrap();
                expected.insert((target, local), dense.at(&index).clone());
            }
        }
        // Communication padding is not filled by a move.
        expected.retain(|place, _| buffers.contains_key(place));
        let owned: i64 = (0..to.layout().processes()).map(|rank| to.layout().owned_len(Rank(rank))).sum();
        prop_assert_eq!(buffers.len() as i64, owned);
        prop_assert_eq!(buffers, expected);
        prop_assert_eq!(Totals::new(from.layout(), to.layout()).unwrap().moved(), moved);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Totals name ranks of the communicator, and count what each of them sends and receives.
    #[test]
    fn totals_by_ranks((from, to) in shapes().prop_flat_map(|shape| (placements(shape.clone()), placements(shape)))) {
        let mut messages: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        let mut elements = 0;
        for section in (0..to.layout().processes()).map(Rank) {
            let target = to.ranks().holder(section).unwrap();
            let plan = Plan::new(from.layout(), to.layout(), Endpoints { source: None, target: Some(section) }).unwrap();
            for supply in plan.supplies() {
                let source = from.ranks().holder(supply.peer()).unwrap();
                *messages.entry((source.0, target.0)).or_default() += supply.elements();
                elements += supply.elements();
            }
        }
        let kept: i64 = messages.iter().filter(|((source, target), _)| source == target).map(|(_, elements)| elements).sum();
        messages.retain(|(source, target), elements| source != target && *elements > 0);
        let found = from.totals_to(&to).unwrap();
        prop_assert_eq!((found.elements(), found.kept(), found.moved()), (elements, kept, elements - kept));
        prop_assert_eq!(found.messages(), messages.len() as i64);
        let largest = messages.iter().map(|(&(source, target), &elements)| (elements, -source, -target)).max();
        let largest = largest.map(|(elements, source, target)| (elements, -source, -target));
        // Of several targets of one source the lowest in the layout is named.
        prop_assert_eq!(found.largest().map(|it| (it.elements, it.source.0)), largest.map(|it| (it.0, it.1)));
        if to.ranks().is_identity() {
            prop_assert_eq!(found.largest().map(|it| it.target.0), largest.map(|it| it.2));
        }
        let side = |placement: &Placement, number: fn(&(i64, i64)) -> i64| {
            let mut sums: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
            for section in (0..placement.layout().processes()).map(Rank) {
                sums.insert(placement.ranks().holder(section).unwrap().0, (0, 0));
            }
            for (ends, elements) in &messages {
                let sum = sums.get_mut(&number(ends)).unwrap();
                *sum = (sum.0 + elements, sum.1 + 1);
            }
            sums
        };
        for (spread, sums) in [(found.sent(), side(&from, |ends| ends.0)), (found.received(), side(&to, |ends| ends.1))] {
            let most = sums.iter().map(|(&rank, &(sum, _))| (sum, -rank)).max().unwrap();
            prop_assert_eq!(spread.most(), (Rank(-most.1), most.0));
            let least = sums.iter().map(|(&rank, &(sum, _))| (sum, rank)).min().unwrap();
            prop_assert_eq!(spread.least(), (Rank(least.1), least.0));
            let busiest = sums.iter().map(|(&rank, &(_, count))| (count, -rank)).max().unwrap();
            prop_assert_eq!(spread.most_messages(), (Rank(-busiest.1), busiest.0));
            prop_assert_eq!(spread.processes(), sums.len() as i64);
        }
    }
}
