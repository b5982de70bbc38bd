//! Cumulative functions beside a loop along the axis.

use dap_array::{Context, Cumulative, DynArray, ElementType, Op};
use dap_array_testing::{Twin, check, placements_of, ranks_of, shapes, steps};
use dap_core::layout::Layout;
use dap_launch::values;
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

/// Each element with all before it along the axis.
fn accumulated(whole: &ArrayD<f64>, axis: usize, step: impl Fn(f64, f64) -> f64) -> ArrayD<f64> {
    let mut result = whole.clone();
    result.accumulate_axis_inplace(Axis(axis), |&before, item| *item = step(before, *item));
    result
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), any::<u8>());
    for (placement, steps, seed) in values(cases, 100, 50) {
        let Twin { array, whole } = steps.iter().fold(Twin::new(context, &placement, 51), |twin, step| twin.step(step));
        if whole.ndim() == 0 {
            continue;
        }
        let axis = seed as usize % whole.ndim();
        let signed = if seed % 2 == 0 { axis as i64 } else { axis as i64 - whole.ndim() as i64 };
        let what = format!("{array:?} {steps:?} along {signed}");
        let of = |function, array: &DynArray| {
            array.cumulative(function, signed).unwrap_or_else(|error| panic!("{what}: {function:?}: {error}"))
        };
        // Sums of quarters are exact.
        let sums = accumulated(&whole, axis, |sum, item| sum + item);
        let found = of(Cumulative::Sum, &array);
        assert!(found.placement().holds_the_same(array.placement()), "{what}: {found:?}");
        check(&found, &sums, &what);
        check(&of(Cumulative::Min, &array), &accumulated(&whole, axis, f64::min), &what);
        check(&of(Cumulative::Max, &array), &accumulated(&whole, axis, f64::max), &what);
        // Products of powers of two, and of NaN behind the first zero.
        let signs = array.expr().sign();
        let product = (&signs * 2.0).eval().expect("two or zero");
        let factors = whole.map(|item| 2.0 * if *item == 0.0 { 0.0 } else { item.signum() });
        check(&of(Cumulative::Prod, &product), &accumulated(&factors, axis, |product, item| product * item), &what);

        let as_floats = |array: DynArray| array.expr().cast(ElementType::F64).eval().expect("floats");
        let integers = array.expr().apply(Op::Trunc).cast(ElementType::I16).eval().expect("integers");
        let found = of(Cumulative::Sum, &integers);
        assert_eq!(found.element(), Some(ElementType::I64), "{what}");
        check(&as_floats(found), &accumulated(&whole.map(|item| item.trunc()), axis, |sum, item| sum + item), &what);
        let positive = array.expr().greater(0.0).eval().expect("booleans");
        let counts = accumulated(&whole.map(|&item| f64::from(u8::from(item > 0.0))), axis, |sum, item| sum + item);
        check(&as_floats(of(Cumulative::Sum, &positive)), &counts, &what);
        let ever = accumulated(&whole.map(|&item| f64::from(u8::from(item > 0.0))), axis, f64::max);
        let found = of(Cumulative::Max, &positive);
        assert_eq!(found.element(), Some(ElementType::Bool), "{what}");
        check(&as_floats(found), &ever, &what);
        let complex = array.expr().cast(ElementType::C128).eval().expect("complex numbers");
        let found = of(Cumulative::Sum, &complex);
        check(&found.expr().apply(Op::Real).eval().expect("real parts"), &sums, &what);
        assert!(complex.cumulative(Cumulative::Min, signed).is_err(), "{what}");
    }
}

/// Sums that are rounded have the same bits on one rank and on all, whatever the distribution.
pub(crate) fn rounding(context: &Context) {
    let ranks = ranks_of(context);
    let whole = Layout::builder([2000, 5]).build().expect("one process");
    let values_of = |array: &DynArray| ((array.expr() * 0.1).exp() - 0.7).eval().expect("values");
    let one = values_of(&Twin::new(context, &whole.into(), 52).array);
    for placement in values(placements_of(vec![2000, 5], ranks), 6, 53) {
        let all = values_of(&Twin::new(context, &placement, 52).array);
        for function in [Cumulative::Sum, Cumulative::Prod] {
            let found = all.cumulative(function, 0).expect("sums");
            let expected = one.cumulative(function, 0).expect("sums");
            let differs = found.expr().not_equal(&expected).reduce(dap_array::Reduction::Any).expect("a comparison");
            assert!(!differs.is_true(), "{function:?} of {placement}");
        }
    }
}
