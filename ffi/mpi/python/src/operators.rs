//! Operators of Python.

use dap_array::Op;
use pyo3::basic::CompareOp;
use pyo3::prelude::*;

use crate::apply::{applied, no_operand};
use crate::array::{Array, object};
use crate::assign::updated;
use crate::operand::Operand;

type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// `left op right`; `NotImplemented` for operands of other libraries, which may know better.
fn binary<'py>(op: Op, left: &Bound<'py, PyAny>, right: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = left.py();
    match (Operand::of(left)?, Operand::of(right)?) {
        (Some(left), Some(right)) => object(py, applied(py, op, &[left, right])?),
        _ => Ok(py.NotImplemented().into_bound(py)),
    }
}

fn unary<'py>(op: Op, array: &Bound<'py, Array>) -> PyResult<Bound<'py, PyAny>> {
    match Operand::of(array.as_any())? {
        Some(operand) => object(array.py(), applied(array.py(), op, &[operand])?),
        None => Err(no_operand(array.as_any())),
    }
}

/// `array op= other`.
fn in_place(op: Op, array: &Bound<'_, Array>, other: &Bound<'_, PyAny>) -> PyResult<()> {
    match Operand::of(other)? {
        Some(other) => updated(array.py(), op, array.get(), &other),
        None => Err(no_operand(other)),
    }
}

#[pymethods]
impl Array {
    fn __add__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Add, slf, other)
    }

    fn __radd__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Add, other, slf)
    }

    fn __iadd__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::Add, slf, other)
    }

    fn __sub__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Subtract, slf, other)
    }

    fn __rsub__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Subtract, other, slf)
    }

    fn __isub__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::Subtract, slf, other)
    }

    fn __mul__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Multiply, slf, other)
    }

    fn __rmul__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Multiply, other, slf)
    }

    fn __imul__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::Multiply, slf, other)
    }

    fn __truediv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Divide, slf, other)
    }

    fn __rtruediv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Divide, other, slf)
    }

    fn __itruediv__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::Divide, slf, other)
    }

    fn __floordiv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::FloorDivide, slf, other)
    }

    fn __rfloordiv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::FloorDivide, other, slf)
    }

    fn __ifloordiv__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::FloorDivide, slf, other)
    }

    fn __mod__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Remainder, slf, other)
    }

    fn __rmod__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::Remainder, other, slf)
    }

    fn __imod__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::Remainder, slf, other)
    }

    fn __and__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseAnd, slf, other)
    }

    fn __rand__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseAnd, other, slf)
    }

    fn __iand__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::BitwiseAnd, slf, other)
    }

    fn __or__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseOr, slf, other)
    }

    fn __ror__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseOr, other, slf)
    }

    fn __ior__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::BitwiseOr, slf, other)
    }

    fn __xor__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseXor, slf, other)
    }

    fn __rxor__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::BitwiseXor, other, slf)
    }

    fn __ixor__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::BitwiseXor, slf, other)
    }

    fn __lshift__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::LeftShift, slf, other)
    }

    fn __rlshift__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::LeftShift, other, slf)
    }

    fn __ilshift__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::LeftShift, slf, other)
    }

    fn __rshift__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::RightShift, slf, other)
    }

    fn __rrshift__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Made<'py> {
        binary(Op::RightShift, other, slf)
    }

    fn __irshift__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        in_place(Op::RightShift, slf, other)
    }

    fn __pow__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        _modulus: Option<&Bound<'py, PyAny>>,
    ) -> Made<'py> {
        binary(Op::Power, slf, other)
    }

    fn __rpow__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        _modulus: Option<&Bound<'py, PyAny>>,
    ) -> Made<'py> {
        binary(Op::Power, other, slf)
    }

    fn __ipow__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        _modulus: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        in_place(Op::Power, slf, other)
    }

    fn __richcmp__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>, comparison: CompareOp) -> Made<'py> {
        let op = match comparison {
            CompareOp::Lt => Op::Less,
            CompareOp::Le => Op::LessEqual,
            CompareOp::Eq => Op::Equal,
            CompareOp::Ne => Op::NotEqual,
            CompareOp::Gt => Op::Greater,
            CompareOp::Ge => Op::GreaterEqual,
        };
        binary(op, slf, other)
    }

    fn __neg__<'py>(slf: &Bound<'py, Self>) -> Made<'py> {
        unary(Op::Negative, slf)
    }

    fn __pos__<'py>(slf: &Bound<'py, Self>) -> Made<'py> {
        unary(Op::Positive, slf)
    }

    fn __abs__<'py>(slf: &Bound<'py, Self>) -> Made<'py> {
        unary(Op::Abs, slf)
    }

    fn __invert__<'py>(slf: &Bound<'py, Self>) -> Made<'py> {
        unary(Op::Invert, slf)
    }
}
