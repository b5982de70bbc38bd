//! New arrays from pieces: each element once, from where NumPy takes it.

use dap_core::algebra::{Assembly, PadMode, Placement, View};
use dap_core::dim::{Cyclic, Dim};
use dap_core::error::ErrorKind;
use dap_core::layout::{DimSpec, Layout};
use proptest::prelude::*;

use crate::dense::{Choices, Dense, indices, owner, placements, shapes, step};
use crate::exports::judged;

/// An element of an operand, or a constant.
type Origin = Option<(usize, Vec<i64>)>;

/// The pieces together are the expected array, and each element is in one.
fn compare(assembly: &Assembly, expected: &Dense<Origin>) {
    let result = assembly.result();
    assert_eq!(result.shape(), expected.shape);
    judged(result);
    let mut found: Dense<Option<Origin>> = Dense::build(&expected.shape, |_| None);
    for piece in assembly.pieces() {
        let piece = piece.unwrap();
        let shape = piece.target.shape().to_vec();
        assert!(!shape.contains(&0));
        piece.target.placement().unwrap();
        if let Some(source) = &piece.source {
            assert_eq!(source.view.shape().to_vec(), shape);
            source.view.placement().unwrap();
        }
        for index in indices(&shape) {
            let target = piece.target.base_index(&index).unwrap();
            let origin = piece.source.as_ref().map(|it| (it.operand, it.view.base_index(&index).unwrap()));
            let at = expected.shape.iter().zip(&target).fold(0, |at, (n, k)| at * n + k);
            assert_eq!(found.items[at as usize].replace(origin), None, "{target:?} twice");
        }
    }
    let found = found.items.into_iter().map(|item| item.unwrap()).collect::<Vec<_>>();
    assert_eq!(found, expected.items);
}

fn origins(number: usize, dense: &Dense) -> Dense<Origin> {
    Dense { shape: dense.shape.clone(), items: dense.items.iter().map(|item| Some((number, item.clone()))).collect() }
}

/// A view of some array, and its elements.
fn views() -> impl Strategy<Value = (View, Dense)> {
    let base = shapes().prop_flat_map(placements);
    (base, 0..3_usize, prop::collection::vec(any::<u16>(), 0..50)).prop_map(|(base, steps, choices)| {
        let mut choices = Choices::new(choices);
        (0..steps)
            .fold((View::of(&base), Dense::of(base.shape())), |(view, dense), _| step(&view, &dense, &mut choices))
    })
}

/// Arrays that differ along one axis only.
fn operands() -> impl Strategy<Value = (usize, Vec<Placement>)> {
    let shape = prop::collection::vec(0..8_i64, 1..=3);
    (shape, any::<usize>(), prop::collection::vec(0..8_i64, 1..=3)).prop_flat_map(|(shape, axis, lens)| {
        let axis = axis % shape.len();
        let each: Vec<_> = lens
            .into_iter()
            .map(|len| {
                let mut shape = shape.clone();
                shape[axis] = len;
                placements(shape)
            })
            .collect();
        (Just(axis), each)
    })
}

fn padded(index: i64, before: i64, len: i64, mode: PadMode) -> Option<i64> {
    let at = index - before;
    let inside = (0..len).contains(&at);
    match mode {
        PadMode::Constant => inside.then_some(at),
        PadMode::Edge => Some(at.clamp(0, len - 1)),
        PadMode::Wrap => Some(at.rem_euclid(len)),
        PadMode::Symmetric => {
            let within = at.rem_euclid(2 * len);
            Some(if within < len { within } else { 2 * len - 1 - within })
        }
        _ if len == 1 => Some(0),
        _ => {
            let within = at.rem_euclid(2 * (len - 1));
            Some(if within < len { within } else { 2 * (len - 1) - within })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn concatenations((axis, operands) in operands(), negative in any::<bool>()) {
        let views: Vec<View> = operands.iter().map(View::of).collect();
        let ndim = operands[0].ndim();
        let assembly = Assembly::concatenate(&views, axis as i64 - if negative { ndim as i64 } else { 0 }).unwrap();
        let mut shape = operands[0].shape().to_vec();
        shape[axis] = operands.iter().map(|it| it.shape()[axis]).sum();
        compare(&assembly, &Dense::build(&shape, |mut index| {
            let mut operand = 0;
            while index[axis] >= operands[operand].shape()[axis] {
                index[axis] -= operands[operand].shape()[axis];
                operand += 1;
            }
            Some((operand, index))
        }));
        // The first one's kind, as even as can be.
        let (first, dim) = (&operands[0].layout().dims()[axis], &assembly.result().layout().dims()[axis]);
        prop_assert_eq!(dim.grid_size(), first.grid_size());
        if let Dim::Block(block) = dim {
            let owned: Vec<i64> = (0..block.grid_size()).map(|rank| block.owned_len(dap_core::index::GridRank(rank))).collect();
            prop_assert!(owned.iter().max().unwrap() - owned.iter().min().unwrap() <= 1);
        } else {
            prop_assert!(matches!(first, Dim::Cyclic(_)));
        }
    }

    #[test]
    fn stacks(shape in prop::collection::vec(0..6_i64, 0..3), seeds in prop::collection::vec(any::<u16>(), 1..4), axis in 0..3_i64) {
        let axis = axis % (shape.len() as i64 + 1);
        let operands: Vec<Placement> = seeds.iter().map(|&seed| {
            let specs = vec![DimSpec::Cyclic; shape.len()];
            let layout = Layout::builder(shape.clone()).dims(specs).processes(i64::from(seed % 5) + 1).build().unwrap();
            crate::dense::shuffled(&layout, seed)
        }).collect();
        let views: Vec<View> = operands.iter().map(View::of).collect();
        let mut result = shape.clone();
        result.insert(axis as usize, views.len() as i64);
        compare(&Assembly::stack(&views, axis).unwrap(), &Dense::build(&result, |mut index| {
            let operand = index.remove(axis as usize);
            Some((operand as usize, index))
        }));
    }

    #[test]
    fn tiles((view, dense) in views(), repeats in prop::collection::vec(0..4_i64, 0..4)) {
        let ndim = dense.shape.len().max(repeats.len());
        let (missing, new) = (ndim - repeats.len(), ndim - dense.shape.len());
        let shape: Vec<i64> = (0..ndim).map(|axis| {
            axis.checked_sub(new).map_or(1, |at| dense.shape[at]) * axis.checked_sub(missing).map_or(1, |at| repeats[at])
        }).collect();
        let expected = origins(0, &dense).gather(&shape, |index| {
            index[new..].iter().zip(&dense.shape).map(|(k, n)| k % n).collect()
        });
        compare(&Assembly::tile(&view, &repeats).unwrap(), &expected);
    }

    #[test]
    fn repetitions((view, dense) in views(), times in 0..4_i64, axis in 0..4_usize) {
        prop_assume!(!dense.shape.is_empty());
        let axis = axis % dense.shape.len();
        let mut shape = dense.shape.clone();
        shape[axis] *= times;
        let assembly = Assembly::repeat(&view, times, axis as i64).unwrap();
        compare(&assembly, &origins(0, &dense).gather(&shape, |index| {
            let mut from = index.to_vec();
            from[axis] /= times;
            from
        }));
        // Block and cyclic data stay where they are.
        let placement = view.placement().unwrap();
        if matches!(placement.layout().dims()[axis], Dim::Block(_) | Dim::Cyclic(_)) {
            for index in indices(&shape) {
                let mut from = index.clone();
                from[axis] /= times;
                prop_assert_eq!(owner(assembly.result(), &index).0, owner(&placement, &from).0);
            }
        }
    }

    #[test]
    fn rolls((view, dense) in views(), shifts in prop::collection::vec(-20..20_i64, 12), axes in 0..16_u8) {
        let axes: Vec<usize> = (0..dense.shape.len()).filter(|axis| axes >> axis & 1 == 1).collect();
        let named: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
        let assembly = Assembly::roll(&view, &shifts[..axes.len()], &named).unwrap();
        compare(&assembly, &origins(0, &dense).gather(&dense.shape, |index| {
            let mut from = index.to_vec();
            axes.iter().zip(&shifts).for_each(|(&axis, shift)| from[axis] = (from[axis] - shift).rem_euclid(dense.shape[axis]));
            from
        }));
        prop_assert_eq!(assembly.result(), &view.placement().unwrap());
    }

    #[test]
    fn pads((view, dense) in views(), widths in prop::collection::vec([0..9_i64, 0..9_i64], 12), mode in 0..5_usize) {
        let mode = [PadMode::Constant, PadMode::Edge, PadMode::Reflect, PadMode::Symmetric, PadMode::Wrap][mode];
        // In many dimensions less, for the number of elements.
        let narrow = [9, 9, 9, 4, 2].get(dense.shape.len()).copied().unwrap_or(1);
        let widths: Vec<[i64; 2]> = widths[..dense.shape.len()].iter().map(|width| width.map(|width| width % narrow)).collect();
        let shape: Vec<i64> = dense.shape.iter().zip(&widths).map(|(n, [before, after])| n + before + after).collect();
        let assembly = match Assembly::pad(&view, &widths, mode) {
            Err(error) => {
                prop_assert!(mode != PadMode::Constant && dense.shape.contains(&0), "{error}");
                prop_assert_eq!(error.kind(), ErrorKind::TooSmall);
                return Ok(());
            }
            Ok(assembly) => assembly,
        };
        let of_view = origins(0, &dense);
        compare(&assembly, &Dense::build(&shape, |index| {
            let along = index.iter().zip(&dense.shape).zip(&widths);
            let from: Option<Vec<i64>> = along.map(|((&k, &n), [before, _])| padded(k, *before, n, mode)).collect();
            from.and_then(|from| of_view.at(&from).clone())
        }));
        // Blocks stay where they are.
        let placement = view.placement().unwrap();
        if placement.layout().dims().iter().all(|dim| matches!(dim, Dim::Block(_))) {
            for index in indices(&dense.shape) {
                let target: Vec<i64> = index.iter().zip(&widths).map(|(k, [before, _])| k + before).collect();
                prop_assert_eq!(owner(assembly.result(), &target).0, owner(&placement, &index).0);
            }
        }
    }
}

#[test]
fn padded_cyclic_data_stay_on_their_ranks() {
    let placement = Placement::new(Layout::new(vec![Cyclic::new(10, 3, 2).unwrap().into()]).unwrap());
    let padded = Assembly::pad(&View::of(&placement), &[[4, 1]], PadMode::Edge).unwrap();
    assert_eq!(padded.result().to_string(), "(15,) over 3: cyclic(2) from 1");
}

#[test]
fn many_pieces_are_made_when_asked_for() {
    let placement = Placement::new(Layout::builder([3]).processes(2).build().unwrap());
    let view = View::of(&placement);
    let tiled = Assembly::tile(&view, &[1 << 60]).unwrap();
    assert_eq!((tiled.piece_count(), tiled.pieces().take(3).count()), (Some(1 << 60), 3));
    let padded = Assembly::pad(&view, &[[1 << 60, 1 << 60]], PadMode::Wrap).unwrap();
    assert_eq!(padded.pieces().take(5).filter(Result::is_ok).count(), 5);
    let empty = Placement::new(Layout::builder([0]).build().unwrap());
    assert_eq!(Assembly::tile(&View::of(&empty), &[1 << 60]).unwrap().pieces().count(), 0);
}

#[test]
fn refusals() {
    let placement = |shape: &[i64]| Placement::new(Layout::builder(shape).processes(2).build().unwrap());
    let view = |shape: &[i64]| View::of(&placement(shape));
    let (a, b) = (view(&[4, 3]), view(&[4, 2]));
    let error = Assembly::concatenate(&[a.clone(), b.clone()], 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "dimension 1: the two layouts describe arrays of different shapes: `size` is 2, expected 3"
    );
    assert_eq!(Assembly::concatenate(&[a.clone(), view(&[4])], 0).unwrap_err().kind(), ErrorKind::ShapesDiffer);
    assert_eq!(Assembly::concatenate(&[], 0).unwrap_err().kind(), ErrorKind::TooSmall);
    assert_eq!(Assembly::stack(&[], 0).unwrap_err().kind(), ErrorKind::TooSmall);
    assert_eq!(Assembly::stack(&[a.clone(), b], 0).unwrap_err().kind(), ErrorKind::ShapesDiffer);
    assert_eq!(Assembly::concatenate(std::slice::from_ref(&a), 2).unwrap_err().kind(), ErrorKind::AxisOutOfRange);
    assert_eq!(Assembly::tile(&a, &[-1]).unwrap_err().dim(), Some(1));
    assert_eq!(Assembly::tile(&a, &[i64::MAX]).unwrap_err().kind(), ErrorKind::Overflow);
    assert_eq!(Assembly::repeat(&a, i64::MAX, 0).unwrap_err().kind(), ErrorKind::Overflow);
    assert_eq!(Assembly::repeat(&a, -1, 0).unwrap_err().kind(), ErrorKind::TooSmall);
    assert_eq!(Assembly::roll(&a, &[1, 2], &[0]).unwrap_err().kind(), ErrorKind::Count);
    assert_eq!(Assembly::pad(&a, &[[1, 1]], PadMode::Edge).unwrap_err().kind(), ErrorKind::Count);
    assert_eq!(Assembly::pad(&a, &[[0, 0], [-1, 0]], PadMode::Edge).unwrap_err().dim(), Some(1));
    assert_eq!(Assembly::pad(&a, &[[i64::MAX, 1], [0, 0]], PadMode::Edge).unwrap_err().kind(), ErrorKind::Overflow);
}
