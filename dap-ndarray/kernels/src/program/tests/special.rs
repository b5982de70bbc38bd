//! Rules that random operands seldom meet, texts, and errors.

use num_complex::Complex;

use crate::element::Element;
use crate::element::ElementType::{self, Bool, C64, C128, F32, F64, I8, I16, I32, I64, U8, U64};
use crate::program::{Graph, Op, Operands, Options, Program, ProgramErrorKind, Value};
use crate::promote::WeakKind;
use crate::view::{View, ViewMut};

/// One operation on one element of each operand.
fn apply<T: Element, R: Element>(op: Op, operands: &[T]) -> R {
    let mut graph = Graph::new();
    let nodes: Vec<_> = operands.iter().map(|_| graph.input(T::TYPE).unwrap()).collect();
    let node = graph.apply(op, &nodes).unwrap();
    graph.output(node).unwrap();
    let program = Program::of(&graph).unwrap();
    let inputs: Vec<View<'_>> = operands.iter().map(|item| View::of(std::slice::from_ref(item))).collect();
    let mut result = [R::default()];
    program.run(&mut [ViewMut::of(&mut result)], &Operands { inputs: &inputs, scalars: &[] }).unwrap();
    result[0]
}

fn cast<T: Element, R: Element>(x: T) -> R {
    let mut graph = Graph::new();
    let node = graph.input(T::TYPE).unwrap();
    let node = graph.cast(node, R::TYPE).unwrap();
    graph.output(node).unwrap();
    let mut result = [R::default()];
    let operands = Operands { inputs: &[View::of(std::slice::from_ref(&x))], scalars: &[] };
    Program::of(&graph).unwrap().run(&mut [ViewMut::of(&mut result)], &operands).unwrap();
    result[0]
}

#[test]
fn integers_wrap_and_never_trap() {
    assert_eq!(apply::<i64, i64>(Op::FloorDivide, &[i64::MIN, -1]), i64::MIN);
    assert_eq!(apply::<i64, i64>(Op::Remainder, &[i64::MIN, -1]), 0);
    assert_eq!(apply::<i8, i8>(Op::FloorDivide, &[7, 0]), 0);
    assert_eq!(apply::<u8, u8>(Op::Remainder, &[7, 0]), 0);
    assert_eq!((apply::<i32, i32>(Op::FloorDivide, &[-7, 2]), apply::<i32, i32>(Op::Remainder, &[-7, 2])), (-4, 1));
    assert_eq!((apply::<i32, i32>(Op::FloorDivide, &[7, -2]), apply::<i32, i32>(Op::Remainder, &[7, -2])), (-4, -1));
    assert_eq!(apply::<i32, i32>(Op::Fmod, &[-7, 2]), -1);
    assert_eq!(apply::<i8, i8>(Op::Abs, &[i8::MIN]), i8::MIN);
    assert_eq!(apply::<i16, i16>(Op::LeftShift, &[1, 16]), 0);
    assert_eq!((apply::<i16, i16>(Op::RightShift, &[-5, 99]), apply::<i16, i16>(Op::RightShift, &[5, -1])), (-1, 0));
    assert_eq!(
        (apply::<i64, i64>(Op::Power, &[3, 41]), apply::<i64, i64>(Op::Power, &[-1, -3])),
        (3_i64.wrapping_pow(41), -1)
    );
    assert_eq!((apply::<i64, i64>(Op::Power, &[0, -1]), apply::<u8, u8>(Op::Power, &[0, 0])), (0, 1));
    assert_eq!(apply::<i64, f64>(Op::Divide, &[1, 0]), f64::INFINITY);
}

#[test]
fn floats_are_cast_to_the_nearest_value_of_the_type() {
    assert_eq!((cast::<f64, u8>(300.5), cast::<f64, u8>(-1.0), cast::<f64, i32>(f64::NAN)), (255, 0, 0));
    assert_eq!((cast::<f32, i64>(1e30), cast::<f64, i64>(-1e30)), (i64::MAX, i64::MIN));
    assert_eq!((cast::<f64, bool>(f64::NAN), cast::<f64, bool>(-0.0)), (true, false));
    assert_eq!((cast::<i64, u8>(-1), cast::<bool, Complex<f64>>(true)), (255, Complex::new(1.0, 0.0)));
    assert_eq!(cast::<Complex<f64>, i8>(Complex::new(-3.9, 7.0)), -3);
}

#[test]
fn floor_divide_and_remainder_of_floats_are_numpys() {
    // numpy.floor_divide and numpy.remainder of the two, by NumPy 2.
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (x, y, quotient, rest) in [
        (7.5, 2.0, 3.0, 1.5),
        (-7.5, 2.0, -4.0, 0.5),
        (7.5, -2.0, -4.0, -0.5),
        (-0.0, 2.0, -0.0, 0.0),
        (1.0, 0.0, inf, nan),
        (0.0, 0.0, nan, nan),
        (inf, 2.0, nan, nan),
        (1.0, inf, 0.0, 1.0),
        (-1.0, inf, -1.0, inf),
        (1.0, 0.1, 9.0, 0.099_999_999_999_999_95),
    ] {
        let found = (apply::<f64, f64>(Op::FloorDivide, &[x, y]), apply::<f64, f64>(Op::Remainder, &[x, y]));
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        assert!(same(found.0, quotient) && same(found.1, rest), "{x} {y}: {found:?}, expected {quotient} {rest}");
    }
}

#[test]
fn complex_products_and_quotients_are_those_of_annex_g() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let z = |re: f64, im: f64| Complex::new(re, im);
    let infinite = |z: Complex<f64>| z.re.is_infinite() || z.im.is_infinite();
    assert!(infinite(apply(Op::Multiply, &[z(inf, nan), z(1.0, 1.0)])));
    assert!(infinite(apply(Op::Multiply, &[z(1e300, 1e300), z(1e300, 1e300)])));
    assert!(infinite(apply(Op::Divide, &[z(inf, 1.0), z(2.0, 3.0)])));
    assert!(infinite(apply(Op::Divide, &[z(1.0, 1.0), z(0.0, 0.0)])));
    assert_eq!(apply::<_, Complex<f64>>(Op::Divide, &[z(1.0, 1.0), z(inf, inf)]), z(0.0, 0.0));
    assert_eq!(apply::<_, Complex<f64>>(Op::Divide, &[z(4.0, 2.0), z(1.0, -1.0)]), z(1.0, 3.0));
    // Neither overflow nor underflow of the squares.
    assert_eq!(apply::<_, Complex<f64>>(Op::Divide, &[z(1e300, 1e300), z(1e300, 1e300)]), z(1.0, 0.0));
    assert_eq!(apply::<_, Complex<f64>>(Op::Divide, &[z(5e-324, 0.0), z(5e-324, 0.0)]), z(1.0, 0.0));
    let single = Complex::new(1e30_f32, -1e30);
    assert_eq!(apply::<_, Complex<f32>>(Op::Divide, &[single, single]), Complex::new(1.0, 0.0));
    assert_eq!(apply::<_, Complex<f64>>(Op::Reciprocal, &[z(0.0, 2.0)]), z(0.0, -0.5));
    assert_eq!(apply::<_, f64>(Op::Abs, &[z(3.0, -4.0)]), 5.0);
}

#[test]
fn functions_of_complex_numbers_are_those_of_the_mathematics() {
    use crate::math::complex::{ComplexFunction, power};
    let numbers =
        [Complex::new(0.75, -2.0), Complex::new(-0.0, 0.0), Complex::new(-4.0, -0.0), Complex::new(1e200, 3.0)];
    let same = |a: Complex<f64>, b: Complex<f64>| {
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        same(a.re, b.re) && same(a.im, b.im)
    };
    for &function in ComplexFunction::ALL {
        let op = Op::of_name(function.name()).unwrap();
        for z in numbers {
            // A square is a product in a program.
            let expected = if op == Op::Square { apply(Op::Multiply, &[z, z]) } else { function.of_f64()(z) };
            let found = apply::<_, Complex<f64>>(op, &[z]);
            assert!(same(found, expected), "{op}({z}) = {found}, expected {expected}");
        }
    }
    let (z, w) = (numbers[0], Complex::new(0.5, 1.5));
    assert!(same(apply(Op::Power, &[z, w]), power(z, w)));
    let single = |z: Complex<f64>| Complex::new(z.re as f32, z.im as f32);
    let root: Complex<f32> = apply(Op::Sqrt, &[single(z)]);
    assert_eq!(root, single(ComplexFunction::Sqrt.of_f64()(z)));
}

#[test]
fn signed_and_unsigned_integers_are_compared_exactly() {
    for (x, y) in [(i64::MAX, u64::MAX), (-1, u64::MAX), (i64::MAX, 1 << 63), (5, 5), (-1, 0), (1 << 53, (1 << 53) + 1)]
    {
        for (op, expected) in [
            (Op::Less, i128::from(x) < i128::from(y)),
            (Op::LessEqual, i128::from(x) <= i128::from(y)),
            (Op::Greater, i128::from(x) > i128::from(y)),
            (Op::GreaterEqual, i128::from(x) >= i128::from(y)),
            (Op::Equal, i128::from(x) == i128::from(y)),
            (Op::NotEqual, i128::from(x) != i128::from(y)),
        ] {
            for mirrored in [false, true] {
                let mut graph = Graph::new();
                let (a, b) = (graph.input(I64).unwrap(), graph.input(U64).unwrap());
                let op = match (mirrored, op) {
                    (false, op) => op,
                    (_, Op::Less) => Op::Greater,
                    (_, Op::LessEqual) => Op::GreaterEqual,
                    (_, Op::Greater) => Op::Less,
                    (_, Op::GreaterEqual) => Op::LessEqual,
                    (_, op) => op,
                };
                let node = if mirrored { graph.binary(op, b, a) } else { graph.binary(op, a, b) };
                graph.output(node.unwrap()).unwrap();
                let mut found = [false];
                let operands = Operands {
                    inputs: &[View::of(std::slice::from_ref(&x)), View::of(std::slice::from_ref(&y))],
                    scalars: &[],
                };
                Program::of(&graph).unwrap().run(&mut [ViewMut::of(&mut found)], &operands).unwrap();
                assert_eq!(found[0], expected, "{x} {op} {y}");
            }
        }
    }
}

#[test]
fn clip_and_isclose_are_numpys() {
    let mut graph = Graph::new();
    let (x, y) = (graph.input(F64).unwrap(), graph.input(F64).unwrap());
    let (rtol, atol) = (graph.weak(WeakKind::Float).unwrap(), graph.weak(WeakKind::Float).unwrap());
    let (low, high) = (graph.weak(WeakKind::Int).unwrap(), graph.weak(WeakKind::Float).unwrap());
    let close = graph.isclose(x, y, rtol, atol, true).unwrap();
    let clipped = graph.clip(x, Some(low), Some(high)).unwrap();
    graph.output(close).unwrap();
    graph.output(clipped).unwrap();
    let scalars = [Value::Float(1e-5), Value::Float(1e-8), Value::Int(-1), Value::Float(2.0)];
    let a = [1.0, 1.0, f64::INFINITY, f64::INFINITY, f64::NAN, f64::NAN, 1e-9];
    let b = [1.000_001, 1.1, f64::INFINITY, 1.0, f64::NAN, 1.0, 0.0];
    let (mut is, mut clip) = ([false; 7], [0.0_f64; 7]);
    let operands = Operands { inputs: &[View::of(&a), View::of(&b)], scalars: &scalars };
    Program::of(&graph).unwrap().run(&mut [ViewMut::of(&mut is), ViewMut::of(&mut clip)], &operands).unwrap();
    assert_eq!(is, [true, false, true, false, true, false, true]);
    assert_eq!(clip[..4], [1.0, 1.0, 2.0, 2.0]);
    assert!(clip[4].is_nan() && clip[5].is_nan());
}

#[test]
fn old_values_are_taken_before_targets_are_written() {
    let mut graph = Graph::new();
    let (x, y) = (graph.input(I8).unwrap(), graph.target(F64).unwrap());
    let wide = graph.cast(x, F64).unwrap();
    graph.output(wide).unwrap();
    graph.output(y).unwrap();
    let (mut a, mut b) = ([1.5], [2.5]);
    let operands = Operands { inputs: &[View::of(&[127_i8])], scalars: &[] };
    Program::of(&graph).unwrap().run(&mut [ViewMut::of(&mut a), ViewMut::of(&mut b)], &operands).unwrap();
    assert_eq!((a, b), ([127.0], [1.5]));
}

#[test]
fn equal_operations_are_one_step_and_the_picture_shows_it() {
    let mut graph = Graph::new();
    let (x, y) = (graph.input(F64).unwrap(), graph.input(F32).unwrap());
    let (first, second) = (graph.binary(Op::Add, x, y).unwrap(), graph.binary(Op::Add, x, y).unwrap());
    let square = graph.binary(Op::Multiply, first, second).unwrap();
    let less = graph.binary(Op::Greater, square, x).unwrap();
    let chosen = graph.select(less, square, y).unwrap();
    graph.output(chosen).unwrap();
    let program = Program::compile(&graph).unwrap();
    assert_eq!(
        program.to_string(),
        "r0 = float64(x1)  float64\nr1 = x0 + r0  float64\nr2 = r1 * r1  float64\nr1 = x0 < r2  bool\n\
         y0 = where(r1, r2, r0)  float64\n"
    );
    let picture = graph.dot();
    assert!(picture.starts_with("digraph program {") && picture.ends_with("}\n"));
    assert_eq!(picture.matches("[label=\"+\\nfloat64\"]").count(), 1, "{picture}");
    assert!(picture.contains("n3 -> n4;\n  n3 -> n4;") && picture.contains("-> y0;"), "{picture}");
    // Many nodes: those that are equal are found by a table.
    let mut graph = Graph::new();
    let mut node = graph.input(F64).unwrap();
    for _ in 0..100 {
        node = graph.unary(Op::Negative, node).unwrap();
    }
    let count = graph.len();
    let mut again = super::super::Node(0);
    for _ in 0..100 {
        again = graph.unary(Op::Negative, again).unwrap();
    }
    assert_eq!((again, graph.len()), (node, count));
}

#[test]
fn a_program_is_compiled_once() {
    let graph = |op: Op| {
        let mut graph = Graph::new();
        let (x, s) = (graph.input(F32).unwrap(), graph.scalar(F32).unwrap());
        let node = graph.binary(op, x, s).unwrap();
        graph.output(node).unwrap();
        Program::of(&graph).unwrap()
    };
    assert!(std::sync::Arc::ptr_eq(&graph(Op::Add), &graph(Op::Add)));
    assert!(!std::sync::Arc::ptr_eq(&graph(Op::Add), &graph(Op::Subtract)));
}

#[test]
fn weak_scalars_take_the_type_they_meet_and_refuse_values_it_has_not() {
    let mut graph = Graph::new();
    let (x, s) = (graph.input(U8).unwrap(), graph.weak(WeakKind::Int).unwrap());
    let node = graph.binary(Op::Add, x, s).unwrap();
    assert_eq!(graph.element(node), Ok(U8));
    graph.output(node).unwrap();
    let program = Program::of(&graph).unwrap();
    let run = |value: Value| {
        let mut result = [0_u8];
        let operands = Operands { inputs: &[View::of(&[250_u8])], scalars: &[value] };
        program
            .run(&mut [ViewMut::of(&mut result)], &operands)
            .map(|()| result[0])
            .map_err(|error| error.kind().clone())
    };
    assert_eq!(run(Value::Int(10)), Ok(4));
    for value in [Value::Int(256), Value::Int(-1), Value::Float(1.0), Value::Complex(1.0, 0.0)] {
        assert_eq!(run(value), Err(ProgramErrorKind::Scalar { scalar: 0, expected: U8 }));
    }
}

#[test]
fn mistakes_are_errors_that_name_the_operand() {
    let mut graph = Graph::new();
    let (x, y) = (graph.input(F64).unwrap(), graph.input(Bool).unwrap());
    let kind = |result: Result<_, crate::program::ProgramError>| {
        result.map(|_: super::super::Node| ()).unwrap_err().kind().clone()
    };
    assert_eq!(
        kind(graph.binary(Op::BitwiseAnd, x, y)),
        ProgramErrorKind::Undefined { op: Op::BitwiseAnd, element: F64 }
    );
    assert_eq!(kind(graph.binary(Op::Subtract, y, y)), ProgramErrorKind::Undefined { op: Op::Subtract, element: Bool });
    assert_eq!(kind(graph.unary(Op::Add, x)), ProgramErrorKind::Arity { op: Op::Add, found: 1 });
    assert_eq!(kind(graph.unary(Op::Abs, super::super::Node(77))), ProgramErrorKind::UnknownNode);
    let kind = |graph: &Graph| Program::of(graph).unwrap_err().kind().clone();
    assert_eq!(kind(&graph), ProgramErrorKind::Target { target: 0 });
    graph.target(F32).unwrap();
    let sum = graph.binary(Op::Add, x, y).unwrap();
    graph.output(sum).unwrap();
    assert_eq!(kind(&graph), ProgramErrorKind::Target { target: 0 });

    let mut graph = Graph::new();
    let (x, y) = (graph.input(F64).unwrap(), graph.input(Bool).unwrap());
    let sum = graph.binary(Op::Add, x, y).unwrap();
    graph.output(sum).unwrap();
    let program = Program::of(&graph).unwrap();
    let (floats, bools, mut result) = ([1.0, 2.0], [true; 3], [7.0, 7.0]);
    let mut run = |inputs: &[View<'_>]| {
        let operands = Operands { inputs, scalars: &[] };
        program.run(&mut [ViewMut::of(&mut result)], &operands).unwrap_err().kind().clone()
    };
    assert_eq!(run(&[View::of(&floats)]), ProgramErrorKind::Count { what: "inputs", found: 1, expected: 2 });
    let wrong = [View::of(&floats), View::of(&floats)];
    assert_eq!(run(&wrong), ProgramErrorKind::Type { what: "input", number: 1, found: F64, expected: Bool });
    assert!(matches!(run(&[View::of(&floats), View::of(&bools)]), ProgramErrorKind::Shape { input: 1, .. }));
    assert_eq!(result, [7.0, 7.0]);
    let mut full = Graph::new();
    let grown = (0..=Graph::MOST).find_map(|_| full.input(F64).err());
    assert_eq!(grown.unwrap().kind(), &ProgramErrorKind::TooLarge);
}

#[test]
fn each_operation_has_kernels_for_the_types_it_is_defined_for() {
    for &op in Op::ALL {
        for &element in ElementType::ALL {
            let mut graph = Graph::new();
            let x = graph.input(element).unwrap();
            let operands = vec![x; op.arity()];
            let Ok(node) = graph.apply(op, &operands) else { continue };
            graph.output(node).unwrap();
            let compiled = Program::compile(&graph);
            assert!(compiled.is_ok(), "{op} of {element}: {compiled:?}");
        }
    }
}

#[test]
fn large_results_are_the_same_by_threads_and_past_the_cache() {
    // Beyond the size from which results are written past the cache, not aligned to a line.
    let n = (9 << 20) / 8 + 5;
    let a: Vec<f64> = (0..n).map(|at| at as f64 * 0.7 - 3e5).collect();
    let mut graph = Graph::new();
    let (x, y) = (graph.input(F64).unwrap(), graph.input(F64).unwrap());
    let product = graph.binary(Op::Multiply, x, y).unwrap();
    let node = graph.binary(Op::Subtract, product, x).unwrap();
    let small = graph.cast(node, I32).unwrap();
    graph.output(node).unwrap();
    graph.output(small).unwrap();
    let program = Program::of(&graph).unwrap();
    let halves = [0.5];
    for (threads, stream) in [(1, None), (2, None), (3, Some(true)), (1, Some(false))] {
        let (mut r, mut s) = (vec![0.0_f64; n + 1], vec![0_i32; n + 1]);
        let operands = Operands { inputs: &[View::of(&a), View::of(&halves)], scalars: &[] };
        let options = Options { threads, stream, ..Options::default() };
        program.run_with(&mut [ViewMut::of(&mut r[1..]), ViewMut::of(&mut s[1..])], &operands, &options).unwrap();
        assert!(a.iter().zip(&r[1..]).all(|(a, r)| (a * 0.5 - a).to_bits() == r.to_bits()));
        assert!(r[1..].iter().zip(&s[1..]).all(|(r, s)| *r as i32 == *s));
        assert_eq!((r[0], s[0]), (0.0, 0));
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_callers_rounding_mode_changes_no_bit() {
    use std::arch::asm;

    let set = |word: u32| {
        // SAFETY: sets MXCSR from 4 bytes; the test sets it back.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const word, options(nostack)) };
    };
    let operands = [1.0, f64::EPSILON / 8.0];
    let expected = apply::<f64, f64>(Op::Add, &operands);
    // Upwards, subnormals flushed.
    set(0x1f80 | 0x4000 | 0x8000 | 0x40);
    let found = apply::<f64, f64>(Op::Add, &operands);
    let tiny = apply::<f64, f64>(Op::Multiply, &[f64::MIN_POSITIVE, 0.5]);
    set(0x1f80);
    assert_eq!((found, tiny), (expected, f64::MIN_POSITIVE / 2.0));
}

#[test]
fn types_of_results_are_numpys() {
    let result = |op: Op, x: ElementType, y: ElementType| {
        let mut graph = Graph::new();
        let (x, y) = (graph.input(x).unwrap(), graph.input(y).unwrap());
        let node = if op.arity() == 1 { graph.unary(op, x) } else { graph.binary(op, x, y) };
        node.and_then(|node| graph.element(node)).ok()
    };
    assert_eq!(result(Op::Add, Bool, Bool), Some(Bool));
    assert_eq!(result(Op::Power, Bool, Bool), Some(I8));
    assert_eq!(result(Op::Divide, I8, I8), Some(F64));
    assert_eq!(result(Op::Divide, F32, I16), Some(F32));
    assert_eq!(result(Op::Abs, C64, C64), Some(F32));
    assert_eq!(result(Op::Less, C128, I8), Some(Bool));
    assert_eq!(result(Op::LeftShift, I8, U8), Some(I16));
    assert_eq!(result(Op::Floor, I32, I32), Some(I32));
    assert_eq!(result(Op::Floor, C64, C64), None);
    assert_eq!(result(Op::Negative, Bool, Bool), None);
    assert_eq!(result(Op::LogicalAnd, F32, C64), Some(Bool));
}

#[test]
fn functions_are_those_of_the_mathematics() {
    use crate::math::{Function, Function2, binary_with, unary_with};

    let x: Vec<f64> = (0..200).map(|at| f64::from(at) * 0.37 - 20.0).collect();
    let y: Vec<f64> = x.iter().rev().map(|x| x * 0.11).collect();
    let isa = crate::isa::Isa::Baseline;
    let mut checked = 0;
    for &op in Op::ALL {
        let one = Function::ALL.iter().find(|function| function.name() == op.name());
        let two = Function2::ALL.iter().find(|function| function.name() == op.name());
        let (mut expected, mut graph) = (vec![0.0; x.len()], Graph::new());
        let nodes = [graph.input(F64).unwrap(), graph.input(F64).unwrap()];
        match (one, two) {
            (Some(function), _) => unary_with(isa, *function, &x, &mut expected),
            (_, Some(function)) => binary_with(isa, *function, &x, &y, &mut expected),
            _ => continue,
        }
        let node = graph.apply(op, &nodes[..op.arity()]).unwrap();
        graph.output(node).unwrap();
        let mut found = vec![0.0; x.len()];
        let operands = Operands { inputs: &[View::of(&x), View::of(&y)], scalars: &[] };
        Program::of(&graph).unwrap().run(&mut [ViewMut::of(&mut found)], &operands).unwrap();
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        assert!(found.iter().zip(&expected).all(same), "{op}");
        checked += 1;
    }
    assert!(checked > 30, "{checked} functions");
}
