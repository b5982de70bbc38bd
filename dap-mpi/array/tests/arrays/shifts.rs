//! Expressions of shifted views: the elements of the neighbours move, and nothing else.

use dap_array::{Context, DynArray, Expr, Reduction};
use dap_array_testing::{Twin, check, placements_of, ranks_of, shapes};
use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::cost_model::{Machine, duration};
use dap_core::layout::{DimSpec, Layout};
use dap_launch::values;
use ndarray::{ArrayD, Axis, Slice as Cut};
use proptest::prelude::*;

use crate::stencils::{explained, posted};

/// The view from `start` on along each axis, `len` elements at a distance of `step`.
fn slice(twin: &Twin, starts: &[i64], lens: &[i64], step: i64) -> Twin {
    let subscripts: Vec<Subscript> = starts
        .iter()
        .zip(lens)
        .map(|(&start, &len)| {
            Subscript::Slice(Slice {
                start: Some(start),
                stop: Some(start + (len - 1).max(0) * step + len.min(1)),
                step: Some(step),
            })
        })
        .collect();
    let mut whole = twin.whole.clone();
    for (axis, (&start, &len)) in starts.iter().zip(lens).enumerate() {
        let end = start + (len - 1).max(0) * step + len.min(1);
        whole = whole.slice_axis(Axis(axis), Cut::new(start as isize, Some(end as isize), step as isize)).to_owned();
    }
    Twin { array: twin.array.part(&subscripts).expect("a view"), whole }
}

fn expr_of<'a>(x: &'a Twin, y: &'a Twin, z: &'a Twin, kept: &'a Twin) -> Expr<'a> {
    &x.array + &y.array - (&z.array * 2.0) * &kept.array
}

fn close(a: &ArrayD<f64>, b: &ArrayD<f64>, c: &ArrayD<f64>, d: &ArrayD<f64>) -> ArrayD<f64> {
    a + b - 2.0 * c * d
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| {
        let other = placements_of(shape.clone(), ranks);
        (placements_of(shape, ranks), other)
    });
    let shifts = prop::collection::vec(prop::collection::vec(0..4_i64, 4), 3);
    let cases = (placements, shifts, 1..3_i64, any::<[bool; 4]>());
    for ((placement, other), shifts, step, [is_flipped, is_same, is_inside, is_evaluated]) in values(cases, 100, 31) {
        let what = format!("{placement}, {other}, {shifts:?} by {step}, {is_flipped} {is_same} {is_inside}");
        let ndim = placement.ndim();
        let mut a = Twin::new(context, &placement, 3);
        if is_flipped && ndim > 0 {
            let order: Vec<usize> = (0..a.whole.shape()[0]).rev().collect();
            a = Twin { array: a.array.flip(&[0]).expect("an axis"), whole: a.whole.select(Axis(0), &order) };
        }
        // As long as the farthest shift leaves room.
        let most = |axis: usize| shifts.iter().map(|shift| shift[axis]).max().unwrap_or(0) * step;
        let lens: Vec<i64> = placement
            .shape()
            .iter()
            .enumerate()
            .map(|(axis, &extent)| (extent - most(axis) + step - 1).max(0) / step)
            .collect();
        let starts = |shift: &[i64]| -> Vec<i64> {
            lens.iter().zip(shift).map(|(&len, &at)| if len == 0 { 0 } else { at * step }).collect()
        };
        let [x, y, z] = [0, 1, 2].map(|at| slice(&a, &starts(&shifts[at]), &lens, step));
        let target =
            if is_inside { a.clone() } else { Twin::new(context, if is_same { &placement } else { &other }, 9) };
        let target = slice(&target, &starts(&shifts[2]), &lens, step);
        let before = target.whole.clone();
        let expected = close(&x.whole, &y.whole, &z.whole, &before);
        let kept = Twin { array: target.array.copy().expect("a copy"), whole: before };
        let expr = expr_of(&x, &y, &z, &kept);
        let text = if is_evaluated { expr.explain() } else { expr.explain_into(&target.array) };
        let text = text.unwrap_or_else(|error| panic!("{what}: {error}"));
        let counted = posted(context);
        let found = if is_evaluated {
            expr.eval().unwrap_or_else(|error| panic!("{what}: {error}"))
        } else {
            target.array.assign(expr).unwrap_or_else(|error| panic!("{what}: {error}"));
            target.array.clone()
        };
        let after = posted(context);
        assert_eq!([after[0] - counted[0], after[1] - counted[1]], explained(&text), "{what}: {text}");
        check(&found, &expected, &format!("{what}: {text}"));
        if is_evaluated {
            // The same without the result, and with the same messages.
            let counted = posted(context);
            let total =
                expr_of(&x, &y, &z, &kept).reduce(Reduction::Sum).unwrap_or_else(|error| panic!("{what}: {error}"));
            let after = posted(context);
            assert_eq!([after[0] - counted[0], after[1] - counted[1]], explained(&text), "{what}: {text}");
            assert_eq!(total, found.sum().expect("a sum"), "{what}: {text}");
        }
        if !is_inside {
            a.check(&what);
        }
    }
}

/// In blocks each boundary between two ranks costs the elements beside it, once for all views.
pub(crate) fn blocks(context: &Context) {
    let ranks = ranks_of(context);
    let placement: Placement = Layout::builder([10 * ranks, 7]).processes(ranks).build().expect("a layout").into();
    let [a, b] = [1, 2].map(|salt| Twin::new(context, &placement, salt));
    let part = |twin: &Twin, text: &str| twin.array.index(text).expect("a view");
    let inner = part(&b, "2:-2, 1:-1");
    let expr = |a: &Twin| -> DynArray {
        let views = ["4:, 1:-1", ":-4, 1:-1", "3:-1, 1:-1", "2:-2, 2:", "2:-2, :-2"].map(|text| part(a, text));
        let [far, back, near, right, left] = &views;
        let sum = far + back + near + right + left;
        let text = sum.explain_into(&inner).expect("a plan");
        let boundaries = (ranks - 1) as u64;
        // Two rows of five columns in each direction.
        assert_eq!(explained(&text), [boundaries * 2 * 2 * 5 * 8, boundaries * 2], "{text}");
        if ranks > 1 {
            assert!(text.contains("halo of 2 elements") && text.contains("shares the halo of x0"), "{text}");
            assert!(!text.contains("moves"), "{text}");
        }
        // Of a message only the latency counts: a second within a host.
        let machine = Machine::default().with("node_latency", 1.0).expect("a machine");
        let predicted = sum.explain_into_on(&inner, &machine).expect("a plan");
        let time = if ranks > 1 { format!(", {}.00 s, latency 100 %", (ranks - 1).min(2)) } else { ", 0 s".to_owned() };
        let halo = text.lines().find(|line| line.contains("halo of"));
        let expected = halo.map_or_else(|| text.clone(), |halo| text.replace(halo, &(halo.to_owned() + &time)));
        assert_eq!(predicted, expected);
        inner.assign(sum).expect("a result");
        inner.clone()
    };
    let found = expr(&a);
    let w = &a.whole;
    let expected = ArrayD::from_shape_fn(vec![10 * ranks as usize - 4, 5], |at| {
        let (row, column) = (at[0] + 2, at[1] + 1);
        w[[row + 2, column]] + w[[row - 2, column]] + w[[row + 1, column]] + w[[row, column + 1]] + w[[row, column - 1]]
    });
    check(&found, &expected, "five views");
}

/// Every rank sends a message to each other one: one second each on one host, two between hosts.
pub(crate) fn predicted_moves(context: &Context) {
    let ranks = ranks_of(context);
    let split = |axis: usize| -> Placement {
        let mut grid = vec![1, 1];
        grid[axis] = ranks;
        Layout::builder([4 * ranks, 4 * ranks])
            .dims([DimSpec::Block, DimSpec::Block])
            .grid(grid)
            .build()
            .expect("a layout")
            .into()
    };
    let [a, b] = [0, 1].map(|axis| Twin::new(context, &split(axis), 3).array);
    let sum = &a + &b;
    for (latency, per_node, seconds) in [("node_latency", 64.0, 1.0), ("network_latency", 1.0, 2.0)] {
        let machine = Machine::default().with(latency, seconds).and_then(|it| it.with("ranks_per_node", per_node));
        let text = sum.explain_on(&machine.expect("a machine")).expect("a plan");
        let time = format!(" messages, {}, latency 100 %\n", duration(seconds * (ranks - 1) as f64));
        assert_eq!(text.contains(&time), ranks > 1, "{text}");
        assert_eq!(sum.explain().expect("a plan"), text.replace(&time, " messages\n"));
    }
}
