//! Expressions as graphs: each node is an operand or an operation on earlier nodes.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::error::{ProgramError, ProgramErrorKind};
use super::op::Op;
use super::types::types_of;
use crate::element::ElementType;
use crate::promote::{WeakKind, promote, promote_weak};

/// A node of a [`Graph`], of which it is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node(pub(super) u16);

/// The content of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Content {
    Input(u16),
    /// The value of a target before the program writes it.
    Target(u16),
    Scalar(u16),
    /// A Python scalar that has met no typed operand yet.
    Weak(u16, WeakKind),
    Cast(Node),
    Unary(Op, Node),
    Binary(Op, Node, Node),
    /// The first is a bool.
    Where(Node, Node, Node),
}

/// A node: its content, and the type of its elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) content: Content,
    pub(super) element: ElementType,
}

/// From this number of nodes on, equal ones are found by a table.
const SEARCHED: usize = 24;

/// An expression; see the [module](super).
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub(super) entries: SmallVec<[Entry; 16]>,
    /// The node of each target.
    pub(super) outputs: SmallVec<[Node; 2]>,
    inputs: u16,
    scalars: u16,
    targets: u16,
    table: HashMap<Entry, Node>,
}

impl Graph {
    /// The greatest number of nodes.
    pub const MOST: usize = 4096;

    /// A graph without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next input: an array.
    ///
    /// # Errors
    /// The graph is too large.
    pub fn input(&mut self, element: ElementType) -> Result<Node, ProgramError> {
        let node = self.add(Content::Input(self.inputs), element)?;
        self.inputs += 1;
        Ok(node)
    }

    /// The next target as it is before the program writes it: `a` of `a += b`.
    ///
    /// # Errors
    /// The graph is too large.
    pub fn target(&mut self, element: ElementType) -> Result<Node, ProgramError> {
        let node = self.add(Content::Target(self.targets), element)?;
        self.targets += 1;
        Ok(node)
    }

    /// The next scalar, of a type.
    ///
    /// # Errors
    /// The graph is too large.
    pub fn scalar(&mut self, element: ElementType) -> Result<Node, ProgramError> {
        let node = self.add(Content::Scalar(self.scalars), element)?;
        self.scalars += 1;
        Ok(node)
    }

    /// The next scalar, one of Python: its kind counts, its type is that of the operand it meets.
    ///
    /// # Errors
    /// The graph is too large.
    pub fn weak(&mut self, kind: WeakKind) -> Result<Node, ProgramError> {
        let node = self.add(Content::Weak(self.scalars, kind), kind.default_type())?;
        self.scalars += 1;
        Ok(node)
    }

    /// The type of a node's elements.
    ///
    /// # Errors
    /// The node is of another graph.
    pub fn element(&self, node: Node) -> Result<ElementType, ProgramError> {
        self.entry(node).map(|entry| entry.element)
    }

    /// Any operation, by the number of operands.
    ///
    /// # Errors
    /// The operation has another number of operands, or is not defined for them.
    pub fn apply(&mut self, op: Op, operands: &[Node]) -> Result<Node, ProgramError> {
        match *operands {
            [x] => self.unary(op, x),
            [x, y] => self.binary(op, x, y),
            [condition, x, y] if op == Op::Where => self.select(condition, x, y),
            _ => Err(ProgramErrorKind::Arity { op, found: operands.len() }.into()),
        }
    }

    /// An operation on one operand.
    ///
    /// # Errors
    /// The operation has another number of operands, or is not defined for this type.
    pub fn unary(&mut self, op: Op, x: Node) -> Result<Node, ProgramError> {
        if op.arity() != 1 {
            return Err(ProgramErrorKind::Arity { op, found: 1 }.into());
        }
        let x = self.strong(x)?;
        let types = types_of(op, &[self.element(x)?])?;
        let x = self.cast(x, types.compute)?;
        let is = |node: Node, kind: fn(ElementType) -> bool| self.element(node).is_ok_and(kind);
        let number = |element: ElementType| !element.is_float() && !element.is_complex();
        match op {
            Op::Positive => Ok(x),
            Op::Conj | Op::Real if !is(x, ElementType::is_complex) => Ok(x),
            Op::Floor | Op::Ceil | Op::Trunc | Op::Round if is(x, number) => Ok(x),
            Op::Abs if types.compute == ElementType::Bool => Ok(x),
            Op::Square => self.binary(Op::Multiply, x, x),
            _ => self.add(Content::Unary(op, x), types.result),
        }
    }

    /// An operation on two operands.
    ///
    /// # Errors
    /// The operation has another number of operands, or is not defined for these types.
    pub fn binary(&mut self, op: Op, x: Node, y: Node) -> Result<Node, ProgramError> {
        if op.arity() != 2 {
            return Err(ProgramErrorKind::Arity { op, found: 2 }.into());
        }
        let (x, y) = self.meet(x, y)?;
        let types = types_of(op, &[self.element(x)?, self.element(y)?])?;
        if types.result == ElementType::Bool
            && types.compute == ElementType::F64
            && let Some(node) = self.compare_integers(op, x, y)?
        {
            return Ok(node);
        }
        let (x, y) = (self.cast(x, types.compute)?, self.cast(y, types.compute)?);
        let (op, x, y) = match op {
            Op::Greater => (Op::Less, y, x),
            Op::GreaterEqual => (Op::LessEqual, y, x),
            _ => (op, x, y),
        };
        self.add(Content::Binary(op, x, y), types.result)
    }

    /// `i64` with `u64`: compared exactly, as NumPy 2 does, not as floats.
    fn compare_integers(&mut self, op: Op, x: Node, y: Node) -> Result<Option<Node>, ProgramError> {
        let signed =
            |graph: &Self, node| graph.element(node).is_ok_and(|element| element.kind() == dap_core::dtype::Kind::Int);
        let wide = |graph: &Self, node| graph.element(node) == Ok(ElementType::U64);
        let mirrored = match op {
            Op::Less => Op::Greater,
            Op::LessEqual => Op::GreaterEqual,
            Op::Greater => Op::Less,
            Op::GreaterEqual => Op::LessEqual,
            other => other,
        };
        let (op, x, y) = match (wide(self, x), wide(self, y)) {
            (false, true) if signed(self, x) => (op, x, y),
            (true, false) if signed(self, y) => (mirrored, y, x),
            _ => return Ok(None),
        };
        let unsigned = self.cast(x, ElementType::U64)?;
        let same = self.binary(op, unsigned, y)?;
        let negative = self.unary(Op::Signbit, x)?;
        // A negative number is less than each unsigned one.
        let node = match op {
            Op::Less | Op::LessEqual | Op::NotEqual => self.binary(Op::LogicalOr, negative, same)?,
            _ => {
                let positive = self.unary(Op::LogicalNot, negative)?;
                self.binary(Op::LogicalAnd, positive, same)?
            }
        };
        Ok(Some(node))
    }

    /// `where(condition, x, y)`. The condition is converted to bool.
    ///
    /// # Errors
    /// A node is of another graph.
    pub fn select(&mut self, condition: Node, x: Node, y: Node) -> Result<Node, ProgramError> {
        let condition = self.strong(condition)?;
        let condition = self.cast(condition, ElementType::Bool)?;
        let (x, y) = self.meet(x, y)?;
        let types = types_of(Op::Where, &[self.element(x)?, self.element(y)?])?;
        let (x, y) = (self.cast(x, types.compute)?, self.cast(y, types.compute)?);
        self.add(Content::Where(condition, x, y), types.result)
    }

    /// `clip(x, low, high)`: `minimum(maximum(x, low), high)`; either bound may be missing.
    ///
    /// # Errors
    /// A node is of another graph.
    pub fn clip(&mut self, x: Node, low: Option<Node>, high: Option<Node>) -> Result<Node, ProgramError> {
        let x = low.map_or(Ok(x), |low| self.binary(Op::Maximum, x, low))?;
        high.map_or(Ok(x), |high| self.binary(Op::Minimum, x, high))
    }

    /// `isclose(x, y, rtol, atol, equal_nan)`: `abs(x - y) <= atol + rtol * abs(y)` with finite
    /// `y`, or `x == y`; if `equal_nan`, NaN is close to NaN.
    ///
    /// # Errors
    /// A node is of another graph.
    pub fn isclose(&mut self, x: Node, y: Node, rtol: Node, atol: Node, equal_nan: bool) -> Result<Node, ProgramError> {
        let (x, y) = self.meet(x, y)?;
        let compute = crate::promote::inexact(promote(self.element(x)?, self.element(y)?));
        let (x, y) = (self.cast(x, compute)?, self.cast(y, compute)?);
        let difference = self.binary(Op::Subtract, x, y)?;
        let distance = self.unary(Op::Abs, difference)?;
        let size = self.unary(Op::Abs, y)?;
        let relative = self.binary(Op::Multiply, rtol, size)?;
        let bound = self.binary(Op::Add, atol, relative)?;
        let near = self.binary(Op::LessEqual, distance, bound)?;
        let finite = self.unary(Op::Isfinite, y)?;
        let near = self.binary(Op::LogicalAnd, near, finite)?;
        let equal = self.binary(Op::Equal, x, y)?;
        let close = self.binary(Op::LogicalOr, near, equal)?;
        if !equal_nan {
            return Ok(close);
        }
        let (left, right) = (self.unary(Op::Isnan, x)?, self.unary(Op::Isnan, y)?);
        let both = self.binary(Op::LogicalAnd, left, right)?;
        self.binary(Op::LogicalOr, close, both)
    }

    /// A conversion. Complex to real takes the real part; to bool, each value but 0 is true; see
    /// the [module](super) for floats to integers.
    ///
    /// # Errors
    /// The node is of another graph, or the graph is too large.
    pub fn cast(&mut self, x: Node, element: ElementType) -> Result<Node, ProgramError> {
        let entry = self.entry(x)?;
        match entry.content {
            _ if entry.element == element && !matches!(entry.content, Content::Weak(..)) => Ok(x),
            Content::Weak(slot, _) if promote_weak(element, weak_kind(entry)) == element => {
                self.add(Content::Scalar(slot), element)
            }
            Content::Weak(slot, _) => {
                let x = self.add(Content::Scalar(slot), entry.element)?;
                self.add(Content::Cast(x), element)
            }
            _ => self.add(Content::Cast(x), element),
        }
    }

    /// The next target is written with this node's values; its number.
    ///
    /// # Errors
    /// The node is of another graph, or the graph is too large.
    pub fn output(&mut self, node: Node) -> Result<usize, ProgramError> {
        let node = self.strong(node)?;
        if self.outputs.len() >= Self::MOST {
            return Err(ProgramErrorKind::TooLarge.into());
        }
        self.outputs.push(node);
        Ok(self.outputs.len() - 1)
    }

    /// The number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs.into()
    }

    /// The number of scalars.
    #[must_use]
    pub fn scalars(&self) -> usize {
        self.scalars.into()
    }

    /// The number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether both are the same operations on operands of the same types.
    pub(super) fn is_same(&self, other: &Graph) -> bool {
        self.entries == other.entries && self.outputs == other.outputs && self.inputs == other.inputs
    }

    pub(super) fn entry(&self, node: Node) -> Result<Entry, ProgramError> {
        self.entries.get(usize::from(node.0)).copied().ok_or_else(|| ProgramErrorKind::UnknownNode.into())
    }

    /// Two operands of one operation: a weak scalar takes the type that the other one gives it.
    fn meet(&mut self, x: Node, y: Node) -> Result<(Node, Node), ProgramError> {
        let (left, right) = (self.entry(x)?, self.entry(y)?);
        let weak = |entry: Entry| matches!(entry.content, Content::Weak(..));
        Ok(match (weak(left), weak(right)) {
            (false, false) => (x, y),
            (true, false) => (self.typed(x, promote_weak(right.element, weak_kind(left)))?, y),
            (false, true) => (x, self.typed(y, promote_weak(left.element, weak_kind(right)))?),
            (true, true) => {
                let element = weak_kind(left).max(weak_kind(right)).default_type();
                (self.typed(x, element)?, self.typed(y, element)?)
            }
        })
    }

    /// A weak scalar with a type that can hold its kind.
    fn typed(&mut self, x: Node, element: ElementType) -> Result<Node, ProgramError> {
        let entry = self.entry(x)?;
        match entry.content {
            Content::Weak(slot, _) => self.add(Content::Scalar(slot), element),
            _ => Ok(x),
        }
    }

    /// A weak scalar with its default type; any other node itself.
    fn strong(&mut self, x: Node) -> Result<Node, ProgramError> {
        let element = self.element(x)?;
        self.typed(x, element)
    }

    fn add(&mut self, content: Content, element: ElementType) -> Result<Node, ProgramError> {
        let entry = Entry { content, element };
        let found = if self.entries.len() < SEARCHED {
            self.entries.iter().position(|known| *known == entry).map(|at| Node(at as u16))
        } else {
            if self.table.is_empty() {
                self.table = self.entries.iter().enumerate().map(|(at, known)| (*known, Node(at as u16))).collect();
            }
            self.table.get(&entry).copied()
        };
        if let Some(node) = found {
            return Ok(node);
        }
        if self.entries.len() >= Self::MOST {
            return Err(ProgramErrorKind::TooLarge.into());
        }
        let node = Node(self.entries.len() as u16);
        self.entries.push(entry);
        if self.entries.len() > SEARCHED {
            self.table.insert(entry, node);
        }
        Ok(node)
    }
}

fn weak_kind(entry: Entry) -> WeakKind {
    match entry.content {
        Content::Weak(_, kind) => kind,
        _ => WeakKind::Bool,
    }
}
