//! Eigenvalues of general matrices, by the residuals of their vectors: at most 10 n eps.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{placements_of, ranks_of};
use dap_launch::values;
use dap_linalg::{eig, eigvals};
use ndarray::{Array2, Axis};
use num_complex::Complex;

use crate::decompositions::{elements, ok, squares, tolerance};
use crate::oracle::{columns, matrices, noisy, size};

type Matrix = Array2<Complex<f64>>;

/// Checks the values and vectors of a matrix, or of a stack of them.
fn check(a: &DynArray, what: &str) {
    let (values, vectors) = ok(eig(a), what);
    let only = ok(eigvals(a), what);
    let expected = match a.element() {
        Some(ElementType::F32 | ElementType::C64) => ElementType::C64,
        _ => ElementType::C128,
    };
    assert_eq!([values.element(), vectors.element(), only.element()], [Some(expected); 3], "{what}");
    assert_eq!(vectors.shape(), a.shape(), "{what}");
    let (values, vectors, only) = (columns(&values), matrices(&vectors), columns(&only));
    for (((whole, values), vectors), only) in matrices(a).iter().zip(&values).zip(&vectors).zip(&only) {
        let allowed = tolerance(a) * size(whole).max(f64::MIN_POSITIVE);
        // The same steps without the vectors.
        assert_eq!(values, only, "{what}");
        assert_eq!(values.len(), whole.nrows(), "{what}");
        let products = whole.dot(vectors);
        let scaled = Matrix::from_shape_fn(vectors.dim(), |(row, column)| vectors[[row, column]] * values[[column, 0]]);
        let error = size(&(&products - &scaled));
        assert!(error <= allowed, "{what}: the residual is {error:e}, at most {allowed:e} is allowed");
        for column in vectors.columns() {
            let length = size(&column.to_owned().insert_axis(Axis(1)));
            assert!((length - 1.0).abs() <= tolerance(a), "{what}: a vector of length {length}");
        }
        // All eigenvalues, each as often as it is one.
        let trace: Complex<f64> = whole.diag().sum();
        assert!(
            size(&Matrix::from_elem((1, 1), values.sum() - trace)) <= allowed * (whole.nrows() as f64).sqrt(),
            "{what}: the trace"
        );
        let squares: Complex<f64> = whole.dot(whole).diag().sum();
        let found: Complex<f64> = values.iter().map(|value| value * value).sum();
        let allowed = 10.0 * allowed * size(whole) * (whole.nrows() as f64).sqrt();
        assert!(size(&Matrix::from_elem((1, 1), found - squares)) <= allowed, "{what}: the trace of the square");
    }
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let cases = [values(squares(ranks, 12), 25, 120), values((placements_of(vec![70, 70], ranks), elements()), 2, 121)];
    for (placement, element) in cases.concat() {
        let a = noisy(context, &placement, 23, element);
        check(&a, &format!("eig of {a:?}"));
    }
}

/// Matrices on which iterations stall, with few eigenvectors, with equal eigenvalues, or of zeros.
pub(crate) fn special(context: &Context) {
    type Items = fn(i64, i64, i64) -> f64;
    let kinds: [(&str, Items); 9] = [
        ("zeros", |_, _, _| 0.0),
        ("a unit matrix", |row, column, _| f64::from(row == column)),
        ("ones", |_, _, _| 1.0),
        ("a cyclic shift", |row, column, n| f64::from(row == (column + 1) % n)),
        ("a Jordan block", |row, column, _| if row == column { 3.0 } else { f64::from(row + 1 == column) }),
        ("a nilpotent block", |row, column, _| f64::from(row == column + 1)),
        ("a triangle", |row, column, _| if row <= column { (row * column) as f64 - 3.0 } else { 0.0 }),
        ("rotations", |row, column, _| match (row / 2 == column / 2, row - column) {
            (true, 0) => 0.6,
            (true, by) => 0.8 * by as f64,
            _ => 0.0,
        }),
        ("rows that differ much", |row, column, _| {
            10.0_f64.powi(3 * (row % 5) as i32) * ((row * 7 + column * 3) % 11) as f64
        }),
    ];
    for (at, (name, items)) in kinds.into_iter().enumerate() {
        for (n, element) in [
            (1, ElementType::F64),
            (2, ElementType::C64),
            (9, ElementType::F64),
            (23, ElementType::C128),
            (14, ElementType::F32),
        ] {
            let placement = values(placements_of(vec![n, n], ranks_of(context)), 1, 122 + at as u8).remove(0);
            let made = DynArray::from_fn(context, placement, |index: &[i64]| items(index[0], index[1], n));
            let a = made.and_then(|a| a.expr().cast(element).eval()).expect("a matrix");
            check(&a, &format!("eig of {name}: {a:?}"));
        }
    }
}

pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let rectangle = noisy(context, &values(placements_of(vec![3, 4], ranks), 1, 140).remove(0), 1, ElementType::F64);
    assert!(eig(&rectangle).is_err_and(|error| error.message().contains("the last two extents must be equal")));
    let layout = values(placements_of(vec![3, 3], ranks), 1, 141).remove(0);
    let infinite =
        DynArray::from_fn(context, layout, |index: &[i64]| if index == [2, 1] { f64::INFINITY } else { 1.0 });
    let refused = eigvals(&infinite.expect("a matrix"));
    assert!(refused.is_err_and(|error| error.message().contains("not finite")));
}
