//! Einstein summation beside a loop over all labels.

use dap_array::{Context, DynArray};
use dap_array_testing::{Twin, check, placements_of, ranks_of};
use dap_launch::values;
use dap_linalg::einsum;
use proptest::prelude::*;

use crate::oracle;

/// Expressions with the labels of their operands and results, as the oracle takes them.
type Case = (&'static str, &'static [&'static [usize]], &'static [usize]);

const CASES: &[Case] = &[
    ("ij,jk->ik", &[&[0, 1], &[1, 2]], &[0, 2]),
    ("ij,jk", &[&[0, 1], &[1, 2]], &[0, 2]),
    ("ij,kj->ki", &[&[0, 1], &[2, 1]], &[2, 0]),
    ("ij->ji", &[&[0, 1]], &[1, 0]),
    ("ij->", &[&[0, 1]], &[]),
    ("ij->j", &[&[0, 1]], &[1]),
    ("ii->i", &[&[0, 0]], &[0]),
    ("ii", &[&[0, 0]], &[]),
    ("iji->ij", &[&[0, 1, 0]], &[0, 1]),
    ("iii->i", &[&[0, 0, 0]], &[0]),
    ("i,j->ij", &[&[0], &[1]], &[0, 1]),
    ("i,i->i", &[&[0], &[0]], &[0]),
    ("i,i", &[&[0], &[0]], &[]),
    ("ij,ij->ij", &[&[0, 1], &[0, 1]], &[0, 1]),
    ("bij,bjk->bik", &[&[3, 0, 1], &[3, 1, 2]], &[3, 0, 2]),
    ("bij,bjk->ikb", &[&[3, 0, 1], &[3, 1, 2]], &[0, 2, 3]),
    ("ij,k->k", &[&[0, 1], &[2]], &[2]),
    ("ij,jk,kl->il", &[&[0, 1], &[1, 2], &[2, 3]], &[0, 3]),
    ("ij,jk,ki->", &[&[0, 1], &[1, 2], &[2, 0]], &[]),
    ("i,j,k,ijk->", &[&[0], &[1], &[2], &[0, 1, 2]], &[]),
    ("ii,ij->j", &[&[0, 0], &[0, 1]], &[1]),
    ("...ij,...jk->...ik", &[&[3, 0, 1], &[3, 1, 2]], &[3, 0, 2]),
    ("i...->...", &[&[0, 1, 2]], &[1, 2]),
    ("...,...", &[&[0, 1], &[0, 1]], &[0, 1]),
    ("ij...,j->i...", &[&[0, 1, 2, 3], &[1]], &[0, 2, 3]),
];

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    for (extents, ones, salt) in values((prop::array::uniform4(1..5_i64), any::<u8>(), any::<u8>()), 4, 80) {
        for &(expression, operands, out) in CASES {
            // Now and then an operand has one element along a label that others have more of.
            let extent = |at: usize, label: usize| {
                let is_diagonal = operands[at].iter().filter(|it| **it == label).count() > 1;
                if !is_diagonal && ones % 4 == 0 && (usize::from(ones) / 4 + at + label).is_multiple_of(5) {
                    1
                } else {
                    extents[label]
                }
            };
            let shape = |at: usize| operands[at].iter().map(|&label| extent(at, label)).collect::<Vec<_>>();
            let twins: Vec<Twin> = (0..operands.len())
                .map(|at| {
                    Twin::new(
                        context,
                        &values(placements_of(shape(at), ranks), 1, salt + at as u8).remove(0),
                        at as i64,
                    )
                })
                .collect();
            // Small integers: sums of products of four of them are exact.
            let small = |twin: &Twin| Twin {
                array: (twin.array.expr() % 4.0).floor().eval().expect("small numbers"),
                whole: twin.whole.mapv(|x| x.rem_euclid(4.0).floor()),
            };
            let twins: Vec<Twin> = twins.iter().map(small).collect();
            let arrays: Vec<&DynArray> = twins.iter().map(|twin| &twin.array).collect();
            let pairs: Vec<_> = twins.iter().zip(operands).map(|(twin, labels)| (&twin.whole, *labels)).collect();
            let what = format!("{expression} {arrays:?}");
            let found = einsum(expression, &arrays).unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&found, &oracle::einsum(&pairs, out), &what);
        }
    }
}

pub(crate) fn mistakes(context: &Context) {
    let layout = dap_core::layout::Layout::builder([2, 3]).build().expect("a layout");
    let x = DynArray::zeros(context, layout, &<f64 as dap_ndarray::Item>::dtype()).expect("an array");
    let refused =
        |expression: &str, operands: &[&DynArray]| einsum(expression, operands).expect_err("a mistake").to_string();
    assert_eq!(refused("", &[]), "einsum without an operand: give one for each term");
    assert_eq!(refused("ij,jk", &[&x, &x]), "einsum: an axis of 2 elements has the label of one of 3");
    assert_eq!(refused("ii", &[&x]), "einsum: axes 0 and 1 of shape [2, 3] have one label, and different extents");
}
