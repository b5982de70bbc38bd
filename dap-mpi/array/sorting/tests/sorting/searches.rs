//! `topk`, `searchsorted`, `isin`, and the four forms of `unique`.

use dap_array::{Context, DynArray};
use dap_array_testing::{check_items, extents, placements_of, ranks_of, shapes};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_launch::values;
use dap_sorting::{
    Order, Side, argsort, isin, searchsorted, topk, unique_all, unique_counts, unique_inverse, unique_values,
};
use ndarray::{Array1, ArrayD, Axis, Slice};
use num_complex::Complex;
use proptest::prelude::*;

use crate::elements::Value;
use crate::oracle;
use crate::sorts::{array_of, mixed};

fn placements(context: &Context) -> impl Strategy<Value = Placement> + use<> {
    let ranks = ranks_of(context);
    shapes().prop_flat_map(move |shape| placements_of(shape, ranks))
}

fn lines(context: &Context) -> impl Strategy<Value = Placement> + use<> {
    let ranks = ranks_of(context);
    (0..60_i64).prop_flat_map(move |len| placements_of(vec![len], ranks))
}

/// The first elements of each line.
pub(crate) fn first_elements(context: &Context) {
    let cases = (placements(context), 0..5_usize, 0..20_i64, any::<bool>());
    for (salt, (placement, axis, k, is_greatest)) in (1..).zip(values(cases, 30, 81)) {
        let (array, whole) = array_of::<f32>(context, &placement, |at| mixed(at, salt));
        let axis = (axis < whole.ndim()).then_some(axis);
        let extent = axis.map_or(whole.len(), |axis| whole.shape()[axis]);
        let k = k.min(extent as i64);
        let order = if is_greatest { Order::Descending } else { Order::Ascending };
        let what = format!("{k} of {array:?} along {axis:?}, {order:?}");
        let found = topk(&array, k, axis.map(|axis| axis as i64), order);
        let (found, places) = found.unwrap_or_else(|error| panic!("{what}: {error}"));
        let cut = |axis: Option<usize>| (Axis(axis.unwrap_or(0)), Slice::from(0..k as usize));
        let sorted = oracle::sort(&whole, axis, order);
        check_items(&found, &sorted.slice_axis(cut(axis).0, cut(axis).1).to_owned(), Value::bits, &what);
        let indices = oracle::argsort(&whole, axis, order);
        let indices = indices.slice_axis(cut(axis).0, cut(axis).1).to_owned();
        check_items(&places, &indices, |item: &i64| *item, &what);
    }
}

fn check_search<T: Value>(context: &Context, (of_sorted, of_values): (&Placement, &Placement), salt: i64) {
    let numbers = Array1::from_iter((0..of_sorted.shape()[0]).map(|at| T::of(mixed(&[at], salt)))).into_dyn();
    let line = oracle::sort(&numbers, Some(0), Order::Ascending);
    let of = |whole: &ArrayD<T>, at: &[i64]| whole[&extents(at)[..]];
    let sorted = DynArray::from_fn(context, of_sorted.clone(), |at| of(&line, at)).expect("an array");
    let unsorted = DynArray::from_fn(context, of_sorted.clone(), |at| of(&numbers, at)).expect("an array");
    let (array, whole) = array_of::<T>(context, of_values, |at| mixed(at, salt + 1));
    for side in [Side::Left, Side::Right] {
        let count = |item: &T| {
            let is_before = |other: &&T| if side == Side::Left { other.less(item) } else { !item.less(other) };
            line.iter().filter(is_before).count() as i64
        };
        let what = format!("{array:?} in {sorted:?}, {side:?}");
        let found = searchsorted(&sorted, &array, side, None).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found, &whole.map(count), |item: &i64| *item, &what);
        let sorter = argsort(&unsorted, Some(0), Order::Ascending).expect("indices");
        let found =
            searchsorted(&unsorted, &array, side, Some(&sorter)).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found, &whole.map(count), |item: &i64| *item, &what);
    }
    for invert in [false, true] {
        let has = |item: &T| line.iter().any(|other| other == item) != invert;
        let found = isin(&array, &unsorted, invert).expect("booleans");
        check_items(&found, &whole.map(has), |item: &bool| *item, &format!("{array:?} among {unsorted:?}"));
    }
}

/// Positions and membership, beside counts.
pub(crate) fn searches(context: &Context) {
    for (salt, (sorted, values)) in (1..).zip(values((lines(context), placements(context)), 8, 82)) {
        check_search::<f64>(context, (&sorted, &values), salt);
        check_search::<i16>(context, (&sorted, &values), salt);
        check_search::<bool>(context, (&sorted, &values), salt);
        check_search::<Complex<f64>>(context, (&sorted, &values), salt);
    }
    // Types that differ are compared as the type that holds both.
    let layout = Layout::builder([5]).processes(ranks_of(context)).build().expect("a layout");
    let sorted = DynArray::from_fn(context, &layout, |at| at[0]).expect("an array");
    let halves = DynArray::from_fn(context, &layout, |at| at[0] as f32 - 0.5).expect("an array");
    let found = searchsorted(&sorted, &halves, Side::Left, None).expect("positions");
    check_items(&found, &Array1::from_iter(0..5_i64).into_dyn(), |item: &i64| *item, "halves");
}

fn is_equal<T: PartialEq>(left: &T, right: &T) -> bool {
    left == right
}

fn check_unique<T: Value>(context: &Context, placement: &Placement, salt: i64, equal_nan: bool) {
    let (array, whole) = array_of::<T>(context, placement, |at| mixed(at, salt));
    let flat: Vec<T> = whole.iter().copied().collect();
    let (mut firsts, mut counts) = (Vec::<i64>::new(), Vec::<i64>::new());
    let mut inverse = vec![0; flat.len()];
    for at in oracle::places(&flat, Order::Ascending) {
        let item = flat[at as usize];
        let same = firsts.last().map(|&first| flat[first as usize]).is_some_and(|first| {
            // A NaN equals none, itself included.
            let is_nan = !is_equal(&item, &item);
            if is_nan { equal_nan && !first.less(&item) } else { first == item }
        });
        if !same {
            firsts.push(at);
            counts.push(0);
        }
        inverse[at as usize] = firsts.len() as i64 - 1;
        *counts.last_mut().expect("a run has begun") += 1;
    }
    let values = Array1::from_iter(firsts.iter().map(|&at| flat[at as usize])).into_dyn();
    let inverse = ArrayD::from_shape_vec(whole.raw_dim(), inverse).expect("as many");
    let [firsts, counts] = [firsts, counts].map(|numbers| Array1::from_vec(numbers).into_dyn());
    let what = format!("{array:?}, equal {equal_nan}");
    let same = |item: &i64| *item;
    let all = unique_all(&array, equal_nan).unwrap_or_else(|error| panic!("{what}: {error}"));
    check_items(&all.values, &values, Value::bits, &what);
    check_items(&all.indices, &firsts, same, &what);
    check_items(&all.inverse, &inverse, same, &what);
    check_items(&all.counts, &counts, same, &what);
    assert_eq!(all.inverse.placement(), array.placement());
    let (found, numbers) = unique_counts(&array, equal_nan).expect("counts");
    check_items(&found, &values, Value::bits, &what);
    check_items(&numbers, &counts, same, &what);
    let (found, numbers) = unique_inverse(&array, equal_nan).expect("the inverse");
    check_items(&found, &values, Value::bits, &what);
    check_items(&numbers, &inverse, same, &what);
    check_items(&unique_values(&array, equal_nan).expect("values"), &values, Value::bits, &what);
}

/// Different elements, beside a loop over the sorted ones.
pub(crate) fn unique(context: &Context) {
    for (salt, (placement, equal_nan)) in (1..).zip(values((placements(context), any::<bool>()), 10, 83)) {
        check_unique::<f64>(context, &placement, salt, equal_nan);
        check_unique::<u8>(context, &placement, salt, equal_nan);
        check_unique::<bool>(context, &placement, salt, equal_nan);
        check_unique::<Complex<f32>>(context, &placement, salt, equal_nan);
    }
}

/// Mistakes are errors on all ranks.
pub(crate) fn mistakes(context: &Context) {
    let layout = Layout::builder([8, 3]).processes(ranks_of(context)).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| at[0] as f64).expect("an array");
    let few = topk(&x, 4, Some(1), Order::Ascending).expect_err("too many").to_string();
    assert!(few.contains("4 elements of an axis that has 3"), "{few}");
    let flat = searchsorted(&x, &x, Side::Left, None).expect_err("two dimensions").to_string();
    assert!(flat.contains("2 dimensions"), "{flat}");
}
