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
