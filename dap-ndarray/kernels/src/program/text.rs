//! A program as text, and its graph as a picture.

use std::fmt::{self, Write};

use super::compile::{Place, Program, Step};
use super::graph::{Content, Graph, Node};
use super::lower::Code;
use super::op::Op;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(number) => write!(f, "y{number}"),
            Self::Input(number) => write!(f, "x{number}"),
            Self::Scalar(number) => write!(f, "s{number}"),
            Self::Register(number) => write!(f, "r{number}"),
        }
    }
}

/// One step a line: targets are `y0`, `y1`, ..., inputs `x0`, scalars `s0`, registers `r0`; behind
/// it the type of the result.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}  {}", step.result))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let x = |at: usize| self.operands[at];
        let out = self.out;
        match self.code {
            Code::MulAdd | Code::ScaleAdd => write!(f, "{out} = {} * {} + {}", x(0), x(1), x(2)),
            Code::MulSub | Code::ScaleSub => write!(f, "{out} = {} * {} - {}", x(0), x(1), x(2)),
            Code::SubMul | Code::SubScale => write!(f, "{out} = {} - {} * {}", x(2), x(0), x(1)),
            Code::Accumulate(op) => write!(f, "{out} {}= {}", op.infix().unwrap_or("?"), x(1)),
            Code::Copy => write!(f, "{out} = {}", x(0)),
            Code::Cast(to) => write!(f, "{out} = {to}({})", x(0)),
            Code::False => write!(f, "{out} = false"),
            Code::True => write!(f, "{out} = true"),
            Code::Zero => write!(f, "{out} = 0"),
            Code::Op(op) | Code::WithScalar(op) => match (op.infix(), &self.operands[..]) {
                (Some(sign), [a, b]) => write!(f, "{out} = {a} {sign} {b}"),
                (_, operands) => {
                    let operands: Vec<String> = operands.iter().map(Place::to_string).collect();
                    write!(f, "{out} = {op}({})", operands.join(", "))
                }
            },
        }
    }
}

impl Graph {
    /// The graph in the language of Graphviz (`dot -Tsvg`): a node for each operand and operation,
    /// with its type; targets are drawn as boxes.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut text = String::from("digraph program {\n  rankdir=BT;\n");
        for (at, entry) in self.entries.iter().enumerate() {
            let (label, operands): (String, Vec<Node>) = match entry.content {
                Content::Input(number) => (format!("x{number}"), vec![]),
                Content::Target(number) => (format!("y{number} before"), vec![]),
                Content::Scalar(number) | Content::Weak(number, _) => (format!("s{number}"), vec![]),
                Content::Cast(x) => ("cast".to_owned(), vec![x]),
                Content::Unary(op, x) => (op.to_string(), vec![x]),
                Content::Binary(op, x, y) => (op.infix().unwrap_or(op.name()).to_owned(), vec![x, y]),
                Content::Where(condition, x, y) => (Op::Where.to_string(), vec![condition, x, y]),
            };
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "  n{at} [label=\"{label}\\n{}\"];", entry.element);
            for operand in operands {
                let _ = writeln!(text, "  n{} -> n{at};", operand.0);
            }
        }
        for (target, node) in self.outputs.iter().enumerate() {
            let _ = writeln!(text, "  y{target} [shape=box];\n  n{} -> y{target};", node.0);
        }
        text + "}\n"
    }
}
