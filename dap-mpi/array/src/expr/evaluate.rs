//! Computes an expression: operands come together, then one pass over the elements.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dap_core::algebra::{Alignment, Placement};
use dap_core::dtype::Kind;
use dap_kernels::element::ElementType;
use dap_kernels::program::{Graph, Node as GraphNode, Operands, Program, Value};
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;

use super::Moves;
use super::no_array;
use super::node::{Content, Node};
use super::shifted::Shifted;
use crate::access::{Reading, Writing};
use crate::align;
use crate::array::DynArray;
use crate::context::Context;
use crate::error::{Checked, argument, no_elements};

/// An expression as a program, with its operands.
pub(super) struct Compiled {
    pub(super) program: Arc<Program>,
    /// The inputs, each once.
    pub(super) arrays: Vec<DynArray>,
    scalars: Vec<Value>,
}

/// The result as a new array. Collective.
pub(super) fn new_array(root: &Rc<Node>, moves: Moves) -> Result<DynArray> {
    let compiled = Compiled::new(root, None)?;
    let alignment = compiled.misaligned(root.shape())?;
    if let Some(alignment) = &alignment {
        let shifted = Shifted::of(&compiled.arrays, alignment)?;
        if !shifted.is_empty() {
            let operands = compiled.moved(alignment, moves, &shifted)?;
            let (context, placement) = (compiled.arrays[0].context(), alignment.result().without_padding()?);
            let result = DynArray::empty(context, placement, &root.element().dtype())?;
            shifted.run(&compiled, &operands, &result)?;
            return Ok(result);
        }
    }
    let ready = Ready::new(compiled, alignment, root.element(), moves)?;
    let result = DynArray::empty(ready.context(), ready.placement.clone(), &root.element().dtype())?;
    let run = |readings: Vec<_>| ready.compiled.run(result.write()?, &readings);
    if let Err(error) = read_all(&ready.operands).and_then(run) {
        result.storage().fail(error);
    }
    Ok(result)
}

/// An expression whose operands lie on the ranks of the result.
pub(crate) struct Ready {
    compiled: Compiled,
    pub(super) operands: Vec<DynArray>,
    /// Of the result.
    pub(crate) placement: Placement,
    /// Of the result.
    pub(crate) element: ElementType,
}

impl Ready {
    pub(super) fn of(root: &Rc<Node>, moves: Moves) -> Result<Ready> {
        let compiled = Compiled::new(root, None)?;
        let alignment = compiled.misaligned(root.shape())?;
        Ready::new(compiled, alignment, root.element(), moves)
    }

    /// Without an alignment all operands lie together.
    fn new(compiled: Compiled, alignment: Option<Alignment>, element: ElementType, moves: Moves) -> Result<Ready> {
        let (placement, operands) = match alignment {
            None => (compiled.arrays[0].placement().clone(), compiled.arrays.clone()),
            Some(alignment) => {
                let operands = compiled.moved(&alignment, moves, &Shifted::none(&compiled.arrays))?;
                (alignment.result().without_padding()?, operands)
            }
        };
        Ok(Ready { compiled, operands, placement, element })
    }

    pub(crate) fn context(&self) -> &Context {
        self.compiled.arrays[0].context()
    }

    /// Computes a part of this process's elements from the same part of each operand.
    pub(super) fn run(&self, target: ViewMut<'_>, inputs: &[View<'_>]) -> Result<()> {
        self.compiled.compute(target, inputs)
    }
}

/// Writes the result into an array. Collective.
pub(super) fn into_array(target: &DynArray, root: &Rc<Node>, moves: Moves) -> Result<()> {
    target.check_single()?;
    can_hold(target.number_type()?, root)?;
    let compiled = Compiled::new(root, Some(target))?;
    align::check_contexts(&compiled.arrays, target)?;
    let (mut operands, shifted) = match compiled.aligned(target.shape())? {
        Some(placement) if placement == target.placement() => {
            (compiled.arrays.clone(), Shifted::none(&compiled.arrays))
        }
        _ => {
            let alignment = compiled.alignment(Some(target))?;
            let shifted = Shifted::of(&compiled.arrays, &alignment)?;
            (compiled.moved(&alignment, moves, &shifted)?, shifted)
        }
    };
    // The right side is as it was before the first write. A copy keeps the failure of a rank.
    for (number, operand) in operands.iter_mut().enumerate() {
        if operand.shares_memory(target) && !shifted.has(number) {
            *operand = operand.copy()?;
        }
    }
    if !shifted.is_empty() {
        return shifted.run(&compiled, &operands, target);
    }
    // Nothing is written if one rank cannot read its operands or write its elements.
    let sides = read_all(&operands).and_then(|readings| Ok((readings, target.write()?)));
    let (readings, writing) = target.context().comm().agree(sides)?;
    if let Err(error) = compiled.run(writing, &readings) {
        target.storage().fail(error);
    }
    Ok(())
}

/// The operands' elements on this process.
pub(super) fn read_all(operands: &[DynArray]) -> Result<Vec<Option<Reading<'_>>>> {
    operands.iter().map(DynArray::read).collect()
}

/// Writes one value to all elements. Local.
pub(super) fn fill(target: &DynArray, value: Value) -> Result<()> {
    filling(target.number_type()?, value)?.run(target.write()?, &[])
}

/// Writes one value to elements of an array that is being made. Local.
///
/// # Errors
/// A value that the type does not have: the same on all ranks.
pub(super) fn fill_new(target: &DynArray, value: Value, writing: Result<Option<Writing<'_>>>) -> Result<()> {
    let compiled = filling(target.number_type()?, value)?;
    if let Err(error) = writing.and_then(|writing| compiled.run(writing, &[])) {
        target.storage().fail(error);
    }
    Ok(())
}

/// The program that writes one value.
fn filling(element: ElementType, value: Value) -> Result<Compiled> {
    let mut graph = Graph::new();
    let scalar = graph.scalar(element).checked()?;
    graph.output(scalar).checked()?;
    let program = Program::of(&graph).checked()?;
    program.check_scalars(&[value]).checked()?;
    Ok(Compiled { program, arrays: Vec::new(), scalars: vec![value] })
}

/// Whether an array can hold a result: as NumPy's `same_kind`.
fn can_hold(target: ElementType, root: &Node) -> Result<()> {
    let number = |kind| match kind {
        Kind::Bool => 0,
        Kind::Uint => 1,
        Kind::Int => 2,
        Kind::Float => 3,
        _ => 4,
    };
    // The value of a number of Python or Rust is checked instead.
    let is_number = matches!(root.content, Content::Weak(Value::Bool(_) | Value::Int(_)));
    let (from, to) = (number(root.element().kind()), number(target.kind()));
    if from <= to || is_number && to > 0 {
        return Ok(());
    }
    let (found, target) = (root.element(), target.name());
    argument(format!("{target} elements cannot hold results of type {found}: convert them with `cast`"))
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
    fn aligned(&self, shape: &[i64]) -> Result<Option<&Placement>> {
        let Some(first) = self.arrays.first() else { return Ok(None) };
        let placement = first.placement();
        let is_same = placement.shape() == shape && self.arrays.iter().all(|array| array.placement() == placement);
        Ok(is_same.then_some(placement))
    }

    /// The alignment of arrays that do not lie together.
    fn misaligned(&self, shape: &[i64]) -> Result<Option<Alignment>> {
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
    fn moved(&self, alignment: &Alignment, moves: Moves, shifted: &Shifted) -> Result<Vec<DynArray>> {
        if let (Moves::Refused, Some(it)) = (moves, alignment.moves().first()) {
            let (operand, to) = (&self.arrays[it.operand], &it.target);
            return argument(format!("{operand:?} would move to {to}, and the expression is strict: move it yourself"));
        }
        align::moved(&self.arrays, alignment, |number| shifted.has(number))
    }

    /// Computes this process's elements.
    fn run(&self, writing: Option<Writing<'_>>, readings: &[Option<Reading<'_>>]) -> Result<()> {
        let Some(mut writing) = writing else { return Ok(()) };
        if writing.buffer_mut().is_empty() {
            return Ok(());
        }
        let views = readings.iter().map(|reading| reading.as_ref().ok_or_else(no_elements)?.view());
        let inputs: Vec<_> = views.collect::<Result<_>>()?;
        self.compute(writing.view_mut()?, &inputs)?;
        drop(inputs);
        Writing::finish(writing)
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
        let added = match &node.content {
            Content::Array(array) => self.input(array, node.element())?,
            Content::Scalar(value) => {
                self.scalars.push(*value);
                self.graph.scalar(node.element()).checked()?
            }
            Content::Weak(value) => {
                self.scalars.push(*value);
                self.graph.weak(value.kind()).checked()?
            }
            Content::Cast(operand) => {
                let operand = self.add(operand)?;
                self.graph.cast(operand, node.element()).checked()?
            }
            Content::Apply(op, operands) => {
                let operands = operands.iter().map(|operand| self.add(operand)).collect::<Result<Vec<_>>>()?;
                self.graph.apply(*op, &operands).checked()?
            }
        };
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
