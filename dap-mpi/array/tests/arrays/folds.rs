//! Reductions and scans by functions, beside the order that is documented, line by line.

use dap_array::{Context, DynArray, ErrorKind, Value};
use dap_array_testing::{Twin, check, placements_of, ranks_of, shapes, steps};
use dap_launch::values;
use ndarray::{Array1, ArrayD, Axis};
use num_complex::Complex;
use proptest::prelude::*;

/// Neither associative nor commutative: every other order has other bits.
fn mixed(left: f64, right: f64) -> f64 {
    left * 0.75 + right * 0.5 + 0.1
}

/// The elements of a line whose length is a power of two: the result of its first half with that of
/// its second half.
fn halved(items: &[f64]) -> f64 {
    match items {
        [item] => *item,
        _ => mixed(halved(&items[..items.len() / 2]), halved(&items[items.len() / 2..])),
    }
}

/// All elements of a line: blocks of powers of two, the longest first, from the left.
fn line(items: &[f64]) -> f64 {
    let mut longest = 1;
    while 2 * longest <= items.len() {
        longest *= 2;
    }
    let (mut result, mut from) = (halved(&items[..longest]), longest);
    while from < items.len() {
        while longest > items.len() - from {
            longest /= 2;
        }
        result = mixed(result, halved(&items[from..from + longest]));
        from += longest;
    }
    result
}

fn prefixes(whole: &ArrayD<f64>, axis: usize) -> ArrayD<f64> {
    let mut expected = whole.clone();
    for mut lane in expected.lanes_mut(Axis(axis)) {
        let items = lane.to_vec();
        let found: Array1<f64> = (0..items.len()).map(|at| line(&items[..=at])).collect();
        lane.assign(&found);
    }
    expected
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    // Also lines that are longer than the arrays of the other cases.
    let shapes = prop_oneof![4 => shapes(), 1 => prop::collection::vec(20..150_i64, 1..=2)];
    let placements = shapes.prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), 0..16_u8, any::<bool>());
    for (placement, steps, chosen, keepdims) in values(cases, 60, 90) {
        let twin = steps.iter().fold(Twin::new(context, &placement, 91), |twin, step| twin.step(step));
        let Twin { array, whole } = &twin;
        let what = format!("{placement} {steps:?} {chosen} {keepdims}");
        let axes: Vec<usize> = (0..whole.ndim()).filter(|axis| chosen >> (axis % 4) & 1 == 1).collect();
        let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64 - whole.ndim() as i64).collect();
        for &axis in &axes {
            let found = array.scan_by(axis as i64, mixed).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(found.placement(), array.placement(), "{what}");
            check(&found, &prefixes(whole, axis), &format!("{what} scan {axis}"));
        }
        let found = array.reduce_along_by(&signed, keepdims, mixed);
        let others = (0..whole.ndim()).filter(|axis| !axes.contains(axis)).map(|axis| whole.shape()[axis]);
        if axes.iter().any(|&axis| whole.shape()[axis] == 0) && others.product::<usize>() > 0 {
            assert_eq!(found.expect_err(&what).kind(), ErrorKind::Argument);
            continue;
        }
        let mut expected = whole.clone();
        for &axis in axes.iter().rev() {
            expected = expected.map_axis(Axis(axis), |lane| line(&lane.to_vec()));
            if keepdims {
                expected.insert_axis_inplace(Axis(axis));
            }
        }
        check(&found.unwrap_or_else(|error| panic!("{what}: {error}")), &expected, &what);
        if whole.is_empty() {
            assert!(array.reduce_by(mixed).is_err(), "{what}");
            continue;
        }
        let all = (0..whole.ndim())
            .rev()
            .fold(whole.clone(), |part, axis| part.map_axis(Axis(axis), |lane| line(&lane.to_vec())));
        let found = array.reduce_by(mixed).unwrap_or_else(|error| panic!("{what}: {error}"));
        let expected = all.first().copied().map(f64::to_bits);
        assert_eq!(Some(found.to_f64().to_bits()), expected, "{what}");
    }
}

/// Associative functions that are not commutative, beside a loop from the left.
pub(crate) fn types(context: &Context) {
    // The composition of x -> re x + im, modulo 97 and in small integers: exact.
    let after = |left: Complex<f64>, right: Complex<f64>| {
        Complex::new(left.re * right.re, (left.im * right.re + right.im).rem_euclid(97.0))
    };
    let value = |at: i64| Complex::new(if at % 3 == 0 { -1.0 } else { 1.0 }, (at % 7) as f64);
    for placement in values(placements_of(vec![83], ranks_of(context)), 20, 92) {
        let array = DynArray::from_fn(context, &placement, |at| value(at[0])).expect("an array");
        let mut so_far = value(0);
        let mut expected = vec![so_far];
        for at in 1..83 {
            so_far = after(so_far, value(at));
            expected.push(so_far);
        }
        let found = array.reduce_by(after).expect("reduced");
        assert_eq!(found.value, Value::Complex(so_far.re, so_far.im), "{placement}");
        let scanned = array.scan_by(0, after).expect("scanned").gather(0).expect("gathered");
        if context.comm().rank() == 0 {
            let local = scanned.local::<Complex<f64>>().expect("elements");
            assert_eq!(local.view().iter().copied().collect::<Vec<_>>(), expected, "{placement}");
        }
        // The last element that is not zero.
        let few = DynArray::from_fn(context, &placement, |at| if at[0] % 10 == 4 { at[0] as u8 } else { 0 });
        let last = |left: u8, right: u8| if right == 0 { left } else { right };
        assert_eq!(few.expect("an array").reduce_by(last).expect("reduced").value, Value::Int(74), "{placement}");
    }
}

pub(crate) fn mistakes(context: &Context) {
    let placement = values(placements_of(vec![6, 4], ranks_of(context)), 1, 94).remove(0);
    let Twin { array, .. } = Twin::new(context, &placement, 94);
    for error in [
        array.reduce_by(i64::max).map(drop).expect_err("another type"),
        array.scan_by(0, f32::max).map(drop).expect_err("another type"),
        array.scan_by(2, f64::max).map(drop).expect_err("no such axis"),
        array.reduce_along_by(&[0, -2], true, f64::max).map(drop).expect_err("an axis twice"),
    ] {
        assert_eq!((error.kind(), error.rank()), (ErrorKind::Argument, None), "{error}");
    }
    let error = array.reduce_by(i64::max).expect_err("another type");
    assert_eq!(error.message(), "the elements are float64, not int64");
}
