//! `sort` and `argsort`.

use dap_array::{Context, DynArray};
use dap_array_testing::{Step, Twin, check, check_items, extents, placements_of, ranks_of, shapes, steps};
use dap_core::algebra::Placement;
use dap_core::layout::{DimSpec, Layout};
use dap_launch::values;
use dap_sorting::{Order, argsort, sort};
use ndarray::{ArrayD, IxDyn};
use num_complex::Complex;
use proptest::prelude::*;

use crate::elements::Value;
use crate::oracle;

const ORDERS: [Order; 2] = [Order::Ascending, Order::Descending];

/// Views of views of random arrays, along any axis.
pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let arrays =
        (shapes().prop_flat_map(move |shape| placements_of(shape, ranks)), prop::collection::vec(steps(), 0..3));
    for ((placement, steps), axis, is_last) in
        values((arrays, prop::option::weighted(0.8, 0..4_usize), any::<bool>()), 70, 71)
    {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let twin = steps.iter().filter(is_view).fold(Twin::new(context, &placement, 72), |twin, step| twin.step(step));
        let Twin { array, whole } = &twin;
        if axis.is_some() && whole.ndim() == 0 {
            continue;
        }
        let axis = axis.map(|axis| axis % whole.ndim());
        let signed = axis.map(|axis| axis as i64 - if is_last { whole.ndim() as i64 } else { 0 });
        for order in ORDERS {
            let what = format!("{array:?} {steps:?} along {signed:?}, {order:?}");
            let sorted = sort(array, signed, order).unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&sorted, &oracle::sort(whole, axis, order), &what);
            let places = argsort(array, signed, order).unwrap_or_else(|error| panic!("{what}: {error}"));
            check_items(&places, &oracle::argsort(whole, axis, order), |item: &i64| *item, &what);
            if axis.is_some() {
                assert!(sorted.placement() == array.placement() && places.placement() == array.placement(), "{what}");
            }
        }
    }
}

/// An array of elements that `number` gives.
pub(crate) fn array_of<T: Value>(
    context: &Context,
    placement: &Placement,
    number: impl Fn(&[i64]) -> i64,
) -> (DynArray, ArrayD<T>) {
    let array = DynArray::from_fn(context, placement.clone(), |at| T::of(number(at))).expect("an array");
    let signed = |at: &IxDyn| ndarray::Dimension::slice(at).iter().map(|&at| at as i64).collect::<Vec<_>>();
    (array, ArrayD::from_shape_fn(extents(placement.shape()), |at: IxDyn| T::of(number(&signed(&at)))))
}

/// A number that looks random.
pub(crate) fn mixed(index: &[i64], salt: i64) -> i64 {
    let mut state = salt;
    for &at in index {
        state = (state ^ at).wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        state ^= (state as u64 >> 29) as i64;
    }
    state
}

fn check_type<T: Value>(context: &Context, placement: &Placement, salt: i64) {
    let (array, whole) = array_of::<T>(context, placement, |at| mixed(at, salt));
    for axis in (0..whole.ndim()).map(Some).chain([None]) {
        for order in ORDERS {
            let what = format!("{array:?} along {axis:?}, {order:?}");
            let signed = axis.map(|axis| axis as i64);
            let sorted = sort(&array, signed, order).unwrap_or_else(|error| panic!("{what}: {error}"));
            check_items(&sorted, &oracle::sort(&whole, axis, order), |item: &T| item.bits(), &what);
            let places = argsort(&array, signed, order).unwrap_or_else(|error| panic!("{what}: {error}"));
            check_items(&places, &oracle::argsort(&whole, axis, order), |item: &i64| *item, &what);
        }
    }
}

/// All element types.
pub(crate) fn types(context: &Context) {
    let ranks = ranks_of(context);
    let placements = prop_oneof![placements_of(vec![67], ranks), placements_of(vec![13, 4], ranks)];
    for (salt, placement) in (73..).zip(values(placements, 2, 74)) {
        check_type::<bool>(context, &placement, salt);
        check_type::<i8>(context, &placement, salt);
        check_type::<i16>(context, &placement, salt);
        check_type::<i32>(context, &placement, salt);
        check_type::<i64>(context, &placement, salt);
        check_type::<u8>(context, &placement, salt);
        check_type::<u16>(context, &placement, salt);
        check_type::<u32>(context, &placement, salt);
        check_type::<u64>(context, &placement, salt);
        check_type::<f32>(context, &placement, salt);
        check_type::<f64>(context, &placement, salt);
        check_type::<Complex<f32>>(context, &placement, salt);
        check_type::<Complex<f64>>(context, &placement, salt);
    }
}

/// Sorted, reversed, constant, skewed numbers and few different ones, also where ranks have none.
pub(crate) fn distributions_of_values(context: &Context) {
    let ranks = ranks_of(context);
    let len = 4000_i64;
    let first_only: Vec<i64> = std::iter::once(0).chain((0..ranks).map(|_| len)).collect();
    let uneven: Vec<i64> = (0..=ranks).map(|at| if at == ranks { len } else { (at / 2) * 100 }).collect();
    let specs = [DimSpec::Block, DimSpec::Bounds(first_only.into()), DimSpec::Bounds(uneven.into()), DimSpec::Cyclic];
    let numbers: [fn(i64) -> i64; 6] = [
        |at| at,
        |at| -at,
        |_| 5,
        |at| mixed(&[at], 1) >> (mixed(&[at], 2) & 63),
        |at| at % 3,
        |at| if at % 10 == 0 { mixed(&[at], 3) } else { 1 << 40 },
    ];
    for spec in specs {
        let layout = Layout::builder([len]).dims([spec]).processes(ranks).build().expect("a layout");
        for number in numbers {
            let array = DynArray::from_fn(context, &layout, |at| number(at[0])).expect("an array");
            let whole = ArrayD::from_shape_fn(IxDyn(&[len as usize]), |at: IxDyn| number(at[0] as i64));
            let mut line = whole.iter().copied().collect::<Vec<i64>>();
            let what = format!("{array:?} {:?}...", &line[..8]);
            let places = argsort(&array, Some(0), Order::Ascending).expect("indices");
            let mut order: Vec<i64> = (0..len).collect();
            order.sort_by_key(|&at| line[at as usize]);
            check_items(&places, &ndarray::Array1::from_vec(order).into_dyn(), |item: &i64| *item, &what);
            line.sort_unstable();
            let sorted = sort(&array, Some(0), Order::Ascending).expect("elements");
            check_items(&sorted, &ndarray::Array1::from_vec(line).into_dyn(), |item: &i64| *item, &what);
        }
    }
}

/// Lines that are exchanged in several steps, and slabs of many lines.
pub(crate) fn long(context: &Context) {
    let ranks = ranks_of(context);
    let len = 2_600_000;
    let layout = Layout::builder([len]).processes(ranks).build().expect("a layout");
    let array = DynArray::from_fn(context, &layout, |at| mixed(at, 4)).expect("an array");
    let sorted = sort(&array, Some(0), Order::Ascending).expect("elements");
    let places = argsort(&array, Some(0), Order::Ascending).expect("indices");
    if let Some(section) = layout.runs(dap_core::index::Rank(context.comm().rank().into())) {
        let mut line: Vec<(i64, i64)> = (0..len).map(|at| (mixed(&[at], 4), at)).collect();
        line.sort_unstable();
        let mine = section[0].iter().flat_map(|run| run.global.0..run.global.0 + run.len).map(|at| line[at as usize]);
        let (sorted, places) = (sorted.local::<i64>().expect("a section"), places.local::<i64>().expect("a section"));
        assert!(mine.eq(sorted.view().iter().copied().zip(places.view().iter().copied())));
    }
}

/// Mistakes are errors on all ranks.
pub(crate) fn mistakes(context: &Context) {
    let layout = Layout::builder([8, 3]).processes(ranks_of(context)).build().expect("a layout");
    let x = Twin::new(context, &layout.into(), 1);
    let text = |result: dap_array::Result<DynArray>| result.expect_err("a mistake").to_string();
    assert!(text(sort(&x.array, Some(2), Order::Ascending)).contains("axis 2 is not there"));
    assert!(text(argsort(&x.array, Some(-3), Order::Ascending)).contains("axis -3 is not there"));
    x.check("unchanged");
}
