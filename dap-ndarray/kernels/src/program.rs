//! Element-wise expressions as programs: a graph of operations, compiled once, executed in one
//! pass.
//!
//! 1. A [`Graph`] has inputs, scalars and operations on them. Each operation is type-checked when
//!    it is added, by the rules of [`promote`](crate::promote); equal operations on equal operands
//!    are one node.
//! 2. [`Program::of`] compiles it into a flat list of steps over *strips* (64 to 1024 elements, a
//!    KiB an operand), and keeps the program for the next graph of the same shape. Nothing depends
//!    on values: scalars are given when the program runs.
//! 3. [`Program::run`] executes the steps strip by strip. Operands are read where they lie if their
//!    elements lie side by side, else gathered into a strip; large results are written past the
//!    cache. Threads share the elements.
//!
//! ```
//! use dap_kernels::element::ElementType::F64;
//! use dap_kernels::program::{Graph, Op, Operands, Program, Value};
//! use dap_kernels::view::{View, ViewMut};
//! // a += b + s * c
//! let mut graph = Graph::new();
//! let (a, b, c, s) = (graph.target(F64)?, graph.input(F64)?, graph.input(F64)?, graph.scalar(F64)?);
//! let product = graph.binary(Op::Multiply, s, c)?;
//! let sum = graph.binary(Op::Add, b, product)?;
//! let sum = graph.binary(Op::Add, a, sum)?;
//! graph.output(sum)?;
//! let program = Program::of(&graph)?;
//! let (mut a, b, c) = ([1.0, 2.0], [10.0, 20.0], [0.5, 1.5]);
//! let operands = Operands { inputs: &[View::of(&b), View::of(&c)], scalars: &[Value::Float(2.0)] };
//! program.run(&mut [ViewMut::of(&mut a)], &operands)?;
//! assert_eq!(a, [12.0, 25.0]);
//! assert_eq!(program.to_string(), "r0 = s0 * x1 + x0  float64\ny0 += r0  float64\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Results
//!
//! An element of the result depends on the operands' elements only: not on strides, alignment,
//! position, the number of threads or the instruction set. A multiply-add step rounds twice, as the
//! two operations do. The sign and the payload of a NaN are unspecified. Integers wrap; division by
//! zero gives 0 and `MIN / -1` gives `MIN`; a shift by the width or more, or by a negative number,
//! gives 0 (-1 for a negative number that is shifted right). A float that is cast to an integer
//! type saturates, NaN gives 0.

mod cache;
mod compile;
mod error;
mod execute;
mod gather;
mod graph;
mod kernel;
mod kernels;
mod lower;
mod op;
mod text;
mod types;
mod value;

pub use compile::Program;
pub use error::{ProgramError, ProgramErrorKind};
pub use execute::{Operands, Options};
pub use graph::{Graph, Node};
pub use op::Op;
pub use value::{Bytes, Value};

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
