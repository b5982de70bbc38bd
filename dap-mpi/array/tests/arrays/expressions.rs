//! Element-wise expressions over operands of different distributions.

use dap_array::{Context, DynArray, ElementType, Expr, IntoExpr, Op, Reduction, Scalar};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, steps};
use dap_core::algebra::broadcast_shapes;
use dap_core::layout::{DimSpec, Layout};
use dap_launch::values;
use ndarray::{ArrayD, Zip};
use proptest::prelude::*;

/// An operation of the oracle.
#[derive(Debug, Clone, Copy)]
enum Binary {
    Add,
    Subtract,
    Multiply,
    Maximum,
}

impl Binary {
    fn op(self) -> Op {
        match self {
            Binary::Add => Op::Add,
            Binary::Subtract => Op::Subtract,
            Binary::Multiply => Op::Multiply,
            Binary::Maximum => Op::Maximum,
        }
    }

    fn of(self, x: f64, y: f64) -> f64 {
        match self {
            Binary::Add => x + y,
            Binary::Subtract => x - y,
            Binary::Multiply => x * y,
            Binary::Maximum => x.max(y),
        }
    }
}

fn binaries() -> impl Strategy<Value = Binary> {
    prop::sample::select(vec![Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Maximum])
}

fn apply(op: Binary, x: &ArrayD<f64>, y: &ArrayD<f64>) -> ArrayD<f64> {
    let shapes: Vec<Vec<i64>> = [x, y].iter().map(|it| it.shape().iter().map(|&n| n as i64).collect()).collect();
    let shape = broadcast_shapes(shapes.iter().map(|shape| &shape[..])).expect("shapes that fit");
    let shape = extents(&shape);
    let (x, y) = (x.broadcast(shape.clone()).expect("fits"), y.broadcast(shape).expect("fits"));
    Zip::from(&x).and(&y).map_collect(|&x, &y| op.of(x, y))
}

/// How an operand comes to the shape of the result: it loses leading axes, or has axes of one.
#[derive(Debug, Clone)]
struct Shrunk {
    dropped: usize,
    ones: Vec<bool>,
}

fn shrunk() -> impl Strategy<Value = Shrunk> {
    let ones = prop::collection::vec(prop::bool::weighted(0.15), 4);
    (prop_oneof![3 => Just(0_usize), 1 => 0..4_usize], ones).prop_map(|(dropped, ones)| Shrunk { dropped, ones })
}

fn operand_shape(shape: &[i64], it: &Shrunk) -> Vec<i64> {
    let kept = &shape[it.dropped.min(shape.len())..];
    kept.iter().zip(&it.ones).map(|(&extent, &one)| if one { 1 } else { extent }).collect()
}

/// Operands of one shape: their placements; one of them is a view with reversed axes.
fn operands(context: &Context, shape: &[i64], shrunk: &[Shrunk], seed: u8, same: bool) -> Vec<Twin> {
    let ranks = ranks_of(context);
    let mut twins: Vec<Twin> = Vec::new();
    for (number, shrunk) in shrunk.iter().enumerate() {
        let shape = operand_shape(shape, shrunk);
        let like = twins.iter().find(|twin| same && twin.array.shape() == shape);
        let twin = if let Some(like) = like {
            Twin::new(context, like.array.placement(), number as i64)
        } else if seed.is_multiple_of(3) && number == 1 {
            let reversed: Vec<i64> = shape.iter().rev().copied().collect();
            let placement = values(placements_of(reversed, ranks), 1, seed.wrapping_add(number as u8)).remove(0);
            Twin::new(context, &placement, number as i64).step(&Step::Transpose((0..5).rev().collect()))
        } else {
            let placement = values(placements_of(shape, ranks), 1, seed.wrapping_add(number as u8)).remove(0);
            Twin::new(context, &placement, number as i64)
        };
        twins.push(twin);
    }
    twins
}

/// `(a ∘ b) ∘ (c * 2 + 1)`, and a selection by a comparison.
pub(crate) fn random(context: &Context) {
    let shrunk = prop::collection::vec(shrunk(), 3);
    let cases = (shapes(), shrunk, [binaries(), binaries()], any::<u8>(), any::<bool>());
    for (shape, shrunk, [first, second], seed, same) in values(cases, 120, 6) {
        let twins = operands(context, &shape, &shrunk, seed, same);
        let [a, b, c] = &twins[..] else { unreachable!("three operands") };
        let what = format!("{:?} {first:?} {:?} {second:?} {:?}", a.array, b.array, c.array);
        let line = &c.array * 2.0 + 1.0;
        let expr = a.array.expr().apply2(first.op(), &b.array).apply2(second.op(), &line);
        let expected = apply(second, &apply(first, &a.whole, &b.whole), &c.whole.map(|x| x * 2.0 + 1.0));
        let found = expr.eval().unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &expected, &what);
        assert_eq!(
            expr.explain().expect("a plan").lines().last(),
            Some(&*format!("y0: float64 {}", found.placement()))
        );

        same_reductions(&expr, &found, &what);

        let greater = a.array.expr().greater(&b.array);
        let found = greater.select(&a.array, &b.array).cast(ElementType::F64).eval();
        let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&found, &apply(Binary::Maximum, &a.whole, &b.whole), &what);
    }
}

/// Reductions of an expression are those of its result.
fn same_reductions(expr: &Expr<'_>, result: &DynArray, what: &str) {
    let mut reductions = vec![Reduction::Sum, Reduction::Std { ddof: 0.0 }, Reduction::CountNonzero];
    if !result.is_empty() {
        reductions.push(Reduction::Max);
    }
    for reduction in reductions {
        let bits = |value: dap_array::Result<Scalar>| {
            let value = value.unwrap_or_else(|error| panic!("{what}: {reduction:?}: {error}"));
            (value.element, value.to_f64().to_bits())
        };
        assert_eq!(bits(expr.reduce(reduction)), bits(result.reduce(reduction)), "{what}: {reduction:?}");
    }
}

/// Reductions of more elements than one block has, and of views.
pub(crate) fn fused(context: &Context) {
    let ranks = ranks_of(context);
    for (specs, steps) in [
        ([DimSpec::Block, DimSpec::Block], "..."),
        ([DimSpec::Cyclic, DimSpec::Block], "::-1, 3:"),
        ([DimSpec::BlockCyclic(5), DimSpec::Undistributed], "2::3"),
    ] {
        let layout = Layout::builder([700, 500]).dims(specs).processes(ranks).build().expect("a layout");
        let x = Twin::new(context, &layout.into(), 5).array.index(steps).expect("a view");
        let expr = (&x * 0.1).sin() + 1e-9;
        let what = format!("{x:?}");
        same_reductions(&expr, &expr.eval().expect("values"), &what);
        let none = expr.reduce(Reduction::Norm).expect("a norm");
        assert!(none.to_f64() > 0.0, "{what}");
    }
    let empty = Twin::new(context, &Layout::builder([0, 4]).processes(ranks).build().expect("a layout").into(), 1);
    assert_eq!((&empty.array * 2.0).reduce(Reduction::Sum).expect("nothing").to_f64(), 0.0);
    assert!((&empty.array * 2.0).reduce(Reduction::Max).is_err());
    // Several blocks on each rank, with an operand that is broadcast.
    let long =
        Twin::new(context, &Layout::builder([80_000 * ranks, 3]).processes(ranks).build().expect("rows").into(), 1);
    let row = Twin::new(context, &Layout::builder([3]).build().expect("a row").into(), 2);
    let total = (&long.array * &row.array).reduce(Reduction::Sum).expect("a sum");
    assert_eq!(total.to_f64(), (&long.whole * &row.whole).sum());
}

/// Strict expressions move nothing, and neither do those that they are operands of.
pub(crate) fn strict(context: &Context) {
    let ranks = ranks_of(context);
    let twin = |spec: DimSpec| {
        let layout = Layout::builder([13, 4]).dims([spec, DimSpec::Undistributed]).processes(ranks).build();
        Twin::new(context, &layout.expect("a layout").into(), 1)
    };
    let (x, y, other) = (twin(DimSpec::Block), twin(DimSpec::Block), twin(DimSpec::Cyclic));
    check(&(&x.array + &y.array).strict().eval().expect("nothing moves"), &(&x.whole + &y.whole), "strict");
    if ranks > 1 {
        let sum = (&x.array + &other.array).strict();
        for expr in [sum.clone(), &x.array * (sum.clone() + 1.0), sum.cast(ElementType::F32)] {
            let refused = expr.eval().expect_err("an operand moves").to_string();
            assert!(refused.contains("strict") && refused.contains("cyclic"), "{refused}");
            assert!(y.array.assign(&expr).is_err() && expr.reduce(Reduction::Sum).is_err());
        }
        y.check("nothing was written");
    }
    let dot = (&x.array * 2.0 + &y.array).graph().expect("a graph");
    assert!(dot.starts_with("digraph") && dot.contains("x0") && dot.contains("x1"), "{dot}");
}

/// `x[view] = x[other view] ∘ y`: the right side is as it was before the first write.
pub(crate) fn assignment(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), binaries(), any::<u8>(), any::<bool>());
    for (placement, steps, op, seed, flipped) in values(cases, 120, 8) {
        let mut target = Twin::new(context, &placement, 11);
        let base = target.clone();
        let mut places = positions(&target.whole);
        let is_repeated = |step: &Step| matches!(step, Step::Repeat { .. });
        for step in steps.iter().filter(|step| !is_repeated(step)) {
            // The positions take the same steps.
            places = Twin { array: target.array.clone(), whole: places }.step(step).whole;
            target = target.step(step);
        }
        let mut right = target.clone();
        for axis in 0..if flipped { right.whole.ndim() } else { 0 } {
            right = right.step(&Step::Flip { axis });
        }
        let other = values(placements_of(target.array.shape().to_vec(), ranks), 1, seed).remove(0);
        let other = Twin::new(context, &other, 13);
        let what = format!("{placement}, {steps:?}, flipped {flipped} {op:?} {:?}", other.array);
        let expected = apply(op, &right.whole, &other.whole);
        let expr = right.array.expr().apply2(op.op(), &other.array);
        target.array.assign(expr).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&target.array, &expected, &what);
        // The elements outside of the view are untouched.
        let mut whole = base.whole;
        let flat = whole.as_slice_mut().expect("C order");
        places.iter().zip(&expected).for_each(|(&place, &value)| flat[place as usize] = value);
        check(&base.array, &whole, &what);
    }
}

/// Each element's position in C order.
fn positions(whole: &ArrayD<f64>) -> ArrayD<f64> {
    let mut number = -1.0;
    whole.map(|_| {
        number += 1.0;
        number
    })
}

/// Mistakes are errors on all ranks, and nothing is written.
pub(crate) fn mistakes(context: &Context) {
    let ranks = ranks_of(context);
    let layout = |shape: &[i64]| Layout::builder(shape.to_vec()).processes(ranks).build().expect("a layout").into();
    let x = Twin::new(context, &layout(&[6, 4]), 1);
    let y = Twin::new(context, &layout(&[6, 3]), 2);
    let text = |result: dap_array::Result<()>| result.expect_err("a mistake").to_string();
    let shapes = text((&x.array + &y.array).eval().map(drop));
    assert!(shapes.contains('4') && shapes.contains('3'), "{shapes}");
    let none = text(Expr::number(2.0).eval().map(drop));
    assert!(none.contains("array"), "{none}");
    let integers = DynArray::zeros(context, layout(&[6, 4]), &ElementType::I32.dtype()).expect("integers");
    let kind = text(integers.assign(&x.array));
    assert!(kind.contains("int32") && kind.contains("cast"), "{kind}");
    let broadcast = x.array.index("0").and_then(|row| row.broadcast_to(&[5, 4])).expect("a view");
    let repeated = text(broadcast.assign(1.0).and_then(|()| broadcast.gather(0).map(drop)));
    assert!(repeated.contains("rank") || repeated.contains("written"), "{repeated}");
    let other = Context::new(context.comm());
    let elsewhere = Twin::new(&other, &layout(&[6, 4]), 1);
    let contexts = text((&x.array + &elsewhere.array).eval().map(drop));
    assert!(contexts.contains("context"), "{contexts}");
    {
        let local = x.array.local::<f64>();
        let refused = x.array.assign(1.0);
        drop(local);
        // A rank whose memory is in use keeps the failure; the next collective call returns it.
        let _ = refused;
    }
    let deep = (0..2000).fold(y.array.expr(), |deep, _| deep + 1.0);
    let depth = text(deep.eval().map(drop));
    assert!(depth.contains("1024"), "{depth}");
    y.check("nothing was written");
}

/// An expression knows the memory that it reads and its depth; without arrays it has a value.
pub(crate) fn operands_and_values(context: &Context) {
    let layout = || Layout::builder([9]).processes(ranks_of(context)).build().expect("a layout");
    let [x, y] =
        [1.0, 2.0].map(|value| DynArray::full(context, layout(), ElementType::F64, value.into()).expect("room"));
    let sum = x.clone().into_expr() + x.clone();
    let twice = &sum + sum.clone();
    assert_eq!((sum.depth(), twice.depth()), (Ok(1), Ok(2)));
    assert!(twice.reads(&x) && twice.reads(&x.index("2:").expect("a view")) && !twice.reads(&y));
    assert!(twice.value().expect_err("an array").message().contains("no single value"));
    let seven = Scalar { element: ElementType::F32, value: 7.0.into() };
    let value = (Expr::scalar(seven) * 2 + 0.5).value();
    assert_eq!(value, Ok(Scalar { element: ElementType::F32, value: 14.5.into() }));
}
