//! Factorizations by their residuals: at most 10 n eps, whatever the distribution.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{placements_of, ranks_of};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_launch::values;
use dap_linalg::{
    Columns, cholesky, det, eigh, eigvalsh, inv, lstsq, matmul, matrix_power, matrix_rank, pinv, qr, slogdet, solve,
    svd, svdvals,
};
use ndarray::Array2;
use num_complex::Complex;
use proptest::prelude::*;

use crate::oracle::{adjoint, columns, determinant, diagonal, matrices, noisy, size};

type Matrix = Array2<Complex<f64>>;

/// Placements of matrices and of stacks of them, and a type.
fn cases(ranks: i64, longest: i64) -> impl Strategy<Value = (Placement, ElementType)> {
    let extent = prop_oneof![1 => 0..2_i64, 5 => 1..longest];
    let shape = (prop::option::weighted(0.3, 0..4_i64), extent.clone(), extent)
        .prop_map(|(stack, m, n)| stack.into_iter().chain([m, n]).collect::<Vec<_>>());
    (shape.prop_flat_map(move |shape| placements_of(shape, ranks)), elements())
}

pub(crate) fn squares(ranks: i64, longest: i64) -> impl Strategy<Value = (Placement, ElementType)> {
    let extent = prop_oneof![1 => 0..2_i64, 5 => 1..longest];
    let shape = (prop::option::weighted(0.3, 0..4_i64), extent)
        .prop_map(|(stack, n)| stack.into_iter().chain([n, n]).collect::<Vec<_>>());
    (shape.prop_flat_map(move |shape| placements_of(shape, ranks)), elements())
}

pub(crate) fn elements() -> impl Strategy<Value = ElementType> {
    prop::sample::select(vec![ElementType::F64, ElementType::C128, ElementType::F32, ElementType::C64])
}

/// 10 n eps for matrices of this shape.
pub(crate) fn tolerance(array: &DynArray) -> f64 {
    let extent = array.shape().iter().rev().take(2).copied().max().unwrap_or(1).max(1) as f64;
    let single = matches!(array.element(), Some(ElementType::F32 | ElementType::C64));
    10.0 * extent * if single { f64::from(f32::EPSILON) } else { f64::EPSILON }
}

fn near(found: &Matrix, expected: &Matrix, tolerance: f64, what: &str) {
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let (error, allowed) = (size(&(found - expected)), tolerance * size(expected).max(f64::MIN_POSITIVE));
    assert!(error <= allowed, "{what}: the residual is {error:e}, at most {allowed:e} is allowed");
}

/// Whether the columns are orthonormal.
fn orthonormal(matrix: &Matrix, tolerance: f64, what: &str) {
    let unit = Array2::from_diag_elem(matrix.ncols(), Complex::new(1.0, 0.0));
    let error = size(&(adjoint(matrix).dot(matrix) - &unit));
    assert!(error <= tolerance, "{what}: columns are orthonormal to {error:e}, not to {tolerance:e}");
}

pub(crate) fn ok<T>(result: dap_array::Result<T>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

pub(crate) fn orthogonal(context: &Context) {
    let ranks = ranks_of(context);
    let large = (placements_of(vec![130, 90], ranks), elements());
    let cases = [values(cases(ranks, 12), 30, 90), values(large, 2, 91)].concat();
    for (placement, element) in cases {
        let a = noisy(context, &placement, 3, element);
        for columns in [Columns::Reduced, Columns::Complete] {
            let what = format!("qr of {a:?}, {columns:?}");
            let (q, r) = ok(qr(&a, columns), &what);
            assert_eq!((q.element(), r.element()), (a.element(), a.element()), "{what}");
            let (q, r) = (matrices(&q), matrices(&r));
            for ((whole, q), r) in matrices(&a).iter().zip(&q).zip(&r) {
                let count = if columns == Columns::Complete { whole.nrows() } else { whole.nrows().min(whole.ncols()) };
                assert_eq!((q.dim(), r.dim()), ((whole.nrows(), count), (count, whole.ncols())), "{what}");
                near(&q.dot(r), whole, tolerance(&a), &what);
                orthonormal(q, tolerance(&a), &what);
                assert!(
                    r.indexed_iter().all(|((row, column), item)| row <= column || *item == Complex::default()),
                    "{what}"
                );
            }
        }
    }
}

pub(crate) fn equations(context: &Context) {
    let ranks = ranks_of(context);
    let large = (placements_of(vec![100, 100], ranks), elements());
    let cases = [values(squares(ranks, 7), 30, 92), values(large, 2, 93)].concat();
    for (at, (placement, element)) in cases.into_iter().enumerate() {
        let a = noisy(context, &placement, 5, element);
        let mut shape = a.shape().to_vec();
        let last = shape.len() - 1;
        shape[last] = at as i64 % 4;
        let b = noisy(context, &values(placements_of(shape, ranks), 1, 94).remove(0), 7, element);
        let what = format!("solve of {a:?} and {b:?}");
        let x = matrices(&ok(solve(&a, &b), &what));
        for ((whole, x), b) in matrices(&a).iter().zip(&x).zip(&matrices(&b)) {
            let (error, allowed) = (size(&(whole.dot(x) - b)), tolerance(&a) * size(whole) * size(x).max(1.0));
            assert!(error <= allowed, "{what}: the residual is {error:e}, at most {allowed:e} is allowed");
        }
        let inverse = matrices(&ok(inv(&a), &what));
        for (whole, inverse) in matrices(&a).iter().zip(&inverse) {
            let unit = Array2::from_diag_elem(whole.nrows(), Complex::new(1.0, 0.0));
            let (error, allowed) =
                (size(&(whole.dot(inverse) - &unit)), tolerance(&a) * size(whole) * size(inverse).max(1.0));
            assert!(
                error <= allowed,
                "the inverse of {a:?}: the residual is {error:e}, at most {allowed:e} is allowed"
            );
        }
        let numbers = |array: &DynArray| columns(&array.index("..., None").expect("a view"));
        let (found, (sign, logarithm)) = (numbers(&ok(det(&a), &what)), ok(slogdet(&a), &what));
        let (sign, logarithm) = (numbers(&sign), numbers(&logarithm));
        for (stack, whole) in matrices(&a).iter().enumerate().filter(|(_, whole)| whole.nrows() < 8) {
            let expected = determinant(whole);
            let of = |all: &[Matrix]| all[stack][[0, 0]];
            let allowed = tolerance(&a) * size(whole).max(1.0).powi(whole.nrows() as i32);
            assert!((of(&found) - expected).norm_sqr().sqrt() <= allowed, "{what}: {} {expected}", of(&found));
            let again = of(&sign) * of(&logarithm).re.exp();
            assert!((again - expected).norm_sqr().sqrt() <= allowed, "{what}: {again} {expected}");
        }
    }
}

pub(crate) fn positive(context: &Context) {
    let ranks = ranks_of(context);
    let large = (placements_of(vec![100, 100], ranks), elements());
    let cases = [values(squares(ranks, 12), 20, 95), values(large, 2, 96)].concat();
    for (placement, element) in cases {
        let root = noisy(context, &placement, 9, element);
        let order: Vec<i64> =
            (0..root.ndim() as i64 - 2).chain([root.ndim() as i64 - 1, root.ndim() as i64 - 2]).collect();
        let conjugated = root.transpose(&order).and_then(|view| view.expr().conj().eval()).expect("the adjoint");
        let a = matmul(&root, &conjugated).and_then(|square| square.redistribute(&placement)).expect("a square");
        let unit = DynArray::from_fn(context, placement.clone(), |index| {
            let [.., row, column] = *index else { return 0.0 };
            if row == column { 1.0 } else { 0.0 }
        });
        let a = (&a + &unit.expect("a unit matrix")).cast(element).eval().expect("a sum");
        let what = format!("cholesky of {a:?}");
        let (lower, upper) = (matrices(&ok(cholesky(&a, false), &what)), matrices(&ok(cholesky(&a, true), &what)));
        for ((whole, lower), upper) in matrices(&a).iter().zip(&lower).zip(&upper) {
            near(&lower.dot(&adjoint(lower)), whole, tolerance(&a), &what);
            assert_eq!(adjoint(lower), *upper, "{what}");
            assert!(
                lower.indexed_iter().all(|((row, column), item)| row >= column || *item == Complex::default()),
                "{what}"
            );
        }
        // Of `eigh` the lower triangle alone is read.
        let what = format!("eigh of {root:?}");
        let (values, vectors) = ok(eigh(&root), &what);
        let only = columns(&ok(eigvalsh(&root), &what));
        let (values, vectors) = (columns(&values), matrices(&vectors));
        for (stack, (whole, vectors)) in matrices(&root).iter().zip(&vectors).enumerate() {
            let hermitian = Array2::from_shape_fn(whole.dim(), |(row, column)| match row.cmp(&column) {
                std::cmp::Ordering::Less => whole[[column, row]].conj(),
                std::cmp::Ordering::Equal => whole[[row, row]].re.into(),
                std::cmp::Ordering::Greater => whole[[row, column]],
            });
            let (values, only) = (&values[stack], &only[stack]);
            near(&hermitian.dot(vectors), &vectors.dot(&diagonal(values)), 2.0 * tolerance(&a), &what);
            orthonormal(vectors, tolerance(&a), &what);
            assert!(values.iter().zip(values.iter().skip(1)).all(|(one, next)| one.re <= next.re), "{what}");
            assert!(size(&(only - values)) <= tolerance(&a) * size(&hermitian), "{what}");
        }
    }
}

/// Matrices whose columns differ by more than squares can hold: a rotation of columns with these
/// magnitudes.
pub(crate) fn extremes(context: &Context) {
    let sizes =
        [[1.0, 1.0, 1.0], [1.0, 1e-162, 1e-300], [1e300, 1e150, 1.0], [1e-300, 1e-305, 1e-160], [1e200, 1e-200, 0.0]];
    for sizes in sizes {
        // The columns of a Householder reflector are orthonormal.
        let reflector = |i: usize, j: usize| f64::from(u8::from(i == j)) - 2.0 / 3.0;
        let layout = Layout::builder([3, 3]).processes(ranks_of(context).min(3)).build().expect("a layout");
        let value = |at: &[i64]| reflector(at[0] as usize, at[1] as usize) * sizes[at[1] as usize];
        let a = DynArray::from_fn(context, layout, value).expect("a matrix");
        let what = format!("columns of sizes {sizes:?}");
        let mut expected = sizes;
        expected.sort_by(|left, right| right.total_cmp(left));
        let (u, s, vh) = ok(svd(&a, Columns::Reduced), &what);
        // One matrix, on rank 0.
        let (u, s, vh) = (matrices(&u), columns(&s), matrices(&vh));
        for (found, expected) in s.iter().flatten().zip(expected) {
            assert!(
                (found.re - expected).abs() <= 1e-14 * expected.max(1e-16 * sizes[0]),
                "{what}: {found} {expected}"
            );
        }
        for factor in u.iter().cloned().chain(vh.iter().map(adjoint)) {
            orthonormal(&factor, 1e-14, &what);
        }
    }
}

pub(crate) fn singular_values(context: &Context) {
    let ranks = ranks_of(context);
    let large = (placements_of(vec![90, 60], ranks), elements());
    let all = [values(cases(ranks, 11), 30, 97), values(large, 1, 98)].concat();
    for (at, (placement, element)) in all.into_iter().enumerate() {
        let mut a = noisy(context, &placement, 11, element);
        let (m, n) = (a.shape()[a.ndim() - 2], a.shape()[a.ndim() - 1]);
        let mut rank = m.min(n);
        if at % 3 == 0 && a.ndim() == 2 && rank > 1 {
            // Of a lower rank.
            rank /= 2;
            let factor = |shape: Vec<i64>, salt| {
                noisy(context, &values(placements_of(shape, ranks), 1, 99).remove(0), salt, element)
            };
            a = matmul(&factor(vec![m, rank], 13), &factor(vec![rank, n], 15)).expect("a product");
        }
        let what = format!("svd of {a:?} of rank {rank}");
        factors(&a, &what);
        let (s, only) = (columns(&ok(svd(&a, Columns::Reduced), &what).1), columns(&ok(svdvals(&a), &what)));
        for (s, only) in s.iter().zip(&only) {
            assert!(size(&(s - only)) <= tolerance(&a) * size(s), "{what}");
        }
        if a.ndim() == 2 {
            inverses(context, &a, rank, &what);
        }
    }
}

/// Singular vectors and values by their residuals.
fn factors(a: &DynArray, what: &str) {
    for kind in [Columns::Reduced, Columns::Complete] {
        let (u, s, vh) = ok(svd(a, kind), what);
        let (u, s, vh) = (matrices(&u), columns(&s), matrices(&vh));
        for (stack, whole) in matrices(a).iter().enumerate() {
            let (u, vh, s) = (&u[stack], &vh[stack], &s[stack]);
            let count = whole.nrows().min(whole.ncols());
            let dims = if kind == Columns::Reduced { (count, count) } else { whole.dim() };
            assert_eq!((u.ncols(), vh.nrows(), s.len()), (dims.0, dims.1, count), "{what}");
            let (left, right) = (u.slice(ndarray::s![.., ..count]), vh.slice(ndarray::s![..count, ..]));
            near(&left.dot(&diagonal(s)).dot(&right), whole, tolerance(a), what);
            orthonormal(u, tolerance(a), what);
            orthonormal(&adjoint(vh), tolerance(a), what);
            assert!(s.iter().zip(s.iter().skip(1)).all(|(one, next)| one.re >= next.re), "{what}");
        }
    }
}

/// Columns that are equal, or depend on one another: the rounding errors of the shorter ones become
/// subnormal numbers.
pub(crate) fn dependent_columns(context: &Context) {
    let types = [ElementType::F64, ElementType::C128, ElementType::F32, ElementType::C64];
    for (corner, element) in (0..12).flat_map(|at| types.map(|element| (1.0 + f64::from(at) / 8.0, element))) {
        let items = |index: &[i64]| if index[0] == 2 && index[1] == 2 { corner } else { -1.0 };
        let layout = values(placements_of(vec![3, 3], ranks_of(context)), 1, 101).remove(0);
        let a =
            DynArray::from_fn(context, layout, items).and_then(|a| a.expr().cast(element).eval()).expect("a matrix");
        factors(&a, &format!("svd of {a:?} with the corner {corner}"));
    }
}

/// The four conditions of Penrose, the rank, and a least-squares solution.
fn inverses(context: &Context, a: &DynArray, rank: i64, what: &str) {
    let ranks = ranks_of(context);
    // The smallest singular value of these matrices is not much above 1e-3.
    let wide = 1e6 * tolerance(a);
    let found = ok(matrix_rank(a, None), what).get(&[]).expect("a rank");
    assert_eq!(found.to_i128(), Some(rank.into()), "{what}");
    let inverse = ok(pinv(a, None), what);
    let element = a.element().expect("a float");
    let b = noisy(context, &values(placements_of(vec![a.shape()[0], 2], ranks), 1, 100).remove(0), 17, element);
    let solution = matrices(&ok(lstsq(a, &b, None), what).solution);
    let all = (matrices(a), matrices(&inverse), matrices(&b));
    if let ([a], [inverse], [b], [solution]) = (&all.0[..], &all.1[..], &all.2[..], &solution[..]) {
        near(&a.dot(inverse).dot(a), a, wide, what);
        near(&inverse.dot(a).dot(inverse), inverse, wide, what);
        let (left, right) = (a.dot(inverse), inverse.dot(a));
        near(&adjoint(&left), &left, wide, what);
        near(&adjoint(&right), &right, wide, what);
        near(solution, &inverse.dot(b), wide, what);
    }
}

pub(crate) fn powers(context: &Context) {
    let ranks = ranks_of(context);
    for (placement, _) in values(squares(ranks, 6), 10, 101) {
        let a = noisy(context, &placement, 19, ElementType::F64);
        for power in [0, 1, 2, 5, -1, -3] {
            let what = format!("power {power} of {a:?}");
            let found = matrices(&ok(matrix_power(&a, power), &what));
            for (whole, found) in matrices(&a).iter().zip(&found) {
                // A negative power of the result is compared with the unit matrix.
                let unit: Matrix = Array2::from_diag_elem(whole.nrows(), Complex::new(1.0, 0.0));
                let product = (0..power.unsigned_abs()).fold(unit.clone(), |product, _| product.dot(whole));
                if power >= 0 {
                    near(found, &product, tolerance(&a), &what);
                } else {
                    let allowed = 1e4 * tolerance(&a) * size(&product).max(1.0) * size(found).max(1.0);
                    assert!(size(&(product.dot(found) - &unit)) <= allowed, "{what}");
                }
            }
        }
    }
}

pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let layout = Layout::builder([3, 3]).processes(ranks).build().expect("a layout");
    let of = |value: fn(&[i64]) -> f64| DynArray::from_fn(context, &layout, value).expect("an array");
    let refused = |result: dap_array::Result<DynArray>| result.expect_err("a mistake").message().to_owned();
    let singular = of(|index| (index[0] * 3 + index[1]) as f64);
    let zeros = of(|_| 0.0);
    assert_eq!(refused(inv(&zeros)), "the matrix is singular: it has no inverse");
    assert_eq!(refused(solve(&zeros, &singular)), "the matrix is singular: it has no inverse");
    assert_eq!(refused(matrix_power(&zeros, -1)), "the matrix is singular: it has no inverse");
    let definite = "the matrix is not positive definite: the pivot of row 0 is not above 0";
    assert_eq!(refused(cholesky(&zeros, false)), definite);
    let row = of(|index| if index == [2, 2] { -1.0 } else { f64::from(u8::from(index[0] == index[1])) });
    assert_eq!(
        refused(cholesky(&row, false)),
        "the matrix is not positive definite: the pivot of row 2 is not above 0"
    );
    let infinite = of(|index| if index == [2, 1] { f64::NAN } else { 1.0 });
    assert_eq!(refused(svdvals(&infinite)), "the matrix has elements that are not finite");
    assert_eq!(refused(eigvalsh(&infinite)), "the matrix has elements that are not finite");
    let integers = singular.expr().cast(ElementType::I64).eval().expect("integers");
    assert_eq!(refused(matrix_power(&integers, -1)), "a negative power of matrices of int64: convert them to floats");
    let rectangle = singular.index(":2").expect("a view");
    assert!(inv(&rectangle).is_err() && det(&rectangle).is_err() && eigvalsh(&rectangle).is_err());
    assert!(solve(&singular, &rectangle).is_err());
    assert_eq!(ok(slogdet(&zeros), "zeros").1.get(&[]).expect("a number").to_f64(), f64::NEG_INFINITY);
    // The next call works.
    assert_eq!(ok(det(&zeros), "zeros").get(&[]).expect("a number").to_f64(), 0.0);
}
