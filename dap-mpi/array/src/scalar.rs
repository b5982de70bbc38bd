//! A value that all ranks have.

use dap_kernels::element::ElementType;
use dap_kernels::program::Value;

/// One element that each rank of a context has: the result of a reduction over all axes, or an
/// element that was read. Its arithmetic is local.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scalar {
    /// The type.
    pub element: ElementType,
    /// The value.
    pub value: Value,
}

impl Scalar {
    /// The element whose bytes, in this machine's order, begin with these.
    pub(crate) fn from_bytes(element: ElementType, bytes: &[u8]) -> Scalar {
        macro_rules! number {
            ($type:ty, $at:expr) => {{
                let at = $at * size_of::<$type>();
                <$type>::from_ne_bytes(std::array::from_fn(|byte| bytes.get(at + byte).copied().unwrap_or(0)))
            }};
        }
        let value = match element {
            ElementType::Bool => Value::Bool(bytes.first().is_some_and(|&byte| byte != 0)),
            ElementType::I8 => number!(i8, 0).into(),
            ElementType::I16 => number!(i16, 0).into(),
            ElementType::I32 => number!(i32, 0).into(),
            ElementType::I64 => number!(i64, 0).into(),
            ElementType::U8 => number!(u8, 0).into(),
            ElementType::U16 => number!(u16, 0).into(),
            ElementType::U32 => number!(u32, 0).into(),
            ElementType::U64 => number!(u64, 0).into(),
            ElementType::F32 => number!(f32, 0).into(),
            ElementType::F64 => number!(f64, 0).into(),
            ElementType::C64 => Value::Complex(number!(f32, 0).into(), number!(f32, 1).into()),
            ElementType::C128 => Value::Complex(number!(f64, 0), number!(f64, 1)),
        };
        Scalar { element, value }
    }

    /// The value as a float; the real part of a complex number.
    pub fn to_f64(self) -> f64 {
        match self.value {
            Value::Bool(value) => f64::from(u8::from(value)),
            Value::Int(value) => value as f64,
            Value::Float(value) | Value::Complex(value, _) => value,
        }
    }

    /// The value as an integer, if it is one.
    pub fn to_i128(self) -> Option<i128> {
        match self.value {
            Value::Bool(value) => Some(value.into()),
            Value::Int(value) => Some(value),
            Value::Float(_) | Value::Complex(..) => None,
        }
    }

    /// Whether the value is not zero; NaN is not zero.
    pub fn is_true(self) -> bool {
        match self.value {
            Value::Bool(value) => value,
            Value::Int(value) => value != 0,
            Value::Float(value) => value != 0.0,
            Value::Complex(re, im) => re != 0.0 || im != 0.0,
        }
    }
}
