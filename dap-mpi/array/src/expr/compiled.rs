//! An expression as a program of the kernels, with its operands.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dap_core::algebra::{Alignment, Placement};
use dap_kernels::element::ElementType;
use dap_kernels::program::{Graph, Node as GraphNode, Operands, Program, Value};
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;

use super::Moves;
use super::no_array;
use super::node::{Content, Node};
use crate::access::{self, Reading, Writing};
use crate::align;
use crate::array::DynArray;
use crate::error::{Checked, argument};

/// An expression as a program, with its operands.
pub(super) struct Compiled {
    pub(super) program: Arc<Program>,
    /// The inputs, each once.
    pub(super) arrays: Vec<DynArray>,
    pub(super) scalars: Vec<Value>,
}

/// The program that writes one value.
pub(super) fn filling(element: ElementType, value: Value) -> Result<Compiled> {
    let mut graph = Graph::new();
    let scalar = graph.scalar(element).checked()?;
    graph.output(scalar).checked()?;
    let program = Program::of(&graph).checked()?;
    program.check_scalars(&[value]).checked()?;
    Ok(Compiled { program, arrays: Vec::new(), scalars: vec![value] })
}

impl Compiled {
    /// The program of an expression. `target` is the array that the result overwrites: an operand
    /// that is the same elements is read there.
    pub(super) fn new(root: &Rc<Node>, target: Option<&DynArray>) -> Result<Compiled> {
        let Builder { graph, arrays, scalars, .. } = Builder::of(root, target)?;
        if let Some(first) = arrays.first() {
            align::check_contexts(&arrays, first)?;
        }
        let program = Program::of(&graph).checked()?;
        program.check_scalars(&scalars).checked()?;
        Ok(Compiled { program, arrays, scalars })
    }

    /// The placement of all arrays, if it is the same one and of this shape.
    pub(super) fn aligned(&self, shape: &[i64]) -> Result<Option<&Placement>> {
        let Some(first) = self.arrays.first() else { return Ok(None) };
        let placement = first.placement();
        let is_same = placement.shape() == shape && self.arrays.iter().all(|array| array.placement() == placement);
        Ok(is_same.then_some(placement))
    }

    /// The alignment of arrays that do not lie together.
    pub(super) fn misaligned(&self, shape: &[i64]) -> Result<Option<Alignment>> {
        if self.arrays.is_empty() {
            return no_array();
        }
        if self.aligned(shape)?.is_some() { Ok(None) } else { self.alignment(None).map(Some) }
    }

    /// Which operands move, and the distribution of the result.
    pub(super) fn alignment(&self, target: Option<&DynArray>) -> Result<Alignment> {
        align::alignment(&self.arrays, target)
    }

    /// The operands, on the ranks of the result, but those that are read with halos. Collective if
    /// one moves.
    pub(super) fn moved(
        &self,
        alignment: &Alignment,
        moves: Moves,
        stays: impl Fn(usize) -> bool,
    ) -> Result<Vec<DynArray>> {
        if let (Moves::Refused, Some(it)) = (moves, alignment.moves().first()) {
            let (operand, to) = (&self.arrays[it.operand], &it.target);
            return argument(format!("{operand:?} would move to {to}, and the expression is strict: move it yourself"));
        }
        align::moved(&self.arrays, alignment, stays)
    }

    /// Computes this process's elements.
    pub(super) fn run(&self, writing: Option<Writing<'_>>, readings: &[Option<Reading<'_>>]) -> Result<()> {
        access::compute(writing, readings, |target, inputs| self.compute(target, inputs))
    }

    /// Computes elements from those of the inputs in the same places.
    pub(super) fn compute(&self, target: ViewMut<'_>, inputs: &[View<'_>]) -> Result<()> {
        self.program.run(&mut [target], &Operands { inputs, scalars: &self.scalars }).checked()
    }
}

/// A graph under construction.
struct Builder<'t> {
    graph: Graph,
    arrays: Vec<DynArray>,
    inputs: Vec<GraphNode>,
    scalars: Vec<Value>,
    known: HashMap<*const Node, GraphNode>,
    target: Option<&'t DynArray>,
    /// The target, if it is read.
    read: Option<GraphNode>,
}

/// An expression as a graph in the DOT language.
pub(super) fn graph(root: &Rc<Node>) -> Result<String> {
    Ok(Builder::of(root, None)?.graph.dot())
}

impl<'t> Builder<'t> {
    /// The graph of an expression, with its output.
    fn of(root: &Rc<Node>, target: Option<&'t DynArray>) -> Result<Builder<'t>> {
        let mut builder = Builder {
            graph: Graph::new(),
            arrays: Vec::new(),
            inputs: Vec::new(),
            scalars: Vec::new(),
            known: HashMap::new(),
            target,
            read: None,
        };
        let mut node = builder.add(root)?;
        if let Some(target) = target {
            node = builder.graph.cast(node, target.number_type()?).checked()?;
        }
        builder.graph.output(node).checked()?;
        Ok(builder)
    }

    /// A node, behind those that it needs. The depth of an expression is limited when it is made.
    fn add(&mut self, node: &Rc<Node>) -> Result<GraphNode> {
        if let Some(&known) = self.known.get(&Rc::as_ptr(node)) {
            return Ok(known);
        }
        let added = node.with_content(|content| match content {
            Content::Array(array) | Content::Kept { array, .. } => self.input(array, node.element()),
            Content::Scalar(value) => {
                self.scalars.push(*value);
                self.graph.scalar(node.element()).checked()
            }
            Content::Weak(value) => {
                self.scalars.push(*value);
                self.graph.weak(value.kind()).checked()
            }
            Content::Cast(operand) => {
                let operand = self.add(operand)?;
                self.graph.cast(operand, node.element()).checked()
            }
            Content::Apply(op, operands) => {
                let operands = operands.iter().map(|operand| self.add(operand)).collect::<Result<Vec<_>>>()?;
                self.graph.apply(*op, &operands).checked()
            }
        })?;
        self.known.insert(Rc::as_ptr(node), added);
        Ok(added)
    }

    fn input(&mut self, array: &DynArray, element: ElementType) -> Result<GraphNode> {
        if self.target.is_some_and(|target| target.is_same(array)) {
            if self.read.is_none() {
                self.read = Some(self.graph.target(element).checked()?);
            }
            return self.read.map_or_else(no_array, Ok);
        }
        if let Some(at) = self.arrays.iter().position(|known| known.is_same(array)) {
            return Ok(self.inputs[at]);
        }
        let input = self.graph.input(element).checked()?;
        self.arrays.push(array.clone());
        self.inputs.push(input);
        Ok(input)
    }
}
