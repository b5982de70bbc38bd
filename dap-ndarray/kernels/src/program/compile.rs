//! From steps to a program: a place for each operand and result, a kernel for each step.
//!
//! A result is written where it belongs, if no later step needs what the target held; else into a
//! register (a strip of scratch memory) that is copied at the end. Registers are used again after
//! the last use of their value.

use smallvec::{SmallVec, smallvec};

use super::error::{ProgramError, ProgramErrorKind};
use super::graph::{Content, Graph};
use super::kernel::Strip;
use super::kernels;
use super::lower::{Code, Lowered, Source, Steps, lower};
use super::op::Op;
use crate::element::ElementType;
use crate::isa::Isa;

/// A compiled expression; see the [module](super).
#[derive(Debug)]
pub struct Program {
    pub(super) graph: Graph,
    pub(super) steps: Vec<Step>,
    /// The type of each target, and whether it is read.
    pub(super) targets: SmallVec<[(ElementType, bool); 2]>,
    pub(super) inputs: SmallVec<[ElementType; 4]>,
    /// Each scalar register.
    pub(super) scalars: SmallVec<[Scalar; 4]>,
    pub(super) registers: usize,
    /// The size of the widest element of any place.
    pub(super) widest: usize,
    /// About the time an element takes, in that of an addition.
    pub(super) weight: usize,
}

/// A register of one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scalar {
    /// The number among the scalars of the graph.
    pub(super) number: u16,
    pub(super) element: ElementType,
    /// Whether a step reads a strip of it; else one element is enough.
    pub(super) filled: bool,
}

/// A place that a step reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Target(u16),
    Input(u16),
    Scalar(u16),
    Register(u16),
}

/// One step of a program.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) code: Code,
    pub(super) result: ElementType,
    pub(super) operands: SmallVec<[Place; 3]>,
    pub(super) out: Place,
    /// The numbers of `out` and of three operands in the table of pointers; operands that the
    /// kernel has not are `out` again.
    pub(super) pointers: [u16; 4],
    /// The kernel for each instruction set.
    pub(super) kernels: [Strip; 3],
}

impl Program {
    /// Compiles a graph.
    ///
    /// # Errors
    /// The graph has no output, or reads a target that is none; an operation has no kernel for its
    /// type.
    pub fn compile(graph: &Graph) -> Result<Self, ProgramError> {
        let mut targets: SmallVec<[(ElementType, bool); 2]> = SmallVec::new();
        for output in &graph.outputs {
            targets.push((graph.entry(*output)?.element, false));
        }
        let mut inputs: SmallVec<[ElementType; 4]> = smallvec![ElementType::Bool; graph.inputs()];
        for entry in &graph.entries {
            match entry.content {
                Content::Input(number) => inputs[usize::from(number)] = entry.element,
                Content::Target(number) => {
                    let found = targets.get_mut(usize::from(number)).filter(|target| target.0 == entry.element);
                    found.ok_or(ProgramErrorKind::Target { target: number.into() })?.1 = true;
                }
                _ => {}
            }
        }
        if targets.is_empty() {
            return Err(ProgramErrorKind::Target { target: 0 }.into());
        }
        let lowered = lower(graph)?;
        let mut placed = Placed::new(&lowered);
        placed.place(&lowered);
        let Placed { steps, registers, .. } = placed;
        let elements = targets.iter().map(|target| target.0).chain(inputs.iter().copied());
        let elements =
            elements.chain(steps.iter().map(|step| step.0.result)).chain(lowered.scalars.iter().map(|s| s.1));
        let widest = elements.map(ElementType::size).max().unwrap_or(1);
        let weight = steps.iter().map(|step| weight(step.0.code, step.0.element)).sum();
        let filled = |place: Place| {
            let reads = |step: &(Lowered, SmallVec<[Place; 3]>, Place)| {
                let scaled =
                    matches!(step.0.code, Code::ScaleAdd | Code::ScaleSub | Code::SubScale | Code::WithScalar(_));
                step.1[usize::from(scaled)..].contains(&place)
            };
            steps.iter().any(reads)
        };
        let scalars = lowered.scalars.iter().enumerate().map(|(register, &(number, element))| Scalar {
            number,
            element,
            filled: filled(Place::Scalar(register as u16)),
        });
        let scalars = scalars.collect();
        let mut program = Program {
            graph: graph.clone(),
            steps: Vec::with_capacity(steps.len()),
            targets,
            inputs,
            scalars,
            registers,
            widest,
            weight,
        };
        for (step, operands, out) in steps {
            program.push(&step, operands, out)?;
        }
        Ok(program)
    }

    /// The number of places: the length of the table of pointers.
    pub(super) fn places(&self) -> usize {
        self.targets.len() + self.inputs.len() + self.scalars.len() + self.registers
    }

    /// The number of a place in the table of pointers.
    fn number(&self, place: Place) -> u16 {
        let before = |kinds: &[usize]| kinds.iter().sum::<usize>();
        let (targets, inputs, scalars) = (self.targets.len(), self.inputs.len(), self.scalars.len());
        let (first, number) = match place {
            Place::Target(number) => (0, number),
            Place::Input(number) => (targets, number),
            Place::Scalar(number) => (before(&[targets, inputs]), number),
            Place::Register(number) => (before(&[targets, inputs, scalars]), number),
        };
        // Below `u16::MAX`: a few times `Graph::MOST`.
        (first + usize::from(number)) as u16
    }

    fn push(&mut self, step: &Lowered, operands: SmallVec<[Place; 3]>, out: Place) -> Result<(), ProgramError> {
        let Lowered { code, element, result, .. } = *step;
        let op = match code {
            Code::Op(op) => op,
            _ => Op::Positive,
        };
        let find = |isa: Isa| kernels::find(code, element, isa).ok_or(ProgramErrorKind::Undefined { op, element });
        let kernels = [find(Isa::Baseline)?, find(Isa::Avx2)?, find(Isa::Avx512)?];
        let mut pointers = [self.number(out); 4];
        for (pointer, place) in pointers[1..].iter_mut().zip(&operands) {
            *pointer = self.number(*place);
        }
        self.steps.push(Step { code, result, operands, out, pointers, kernels });
        Ok(())
    }
}

/// About the time of an element, in that of an addition.
fn weight(code: Code, element: ElementType) -> usize {
    match code {
        Code::Op(Op::Divide | Op::Sqrt | Op::Reciprocal) => 2,
        Code::Op(Op::FloorDivide | Op::Remainder | Op::Fmod | Op::Power) => 8,
        Code::Op(op) if op < Op::Floor && op >= Op::Cbrt && op != Op::Reciprocal => 8,
        Code::Op(Op::Arctan2 | Op::Hypot | Op::Logaddexp) => 8,
        _ if element.is_complex() => 2,
        _ => 1,
    }
}

/// Steps with places.
struct Placed {
    steps: Vec<(Lowered, SmallVec<[Place; 3]>, Place)>,
    /// For each lowered step the place of its result.
    results: Vec<Option<Place>>,
    /// The last lowered step that uses each result; outputs count as the end.
    last: Vec<usize>,
    free: Vec<u16>,
    registers: usize,
}

impl Placed {
    fn new(lowered: &Steps) -> Placed {
        let count = lowered.steps.len();
        let mut last = vec![0; count];
        for (at, step) in lowered.steps.iter().enumerate() {
            for operand in &step.operands {
                if let Source::Step(number) = operand {
                    last[usize::from(*number)] = at;
                }
            }
        }
        for (source, _) in &lowered.outputs {
            if let Source::Step(number) = source {
                last[usize::from(*number)] = count;
            }
        }
        Placed { steps: Vec::with_capacity(count), results: vec![None; count], last, free: Vec::new(), registers: 0 }
    }

    fn place(&mut self, lowered: &Steps) {
        let direct = direct_targets(lowered);
        for (at, step) in lowered.steps.iter().enumerate() {
            if step.uses == 0 {
                continue;
            }
            let operands: SmallVec<[Place; 3]> = step.operands.iter().map(|operand| self.operand(*operand)).collect();
            let target = direct.iter().position(|found| *found == Some(at));
            let (mut step, mut operands, out) = match target {
                Some(target) => (step.clone(), operands, Place::Target(target as u16)),
                None => (step.clone(), operands, Place::Register(self.register())),
            };
            if operands.contains(&out) {
                let Code::Op(op) = step.code else { unreachable!("`direct_targets` allows these only") };
                // A sum or product whose second operand is the target: the order does not matter.
                if operands[0] != out {
                    operands.swap(0, 1);
                }
                step.code = Code::Accumulate(op);
            }
            take_scalar(&mut step, &mut operands);
            self.results[at] = Some(out);
            for operand in &step.operands {
                self.release(*operand, at);
            }
            self.steps.push((step, operands, out));
        }
        for (target, (source, element)) in lowered.outputs.iter().enumerate() {
            let place = self.operand(*source);
            if place != Place::Target(target as u16) {
                let copy = Lowered {
                    code: Code::Copy,
                    element: *element,
                    result: *element,
                    operands: smallvec![*source],
                    uses: 1,
                };
                self.steps.push((copy, smallvec![place], Place::Target(target as u16)));
            }
        }
    }

    fn operand(&self, source: Source) -> Place {
        match source {
            Source::Input(number) => Place::Input(number),
            Source::Target(number) => Place::Target(number),
            Source::Scalar(number) => Place::Scalar(number),
            Source::Step(number) => self.results[usize::from(number)].expect("operands come before what uses them"),
        }
    }

    fn register(&mut self) -> u16 {
        self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers as u16 - 1
        })
    }

    /// Frees the register of an operand after its last use.
    fn release(&mut self, source: Source, at: usize) {
        let Source::Step(number) = source else { return };
        let number = usize::from(number);
        if let (true, Some(Place::Register(register))) = (self.last[number] == at, self.results[number])
            && !self.free.contains(&register)
        {
            self.free.push(register);
        }
    }
}

/// Chooses the kernel that reads a scalar once, if there is one: the scalar becomes the first
/// operand.
fn take_scalar(step: &mut Lowered, operands: &mut SmallVec<[Place; 3]>) {
    let code = match step.code {
        Code::MulAdd => Code::ScaleAdd,
        Code::MulSub => Code::ScaleSub,
        Code::SubMul => Code::SubScale,
        Code::Op(op @ (Op::Add | Op::Multiply)) => Code::WithScalar(op),
        _ => return,
    };
    let is_scalar = |place: Place| matches!(place, Place::Scalar(_));
    let Some(at) = (0..2).find(|at| is_scalar(operands[*at])) else { return };
    // Two scalars are left to the kernel for strips, which both are.
    if step.element.is_float() && operands.iter().filter(|place| is_scalar(**place)).count() == 1 {
        operands.swap(0, at);
        step.code = code;
    }
}

/// For each target the step that may write it: no step from this one on reads what it held, except
/// this one if its kernel reads what it overwrites.
fn direct_targets(lowered: &Steps) -> SmallVec<[Option<usize>; 2]> {
    let mut taken: SmallVec<[Option<usize>; 2]> = SmallVec::new();
    for (target, (source, _)) in lowered.outputs.iter().enumerate() {
        let direct = match *source {
            Source::Step(number) if !taken.contains(&Some(usize::from(number))) => {
                let at = usize::from(number);
                let held = Source::Target(target as u16);
                let later = lowered.steps[at + 1..].iter().any(|step| step.uses > 0 && step.operands.contains(&held));
                let step = &lowered.steps[at];
                let reads = step.operands.iter().filter(|operand| **operand == held).count();
                let allowed = reads == 0 || (reads == 1 && accumulates(step, held));
                (!later && allowed).then_some(at)
            }
            _ => None,
        };
        taken.push(direct);
    }
    taken
}

fn accumulates(step: &Lowered, held: Source) -> bool {
    let Code::Op(op @ (Op::Add | Op::Subtract | Op::Multiply)) = step.code else { return false };
    step.element.is_float() && (op != Op::Subtract || step.operands[0] == held)
}
