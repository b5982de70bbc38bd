//! The nodes of an expression, with the shape and type of their results.

use std::collections::HashSet;
use std::rc::Rc;

use dap_core::algebra::broadcast_shapes;
use dap_kernels::element::ElementType;
use dap_kernels::program::{Graph, Op, Value};
use dap_kernels::promote::WeakKind;
use dap_mpi::Result;
use smallvec::SmallVec;

use crate::array::DynArray;
use crate::error::{Checked, argument};
use crate::scalar::Scalar;

/// The operands of an operation.
pub(super) type Operands = SmallVec<[Rc<Node>; 3]>;

/// A node: what it computes, and the shape and type of the result.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) content: Content,
    shape: SmallVec<[i64; 4]>,
    element: ElementType,
    /// The greatest number of operations behind one another.
    depth: usize,
    /// Whether an array is among the operands, at any depth.
    has_array: bool,
}

/// Deeper expressions are refused: nodes are visited, and dropped, one within the other.
const MOST_DEPTH: usize = 1024;

#[derive(Debug)]
pub(super) enum Content {
    Array(DynArray),
    /// A value of a type of its own.
    Scalar(Value),
    /// A number whose type gives way.
    Weak(Value),
    Cast(Rc<Node>),
    Apply(Op, Operands),
}

impl Node {
    pub(super) fn array(array: &DynArray) -> Result<Node> {
        let element = array.number_type()?;
        Ok(Node {
            shape: array.shape().into(),
            element,
            content: Content::Array(array.clone()),
            depth: 0,
            has_array: true,
        })
    }

    pub(super) fn scalar(scalar: Scalar) -> Node {
        let (content, element) = (Content::Scalar(scalar.value), scalar.element);
        Node { content, shape: SmallVec::new(), element, depth: 0, has_array: false }
    }

    pub(super) fn weak(value: Value) -> Node {
        let (content, element) = (Content::Weak(value), value.kind().default_type());
        Node { content, shape: SmallVec::new(), element, depth: 0, has_array: false }
    }

    pub(super) fn cast(element: ElementType, operand: Rc<Node>) -> Node {
        let depth = operand.depth + 1;
        let has_array = operand.has_array;
        Node { shape: operand.shape.clone(), content: Content::Cast(operand), element, depth, has_array }
    }

    /// An operation on results.
    ///
    /// # Errors
    /// Shapes that cannot be broadcast together; types that the operation does not take.
    pub(super) fn apply(op: Op, operands: Operands) -> Result<Node> {
        let element = result_type(op, &operands)?;
        let first = operands.first().map(|operand| &operand.shape);
        let shape = match first {
            Some(first) if operands.iter().all(|operand| operand.shape == *first) => first.clone(),
            _ => {
                let shapes = broadcast_shapes(operands.iter().map(|operand| &operand.shape[..]));
                shapes.checked()?.into()
            }
        };
        let depth = 1 + operands.iter().map(|operand| operand.depth).max().unwrap_or(0);
        if depth > MOST_DEPTH {
            return argument(format!(
                "the expression is {depth} operations deep, at most {MOST_DEPTH}: evaluate a part of it first"
            ));
        }
        let has_array = operands.iter().any(|operand| operand.has_array);
        Ok(Node { content: Content::Apply(op, operands), shape, element, depth, has_array })
    }

    pub(super) fn shape(&self) -> &[i64] {
        &self.shape
    }

    pub(super) fn element(&self) -> ElementType {
        self.element
    }

    /// Whether an array is among the operands.
    pub(super) fn has_array(&self) -> bool {
        self.has_array
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether an operand shares memory with an array. Each node is visited once.
    pub(super) fn reads(&self, array: &DynArray) -> bool {
        let mut seen: HashSet<*const Node> = HashSet::new();
        let mut waiting = vec![self];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &node.content {
                Content::Array(operand) if operand.shares_memory(array) => return true,
                Content::Array(_) | Content::Scalar(_) | Content::Weak(_) => {}
                Content::Cast(operand) => waiting.push(operand),
                Content::Apply(_, operands) => waiting.extend(operands.iter().map(|operand| &**operand)),
            }
        }
        false
    }

    fn weak_kind(&self) -> Option<WeakKind> {
        match self.content {
            Content::Weak(value) => Some(value.kind()),
            _ => None,
        }
    }
}

/// The type of an operation's result, by the rules of the graph that computes it.
fn result_type(op: Op, operands: &[Rc<Node>]) -> Result<ElementType> {
    let mut graph = Graph::new();
    let mut nodes: SmallVec<[_; 3]> = SmallVec::new();
    for operand in operands {
        nodes.push(match operand.weak_kind() {
            Some(kind) => graph.weak(kind).checked()?,
            None => graph.input(operand.element).checked()?,
        });
    }
    let node = graph.apply(op, &nodes).checked()?;
    graph.element(node).checked()
}
