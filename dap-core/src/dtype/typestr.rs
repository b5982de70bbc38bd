//! Reads NumPy's typestr: byte order, kind, size, as in `<f8`, `|b1`, `>c16`, `<U2`.
//!
//! The order may be missing or `=`, both of which mean this machine's. The size counts bytes, for
//! `U` characters.

use super::error::{DTypeError, DTypeErrorKind};
use super::scalar::{ByteOrder, Kind, Scalar};

/// Reads the whole of `text`.
pub(super) fn read(text: &str) -> Result<Scalar, DTypeError> {
    let bytes = text.as_bytes();
    let fail = |kind, position| Err(DTypeError::at(kind, text, position));
    let (order, at) = match bytes.first() {
        None => return fail(DTypeErrorKind::Empty, 0),
        Some(b'<') => (ByteOrder::Little, 1),
        Some(b'>') => (ByteOrder::Big, 1),
        Some(b'=' | b'|') => (ByteOrder::NotApplicable, 1),
        Some(_) => (ByteOrder::NotApplicable, 0),
    };
    let kind = match bytes.get(at) {
        Some(b'b') => Kind::Bool,
        Some(b'i') => Kind::Int,
        Some(b'u') => Kind::Uint,
        Some(b'f') => Kind::Float,
        Some(b'c') => Kind::Complex,
        Some(b'S') => Kind::Bytes,
        Some(b'U') => Kind::Unicode,
        Some(b'V') => Kind::Void,
        Some(b'O') => Kind::Object,
        _ => return fail(no_kind(text, at), at),
    };
    let digits = &bytes[at + 1..];
    if digits.is_empty() {
        if kind == Kind::Object {
            return Scalar::new(kind, 8, order).or_else(|kind| fail(kind, at));
        }
        return fail(DTypeErrorKind::MissingSize { kind: char::from(bytes[at]) }, at + 1);
    }
    let mut size: i64 = 0;
    for (i, digit) in digits.iter().enumerate() {
        if !digit.is_ascii_digit() {
            let expected = match digit {
                b',' => "the end (a struct is a list of [name, type])",
                _ if i == 0 => "the number of bytes",
                _ => "the end",
            };
            return fail(DTypeErrorKind::Unexpected { found: char_at(text, at + 1 + i), expected }, at + 1 + i);
        }
        size = size.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
    }
    let size = match kind {
        Kind::Unicode => size.saturating_mul(4),
        // `O4` and `O8` are old spellings, from machines of either width.
        Kind::Object if size == 4 => 8,
        _ => size,
    };
    Scalar::new(kind, size, order).or_else(|kind| fail(kind, at + 1))
}

/// Says what the character where the kind should stand is instead.
fn no_kind(text: &str, at: usize) -> DTypeErrorKind {
    let Some(found) = char_at(text, at) else {
        return DTypeErrorKind::Unexpected { found: None, expected: "a kind, one of b i u f c S U V O" };
    };
    let rest = &text[at + found.len_utf8()..];
    let is_time = rest.strip_prefix('8').is_some_and(|unit| unit.is_empty() || unit.starts_with('['));
    match found {
        'M' if is_time => DTypeErrorKind::NoFormat { meaning: "datetime64" },
        'm' if is_time => DTypeErrorKind::NoFormat { meaning: "timedelta64" },
        'T' => DTypeErrorKind::Unsupported {
            reason: "strings of varying length lie outside the buffer; use `<U8` or `|S8`",
        },
        '(' | '0'..='9' => DTypeErrorKind::SubArray,
        _ => DTypeErrorKind::UnknownKind { found },
    }
}

/// The character at a byte, if one begins there.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|rest| rest.chars().next())
}
