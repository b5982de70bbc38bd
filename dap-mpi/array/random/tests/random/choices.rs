//! Choices beside lists on each rank, and NumPy's.

use dap_array::{Context, DynArray};
use dap_array_testing::{check_items, extents, placements_of, ranks_of, shapes};
use dap_core::layout::Layout;
use dap_launch::values;
use dap_random::{Choice, Generator};
use ndarray::ArrayD;
use proptest::prelude::*;

use crate::permutations::listed;

fn chosen(context: &Context, len: i64, seed: u64, from: Choice<'_>) -> DynArray {
    let layout = Layout::builder([len]).processes(ranks_of(context)).build().expect("a layout");
    Generator::new(seed).choice(context, &layout, from).expect("a choice")
}

/// All chosen numbers, on rank 0; none elsewhere.
fn all(array: &DynArray) -> Vec<i64> {
    let gathered = array.gather(0).expect("all numbers");
    if array.context().comm().rank() != 0 {
        return Vec::new();
    }
    gathered.local::<i64>().expect("rank 0 has all").view().iter().copied().collect()
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let cases = shapes().prop_flat_map(move |shape| (placements_of(shape, ranks), 0..50_i64));
    for (seed, (placement, more)) in (0..).zip(values(cases, 30, 73)) {
        let (what, len) = (placement.to_string(), placement.layout().len());
        let shape = extents(placement.shape());
        let once = Generator::new(seed).choice(context, placement.clone(), Choice::Once(len + more)).expect("a choice");
        let list = listed(seed, (len + more) as u64)[..len as usize].to_vec();
        check_items(&once, &ArrayD::from_shape_vec(shape, list).expect("a list"), |item| *item, &what);
        let mut generator = Generator::new(seed);
        let repeated = generator.choice(context, placement.clone(), Choice::Repeated(more + 1)).expect("a choice");
        assert_eq!(generator.position(), len as u128);
        let integers = Generator::new(seed)
            .integers(context, placement.clone(), dap_array::ElementType::I64, 0..(more + 1).into())
            .expect("integers");
        let equal = repeated.zip(&integers, |left: i64, right: i64| left == right).expect("one distribution");
        assert!(equal.all().expect("a reduction").is_true(), "{what}");
    }
}

pub(crate) fn weighted(context: &Context) {
    // `Generator(Philox(21)).choice(6, size=40, p=p)`, by NumPy 2.4.6.
    let p = [0.1, 0.0, 0.35, 0.2, 0.05, 0.3];
    let expected: [i64; 40] = [
        2, 4, 3, 5, 2, 3, 5, 2, 3, 5, 3, 5, 2, 0, 5, 2, 0, 3, 3, 2, 2, 3, 3, 3, 0, 3, 5, 5, 5, 5, 3, 2, 5, 5, 2, 3, 5,
        2, 5, 5,
    ];
    let found = chosen(context, 40, 21, Choice::Weighted(&p));
    check_items(&found, &ArrayD::from_shape_vec(vec![40], expected.to_vec()).expect("a list"), |item| *item, "NumPy's");
    // Each at most once, the possible ones only, and as often in front as they are probable.
    let mut first = [0_i64; 6];
    for seed in 0..150 {
        let found = all(&chosen(context, 5, seed, Choice::WeightedOnce(&p)));
        if context.comm().rank() == 0 {
            let mut sorted = found.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 2, 3, 4, 5], "{found:?}");
            first[found[0] as usize] += 1;
        }
        // A shorter choice is the beginning.
        if seed >= 10 {
            continue;
        }
        let short = all(&chosen(context, 2, seed, Choice::WeightedOnce(&p)));
        assert_eq!(short, found[..found.len().min(2)]);
    }
    if context.comm().rank() == 0 {
        let terms = p.iter().zip(first).filter(|(p, _)| **p > 0.0);
        let chi: f64 = terms.map(|(p, count)| (count as f64 - 150.0 * p).powi(2) / (150.0 * p)).sum();
        // Four degrees of freedom: one seed of ten thousand is beyond 23.5.
        assert!(chi < 23.5, "{first:?}");
    }
}
