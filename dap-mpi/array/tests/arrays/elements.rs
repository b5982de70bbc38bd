//! Single elements, places of extremes, arrays of one rank.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Twin, check, extents, placements_of, ranks_of, shapes, steps, value};
use dap_launch::values;
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

fn twins(context: &Context, count: usize, salt: u8) -> Vec<(Twin, String, u64)> {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), any::<u64>());
    let twin = |(placement, steps, seed): (dap_core::algebra::Placement, Vec<_>, u64)| {
        let twin = steps.iter().fold(Twin::new(context, &placement, 61), |twin, step| twin.step(step));
        (twin, format!("{placement} {steps:?}"), seed)
    };
    values(cases, count, salt).into_iter().map(twin).collect()
}

pub(crate) fn single(context: &Context) {
    for (Twin { array, whole }, what, seed) in twins(context, 60, 60) {
        if whole.is_empty() {
            continue;
        }
        let mut seed = seed;
        let index: Vec<usize> = whole
            .shape()
            .iter()
            .map(|&extent| {
                let at = seed as usize % extent;
                seed /= 5;
                at
            })
            .collect();
        let signed: Vec<i64> = index
            .iter()
            .zip(whole.shape())
            .map(|(&at, &extent)| at as i64 - if seed % 2 == 0 { extent as i64 } else { 0 })
            .collect();
        let found = array.get(&signed).unwrap_or_else(|error| panic!("{what} at {signed:?}: {error}"));
        assert_eq!(found.to_f64(), whole[&index[..]], "{what} at {signed:?}");
        assert!(array.get(&vec![99; index.len()]).is_err() || index.is_empty(), "{what}");
        let complex = (&array * 1.0).cast(ElementType::C64).eval().expect("complex numbers");
        let found = complex.get(&signed).expect("an element");
        assert_eq!(found.value, dap_array::Value::Complex(whole[&index[..]], 0.0), "{what}");
    }
}

/// The first place of the greatest item, NaN above all.
fn place(items: impl Iterator<Item = f64>, sign: f64) -> usize {
    let mut best: Option<(usize, f64)> = None;
    for (at, item) in items.enumerate() {
        let item = item * sign;
        let better = best.is_none_or(|(_, best)| !best.is_nan() && (item.is_nan() || item > best));
        if better {
            best = Some((at, item));
        }
    }
    best.expect("an item").0
}

pub(crate) fn extremes(context: &Context) {
    for (mut twin, what, seed) in twins(context, 80, 62) {
        if twin.whole.is_empty() || twin.whole.ndim() == 0 {
            continue;
        }
        if seed.is_multiple_of(3) {
            // NaN, and few different numbers.
            let few = |item: f64| if item as i64 % 5 == 0 { f64::NAN } else { (item as i64 % 3) as f64 };
            twin.whole.mapv_inplace(few);
            let fresh = twin.array.copy().expect("a copy");
            if let Ok(mut local) = fresh.local_mut::<f64>() {
                local.view().mapv_inplace(few);
            }
            twin.array = fresh;
        }
        let Twin { array, whole } = &twin;
        let what = format!("{array:?} {what}");
        for sign in [1.0, -1.0] {
            let found = if sign > 0.0 { array.argmax() } else { array.argmin() };
            let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(found.to_f64(), place(whole.iter().copied(), sign) as f64, "{what} {sign}");
            let axis = seed as usize % whole.ndim();
            let keepdims = seed % 2 == 0;
            let mut expected = whole.map_axis(Axis(axis), |lane| place(lane.iter().copied(), sign) as f64);
            if keepdims {
                expected.insert_axis_inplace(Axis(axis));
            }
            let signed = axis as i64 - whole.ndim() as i64;
            let found =
                if sign > 0.0 { array.argmax_along(signed, keepdims) } else { array.argmin_along(signed, keepdims) };
            let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&found.expr().cast(ElementType::F64).eval().expect("floats"), &expected, &what);
        }
    }
}

pub(crate) fn roots(context: &Context) {
    let ranks = ranks_of(context);
    let cases = (shapes().prop_flat_map(move |shape| placements_of(shape, ranks)), any::<u8>());
    for (placement, root) in values(cases, 40, 64) {
        let root = i32::from(root) % context.comm().size();
        let signed = |at: &ndarray::IxDyn| (0..placement.ndim()).map(|axis| at[axis] as i64).collect::<Vec<_>>();
        let whole = ArrayD::from_shape_fn(extents(placement.shape()), |at: ndarray::IxDyn| value(&signed(&at), 7));
        let given = (context.comm().rank() == root).then(|| whole.view());
        let array = DynArray::from_root(context, root, given, &placement)
            .unwrap_or_else(|error| panic!("{placement}: {error}"));
        assert_eq!(array.placement(), &placement.without_padding().expect("a placement"));
        check(&array, &whole, &placement.to_string());
        let nothing = DynArray::from_root::<f64>(context, root, None, &placement).expect_err("no data").to_string();
        assert!(nothing.contains(&format!("rank {root}")), "{nothing}");
    }
    let layout = dap_core::layout::Layout::builder([3]).processes(1).build().expect("a layout");
    assert!(DynArray::from_root::<f64>(context, context.comm().size(), None, layout).is_err());
}
