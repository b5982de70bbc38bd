//! Arrays put together from others, and reshaped ones.

use dap_array::{Context, DynArray, PadMode};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, steps};
use dap_launch::values;
use ndarray::{ArrayD, Axis, concatenate, stack};
use proptest::prelude::*;

/// A view of an array.
fn views(ranks: i64) -> impl Strategy<Value = (dap_core::algebra::Placement, Vec<Step>)> {
    (shapes().prop_flat_map(move |shape| placements_of(shape, ranks)), prop::collection::vec(steps(), 0..3))
}

fn twin(context: &Context, (placement, steps): &(dap_core::algebra::Placement, Vec<Step>)) -> Twin {
    steps.iter().fold(Twin::new(context, placement, 23), |twin, step| twin.step(step))
}

fn checked(found: dap_array::Result<DynArray>, expected: &ArrayD<f64>, what: &str) {
    check(&found.unwrap_or_else(|error| panic!("{what}: {error}")), expected, what);
}

/// Elements at chosen indices along an axis.
fn select(whole: &ArrayD<f64>, axis: usize, indices: impl Iterator<Item = i64>) -> ArrayD<f64> {
    let indices: Vec<usize> = indices.map(|index| index as usize).collect();
    whole.select(Axis(axis), &indices)
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let numbers = (0..4_i64, 0..5_usize, -9..9_i64, [0..5_i64, 0..5], 0..5_usize, any::<u8>());
    for (case, (times, axis, shift, widths, mode, seed)) in values((views(ranks), numbers), 60, 30) {
        let Twin { array, whole } = &twin(context, &case);
        let ndim = whole.ndim();
        let what = format!("{array:?} {case:?} {times} {axis} {shift} {widths:?} {mode} {seed}");
        if ndim == 0 {
            continue;
        }
        let axis = axis % ndim;
        let (size, signed) = (whole.shape()[axis] as i64, axis as i64 - ndim as i64);
        // Joined with an array of another extent along the axis, elsewhere.
        let mut shape = array.shape().to_vec();
        shape[axis] = times;
        let other = values(placements_of(shape, ranks), 1, seed).remove(0);
        let other = Twin::new(context, &other, 29);
        let expected = concatenate(Axis(axis), &[whole.view(), other.whole.view()]).expect("the same other extents");
        checked(DynArray::concatenate(&[array, &other.array], signed), &expected, &what);
        let like = values(placements_of(array.shape().to_vec(), ranks), 1, seed).remove(0);
        let like = Twin::new(context, &like, 31);
        let expected = stack(Axis(axis), &[whole.view(), like.whole.view(), whole.view()]).expect("one shape");
        checked(DynArray::stack(&[array, &like.array, array], axis as i64), &expected, &what);
        let indices = (0..size * times).map(|at| at % size.max(1));
        checked(array.tile(&repeats(ndim, axis, times)), &select(whole, axis, indices), &what);
        checked(array.repeat(times, signed), &select(whole, axis, (0..size * times).map(|at| at / times)), &what);
        let indices = (0..size).map(|at| (at - shift).rem_euclid(size));
        checked(array.roll(&[shift], &[signed]), &select(whole, axis, indices), &what);
        padded(array, whole, axis, widths, mode, &what);
    }
}

fn repeats(ndim: usize, axis: usize, times: i64) -> Vec<i64> {
    (0..ndim).map(|at| if at == axis { times } else { 1 }).collect()
}

/// Padding along one axis by NumPy's rules, index by index.
fn padded(array: &DynArray, whole: &ArrayD<f64>, axis: usize, [before, after]: [i64; 2], mode: usize, what: &str) {
    let size = whole.shape()[axis] as i64;
    let mut widths = vec![[0, 0]; whole.ndim()];
    widths[axis] = [before, after];
    let mode = [PadMode::Constant, PadMode::Edge, PadMode::Reflect, PadMode::Symmetric, PadMode::Wrap][mode];
    let index = |at: i64| match mode {
        PadMode::Edge => at.clamp(0, size - 1),
        PadMode::Reflect if size == 1 => 0,
        PadMode::Reflect => {
            let place = at.rem_euclid(2 * (size - 1));
            place.min(2 * (size - 1) - place)
        }
        PadMode::Symmetric => {
            let place = at.rem_euclid(2 * size);
            place.min(2 * size - 1 - place)
        }
        _ => at.rem_euclid(size),
    };
    if size == 0 && mode != PadMode::Constant && before + after > 0 {
        assert!(array.pad(&widths, mode, 0.0).is_err(), "{what}");
        return;
    }
    if size == 0 {
        return;
    }
    let mut expected = select(whole, axis, (-before..size + after).map(index));
    if mode == PadMode::Constant {
        for (at, mut part) in expected.axis_iter_mut(Axis(axis)).enumerate() {
            if !(before..before + size).contains(&(at as i64)) {
                part.fill(7.5);
            }
        }
    }
    checked(array.pad(&widths, mode, 7.5), &expected, what);
}

/// Every way to write the number of elements as a product of up to four extents is drawn from.
pub(crate) fn reshapes(context: &Context) {
    for (case, seed) in values((views(ranks_of(context)), any::<u64>()), 60, 32) {
        let Twin { array, whole } = &twin(context, &case);
        let (mut rest, mut shape, mut seed) = (array.len(), Vec::new(), seed);
        while shape.len() < 3 && rest > 0 {
            let divisors: Vec<i64> = (1..=rest).filter(|divisor| rest % divisor == 0).collect();
            let divisor = divisors[(seed % divisors.len() as u64) as usize];
            seed /= 7;
            shape.push(divisor);
            rest /= divisor;
        }
        shape.push(rest);
        let what = format!("{array:?} {case:?} to {shape:?}");
        let expected = whole.clone().as_standard_layout().into_owned();
        let expected = expected.into_shape_with_order(extents(&shape)).expect("as many elements");
        checked(array.reshape(&shape), &expected, &what);
        if rest > 0 {
            let last = shape.len() - 1;
            shape[last] = -1;
            checked(array.reshape(&shape), &expected, &what);
        }
        assert!(array.reshape(&[array.len() + 1]).is_err(), "{what}");
    }
}
