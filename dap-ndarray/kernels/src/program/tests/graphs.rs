//! Random graphs on random arrays, run in all ways.

use proptest::prelude::*;

use super::memory::{Arrangement, Array, arrangement, indices, same};
use crate::element::ElementType;
use crate::isa::Isa;
use crate::program::oracle::evaluate;
use crate::program::{Graph, Node, Op, Operands, Options, Program, Value};
use crate::promote::WeakKind;
use crate::view::{View, ViewMut};

/// Operations whose results are defined to the bit, by the oracle.
fn is_exact(op: Op, element: ElementType) -> bool {
    use Op::*;
    match op {
        Abs | Sign | Divide | Reciprocal | Sqrt => !element.is_complex(),
        Power => element.is_integer() || element == ElementType::Bool,
        _ => !(Cbrt..=Erf).contains(&op) && !matches!(op, Arctan2 | Hypot | Logaddexp) || op == Reciprocal,
    }
}

/// Numbers that choose an operation and its operands.
type Choice = (usize, usize, usize, usize);

#[derive(Debug, Clone)]
struct Case {
    shape: Vec<usize>,
    inputs: Vec<(usize, Arrangement)>,
    scalars: Vec<(usize, usize)>,
    choices: Vec<Choice>,
    /// The nodes that are written, from the last one; whether the first target is read.
    outputs: Vec<(usize, Arrangement)>,
    in_place: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let extent = prop_oneof![2 => 0_usize..2, 3 => 2_usize..6, 2 => Just(67_usize), 1 => Just(131_usize)];
    let shape =
        prop::collection::vec(extent, 0..4).prop_filter("small", |shape| shape.iter().product::<usize>() < 20_000);
    (
        shape,
        prop::collection::vec((0..13_usize, arrangement()), 1..4),
        prop::collection::vec((0..17_usize, any::<usize>()), 0..3),
        prop::collection::vec(any::<Choice>(), 1..12),
        prop::collection::vec((0..3_usize, arrangement()), 1..3),
        any::<bool>(),
    )
        .prop_map(|(shape, inputs, scalars, choices, outputs, in_place)| Case {
            shape,
            inputs,
            scalars,
            choices,
            outputs,
            in_place,
        })
}

fn scalar(element: ElementType, choice: usize) -> Value {
    let small = [0, 1, 2, 3, 100][choice % 5];
    match element {
        ElementType::Bool => Value::Bool(choice % 2 == 1),
        other if other.is_integer() => Value::Int(small),
        other if other.is_float() => Value::Float([0.0, -0.0, 1.5, f64::NAN, 1e300][choice % 5]),
        _ => Value::Complex(small as f64, -1.5),
    }
}

/// The graph of a case, with its scalars.
fn build(case: &Case) -> (Graph, Vec<Value>) {
    let mut graph = Graph::new();
    let mut values = Vec::new();
    let mut nodes: Vec<Node> =
        case.inputs.iter().map(|input| graph.input(ElementType::ALL[input.0]).unwrap()).collect();
    for &(kind, choice) in &case.scalars {
        let node = match ElementType::ALL.get(kind) {
            Some(&element) => {
                values.push(scalar(element, choice));
                graph.scalar(element)
            }
            None => {
                let weak = [WeakKind::Bool, WeakKind::Int, WeakKind::Float, WeakKind::Complex][kind - 13];
                values.push(match weak {
                    WeakKind::Bool => Value::Bool(choice % 2 == 0),
                    WeakKind::Int => Value::Int([0, 1, 2, 7][choice % 4]),
                    WeakKind::Float => Value::Float([0.5, -0.0, f64::INFINITY][choice % 3]),
                    WeakKind::Complex => Value::Complex(0.5, 2.0),
                });
                graph.weak(weak)
            }
        };
        nodes.push(node.unwrap());
    }
    if case.in_place {
        nodes.push(graph.target(ElementType::F64).unwrap());
    }
    let leaves = nodes.len();
    for &(op, x, y, z) in &case.choices {
        let pick = |choice: usize, among: usize| nodes[choice % among];
        let kinds = Op::ALL.len() + 3;
        let all = nodes.len();
        let made = match op % kinds {
            number if number < Op::ALL.len() => {
                let op = Op::ALL[number];
                // The sign of a computed NaN is unspecified.
                let among = if matches!(op, Op::Signbit | Op::Copysign) { leaves } else { all };
                let operands = match op.arity() {
                    1 => vec![pick(x, among)],
                    2 => vec![pick(x, among), pick(y, among)],
                    _ => vec![pick(x, all), pick(y, all), pick(z, all)],
                };
                let elements = operands.iter().map(|node| graph.element(*node).unwrap());
                let common = elements.reduce(crate::promote::promote).unwrap();
                if !is_exact(op, common) {
                    continue;
                }
                graph.apply(op, &operands)
            }
            number if number == Op::ALL.len() => graph.cast(pick(x, all), ElementType::ALL[y % 13]),
            number if number == Op::ALL.len() + 1 => graph.clip(pick(x, all), Some(pick(y, all)), Some(pick(z, all))),
            _ => {
                // Products that are used once, by sums and differences.
                let product = graph.binary(Op::Multiply, pick(x, all), pick(y, all));
                let product = product.unwrap();
                let op = if z % 2 == 0 { Op::Add } else { Op::Subtract };
                if z % 3 == 0 {
                    graph.binary(op, product, pick(z, all))
                } else {
                    graph.binary(op, pick(z, all), product)
                }
            }
        };
        // Operations that are not defined for the types add nothing.
        if let Ok(node) = made {
            nodes.push(node);
        }
    }
    for (target, &(back, _)) in case.outputs.iter().enumerate() {
        let mut node = nodes[nodes.len() - 1 - back % nodes.len()];
        if case.in_place && target == 0 {
            node = graph.cast(node, ElementType::F64).unwrap();
        }
        graph.output(node).unwrap();
    }
    (graph, values)
}

/// Ways to run: instruction sets, threads, stores past the cache.
fn ways() -> Vec<Options> {
    let mut ways = Vec::new();
    for &isa in Isa::available() {
        for (threads, stream) in [(1, false), (3, true)] {
            ways.push(Options { threads, isa: Some(isa), stream: Some(stream), grain: Some(1) });
        }
    }
    ways
}

proptest! {
    #[test]
    fn programs_agree_with_the_oracle_in_all_ways(case in case()) {
        let (graph, scalars) = build(&case);
        let program = Program::compile(&graph).unwrap();
        let inputs: Vec<Array> = case.inputs.iter()
            .map(|(element, arrangement)| Array::new(ElementType::ALL[*element], &case.shape, arrangement, true))
            .collect();
        let targets: Vec<Array> = case.outputs.iter().zip(&program.targets)
            .map(|((_, arrangement), (element, _))| Array::new(*element, &case.shape, arrangement, false))
            .collect();
        let views: Vec<View<'_>> = inputs.iter().map(Array::view).collect();
        for options in ways() {
            let mut results = targets.clone();
            let mut written: Vec<ViewMut<'_>> = results.iter_mut().map(Array::view_mut).collect();
            program.run_with(&mut written, &Operands { inputs: &views, scalars: &scalars }, &options).unwrap();
            drop(written);
            // Each way against the oracle, since the bits of a NaN may differ.
            for index in indices(&case.shape) {
                let given: Vec<_> = inputs.iter().map(|input| input.item(&index)).collect();
                let held: Vec<_> = targets.iter().map(|target| target.item(&index)).collect();
                for (number, expected) in evaluate(&graph, &given, &held, &scalars).into_iter().enumerate() {
                    let found = results[number].item(&index);
                    prop_assert!(
                        same(found, expected),
                        "y{number}{index:?} = {found:?}, expected {expected:?} from {given:?} {held:?}\n{options:?}\n{program}shape {:?} {results:?}", case.shape
                    );
                }
            }
            // Gaps between elements are as they were.
            for (result, target) in results.iter().zip(&targets) {
                prop_assert!(gaps(result) == gaps(target));
            }
        }
    }
}

/// All bytes that belong to no element.
fn gaps(array: &Array) -> Vec<u8> {
    let mut bytes: Vec<Option<u8>> = array.bytes().iter().copied().map(Some).collect();
    for index in array.indices() {
        let at = array.at(&index);
        bytes[at..at + array.element.size()].fill(None);
    }
    bytes.into_iter().flatten().collect()
}
