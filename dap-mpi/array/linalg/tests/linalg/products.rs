//! Products over chosen axes, diagonals and norms.

use dap_array::{Context, DynArray, Reduction};
use dap_array_testing::{Twin, check, placements_of, ranks_of};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_launch::values;
use dap_linalg::{
    MatrixNorm, VectorNorm, cross, diagonal, dot, kron, matrix_norm, outer, tensordot, trace, vecdot, vector_norm,
    vector_norm_along,
};
use ndarray::{ArrayD, Axis, IxDyn};
use num_complex::Complex;
use proptest::prelude::*;

use crate::oracle::{arrays, einsum};

fn checked(found: dap_array::Result<DynArray>, expected: &ArrayD<f64>, what: &str) {
    check(&found.unwrap_or_else(|error| panic!("{what}: {error}")), expected, what);
}

/// Shapes of up to three axes.
fn shapes(ranks: i64) -> impl Strategy<Value = Placement> {
    prop::collection::vec(0..6_i64, 0..4).prop_flat_map(move |shape| placements_of(shape, ranks))
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    for (left, right) in values((shapes(ranks), shapes(ranks)), 50, 70) {
        let (a, b) = (Twin::new(context, &left, 3), Twin::new(context, &right, 5));
        let what = format!("{left} and {right}");
        let (na, nb) = (a.whole.ndim(), b.whole.ndim());
        let labels: Vec<usize> = (0..na + nb).collect();
        let flat = |whole: &ArrayD<f64>| ArrayD::from_shape_vec(IxDyn(&[whole.len()]), whole.iter().copied().collect());
        let (flat_a, flat_b) = (flat(&a.whole).expect("a vector"), flat(&b.whole).expect("a vector"));
        checked(outer(&a.array, &b.array), &einsum(&[(&flat_a, &[0]), (&flat_b, &[1])], &[0, 1]), &what);
        let all = einsum(&[(&a.whole, &labels[..na]), (&b.whole, &labels[na..])], &labels);
        checked(tensordot(&a.array, &b.array, &[], &[]), &all, &what);
        checked(kron(&a.array, &b.array), &kronecker(&a.whole, &b.whole), &what);
    }
}

/// Element by element, by the definition.
fn kronecker(a: &ArrayD<f64>, b: &ArrayD<f64>) -> ArrayD<f64> {
    let ndim = a.ndim().max(b.ndim());
    let longer =
        |whole: &ArrayD<f64>| (whole.ndim()..ndim).fold(whole.clone(), |longer, _| longer.insert_axis(Axis(0)));
    let (a, b) = (longer(a), longer(b));
    let shape: Vec<usize> = a.shape().iter().zip(b.shape()).map(|(a, b)| a * b).collect();
    ArrayD::from_shape_fn(shape, |at: IxDyn| {
        let quotients: Vec<usize> = (0..ndim).map(|axis| at[axis] / b.shape()[axis]).collect();
        let rests: Vec<usize> = (0..ndim).map(|axis| at[axis] % b.shape()[axis]).collect();
        a[&quotients[..]] * b[&rests[..]]
    })
}

/// Operands that share axes, in any order.
pub(crate) fn shared(context: &Context) {
    let ranks = ranks_of(context);
    let orders = (Just(vec![0_usize, 1, 2, 3]).prop_shuffle(), Just(vec![0_usize, 1, 2, 3]).prop_shuffle());
    let cases = (prop::array::uniform4(1..5_i64), orders, 0..5_usize, any::<u8>());
    for (extents, (left, right), count, salt) in values(cases, 50, 71) {
        // The first labels of the left order that the right one has, too.
        let (left, right) = (&left[..3], &right[..3]);
        let shared: Vec<usize> = left.iter().copied().filter(|label| right.contains(label)).take(count).collect();
        // Labels that are no pair are the right operand's own.
        let own: Vec<usize> = right.iter().map(|&it| if shared.contains(&it) { it } else { it + 4 }).collect();
        let shape = |labels: &[usize]| labels.iter().map(|&label| extents[label % 4]).collect::<Vec<_>>();
        let placements = (placements_of(shape(left), ranks), placements_of(shape(&own), ranks));
        let (pa, pb) = values(placements, 1, salt).remove(0);
        let (a, b) = (Twin::new(context, &pa, 7), Twin::new(context, &pb, 9));
        let axis = |labels: &[usize], label: usize| labels.iter().position(|&it| it == label).expect("shared") as i64;
        let axes_a: Vec<i64> = shared.iter().map(|&label| axis(left, label)).collect();
        let axes_b: Vec<i64> = shared.iter().map(|&label| axis(&own, label) - 3).collect();
        let kept = |labels: &[usize]| labels.iter().copied().filter(|it| !shared.contains(it)).collect::<Vec<_>>();
        let expected = einsum(&[(&a.whole, left), (&b.whole, &own)], &[kept(left), kept(&own)].concat());
        checked(
            tensordot(&a.array, &b.array, &axes_a, &axes_b),
            &expected,
            &format!("{pa} {axes_a:?} {pb} {axes_b:?}"),
        );
    }
}

pub(crate) fn vectors(context: &Context) {
    let ranks = ranks_of(context);
    let ones = prop::array::uniform3(0..3_u8);
    for (extents, ones, salt) in values((prop::array::uniform3(1..6_i64), ones, any::<u8>()), 40, 72) {
        let of = |side: u8| (0..3).map(move |axis| if axis < 2 && ones[axis] == side { 1 } else { extents[axis] });
        let shapes = (of(0).collect::<Vec<_>>(), of(1).collect::<Vec<_>>());
        let (pa, pb) = values((placements_of(shapes.0, ranks), placements_of(shapes.1, ranks)), 1, salt).remove(0);
        let (a, b) = (Twin::new(context, &pa, 11), Twin::new(context, &pb, 13));
        let products = &a.whole * &b.whole;
        checked(vecdot(&a.array, &b.array, -1), &products.sum_axis(Axis(2)), &format!("{pa} {pb}"));
        // The last axis of the first two of `a`, and the only one of a vector.
        let vector = b.array.index("0, 0").expect("a vector");
        let whole = b.whole.index_axis(Axis(0), 0).index_axis_move(Axis(0), 0).to_owned();
        checked(
            dot(&a.array, &vector),
            &einsum(&[(&a.whole, &[0, 1, 2]), (&whole, &[2])], &[0, 1]),
            &format!("{pa} {pb}"),
        );
        let transposed = b.array.transpose(&[0, 2, 1]).expect("a view");
        let expected = einsum(&[(&a.whole, &[0, 1, 2]), (&b.whole, &[3, 4, 2])], &[0, 1, 3, 4]);
        checked(dot(&a.array, &transposed), &expected, &format!("{pa} {pb}"));
    }
    for (pa, pb) in values((placements_of(vec![4, 3], ranks), placements_of(vec![3], ranks)), 10, 73) {
        let (a, b) = (Twin::new(context, &pa, 15), Twin::new(context, &pb, 17));
        let expected = ArrayD::from_shape_fn(vec![4, 3], |at: IxDyn| {
            let (next, last) = ((at[1] + 1) % 3, (at[1] + 2) % 3);
            a.whole[[at[0], next]] * b.whole[[last]] - a.whole[[at[0], last]] * b.whole[[next]]
        });
        checked(cross(&a.array, &b.array, -1), &expected, &format!("{pa} {pb}"));
        let of = |x: f64| Complex::new(x, 1.0);
        let ((a, whole_a), (b, whole_b)) = (arrays(context, &pb, 15, of), arrays(context, &pb, 17, of));
        let expected = whole_a.iter().zip(&whole_b).fold(Complex::default(), |sum, (a, b)| sum + a.conj() * b);
        let found = vecdot(&a, &b, 0).expect("a number").get(&[]).expect("a value");
        assert_eq!(found.value, dap_array::Value::Complex(expected.re, expected.im), "{pb}");
    }
}

pub(crate) fn diagonals(context: &Context) {
    let ranks = ranks_of(context);
    let shapes = prop::collection::vec(0..6_i64, 2..4);
    let cases = (shapes.prop_flat_map(move |shape| placements_of(shape, ranks)), -7..7_i64);
    for (placement, offset) in values(cases, 40, 74) {
        let twin = Twin::new(context, &placement, 19);
        let ndim = twin.whole.ndim();
        let (down, right) = ((-offset).max(0) as usize, offset.max(0) as usize);
        let mut shape = twin.whole.shape().to_vec();
        let (columns, rows) = (shape.pop().expect("columns"), shape.pop().expect("rows"));
        shape.push(rows.saturating_sub(down).min(columns.saturating_sub(right)));
        let expected = ArrayD::from_shape_fn(shape, |at: IxDyn| {
            let mut index: Vec<usize> = (0..ndim - 1).map(|axis| at[axis]).collect();
            let t = index[ndim - 2];
            index[ndim - 2] = t + down;
            index.push(t + right);
            twin.whole[&index[..]]
        });
        let what = format!("{placement} {offset}");
        checked(diagonal(&twin.array, offset), &expected, &what);
        checked(trace(&twin.array, offset), &expected.sum_axis(Axis(ndim - 2)).mapv(|sum| sum + 0.0), &what);
    }
}

pub(crate) fn norms(context: &Context) {
    let ranks = ranks_of(context);
    let cases = prop::collection::vec(1..7_i64, 2..4).prop_flat_map(move |shape| placements_of(shape, ranks));
    for placement in values(cases, 25, 75) {
        let twin = Twin::new(context, &placement, 21);
        let (magnitudes, what) = (twin.whole.mapv(f64::abs), placement.to_string());
        let ndim = twin.whole.ndim();
        let along = |norm, axes: &[i64]| vector_norm_along(&twin.array, norm, axes, false);
        let all = |norm| vector_norm(&twin.array, norm).unwrap_or_else(|error| panic!("{what}: {error}")).to_f64();
        checked(along(VectorNorm::One, &[-1]), &magnitudes.sum_axis(Axis(ndim - 1)), &what);
        let greatest = |whole: &ArrayD<f64>, axis| whole.fold_axis(Axis(axis), 0.0_f64, |a, b| a.max(*b));
        checked(along(VectorNorm::Max, &[0]), &greatest(&magnitudes, 0), &what);
        assert_eq!(all(VectorNorm::of(1.0)), magnitudes.sum(), "{what}");
        assert_eq!(all(VectorNorm::of(f64::INFINITY)), magnitudes.iter().fold(0.0_f64, |a, b| a.max(*b)), "{what}");
        assert_eq!(all(VectorNorm::of(f64::NEG_INFINITY)), magnitudes.iter().fold(1e9_f64, |a, b| a.min(*b)), "{what}");
        assert_eq!(all(VectorNorm::of(0.0)), magnitudes.iter().filter(|it| **it != 0.0).count() as f64, "{what}");
        // Squares are exact, hence their sum, and the root is rounded once.
        let squares = twin.whole.mapv(|x| x * x);
        assert_eq!(all(VectorNorm::of(2.0)), squares.sum().sqrt(), "{what}");
        let cubes = magnitudes.mapv(|x| x.powi(3)).sum().cbrt();
        assert!((all(VectorNorm::of(3.0)) - cubes).abs() <= 1e-14 * cubes, "{what}");
        let roots = squares.sum_axis(Axis(ndim - 1)).sum_axis(Axis(ndim - 2)).mapv(f64::sqrt);
        checked(matrix_norm(&twin.array, MatrixNorm::Frobenius, false), &roots, &what);
        let columns = greatest(&magnitudes.sum_axis(Axis(ndim - 2)), ndim - 2);
        checked(matrix_norm(&twin.array, MatrixNorm::MaxColumn, false), &columns, &what);
        let rows = magnitudes.sum_axis(Axis(ndim - 1)).fold_axis(Axis(ndim - 2), f64::INFINITY, |a, b| a.min(*b));
        let rows = rows.insert_axis(Axis(ndim - 2)).insert_axis(Axis(ndim - 1));
        checked(matrix_norm(&twin.array, MatrixNorm::MinRow, true), &rows, &what);
    }
}

pub(crate) fn mistakes(context: &Context) {
    let zeros = |shape: &[i64]| {
        let layout = Layout::builder(shape.to_vec()).build().expect("a layout");
        DynArray::zeros(context, layout, &<f64 as dap_ndarray::Item>::dtype()).expect("an array")
    };
    let a = zeros(&[2, 3]);
    assert!(vecdot(&a, &zeros(&[2, 2]), -1).is_err());
    assert!(vecdot(&a, &a, 2).is_err());
    assert!(tensordot(&a, &a, &[0], &[1]).is_err());
    assert!(tensordot(&a, &a, &[0, 0], &[0, 0]).is_err());
    assert!(tensordot(&a, &a, &[0], &[]).is_err());
    assert!(cross(&a, &a, 0).is_err());
    assert!(diagonal(&zeros(&[3]), 0).is_err());
    assert!(matrix_norm(&zeros(&[3]), MatrixNorm::Frobenius, false).is_err());
    // The array is as it was.
    assert_eq!(a.reduce(Reduction::Sum).expect("a sum").to_f64(), 0.0);
}
