//! Reads PEP-3118 formats: `d`, `>Zd`, `10s`, `T{<d:a:(2,3)<i:b:}`.
//!
//! The grammar is Python's `struct` module's with the additions of PEP-3118 that producers write
//! (NumPy, ctypes, Cython, `array`). Where the two are silent we read as NumPy does:
//!
//! - At first, and after `@`, sizes are C's and items are aligned, inner structs and the end of
//!   each struct included; so `T{b:a:d:b:}` has 16 bytes. After `=`, `<`, `>` and `!` sizes are
//!   standard (`l` has 4 bytes) and nothing is aligned; after `^` sizes are C's and nothing is
//!   aligned. A mark holds until the next one, across braces.
//! - Fields without a name are called `f0`, `f1`, ...
//! - A count before anything but `s`, `w` and `x` is one more extent: `(2)3d:a:` is a field of
//!   shape (2, 3).
//!
//! C's sizes are those of 64-bit Unix (`long` 8 bytes, `long double` 16), and its byte order is
//! this machine's. `F`, `D`, `G` are complex numbers, as in Python 3.14 and in NumPy's own letters.

mod reader;

use std::collections::HashSet;

use reader::Reader;

use super::error::{DTypeError, DTypeErrorKind};
use super::record::{Field, Struct, size_of};
use super::scalar::{ByteOrder, Kind, Scalar};
use super::typestr::char_at;
use super::{DType, MAX_DEPTH, MAX_ITEMSIZE};

/// Reads the whole of `text`.
pub(super) fn read(text: &str) -> Result<DType, DTypeError> {
    let mut reader = Reader::new(text);
    reader.skip_space();
    if reader.peek().is_none() {
        return reader.fail(DTypeErrorKind::Empty);
    }
    // One item, as nearly always, is read without a list of fields.
    let only = reader.item(0)?;
    reader.skip_space();
    if reader.peek().is_none() && !only.is_padding {
        return if only.shape.is_empty() { Ok(only.dtype) } else { reader.fail_at(DTypeErrorKind::SubArray, 0) };
    }
    let mut reader = Reader::new(text);
    let (item, _) = reader.items(0)?;
    if item.fields().is_empty() {
        // NumPy writes raw memory as nothing but padding.
        return Scalar::new(Kind::Void, item.itemsize(), ByteOrder::NotApplicable)
            .map(DType::from)
            .or_else(|kind| reader.fail_at(kind, 0));
    }
    Ok(item.into())
}

/// One item and its sub-array's extents.
struct Item {
    dtype: DType,
    shape: Vec<i64>,
    alignment: i64,
    is_padding: bool,
}

impl Reader<'_> {
    /// The fields of a struct up to its `}`, or to the end of the text at depth 0; and the struct's
    /// alignment.
    fn items(&mut self, depth: usize) -> Result<(Struct, i64), DTypeError> {
        let begin = self.at;
        let mut fields = Vec::new();
        let mut unnamed = Vec::new();
        let mut end: i64 = 0;
        let mut alignment = 1;
        loop {
            self.skip_space();
            match self.peek() {
                None if depth == 0 => break,
                None => return self.expected("`}`"),
                Some(b'}') if depth > 0 => {
                    self.at += 1;
                    break;
                }
                Some(_) => {}
            }
            let at = self.at;
            let item = self.item(depth)?;
            if self.mark == b'@' {
                end = round_up(end, item.alignment);
                // all alignments are powers of two
                alignment = alignment.max(item.alignment);
            }
            self.skip_space();
            let name = self.name()?;
            let offset = end;
            end = match size_of(&item.dtype, &item.shape) {
                Ok(size) if end + size <= MAX_ITEMSIZE => end + size,
                Ok(_) => return self.fail_at(DTypeErrorKind::TooLarge, at),
                Err(kind) => return self.fail_at(kind, at),
            };
            if item.is_padding && name.is_empty() {
                continue;
            }
            self.fields_left = match self.fields_left.checked_sub(1) {
                Some(left) => left,
                None => return self.fail_at(DTypeErrorKind::TooManyFields, at),
            };
            if name.is_empty() {
                unnamed.push(fields.len());
            }
            fields.push((name, item, offset));
        }
        if self.mark == b'@' {
            end = round_up(end, alignment);
        }
        let made = self.build(fields, &unnamed, end);
        made.or_else(|kind| self.fail_at(kind, begin)).map(|made| (made, alignment))
    }

    fn build(
        &self,
        fields: Vec<(&str, Item, i64)>,
        unnamed: &[usize],
        itemsize: i64,
    ) -> Result<Struct, DTypeErrorKind> {
        let mut names: Vec<String> = fields.iter().map(|(name, ..)| (*name).to_owned()).collect();
        if !unnamed.is_empty() {
            let taken: HashSet<&str> = fields.iter().map(|(name, ..)| *name).collect();
            let mut free = (0..).map(|i| format!("f{i}")).filter(|name| !taken.contains(name.as_str()));
            for &i in unnamed {
                names[i] = free.next().unwrap_or_default();
            }
        }
        let fields = fields
            .into_iter()
            .zip(names)
            .map(|((_, item, offset), name)| Field::new(name, item.dtype, offset, item.shape))
            .collect::<Result<Vec<_>, _>>()?;
        Struct::new(fields, itemsize)
    }

    /// A mark, extents, a count, and what they stand before.
    fn item(&mut self, depth: usize) -> Result<Item, DTypeError> {
        if depth > MAX_DEPTH {
            return self.fail(DTypeErrorKind::TooDeep);
        }
        let begin = self.at;
        self.mark();
        let mut shape = Vec::new();
        while self.take(b'(') {
            self.extents(&mut shape)?;
        }
        self.mark();
        let count_at = self.at;
        let count = if self.peek().is_some_and(|b| b.is_ascii_digit()) { Some(self.number()?) } else { None };
        let code_at = self.at;
        let mut alignment = None;
        let mut is_padding = false;
        let mut counted = false;
        let made = match self.peek() {
            None => return self.expected("a type"),
            Some(b'T') => {
                self.at += 1;
                if !self.take(b'{') {
                    return self.expected("`{` after `T`");
                }
                let (made, own) = self.items(depth + 1)?;
                alignment = Some(own);
                Ok(made.into())
            }
            Some(pointer @ (b'&' | b'X')) => {
                self.at += 1;
                if pointer == b'&' {
                    self.item(depth + 1)?;
                } else {
                    self.braces()?;
                }
                Scalar::new(Kind::Pointer, 8, ByteOrder::NotApplicable).map(DType::from)
            }
            Some(b'Z') => {
                self.at += 1;
                self.complex()?.map(DType::from)
            }
            Some(code @ (b's' | b'w' | b'x')) => {
                self.at += 1;
                counted = true;
                is_padding = code == b'x';
                self.sized(code, count.unwrap_or(1)).map(DType::from)
            }
            Some(code) => {
                self.at += 1;
                self.plain(code, code_at)?.map(DType::from)
            }
        };
        let dtype = match made {
            Ok(dtype) => dtype,
            Err(kind) => return self.fail_at(kind, count_at),
        };
        match count {
            Some(count) if !counted && count != 1 => shape.push(count),
            _ => {}
        }
        if let Err(kind) = size_of(&dtype, &shape) {
            return self.fail_at(kind, begin);
        }
        let alignment = alignment.unwrap_or_else(|| dtype.alignment());
        Ok(Item { dtype, shape, alignment, is_padding })
    }

    /// The part behind `Z`.
    fn complex(&mut self) -> Result<Result<Scalar, DTypeErrorKind>, DTypeError> {
        let made = match self.peek() {
            Some(b'f') => Scalar::new(Kind::Complex, 8, self.order()),
            Some(b'd') => Scalar::new(Kind::Complex, 16, self.order()),
            Some(b'g') => self.long_double(Kind::Complex),
            _ => return self.expected("`f`, `d` or `g` after `Z`"),
        };
        self.at += 1;
        Ok(made)
    }

    /// The types whose count is a length.
    fn sized(&self, code: u8, count: i64) -> Result<Scalar, DTypeErrorKind> {
        match code {
            b's' => Scalar::new(Kind::Bytes, count, self.order()),
            b'w' => Scalar::new(Kind::Unicode, 4 * count, self.order()),
            _ => Scalar::new(Kind::Void, count, self.order()),
        }
    }

    /// The types of one character.
    fn plain(&self, code: u8, at: usize) -> Result<Result<Scalar, DTypeErrorKind>, DTypeError> {
        let is_c = matches!(self.mark, b'@' | b'^');
        let (kind, itemsize) = match code {
            b'?' => (Kind::Bool, 1),
            b'c' => (Kind::Bytes, 1),
            b'b' => (Kind::Int, 1),
            b'B' => (Kind::Uint, 1),
            b'h' => (Kind::Int, 2),
            b'H' => (Kind::Uint, 2),
            b'i' => (Kind::Int, 4),
            b'I' => (Kind::Uint, 4),
            b'l' => (Kind::Int, if is_c { 8 } else { 4 }),
            b'L' => (Kind::Uint, if is_c { 8 } else { 4 }),
            b'q' => (Kind::Int, 8),
            b'Q' => (Kind::Uint, 8),
            b'n' if is_c => (Kind::Int, 8),
            b'N' if is_c => (Kind::Uint, 8),
            b'e' => (Kind::Float, 2),
            b'f' => (Kind::Float, 4),
            b'd' => (Kind::Float, 8),
            b'g' => return Ok(self.long_double(Kind::Float)),
            b'F' => (Kind::Complex, 8),
            b'D' => (Kind::Complex, 16),
            b'G' => return Ok(self.long_double(Kind::Complex)),
            b'O' => (Kind::Object, 8),
            b'P' => (Kind::Pointer, 8),
            b'(' | b'@' | b'^' | b'=' | b'<' | b'>' | b'!' | b':' | b'}' | b')' | b'0'..=b'9' => {
                let found = char_at(self.text, at);
                return self.fail_at(DTypeErrorKind::Unexpected { found, expected: "a type" }, at);
            }
            b'n' | b'N' => {
                let reason = "`n` and `N` have no standard size; write `q` or `Q`";
                return self.fail_at(DTypeErrorKind::Unsupported { reason }, at);
            }
            b'u' => {
                let reason = "`u` is a string of 2-byte characters, which NumPy does not have; `w` has 4 bytes each";
                return self.fail_at(DTypeErrorKind::Unsupported { reason }, at);
            }
            b't' => {
                let reason = "bit fields (`t`) have no NumPy type; use whole bytes";
                return self.fail_at(DTypeErrorKind::Unsupported { reason }, at);
            }
            _ => {
                let found = char_at(self.text, at).unwrap_or('?');
                return self.fail_at(DTypeErrorKind::UnknownCode { found }, at);
            }
        };
        Ok(Scalar::new(kind, itemsize, self.order()))
    }

    /// `g` under any mark of this machine's order (ctypes writes `<g`); it has no standard form to
    /// exchange.
    fn long_double(&self, kind: Kind) -> Result<Scalar, DTypeErrorKind> {
        if self.order() != ByteOrder::NATIVE {
            let reason = "a long double (`g`) has a format only in the order of the machine that made it";
            return Err(DTypeErrorKind::Unsupported { reason });
        }
        Scalar::new(kind, if kind == Kind::Float { 16 } else { 32 }, ByteOrder::NATIVE)
    }
}

/// The next multiple of a power of two; both far below `i64`'s limits.
fn round_up(offset: i64, alignment: i64) -> i64 {
    (offset + alignment - 1) & -alignment
}
