//! Permutations beside the same permutation as a list on each rank.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Twin, check, check_items, placements_of, ranks_of, shapes, shares_elements};
use dap_core::layout::Layout;
use dap_kernels::random::{Permutation, Philox, SeedSequence};
use dap_launch::values;
use dap_random::Generator;
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

/// The permutation that a generator of a seed makes first.
pub(crate) fn listed(seed: u64, len: u64) -> Vec<i64> {
    let stream = Philox::of(&SeedSequence::new(&[seed.into()]));
    let permutation = Permutation::new(&Philox::new([stream.word(0), stream.word(1)]), len);
    (0..len).map(|at| permutation.get(at) as i64).collect()
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let cases = (0..200_i64).prop_flat_map(move |len| placements_of(vec![len], ranks));
    for (seed, placement) in (0..).zip(values(cases, 30, 71)) {
        let mut generator = Generator::new(seed);
        let found = generator.permutation(context, placement.clone()).expect("a permutation");
        assert_eq!(generator.position(), 2);
        let list = listed(seed, placement.shape()[0] as u64);
        let mut sorted = list.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..placement.shape()[0]));
        check_items(&found, &ArrayD::from_shape_vec(vec![list.len()], list).expect("a list"), |item| *item, "indices");
    }
}

/// Beyond the sizes that each rank shuffles: every number once, wherever its places lie.
pub(crate) fn large(context: &Context) {
    const LEN: i64 = 70_000;
    let layout = Layout::builder([LEN]).processes(ranks_of(context)).build().expect("a layout");
    let found = Generator::new(3).permutation(context, &layout).expect("a permutation");
    let list = listed(3, LEN as u64);
    check_items(&found, &ArrayD::from_shape_vec(vec![list.len()], list).expect("a list"), |item| *item, "indices");
    // Each number once: counted where it belongs.
    let counts = DynArray::zeros(context, &layout, &ElementType::I64.dtype()).expect("zeros");
    counts.add_along(&[0], &[(&found).into()], 1_i64).expect("additions");
    assert!(counts.map(|count: i64| count == 1).and_then(|it| it.all()).expect("a reduction").is_true());
}

pub(crate) fn arrays(context: &Context) {
    let ranks = ranks_of(context);
    let cases = shapes().prop_filter("an axis", |shape| !shape.is_empty());
    let cases = cases.prop_flat_map(move |shape| (placements_of(shape, ranks), 0..4_usize));
    for (seed, (placement, axis)) in (0..).zip(values(cases, 40, 72)) {
        let what = format!("{placement}, axis {axis}");
        let twin = Twin::new(context, &placement, 6);
        let axis = axis % placement.ndim();
        let order: Vec<usize> = listed(seed, placement.shape()[axis] as u64).iter().map(|&at| at as usize).collect();
        let expected = twin.whole.select(Axis(axis), &order);
        let permuted = Generator::new(seed).permuted(&twin.array, axis as i64 - placement.ndim() as i64);
        let permuted = permuted.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(permuted.placement(), twin.array.placement(), "{what}");
        check(&permuted, &expected, &what);
        twin.check(&what);
        if shares_elements(&twin.array) {
            continue;
        }
        Generator::new(seed).shuffle(&twin.array, axis as i64).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&twin.array, &expected, &what);
    }
}
