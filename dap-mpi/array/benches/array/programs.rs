//! Whole programs: a star stencil as shifted slices and as a stencil, Black-Scholes, a Julia set.

use std::sync::Arc;

use dap_array::{Boundary, Context, DistArray, DynArray, Element, Expr, Stencil};
use dap_core::algebra::Placement;
use dap_core::layout::{DimSpec, Layout};
use dap_kernels::iterate::iterate;
use dap_kernels::program::{Graph, Node, Op, Operands, Program, Value};
use dap_kernels::stencil::{self, Store};
use dap_kernels::view::{View, ViewMut};

use crate::pairs::{Floor, Report};

/// The offsets and weights of the star of radius two of the Parallel Research Kernels.
const STAR: [([i64; 2], f64); 9] = [
    ([0, 0], 0.5),
    ([0, 1], 0.25),
    ([0, -1], 0.25),
    ([1, 0], 0.25),
    ([-1, 0], 0.25),
    ([0, 2], 0.125),
    ([0, -2], 0.125),
    ([2, 0], 0.125),
    ([-2, 0], 0.125),
];
const N: i64 = 4096;

fn filled(context: &Context, placement: impl Into<Placement>, scale: f64) -> DistArray<f64> {
    let value = |index: &[i64]| scale * (1 + index.iter().sum::<i64>() % 1013) as f64 / 1013.0;
    DistArray::from_fn(context, placement, value).expect("memory")
}

fn apply(graph: &mut Graph, op: Op, operands: &[Node]) -> Node {
    graph.apply(op, operands).expect("floats")
}

/// The elements of a matrix of 4096 columns whose neighbours are in it.
fn interior(memory: &mut [f64]) -> ViewMut<'_> {
    let (rows, columns) = (memory.len() / N as usize, N as usize);
    ViewMut::new(memory, 2 * columns + 2, &[rows - 4, columns - 4], &[N as isize, 1]).expect("within it")
}

/// The star over 4096 x 4096: only the halo moves.
pub(crate) fn star(report: &mut Report, context: &Context) {
    let layout = Layout::builder([N, N]).processes(context.comm().size().into()).build().expect("a layout");
    let (a, b) = (filled(context, &layout, 1.0), filled(context, &layout, 2.0));
    let inner = b.index("2:-2, 2:-2").expect("a view");
    let view = |[row, column]: [i64; 2]| -> DynArray {
        let end = |at: i64| if at == 2 { String::new() } else { (at - 2).to_string() };
        a.index(&format!("{}:{}, {}:{}", 2 + row, end(row), 2 + column, end(column))).expect("a view")
    };
    let views = STAR.map(|(offset, _)| view(offset));
    let slices = || {
        let terms = views.iter().zip(STAR).map(|(view, (_, weight))| view * weight);
        let sum: Expr<'_> = terms.reduce(|sum, term| sum + term).expect("nine terms");
        inner.assign(sum).expect("a result");
    };
    // The peers work on the rows that this process has, without neighbours.
    let source = a.local().expect("a section");
    let source = source.view();
    let rows = source.shape()[0];
    let local = View::shaped(source.as_slice().expect("contiguous"), &[rows, N as usize]).expect("the section");
    let mut memory = vec![0.0; rows * N as usize];
    let shape = [rows - 4, N as usize - 4];
    let mut graph = Graph::new();
    let inputs: Vec<Node> = STAR.iter().map(|_| graph.input(f64::TYPE).expect("room for an input")).collect();
    let terms: Vec<Node> = inputs
        .into_iter()
        .map(|input| {
            let weight = graph.scalar(f64::TYPE).expect("room for a scalar");
            apply(&mut graph, Op::Multiply, &[input, weight])
        })
        .collect();
    let sum = terms.into_iter().reduce(|sum, term| apply(&mut graph, Op::Add, &[sum, term])).expect("nine terms");
    graph.output(sum).expect("an output");
    let program = Program::of(&graph).expect("a program");
    let scalars = STAR.map(|(_, weight)| Value::Float(weight));
    let moved = STAR.map(|([row, column], _)| {
        let rows = local.slice_axis(0, (2 + row) as usize, shape[0], 1).expect("within it");
        rows.slice_axis(1, (2 + column) as usize, shape[1], 1).expect("within it")
    });
    let alone = || {
        let operands = Operands { inputs: &moved, scalars: &scalars };
        program.run(&mut [interior(&mut memory)], &operands).expect("a result");
    };
    report.row("star as shifted slices, 4096 x 4096", Floor::Ratio(0.95), 1, slices, ("the program alone", alone));
    let taps: Vec<(&[i64], f64)> = STAR.iter().map(|(offset, weight)| (&offset[..], *weight)).collect();
    let star = Stencil::weighted(&taps).expect("a stencil");
    let offsets = STAR.map(|(offset, _)| offset.map(|at| at as isize));
    let weights: Vec<(&[isize], f64)> =
        offsets.iter().zip(STAR).map(|(offset, (_, weight))| (&offset[..], weight)).collect();
    let kernel = stencil::Stencil::weighted(2, &weights).expect("a stencil");
    let mut memory = vec![0.0; rows * N as usize];
    let alone = || kernel.apply(&local, &[2, 2], interior(&mut memory), Store::Set).expect("a result");
    report.row(
        "star as a stencil, 4096 x 4096",
        Floor::Ratio(0.95),
        1,
        || a.stencil_into(&star, Boundary::None, &b).expect("a result"),
        ("the stencil's kernel", alone),
    );
    let layout = Layout::builder([1000]).processes(context.comm().size().into()).build().expect("a layout");
    let small = filled(context, &layout, 1.0);
    let line = Stencil::weighted(&[(&[1][..], 1.0), (&[0], -2.0), (&[-1], 1.0)]).expect("a stencil");
    let target = small.copy().expect("memory");
    let words = [1_u64];
    let gather = || drop(std::hint::black_box(context.comm().gather_words(&words)));
    report.row(
        "three-point stencil, 1000 elements",
        Floor::Over(40.0),
        1000,
        || small.stencil_into(&line, Boundary::Periodic, &target).expect("a result"),
        ("a gathering of 1 word", gather),
    );
}

/// The volatility, the rate, and what follows from them.
const SPREAD: f64 = 0.3;
const RATE: f64 = 0.1;
const DRIFT: f64 = RATE + SPREAD * SPREAD / 2.0;

/// The price of a call option: `S N(d1) - K exp(-r t) N(d2)`, of an array at a time.
pub(crate) fn options(report: &mut Report, context: &Context) {
    let layout = Layout::builder([4_000_000]).processes(context.comm().size().into()).build().expect("a layout");
    let [spot, strike, years, price] = [100.0, 90.0, 2.0, 1.0].map(|scale| filled(context, &layout, scale));
    let mut price = price;
    let formula = || -> Expr<'_> {
        let width = years.expr().sqrt() * SPREAD;
        let d1 = ((&spot / &strike).log() + &years * DRIFT) / &width;
        let d2 = d1.clone() - &width;
        let [n1, n2] = [d1, d2].map(|x| (x * std::f64::consts::FRAC_1_SQRT_2).erf() * 0.5 + 0.5);
        &spot * n1 - (&years * -RATE).exp() * &strike * n2
    };
    let program = price_program();
    let locals = [&spot, &strike, &years].map(|array| array.local().expect("a section"));
    let views = locals.each_ref().map(dap_array::Local::view);
    let inputs = views.each_ref().map(|view| View::of(view.as_slice().expect("contiguous")));
    let mut result = vec![0.0; inputs[0].len()];
    let factors = [SPREAD, DRIFT, std::f64::consts::FRAC_1_SQRT_2, 0.5, 0.5, -RATE];
    let scalars = factors.map(Value::Float);
    let alone = || {
        let operands = Operands { inputs: &inputs, scalars: &scalars };
        program.run(&mut [ViewMut::of(&mut result)], &operands).expect("a result");
    };
    let ours = || price.assign(formula()).expect("a result");
    report.row("Black-Scholes, 4 M", Floor::Ratio(0.95), 1, ours, ("the program alone", alone));
}

/// The same operations as the kernels take them.
fn price_program() -> Arc<Program> {
    let mut graph = Graph::new();
    let [spot, strike, years] = [(); 3].map(|()| graph.input(f64::TYPE).expect("room for an input"));
    let [spread, drift, root, half, add, rate] = [(); 6].map(|()| graph.scalar(f64::TYPE).expect("room for a scalar"));
    let mut of = |op, operands: &[Node]| graph.apply(op, operands).expect("floats");
    let years_root = of(Op::Sqrt, &[years]);
    let width = of(Op::Multiply, &[years_root, spread]);
    let ratio = of(Op::Divide, &[spot, strike]);
    let (log, grown) = (of(Op::Log, &[ratio]), of(Op::Multiply, &[years, drift]));
    let sum = of(Op::Add, &[log, grown]);
    let d1 = of(Op::Divide, &[sum, width]);
    let d2 = of(Op::Subtract, &[d1, width]);
    let [n1, n2] = [d1, d2].map(|x| {
        let scaled = of(Op::Multiply, &[x, root]);
        let erf = of(Op::Erf, &[scaled]);
        let half = of(Op::Multiply, &[erf, half]);
        of(Op::Add, &[half, add])
    });
    let exponent = of(Op::Multiply, &[years, rate]);
    let discount = of(Op::Exp, &[exponent]);
    let (gain, cost) = (of(Op::Multiply, &[spot, n1]), of(Op::Multiply, &[discount, strike]));
    let cost = of(Op::Multiply, &[cost, n2]);
    let price = of(Op::Subtract, &[gain, cost]);
    graph.output(price).expect("an output");
    Program::of(&graph).expect("a program")
}

/// The Julia set of -0.045 + 0.45 i, 1024 x 1024, 100 steps at most, on five distributions: each
/// process computes its elements from their global indices.
pub(crate) fn julia(report: &mut Report, context: &Context) {
    const SIDE: i64 = 1024;
    let ranks = i64::from(context.comm().size());
    let bounds: Vec<i64> = (0..=ranks).map(|at| SIDE * at * (at + 1) / (ranks * (ranks + 1))).collect();
    let lists: Vec<Vec<i64>> =
        (0..ranks).map(|rank| (0..SIDE).filter(|row| (row / 3 + row) % ranks == rank).collect()).collect();
    let specs = [
        ("block", DimSpec::Block),
        ("irregular", DimSpec::Bounds(bounds.into())),
        ("cyclic", DimSpec::Cyclic),
        ("block-cyclic", DimSpec::BlockCyclic(16)),
        ("unstructured", DimSpec::Unstructured(lists.into())),
    ];
    let axis = |at: i64| at as f32 * (3.0 / SIDE as f32) - 1.5;
    let count = |re: &[f32], im: &[f32], counts: &mut [u32]| {
        let inside = |[re, im]: [f32; 2]| re * re + im * im <= 4.0;
        iterate(&[re, im], counts, 100, inside, |[re, im]| [re * re - im * im - 0.045, 2.0 * re * im + 0.45]);
    };
    for (name, spec) in specs {
        let layout = Layout::builder([SIDE, SIDE]).dims([spec]).grid([ranks, 1]).build().expect("a layout");
        let mut counts = DistArray::<u32>::zeros(context, &layout).expect("memory");
        let indices = counts.global_indices().expect("a section");
        let points = |index: fn(&[i64; 2]) -> i64| -> Vec<f32> {
            let rows = indices.axis(0).iter();
            rows.flat_map(|&row| indices.axis(1).iter().map(move |&column| axis(index(&[row, column])))).collect()
        };
        let (re, im) = (points(|at| at[0]), points(|at| at[1]));
        let mut result = vec![0; re.len()];
        let ours = || {
            let computed = counts.map_local_mut(|mut counts, indices| {
                let im: Vec<f32> = indices.axis(1).iter().map(|at| axis(*at)).collect();
                for (mut row, at) in counts.rows_mut().into_iter().zip(indices.axis(0)) {
                    count(&vec![axis(*at); im.len()], &im, row.as_slice_mut().expect("contiguous"));
                }
            });
            computed.expect("a result");
        };
        let name = format!("Julia set, {name}");
        let alone = || count(&re, &im, &mut result);
        report.row(&name, Floor::Ratio(0.95), 1, ours, ("the kernel alone", alone));
    }
}
