//! Regions that each rank reads or writes for itself, beside the same index of the whole array.

use dap_array::{Context, DynArray};
use dap_array_testing::{Step, Twin, check, indices, placements_of, ranks_of, shapes, steps};
use dap_core::algebra::{Slice, Subscript};
use dap_core::layout::Layout;
use dap_launch::values;
use ndarray::{ArrayD, Axis, IxDyn, arr0};
use proptest::prelude::*;

/// A subscript of an axis, before its extent is known.
#[derive(Debug, Clone, Copy)]
enum Part {
    Index(i64),
    Slice(Slice),
}

fn parts() -> impl Strategy<Value = Part> {
    let bound = prop::option::of(-9..9_i64);
    let step = prop_oneof![3 => Just(None), 1 => (1..4_i64).prop_map(Some), 1 => (-3..0_i64).prop_map(Some)];
    let slice = (bound.clone(), bound, step).prop_map(|(start, stop, step)| Slice { start, stop, step });
    prop_oneof![1 => (0..99_i64).prop_map(Part::Index), 3 => slice.prop_map(Part::Slice)]
}

/// The subscripts for a shape: axes without an index have slices only.
fn subscripts(parts: &[Part], shape: &[usize]) -> Vec<Subscript> {
    let subscript = |(&part, &extent): (&Part, &usize)| match part {
        Part::Index(at) if extent > 0 => Subscript::Index(at.rem_euclid(2 * extent as i64) - extent as i64),
        Part::Index(_) => Subscript::Slice(Slice::ALL),
        Part::Slice(slice) => Subscript::Slice(slice),
    };
    parts.iter().zip(shape).map(subscript).collect()
}

/// The part of a whole array, axis by axis.
fn selected<T: Clone>(whole: &ArrayD<T>, subscripts: &[Subscript]) -> ArrayD<T> {
    let (mut part, mut axis) = (whole.clone(), 0);
    for subscript in subscripts {
        let extent = part.shape()[axis] as i64;
        match *subscript {
            Subscript::Index(at) => part = part.index_axis_move(Axis(axis), at.rem_euclid(extent) as usize),
            Subscript::Slice(slice) => {
                part = part.select(Axis(axis), &indices(slice, extent));
                axis += 1;
            }
            Subscript::Ellipsis | Subscript::NewAxis => unreachable!("no such subscript is made here"),
        }
    }
    part
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let here = context.comm().rank() as usize;
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let regions =
        prop::collection::vec(prop::option::weighted(0.8, prop::collection::vec(parts(), 0..5)), ranks as usize);
    let cases = (placements, prop::collection::vec(steps(), 0..3), regions, any::<i16>());
    let mut written = 0;
    for (placement, steps, regions, salt) in values(cases, 200, 44) {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let Twin { array, whole } =
            steps.iter().filter(is_view).fold(Twin::new(context, &placement, 45), |twin, step| twin.step(step));
        let regions: Vec<Option<Vec<Subscript>>> =
            regions.iter().map(|parts| parts.as_ref().map(|parts| subscripts(parts, whole.shape()))).collect();
        let what = format!("{array:?} {steps:?} at {regions:?}");
        let mine = regions[here].as_deref();
        let read = array.read_region::<f64>(mine).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(read, mine.map(|region| selected(&whole, region)), "{what}");

        // Each element by its number, to see which of them are written.
        let numbers = ArrayD::from_shape_vec(IxDyn(whole.shape()), (0..whole.len()).collect()).expect("one for each");
        let places: Vec<Option<ArrayD<usize>>> =
            regions.iter().map(|region| region.as_ref().map(|region| selected(&numbers, region))).collect();
        let value = |rank: usize, number: usize| (number * 8 + rank) as f64 - f64::from(salt);
        let mut expected = whole.clone();
        let mut is_twice = false;
        let mut seen = vec![false; whole.len()];
        for (rank, places) in places.iter().enumerate() {
            for &number in places.iter().flatten() {
                is_twice |= std::mem::replace(&mut seen[number], true);
                *expected.iter_mut().nth(number).expect("an element") = value(rank, number);
            }
        }
        let new = places[here].as_ref().map(|places| places.map(|&number| value(here, number)));
        let result = array.write_region(mine.zip(new.as_ref().map(|new| new.view())));
        if is_twice {
            assert!(result.is_err_and(|error| error.to_string().contains("both write")), "{what}");
            check(&array, &whole, &format!("nothing written: {what}"));
        } else {
            result.unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&array, &expected, &what);
            written += usize::from(seen.contains(&true));
        }
    }
    assert!(written > 20 || std::env::var("DAP_SEED").is_ok(), "only {written} of the cases write something");
}

/// A mistake of one rank is an error on all, and nothing is written.
pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let last = context.comm().rank() == context.comm().size() - 1;
    let layout = Layout::builder([8, 3]).processes(ranks).build().expect("a layout");
    let x = Twin::new(context, &layout.into(), 1);
    let row = |at: i64| [Subscript::Index(at)];
    let outside = x.array.read_region::<f64>(Some(&row(if last { 8 } else { 0 }))).expect_err("row 8 of 8");
    assert_eq!(outside.rank(), Some(context.comm().size() - 1), "{outside}");
    assert!(outside.to_string().contains('8'), "{outside}");
    let values = ArrayD::<f64>::zeros(IxDyn(&[if last { 2 } else { 3 }]));
    let shape =
        x.array.write_region(Some((&row(i64::from(context.comm().rank())), values.view()))).expect_err("2 of 3");
    assert!(shape.to_string().contains("[2]"), "{shape}");
    x.check("nothing was written");
    assert!(x.array.read_region::<f32>(None).is_err());
    if ranks > 1 {
        let same = x.array.write_region(Some((&row(5), arr0(1.0).into_dyn().view()))).expect_err("row 5 twice");
        assert!(same.to_string().contains("ranks 0 and 1") && same.to_string().contains("[5, 0]"), "{same}");
        x.check("nothing was written");
    }
    // One rank holds a local view, so that no rank can write.
    let guard = last.then(|| x.array.local::<f64>());
    let in_use = x.array.write_region::<f64>(None).expect_err("in use on the last rank");
    assert_eq!(in_use.rank(), Some(context.comm().size() - 1), "{in_use}");
    drop(guard);
    x.array.write_region::<f64>(None).expect("nobody writes anything");
}

/// Regions of several pieces: each rank reads all, and one writes all.
pub(crate) fn large(context: &Context) {
    let ranks = ranks_of(context);
    let layout = Layout::builder([4100, 1100]).processes(ranks).build().expect("a layout");
    let value = |at: &[i64]| (at[0] * 7 + at[1]) as f64;
    let array = DynArray::from_fn(context, layout, value).expect("an array");
    let all = array.read_region::<f64>(Some(&[])).expect("the whole array").expect("of this rank");
    assert!(all.indexed_iter().all(|(at, &found)| found == value(&[at[0] as i64, at[1] as i64])));
    let part = [Subscript::Slice(Slice { start: Some(4099), stop: None, step: Some(-1) })];
    let is_first = context.comm().rank() == 0;
    array.write_region(is_first.then(|| (&part[..], all.view()))).expect("the rows in reverse order");
    let reversed = array.index("::-1").expect("a view");
    let read = reversed.read_region::<f64>(is_first.then_some(&[][..])).expect("the rows in their old order");
    assert_eq!(read, is_first.then_some(all));
}
