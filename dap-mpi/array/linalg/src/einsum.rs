//! Einstein summation: sums of products of any number of operands, by labels of their axes.
//!
//! Operands are multiplied two at a time, in the order of the fewest multiplications
//! ([`order`]), and a label that no later operand needs is summed over in that product. Each
//! product of two is a contraction, so that it costs what [`matmul`](crate::matmul) costs.

mod order;
mod parse;

use dap_array::{DynArray, Result};

use crate::diagonal;
use crate::labels::{Labelled, pair};
use crate::operands::{argument, common_element, permuted};
use order::{Tree, order};
use parse::Terms;

/// NumPy's `einsum`: `"ij,jk->ik"`. Letters name the axes of each operand; a letter that is not
/// behind the arrow is summed over, and one that an operand has twice is a diagonal. Without an
/// arrow the letters that occur once are kept, in alphabetical order. An ellipsis stands for axes
/// that are broadcast together. Collective.
///
/// The type is the common one of all operands; integers wrap, and of booleans a sum is true if one
/// product is. Of one operand without a sum or a diagonal the result is a view.
///
/// # Errors
/// A text that is no such expression; another number of operands or of axes; different extents of
/// one label; operands on different contexts; as [`matmul`](crate::matmul).
#[track_caller]
pub fn einsum(expression: &str, operands: &[&DynArray]) -> Result<DynArray> {
    let Some(&first) = operands.first() else { return argument("einsum without an operand: give one for each term") };
    let _call = first.enter("einsum", expression)?;
    let mut element = first.number_type()?;
    for operand in operands {
        element = dap_kernels::promote::promote(element, common_element(first, operand)?);
    }
    let ndims: Vec<usize> = operands.iter().map(|operand| operand.ndim()).collect();
    let Terms { operands: terms, out } = Terms::parse(expression, &ndims)?;
    let labelled = operands.iter().zip(&terms).map(|(&array, labels)| of_diagonals(array, labels));
    let labelled: Vec<Labelled> = labelled.collect::<Result<_>>()?;
    let extents = extents(&labelled)?;
    if let [only] = &labelled[..] {
        return only.clone().summed(|label| out.contains(&label))?.ordered(out);
    }
    let tree = order(&labelled.iter().map(|it| it.labels.clone()).collect::<Vec<_>>(), &out, &extents);
    let Tree::Pair(left, right) = tree else { return argument("einsum without an operand: give one for each term") };
    let product = |tree: &Tree| product(tree, &labelled, &out, element);
    pair(&product(&left)?, &product(&right)?, &out, element)
}

/// The product of the operands of a tree, with the labels that are needed outside of it.
fn product(tree: &Tree, operands: &[Labelled], out: &[usize], element: dap_array::ElementType) -> Result<Labelled> {
    match tree {
        Tree::Leaf(at) => Ok(operands[*at].clone()),
        Tree::Pair(left, right) => {
            let (left_product, right_product) =
                (product(left, operands, out, element)?, product(right, operands, out, element)?);
            let inside = [left.leaves(), right.leaves()].concat();
            let is_needed = |label: usize| {
                let outside = (0..operands.len()).filter(|at| !inside.contains(at));
                out.contains(&label) || outside.into_iter().any(|at| operands[at].labels.contains(&label))
            };
            let mut labels = left_product.labels.clone();
            labels.extend(right_product.labels.iter().filter(|label| !left_product.labels.contains(label)));
            labels.retain(|&label| is_needed(label));
            let array = pair(&left_product, &right_product, &labels, element)?;
            Ok(Labelled { array, labels })
        }
    }
}

/// The extent of each label, the greatest one where some operands have one element.
fn extents(operands: &[Labelled]) -> Result<Vec<i64>> {
    let mut extents: Vec<Option<i64>> = Vec::new();
    for operand in operands {
        for (&label, &extent) in operand.labels.iter().zip(operand.array.shape()) {
            if extents.len() <= label {
                extents.resize(label + 1, None);
            }
            match extents[label] {
                Some(known) if known != extent && known != 1 && extent != 1 => {
                    return argument(format!("einsum: an axis of {extent} elements has the label of one of {known}"));
                }
                Some(known) if extent == 1 => extents[label] = Some(known),
                _ => extents[label] = Some(extent),
            }
        }
    }
    Ok(extents.into_iter().map(|extent| extent.unwrap_or(1)).collect())
}

/// An operand with each label once: axes of one label become their diagonal.
fn of_diagonals(array: &DynArray, labels: &[usize]) -> Result<Labelled> {
    let (mut array, mut labels) = (array.clone(), labels.to_vec());
    while let Some((first, second)) = repeated(&labels) {
        if array.shape()[first] != array.shape()[second] {
            let shape = array.shape();
            return argument(format!(
                "einsum: axes {first} and {second} of shape {shape:?} have one label, and different extents"
            ));
        }
        let mut axes: Vec<usize> = (0..labels.len()).filter(|&axis| axis != second).collect();
        axes.insert(first + 1, second);
        array = diagonal::of_axes(&permuted(&array, &axes)?, first, first + 1, 0)?;
        labels.remove(second);
    }
    Ok(Labelled { array, labels })
}

/// The first two axes with one label.
fn repeated(labels: &[usize]) -> Option<(usize, usize)> {
    let first_of = |second: usize| labels[..second].iter().position(|&label| label == labels[second]);
    (0..labels.len()).find_map(|second| first_of(second).map(|first| (first, second)))
}
