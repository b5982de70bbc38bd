//! Element-wise operations.
//!
//! | operands | the operation |
//! |---|---|
//! | values and numbers alone | is evaluated at once, to a value |
//! | arrays that lie alike, whose memory no code outside has | stays pending |
//! | other arrays | is evaluated at the call, and moves operands |
//!
//! Which of these happens depends on layouts and on local uses of memory. Only layouts decide about
//! messages.

use std::cell::Cell;

use dap_array::{Context as Shared, DynArray, ElementType, Expr, Op, Value};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::array::{Array, Inner, State, element_named, object};
use crate::error::{Raised, type_error, value_error};
use crate::operand::Operand;
use crate::pending::{self, MOST_DEPTH, Pending};
use crate::thread::without_gil;

thread_local! {
    /// Whether operands that would move are refused.
    static IS_STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Sets whether operands that would move are refused on this thread. Returns the old state.
#[pyfunction]
pub(crate) fn set_strict(is_strict: bool) -> bool {
    IS_STRICT.replace(is_strict)
}

/// The expression, whose operands stay where they are in strict code.
pub(crate) fn strictly(expr: Expr<'static>) -> Expr<'static> {
    if IS_STRICT.get() { expr.strict() } else { expr }
}

/// The operation `name` (NumPy's name) on operands: arrays, numbers of Python, scalars of NumPy.
#[pyfunction]
#[pyo3(signature = (name, *operands))]
pub(crate) fn apply<'py>(py: Python<'py>, name: &str, operands: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let Some(op) = (match name {
        "where" => Some(Op::Where),
        _ => Op::of_name(name),
    }) else {
        return value_error(format!("no operation {name:?}"));
    };
    if operands.len() != op.arity() {
        return type_error(format!("{name} takes {} operands, not {}", op.arity(), operands.len()));
    }
    let mut known = Vec::with_capacity(operands.len());
    for operand in &operands {
        match Operand::of(operand)? {
            Some(operand) => known.push(operand),
            None => return Err(no_operand(operand)),
        }
    }
    if !known.iter().any(|operand| matches!(operand, Operand::Array(_))) {
        return of_numbers(py, name, operands);
    }
    object(py, applied(py, op, &known)?)
}

/// NumPy's function of numbers alone: its scalar. No array of ours says which ranks have a result.
fn of_numbers<'py>(py: Python<'py>, name: &str, numbers: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let library = if name == "erf" { intern!(py, "math") } else { intern!(py, "numpy") };
    py.import(library)?.getattr(name)?.call1(PyTuple::new(py, numbers)?)
}

/// The elements converted to the type of this name.
#[pyfunction]
pub(crate) fn cast<'py>(py: Python<'py>, array: &Bound<'py, Array>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let element = element_named(name)?;
    match Operand::of(array.as_any())? {
        Some(operand) => object(py, built(py, &[operand], |exprs| exprs[0].cast(element))?),
        None => Err(no_operand(array.as_any())),
    }
}

/// Why an object is no operand.
pub(crate) fn no_operand(object: &Bound<'_, PyAny>) -> PyErr {
    let name = object.get_type().fully_qualified_name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let instead = if name == "numpy.ndarray" {
        ": distribute it by `da.asarray`, which takes the same value on every rank"
    } else {
        ""
    };
    PyTypeError::new_err(format!("`{name}` is no operand of a distributed array{instead}"))
}

/// An operation on operands.
pub(crate) fn applied(py: Python<'_>, op: Op, operands: &[Operand]) -> PyResult<Array> {
    in_range(if op == Op::Where { &operands[1..] } else { operands })?;
    let is_length = op == Op::Abs && element_of(&operands[0])?.is_some_and(ElementType::is_complex);
    let is_square = op == Op::Power && is_squared(operands)?;
    built(py, operands, |exprs| match exprs {
        [z] if is_length => z.apply(Op::Real).apply2(Op::Hypot, z.apply(Op::Imag)),
        [one] => one.apply(op),
        [x, _] if is_square => x.apply(Op::Square),
        [one, other] => one.apply2(op, other),
        [condition, x, y] => condition.select(x, y),
        _ => Expr::number(Value::Bool(false)),
    })
}

/// The type of an array's elements; `None` of numbers.
fn element_of(operand: &Operand) -> PyResult<Option<ElementType>> {
    match operand {
        Operand::Array(array) => array.element().raised().map(Some),
        Operand::Weak(_) | Operand::Typed(_) => Ok(None),
    }
}

/// Whether a power is the square, in the same type: a product is many times as fast as a power.
fn is_squared(operands: &[Operand]) -> PyResult<bool> {
    let [x, Operand::Weak(exponent)] = operands else { return Ok(false) };
    let Some(element) = element_of(x)? else { return Ok(false) };
    Ok(match exponent {
        Value::Int(2) => true,
        // An integer to a power that is a float is a float.
        Value::Float(exponent) => *exponent == 2.0 && (element.is_float() || element.is_complex()),
        _ => false,
    })
}

/// Refuses an integer of Python that the other operand's type does not have, as NumPy does.
fn in_range(operands: &[Operand]) -> PyResult<()> {
    for operand in operands {
        let Operand::Weak(number @ Value::Int(whole)) = operand else { continue };
        for other in operands {
            let Some(element) = element_of(other)? else { continue };
            if element.is_integer() && number.bytes(element).is_none() {
                return Err(PyOverflowError::new_err(format!("the integer {whole} is out of the range of {element}")));
            }
        }
    }
    Ok(())
}

/// An expression of operands: pending, or evaluated.
fn built(py: Python<'_>, operands: &[Operand], build: impl Fn(&[Expr<'static>]) -> Expr<'static>) -> PyResult<Array> {
    let mut like: Option<DynArray> = None;
    let mut context: Option<&Shared> = None;
    let mut may_wait = true;
    for operand in operands {
        let Operand::Array(inner) = operand else { continue };
        context = context.or(Some(inner.context()));
        let state = inner.state().borrow();
        let array = match &*state {
            State::Value(_) => continue,
            State::Settled(array) => {
                may_wait &= !array.is_exposed();
                array
            }
            State::Pending(pending) => &pending.like,
            // `Operand::of` copies these elements.
            State::Masked(_) => return type_error("the elements that a mask selects are not copied yet"),
        };
        match &like {
            None => like = Some(array.clone()),
            Some(first) => {
                may_wait &= first.placement() == array.placement() && first.context().is_same(array.context())
            }
        }
    }
    let Some(context) = context else {
        return type_error("no operand is a distributed array");
    };
    let exprs: Vec<Expr<'static>> = operands.iter().map(Operand::expr).collect();
    let expr = build(&exprs);
    let element = match expr.element() {
        Ok(element) => element,
        Err(error) => return Err(mistake(operands, &error)),
    };
    let Some(like) = like else {
        let scalar = expr.value().raised()?;
        return Ok(Array::scalar(context, scalar));
    };
    if may_wait && expr.depth().raised()? <= MOST_DEPTH {
        let inner = Inner::new(context, State::Pending(Pending { expr: expr.shared(), like }));
        pending::note(&inner);
        return Ok(Array::of(inner));
    }
    // Evaluated at the call. Operands are evaluated first, as array.md's rules say: a move then
    // starts with elements, on every rank alike.
    let made = without_gil(py, || {
        for operand in operands {
            if let Operand::Array(inner) = operand
                && inner.value().is_none()
            {
                inner.settled()?;
            }
        }
        let exprs: Vec<Expr<'static>> = operands.iter().map(Operand::expr).collect();
        strictly(build(&exprs)).eval()
    });
    let made = made.raised()?;
    debug_assert_eq!(made.element(), Some(element));
    Array::settle(py, made)
}

/// The exception of an expression that cannot be: of shapes or of types.
fn mistake(operands: &[Operand], error: &dap_array::Error) -> PyErr {
    let shape = |operand: &Operand| match operand {
        Operand::Array(inner) => inner.with_shape(<[i64]>::to_vec),
        _ => Vec::new(),
    };
    let shapes: Vec<Vec<i64>> = operands.iter().map(shape).collect();
    match dap_core::algebra::broadcast_shapes(shapes.iter().map(|shape| &shape[..])) {
        Ok(_) => PyTypeError::new_err(error.to_string()),
        Err(_) => PyValueError::new_err(error.to_string()),
    }
}
