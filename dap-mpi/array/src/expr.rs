//! Element-wise expressions: described by operators, computed in one pass.
//!
//! An expression is a tree of operations on arrays and scalars. It holds nothing but handles: no
//! element is read and no message is sent before it is used. [`Expr::eval`] makes a new array,
//! [`DynArray::assign`] writes into an existing one. Both are collective: operands whose elements
//! lie on other ranks than the result's move first, the others stay
//! ([`Alignment`](dap_core::algebra::Alignment)). Of views of one array that differ by shifts
//! (`a[2:] + a[:-2]`) only the halo moves, while the interior is computed. Each process computes
//! its elements in one pass ([`dap_kernels::program`]).
//!
//! ```no_run
//! # fn example(a: &dap_array::DistArray<f64>, b: &dap_array::DistArray<f64>) -> dap_array::Result<()> {
//! use dap_array::Op;
//! let hypotenuse = (a * a + b * b).sqrt();
//! println!("{}", hypotenuse.explain()?); // the program, and what moves
//! let result = hypotenuse.eval()?;
//! let larger = a.expr().apply2(Op::Maximum, b).eval()?;
//! # Ok(())
//! # }
//! ```

mod blocks;
mod compiled;
mod compute;
mod evaluate;
mod explain;
mod node;
mod operators;
mod same;
mod shared;
mod shifted;

use std::marker::PhantomData;
use std::rc::Rc;

use dap_core::cost_model::Machine;
use dap_kernels::element::ElementType;
use dap_kernels::program::{Op, Value};
use dap_mpi::Result;

use crate::access::Writing;
use crate::array::DynArray;
use crate::error::argument;
use crate::scalar::Scalar;
use evaluate::Ready;
use node::{Content, Node};

/// An element-wise expression; see the [crate](crate). It borrows its operands for `'a`.
///
/// A mistake (shapes that cannot be broadcast together, types without the operation) is kept, and
/// returned when the expression is used.
#[derive(Debug, Clone)]
pub struct Expr<'a> {
    node: Result<Rc<Node>>,
    moves: Moves,
    operands: PhantomData<&'a DynArray>,
}

/// Whether operands move to the ranks of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moves {
    Allowed,
    Refused,
}

/// A value that can be an operand of an expression: an array, an expression, a number of Rust.
pub trait IntoExpr<'a> {
    /// The operand.
    fn into_expr(self) -> Expr<'a>;
}

impl<'a> Expr<'a> {
    fn of(node: Result<Node>) -> Expr<'a> {
        Expr { node: node.map(Rc::new), moves: Moves::Allowed, operands: PhantomData }
    }

    /// An array.
    pub(crate) fn array(array: &DynArray) -> Expr<'a> {
        Expr::of(Node::array(array))
    }

    /// A number whose type gives way to that of the arrays that it meets, as Python's numbers do.
    pub fn number(value: impl Into<Value>) -> Expr<'a> {
        Expr::of(Ok(Node::weak(value.into())))
    }

    /// A value of its own type.
    pub fn scalar(scalar: Scalar) -> Expr<'a> {
        Expr::of(Ok(Node::scalar(scalar)))
    }

    /// An operation of one operand.
    pub fn apply(&self, op: Op) -> Expr<'a> {
        self.applied(op, &[self])
    }

    /// An operation of two operands, this one and another.
    pub fn apply2(&self, op: Op, other: impl IntoExpr<'a>) -> Expr<'a> {
        self.applied(op, &[self, &other.into_expr()])
    }

    /// `where(self, x, y)`: elements of `x` where this is true, of `y` elsewhere.
    pub fn select(&self, x: impl IntoExpr<'a>, y: impl IntoExpr<'a>) -> Expr<'a> {
        self.applied(Op::Where, &[self, &x.into_expr(), &y.into_expr()])
    }

    fn applied(&self, op: Op, operands: &[&Expr<'a>]) -> Expr<'a> {
        let nodes: Result<_> = operands.iter().map(|operand| operand.node.clone()).collect();
        let is_strict = operands.iter().any(|operand| operand.moves == Moves::Refused);
        let applied = Expr::of(nodes.and_then(|nodes| Node::apply(op, nodes)));
        if is_strict { applied.strict() } else { applied }
    }

    /// The elements converted to another type.
    pub fn cast(&self, element: ElementType) -> Expr<'a> {
        Expr { moves: self.moves, ..Expr::of(self.node.clone().map(|node| Node::cast(element, node))) }
    }

    /// The same expression, all of whose operands stay where they are: an operand of another
    /// distribution is an error. So are the expressions that it is an operand of.
    #[must_use]
    pub fn strict(self) -> Expr<'a> {
        Expr { moves: Moves::Refused, ..self }
    }

    /// The type of the result's elements.
    ///
    /// # Errors
    /// The expression's mistake.
    pub fn element(&self) -> Result<ElementType> {
        Ok(self.node()?.element())
    }

    /// The extents of the result.
    ///
    /// # Errors
    /// The expression's mistake.
    pub fn shape(&self) -> Result<&[i64]> {
        Ok(self.node()?.shape())
    }

    /// The array that this is, without an operation.
    pub(crate) fn as_array(&self) -> Option<DynArray> {
        self.node.as_ref().ok()?.with_content(|content| match content {
            Content::Array(array) | Content::Kept { array, .. } => Some(array.clone()),
            _ => None,
        })
    }

    /// The expression with its operands on the ranks of the result. Collective if one moves.
    pub(crate) fn ready(&self) -> Result<Ready> {
        Ready::of(self.node()?, self.moves)
    }

    /// The greatest number of operations behind one another.
    ///
    /// # Errors
    /// The expression's mistake.
    pub fn depth(&self) -> Result<usize> {
        Ok(self.node()?.depth())
    }

    /// Whether an operand shares memory with an array, so that writing the array may change the
    /// expression.
    pub fn reads(&self, array: &DynArray) -> bool {
        self.node.as_ref().is_ok_and(|node| node.reads(array))
    }

    /// The value of an expression of numbers and scalars. Local.
    ///
    /// # Errors
    /// The expression's mistake; an array among the operands; a number that its type does not have.
    pub fn value(&self) -> Result<Scalar> {
        evaluate::value(self.node()?)
    }

    fn node(&self) -> Result<&Rc<Node>> {
        self.node.as_ref().map_err(Clone::clone)
    }

    /// The result as a new array: in the distribution of the largest operand that has its shape.
    /// Collective.
    ///
    /// # Errors
    /// The expression's mistake; no array among the operands; operands on several contexts; one
    /// that would move, in a [strict](Expr::strict) expression; a failure of one of them on some
    /// rank, or not enough memory.
    #[track_caller]
    pub fn eval(&self) -> Result<DynArray> {
        let _call = self.enter("eval", ())?;
        evaluate::new_array(self.node()?, self.moves)
    }

    /// The program as a graph in the DOT language, for Graphviz. Local.
    ///
    /// # Errors
    /// As [`eval`](Expr::eval), failures of a rank excepted.
    pub fn graph(&self) -> Result<String> {
        compiled::graph(self.node()?)
    }

    /// The program, the operands that move and the result's distribution, without computing
    /// anything. Local.
    ///
    /// # Errors
    /// As [`eval`](Expr::eval), failures of a rank excepted.
    pub fn explain(&self) -> Result<String> {
        explain::text(self.node()?, None, None)
    }

    /// As [`explain`](Expr::explain), of [`DynArray::assign`] to `target`. Local.
    ///
    /// # Errors
    /// As [`DynArray::assign`], failures of a rank excepted.
    pub fn explain_into(&self, target: &DynArray) -> Result<String> {
        explain::text(self.node()?, Some(target), None)
    }

    /// As [`explain`](Expr::explain), with the predicted time of each move and each halo on a
    /// machine. Local. The [cost model](dap_core::cost_model) says how it is found.
    ///
    /// # Errors
    /// As [`explain`](Expr::explain); more than 2^20 ranks with a halo.
    pub fn explain_on(&self, machine: &Machine) -> Result<String> {
        explain::text(self.node()?, None, Some(machine))
    }

    /// As [`explain_on`](Expr::explain_on), of [`DynArray::assign`] to `target`. Local.
    ///
    /// # Errors
    /// As [`explain_into`](Expr::explain_into); more than 2^20 ranks with a halo.
    pub fn explain_into_on(&self, target: &DynArray, machine: &Machine) -> Result<String> {
        explain::text(self.node()?, Some(target), Some(machine))
    }
}

impl DynArray {
    /// This array as an operand.
    pub fn expr(&self) -> Expr<'_> {
        Expr::array(self)
    }

    /// Overwrites the elements by those of an expression, broadcast to this shape; the right side
    /// is as it was before the first write. Collective.
    ///
    /// # Errors
    /// As [`Expr::eval`]; a type that this array's cannot hold (as NumPy's `same_kind`); memory
    /// that may only be read or is in use, on some rank. Nothing is written then.
    #[track_caller]
    pub fn assign<'a>(&self, expr: impl IntoExpr<'a>) -> Result<()> {
        let expr = expr.into_expr();
        let _call = self.enter("assign", expr.node()?.same())?;
        evaluate::into_array(self, expr.node()?, expr.moves)
    }

    /// Overwrites all elements by one value. Local.
    ///
    /// # Errors
    /// A value that the type does not have; memory that may only be read or is in use.
    pub fn fill(&self, value: impl Into<Value>) -> Result<()> {
        evaluate::fill(self, value.into())
    }

    /// As [`fill`](DynArray::fill), of memory of an array that is being made: a failure of this
    /// process is kept, and the next collective operation returns it.
    ///
    /// # Errors
    /// A value that the type does not have: the same on all ranks.
    pub(crate) fn fill_new(&self, value: Value, writing: Result<Option<Writing<'_>>>) -> Result<()> {
        evaluate::fill_new(self, value, writing)
    }
}

/// An expression without an array has no context to be computed on.
fn no_array<T>() -> Result<T> {
    argument("an expression of numbers alone has no distribution: one operand must be an array")
}
