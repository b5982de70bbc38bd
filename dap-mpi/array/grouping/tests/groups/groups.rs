//! Groups beside the same groups of the whole array, index by index.

use std::collections::BTreeMap;

use dap_array::{Context, DynArray, ElementType, Op, Value};
use dap_array_testing::{Twin, check, check_items, placements_of, ranks_of, shapes};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_grouping::{GroupBy, Grouped};
use dap_launch::values;
use ndarray::{ArrayD, Axis, concatenate};
use proptest::prelude::*;

/// An array with groups along an axis: the twin, the axis, the labels, and the indices of each.
type Case = (String, Twin, usize, DynArray, BTreeMap<i64, Vec<usize>>);

/// The label of an index: some of them are negative.
fn label(index: i64, salt: i64, different: i64) -> i64 {
    (index * index * 7 + index * salt + salt).rem_euclid(different) * 3 - 3
}

fn cases(context: &Context, count: usize, salt: u8) -> Vec<Case> {
    let ranks = ranks_of(context);
    let shapes = shapes().prop_filter("an axis", |shape| !shape.is_empty());
    let cases = shapes.prop_flat_map(move |shape| {
        let axis = 0..shape.len();
        (placements_of(shape.clone(), ranks), axis).prop_flat_map(move |(placement, axis)| {
            (Just(placement), Just(axis), placements_of(vec![shape[axis]], ranks), 0..50_i64, 1..9_i64)
        })
    });
    let case = |(placement, axis, of_labels, salt, different): (Placement, usize, Placement, i64, i64)| {
        let twin = Twin::new(context, &placement, salt);
        let labels = DynArray::from_fn(context, of_labels.clone(), |at| label(at[0], salt, different)).expect("labels");
        let mut groups = BTreeMap::<i64, Vec<usize>>::new();
        (0..placement.shape()[axis])
            .for_each(|index| groups.entry(label(index, salt, different)).or_default().push(index as usize));
        (format!("{placement}, axis {axis}, labels {of_labels}, {salt} {different}"), twin, axis, labels, groups)
    };
    values(cases, count, salt).into_iter().map(case).collect()
}

/// The whole result of a function of the items of each group and line.
fn by_group(twin: &Twin, axis: usize, groups: &BTreeMap<i64, Vec<usize>>, f: impl Fn(&[f64]) -> f64) -> ArrayD<f64> {
    let rows = groups.values().map(|indices| {
        let part = twin.whole.select(Axis(axis), indices);
        part.map_axis(Axis(axis), |line| f(&line.to_vec())).insert_axis(Axis(axis))
    });
    let rows: Vec<ArrayD<f64>> = rows.collect();
    if rows.is_empty() {
        let mut shape = twin.whole.shape().to_vec();
        shape[axis] = 0;
        return ArrayD::zeros(shape);
    }
    concatenate(Axis(axis), &rows.iter().map(|row| row.view()).collect::<Vec<_>>()).expect("one shape")
}

/// The elements are quarters of small integers, so that these sums are exact.
fn variance(items: &[f64], ddof: f64) -> f64 {
    let n = items.len() as f64;
    let (sum, squares) = items.iter().fold((0.0, 0.0), |(sum, squares), item| (sum + item, squares + item * item));
    // One element and one degree of freedom: 0 / 0, whose sign differs between machines.
    if n <= ddof { f64::NAN } else { (n * squares - sum * sum) / (n * (n - ddof)) }
}

pub(crate) fn random(context: &Context) {
    for (what, twin, axis, labels, groups) in cases(context, 40, 80) {
        let grouped = twin.array.group_by(axis as i64, &labels).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found: Vec<Value> = groups.keys().map(|&label| Value::from(label)).collect();
        assert_eq!(grouped.labels(), found, "{what}");
        let sizes: Vec<i64> = groups.values().map(|indices| indices.len() as i64).collect();
        assert_eq!(grouped.sizes(), sizes, "{what}");
        let same = |result: dap_array::Result<DynArray>, f: &dyn Fn(&[f64]) -> f64| {
            let result = result.unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&result, &by_group(&twin, axis, &groups, f), &what);
            result
        };
        same(grouped.sum(), &|items| items.iter().sum::<f64>() + 0.0);
        same(grouped.mean(), &|items| items.iter().sum::<f64>() / items.len() as f64 + 0.0);
        same(grouped.min(), &|items| items.iter().copied().fold(f64::INFINITY, f64::min));
        same(grouped.max(), &|items| items.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        same(grouped.var(0.0), &|items| variance(items, 0.0));
        same(grouped.var(1.0), &|items| variance(items, 1.0));
        same(grouped.first(), &|items| items[0]);
        let last = same(grouped.last(), &|items| items[items.len() - 1]);
        assert_eq!(last.placement(), grouped.sum().expect("sums").placement(), "{what}");
        let count = grouped.count().expect("counts").expr().cast(ElementType::F64).eval();
        same(count, &|items| items.len() as f64);
        near(&grouped.std(0.0), &by_group(&twin, axis, &groups, |items| variance(items, 0.0).sqrt()), &what);
        near(&grouped.prod(), &by_group(&twin, axis, &groups, |items| items.iter().product()), &what);
    }
}

/// Compares elements to within some units in the last place.
fn near(found: &dap_array::Result<DynArray>, expected: &ArrayD<f64>, what: &str) {
    let found = found.as_ref().unwrap_or_else(|error| panic!("{what}: {error}")).gather(0).expect("all elements");
    if found.section_rank().is_some() {
        let local = found.local::<f64>().expect("rank 0 has all");
        let is_near =
            |left: f64, right: f64| (left - right).abs() <= 1e-14 * right.abs() || left.is_nan() && right.is_nan();
        assert!(local.view().iter().zip(expected).all(|(&left, &right)| is_near(left, right)), "{what}");
    }
}

/// The results at the elements, and operations with them.
pub(crate) fn arithmetic(context: &Context) {
    for (what, twin, axis, labels, groups) in cases(context, 25, 81) {
        let grouped = twin.array.group_by(axis as i64, &labels).expect("groups");
        let mean = grouped.mean().expect("means");
        let whole = by_group(&twin, axis, &groups, |items| items.iter().sum::<f64>() / items.len() as f64 + 0.0);
        let mut expanded = twin.whole.clone();
        for (row, indices) in groups.values().enumerate() {
            for &index in indices {
                expanded.index_axis_mut(Axis(axis), index).assign(&whole.index_axis(Axis(axis), row));
            }
        }
        check(&grouped.expand(&mean).unwrap_or_else(|error| panic!("{what}: {error}")), &expanded, &what);
        let anomaly = grouped.apply(Op::Subtract, &mean).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&anomaly, &(&twin.whole - &expanded), &what);
        let less = grouped.apply(Op::Less, &mean).expect("comparisons");
        let whole = ndarray::Zip::from(&twin.whole).and(&expanded).map_collect(|left, right| left < right);
        check_items(&less, &whole, |item| *item, &what);
    }
}

fn blocks(context: &Context, shape: &[i64]) -> Layout {
    Layout::builder(shape.to_vec()).processes(ranks_of(context)).build().expect("a layout")
}

/// Known groups, some empty; labels of other types; sums that need the second pass.
pub(crate) fn kinds(context: &Context) {
    let x = DynArray::from_fn(context, blocks(context, &[12]), |at| at[0]).expect("integers");
    let numbers = DynArray::from_fn(context, blocks(context, &[12]), |at| (at[0] % 4 - 1) as i16).expect("numbers");
    let known = x.group_by_numbers(0, &numbers, 5).expect("groups");
    assert_eq!((known.len(), known.sizes()), (5, &[3, 3, 3, 0, 0][..]));
    let all = |grouped: &Grouped, array: DynArray, expected: &[i64]| {
        assert_eq!(array.len() as usize, grouped.len());
        check_items(
            &array,
            &ArrayD::from_shape_vec(vec![expected.len()], expected.to_vec()).expect("a list"),
            |it| *it,
            "known",
        );
    };
    all(&known, known.sum().expect("sums"), &[15, 18, 21, 0, 0]);
    all(&known, known.prod().expect("products"), &[45, 120, 231, 1, 1]);
    all(&known, known.count().expect("counts"), &[3, 3, 3, 0, 0]);
    let text = |result: dap_array::Result<DynArray>| result.expect_err("a mistake").to_string();
    assert!(text(known.min()).contains("group 3") && text(known.first()).contains("group 3"));
    // Indices of no group.
    let expanded = known.expand(&known.sum().expect("sums")).expect("an array");
    let expected = [0, 15, 18, 21].repeat(3);
    check_items(&expanded, &ArrayD::from_shape_vec(vec![12], expected).expect("a list"), |it: &i64| *it, "expanded");
    let floats = x.expr().cast(ElementType::F64).eval().expect("floats");
    let known = floats.group_by_numbers(0, &numbers, 5).expect("groups");
    let least = ArrayD::from_shape_vec(vec![5], vec![1.0, 2.0, 3.0, f64::NAN, f64::NAN]).expect("a list");
    check(&known.min().expect("least elements"), &least, "empty groups");

    // Floats, NaN among them; the zeros are one label.
    let labels = [0.5, f64::NAN, -0.0, 0.0, -1.5, 0.5, f64::NAN, 0.5, f64::INFINITY, -1.5, 0.0, 0.5];
    let labels = DynArray::from_fn(context, blocks(context, &[12]), |at| labels[at[0] as usize]).expect("labels");
    let found = x.group_by(-1, &labels).expect("groups");
    assert_eq!(found.labels(), [-1.5, 0.0, 0.5, f64::INFINITY].map(Value::Float));
    all(&found, found.sum().expect("sums"), &[13, 15, 23, 8]);
    all(&found, found.last().expect("elements"), &[9, 10, 11, 8]);
    let truths = DynArray::from_fn(context, blocks(context, &[12]), |at| at[0] > 8).expect("labels");
    let found = x.group_by(0, &truths).expect("groups");
    assert_eq!(found.labels(), [false, true].map(Value::Bool));
    all(&found, found.max().expect("greatest elements"), &[8, 11]);

    // The first pass decides none of these sums; the exact ones are small.
    let terms = [1e300, 1.0, -1e300, 1e-300, 3.0, -1.0];
    let hard = DynArray::from_fn(context, blocks(context, &[600, 3]), |at| {
        terms[(at[0] / 2 % 6) as usize] * (at[1] + 1) as f64
    });
    let hard = hard.expect("floats");
    let parity = DynArray::from_fn(context, blocks(context, &[600]), |at| at[0] % 2).expect("labels");
    let sums = hard.group_by(0, &parity).and_then(|grouped| grouped.sum()).expect("sums");
    let expected = ArrayD::from_shape_fn(vec![2, 3], |at| 150.0 * (at[1] + 1) as f64);
    check(&sums, &expected, "second pass");
}

/// Mistakes are errors on all ranks.
pub(crate) fn mistakes(context: &Context) {
    let x = Twin::new(context, &blocks(context, &[6, 4]).into(), 1).array;
    let labels = DynArray::from_fn(context, blocks(context, &[6]), |at| at[0]).expect("labels");
    let text = |result: dap_array::Result<Grouped>| result.expect_err("a mistake").to_string();
    assert!(text(x.group_by(2, &labels)).contains("axis 2"));
    assert!(text(x.group_by(1, &labels)).contains("4 indices"));
    assert!(text(x.group_by(0, &x)).contains("[6, 4]"));
    let bound = text(x.group_by_numbers(0, &labels, 5));
    assert!(bound.contains("number 5") && bound.contains("5 groups"), "{bound}");
    assert!(text(x.group_by_numbers(0, &labels, -1)).contains("-1 groups"));
    let floats = labels.expr().cast(ElementType::F64).eval().expect("floats");
    assert!(text(x.group_by_numbers(0, &floats, 6)).contains("float64"));
    let complex = labels.expr().cast(ElementType::C128).eval().expect("complex numbers");
    assert!(text(x.group_by(0, &complex)).contains("complex128"));
    let grouped = x.group_by(0, &labels).expect("groups");
    let wrong = grouped.expand(&labels).expect_err("another shape").to_string();
    assert!(wrong.contains("[6]") && wrong.contains("[6, 4]"), "{wrong}");
}
