//! `matmul`: the elements are multiples of 1/4, so that sums of products are exact in any order.

use dap_array::{Context, DynArray, Element};
use dap_array_testing::{Step, Twin, check, check_items, placements_of, ranks_of, steps};
use dap_core::algebra::Placement;
use dap_launch::values;
use dap_linalg::{matmul, matmul_within};
use dap_ndarray::Item;
use ndarray::ArrayD;
use num_complex::Complex;
use proptest::prelude::*;

use crate::oracle::{self, arrays};

fn expected(a: &ArrayD<f64>, b: &ArrayD<f64>) -> ArrayD<f64> {
    oracle::matmul(a, b, 0.0, |sum, x, y| sum + x * y)
}

/// Placements of the operands of a product of matrices.
fn operands(ranks: i64, longest: i64) -> impl Strategy<Value = (Placement, Placement)> {
    let extent = prop_oneof![1 => 0..2_i64, 4 => 1..longest];
    prop::array::uniform3(extent)
        .prop_flat_map(move |[m, k, n]| (placements_of(vec![m, k], ranks), placements_of(vec![k, n], ranks)))
}

fn checked(
    context: &Context,
    (left, right): &(Placement, Placement),
    product: fn(&DynArray, &DynArray) -> dap_array::Result<DynArray>,
) {
    let (a, b) = (Twin::new(context, left, 3), Twin::new(context, right, 5));
    let what = format!("{left} @ {right}");
    let found = product(&a.array, &b.array).unwrap_or_else(|error| panic!("{what}: {error}"));
    check(&found, &expected(&a.whole, &b.whole), &what);
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    for case in values(operands(ranks, 14), 40, 60) {
        checked(context, &case, matmul);
    }
    // Long inner axes: partial sums.
    let long = (1..4_i64, 60..140_i64, 1..4_i64)
        .prop_flat_map(move |(m, k, n)| (placements_of(vec![m, k], ranks), placements_of(vec![k, n], ranks)));
    for case in values(long, 20, 61) {
        checked(context, &case, matmul);
    }
}

pub(crate) fn strips(context: &Context) {
    for case in values(operands(ranks_of(context), 40), 10, 62) {
        checked(context, &case, |a, b| matmul_within(a, b, 4000));
    }
    for case in values(operands(ranks_of(context), 6), 10, 66) {
        checked(context, &case, |a, b| matmul_within(a, b, 100));
    }
}

/// Views, of which some have shapes that fit.
pub(crate) fn views(context: &Context) {
    let ranks = ranks_of(context);
    let side = move || {
        let shape = prop::collection::vec(2..5_i64, 1..4);
        (shape.prop_flat_map(move |shape| placements_of(shape, ranks)), prop::collection::vec(steps(), 0..3))
    };
    let twin = |(placement, steps): &(Placement, Vec<Step>), salt| {
        steps.iter().fold(Twin::new(context, placement, salt), |twin, step| twin.step(step))
    };
    let mut fitting = 0;
    for (left, right) in values((side(), side()), 300, 63) {
        let (a, b) = (twin(&left, 7), twin(&right, 9));
        let (last, front) = (a.whole.shape().last(), b.whole.shape().iter().rev().nth(1).or(b.whole.shape().last()));
        let batch = |twin: &Twin| twin.whole.shape().iter().rev().skip(2).copied().collect::<Vec<_>>();
        let is_broadcast = batch(&a).iter().zip(&batch(&b)).all(|(&a, &b)| a == b || a == 1 || b == 1);
        let what = format!("{left:?} @ {right:?}");
        if last.is_none() || last != front || !is_broadcast {
            assert!(matmul(&a.array, &b.array).is_err(), "{what}");
            continue;
        }
        fitting += 1;
        let found = matmul(&a.array, &b.array).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &expected(&a.whole, &b.whole), &what);
    }
    assert!(fitting > 10, "only {fitting} pairs of views fit");
}

/// Stacks of matrices, broadcast together.
pub(crate) fn stacks(context: &Context) {
    let ranks = ranks_of(context);
    let axis = (1..5_i64, 0..3_u8);
    let shapes = (prop::collection::vec(axis, 1..3), prop::array::uniform3(0..5_i64)).prop_map(|(batch, [m, k, n])| {
        let of = |side: u8| batch.iter().map(move |&(extent, one)| if one == side { 1 } else { extent });
        (of(0).chain([m, k]).collect::<Vec<_>>(), of(1).chain([k, n]).collect::<Vec<_>>())
    });
    let cases = shapes.prop_flat_map(move |(a, b)| (placements_of(a, ranks), placements_of(b, ranks)));
    for case in values(cases, 40, 64) {
        checked(context, &case, matmul);
        checked(context, &case, |a, b| matmul_within(a, b, 300));
    }
}

fn of_type<T: Item + Element>(
    context: &Context,
    case: &(Placement, Placement),
    of: fn(f64) -> T,
    zero: T,
    add_product: fn(T, T, T) -> T,
) {
    let ((a, whole_a), (b, whole_b)) = (arrays(context, &case.0, 11, of), arrays(context, &case.1, 13, of));
    let found = matmul(&a, &b).expect("a product");
    let expected = oracle::matmul(&whole_a, &whole_b, zero, add_product);
    check_items(&found, &expected, |item: &T| *item, &format!("{case:?} of {}", <T as Element>::TYPE.name()));
}

pub(crate) fn types(context: &Context) {
    macro_rules! integers {
        ($case:expr, $($type:ty)*) => {
            $(of_type::<$type>(context, $case, |x| (x * 4.0) as i64 as $type, 0, |sum, x, y| {
                sum.wrapping_add(x.wrapping_mul(y))
            });)*
        };
    }
    for case in &values(operands(ranks_of(context), 9), 8, 65) {
        integers!(case, i8 i16 i32 i64 u8 u16 u32 u64);
        of_type::<bool>(context, case, |x| x > 60.0, false, |sum, x, y| sum | x & y);
        of_type::<f32>(context, case, |x| x as f32, 0.0, |sum, x, y| sum + x * y);
        of_type(context, case, |x| Complex::new(x, x / 2.0), Complex::default(), |sum, x, y| sum + x * y);
        of_type(context, case, |x| Complex::new(1.0, x as f32), Complex::default(), |sum, x, y| sum + x * y);
        // Mixed types: the integers are converted.
        let (a, whole_a) = arrays(context, &case.0, 17, |x| x as i16);
        let b = Twin::new(context, &case.1, 19);
        let found = matmul(&a, &b.array).expect("a product");
        check(&found, &expected(&whole_a.mapv(f64::from), &b.whole), &format!("{case:?} of two types"));
    }
}

pub(crate) fn mistakes(context: &Context) {
    let zeros = |shape: &[i64]| {
        let layout = dap_core::layout::Layout::builder(shape.to_vec()).build().expect("a layout");
        DynArray::zeros(context, layout, &<f64 as Item>::dtype()).expect("an array")
    };
    let refused = |a: &[i64], b: &[i64]| matmul(&zeros(a), &zeros(b)).expect_err("shapes that do not fit").to_string();
    assert_eq!(refused(&[2, 3], &[2, 3]), "matmul of shapes [2, 3] and [2, 3]: the inner extents must be equal");
    assert_eq!(refused(&[], &[2]), "matmul of an operand without axes: multiply elements instead");
    let batches = "matmul of shapes [2, 1, 1] and [3, 1, 1]: the axes in front cannot be broadcast together";
    assert_eq!(refused(&[2, 1, 1], &[3, 1, 1]), batches);
}
