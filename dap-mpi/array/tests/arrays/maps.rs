//! Closures over elements, beside the same closures over the whole array.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, steps};
use dap_launch::values;
use ndarray::{ArrayD, Dimension, IxDyn, Zip};
use proptest::prelude::*;

/// Twins of one shape, the first a view.
fn twins(context: &Context) -> Vec<(String, [Twin; 4])> {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), any::<u8>(), any::<bool>());
    let cases = values(cases, 40, 41).into_iter();
    let of = |(placement, steps, seed, same): (_, Vec<Step>, u8, bool)| {
        let mut first = Twin::new(context, &placement, 5);
        for step in steps.iter().filter(|step| !matches!(step, Step::Repeat { .. })) {
            first = first.step(step);
        }
        let other = |salt: u8| {
            let shape = first.array.shape().to_vec();
            let placement = values(placements_of(shape, ranks), 1, seed.wrapping_add(salt)).remove(0);
            let placement = if same { first.array.placement().clone() } else { placement };
            Twin::new(context, &placement, salt.into())
        };
        let others = [other(1), other(2), other(3)];
        let [b, c, d] = others;
        (format!("{placement}, {steps:?}, {seed} {same}"), [first, b, c, d])
    };
    cases.map(of).collect()
}

pub(crate) fn zips(context: &Context) {
    for (what, [a, b, c, d]) in twins(context) {
        let ok = |result: dap_array::Result<DynArray>| result.unwrap_or_else(|error| panic!("{what}: {error}"));
        let whole = |f: &dyn Fn(f64, f64, f64, f64) -> f64| -> ArrayD<f64> {
            let mut whole = a.whole.clone();
            Zip::from(&mut whole)
                .and(&b.whole)
                .and(&c.whole)
                .and(&d.whole)
                .for_each(|a, &b, &c, &d| *a = f(*a, b, c, d));
            whole
        };
        check(&ok(a.array.map(|x: f64| x * 3.0 - 1.0)), &whole(&|a, _, _, _| a * 3.0 - 1.0), &what);
        check(&ok(a.array.zip(&b.array, |a: f64, b: f64| a * b)), &whole(&|a, b, _, _| a * b), &what);
        let three = a.array.zip3(&b.array, &c.array, |a: f64, b: f64, c: f64| a * b + c);
        check(&ok(three), &whole(&|a, b, c, _| a * b + c), &what);
        let four = |a: f64, b: f64, c: f64, d: f64| if a < b { c } else { d };
        check(&ok(a.array.zip4(&b.array, &c.array, &d.array, four)), &whole(&four), &what);
        let is_less = ok(a.array.zip(&b.array, |a: f64, b: f64| a < b));
        assert_eq!(is_less.element(), Some(ElementType::Bool));
        let numbers = ok(is_less.map(|is: bool| if is { 1.5 } else { -2.0 }));
        check(&numbers, &whole(&|a, b, _, _| if a < b { 1.5 } else { -2.0 }), &what);

        // In place; the last operand is the target itself in reverse.
        a.array.map_mut(|x: &mut f64| *x += 0.5).unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut expected = a.whole.mapv(|x| x + 0.5);
        check(&a.array, &expected, &what);
        a.array.zip_mut(&b.array, |a: &mut f64, b: f64| *a = *a * 2.0 + b).expect("a result");
        expected = expected * 2.0 + &b.whole;
        check(&a.array, &expected, &what);
        let mut flipped = Twin { array: a.array.clone(), whole: expected.clone() };
        for axis in 0..expected.ndim() {
            flipped = flipped.step(&Step::Flip { axis });
        }
        let both = |a: &mut f64, c: f64, d: f64| *a = c - d;
        a.array.zip3_mut(&c.array, &flipped.array, both).expect("a result");
        expected = &c.whole - &flipped.whole;
        check(&a.array, &expected, &what);
        a.array
            .zip4_mut(&b.array, &c.array, &d.array, |a: &mut f64, b: f64, c: f64, d: f64| *a += b * c * d)
            .expect("a result");
        expected = expected + &b.whole * &c.whole * &d.whole;
        check(&a.array, &expected, &what);
    }
}

fn of_index<const N: usize>(twin: &Twin, what: &str) {
    let weigh = |at: [i64; N], x: f64| at.iter().fold(x, |sum, &at| sum * 0.5 + at as f64);
    let found = twin.array.map_with_index(weigh).unwrap_or_else(|error| panic!("{what}: {error}"));
    let expected = ArrayD::from_shape_fn(twin.whole.raw_dim(), |at: IxDyn| {
        weigh(std::array::from_fn(|axis| at[axis] as i64), twin.whole[&at])
    });
    assert_eq!(found.placement(), twin.array.placement(), "{what}");
    check(&found, &expected, what);
    let copy = twin.array.copy().expect("a copy");
    copy.map_with_index_mut(|at: [i64; N], x: &mut f64| *x = weigh(at, *x))
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    check(&copy, &expected, what);
}

pub(crate) fn indices(context: &Context) {
    for (what, [twin, ..]) in twins(context) {
        match twin.whole.ndim() {
            0 => of_index::<0>(&twin, &what),
            1 => of_index::<1>(&twin, &what),
            2 => of_index::<2>(&twin, &what),
            3 => of_index::<3>(&twin, &what),
            4 => of_index::<4>(&twin, &what),
            _ => {
                let refused = twin.array.map_with_index(|at: [i64; 5], x: f64| x + at[0] as f64);
                assert!(refused.is_err(), "{what}");
            }
        }
        // Each process sees its elements and their indices, once.
        let weigh = |index: &[i64], x: f64| index.iter().fold(x, |sum, &at| sum * 0.5 + at as f64);
        let mut calls = 0;
        let found = twin.array.map_local::<f64, f64>(|elements, indices, mut results| {
            calls += 1;
            assert_eq!(indices.ndim(), elements.ndim());
            for (at, &x) in elements.indexed_iter() {
                let local: Vec<usize> = (0..at.ndim()).map(|axis| at[axis]).collect();
                results[&at] = weigh(&indices.global(&local).expect("an index"), x);
            }
        });
        let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(calls, usize::from(twin.array.section_rank().is_some()), "{what}");
        let expected = ArrayD::from_shape_fn(extents(twin.array.shape()), |at: IxDyn| {
            let index: Vec<i64> = (0..at.ndim()).map(|axis| at[axis] as i64).collect();
            weigh(&index, twin.whole[&at])
        });
        check(&found, &expected, &what);
        found.map_local_mut::<f64>(|mut elements, _| elements.mapv_inplace(|x| x - 1.0)).expect("no failure");
        check(&found, &expected.mapv(|x| x - 1.0), &what);
    }
}

/// Mistakes are errors on all ranks, and nothing is written.
pub(crate) fn mistakes(context: &Context) {
    let layout = dap_core::layout::Layout::builder([6, 4]).processes(ranks_of(context)).build().expect("a layout");
    let x = Twin::new(context, &layout.into(), 1);
    let text = |result: dap_array::Result<()>| result.expect_err("a mistake").to_string();
    let element = text(x.array.map(|x: f32| x).map(drop)) + &text(x.array.map_mut(|x: &mut i64| *x = 0));
    assert!(element.contains("float32") && element.contains("int64"), "{element}");
    let axes = text(x.array.map_with_index(|[row]: [i64; 1], x: f64| x + row as f64).map(drop));
    assert!(axes.contains("1 indices") && axes.contains("2 axes"), "{axes}");
    let turned = x.array.reversed_axes().expect("a view");
    let shapes = text(x.array.zip(&turned, |a: f64, b: f64| a + b).map(drop));
    assert!(shapes.contains('4') && shapes.contains('6'), "{shapes}");
    let wide = x.array.index("0").expect("a row");
    let grown = text(wide.zip_mut(&x.array, |a: &mut f64, b: f64| *a = b));
    assert!(!grown.is_empty());
    let repeated = wide.broadcast_to(&[6, 4]).expect("a view");
    let written = text(repeated.map_mut(|x: &mut f64| *x = 0.0));
    assert!(written.contains("written"), "{written}");
    x.check("nothing was written");
}
