//! Selection by arrays of indices, beside NumPy's rules element by element.

use dap_array::{Context, DynArray, ElementType, Indices};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, shares_elements, steps};
use dap_launch::values;
use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;

/// The indices of one axis, in an array of `shape`.
fn index_array(shape: &[i64], size: i64, salt: i64) -> ArrayD<i64> {
    let mut number = salt;
    ArrayD::from_shape_fn(extents(shape), |_| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33).rem_euclid(2 * size) - size
    })
}

/// For each index of the result, the index in the whole array.
fn sources(
    whole: &ArrayD<f64>,
    axes: &[usize],
    indices: &[ArrayD<i64>],
) -> (Vec<usize>, impl Fn(&IxDyn) -> Vec<usize> + use<>) {
    let shape = indices[0].shape().to_vec();
    let is_run = axes.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let kept: Vec<usize> = (0..whole.ndim()).filter(|axis| !axes.contains(axis)).collect();
    let in_front = if is_run { axes[0] } else { 0 };
    let mut extent: Vec<usize> = kept.iter().map(|&axis| whole.shape()[axis]).collect();
    extent.splice(in_front..in_front, shape.iter().copied());
    let (axes, indices, sizes, ndim) = (axes.to_vec(), indices.to_vec(), whole.shape().to_vec(), whole.ndim());
    let source = move |at: &IxDyn| {
        let place: Vec<usize> = (0..shape.len()).map(|axis| at[in_front + axis]).collect();
        let mut source = vec![0; ndim];
        for (&axis, indices) in axes.iter().zip(&indices) {
            source[axis] = indices[&place[..]].rem_euclid(sizes[axis] as i64) as usize;
        }
        for (number, &axis) in kept.iter().enumerate() {
            source[axis] = at[if number < in_front { number } else { number + shape.len() }];
        }
        source
    };
    (extent, source)
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let arrays =
        (shapes().prop_flat_map(move |shape| placements_of(shape, ranks)), prop::collection::vec(steps(), 0..3));
    let chosen = (
        prop::collection::vec(any::<bool>(), 5),
        prop::collection::vec(0..5_i64, 0..3),
        any::<i32>(),
        any::<[bool; 2]>(),
    );
    for ((placement, steps), (chosen, shape, salt, [is_distributed, is_set])) in values((arrays, chosen), 150, 40) {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let twin = steps.iter().filter(is_view).fold(Twin::new(context, &placement, 41), |twin, step| twin.step(step));
        let Twin { array, whole } = &twin;
        let mut axes: Vec<usize> = (0..whole.ndim()).filter(|&axis| chosen[axis % chosen.len()]).collect();
        if axes.is_empty() || axes.iter().any(|&axis| whole.shape()[axis] == 0) {
            continue;
        }
        let indices: Vec<ArrayD<i64>> = axes
            .iter()
            .map(|&axis| index_array(&shape, whole.shape()[axis] as i64, i64::from(salt) + axis as i64))
            .collect();
        let what = format!("{array:?} {steps:?} at {axes:?}: {indices:?}, distributed {is_distributed}");
        let (extent, source) = sources(whole, &axes, &indices);
        let expected = ArrayD::from_shape_fn(extent, |at: IxDyn| whole[&source(&at)[..]]);
        let placement = values(placements_of(shape.clone(), ranks), 1, salt as u8).remove(0);
        let spread: Vec<DynArray> = indices
            .iter()
            .map(|indices| {
                DynArray::from_fn(context, placement.clone(), |at| indices[&extents(at)[..]])
                    .expect("an array of indices")
            })
            .collect();
        let mut given: Vec<Indices<'_>> = if is_distributed {
            spread.iter().map(Indices::from).collect()
        } else {
            indices.iter().map(Indices::from).collect()
        };
        // Axes are named in any order.
        if salt % 2 == 0 {
            axes.reverse();
            given.reverse();
        }
        let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
        let found = array.take_along(&signed, &given).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &expected, &what);
        if is_set && !shares_elements(&twin.array) {
            let like = values(placements_of(found.shape().to_vec(), ranks), 1, salt as u8).remove(0);
            let new = Twin::new(context, &like, 43);
            let mut expected = whole.clone();
            for (at, value) in new.whole.indexed_iter() {
                expected[&source(&at)[..]] = *value;
            }
            array.put_along(&signed, &given, &new.array).unwrap_or_else(|error| panic!("{what}: {error}"));
            check(array, &expected, &what);
        }
    }
}

/// Values are added where indices name elements, several times as well: exactly, with the same bits
/// for every distribution.
pub(crate) fn additions(context: &Context) {
    let ranks = ranks_of(context);
    let cases = (placements_of(vec![9, 4], ranks), placements_of(vec![200], ranks), any::<u8>());
    for (placement, of_values, salt) in values(cases, 12, 58) {
        let indices = index_array(&[200], 9, i64::from(salt));
        // Quarters of integers far apart, whose sums are exact in 128 bits.
        let quarters = |at: i64| (i128::from((at * at * 7919) % 4093) - 2046) << ((at * 13) % 100);
        let term = |at: i64| quarters(at) as f64 / 4.0;
        let x = Twin::new(context, &placement, 59);
        let rows = DynArray::from_fn(context, of_values.clone(), |at| term(at[0])).expect("values");
        let rows = rows.index(":, None").expect("a view");
        if shares_elements(&x.array) {
            let refused = x.array.add_along(&[0], &[Indices::from(&indices)], &rows).expect_err("on two ranks");
            assert!(refused.to_string().contains("two ranks"), "{refused}");
            continue;
        }
        x.array.add_along(&[0], &[Indices::from(&indices)], &rows).expect("additions");
        let mut sums = x.whole.map(|&item| (item * 4.0) as i128);
        for (at, index) in indices.iter().enumerate() {
            let row = index.rem_euclid(9) as usize;
            (0..4).for_each(|column| sums[[row, column]] += quarters(at as i64));
        }
        check(&x.array, &sums.map(|&sum| sum as f64 / 4.0), &format!("{placement} and {of_values}"));
        let counts = DynArray::zeros(context, placement, &ElementType::U8.dtype()).expect("zeros");
        counts.add_along(&[0], &[Indices::from(&indices)], 3_i64).expect("integers");
        let total = counts.expr().cast(ElementType::I64).eval().and_then(|counts| counts.sum()).expect("a sum");
        let times = |row: i64| indices.iter().filter(|index| index.rem_euclid(9) == row).count() as i64;
        assert_eq!(total.to_f64(), (0..9).map(|row| times(row) * 3 % 256 * 4).sum::<i64>() as f64);
    }
}

/// An index out of bounds on one rank, and other mistakes, are errors on all; nothing is written.
pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let layout =
        |shape: &[i64]| dap_core::layout::Layout::builder(shape.to_vec()).processes(ranks).build().expect("a layout");
    let x = Twin::new(context, &layout(&[8, 3]).into(), 1);
    let spread = DynArray::from_fn(context, layout(&[6]), |at| if at[0] == 5 { 8 } else { at[0] }).expect("indices");
    let text = |result: dap_array::Result<DynArray>| result.expect_err("a mistake").to_string();
    let bounds = text(x.array.take(0, &spread));
    assert!(bounds.contains("index 8") && bounds.contains("8 elements"), "{bounds}");
    let written = x.array.put_along(&[0], &[Indices::from(&spread)], 1.0);
    assert!(written.is_err_and(|error| error.to_string().contains("out of bounds")));
    x.check("nothing was written");
    let below = text(x.array.take(-1, &[-4_i64][..]));
    assert!(below.contains("index -4"), "{below}");
    let floats = DynArray::full(context, layout(&[6]), ElementType::F64, 1.0.into()).expect("floats");
    let kind = text(x.array.take(0, &floats));
    assert!(kind.contains("integers"), "{kind}");
    let axis = text(x.array.take(2, &[0_i64][..]));
    assert!(axis.contains("axis 2"), "{axis}");
}
