//! Numbers in the bytes of an item, whatever their size and byte order.

use std::fmt;

use dap_core::dtype::{ByteOrder, Kind, Scalar};

/// A number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ItemNumber {
    /// A boolean or an integer.
    Int(i128),
    Float(f64),
    Complex(f64, f64),
}

/// Whether items of this type are numbers here. C's `long double` is not: its bits differ between
/// machines.
pub(crate) fn is_number(scalar: Scalar) -> bool {
    match scalar.kind() {
        Kind::Bool | Kind::Int | Kind::Uint => true,
        Kind::Float => scalar.itemsize() <= 8,
        Kind::Complex => scalar.itemsize() <= 16,
        _ => false,
    }
}

impl ItemNumber {
    /// The number in the bytes of an item; `None` if the type is no number.
    pub(crate) fn read(scalar: Scalar, bytes: &[u8]) -> Option<Self> {
        if !is_number(scalar) {
            return None;
        }
        let is_big = scalar.byte_order() == ByteOrder::Big;
        Some(match scalar.kind() {
            Kind::Int => {
                let unused = 64 - 8 * bytes.len();
                Self::Int(i128::from((unsigned(bytes, is_big) << unused) as i64 >> unused))
            }
            Kind::Float => Self::Float(float(bytes, is_big)),
            Kind::Complex => {
                let (real, imaginary) = bytes.split_at(bytes.len() / 2);
                Self::Complex(float(real, is_big), float(imaginary, is_big))
            }
            _ => Self::Int(i128::from(unsigned(bytes, is_big))),
        })
    }

    fn parts(self) -> (f64, f64) {
        match self {
            Self::Int(number) => (number as f64, 0.0),
            Self::Float(number) => (number, 0.0),
            Self::Complex(real, imaginary) => (real, imaginary),
        }
    }

    fn is_nan(self) -> bool {
        let (real, imaginary) = self.parts();
        real.is_nan() || imaginary.is_nan()
    }

    /// The absolute value, as `atol + rtol * |b|` needs it.
    pub(crate) fn magnitude(self) -> f64 {
        let (real, imaginary) = self.parts();
        real.hypot(imaginary)
    }

    /// The absolute difference: 0 for equal numbers, infinities and NaNs included; NaN if one of
    /// the two is NaN.
    pub(crate) fn distance(self, other: Self) -> Distance {
        if let (Self::Int(a), Self::Int(b)) = (self, other) {
            return Distance::Int(a.abs_diff(b));
        }
        if self.is_nan() && other.is_nan() {
            return Distance::Float(0.0);
        }
        let ((a, i), (b, j)) = (self.parts(), other.parts());
        let part = |a: f64, b: f64| if a == b { 0.0 } else { a - b };
        if self.is_nan() || other.is_nan() {
            return Distance::Float(f64::NAN);
        }
        Distance::Float(part(a, b).hypot(part(i, j)))
    }
}

/// The absolute difference of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Distance {
    Int(u128),
    Float(f64),
}

impl Distance {
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Int(distance) => distance as f64,
            Self::Float(distance) => distance,
        }
    }

    /// Whether this is the larger one. NaN is never larger.
    pub(crate) fn exceeds(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a > b,
            (a, b) => a.as_f64() > b.as_f64(),
        }
    }
}

fn unsigned(bytes: &[u8], is_big: bool) -> u64 {
    let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    if is_big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}

/// A float of 2, 4 or 8 bytes.
fn float(bytes: &[u8], is_big: bool) -> f64 {
    let bits = unsigned(bytes, is_big);
    match bytes.len() {
        8 => f64::from_bits(bits),
        4 => f64::from(f32::from_bits(bits as u32)),
        _ => half(bits as u16),
    }
}

/// IEEE 754's binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let magnitude = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{}", Shown(*number)),
            Self::Complex(real, imaginary) => {
                let sign = if imaginary.is_sign_negative() { "" } else { "+" };
                write!(f, "{}{sign}{}j", Shown(*real), Shown(*imaginary))
            }
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(distance) => distance.fmt(f),
            Self::Float(distance) => write!(f, "{}", Shown(*distance)),
        }
    }
}

/// A float with the digits that tell it from its neighbours, as Python prints it.
struct Shown(f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            number if number.is_nan() => f.write_str("nan"),
            number if number != 0.0 && !(1e-4..1e16).contains(&number.abs()) && number.is_finite() => {
                write!(f, "{number:e}")
            }
            number if number.is_finite() => write!(f, "{number:?}"),
            number => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use dap_core::dtype::DType;

    use super::*;

    fn read(typestr: &str, bytes: &[u8]) -> String {
        let DType::Scalar(scalar) = DType::parse(typestr).unwrap() else { panic!("{typestr}") };
        ItemNumber::read(scalar, bytes).map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    #[test]
    fn numbers_of_every_size_and_order() {
        for (typestr, bytes, expected) in [
            ("|b1", &[1][..], "1"),
            ("|i1", &[0xff], "-1"),
            ("|u1", &[0xff], "255"),
            ("<i2", &[0xfe, 0xff], "-2"),
            (">i2", &[0xff, 0xfe], "-2"),
            (">u4", &[0, 0, 1, 0], "256"),
            ("<i8", &i64::MIN.to_le_bytes(), "-9223372036854775808"),
            (">u8", &u64::MAX.to_be_bytes(), "18446744073709551615"),
            ("<f2", &0x3c01_u16.to_le_bytes(), "1.0009765625"),
            (">f2", &0x8001_u16.to_be_bytes(), "-5.960464477539063e-8"),
            ("<f2", &0xfc00_u16.to_le_bytes(), "-inf"),
            ("<f2", &0x7e00_u16.to_le_bytes(), "nan"),
            (">f4", &1.5_f32.to_be_bytes(), "1.5"),
            ("<f8", &1e300_f64.to_le_bytes(), "1e300"),
            ("<c8", &[1.0_f32.to_le_bytes(), (-2.0_f32).to_le_bytes()].concat(), "1.0-2.0j"),
            (">c16", &[0.5_f64.to_be_bytes(), 3.0_f64.to_be_bytes()].concat(), "0.5+3.0j"),
            ("<f16", &[0; 16], "none"),
            ("|S3", b"abc", "none"),
        ] {
            assert_eq!(read(typestr, bytes), expected, "{typestr} {bytes:?}");
        }
    }

    #[test]
    fn distances() {
        use ItemNumber::{Complex, Float, Int};
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (a, b, expected) in [
            (Int(i128::from(i64::MIN)), Int(i128::from(u64::MAX)), "27670116110564327423"),
            (Int(2), Float(2.5), "0.5"),
            (Float(nan), Float(nan), "0.0"),
            (Float(nan), Float(1.0), "nan"),
            (Complex(nan, 1.0), Complex(2.0, nan), "0.0"),
            (Float(inf), Float(inf), "0.0"),
            (Float(inf), Float(-inf), "inf"),
            (Float(0.0), Float(-0.0), "0.0"),
            (Complex(1.0, 1.0), Complex(4.0, 5.0), "5.0"),
        ] {
            assert_eq!(a.distance(b).to_string(), expected, "{a} {b}");
            assert_eq!(b.distance(a).to_string(), expected, "{b} {a}");
        }
        assert!(!Distance::Float(nan).exceeds(Distance::Int(0)) && Distance::Int(1).exceeds(Distance::Float(0.5)));
    }
}
