//! Small arrays beside the defining sums.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Twin, extents, placements_of, ranks_of, shapes, steps, value};
use dap_core::algebra::Placement;
use dap_core::layout::{DimSpec, Layout};
use dap_fft::{Norm, Options, Output};
use dap_launch::values;
use dap_mpi::Result;
use ndarray::{ArrayD, Dimension, IxDyn};
use num_complex::Complex;
use proptest::prelude::*;

use crate::double::Double;
use crate::oracle::{Kind, Whole, along, check, wide};

const TYPES: [ElementType; 6] =
    [ElementType::C128, ElementType::F64, ElementType::C64, ElementType::F32, ElementType::I16, ElementType::Bool];

const NORMS: [Norm; 3] = [Norm::Backward, Norm::Ortho, Norm::Forward];

/// The element at an index: exact in its type.
fn element(element: ElementType, index: &[i64]) -> Complex<f64> {
    let (re, im) = (value(index, 3), value(index, 11));
    match element {
        ElementType::C128 | ElementType::C64 => Complex::new(re, im),
        ElementType::I16 => Complex::new(re.trunc(), 0.0),
        ElementType::Bool => Complex::new(f64::from(u8::from(re > 0.0)), 0.0),
        _ => Complex::new(re, 0.0),
    }
}

/// An array, and the whole of it on each rank.
pub(crate) fn array(context: &Context, placement: &Placement, of: ElementType) -> (DynArray, Whole) {
    let at = |index: &[i64]| element(of, index);
    let placed = placement.clone();
    let array = match of {
        ElementType::C128 => DynArray::from_fn(context, placed, at),
        ElementType::C64 => {
            DynArray::from_fn(context, placed, |index| Complex::new(at(index).re as f32, at(index).im as f32))
        }
        ElementType::F32 => DynArray::from_fn(context, placed, |index| at(index).re as f32),
        ElementType::I16 => DynArray::from_fn(context, placed, |index| at(index).re as i16),
        ElementType::Bool => DynArray::from_fn(context, placed, |index| at(index).re != 0.0),
        _ => DynArray::from_fn(context, placed, |index| at(index).re),
    };
    let signed = |index: &IxDyn| (0..index.ndim()).map(|dim| index[dim] as i64).collect::<Vec<_>>();
    let whole = ArrayD::from_shape_fn(extents(placement.shape()), |index: IxDyn| wide(at(&signed(&index))));
    (array.expect("an array"), whole)
}

fn unit(of: ElementType) -> f64 {
    match of {
        ElementType::F32 | ElementType::C64 => f64::from(f32::EPSILON),
        _ => f64::EPSILON,
    }
}

fn run(kind: Kind, x: &DynArray, n: Option<i64>, axis: i64, options: impl Into<Options>) -> Result<DynArray> {
    match kind {
        Kind::Fft => dap_fft::fft(x, n, axis, options),
        Kind::Ifft => dap_fft::ifft(x, n, axis, options),
        Kind::Rfft => dap_fft::rfft(x, n, axis, options),
        Kind::Irfft => dap_fft::irfft(x, n, axis, options),
        Kind::Hfft => dap_fft::hfft(x, n, axis, options),
        Kind::Ihfft => dap_fft::ihfft(x, n, axis, options),
    }
}

/// One transform of an array beside the oracle.
fn compare(x: &DynArray, whole: &Whole, kind: Kind, n: Option<i64>, axis: usize, norm: Norm) {
    let points = n.unwrap_or(kind.points(x.shape()[axis]));
    let what = format!("{kind:?} of {x:?}, {n:?} points along {axis}, {norm}");
    let found = run(kind, x, n, axis as i64 - x.ndim() as i64, norm);
    let is_complex = x.element().is_some_and(|element| element.is_complex());
    if points < 1 || (kind.takes_reals() && is_complex) {
        assert!(found.is_err(), "{what}");
        return;
    }
    let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
    let of = x.element().expect("numbers");
    let float = if unit(of) == f64::EPSILON { ElementType::F64 } else { ElementType::F32 };
    assert_eq!(found.element().map(|found| found.part()), Some(float), "{what}");
    assert_eq!(found.element().is_some_and(|found| found.is_complex()), !kind.takes_half(), "{what}");
    let expected = if x.context().comm().rank() == 0 {
        along(whole, kind, points as usize, axis, norm)
    } else {
        // Only its shape is looked at.
        let mut shape = whole.raw_dim();
        shape[axis] = if kind.takes_reals() { points as usize / 2 + 1 } else { points as usize };
        ArrayD::from_elem(shape, crate::double::Wide::ZERO)
    };
    check(&found, &expected, unit(of), &what);
}

pub(crate) fn one_axis(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let n = prop_oneof![Just(None), (0..25_i64).prop_map(Some)];
    let cases = (placements, 0..TYPES.len(), 0..Kind::ALL.len(), n, any::<u8>(), 0..NORMS.len());
    for (placement, of, kind, n, axis, norm) in values(cases, 150, 1) {
        let (x, whole) = array(context, &placement, TYPES[of]);
        if x.ndim() > 0 {
            compare(&x, &whole, Kind::ALL[kind], n, axis as usize % x.ndim(), NORMS[norm]);
        } else {
            assert!(run(Kind::ALL[kind], &x, n, 0, NORMS[norm]).is_err(), "{x:?}");
        }
    }
}

/// The result of several axes, by single ones in NumPy's order.
fn of_several(whole: &Whole, family: usize, s: &[usize], axes: &[usize], norm: Norm) -> Whole {
    let step = |whole: Whole, kind: Kind, at: usize| along(&whole, kind, s[at], axes[at], norm);
    let last = axes.len() - 1;
    match family {
        0 => (0..axes.len()).rev().fold(whole.clone(), |whole, at| step(whole, Kind::Fft, at)),
        1 => (0..axes.len()).rev().fold(whole.clone(), |whole, at| step(whole, Kind::Ifft, at)),
        2 => (0..last).rev().fold(step(whole.clone(), Kind::Rfft, last), |whole, at| step(whole, Kind::Fft, at)),
        _ => step((0..last).fold(whole.clone(), |whole, at| step(whole, Kind::Ifft, at)), Kind::Irfft, last),
    }
}

pub(crate) fn several_axes(context: &Context) {
    let ranks = ranks_of(context);
    let shapes = prop_oneof![3 => prop::collection::vec(1..9_i64, 2), 2 => prop::collection::vec(1..6_i64, 3..=4)];
    let placements = shapes.prop_flat_map(move |shape| placements_of(shape, ranks));
    let named = prop::collection::vec((any::<u8>(), prop_oneof![Just(-1_i64), 1..9_i64]), 0..4);
    let cases = (placements, 0..TYPES.len(), 0..4_usize, named, any::<[bool; 2]>(), 0..NORMS.len());
    for (placement, of, family, named, [has_axes, has_lengths], norm) in values(cases, 120, 2) {
        let (x, whole) = array(context, &placement, TYPES[of]);
        let ndim = x.ndim();
        let axes: Vec<usize> = named.iter().map(|(axis, _)| *axis as usize % ndim).collect();
        let lengths: Vec<i64> = named.iter().map(|(_, length)| *length).collect();
        // Without axes the last ones have these lengths.
        let whole_axes: Vec<usize> = match (has_axes, has_lengths) {
            (true, _) => axes.clone(),
            (false, true) => (ndim.saturating_sub(axes.len())..ndim).collect(),
            (false, false) => (0..ndim).collect(),
        };
        let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64 - ndim as i64).collect();
        let (given, s) = (has_axes.then_some(&signed[..]), has_lengths.then_some(&lengths[..]));
        let norm = NORMS[norm];
        let what = format!("family {family} of {x:?}, axes {given:?}, lengths {s:?}, {norm}");
        let found = match family {
            0 => dap_fft::fftn(&x, s, given, norm),
            1 => dap_fft::ifftn(&x, s, given, norm),
            2 => dap_fft::rfftn(&x, s, given, norm),
            _ => dap_fft::irfftn(&x, s, given, norm),
        };
        let length = |at: usize| match (has_lengths, lengths.get(at)) {
            (true, Some(&length)) if length != -1 => length,
            _ => x.shape()[whole_axes[at]],
        };
        let mut points: Vec<i64> = (0..whole_axes.len()).map(length).collect();
        if family == 3
            && !has_lengths
            && let Some(last) = points.last_mut()
        {
            *last = 2 * (*last - 1);
        }
        let is_complex = TYPES[of].is_complex();
        let is_refused = (has_lengths && !has_axes && lengths.len() > ndim)
            || (family >= 2 && whole_axes.is_empty())
            || (family == 2 && is_complex)
            || points.iter().any(|&points| points < 1);
        if is_refused {
            assert!(found.is_err(), "{what}");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
        let s: Vec<usize> = points.iter().map(|&points| points as usize).collect();
        let expected = match whole_axes[..] {
            [] => whole.clone(),
            _ => of_several(&whole, family, &s, &whole_axes, norm),
        };
        check(&found, &expected, unit(TYPES[of]), &what);
    }
}

/// Views are transformed as arrays, and stay as they are.
pub(crate) fn views(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 1..4), any::<u8>(), 0..4_usize);
    for (placement, steps, axis, kind) in values(cases, 80, 3) {
        let twin = steps.iter().fold(Twin::new(context, &placement, 9), |twin, step| twin.step(step));
        if twin.array.ndim() == 0 {
            continue;
        }
        let whole = twin.whole.mapv(|re| wide(Complex::new(re, 0.0)));
        compare(&twin.array, &whole, Kind::ALL[kind], None, axis as usize % twin.array.ndim(), Norm::Backward);
        twin.check("the input");
    }
}

/// Lines that stay distributed, because there are too few of them: sizes with and without factors.
pub(crate) fn lines(context: &Context) {
    let ranks = ranks_of(context);
    let sizes = prop_oneof![1..40_i64, Just(64), Just(97), Just(120), Just(121), Just(2 * 53), Just(128)];
    let shapes = (sizes, 0..4_i64, any::<bool>()).prop_map(|(size, others, first)| match (others, first) {
        (0, _) => vec![size],
        (others, true) => vec![size, others],
        (others, false) => vec![others, size],
    });
    let placements = shapes.prop_flat_map(move |shape| placements_of(shape, ranks));
    let n = prop_oneof![3 => Just(None), 1 => (1..140_i64).prop_map(Some)];
    let cases = (placements, 0..4_usize, 0..Kind::ALL.len(), n, 0..NORMS.len());
    for (placement, of, kind, n, norm) in values(cases, 100, 4) {
        let (x, whole) = array(context, &placement, TYPES[of]);
        let longest = (0..x.ndim()).max_by_key(|&axis| x.shape()[axis]).expect("an axis");
        compare(&x, &whole, Kind::ALL[kind], n, longest, NORMS[norm]);
    }
}

/// More ranks than elements along each axis.
pub(crate) fn empty_ranks(context: &Context) {
    let ranks = ranks_of(context);
    for shape in [vec![2, 2, 3], vec![1], vec![2], vec![3, 1], vec![1, 1, 1]] {
        for axis in 0..shape.len() {
            let mut grid = vec![1; shape.len()];
            grid[axis] = ranks;
            let layout = Layout::builder(shape.clone()).dims(vec![DimSpec::Block; shape.len()]).grid(grid).build();
            let (x, whole) = array(context, &layout.expect("a layout").into(), ElementType::C128);
            for along in 0..shape.len() {
                compare(&x, &whole, Kind::Fft, None, along, Norm::Backward);
                compare(&x, &whole, Kind::Irfft, Some(5), along, Norm::Ortho);
            }
            let back =
                dap_fft::fftn(&x, None, None, Norm::Ortho).and_then(|it| dap_fft::ifftn(&it, None, None, Norm::Ortho));
            check(&back.expect("a result"), &whole, f64::EPSILON, "there and back");
        }
    }
}

/// A result lies as the input, or where it was computed: then the elements are the same.
pub(crate) fn distributions(context: &Context) {
    let ranks = ranks_of(context);
    let shapes = prop::collection::vec(1..9_i64, 1..=3);
    let placements = shapes.prop_flat_map(move |shape| placements_of(shape, ranks));
    for placement in values(placements, 60, 5) {
        let (x, whole) = array(context, &placement, ElementType::F64);
        let found = dap_fft::fftn(&x, None, None, Norm::Backward).expect("a result");
        assert_eq!(found.placement(), x.placement());
        let elsewhere = Options { output: Output::AsComputed, ..Options::default() };
        let found = dap_fft::fftn(&x, None, None, elsewhere).expect("a result");
        let back = dap_fft::ifftn(&found, None, None, elsewhere).expect("a result");
        check(&back, &whole, f64::EPSILON, &format!("{placement}"));
        let mut half = x.shape().to_vec();
        let last = half.len() - 1;
        half[last] = half[last] / 2 + 1;
        let found = dap_fft::rfftn(&x, None, None, Norm::Backward).expect("a result");
        assert_eq!(found.placement(), &x.placement().resized(&half).expect("a placement"));
        // The array is as it was.
        let same = x.expr().cast(ElementType::F64).eval().expect("a copy");
        check(&same, &whole.mapv(|it| crate::double::Wide { re: it.re, im: Double::ZERO }), 0.0, "the input");
    }
}
