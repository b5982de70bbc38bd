//! Reductions beside exact integer arithmetic, element by element.

use dap_array::{Context, DynArray, ElementType, Reduction};
use dap_array_testing::{Step, Twin, check, placements_of, ranks_of, shapes, steps};
use dap_launch::values;
use ndarray::ArrayD;
use proptest::prelude::*;

/// Elements are multiples of 2^-SCALE.
const SCALE: i32 = 52;

fn scaled(item: f64) -> i128 {
    let scaled = item * 2_f64.powi(SCALE);
    assert_eq!(scaled.fract(), 0.0, "the oracle's elements are multiples of 2^-{SCALE}");
    scaled as i128
}

/// `numerator / denominator * 2^exponent`, rounded once.
fn rounded(numerator: i128, denominator: i128, exponent: i32) -> f64 {
    let (mut numerator, negative) = (numerator.unsigned_abs(), numerator < 0);
    let mut exponent = exponent;
    let shift = numerator.leading_zeros().saturating_sub(1);
    numerator <<= shift;
    exponent -= shift as i32;
    let denominator = denominator.unsigned_abs();
    let sticky = u128::from(!numerator.is_multiple_of(denominator));
    // A quotient has more than 55 bits here: the last one stands for all that follow.
    let quotient = numerator / denominator;
    assert!(quotient == 0 || quotient.ilog2() > 54, "the denominator is small");
    let magnitude = (quotient | sticky) as f64 * 2_f64.powi(exponent);
    if negative { -magnitude } else { magnitude }
}

fn oracle(reduction: Reduction, items: &[f64]) -> f64 {
    let count = items.len() as i128;
    let truth = |truth: bool| f64::from(u8::from(truth));
    let sum = || items.iter().map(|&item| scaled(item)).sum::<i128>();
    match reduction {
        Reduction::Sum | Reduction::NanSum => rounded(sum(), 1, -SCALE),
        Reduction::Mean | Reduction::NanMean if items.is_empty() => f64::NAN,
        Reduction::Mean | Reduction::NanMean => rounded(sum(), count, -SCALE),
        Reduction::Var { ddof } => {
            // Quarters: their squares fit.
            let quarters = || items.iter().map(|item| (item * 4.0) as i128);
            let (sum, squares) = (quarters().sum::<i128>(), quarters().map(|item| item * item).sum::<i128>());
            if items.is_empty() {
                return f64::NAN;
            }
            let (spread, divisor) = (count * squares - sum * sum, count as f64 - ddof);
            if divisor <= 0.0 {
                return if spread == 0 { f64::NAN } else { f64::INFINITY };
            }
            rounded(spread, count * divisor as i128, -4)
        }
        Reduction::Min => items.iter().copied().fold(f64::INFINITY, f64::min),
        Reduction::Max => items.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Reduction::All => truth(items.iter().all(|&item| item != 0.0)),
        Reduction::Any => truth(items.iter().any(|&item| item != 0.0)),
        Reduction::CountNonzero => items.iter().filter(|&&item| item != 0.0).count() as f64,
        other => unreachable!("the oracle has no {other:?}"),
    }
}

/// The oracle's reduction over some axes, output by output.
fn along(whole: &ArrayD<f64>, axes: &[usize], keepdims: bool, reduction: Reduction) -> ArrayD<f64> {
    let extent = |axis: usize| if axes.contains(&axis) { 1 } else { whole.shape()[axis] };
    let mut results = ArrayD::zeros((0..whole.ndim()).map(extent).collect::<Vec<_>>());
    let mut items = results.map(|_: &f64| Vec::new());
    for (at, item) in whole.indexed_iter() {
        let output: Vec<usize> =
            (0..whole.ndim()).map(|axis| if axes.contains(&axis) { 0 } else { at[axis] }).collect();
        items[&output[..]].push(*item);
    }
    results.zip_mut_with(&items, |result, items| *result = oracle(reduction, items));
    let shape: Vec<usize> = (0..whole.ndim()).filter(|axis| keepdims || !axes.contains(axis)).map(extent).collect();
    results.into_shape_with_order(shape).expect("axes of one element")
}

fn reductions() -> impl Strategy<Value = Reduction> {
    use Reduction::*;
    prop::sample::select(vec![
        Sum,
        NanSum,
        Mean,
        NanMean,
        Var { ddof: 0.0 },
        Var { ddof: 1.0 },
        Min,
        Max,
        All,
        Any,
        CountNonzero,
    ])
}

fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

/// Views of arrays; their shape, and so their axes, are known only later.
pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let chosen = (reductions(), prop::collection::vec(any::<bool>(), 6), any::<bool>(), any::<bool>());
    for (placement, steps, (reduction, chosen, keepdims, is_hard)) in
        values((placements, prop::collection::vec(steps(), 0..3), chosen), 150, 20)
    {
        let is_hard = is_hard && !matches!(reduction, Reduction::Var { .. });
        let mut twin = if is_hard { hard(context, &placement) } else { Twin::new(context, &placement, 17) };
        for step in steps.iter().filter(|step| !is_hard || !matches!(step, Step::Repeat { .. })) {
            twin = twin.step(step);
        }
        let Twin { array, whole } = &twin;
        let axes: Vec<usize> = (0..array.ndim()).filter(|&axis| chosen[axis % chosen.len()]).collect();
        let signed: Vec<i64> =
            axes.iter().map(|&axis| axis as i64 - if keepdims { array.ndim() as i64 } else { 0 }).collect();
        let what = format!("{array:?} {steps:?} {reduction:?} over {axes:?}, hard {is_hard}");
        let items: Vec<f64> = whole.iter().copied().collect();
        let all = array.reduce(reduction);
        if items.is_empty() && matches!(reduction, Reduction::Min | Reduction::Max) {
            assert!(all.is_err(), "{what}");
            continue;
        }
        let all = all.unwrap_or_else(|error| panic!("{what}: {error}")).to_f64();
        assert_eq!(bits(all), bits(oracle(reduction, &items)), "{what}: {all}");
        let found = array.reduce_along(reduction, &signed, keepdims).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found = found.expr().cast(ElementType::F64).eval().expect("a conversion");
        // Bits of NaN differ.
        let found = found.expr().isnan().select(f64::NAN, &found).eval().expect("a selection");
        check(&found, &along(whole, &axes, keepdims, reduction).map(|value| f64::from_bits(bits(*value))), &what);
    }
}

/// Elements over 100 binary places, whose sums have ties.
fn hard(context: &Context, placement: &dap_core::algebra::Placement) -> Twin {
    let mut twin = Twin::new(context, placement, 19);
    let wide = |item: f64| match (item * 4.0) as i64 % 3 {
        0 => item * 2_f64.powi(50),
        1 => item * 2_f64.powi(-50),
        _ => item,
    };
    twin.whole.mapv_inplace(wide);
    if let Ok(mut local) = twin.array.local_mut::<f64>() {
        local.view().mapv_inplace(wide);
    }
    twin
}

/// Every type of elements, beside the same numbers as floats.
pub(crate) fn types(context: &Context) {
    let ranks = ranks_of(context);
    let cases = (placements_of(vec![7, 6], ranks), reductions());
    for (number, (placement, reduction)) in values(cases, 60, 21).into_iter().enumerate() {
        let element = ElementType::ALL[number % ElementType::ALL.len()];
        let integer = |index: &[i64]| {
            ((index[0] * 5 + index[1] * 3) % 7 - if element.kind() == dap_core::dtype::Kind::Uint { 0 } else { 2 })
                as f64
        };
        let item = |index: &[i64]| match element {
            ElementType::Bool => f64::from(u8::from(integer(index) > 0.0)),
            _ => integer(index),
        };
        let whole = ArrayD::from_shape_fn(vec![7, 6], |at: ndarray::IxDyn| item(&[at[0] as i64, at[1] as i64]));
        let floats = DynArray::from_fn(context, placement, item).expect("floats");
        let array = floats.expr().cast(element).eval().expect("a conversion");
        let what = format!("{array:?} {reduction:?}");
        if element.is_complex()
            && matches!(reduction, Reduction::Min | Reduction::Max | Reduction::NanSum | Reduction::NanMean)
        {
            let error = array.reduce(reduction).expect_err("complex numbers have no order").to_string();
            assert!(error.contains("complex"), "{error}");
            continue;
        }
        let all = array.reduce(reduction).unwrap_or_else(|error| panic!("{what}: {error}"));
        let exact = oracle(reduction, &whole.iter().copied().collect::<Vec<_>>());
        let is_single = matches!(element, ElementType::F32 | ElementType::C64);
        let expected = if is_single { f64::from(exact as f32) } else { exact };
        assert_eq!(all.to_f64(), expected, "{what}");
        let found = array.reduce_along(reduction, &[0], false).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(found.element(), Some(all.element), "{what}");
        let floats = if all.element.is_complex() { found.expr().real().eval().expect("real parts") } else { found };
        let floats = floats.expr().cast(ElementType::F64).eval().expect("a conversion");
        let expected = along(&whole, &[0], false, reduction);
        check(&floats, &expected.map(|&value| if is_single { f64::from(value as f32) } else { value }), &what);
    }
}
