//! `a += b + s * c` and `r = a + (b + s * c)` on f64, as programs that are made at run time.

use std::sync::Arc;

use dap_kernels::element::ElementType::F64;
use dap_kernels::memory::{Buffer, release, reserve};
use dap_kernels::program::{Graph, Op, Operands, Options, Program, ProgramError, Value};
use dap_kernels::view::{View, ViewMut};

use crate::clock::{time, time_each};
use crate::peers::{Library, contend};
use crate::report::{Case, Contender, Report};

type InPlace = unsafe extern "C" fn(*mut f64, *const f64, *const f64, f64, usize, i32);
type Cached = unsafe extern "C" fn(*mut f64, *const f64, *const f64, f64, usize);
type OutOfPlace = unsafe extern "C" fn(*mut f64, *const f64, *const f64, *const f64, f64, usize, i32);

const S: f64 = 1e-9;

pub(crate) fn run(report: &mut Report, peers: &Library) {
    for n in [10_000_000, 100_000_000] {
        for threads in [1, 2] {
            in_place(report, peers, n, threads);
            out_of_place(report, peers, n, threads);
        }
    }
    small(report, peers);
    first(report);
}

/// The graph of `a += b + s * c`, or of a new array.
fn graph(in_place: bool) -> Result<Graph, ProgramError> {
    let mut graph = Graph::new();
    let a = if in_place { graph.target(F64)? } else { graph.input(F64)? };
    let (b, c, s) = (graph.input(F64)?, graph.input(F64)?, graph.scalar(F64)?);
    let product = graph.binary(Op::Multiply, s, c)?;
    let sum = graph.binary(Op::Add, b, product)?;
    let sum = graph.binary(Op::Add, a, sum)?;
    graph.output(sum)?;
    Ok(graph)
}

fn program(in_place: bool) -> Arc<Program> {
    Program::of(&graph(in_place).expect("a graph")).expect("a program")
}

fn filled(n: usize, value: f64) -> Buffer {
    let mut buffer = Buffer::stale(F64, n).expect("memory");
    buffer.slice_mut::<f64>().expect("f64").fill(value);
    buffer
}

fn in_place(report: &mut Report, peers: &Library, n: usize, threads: usize) {
    let case = Case { name: "triad in place", n, threads, floors: &[("C", 0.88), ("numexpr", 3.0)] };
    if !report.wants(case.name) {
        return;
    }
    let (mut a, b, c) = (filled(n, 1.0), filled(n, 2.0), filled(n, 3.0));
    let mut other = filled(n, 1.0);
    let program = program(true);
    let options = Options { threads, ..Options::default() };
    let ours = || {
        time(|| {
            let operands = Operands { inputs: &[b.view(), c.view()], scalars: &[Value::Float(S)] };
            program.run_with(&mut [a.view_mut()], &operands, &options).expect("a triad");
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
    // SAFETY: the type in `triad.c`.
    if let Some(triad) = unsafe { peers.function::<InPlace>("triad_in_place") } {
        let (b, c) = (b.slice::<f64>().expect("f64"), c.slice::<f64>().expect("f64"));
        let other = other.slice_mut::<f64>().expect("f64");
        contenders.push((
            "C",
            Box::new(move || {
                // SAFETY: three arrays of `n` elements; the first is ours to write.
                time(|| unsafe { triad(other.as_mut_ptr(), b.as_ptr(), c.as_ptr(), S, n, threads as i32) })
            }),
        ));
    }
    others(&mut contenders, &case);
    report.case(&case, contenders);
    assert_eq!(
        a.slice::<f64>().expect("f64")[n - 1].to_bits(),
        other.slice::<f64>().expect("f64")[n - 1].to_bits(),
        "the same bits as C, after as many turns"
    );
}

fn out_of_place(report: &mut Report, peers: &Library, n: usize, threads: usize) {
    let case = Case { name: "triad out of place", n, threads, floors: &[("C", 1.2)] };
    if !report.wants(case.name) {
        return;
    }
    let (mut r, a, b, c) = (filled(n, 0.0), filled(n, 1.0), filled(n, 2.0), filled(n, 3.0));
    let mut other = filled(n, 0.0);
    let program = program(false);
    let options = Options { threads, ..Options::default() };
    let ours = || {
        time(|| {
            let operands = Operands { inputs: &[a.view(), b.view(), c.view()], scalars: &[Value::Float(S)] };
            program.run_with(&mut [r.view_mut()], &operands, &options).expect("a triad");
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
    // SAFETY: the type in `triad.c`.
    if let Some(triad) = unsafe { peers.function::<OutOfPlace>("triad") } {
        let [a, b, c] = [&a, &b, &c].map(|array| array.slice::<f64>().expect("f64").as_ptr());
        let other = other.slice_mut::<f64>().expect("f64");
        contenders.push((
            "C",
            Box::new(move || {
                // SAFETY: four arrays of `n` elements; the first is ours to write.
                time(|| unsafe { triad(other.as_mut_ptr(), a, b, c, S, n, threads as i32) })
            }),
        ));
    }
    others(&mut contenders, &case);
    report.case(&case, contenders);
    assert_eq!(r.slice::<f64>(), other.slice::<f64>(), "the same bits as C");
}

/// The libraries of Python, whose arrays must find room beside ours.
fn others(contenders: &mut Vec<Contender<'_>>, case: &Case) {
    if case.n < 50_000_000 {
        contend(contenders, "numexpr", case);
        contend(contenders, "numba", case);
    }
}

/// 1000 elements: made and run, and run again.
fn small(report: &mut Report, peers: &Library) {
    let n = 1000;
    let (mut a, b, c) = (vec![1.0; n], vec![2.0; n], vec![3.0; n]);
    let mut other = a.clone();
    let known = program(true);
    // SAFETY: the type in `triad.c`.
    let peer = unsafe { peers.function::<Cached>("triad_of_cached") };
    for (name, made) in [("triad of 1000, made and run", true), ("triad of 1000, run again", false)] {
        let mut ours = || {
            let program = if made { program(true) } else { Arc::clone(&known) };
            let operands = Operands { inputs: &[View::of(&b), View::of(&c)], scalars: &[Value::Float(S)] };
            program.run(&mut [ViewMut::of(&mut a)], &operands).expect("a triad");
        };
        let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(|| time_each(1000, &mut ours)))];
        if let Some(triad) = peer {
            let (b, c, other) = (&b, &c, &mut other);
            contenders.push((
                "C",
                Box::new(move || {
                    // SAFETY: three arrays of `n` elements; the first is ours to write.
                    time_each(1000, || unsafe { triad(other.as_mut_ptr(), b.as_ptr(), c.as_ptr(), S, n) })
                }),
            ));
        }
        report.case(&Case { name, n, threads: 1, floors: &[] }, contenders);
    }
}

/// The first call of a new expression beside the tenth, on 10 M elements: with the result at hand,
/// with a result whose memory was reserved, and with one whose memory is new.
fn first(report: &mut Report) {
    let n = 10_000_000;
    if !report.wants("first call") {
        return;
    }
    let (a, b, c) = (filled(n, 1.0), filled(n, 2.0), filled(n, 3.0));
    let call = |program: &Program, r: &mut Buffer| {
        let operands = Operands { inputs: &[a.view(), b.view(), c.view()], scalars: &[Value::Float(S)] };
        program.run(&mut [r.view_mut()], &operands).expect("a triad");
    };
    let tenth = |keep: bool| {
        let (program, mut r) = (program(false), Buffer::stale(F64, n).expect("memory"));
        call(&program, &mut r);
        time(|| {
            if keep {
                call(&program, &mut r);
            } else {
                let mut r = Buffer::stale(F64, n).expect("memory");
                call(&program, &mut r);
            }
        })
    };
    // `compile` knows no program: each call is a first one.
    let new = || Program::compile(&graph(false).expect("a graph")).expect("a program");
    let threads = dap_kernels::threads::threads();
    let case = |name| Case { name, n, threads, floors: &[("tenth", 0.91)] };
    let mut r = filled(n, 0.0);
    let ours = || time(|| call(&new(), &mut r));
    report
        .case(&case("first call, result at hand"), vec![("ours", Box::new(ours)), ("tenth", Box::new(|| tenth(true)))]);
    for (name, reserved) in [("first call, memory reserved", true), ("first call, new memory", false)] {
        let ours = || {
            release();
            if reserved {
                reserve(n * 8);
            }
            let mut r = None;
            let seconds = time(|| {
                let mut memory = Buffer::stale(F64, n).expect("memory");
                call(&new(), &mut memory);
                r = Some(memory);
            });
            drop(r);
            seconds
        };
        report.case(&case(name), vec![("ours", Box::new(ours)), ("tenth", Box::new(|| tenth(false)))]);
    }
}
