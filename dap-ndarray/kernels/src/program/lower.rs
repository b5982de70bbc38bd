//! From a graph to steps that kernels exist for.
//!
//! Operations on bools become logic, conversions become chains of single conversions, questions
//! with one answer (is an integer NaN?) become constants, and a product that is used once, by a sum
//! or a difference, becomes one step with it.

use smallvec::{SmallVec, smallvec};

use super::error::ProgramError;
use super::graph::{Content, Graph, Node};
use super::op::Op;
use crate::element::ElementType;

/// The operation of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Op(Op),
    Cast(ElementType),
    Copy,
    /// `a * b + c`, rounded twice.
    MulAdd,
    /// `a * b - c`
    MulSub,
    /// `c - a * b`
    SubMul,
    /// `MulAdd`, `MulSub` and `SubMul` whose first operand is a scalar.
    ScaleAdd,
    ScaleSub,
    SubScale,
    /// A sum or product whose first operand is a scalar.
    WithScalar(Op),
    /// The result replaces the first operand.
    Accumulate(Op),
    False,
    True,
    Zero,
}

/// Where an operand comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Input(u16),
    Target(u16),
    Scalar(u16),
    Step(u16),
}

/// A step: a code, the type of its operands (the last ones of `where`), its result.
#[derive(Debug, Clone)]
pub(super) struct Lowered {
    pub(super) code: Code,
    pub(super) element: ElementType,
    pub(super) result: ElementType,
    pub(super) operands: SmallVec<[Source; 3]>,
    /// How many steps and outputs use the result; 0 for a step that was merged into another.
    pub(super) uses: u32,
}

/// The steps of a graph.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<Lowered>,
    /// The source of each target, and its type.
    pub(super) outputs: Vec<(Source, ElementType)>,
    /// Number and type of each scalar that is used.
    pub(super) scalars: Vec<(u16, ElementType)>,
}

/// The steps of all nodes that outputs need.
pub(super) fn lower(graph: &Graph) -> Result<Steps, ProgramError> {
    let mut live = vec![false; graph.len()];
    for output in &graph.outputs {
        live[usize::from(output.0)] = true;
    }
    // Backwards: operands have smaller numbers.
    for at in (0..graph.len()).rev() {
        if live[at] {
            mark(graph, at, &mut live);
        }
    }
    let mut steps = Steps::default();
    let mut sources: Vec<Source> = Vec::with_capacity(graph.len());
    for (entry, live) in graph.entries.iter().zip(live) {
        let of = |node: Node| (sources[usize::from(node.0)], graph.entries[usize::from(node.0)].element);
        let source = match entry.content {
            Content::Input(number) => Source::Input(number),
            Content::Target(number) => Source::Target(number),
            // A weak scalar that reaches here is used by no operation.
            Content::Weak(number, _) | Content::Scalar(number) if live => steps.scalar(number, entry.element),
            _ if !live => Source::Input(0),
            Content::Weak(number, _) | Content::Scalar(number) => Source::Scalar(number),
            Content::Cast(x) => {
                let (x, from) = of(x);
                steps.cast(x, from, entry.element)
            }
            Content::Unary(op, x) => {
                let (x, element) = of(x);
                steps.unary(op, x, element, entry.element)
            }
            Content::Binary(op, x, y) => {
                let ((x, element), (y, _)) = (of(x), of(y));
                steps.binary(op, x, y, element, entry.element)
            }
            Content::Where(condition, x, y) => {
                let operands = smallvec![of(condition).0, of(x).0, of(y).0];
                steps.push(Code::Op(Op::Where), entry.element, entry.element, operands)
            }
        };
        sources.push(source);
    }
    for output in &graph.outputs {
        let element = graph.entry(*output)?.element;
        let mut source = sources[usize::from(output.0)];
        // A target's value before the program is taken before any target is written.
        if matches!(source, Source::Target(_)) {
            source = steps.push(Code::Copy, element, element, smallvec![source]);
        }
        steps.outputs.push((source, element));
    }
    steps.count_uses();
    steps.fuse();
    Ok(steps)
}

fn mark(graph: &Graph, at: usize, live: &mut [bool]) {
    let mut mark = |node: Node| live[usize::from(node.0)] = true;
    match graph.entries[at].content {
        Content::Cast(x) | Content::Unary(_, x) => mark(x),
        Content::Binary(_, x, y) => [x, y].into_iter().for_each(mark),
        Content::Where(condition, x, y) => [condition, x, y].into_iter().for_each(mark),
        Content::Input(_) | Content::Target(_) | Content::Scalar(_) | Content::Weak(..) => {}
    }
}

impl Steps {
    fn push(
        &mut self,
        code: Code,
        element: ElementType,
        result: ElementType,
        operands: SmallVec<[Source; 3]>,
    ) -> Source {
        // Below `u16::MAX`: a node becomes three steps at most, and `Graph::MOST` nodes are few.
        let number = self.steps.len() as u16;
        self.steps.push(Lowered { code, element, result, operands, uses: 0 });
        Source::Step(number)
    }

    fn scalar(&mut self, number: u16, element: ElementType) -> Source {
        self.scalars.push((number, element));
        Source::Scalar(self.scalars.len() as u16 - 1)
    }

    fn cast(&mut self, x: Source, from: ElementType, to: ElementType) -> Source {
        let single = |steps: &mut Self, x, from, to| {
            if from == to { x } else { steps.push(Code::Cast(to), from, to, smallvec![x]) }
        };
        if from.is_complex() && !to.is_complex() && to != ElementType::Bool {
            let part = self.push(Code::Op(Op::Real), from, from.part(), smallvec![x]);
            return single(self, part, from.part(), to);
        }
        if to.is_complex() && from.is_integer() {
            let part = single(self, x, from, to.part());
            return single(self, part, to.part(), to);
        }
        single(self, x, from, to)
    }

    fn unary(&mut self, op: Op, x: Source, element: ElementType, result: ElementType) -> Source {
        let real = !element.is_complex() && !element.is_float();
        let (code, operands) = match op {
            Op::Isnan | Op::Isinf if real => (Code::False, smallvec![]),
            Op::Isfinite if real => (Code::True, smallvec![]),
            Op::Signbit if real && element.kind() != dap_core::dtype::Kind::Int => (Code::False, smallvec![]),
            Op::Imag if !element.is_complex() => (Code::Zero, smallvec![]),
            Op::Abs if element.kind() == dap_core::dtype::Kind::Uint => return x,
            Op::Invert if element == ElementType::Bool => (Code::Op(Op::LogicalNot), smallvec![x]),
            _ => (Code::Op(op), smallvec![x]),
        };
        self.push(code, element, result, operands)
    }

    fn binary(&mut self, op: Op, x: Source, y: Source, element: ElementType, result: ElementType) -> Source {
        if element != ElementType::Bool {
            return self.push(Code::Op(op), element, result, smallvec![x, y]);
        }
        let mut logic = |op: Op, operands| self.push(Code::Op(op), element, element, operands);
        match op {
            Op::Add | Op::Maximum | Op::BitwiseOr => logic(Op::LogicalOr, smallvec![x, y]),
            Op::Multiply | Op::Minimum | Op::BitwiseAnd => logic(Op::LogicalAnd, smallvec![x, y]),
            Op::NotEqual | Op::BitwiseXor => logic(Op::LogicalXor, smallvec![x, y]),
            Op::Equal => {
                let other = logic(Op::LogicalXor, smallvec![x, y]);
                logic(Op::LogicalNot, smallvec![other])
            }
            // False is less than true.
            Op::Less | Op::LessEqual => {
                let not = logic(Op::LogicalNot, smallvec![x]);
                logic(if op == Op::Less { Op::LogicalAnd } else { Op::LogicalOr }, smallvec![not, y])
            }
            _ => logic(op, smallvec![x, y]),
        }
    }

    fn count_uses(&mut self) {
        let used = self.steps.iter().flat_map(|step| step.operands.clone());
        let used: Vec<Source> = used.chain(self.outputs.iter().map(|output| output.0)).collect();
        for source in used {
            if let Source::Step(number) = source {
                self.steps[usize::from(number)].uses += 1;
            }
        }
    }

    /// Merges products that are used once into the sum or difference that uses them.
    fn fuse(&mut self) {
        for at in 0..self.steps.len() {
            let step = &self.steps[at];
            let (Code::Op(op @ (Op::Add | Op::Subtract)), true) = (step.code, step.element.is_float()) else {
                continue;
            };
            let product = |source: Source| match source {
                Source::Step(number) => {
                    let step = &self.steps[usize::from(number)];
                    (step.code == Code::Op(Op::Multiply) && step.uses == 1).then_some(usize::from(number))
                }
                _ => None,
            };
            let (left, right) = (step.operands[0], step.operands[1]);
            let (number, other, code) = match (op, product(left), product(right)) {
                (Op::Add, _, Some(number)) => (number, left, Code::MulAdd),
                (Op::Add, Some(number), _) => (number, right, Code::MulAdd),
                (_, _, Some(number)) => (number, left, Code::SubMul),
                (_, Some(number), _) => (number, right, Code::MulSub),
                _ => continue,
            };
            self.steps[number].uses = 0;
            let factors = std::mem::take(&mut self.steps[number].operands);
            self.steps[at].code = code;
            self.steps[at].operands = smallvec![factors[0], factors[1], other];
        }
    }
}
