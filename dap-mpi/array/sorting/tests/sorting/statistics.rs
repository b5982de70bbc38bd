//! Quantiles, histograms and counts, beside their definitions.

use dap_array::{Context, DynArray};
use dap_array_testing::{check, check_items, placements_of, ranks_of, shapes};
use dap_core::layout::Layout;
use dap_launch::values;
use dap_sorting::{Bins, Method, NanRule, bincount, digitize, histogram, median, percentile, quantile};
use ndarray::{Array1, ArrayD, Axis, IxDyn};
use proptest::prelude::*;

use crate::sorts::{array_of, mixed};

/// A quantile of a list: NumPy's definition of five methods.
fn quantile_of(items: &[f64], q: f64, method: Method, nan: NanRule) -> f64 {
    let mut items = items.to_vec();
    if nan == NanRule::Skip {
        items.retain(|item| !item.is_nan());
    }
    if items.is_empty() || items.iter().any(|item| item.is_nan()) {
        return f64::NAN;
    }
    items.sort_by(f64::total_cmp);
    let at = (items.len() - 1) as f64 * q;
    let (low, high) = (items[at.floor() as usize], items[at.ceil() as usize]);
    match method {
        Method::Lower => low,
        Method::Higher => high,
        Method::Nearest => items[at.round_ties_even() as usize],
        Method::Midpoint => (low + high) / 2.0,
        // The elements are quarters, so that all steps but the last are exact.
        _ => low + (high - low) * (at - at.floor()),
    }
}

/// The lists of elements of each output, in C order.
fn lists(whole: &ArrayD<f64>, reduced: &[usize]) -> (Vec<usize>, Vec<Vec<f64>>) {
    let kept: Vec<usize> = (0..whole.ndim()).filter(|axis| !reduced.contains(axis)).collect();
    let shape: Vec<usize> = kept.iter().map(|&axis| whole.shape()[axis]).collect();
    let outputs = ndarray::indices(IxDyn(&shape)).into_iter().map(|at| {
        let mut part = whole.view();
        for (&axis, index) in kept.iter().zip(ndarray::Dimension::slice(&at)).rev() {
            part = part.index_axis_move(Axis(axis), *index);
        }
        part.iter().copied().collect()
    });
    (shape.clone(), outputs.collect())
}

fn close(item: &f64) -> i128 {
    if item.is_nan() {
        i128::MAX
    } else if item.is_infinite() {
        i128::MIN
    } else {
        (item * 1e9).round() as i128
    }
}

/// Random arrays, axes, quantiles and methods.
pub(crate) fn quantiles(context: &Context) {
    let ranks = ranks_of(context);
    let arrays = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let methods =
        prop::sample::select(vec![Method::Linear, Method::Lower, Method::Higher, Method::Nearest, Method::Midpoint]);
    let cases = (arrays, prop::collection::vec(any::<bool>(), 4), methods, any::<[bool; 2]>());
    for (salt, (placement, chosen, method, [is_skip, has_nan])) in (1..).zip(values(cases, 40, 91)) {
        let number = |at: &[i64]| mixed(at, salt).rem_euclid(if has_nan { 60 } else { 59 });
        let item = |number: i64| if number == 59 { f64::NAN } else { number as f64 / 4.0 - 5.0 };
        let array = DynArray::from_fn(context, placement.clone(), |at| item(number(at))).expect("an array");
        let whole = ArrayD::from_shape_fn(dap_array_testing::extents(placement.shape()), |at: IxDyn| {
            let at: Vec<i64> = ndarray::Dimension::slice(&at).iter().map(|&at| at as i64).collect();
            item(number(&at))
        });
        let reduced: Vec<usize> = (0..whole.ndim()).filter(|&axis| chosen[axis]).collect();
        let axes: Vec<i64> = reduced.iter().map(|&axis| axis as i64 - whole.ndim() as i64).collect();
        let nan = if is_skip { NanRule::Skip } else { NanRule::Propagate };
        let q = [0.0, 0.3, 1.0, 0.5];
        let what = format!("{array:?} along {axes:?} by {method:?}, {nan:?}");
        let (shape, lists) = lists(&whole, &reduced);
        let expected: Vec<f64> =
            q.iter().flat_map(|&q| lists.iter().map(move |list| quantile_of(list, q, method, nan))).collect();
        let with_q = [&[q.len()][..], &shape].concat();
        let expected = ArrayD::from_shape_vec(IxDyn(&with_q), expected).expect("as many");
        let axes = if reduced.len() == whole.ndim() { None } else { Some(&axes[..]) };
        let found = quantile(&array, &q, axes, method, nan).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found, &expected, close, &what);
        let found = percentile(&array, &[30.0], axes, method, nan).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found, &expected.slice_axis(Axis(0), (1..2).into()).to_owned(), close, &what);
        let found = median(&array, axes, nan).unwrap_or_else(|error| panic!("{what}: {error}"));
        let medians = lists.iter().map(|list| quantile_of(list, 0.5, Method::Midpoint, nan)).collect();
        check_items(&found, &ArrayD::from_shape_vec(IxDyn(&shape), medians).expect("as many"), close, &what);
    }
}

/// Histograms with and without weights, counts of integers, bins of elements.
pub(crate) fn histograms(context: &Context) {
    let ranks = ranks_of(context);
    let arrays = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let same = |item: &i64| *item;
    for (salt, placement) in (1..).zip(values(arrays, 15, 92)) {
        let (array, whole) = array_of::<f32>(context, &placement, |at| mixed(at, salt));
        // Eighths, whose sums are exact.
        let weight = |at: &[i64]| (mixed(at, salt + 1) % 1000) as f64 / 8.0;
        let weights = DynArray::from_fn(context, placement.clone(), weight).expect("an array");
        let signed = |at: &IxDyn| ndarray::Dimension::slice(at).iter().map(|&at| at as i64).collect::<Vec<_>>();
        let edges = [-7.0, -1.5, 0.0, 0.0, 2.25, 9.0];
        let mut counts = vec![0_i64; 5];
        let mut sums = vec![0.0; 5];
        for (at, item) in whole.indexed_iter() {
            for bin in 0..5 {
                let item = f64::from(*item);
                if edges[bin] <= item && (item < edges[bin + 1] || (bin == 4 && item == edges[5])) {
                    counts[bin] += 1;
                    sums[bin] += weight(&signed(&at));
                }
            }
        }
        let what = format!("{array:?}");
        let found =
            histogram(&array, Bins::Edges(&edges), None, false).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found.counts, &Array1::from_vec(counts.clone()).into_dyn(), same, &what);
        let found = histogram(&array, Bins::Edges(&edges), Some(&weights), false)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found.counts, &Array1::from_vec(sums).into_dyn(), &what);
        let within = [-10.0, 10.0];
        let found =
            histogram(&array, Bins::Within(4, within), None, true).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(found.edges, [-10.0, -5.0, 0.0, 5.0, 10.0]);
        let inside: Vec<f64> = whole.iter().map(|&item| f64::from(item)).filter(|item| item.abs() <= 10.0).collect();
        let bin = |item: f64| (((item + 10.0) / 5.0).floor() as usize).min(3);
        let density =
            (0..4).map(|at| inside.iter().filter(|&&item| bin(item) == at).count() as f64 / 5.0 / inside.len() as f64);
        check_items(&found.counts, &Array1::from_iter(density).into_dyn(), close, &what);
        for right in [false, true] {
            let edges = [-3.0, 0.0, 0.0, 4.5];
            let number = |item: &f32| {
                let item = f64::from(*item);
                let is_before = |edge: &&f64| item.is_nan() || if right { **edge < item } else { **edge <= item };
                edges.iter().filter(is_before).count() as i64
            };
            check_items(&digitize(&array, &edges, right).expect("bins"), &whole.map(number), same, &what);
            let mirrored = [4.5, 0.0, 0.0, -3.0];
            let number = |item: &f32| {
                let item = f64::from(*item);
                mirrored.iter().filter(|edge| if right { **edge >= item } else { **edge > item }).count() as i64
            };
            check_items(&digitize(&array, &mirrored, right).expect("bins"), &whole.map(number), same, &what);
        }
        let (array, whole) = array_of::<u8>(context, &placement, |at| mixed(at, salt).rem_euclid(90));
        let len = whole.iter().map(|&item| usize::from(item) + 1).max().unwrap_or(0).max(3);
        let mut counts = vec![0_i64; len];
        let mut sums = vec![0.0; len];
        for (at, &item) in whole.indexed_iter() {
            counts[usize::from(item)] += 1;
            sums[usize::from(item)] += weight(&signed(&at));
        }
        let found = bincount(&array, None, 3).unwrap_or_else(|error| panic!("{what}: {error}"));
        check_items(&found, &Array1::from_vec(counts).into_dyn(), same, &what);
        let found = bincount(&array, Some(&weights), 3).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &Array1::from_vec(sums).into_dyn(), &what);
    }
}

/// Bins from the least element to the greatest one, more than are counted by each rank; mistakes.
pub(crate) fn bins(context: &Context) {
    let layout = Layout::builder([12]).processes(ranks_of(context)).build().expect("a layout");
    let x = DynArray::from_fn(context, &layout, |at| at[0] as f64).expect("an array");
    let found = histogram(&x, Bins::Count(11), None, false).expect("bins");
    assert_eq!(found.edges, (0..12).map(f64::from).collect::<Vec<_>>());
    let counts = (0..11).map(|at| if at == 10 { 2 } else { 1 });
    check_items(&found.counts, &Array1::from_iter(counts).into_dyn(), |item: &i64| *item, "to the greatest");
    let integers = DynArray::from_fn(context, &layout, |at| at[0] % 2 * 2_000_000).expect("an array");
    let many = bincount(&integers, None, 0).expect("counts");
    assert_eq!(many.shape(), [2_000_001]);
    let ends = [many.get(&[0]), many.get(&[2_000_000]), many.sum()].map(|it| it.expect("an element").to_f64());
    assert_eq!(ends, [6.0, 6.0, 12.0]);
    let text = |error: dap_array::Error| error.to_string();
    let wrong = text(histogram(&x, Bins::Edges(&[1.0, 0.0]), None, false).expect_err("edges"));
    assert!(wrong.contains("edges decrease"), "{wrong}");
    let wrong = text(histogram(&x, Bins::Within(3, [0.0, f64::NAN]), None, false).expect_err("a range"));
    assert!(wrong.contains("give a finite one"), "{wrong}");
    let wrong = text(bincount(&x, None, 0).expect_err("floats"));
    assert!(wrong.contains("expected integers"), "{wrong}");
    let negative = DynArray::from_fn(context, &layout, |at| at[0] - 1).expect("an array");
    let wrong = text(bincount(&negative, None, 0).expect_err("a negative number"));
    assert!(wrong.contains("the least element is -1"), "{wrong}");
    let wrong = text(digitize(&x, &[0.0, 2.0, 1.0], false).expect_err("bins"));
    assert!(wrong.contains("neither increase nor decrease"), "{wrong}");
    let wrong = text(quantile(&x, &[1.5], None, Method::Linear, NanRule::Skip).expect_err("a quantile"));
    assert!(wrong.contains("quantile 1.5"), "{wrong}");
    let wrong = text(median(&x, Some(&[0, -1]), NanRule::Skip).expect_err("an axis twice"));
    assert!(wrong.contains("named twice"), "{wrong}");
}
