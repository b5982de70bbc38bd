//! The type of a result: promotion by the array API standard 2025.12, mixed kinds as NumPy 2.
//!
//! | operands | result |
//! |---|---|
//! | one kind | the wider one |
//! | `i` and `u` | the narrowest signed type that holds both; `float64` for `u64` with a signed one |
//! | integer and float | the narrowest float that holds the integers of up to 16 bits; else `float64` |
//! | real and complex | the complex type of the promoted parts |
//! | `bool` and any | the other |
//!
//! A Python scalar is *weak*: its kind counts, its size does not.
//!
//! ```
//! use dap_kernels::element::ElementType::*;
//! use dap_kernels::promote::{WeakKind, promote, promote_weak};
//! assert_eq!(promote(I8, U8), I16);
//! assert_eq!(promote(I32, F32), F64);
//! assert_eq!(promote_weak(F32, WeakKind::Float), F32);
//! assert_eq!(promote_weak(I8, WeakKind::Float), F64);
//! ```

use dap_core::dtype::Kind;

use crate::element::ElementType;
use ElementType::{Bool, C64, C128, F32, F64, I16, I32, I64};

/// The kind of a Python scalar, which has no size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WeakKind {
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
}

impl WeakKind {
    /// The type of a scalar that meets no typed operand: NumPy's and the array API's default type.
    #[must_use]
    pub const fn default_type(self) -> ElementType {
        match self {
            Self::Bool => Bool,
            Self::Int => I64,
            Self::Float => F64,
            Self::Complex => C128,
        }
    }
}

/// The type that both operands are converted to. Symmetric.
#[must_use]
pub fn promote(left: ElementType, right: ElementType) -> ElementType {
    let (low, high) = if rank(left.kind()) <= rank(right.kind()) { (left, right) } else { (right, left) };
    match (low.kind(), high.kind()) {
        (Kind::Bool, _) => high,
        (a, b) if a == b => wider(low, high),
        // `low` is unsigned, `high` signed.
        (Kind::Uint, Kind::Int) => match low.size().max(high.size() / 2) {
            _ if low.size() < high.size() => high,
            1 => I16,
            2 => I32,
            4 => I64,
            _ => F64,
        },
        (Kind::Uint | Kind::Int, Kind::Float) => wider(float_for(low), high),
        (_, _) => match wider(if low.is_integer() { float_for(low) } else { low.part() }, high.part()) {
            F32 => C64,
            _ => C128,
        },
    }
}

/// The type of an operand of type `element` and a Python scalar.
///
/// The kind of the scalar that is at most the kind of the operand changes nothing; a greater kind
/// gives the default type of that kind (complex: of the operand's own precision).
#[must_use]
pub fn promote_weak(element: ElementType, weak: WeakKind) -> ElementType {
    match (element.kind(), weak) {
        (_, WeakKind::Bool) => element,
        (Kind::Bool, WeakKind::Int) => I64,
        (_, WeakKind::Int) => element,
        (Kind::Bool | Kind::Int | Kind::Uint, WeakKind::Float) => F64,
        (_, WeakKind::Float) => element,
        (Kind::Float, WeakKind::Complex) if element == F32 => C64,
        (Kind::Complex, WeakKind::Complex) => element,
        (_, WeakKind::Complex) => C128,
    }
}

/// The float that functions of reals compute an integer or a bool in (`divide`, `sqrt`, `mean`):
/// `float64`; floats and complex numbers stay.
#[must_use]
pub fn inexact(element: ElementType) -> ElementType {
    if matches!(element.kind(), Kind::Bool | Kind::Int | Kind::Uint) { F64 } else { element }
}

fn float_for(integer: ElementType) -> ElementType {
    if integer.size() <= 2 { F32 } else { F64 }
}

fn wider(left: ElementType, right: ElementType) -> ElementType {
    if left.size() >= right.size() { left } else { right }
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Bool => 0,
        Kind::Uint => 1,
        Kind::Int => 2,
        Kind::Float => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ElementType::{I8, U8, U16, U32, U64};

    /// NumPy 2's `promote_types` over the types in the order of `ElementType::ALL`, `float16` of
    /// 8-bit integers with floats aside: none is reached here.
    #[test]
    fn the_table_is_numpys() {
        let table = [
            (Bool, [Bool, I8, I16, I32, I64, U8, U16, U32, U64, F32, F64, C64, C128]),
            (I8, [I8, I8, I16, I32, I64, I16, I32, I64, F64, F32, F64, C64, C128]),
            (I16, [I16, I16, I16, I32, I64, I16, I32, I64, F64, F32, F64, C64, C128]),
            (I32, [I32, I32, I32, I32, I64, I32, I32, I64, F64, F64, F64, C128, C128]),
            (I64, [I64, I64, I64, I64, I64, I64, I64, I64, F64, F64, F64, C128, C128]),
            (U8, [U8, I16, I16, I32, I64, U8, U16, U32, U64, F32, F64, C64, C128]),
            (U16, [U16, I32, I32, I32, I64, U16, U16, U32, U64, F32, F64, C64, C128]),
            (U32, [U32, I64, I64, I64, I64, U32, U32, U32, U64, F64, F64, C128, C128]),
            (U64, [U64, F64, F64, F64, F64, U64, U64, U64, U64, F64, F64, C128, C128]),
            (F32, [F32, F32, F32, F64, F64, F32, F32, F64, F64, F32, F64, C64, C128]),
            (F64, [F64, F64, F64, F64, F64, F64, F64, F64, F64, F64, F64, C128, C128]),
            (C64, [C64, C64, C64, C128, C128, C64, C64, C128, C128, C64, C128, C64, C128]),
            (C128, [C128; 13]),
        ];
        for (left, row) in table {
            for (&right, expected) in ElementType::ALL.iter().zip(row) {
                assert_eq!(promote(left, right), expected, "{left} {right}");
            }
        }
    }

    #[test]
    fn a_weak_scalar_counts_by_its_kind() {
        use WeakKind::{Bool as B, Complex as C, Float as F, Int as I};
        for (element, weak, expected) in [
            (U8, B, U8),
            (U8, I, U8),
            (U8, F, F64),
            (U8, C, C128),
            (Bool, B, Bool),
            (Bool, I, I64),
            (Bool, F, F64),
            (F32, I, F32),
            (F32, F, F32),
            (F32, C, C64),
            (F64, C, C128),
            (C64, F, C64),
            (C64, C, C64),
        ] {
            assert_eq!(promote_weak(element, weak), expected, "{element} {weak:?}");
        }
    }
}
