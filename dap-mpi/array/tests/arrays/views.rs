//! Creation, views and redistribution.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, steps};
use dap_launch::values;
use ndarray::ArrayD;
use proptest::prelude::*;

pub(crate) fn creation(context: &Context) {
    let ranks = ranks_of(context);
    let cases = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    for placement in values(cases, 40, 1) {
        let what = placement.to_string();
        Twin::new(context, &placement, 3).check(&what);
        let extents = extents(placement.shape());
        let zeros = DynArray::zeros(context, placement.clone(), &ElementType::F64.dtype()).expect("zeros");
        check(&zeros, &ArrayD::zeros(extents.clone()), &what);
        let full = DynArray::full(context, placement.clone(), ElementType::F64, 2.5.into()).expect("full");
        check(&full, &ArrayD::from_elem(extents, 2.5), &what);
        let owned = full.section_rank().and_then(|rank| full.layout().owned_shape(rank));
        assert_eq!(full.local_shape(), owned, "{what}");
    }
}

/// An array, and the steps to a view of it.
fn cases(ranks: i64) -> impl Strategy<Value = (dap_core::algebra::Placement, Vec<Step>)> {
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    (placements, prop::collection::vec(steps(), 0..5))
}

pub(crate) fn random_views(context: &Context) {
    for (placement, steps) in values(cases(ranks_of(context)), 150, 2) {
        let mut twin = Twin::new(context, &placement, 5);
        for step in &steps {
            twin = twin.step(step);
        }
        let what = format!("{placement}, {steps:?}");
        twin.check(&what);
        let copy = twin.array.copy().expect("a copy");
        assert_eq!(copy.placement(), twin.array.placement(), "{what}");
        check(&copy, &twin.whole, &what);
    }
}

/// A view moves to another placement.
pub(crate) fn redistribution(context: &Context) {
    let ranks = ranks_of(context);
    for ((placement, steps), seed) in values((cases(ranks), any::<u8>()), 80, 4) {
        let mut twin = Twin::new(context, &placement, 7);
        for step in &steps {
            twin = twin.step(step);
        }
        let to = values(placements_of(twin.array.shape().to_vec(), ranks), 1, seed).remove(0);
        let what = format!("{placement}, {steps:?}, to {to}");
        let moved = twin.array.redistribute(to.clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(moved.layout().shape(), to.layout().shape());
        check(&moved, &twin.whole, &what);
    }
}
