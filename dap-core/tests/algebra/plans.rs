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
