//! Sums of products over chosen axes, and products of all pairs of elements.

use dap_array::{DynArray, ElementType, Op, Result};

use crate::labels::{Labelled, pair, summed_along};
use crate::matmul::matmul;
use crate::operands::{argument, at_index, common_element};

/// The sum of products along one axis, the elements of `a` conjugated; other axes are broadcast
/// together. The type is the common one. Where no operand is broadcast, the sum of the rounded
/// products is exact and rounded once. Collective.
///
/// The result is distributed as the product of the operands, element by element, would be; where
/// one is broadcast, as [`tensordot`]'s is.
///
/// # Errors
/// An axis that is not there in both; different extents along it, or others that cannot be
/// broadcast together; operands on different contexts; a failure of an operand on some rank.
#[track_caller]
pub fn vecdot(a: &DynArray, b: &DynArray, axis: i64) -> Result<DynArray> {
    let _call = a.enter("vecdot", (b.dtype(), b.layout(), axis))?;
    let element = common_element(a, b)?;
    // Counted from the end, since axes in front are broadcast.
    let (left, right) = (a.axes(&[axis])?[0], b.axes(&[axis])?[0]);
    let (from_end, other) = (a.ndim() - left, b.ndim() - right);
    if from_end != other || a.shape()[left] != b.shape()[right] {
        let (left, right) = (a.shape(), b.shape());
        return argument(format!(
            "vecdot of shapes {left:?} and {right:?} along axis {axis}: both need that axis, counted from the end, with one extent"
        ));
    }
    if a.shape() == b.shape() {
        let conjugated = if element.is_complex() { a.expr().conj() } else { a.expr() };
        let op = if element == ElementType::Bool { Op::LogicalAnd } else { Op::Multiply };
        return summed_along(&conjugated.apply2(op, b).eval()?, &[axis]);
    }
    let ndim = a.ndim().max(b.ndim());
    let labels = |array: &DynArray| (ndim - array.ndim()..ndim).collect::<Vec<_>>();
    let conjugated = if a.element().is_some_and(ElementType::is_complex) { a.expr().conj().eval()? } else { a.clone() };
    let left = Labelled { array: conjugated, labels: labels(a) };
    let right = Labelled { array: b.clone(), labels: labels(b) };
    let out: Vec<usize> = (0..ndim).filter(|&label| label != ndim - from_end).collect();
    pair(&left, &right, &out, element)
}

/// The sum of products over `axes_a` of `a` and `axes_b` of `b`, in pairs. The other axes of `a`
/// stand in front, those of `b` follow. Collective.
///
/// Nothing is reshaped: axes keep their distributions as in [`matmul`], rows being the other axes
/// of `a` and columns those of `b`.
///
/// # Errors
/// Different numbers of axes; an axis that is not there, or named twice; different extents; as
/// [`matmul`].
#[track_caller]
pub fn tensordot(a: &DynArray, b: &DynArray, axes_a: &[i64], axes_b: &[i64]) -> Result<DynArray> {
    let _call = a.enter("tensordot", (b.dtype(), b.layout(), axes_a, axes_b))?;
    let element = common_element(a, b)?;
    let named =
        |array: &DynArray, axes: &[i64]| axes.iter().map(|&axis| Ok(array.axes(&[axis])?[0])).collect::<Result<_>>();
    let (left, right): (Vec<usize>, Vec<usize>) = (named(a, axes_a)?, named(b, axes_b)?);
    let is_repeated = |axes: &[usize]| (1..axes.len()).any(|at| axes[..at].contains(&axes[at]));
    if left.len() != right.len() || is_repeated(&left) || is_repeated(&right) {
        return argument(format!(
            "tensordot over axes {axes_a:?} and {axes_b:?}: name as many axes of each operand, each once"
        ));
    }
    if left.iter().zip(&right).any(|(&left, &right)| a.shape()[left] != b.shape()[right]) {
        let (left, right) = (a.shape(), b.shape());
        return argument(format!(
            "tensordot of shapes {left:?} and {right:?} over axes {axes_a:?} and {axes_b:?}: extents differ"
        ));
    }
    let labels_a: Vec<usize> = (0..a.ndim()).collect();
    let label = |axis: usize| right.iter().position(|&it| it == axis).map_or(a.ndim() + axis, |at| left[at]);
    let labels_b: Vec<usize> = (0..b.ndim()).map(label).collect();
    let is_out = |label: &usize| !left.contains(label);
    let out: Vec<usize> = labels_a.iter().chain(&labels_b).copied().filter(is_out).collect();
    pair(
        &Labelled { array: a.clone(), labels: labels_a },
        &Labelled { array: b.clone(), labels: labels_b },
        &out,
        element,
    )
}

/// NumPy's `dot`: the sum of products over the last axis of `a` and the last but one of `b` (the
/// only one of a vector); of an operand without axes the product of all elements with it.
/// Collective.
///
/// # Errors
/// As [`tensordot`].
#[track_caller]
pub fn dot(a: &DynArray, b: &DynArray) -> Result<DynArray> {
    let _call = a.enter("dot", (b.dtype(), b.layout()))?;
    match (a.ndim(), b.ndim()) {
        (0, _) | (_, 0) => {
            let op = if common_element(a, b)? == ElementType::Bool { Op::LogicalAnd } else { Op::Multiply };
            a.expr().apply2(op, b).eval()
        }
        (1 | 2, 1 | 2) => matmul(a, b),
        (_, right) => tensordot(a, b, &[-1], &[if right == 1 { -1 } else { -2 }]),
    }
}

/// The products of all elements of `a`, in C order, with all of `b`: rows and columns of a matrix.
/// Collective.
///
/// # Errors
/// As [`matmul`].
#[track_caller]
pub fn outer(a: &DynArray, b: &DynArray) -> Result<DynArray> {
    let _call = a.enter("outer", (b.dtype(), b.layout()))?;
    tensordot(&flat(a)?, &flat(b)?, &[], &[])
}

fn flat(array: &DynArray) -> Result<DynArray> {
    if array.ndim() == 1 { Ok(array.clone()) } else { array.reshape(&[array.len()]) }
}

/// The Kronecker product: blocks of `b` times each element of `a`. An operand with fewer axes gets
/// axes of one element in front. Collective.
///
/// The elements are computed where the products of [`tensordot`] lie, and move to blocks of the
/// result's shape.
///
/// # Errors
/// As [`matmul`]; a result of more than 2^63 - 1 elements.
#[track_caller]
pub fn kron(a: &DynArray, b: &DynArray) -> Result<DynArray> {
    let _call = a.enter("kron", (b.dtype(), b.layout()))?;
    let element = common_element(a, b)?;
    let ndim = a.ndim().max(b.ndim());
    let labels = |array: &DynArray, first: usize| {
        (0..array.ndim()).map(|axis| first + 2 * (ndim - array.ndim() + axis)).collect()
    };
    let extent =
        |array: &DynArray, axis: usize| (axis + array.ndim()).checked_sub(ndim).map_or(1, |axis| array.shape()[axis]);
    let shape: Option<Vec<i64>> = (0..ndim).map(|axis| extent(a, axis).checked_mul(extent(b, axis))).collect();
    let Some(shape) = shape else {
        return argument(format!("the Kronecker product of shapes {:?} and {:?} is too large", a.shape(), b.shape()));
    };
    let left = Labelled { array: a.clone(), labels: labels(a, 0) };
    let right = Labelled { array: b.clone(), labels: labels(b, 1) };
    // An axis of `a` in front of that of `b`, for each axis of the result.
    let out: Vec<usize> =
        (0..2 * ndim).filter(|label| left.labels.contains(label) || right.labels.contains(label)).collect();
    pair(&left, &right, &out, element)?.reshape(&shape)
}

/// The cross products of vectors of three elements along an axis; other axes are broadcast
/// together. Collective.
///
/// # Errors
/// An axis that is not there; another extent than 3; other axes that cannot be broadcast together;
/// as [`matmul`].
#[track_caller]
pub fn cross(a: &DynArray, b: &DynArray, axis: i64) -> Result<DynArray> {
    let _call = a.enter("cross", (b.dtype(), b.layout(), axis))?;
    common_element(a, b)?;
    let (left, right) = (a.axes(&[axis])?[0], b.axes(&[axis])?[0]);
    if a.shape()[left] != 3 || b.shape()[right] != 3 || a.ndim() - left != b.ndim() - right {
        let (left, right) = (a.shape(), b.shape());
        return argument(format!(
            "cross of shapes {left:?} and {right:?} along axis {axis}: both need three elements there"
        ));
    }
    let component = |array: &DynArray, axis: usize, index: usize| at_index(array, axis, (index % 3) as i64);
    let mut components = Vec::with_capacity(3);
    for index in 0..3 {
        let [a1, a2] = [component(a, left, index + 1)?, component(a, left, index + 2)?];
        let [b1, b2] = [component(b, right, index + 1)?, component(b, right, index + 2)?];
        components.push((&a1 * &b2 - &a2 * &b1).eval()?);
    }
    let behind = a.ndim() - left;
    let at = components[0].ndim() + 1 - behind;
    DynArray::stack(&[&components[0], &components[1], &components[2]], at as i64)
}
