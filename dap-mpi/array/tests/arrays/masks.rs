//! Selection by masks.

use dap_array::{Context, DynArray, ElementType, Reduction};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, shares_elements, steps};
use dap_launch::values;
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

/// The rows of the whole array where the mask is true.
fn rows(whole: &ArrayD<f64>, mask: &ArrayD<bool>) -> ArrayD<f64> {
    let rest: Vec<usize> = whole.shape()[mask.ndim()..].to_vec();
    let flat = [vec![mask.len()], rest].concat();
    let rows = whole.clone().as_standard_layout().into_owned().into_shape_with_order(flat).expect("the same elements");
    let chosen: Vec<usize> = mask.iter().enumerate().filter(|(_, is_true)| **is_true).map(|(at, _)| at).collect();
    rows.select(Axis(0), &chosen)
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let arrays =
        (shapes().prop_flat_map(move |shape| placements_of(shape, ranks)), prop::collection::vec(steps(), 0..3));
    let chosen = (1..4_usize, prop_oneof![Just(0_i64), Just(1), 2..9_i64], any::<u8>());
    for ((placement, steps), (ndim, rarity, seed)) in values((arrays, chosen), 120, 50) {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let twin = steps.iter().filter(is_view).fold(Twin::new(context, &placement, 51), |twin, step| twin.step(step));
        let Twin { array, whole } = &twin;
        let ndim = ndim.min(array.ndim());
        if ndim == 0 {
            continue;
        }
        let shape = array.shape()[..ndim].to_vec();
        let is_true = |at: &[i64]| rarity > 0 && at.iter().fold(7, |sum, &at| sum * 5 + at) % rarity == 0;
        let mask_placement = values(placements_of(shape.clone(), ranks), 1, seed).remove(0);
        let mask = DynArray::from_fn(context, mask_placement, is_true).expect("a mask");
        let signed = |at: &ndarray::IxDyn| (0..shape.len()).map(|axis| at[axis] as i64).collect::<Vec<_>>();
        let whole_mask = ArrayD::from_shape_fn(extents(&shape), |at: ndarray::IxDyn| is_true(&signed(&at)));
        let what = format!("{array:?} {steps:?} where {mask:?}, one of {rarity}");
        let expected = rows(whole, &whole_mask);
        let found = array.compress(&mask).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &expected, &what);
        for (axis, indices) in mask.nonzero().unwrap_or_else(|error| panic!("{what}: {error}")).iter().enumerate() {
            let floats = indices.expr().cast(ElementType::F64).eval().expect("floats");
            let places = whole_mask.indexed_iter().filter(|(_, is_true)| **is_true).map(|(at, _)| at[axis] as f64);
            check(&floats, &places.collect::<ndarray::Array1<f64>>().into_dyn(), &what);
        }
        if shares_elements(array) {
            continue;
        }
        // The same without a copy: the selection, and its sum over the whole array.
        if let Some(masked) = array.masked(&mask).unwrap_or_else(|error| panic!("{what}: {error}")) {
            check(&masked.eval().expect("the selection"), &expected, &what);
            let whole_sum = masked.reduce(Reduction::Sum).expect("a sum").expect("without a copy");
            let selected_sum = found.sum();
            assert_eq!(whole_sum.to_f64(), selected_sum.expect("a sum").to_f64(), "{what}");
        }
        let like = values(placements_of(found.shape().to_vec(), ranks), 1, seed).remove(0);
        let new = Twin::new(context, &like, 53);
        array.put_where(&mask, &new.array).unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut expected = whole.clone();
        let flat = [vec![whole_mask.len()], whole.shape()[ndim..].to_vec()].concat();
        let mut flat =
            expected.clone().as_standard_layout().into_owned().into_shape_with_order(flat).expect("the same");
        let chosen = whole_mask.iter().enumerate().filter(|(_, is_true)| **is_true);
        chosen
            .zip(new.whole.axis_iter(Axis(0)))
            .for_each(|((at, _), row)| flat.index_axis_mut(Axis(0), at).assign(&row));
        expected.iter_mut().zip(flat.iter()).for_each(|(to, from)| *to = *from);
        check(array, &expected, &what);
        array.put_where(&mask, 2.5).unwrap_or_else(|error| panic!("{what}: {error}"));
        for (at, value) in expected.indexed_iter_mut() {
            if is_true(&(0..ndim).map(|axis| at[axis] as i64).collect::<Vec<_>>()) {
                *value = 2.5;
            }
        }
        check(array, &expected, &what);
    }
}

pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let layout =
        |shape: &[i64]| dap_core::layout::Layout::builder(shape.to_vec()).processes(ranks).build().expect("a layout");
    let x = Twin::new(context, &layout(&[8, 3]).into(), 1);
    let text = |error: Option<dap_array::Error>| error.expect("a mistake").to_string();
    let floats = text(x.array.compress(&x.array).err());
    assert!(floats.contains("bool"), "{floats}");
    let mask = DynArray::full(context, layout(&[7]), ElementType::Bool, true.into()).expect("a mask");
    let shape = text(x.array.compress(&mask).err());
    assert!(shape.contains("[7]") && shape.contains("[8, 3]"), "{shape}");
    let mask = DynArray::full(context, layout(&[8]), ElementType::Bool, true.into()).expect("a mask");
    let five = Twin::new(context, &layout(&[5, 3]).into(), 2);
    let count = text(x.array.put_where(&mask, &five.array).err());
    assert!(count.contains("5 values for the 8 elements"), "{count}");
    x.check("nothing was written");
}
