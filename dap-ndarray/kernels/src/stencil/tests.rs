//! Stencils against a loop over elements and taps, in any number of dimensions, for any strides.

use proptest::prelude::*;

use super::*;
use crate::isa::Isa;
use crate::view::{View, ViewMut};

/// All indices of a shape in C order.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |places, extent| {
        places.iter().flat_map(|place| (0..*extent).map(move |at| [&place[..], &[at]].concat())).collect()
    })
}

fn neighbour(index: &[usize], start: &[usize], offset: &[isize]) -> Vec<usize> {
    index.iter().zip(start).zip(offset).map(|((at, start), offset)| (at + start).strict_add_signed(*offset)).collect()
}

proptest! {
    #[test]
    fn results_have_the_bits_of_the_naive_order(
        dims in prop::collection::vec((1_usize..6, 0_usize..3, 0_usize..3), 1..4),
        wide in 1_usize..150,
        offsets in prop::collection::vec(prop::collection::vec(0.0..1.0_f64, 3), 1..7),
        (turned, add, sparse) in any::<(bool, bool, bool)>(),
    ) {
        // The output's shape, and padding before and behind.
        let mut shape: Vec<usize> = dims.iter().map(|dim| dim.0).collect();
        *shape.last_mut().unwrap() = wide;
        let start: Vec<usize> = dims.iter().map(|dim| dim.1).collect();
        let padded: Vec<usize> = dims.iter().zip(&shape).map(|(dim, extent)| extent + dim.1 + dim.2).collect();
        let offsets: Vec<Vec<isize>> = offsets.iter().map(|offset| {
            dims.iter().zip(offset).map(|(dim, at)| (at * (dim.1 + dim.2 + 1) as f64) as isize - dim.1 as isize).collect()
        }).collect();
        let weights: Vec<f64> = (0..offsets.len()).map(|at| 0.1 + at as f64 / 3.0).collect();
        let len: usize = padded.iter().product();
        let memory: Vec<f64> = (0..len).map(|at| (at as f64 * 0.7).sin()).collect();
        // Memory in Fortran order, seen in C order, has no rows of neighbours.
        let axes: Vec<usize> = (0..dims.len()).rev().collect();
        let input = if turned {
            let reversed: Vec<usize> = padded.iter().rev().copied().collect();
            View::shaped(&memory, &reversed).unwrap().permute(&axes).unwrap()
        } else {
            View::shaped(&memory, &padded).unwrap()
        };
        let step = if sparse { 2 } else { 1 };
        let before: Vec<f64> = (0..shape.iter().product::<usize>() * step).map(|at| at as f64 * 0.3).collect();
        let strides: Vec<isize> = (0..shape.len()).map(|dim| (shape[dim + 1..].iter().product::<usize>() * step) as isize).collect();
        let get = |index: &[usize], offset: &[isize]| input.get::<f64>(&neighbour(index, &start, offset)).unwrap();
        let places = indices(&shape);
        let naive = |weighted: bool| -> Vec<f64> {
            let mut result = before.clone();
            for (at, index) in places.iter().enumerate() {
                let term = |tap: usize| if weighted { weights[tap] * get(index, &offsets[tap]) } else { get(index, &offsets[tap]) };
                let sum = (1..offsets.len()).fold(term(0), |sum, tap| sum + term(tap));
                result[at * step] = if add { before[at * step] + sum } else { sum };
            }
            result
        };
        let taps: Vec<(&[isize], f64)> = offsets.iter().map(|offset| &offset[..]).zip(weights.iter().copied()).collect();
        let plain: Vec<&[isize]> = offsets.iter().map(|offset| &offset[..]).collect();
        let store = if add { Store::Add } else { Store::Set };
        for (stencil, weighted) in [(Stencil::weighted(dims.len(), &taps).unwrap(), true), (Stencil::sum(dims.len(), &plain).unwrap(), false)] {
            let expected = naive(weighted);
            for &isa in Isa::available() {
                let mut result = before.clone();
                let output = ViewMut::new(&mut result, 0, &shape, &strides).unwrap();
                stencil.apply_with(isa, &input, &start, output, store).unwrap();
                prop_assert!(result.iter().zip(&expected).all(|(left, right)| left.to_bits() == right.to_bits()), "{}", isa.name());
            }
        }
        let mut result = before.clone();
        let output = ViewMut::new(&mut result, 0, &shape, &strides).unwrap();
        let first = plain[0];
        map(&input, &start, output, [first, plain[plain.len() - 1]], |[left, right]: [f64; 2]| left * 3.0 - right).unwrap();
        for (at, index) in places.iter().enumerate() {
            prop_assert_eq!(result[at * step], get(index, first) * 3.0 - get(index, plain[plain.len() - 1]));
        }
    }
}

#[test]
fn neighbours_outside_are_errors_and_nothing_is_written() {
    let input = [1.0_f32; 10];
    let mut output = [5.0_f32; 8];
    let stencil = Stencil::<f32>::sum(1, &[&[-1], &[1]]).unwrap();
    for start in [0, 2, usize::MAX] {
        assert!(stencil.apply(&View::of(&input), &[start], ViewMut::of(&mut output), Store::Set).is_err(), "{start}");
    }
    assert!(stencil.apply(&View::of(&[0.0_f64; 10]), &[1], ViewMut::of(&mut output), Store::Set).is_err());
    assert!(Stencil::<f32>::sum(2, &[&[1]]).is_err() && Stencil::<f32>::sum(0, &[&[]]).is_err());
    assert!(
        Stencil::<f32>::sum(1, &[&[isize::MAX]])
            .unwrap()
            .apply(&View::of(&input), &[1], ViewMut::of(&mut output), Store::Set)
            .is_err()
    );
    assert_eq!(output, [5.0; 8]);
    stencil.apply(&View::of(&input), &[1], ViewMut::of(&mut output), Store::Set).unwrap();
    assert_eq!(output, [2.0; 8]);
    Stencil::<f32>::sum(1, &[]).unwrap().apply(&View::of(&input), &[1], ViewMut::of(&mut output), Store::Set).unwrap();
    assert_eq!(output, [0.0; 8]);
}
