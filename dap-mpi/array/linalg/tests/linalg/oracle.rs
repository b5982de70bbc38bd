//! Arrays of any type with the same elements on each rank, and products by plain loops.

use dap_array::{Context, DynArray, Element, ElementType};
use dap_array_testing::{extents, value};
use dap_core::algebra::Placement;
use dap_ndarray::Item;
use ndarray::{Array2, ArrayD, ArrayViewD, Axis, IxDyn};
use num_complex::Complex;

/// The elements `of(value)` on the ranks of a placement, and on each rank all of them.
pub(crate) fn arrays<T: Item + Element>(
    context: &Context,
    placement: &Placement,
    salt: i64,
    of: impl Fn(f64) -> T,
) -> (DynArray, ArrayD<T>) {
    let array = DynArray::from_fn(context, placement.clone(), |index| of(value(index, salt))).expect("an array");
    let signed = |at: &IxDyn| (0..ndarray::Dimension::ndim(at)).map(|axis| at[axis] as i64).collect::<Vec<_>>();
    let whole = ArrayD::from_shape_fn(extents(placement.shape()), |at: IxDyn| of(value(&signed(&at), salt)));
    (array, whole)
}

/// `a @ b` by the rules of NumPy, with a sum of products for each element.
pub(crate) fn matmul<T: Copy>(a: &ArrayD<T>, b: &ArrayD<T>, zero: T, add_product: impl Fn(T, T, T) -> T) -> ArrayD<T> {
    let left = if a.ndim() == 1 { a.view().insert_axis(Axis(0)) } else { a.view() };
    let right = if b.ndim() == 1 { b.view().insert_axis(Axis(1)) } else { b.view() };
    let batch = left.ndim().max(right.ndim()) - 2;
    let (left, right) = (with_axes(left, batch), with_axes(right, batch));
    let mut shape: Vec<usize> =
        (0..batch).map(|axis| if left.shape()[axis] == 1 { right.shape()[axis] } else { left.shape()[axis] }).collect();
    shape.extend([left.shape()[batch], right.shape()[batch + 1]]);
    let product = ArrayD::from_shape_fn(shape, |at: IxDyn| {
        let batches = |side: &ArrayViewD<'_, T>| -> Vec<usize> {
            (0..batch).map(|axis| if side.shape()[axis] == 1 { 0 } else { at[axis] }).collect()
        };
        let (mut row, mut column) = (batches(&left), batches(&right));
        row.extend([at[batch], 0]);
        column.extend([0, at[batch + 1]]);
        (0..left.shape()[batch + 1]).fold(zero, |sum, inner| {
            row[batch + 1] = inner;
            column[batch] = inner;
            add_product(sum, left[&row[..]], right[&column[..]])
        })
    });
    let product = if b.ndim() == 1 { product.index_axis_move(Axis(batch + 1), 0) } else { product };
    if a.ndim() == 1 { product.index_axis_move(Axis(batch), 0) } else { product }
}

fn with_axes<T>(mut array: ArrayViewD<'_, T>, batch: usize) -> ArrayViewD<'_, T> {
    while array.ndim() < batch + 2 {
        array = array.insert_axis(Axis(0));
    }
    array
}

/// The sum of products over the labels that `out` does not have, by a loop over all labels.
pub(crate) fn einsum(operands: &[(&ArrayD<f64>, &[usize])], out: &[usize]) -> ArrayD<f64> {
    let mut labels: Vec<usize> = operands.iter().flat_map(|(_, labels)| labels.iter().copied()).collect();
    labels.sort_unstable();
    labels.dedup();
    // An operand with one element along an axis repeats it.
    let extent = |label: usize| {
        let of = |(whole, labels): &(&ArrayD<f64>, &[usize])| {
            labels.iter().position(|&it| it == label).map(|axis| whole.shape()[axis])
        };
        operands.iter().filter_map(of).find(|&extent| extent != 1).unwrap_or(1)
    };
    let extents: Vec<usize> = labels.iter().map(|&label| extent(label)).collect();
    let at = |label: usize| labels.iter().position(|&it| it == label).expect("a label of an operand");
    let shape: Vec<usize> = out.iter().map(|&label| extents[at(label)]).collect();
    let mut sums = ArrayD::zeros(shape);
    for index in ndarray::indices(extents.clone()) {
        let product: f64 = operands
            .iter()
            .map(|(whole, labels)| {
                let place: Vec<usize> = labels
                    .iter()
                    .enumerate()
                    .map(|(axis, &label)| index[at(label)].min(whole.shape()[axis] - 1))
                    .collect();
                whole[&place[..]]
            })
            .product();
        let place: Vec<usize> = out.iter().map(|&label| index[at(label)]).collect();
        sums[&place[..]] += product;
    }
    sums
}

/// A number from -1 to 1, a hash of an index.
pub(crate) fn noise(index: &[i64], salt: i64) -> f64 {
    let mut state = salt as u64;
    for &at in index {
        state = (state ^ at as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    (state >> 11) as f64 * 2.0_f64.powi(-52) - 1.0
}

/// An array of noise, of a float or complex type.
pub(crate) fn noisy(context: &Context, placement: &Placement, salt: i64, element: ElementType) -> DynArray {
    let complex = |index: &[i64]| Complex::new(noise(index, salt), noise(index, salt + 1));
    let array = if element.is_complex() {
        DynArray::from_fn(context, placement.clone(), complex)
    } else {
        DynArray::from_fn(context, placement.clone(), |index| noise(index, salt))
    };
    array.and_then(|array| array.expr().cast(element).eval()).expect("noise")
}

/// The matrices in the last two axes of an array with two or three, on rank 0; elsewhere none.
pub(crate) fn matrices(array: &DynArray) -> Vec<Array2<Complex<f64>>> {
    let gathered = array.expr().cast(ElementType::C128).eval().and_then(|array| array.gather(0)).expect("all elements");
    if array.context().comm().rank() != 0 {
        return Vec::new();
    }
    let local = gathered.local::<Complex<f64>>().expect("all elements");
    let whole = local.view().to_owned();
    let stack = if whole.ndim() == 2 { whole.insert_axis(Axis(0)) } else { whole };
    stack.outer_iter().map(|matrix| matrix.to_owned().into_dimensionality().expect("a matrix")).collect()
}

/// The vectors in the last axis of an array with one or two, as matrices of one column.
pub(crate) fn columns(array: &DynArray) -> Vec<Array2<Complex<f64>>> {
    matrices(&array.index("..., None").expect("a view"))
}

/// The conjugate of the transpose.
pub(crate) fn adjoint(matrix: &Array2<Complex<f64>>) -> Array2<Complex<f64>> {
    matrix.t().mapv(|item| item.conj())
}

/// The root of the sum of squares.
pub(crate) fn size(matrix: &Array2<Complex<f64>>) -> f64 {
    matrix.iter().map(Complex::norm_sqr).sum::<f64>().sqrt()
}

/// A matrix with numbers on its diagonal.
pub(crate) fn diagonal(numbers: &Array2<Complex<f64>>) -> Array2<Complex<f64>> {
    let count = numbers.len();
    Array2::from_shape_fn(
        (count, count),
        |(row, column)| if row == column { numbers[[row, 0]] } else { Complex::default() },
    )
}

/// The sum over all permutations.
pub(crate) fn determinant(matrix: &Array2<Complex<f64>>) -> Complex<f64> {
    if matrix.is_empty() {
        return Complex::new(1.0, 0.0);
    }
    let mut sum = Complex::default();
    for column in 0..matrix.ncols() {
        let minor = Array2::from_shape_fn((matrix.nrows() - 1, matrix.ncols() - 1), |(row, at)| {
            matrix[[row + 1, if at < column { at } else { at + 1 }]]
        });
        let sign = if column % 2 == 0 { 1.0 } else { -1.0 };
        sum += matrix[[0, column]] * determinant(&minor) * sign;
    }
    sum
}
