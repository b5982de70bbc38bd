//! Errors of graphs and programs.

use std::fmt;

use super::op::Op;
use crate::element::ElementType;
use crate::view::ViewError;

/// Why a graph cannot be built, or a program cannot run. Nothing was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramError {
    kind: ProgramErrorKind,
}

/// The kinds of [`ProgramError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProgramErrorKind {
    /// The operation is not defined for operands of this type.
    Undefined {
        /// The operation.
        op: Op,
        /// The common type of the operands.
        element: ElementType,
    },
    /// Another number of operands.
    Arity {
        /// The operation.
        op: Op,
        /// The number given.
        found: usize,
    },
    /// A node of another graph.
    UnknownNode,
    /// A graph has at most [`Graph::MOST`](super::Graph::MOST) nodes.
    TooLarge,
    /// The graph has no output, or reads a target that is no output or has another type.
    Target {
        /// The number of the target.
        target: usize,
    },
    /// A program was given another number of inputs, scalars or targets.
    Count {
        /// The operands: `inputs`, `scalars` or `targets`.
        what: &'static str,
        /// The number given.
        found: usize,
        /// The number of the graph.
        expected: usize,
    },
    /// An operand has another type than the graph says.
    Type {
        /// The operands: `input` or `target`.
        what: &'static str,
        /// The number of the operand.
        number: usize,
        /// The type given.
        found: ElementType,
        /// The type of the graph.
        expected: ElementType,
    },
    /// The targets have not all the same shape.
    TargetShape {
        /// The number of the target.
        target: usize,
    },
    /// An input cannot be broadcast to the shape of the targets.
    Shape {
        /// The number of the input.
        input: usize,
        /// Why not.
        error: ViewError,
    },
    /// A scalar is no value of its type, as 300 is none of `uint8`.
    Scalar {
        /// The number of the scalar.
        scalar: usize,
        /// The type of the graph.
        expected: ElementType,
    },
}

impl ProgramError {
    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> &ProgramErrorKind {
        &self.kind
    }
}

impl From<ProgramErrorKind> for ProgramError {
    fn from(kind: ProgramErrorKind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ProgramErrorKind::Undefined { op, element } => write!(f, "{op} is not defined for {element}; cast first"),
            ProgramErrorKind::Arity { op, found } => write!(f, "{op} with {found} operands, expected {}", op.arity()),
            ProgramErrorKind::UnknownNode => f.write_str("a node of another graph; use nodes of this graph only"),
            ProgramErrorKind::TooLarge => {
                write!(f, "more than {} nodes; evaluate parts of the expression first", super::Graph::MOST)
            }
            ProgramErrorKind::Target { target } => {
                write!(f, "target {target} is read but is no output of that type; add an output for each target")
            }
            ProgramErrorKind::Count { what, found, expected } => write!(f, "{found} {what}, expected {expected}"),
            ProgramErrorKind::Type { what, number, found, expected } => {
                write!(f, "{what} {number} has type {found}, expected {expected}")
            }
            ProgramErrorKind::TargetShape { target } => {
                write!(f, "target {target} has another shape than target 0; all targets have one shape")
            }
            ProgramErrorKind::Shape { input, error } => write!(f, "input {input}: {error}"),
            ProgramErrorKind::Scalar { scalar, expected } => {
                write!(f, "scalar {scalar} is no value of {expected}; use another type")
            }
        }
    }
}

impl std::error::Error for ProgramError {}
