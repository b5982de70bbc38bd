//! One-sided access to elements of other ranks.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Step, Twin, check, placements_of, ranks_of, shapes, steps, value};
use dap_core::algebra::{Slice, Subscript};
use dap_core::layout::Layout;
use dap_launch::values;
use dap_ndarray::Buffer;
use ndarray::{ArrayD, Axis, IxDyn};
use proptest::prelude::*;

/// Each rank reads all elements and a slice, and writes those whose numbers are its own.
pub(crate) fn random(context: &Context) {
    let (ranks, here) = (ranks_of(context), i64::from(context.comm().rank()));
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    for (placement, steps) in values((placements, prop::collection::vec(steps(), 0..2)), 40, 54) {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let Twin { array, whole } =
            steps.iter().filter(is_view).fold(Twin::new(context, &placement, 55), |twin, step| twin.step(step));
        let what = format!("{array:?} {steps:?}");
        let slice = [Subscript::Slice(Slice { start: Some(1), stop: None, step: Some(2) })];
        let region = &slice[..whole.ndim().min(1)];
        let opened = array.open(|open| {
            let read = open.read(region)?;
            for (number, (at, &item)) in whole.indexed_iter().enumerate() {
                let index: Vec<i64> = (0..whole.ndim())
                    .map(|axis| at[axis] as i64 - if number % 2 == 0 { 0 } else { whole.shape()[axis] as i64 })
                    .collect();
                assert_eq!(open.get(&index)?.to_f64(), item, "{what} at {index:?}");
            }
            Ok(read)
        });
        // A shared element is refused, on all ranks.
        let read = match opened {
            Ok(read) => read,
            Err(error) => {
                assert!(error.to_string().contains("two ranks"), "{what}: {error}");
                continue;
            }
        };
        let selected = match region {
            [] => whole.clone(),
            _ => whole.select(Axis(0), &(1..whole.shape()[0]).step_by(2).collect::<Vec<_>>()),
        };
        assert_eq!(read.view::<f64>().expect("floats"), selected, "{what}");
        let written = array.open(|open| {
            for (number, (at, _)) in whole.indexed_iter().enumerate() {
                if number as i64 % ranks == here {
                    let index: Vec<i64> = (0..whole.ndim()).map(|axis| at[axis] as i64).collect();
                    open.set(&index, value(&index, 56))?;
                }
            }
            Ok(())
        });
        written.unwrap_or_else(|error| panic!("{what}: {error}"));
        let expected = ArrayD::from_shape_fn(IxDyn(whole.shape()), |at: IxDyn| {
            value(&(0..whole.ndim()).map(|axis| at[axis] as i64).collect::<Vec<_>>(), 56)
        });
        check(&array, &expected, &what);
    }
}

/// Additions of all ranks to the same elements, a region at once, and mistakes.
pub(crate) fn additions(context: &Context) {
    let (ranks, here) = (ranks_of(context), i64::from(context.comm().rank()));
    let layout = || Layout::builder([7, 5]).processes(ranks).build().expect("a layout");
    for element in [ElementType::I32, ElementType::U8, ElementType::F64, ElementType::C64] {
        let array = DynArray::zeros(context, layout(), &element.dtype()).expect("zeros");
        let added = array.open(|open| {
            for number in 0..35 {
                open.add(&[number / 5, number % 5], 1_i64 + here)?;
            }
            Ok(())
        });
        added.expect("additions");
        let total = array.sum().expect("a sum").to_f64();
        assert_eq!(total, (35 * ranks * (ranks + 1) / 2) as f64, "{element}");
    }
    let x = Twin::new(context, &layout().into(), 57);
    let row = [Subscript::Index(3)];
    let zeros = Buffer::from_array(ArrayD::<f64>::zeros(IxDyn(&[5])));
    let written = x.array.open(|open| if here == ranks - 1 { open.write(&row, &zeros) } else { Ok(()) });
    written.expect("a row");
    let mut expected = x.whole.clone();
    expected.index_axis_mut(Axis(0), 3).fill(0.0);
    check(&x.array, &expected, "a row of zeros");

    // The error of one rank is an error on all; the array is of use afterwards.
    let outside = x.array.open(|open| open.get(&[if here == ranks - 1 { 7 } else { 6 }, 0])).expect_err("row 7 of 7");
    assert_eq!(outside.rank(), Some(ranks as i32 - 1), "{outside}");
    let local = x.array.open(|_| x.array.sum()).expect_err("the memory is in use");
    assert!(local.to_string().contains("in use") || local.to_string().contains("written"), "{local}");
    let booleans = DynArray::zeros(context, layout(), &ElementType::Bool.dtype()).expect("booleans");
    let refused = booleans.open(|open| open.add(&[0, 0], true)).expect_err("no sum");
    assert!(refused.to_string().contains("booleans"), "{refused}");
    booleans.open(|open| open.set(&[0, -1], true)).expect("all write the same");
    assert!(booleans.get(&[0, 4]).expect("an element").is_true());
    check(&x.array, &expected, "as before");
}
