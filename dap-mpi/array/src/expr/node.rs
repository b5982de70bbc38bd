//! The nodes of an expression, with the shape and type of their results.

use std::cell::{Cell, RefCell};
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
    content: RefCell<Content>,
    /// How often a shared expression was computed.
    pub(super) uses: Cell<Uses>,
    shape: SmallVec<[i64; 4]>,
    element: ElementType,
    /// The greatest number of operations behind one another.
    depth: Cell<usize>,
    /// Whether an array is among the operands, at any depth.
    has_array: bool,
}

/// Deeper expressions are refused: nodes are visited, and dropped, one within the other.
const MOST_DEPTH: usize = 1024;

/// How often an expression was computed, alone or as a part of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uses {
    /// It is not shared.
    Uncounted,
    Never,
    Once,
}

#[derive(Debug)]
pub(super) enum Content {
    Array(DynArray),
    /// The elements of an expression, and the hash that it had on every rank: another rank may not
    /// have kept it.
    Kept {
        array: DynArray,
        hash: u64,
    },
    /// A value of a type of its own.
    Scalar(Value),
    /// A number whose type gives way.
    Weak(Value),
    Cast(Rc<Node>),
    Apply(Op, Operands),
}

impl Node {
    fn new(content: Content, shape: SmallVec<[i64; 4]>, element: ElementType) -> Node {
        let has_array = match &content {
            Content::Array(_) | Content::Kept { .. } => true,
            Content::Scalar(_) | Content::Weak(_) => false,
            Content::Cast(operand) => operand.has_array,
            Content::Apply(_, operands) => operands.iter().any(|operand| operand.has_array),
        };
        let depth = Cell::new(depth_of(&content));
        Node { content: RefCell::new(content), uses: Cell::new(Uses::Uncounted), shape, element, depth, has_array }
    }

    pub(super) fn array(array: &DynArray) -> Result<Node> {
        let element = array.number_type()?;
        Ok(Node::new(Content::Array(array.clone()), array.shape().into(), element))
    }

    pub(super) fn scalar(scalar: Scalar) -> Node {
        Node::new(Content::Scalar(scalar.value), SmallVec::new(), scalar.element)
    }

    pub(super) fn weak(value: Value) -> Node {
        Node::new(Content::Weak(value), SmallVec::new(), value.kind().default_type())
    }

    pub(super) fn cast(element: ElementType, operand: Rc<Node>) -> Node {
        let shape = operand.shape.clone();
        Node::new(Content::Cast(operand), shape, element)
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
        let node = Node::new(Content::Apply(op, operands), shape, element);
        let depth = node.depth();
        if depth > MOST_DEPTH {
            return argument(format!(
                "the expression is {depth} operations deep, at most {MOST_DEPTH}: evaluate a part of it first"
            ));
        }
        Ok(node)
    }

    /// The operation, or what stands in its place.
    pub(super) fn with_content<T>(&self, body: impl FnOnce(&Content) -> T) -> T {
        body(&self.content.borrow())
    }

    /// The operands of an operation.
    pub(super) fn operands(&self) -> Vec<Rc<Node>> {
        self.with_content(|content| match content {
            Content::Cast(operand) => vec![operand.clone()],
            Content::Apply(_, operands) => operands.to_vec(),
            _ => Vec::new(),
        })
    }

    /// Counts the depth again, when operands are kept. Each node is visited once.
    pub(super) fn count_depth(&self, seen: &mut HashSet<*const Node>) {
        for operand in self.operands() {
            if seen.insert(Rc::as_ptr(&operand)) {
                operand.count_depth(seen);
            }
        }
        self.depth.set(self.with_content(depth_of));
    }

    /// Keeps the elements, in the place of operands.
    pub(super) fn keep(&self, array: DynArray, hash: u64) {
        self.uses.set(Uses::Uncounted);
        self.depth.set(0);
        // Operands are dropped when nothing is borrowed.
        drop(self.content.replace(Content::Kept { array, hash }));
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
        self.depth.get()
    }

    /// Whether an operand shares memory with an array. Each node is visited once.
    pub(super) fn reads(self: &Rc<Self>, array: &DynArray) -> bool {
        let mut seen: HashSet<*const Node> = HashSet::new();
        let mut waiting = vec![self.clone()];
        while let Some(node) = waiting.pop() {
            if !seen.insert(Rc::as_ptr(&node)) {
                continue;
            }
            let shares = node.with_content(|content| match content {
                Content::Array(operand) | Content::Kept { array: operand, .. } => operand.shares_memory(array),
                _ => false,
            });
            if shares {
                return true;
            }
            waiting.extend(node.operands());
        }
        false
    }

    fn weak_kind(&self) -> Option<WeakKind> {
        self.with_content(|content| match content {
            Content::Weak(value) => Some(value.kind()),
            _ => None,
        })
    }
}

/// The greatest number of operations behind one another.
fn depth_of(content: &Content) -> usize {
    match content {
        Content::Array(_) | Content::Kept { .. } | Content::Scalar(_) | Content::Weak(_) => 0,
        Content::Cast(operand) => operand.depth() + 1,
        Content::Apply(_, operands) => 1 + operands.iter().map(|operand| operand.depth()).max().unwrap_or(0),
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
