//! Scalars that a program is given when it runs.

use crate::element::ElementType;
use crate::promote::WeakKind;

/// A scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// `bool`.
    Bool(bool),
    /// Any integer.
    Int(i128),
    /// A real number.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
}

/// The bytes of one element, from the front.
pub type Bytes = [u8; 16];

impl Value {
    /// The kind of the scalar, for [`Graph::weak`](super::Graph::weak).
    #[must_use]
    pub fn kind(self) -> WeakKind {
        match self {
            Self::Bool(_) => WeakKind::Bool,
            Self::Int(_) => WeakKind::Int,
            Self::Float(_) => WeakKind::Float,
            Self::Complex(..) => WeakKind::Complex,
        }
    }

    /// The scalar as an element, rounded if need be; `None` if the type has no such value: an
    /// integer out of its range, a float for an integer type, a complex number for a real type.
    #[must_use]
    pub fn bytes(self, element: ElementType) -> Option<Bytes> {
        use ElementType::*;
        let mut bytes = [0; 16];
        macro_rules! put {
            ($($value:expr),*) => {{
                let mut at = 0;
                $(
                    let part = $value.to_ne_bytes();
                    bytes[at..at + part.len()].copy_from_slice(&part);
                    at += part.len();
                )*
                let _ = at;
            }};
        }
        let integer = match self {
            Self::Bool(value) => Some(i128::from(value)),
            Self::Int(value) => Some(value),
            _ => None,
        };
        let (re, im) = match self {
            Self::Bool(value) => (f64::from(u8::from(value)), 0.0),
            Self::Int(value) => (value as f64, 0.0),
            Self::Float(value) => (value, 0.0),
            Self::Complex(re, im) => (re, im),
        };
        // From an integer directly: by way of `f64` it could be rounded twice.
        let single = |part: f64| match self {
            Self::Int(value) => value as f32,
            _ => part as f32,
        };
        match element {
            Bool => match self {
                Self::Bool(value) => bytes[0] = u8::from(value),
                _ => return None,
            },
            I8 => put!(i8::try_from(integer?).ok()?),
            I16 => put!(i16::try_from(integer?).ok()?),
            I32 => put!(i32::try_from(integer?).ok()?),
            I64 => put!(i64::try_from(integer?).ok()?),
            U8 => put!(u8::try_from(integer?).ok()?),
            U16 => put!(u16::try_from(integer?).ok()?),
            U32 => put!(u32::try_from(integer?).ok()?),
            U64 => put!(u64::try_from(integer?).ok()?),
            F32 | F64 if matches!(self, Self::Complex(..)) => return None,
            F32 => put!(single(re)),
            F64 => put!(re),
            C64 => put!(single(re), im as f32),
            C128 => put!(re, im),
        }
        Some(bytes)
    }
}

macro_rules! from {
    ($($type:ty => $value:ident ($given:ident) $made:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($given: $type) -> Self {
                Self::$value($made)
            }
        })*
    };
}

from! {
    bool => Bool (value) value;
    i8 => Int (value) value.into();
    i16 => Int (value) value.into();
    i32 => Int (value) value.into();
    i64 => Int (value) value.into();
    u8 => Int (value) value.into();
    u16 => Int (value) value.into();
    u32 => Int (value) value.into();
    u64 => Int (value) value.into();
    f32 => Float (value) value.into();
    f64 => Float (value) value;
}
