//! The text of [`Expr::explain`](super::Expr::explain).

use std::fmt::Write;
use std::rc::Rc;

use dap_mpi::Result;

use super::evaluate::Compiled;
use super::no_array;
use super::node::Node;

/// The operands, the moves, the program and the result's distribution.
pub(super) fn text(root: &Rc<Node>) -> Result<String> {
    let compiled = Compiled::new(root, None)?;
    if compiled.arrays.is_empty() {
        return no_array();
    }
    let alignment = compiled.alignment(None)?;
    let mut text = String::new();
    // Writing to a string does not fail.
    for (number, array) in compiled.arrays.iter().enumerate() {
        let _ = writeln!(text, "x{number}: {} {}", array.dtype().name(), array.placement());
        if let Some(it) = alignment.moves().iter().find(|it| it.operand == number) {
            let bytes = it.bytes.map_or_else(|| "more than 2^63 bytes".to_owned(), |bytes| format!("{bytes} bytes"));
            let _ = writeln!(text, "    moves to {}: {bytes} in {} messages", it.target, it.cost.messages);
        }
    }
    let _ = write!(text, "{}", compiled.program);
    let _ = writeln!(text, "y0: {} {}", root.element(), alignment.result().without_padding()?);
    Ok(text)
}
