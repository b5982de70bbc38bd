//! The text of [`Expr::explain`](super::Expr::explain).

use std::fmt::Write;
use std::rc::Rc;

use dap_core::cost_model::{Machine, Prediction};
use dap_mpi::Result;

use super::compiled::Compiled;
use super::no_array;
use super::node::Node;
use super::shifted::Shifted;
use crate::array::DynArray;
use crate::error::Checked;

/// The operands, the moves, the program and the result's distribution; with a machine, the
/// predicted time of each move and halo.
pub(super) fn text(root: &Rc<Node>, target: Option<&DynArray>, machine: Option<&Machine>) -> Result<String> {
    let compiled = Compiled::new(root, target)?;
    if compiled.arrays.is_empty() && target.is_none() {
        return no_array();
    }
    let alignment = compiled.alignment(target)?;
    let shifted = Shifted::of(&compiled.arrays, &alignment)?;
    let mut text = String::new();
    // Writing to a string does not fail.
    for (number, array) in compiled.arrays.iter().enumerate() {
        let _ = writeln!(text, "x{number}: {} {}", array.dtype().name(), array.placement());
        if let Some(halo) = shifted.text(number, array.dtype().itemsize(), machine)? {
            let _ = writeln!(text, "    {halo}");
        } else if let Some(it) = alignment.moves().iter().find(|it| it.operand == number) {
            let bytes = it.bytes.map_or_else(|| "more than 2^63 bytes".to_owned(), |bytes| format!("{bytes} bytes"));
            let _ = write!(text, "    moves to {}: {bytes} in {} messages", it.target, it.cost.messages);
            if let Some(machine) = machine {
                let source = it.source.placement().checked()?;
                let time = Prediction::of_move(machine, &source, &it.target, array.dtype().itemsize()).checked()?.time;
                let _ = write!(text, ", {time}");
            }
            text.push('\n');
        }
    }
    let _ = write!(text, "{}", compiled.program);
    let element = target.map_or_else(|| root.element().name().to_owned(), |target| target.dtype().name());
    let _ = writeln!(text, "y0: {element} {}", alignment.result().without_padding()?);
    Ok(text)
}
