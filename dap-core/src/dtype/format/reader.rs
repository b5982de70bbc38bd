//! The words of a format: marks, numbers, extents, names. Meaning is [`super`]'s.

use super::super::error::{DTypeError, DTypeErrorKind};
use super::super::scalar::ByteOrder;
use super::super::typestr::char_at;
use super::super::{MAX_FIELDS, MAX_ITEMSIZE, MAX_NDIM};

/// A place in a format, and what holds there.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The mark in force: one of `@ ^ = < >`.
    pub(super) mark: u8,
    pub(super) fields_left: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader { text, at: 0, mark: b'@', fields_left: MAX_FIELDS }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    pub(super) fn fail<T>(&self, kind: DTypeErrorKind) -> Result<T, DTypeError> {
        self.fail_at(kind, self.at)
    }

    pub(super) fn fail_at<T>(&self, kind: DTypeErrorKind, position: usize) -> Result<T, DTypeError> {
        Err(DTypeError::at(kind, self.text, position))
    }

    pub(super) fn expected<T>(&self, expected: &'static str) -> Result<T, DTypeError> {
        self.fail(DTypeErrorKind::Unexpected { found: char_at(self.text, self.at), expected })
    }

    /// `:name:`, or nothing.
    pub(super) fn name(&mut self) -> Result<&'t str, DTypeError> {
        if !self.take(b':') {
            return Ok("");
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(length) = rest.find(':') else {
            self.at = self.text.len();
            return self.expected("`:` after the field's name");
        };
        self.at += length + 1;
        Ok(&rest[..length])
    }

    pub(super) fn order(&self) -> ByteOrder {
        match self.mark {
            b'<' => ByteOrder::Little,
            b'>' => ByteOrder::Big,
            _ => ByteOrder::NATIVE,
        }
    }

    pub(super) fn mark(&mut self) {
        if let Some(mark @ (b'@' | b'^' | b'=' | b'<' | b'>' | b'!')) = self.peek() {
            self.mark = if mark == b'!' { b'>' } else { mark };
            self.at += 1;
        }
    }

    /// Extents after their `(`, up to and with the `)`.
    pub(super) fn extents(&mut self, shape: &mut Vec<i64>) -> Result<(), DTypeError> {
        loop {
            self.skip_space();
            if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return self.expected("an extent");
            }
            if shape.len() >= MAX_NDIM {
                return self.fail(DTypeErrorKind::TooManyDimensions);
            }
            shape.push(self.number()?);
            self.skip_space();
            if self.take(b')') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.expected("`,` or `)`");
            }
        }
    }

    /// Digits, at least one. No count or extent beyond [`MAX_ITEMSIZE`] is of use.
    pub(super) fn number(&mut self) -> Result<i64, DTypeError> {
        let begin = self.at;
        let mut value: i64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        if value > MAX_ITEMSIZE { self.fail_at(DTypeErrorKind::TooLarge, begin) } else { Ok(value) }
    }

    /// A function's signature, `{...}`, which says nothing about its address.
    pub(super) fn braces(&mut self) -> Result<(), DTypeError> {
        if !self.take(b'{') {
            return self.expected("`{` after `X`");
        }
        let mut open: usize = 1;
        while open > 0 {
            match self.peek() {
                Some(b'{') => open += 1,
                Some(b'}') => open -= 1,
                Some(_) => {}
                None => return self.expected("`}`"),
            }
            self.at += 1;
        }
        Ok(())
    }
}
