//! The types of an operation: the one that its operands are converted to, and that of its result.

use dap_core::dtype::Kind;

use super::error::{ProgramError, ProgramErrorKind};
use super::op::Op;
use crate::element::ElementType;
use crate::promote::{inexact, promote};

/// The types of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types {
    /// All operands are converted to this type (of [`Op::Where`] the last two).
    pub(super) compute: ElementType,
    pub(super) result: ElementType,
}

/// The types of an operation on operands of these types (of [`Op::Where`] the last two), as in
/// NumPy 2, except that functions of reals take integers to `float64` whatever their size.
///
/// # Errors
/// The operation is not defined for them.
pub(super) fn types_of(op: Op, operands: &[ElementType]) -> Result<Types, ProgramError> {
    use Op::*;
    let common = operands.iter().copied().reduce(promote).unwrap_or(ElementType::F64);
    let kind = common.kind();
    let refused = || Err(ProgramErrorKind::Undefined { op, element: common }.into());
    let same = Ok(Types { compute: common, result: common });
    let to = |compute| Ok(Types { compute, result: compute });
    // NumPy computes these in `int8` when operands are bools.
    let counted = if kind == Kind::Bool { ElementType::I8 } else { common };
    match op {
        Add | Multiply | Maximum | Minimum | Where | Conj | Abs if kind != Kind::Complex || op != Abs => same,
        Abs | Real | Imag => Ok(Types { compute: common, result: common.part() }),
        Negative | Positive | Sign | Subtract if kind == Kind::Bool => refused(),
        Negative | Positive | Sign | Subtract => same,
        Square | Power | Reciprocal => to(counted),
        Sqrt | Exp | Exp2 | Expm1 | Log | Log2 | Log10 | Log1p | Sin | Cos | Tan | Arcsin | Arccos | Arctan | Sinh
        | Cosh | Tanh | Arcsinh | Arccosh | Arctanh | Divide => to(inexact(common)),
        Cbrt | Erf | Arctan2 | Hypot | Logaddexp | Copysign | Nextafter | Floor | Ceil | Trunc | FloorDivide
        | Remainder | Fmod | Signbit
            if kind == Kind::Complex =>
        {
            refused()
        }
        Cbrt | Erf | Arctan2 | Hypot | Logaddexp | Copysign | Nextafter => to(inexact(common)),
        Floor | Ceil | Trunc | Round => same,
        FloorDivide | Remainder | Fmod => to(counted),
        Isnan | Isinf | Isfinite | Signbit | Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual => {
            Ok(Types { compute: common, result: ElementType::Bool })
        }
        LogicalNot | LogicalAnd | LogicalOr | LogicalXor => to(ElementType::Bool),
        Invert | BitwiseAnd | BitwiseOr | BitwiseXor | LeftShift | RightShift
            if matches!(kind, Kind::Float | Kind::Complex) =>
        {
            refused()
        }
        Invert | BitwiseAnd | BitwiseOr | BitwiseXor => same,
        LeftShift | RightShift => to(counted),
        Add | Multiply | Maximum | Minimum | Where | Conj => same,
    }
}
