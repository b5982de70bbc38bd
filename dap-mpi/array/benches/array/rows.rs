//! The rows: operations on few elements, whose cost is that of a call, and on many, whose cost is
//! that of memory.

use std::hint::black_box;

use dap_array::{Context, DistArray, Element, ElementType, Reduction};
use dap_core::layout::Layout;
use dap_kernels::program::{Graph, Op, Operands, Program, Value};
use dap_kernels::reduce::{Sum, reduce};
use dap_kernels::view::{View, ViewMut};

use crate::pairs::{Floor, Report};

fn arrays(context: &Context, len: i64) -> [DistArray<f64>; 3] {
    let layout = Layout::builder([len]).processes(context.comm().size().into()).build().expect("a layout");
    [1.5, 2.5, 0.0].map(|value| DistArray::full(context, &layout, value).expect("memory"))
}

/// `x * 0.5 + y` as the kernels run it.
fn triad() -> std::sync::Arc<Program> {
    let mut graph = Graph::new();
    let [x, y] = [(); 2].map(|()| graph.input(f64::TYPE).expect("room for an input"));
    let factor = graph.scalar(ElementType::F64).expect("room for a scalar");
    let product = graph.apply(Op::Multiply, &[x, factor]).expect("floats");
    let sum = graph.apply(Op::Add, &[product, y]).expect("floats");
    graph.output(sum).expect("an output");
    Program::of(&graph).expect("a program")
}

pub(crate) fn small(report: &mut Report, context: &Context) {
    let [a, b, mut c] = arrays(context, 1000);
    let nothing = || ("nothing", || ());
    report.row("a lazy operation", Floor::Over(0.3), 1000, || drop(black_box(&a + &b)), nothing());
    report.row("a view", Floor::Over(1.0), 1000, || drop(black_box(a.index("1:"))), nothing());
    let words = [1_u64; 8];
    let gather = || ("a gathering of 8 words", || drop(black_box(context.comm().gather_words(&words))));
    report.row("sum of 1000 elements", Floor::Over(5.0), 1000, || drop(black_box(a.sum())), gather());
    let [x, y] = [1.5, 2.5].map(|value| vec![value; 1000 / context.comm().size() as usize]);
    let mut z = vec![0.0; x.len()];
    let program = triad();
    let kernel = ("the kernel alone", || run(&program, &x, &y, &mut z));
    report.row(
        "c.assign(a * 0.5 + b), 1000 elements",
        Floor::Over(5.0),
        1000,
        || c.assign(&a * 0.5 + &b).expect("a result"),
        kernel,
    );
}

fn run(program: &Program, x: &[f64], y: &[f64], z: &mut [f64]) {
    let inputs = [View::of(x), View::of(y)];
    let operands = Operands { inputs: &inputs, scalars: &[Value::Float(0.5)] };
    program.run(&mut [ViewMut::of(z)], &operands).expect("a result");
}

pub(crate) fn large(report: &mut Report, context: &Context) {
    let [a, b, mut c] = arrays(context, 20_000_000);
    let program = triad();
    // The peer works on the same memory.
    let [_, _, mut z] = arrays(context, 20_000_000);
    let (x, y) = (a.local().expect("a section"), b.local().expect("a section"));
    let (x, y) = (x.view(), y.view());
    let (x, y) = (x.as_slice().expect("contiguous"), y.as_slice().expect("contiguous"));
    let kernel = ("the kernel alone", || {
        let mut z = z.local_mut().expect("a section");
        run(&program, x, y, z.view().as_slice_mut().expect("contiguous"));
    });
    report.row(
        "c.assign(a * 0.5 + b), 20 M",
        Floor::Ratio(0.95),
        1,
        || c.assign(&a * 0.5 + &b).expect("a result"),
        kernel,
    );
    let view = View::of(x);
    let alone = || ("the kernel alone", || drop(black_box(reduce(&view, &Sum::<f64>::new()))));
    report.row("sum, 20 M", Floor::Ratio(0.95), 1, || drop(black_box(a.sum())), alone());
    let moments = || ("the sum's kernel", || drop(black_box(reduce(&view, &Sum::<f64>::new()))));
    report.row(
        "variance, 20 M",
        Floor::Ratio(0.7),
        1,
        || drop(black_box(a.reduce(Reduction::Var { ddof: 0.0 }))),
        moments(),
    );
}
