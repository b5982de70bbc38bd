//! Writes an item's type: typestr, PEP-3118 format, and a name for people.

use std::fmt;

use super::DType;
use super::record::Struct;
use super::scalar::{ByteOrder, Kind, Scalar};

/// NumPy's typestr; `None` for addresses that are no Python objects.
pub(super) fn typestr(scalar: Scalar) -> Option<String> {
    let order = match scalar.byte_order() {
        ByteOrder::Little => '<',
        ByteOrder::Big => '>',
        ByteOrder::NotApplicable => '|',
    };
    let (kind, size) = match scalar.kind() {
        Kind::Bool => ('b', scalar.itemsize()),
        Kind::Int => ('i', scalar.itemsize()),
        Kind::Uint => ('u', scalar.itemsize()),
        Kind::Float => ('f', scalar.itemsize()),
        Kind::Complex => ('c', scalar.itemsize()),
        Kind::Bytes => ('S', scalar.itemsize()),
        Kind::Unicode => ('U', scalar.itemsize() / 4),
        Kind::Void => ('V', scalar.itemsize()),
        Kind::Object => return Some("|O".to_owned()),
        Kind::Pointer => return None,
    };
    Some(format!("{order}{kind}{size}"))
}

/// Whether [`pep3118`] has an answer.
pub(super) fn has_format(dtype: &DType) -> bool {
    match dtype {
        DType::Scalar(scalar) => !scalar.is_long_double() || scalar.is_native(),
        DType::Struct(record) => {
            let named = |name: &str| !name.contains([':', '\0']);
            record.is_in_order() && record.fields().iter().all(|f| named(f.name()) && has_format(f.dtype()))
        }
    }
}

/// The format; `None` when the buffer protocol has none.
///
/// NumPy's own text for a struct loses padding at the end of structs, and reads back as another
/// type when a packed struct happens to begin aligned. So its text is used where it says all bytes
/// of the item by itself, and an explicit one, unaligned and with every byte of padding, elsewhere:
/// a reader such as NumPy refuses a format whose size is not the item's.
pub(super) fn pep3118(dtype: &DType) -> Option<String> {
    if !has_format(dtype) {
        return None;
    }
    let mut writer = Writer { text: String::new(), mark: '@', end: 0 };
    writer.as_numpy(dtype);
    if matches!(dtype, DType::Scalar(_)) || DType::from_format(&writer.text).is_ok_and(|read| read == *dtype) {
        return Some(writer.text);
    }
    let mut writer = Writer { text: String::new(), mark: '@', end: 0 };
    writer.explicit(dtype);
    Some(writer.text)
}

struct Writer {
    text: String,
    /// The mark in force.
    mark: char,
    /// Where the text so far ends, in bytes from the item's start, by NumPy's reckoning.
    end: i64,
}

impl Writer {
    /// As NumPy: C's sizes where an item is aligned, standard ones elsewhere.
    fn as_numpy(&mut self, dtype: &DType) {
        let scalar = match dtype {
            DType::Struct(record) => return self.struct_as_numpy(record),
            DType::Scalar(scalar) => *scalar,
        };
        let is_aligned = self.end % scalar.alignment() == 0;
        self.end = self.end.saturating_add(scalar.itemsize());
        match scalar.byte_order() {
            ByteOrder::NotApplicable => {}
            _ if scalar.is_native() && is_aligned => self.mark('@'),
            _ if scalar.is_long_double() => self.mark('^'),
            _ => self.standard(scalar),
        }
        self.code(scalar);
    }

    fn struct_as_numpy(&mut self, record: &Struct) {
        let begin = self.end;
        self.text.push_str("T{");
        for field in record.fields() {
            let offset = begin.saturating_add(field.offset());
            self.pad(offset.saturating_sub(self.end));
            self.end = offset;
            self.shape(field.shape());
            self.as_numpy(field.dtype());
            let used = self.end.saturating_sub(offset);
            let times = field.shape().iter().fold(1, |product: i64, &n| product.saturating_mul(n));
            self.end = offset.saturating_add(used.saturating_mul(times));
            self.name(field.name());
        }
        self.text.push('}');
    }

    /// Unaligned from the first item on, and padded to each struct's end.
    fn explicit(&mut self, dtype: &DType) {
        match dtype {
            DType::Struct(record) => {
                self.text.push_str("T{");
                let mut end = 0;
                for field in record.fields() {
                    self.pad(field.offset() - end);
                    self.shape(field.shape());
                    self.explicit(field.dtype());
                    self.name(field.name());
                    end = field.end();
                }
                self.pad(record.itemsize() - end);
                self.text.push('}');
            }
            DType::Scalar(scalar) => {
                if scalar.is_long_double() {
                    self.mark('^')
                } else {
                    self.standard(*scalar)
                }
                self.code(*scalar);
            }
        }
    }

    /// Standard sizes, unaligned, in the item's own order.
    fn standard(&mut self, scalar: Scalar) {
        self.mark(match scalar.byte_order() {
            _ if scalar.is_native() => '=',
            ByteOrder::Big => '>',
            _ => '<',
        });
    }

    fn mark(&mut self, mark: char) {
        if self.mark != mark {
            self.mark = mark;
            self.text.push(mark);
        }
    }

    fn code(&mut self, scalar: Scalar) {
        let is_c = matches!(self.mark, '@' | '^');
        let code = match (scalar.kind(), scalar.itemsize()) {
            (Kind::Bool, _) => "?",
            (Kind::Int, 1) => "b",
            (Kind::Int, 2) => "h",
            (Kind::Int, 4) => "i",
            (Kind::Int, _) => {
                if is_c {
                    "l"
                } else {
                    "q"
                }
            }
            (Kind::Uint, 1) => "B",
            (Kind::Uint, 2) => "H",
            (Kind::Uint, 4) => "I",
            (Kind::Uint, _) => {
                if is_c {
                    "L"
                } else {
                    "Q"
                }
            }
            (Kind::Float, 2) => "e",
            (Kind::Float, 4) => "f",
            (Kind::Float, 8) => "d",
            (Kind::Float, _) => "g",
            (Kind::Complex, 8) => "Zf",
            (Kind::Complex, 16) => "Zd",
            (Kind::Complex, _) => "Zg",
            (Kind::Object, _) => "O",
            (Kind::Pointer, _) => "P",
            (Kind::Bytes, n) => return self.counted(n, 's'),
            (Kind::Unicode, n) => return self.counted(n / 4, 'w'),
            (Kind::Void, n) => return self.counted(n, 'x'),
        };
        self.text.push_str(code);
    }

    fn counted(&mut self, count: i64, code: char) {
        self.text.push_str(&count.to_string());
        self.text.push(code);
    }

    /// NumPy writes one `x` a byte, however many; a long gap gets a count instead, which reads the
    /// same.
    fn pad(&mut self, bytes: i64) {
        const LONG: i64 = 64;
        match bytes {
            ..=0 => {}
            1..=LONG => (0..bytes).for_each(|_| self.text.push('x')),
            _ => self.counted(bytes, 'x'),
        }
    }

    fn shape(&mut self, shape: &[i64]) {
        for (i, extent) in shape.iter().enumerate() {
            self.text.push(if i == 0 { '(' } else { ',' });
            self.text.push_str(&extent.to_string());
        }
        if !shape.is_empty() {
            self.text.push(')');
        }
    }

    fn name(&mut self, name: &str) {
        self.text.push(':');
        self.text.push_str(name);
        self.text.push(':');
    }
}

/// A name for people: NumPy's for numbers, with "big-endian" before it; a phrase for the rest.
impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |n: i64| if n == 1 { "" } else { "s" };
        let scalar = match self {
            DType::Struct(record) => {
                let (fields, bytes) = (record.fields().len() as i64, record.itemsize());
                return write!(f, "struct of {fields} field{}, {bytes} byte{}", s(fields), s(bytes));
            }
            DType::Scalar(scalar) => scalar,
        };
        if scalar.byte_order() == ByteOrder::Big {
            f.write_str("big-endian ")?;
        }
        let size = scalar.itemsize();
        match scalar.kind() {
            Kind::Bool => f.write_str("bool"),
            Kind::Int => write!(f, "int{}", 8 * size),
            Kind::Uint => write!(f, "uint{}", 8 * size),
            Kind::Float if scalar.is_long_double() => f.write_str("longdouble"),
            Kind::Float => write!(f, "float{}", 8 * size),
            Kind::Complex if scalar.is_long_double() => f.write_str("clongdouble"),
            Kind::Complex => write!(f, "complex{}", 8 * size),
            Kind::Bytes => write!(f, "byte string of {size} byte{}", s(size)),
            Kind::Unicode => write!(f, "text of {} character{}", size / 4, s(size / 4)),
            Kind::Void => write!(f, "{size} raw byte{}", s(size)),
            Kind::Object => f.write_str("Python object"),
            Kind::Pointer => f.write_str("pointer"),
        }
    }
}
