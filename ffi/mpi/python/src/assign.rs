//! Writing into arrays.
//!
//! A write evaluates the pending expressions that read that memory first, and is collective. It
//! does not look at whether its operands are pending: that may differ between ranks.

use std::rc::Rc;

use dap_array::{ElementType, Expr, Op, Scalar};
use dap_core::dtype::Kind;
use pyo3::prelude::*;

use crate::apply::{applied, no_operand, strictly};
use crate::array::{Array, Inner, State, written};
use crate::error::{Raised, type_error, value_error};
use crate::operand::{Operand, value_for};
use crate::thread::without_gil;

/// Overwrites the elements of ``target`` by ``value``, an array or a number, broadcast and
/// converted to the target's type as NumPy's assignment does. Collective.
#[pyfunction]
pub(crate) fn assign(py: Python<'_>, target: &Bound<'_, Array>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let Some(operand) = Operand::of(value)? else { return Err(no_operand(value)) };
    let inner = target.get().inner()?;
    let element = inner.element().raised()?;
    if let Operand::Weak(_) = operand {
        // A number of Python must be a value of the type.
        let value = value_for(value, element)?;
        return write(py, inner, &Expr::scalar(Scalar { element, value }));
    }
    if let Operand::Array(value) = &operand {
        lies_alike_or_settled(py, value, inner)?;
    }
    write(py, inner, &operand.expr().cast(element))
}

/// Overwrites the elements of ``target`` by a number. Local.
#[pyfunction]
pub(crate) fn fill(py: Python<'_>, target: &Bound<'_, Array>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let inner = target.get().inner()?;
    let element = inner.element().raised()?;
    let value = value_for(value, element)?;
    if inner.value().is_some() {
        *inner.state().borrow_mut() = State::Value(Scalar { element, value });
        return Ok(());
    }
    let array = target.get().settled(py)?;
    written(py, &array)?;
    without_gil(py, || array.fill(value)).raised()
}

/// `array = op(array, other)`, in its memory and type.
pub(crate) fn updated(py: Python<'_>, op: Op, array: &Array, other: &Operand) -> PyResult<()> {
    let inner = array.inner()?;
    if inner.value().is_none() {
        without_gil(py, || inner.settled()).raised()?;
    }
    let element = inner.element().raised()?;
    // Types, shapes and ranges are checked as for `array op other`.
    let result = applied(py, op, &[Operand::Array(Rc::clone(inner)), operand(other)])?;
    let found = result.inner()?.element().raised()?;
    if !can_hold(element, found) {
        return type_error(format!("{element} elements cannot hold results of type {found}: make a new array"));
    }
    lies_alike_or_settled(py, result.inner()?, inner)?;
    let expr = result.inner()?.expr().cast(element);
    // It is evaluated as a part of the write, and not as a reader of the memory.
    drop(result);
    write(py, inner, &expr)
}

fn operand(other: &Operand) -> Operand {
    match other {
        Operand::Array(inner) => Operand::Array(Rc::clone(inner)),
        &Operand::Weak(value) => Operand::Weak(value),
        &Operand::Typed(scalar) => Operand::Typed(scalar),
    }
}

/// NumPy's `same_kind`.
fn can_hold(target: ElementType, found: ElementType) -> bool {
    let rank = |element: ElementType| match element.kind() {
        Kind::Bool => 0,
        // Signed and unsigned alike: the array API's promotion mixes them for numbers only.
        Kind::Int | Kind::Uint => 1,
        Kind::Float => 2,
        _ => 3,
    };
    rank(found) <= rank(target)
}

/// Evaluates a pending operand that does not lie as the target does: how many arrays move must not
/// depend on whether it is pending on this rank.
fn lies_alike_or_settled(py: Python<'_>, operand: &Rc<Inner>, target: &Rc<Inner>) -> PyResult<()> {
    let is_alike = match (operand.placement(), target.placement()) {
        (Some(operand), Some(target)) => operand == target,
        _ => true,
    };
    if !is_alike {
        without_gil(py, || operand.settled()).raised()?;
    }
    Ok(())
}

/// Writes an expression of the array's type.
fn write(py: Python<'_>, inner: &Rc<Inner>, expr: &Expr<'static>) -> PyResult<()> {
    if inner.value().is_some() {
        let ndim = expr.shape().raised()?.len();
        if ndim > 0 {
            return value_error(format!("a value of {ndim} dimensions does not fit an array without dimensions"));
        }
        let scalar = expr.value().raised()?;
        *inner.state().borrow_mut() = State::Value(scalar);
        return Ok(());
    }
    let array = without_gil(py, || inner.settled()).raised()?;
    // `expr` is evaluated by `assign`, from operands as they are now.
    written(py, &array)?;
    let expr = strictly(expr.clone());
    without_gil(py, || array.assign(&expr)).raised()
}
