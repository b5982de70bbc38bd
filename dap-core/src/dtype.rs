//! The type of one item of a buffer: what its bytes mean, how many they are, and in which order.
//!
//! A PEP-3118 buffer names the type of its items by a *format*; NumPy, and most files, by
//! a *typestr* or a list of fields. This module reads and writes all three:
//!
//! | task | here |
//! |---|---|
//! | the `dtype` of an export that is a text | [`DType::parse`] |
//! | ... that is a list or dictionary | [`DType::from_descr`] |
//! | a buffer in memory (`Py_buffer`) | [`DType::from_buffer`] |
//! | write one | [`DType::typestr`], [`DType::pep3118`], [`DType::descr`] |
//! | tell a person | [`DType::name`], [`DTypeError`] |
//! | hand it to DLPack | [`DType::dlpack`] |
//!
//! ```
//! use dap_core::dtype::{ByteOrder, DType, Kind};
//! let dtype = DType::parse(">c16")?;
//! assert_eq!((dtype.kind(), dtype.itemsize(), dtype.byte_order()), (Some(Kind::Complex), 16, ByteOrder::Big));
//! assert_eq!(dtype.pep3118().as_deref(), Some(">Zd"));
//! assert_eq!(dtype.name(), "big-endian complex128");
//! # Ok::<(), dap_core::dtype::DTypeError>(())
//! ```
//!
//! # Limits
//!
//! An item has at most [`MAX_ITEMSIZE`] bytes, as in NumPy, and a struct bounded depth, fields and
//! dimensions. Reading takes time and memory in proportion to the text, whatever numbers stand in
//! it. Types that no buffer can carry (`<M8[s]`) are errors of their own kind,
//! [`DTypeErrorKind::NoFormat`].

mod descr;
mod error;
mod format;
mod names;
mod record;
mod scalar;
#[cfg(test)]
mod tests;
mod typestr;
mod write;

use std::sync::Arc;

pub use descr::Descr;
pub use error::{DTypeError, DTypeErrorKind};
pub use record::{Field, Struct};
pub use scalar::{ByteOrder, Kind, Scalar};

/// The most bytes of one item: C's `int`, in which NumPy counts them.
pub const MAX_ITEMSIZE: i64 = i32::MAX as i64;
/// How deep structs may lie in structs.
pub const MAX_DEPTH: usize = 32;
/// The most fields of one struct, those of inner structs included.
pub const MAX_FIELDS: usize = 1 << 16;
/// The most dimensions of a field's sub-array, as in NumPy.
pub const MAX_NDIM: usize = 64;

/// The type of one item. Scalars are a few bytes without memory of their own; structs are shared
/// when cloned.
///
/// Two are equal when the items' bytes mean the same: names, offsets and padding of structs count,
/// titles and NumPy's `align` flag do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DType {
    /// A number, a string, raw bytes or an address.
    Scalar(Scalar),
    /// Named fields.
    Struct(Arc<Struct>),
}

impl From<Scalar> for DType {
    fn from(scalar: Scalar) -> DType {
        DType::Scalar(scalar)
    }
}

impl From<Struct> for DType {
    fn from(record: Struct) -> DType {
        DType::Struct(Arc::new(record))
    }
}

impl DType {
    /// Reads an export's `dtype`: a NumPy typestr, or else a PEP-3118 format.
    ///
    /// No text is both: one that begins with `|`, or ends in a digit or in `]`, can only be a
    /// typestr, and any other only a format (but for a bare `S`, `U`, `V`, `M` or `m`, a typestr
    /// without its size). So `b1` is a bool and `b` an 8-bit integer, `c8` a complex number and `c`
    /// a byte, `i4` and `i` the same. `O` is an object in both.
    ///
    /// Single letters are formats, not the letters of NumPy's `dtype()`. They differ in one thing:
    /// after `<`, `>` and `=` a format's `l` and `L` have 4 bytes, while `numpy.dtype("<l")` has 8.
    ///
    /// # Errors
    /// When it is neither, or names a type that no buffer carries; the error says what to write.
    pub fn parse(text: &str) -> Result<DType, DTypeError> {
        if let Some(kind) = names::recognise(text) {
            return Err(DTypeError::at(kind, text, 0));
        }
        let bytes = text.as_bytes();
        let unmarked =
            bytes.strip_prefix(b"<").or(bytes.strip_prefix(b">")).or(bytes.strip_prefix(b"=")).unwrap_or(bytes);
        let is_typestr = matches!(bytes, [] | [b'|', ..] | [.., b'0'..=b'9' | b']'])
            || matches!(unmarked, [b'S' | b'U' | b'V' | b'M' | b'm']);
        if is_typestr { Self::from_typestr(text) } else { Self::from_format(text) }
    }

    /// Reads what a person or a program calls a type: a typestr, a format, or a name of NumPy,
    /// PyTorch, JAX, MPI, Julia, Fortran, C or Chapel, also as `repr` prints it.
    ///
    /// ```
    /// use dap_core::dtype::DType;
    /// for name in ["float64", "dtype('<f8')", "torch.float64", "MPI_DOUBLE", "Float64", "real(8)", "double"] {
    ///     assert_eq!(DType::from_name(name)?, DType::parse("<f8")?);
    /// }
    /// let error = DType::from_name("float").unwrap_err();
    /// assert_eq!(error.to_string(), "`float`: `float` has 8 bytes in Python and 4 in C and PyTorch; write `<f8` or `<f4`");
    /// # Ok::<(), dap_core::dtype::DTypeError>(())
    /// ```
    ///
    /// # Errors
    /// When it is none, when languages do not agree on the name, or when no buffer carries the
    /// type; the error says what to write.
    pub fn from_name(text: &str) -> Result<DType, DTypeError> {
        match names::meaning(text) {
            Some(Ok(typestr)) => Self::from_typestr(typestr),
            Some(Err(kind)) => Err(DTypeError::at(kind, text, 0)),
            None => match names::bits(text) {
                Some(typestr) => Self::from_typestr(typestr),
                None => Self::parse(names::unwrapped(text).0),
            },
        }
    }

    /// Reads a NumPy typestr (`<f8`, `|b1`, `f8`, `=f8`), as in `dtype.str` and
    /// `__array_interface__`.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_typestr(text: &str) -> Result<DType, DTypeError> {
        typestr::read(text).map(DType::Scalar)
    }

    /// Reads a PEP-3118 format (`d`, `>Zd`, `T{<d:a:<i:b:}`) as NumPy reads it.
    ///
    /// A format alone does not always say where a struct ends, because the size stands beside it in
    /// the buffer: use [`from_buffer`](Self::from_buffer) when there is one.
    ///
    /// # Errors
    /// When it is none, or names what NumPy cannot hold.
    pub fn from_format(text: &str) -> Result<DType, DTypeError> {
        format::read(text)
    }

    /// Reads the format of a buffer whose items have `itemsize` bytes.
    ///
    /// ```
    /// use dap_core::dtype::DType;
    /// // What NumPy says of a packed struct; alone it would be read as aligned, with 16 bytes.
    /// assert_eq!(DType::from_buffer("T{d:a:i:b:}", 12)?.itemsize(), 12);
    /// # Ok::<(), dap_core::dtype::DTypeError>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_format`](Self::from_format), and when the format's fields do not fit `itemsize`.
    pub fn from_buffer(format: &str, itemsize: i64) -> Result<DType, DTypeError> {
        let read = Self::from_format(format)?;
        let resized = match &read {
            _ if read.itemsize() == itemsize => return Ok(read),
            DType::Scalar(scalar) => Err(DTypeErrorKind::Itemsize { written: itemsize, needed: scalar.itemsize() }),
            DType::Struct(record) => record.resized(itemsize),
        };
        resized.map(DType::from).map_err(|kind| DTypeError::at(kind, format, 0))
    }

    /// Reads NumPy's list or dictionary of fields, or a text as [`parse`](Self::parse) does.
    ///
    /// ```
    /// use dap_core::dtype::{DType, Descr::{List, Text}};
    /// let field = |name: &str, dtype: &str| List(vec![Text(name.into()), Text(dtype.into())]);
    /// let dtype = DType::from_descr(&List(vec![field("x", "<f8"), field("", "|V4"), field("n", "<i4")]))?;
    /// assert_eq!(dtype.name(), "struct of 2 fields, 16 bytes");
    /// assert_eq!(dtype.fields()[1].offset(), 12);
    /// # Ok::<(), dap_core::dtype::DTypeError>(())
    /// ```
    ///
    /// # Errors
    /// When it is none; the error's `pointer` says where.
    pub fn from_descr(descr: &Descr) -> Result<DType, DTypeError> {
        descr::read(descr)
    }

    /// The item's size in bytes, from 0 to [`MAX_ITEMSIZE`].
    #[inline]
    pub fn itemsize(&self) -> i64 {
        match self {
            DType::Scalar(scalar) => scalar.itemsize(),
            DType::Struct(record) => record.itemsize(),
        }
    }

    /// The meaning of the bytes; `None` for a struct.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            DType::Scalar(scalar) => Some(scalar.kind()),
            DType::Struct(_) => None,
        }
    }

    /// The order of its bytes; a struct's fields have each their own.
    pub fn byte_order(&self) -> ByteOrder {
        match self {
            DType::Scalar(scalar) => scalar.byte_order(),
            DType::Struct(_) => ByteOrder::NotApplicable,
        }
    }

    /// The address, in bytes, whose multiples suit the item on a 64-bit Unix: the widest of a
    /// struct's fields, or 1 when no address aligns them all. (NumPy says 1 of every struct not
    /// made with `align=True`.)
    #[inline]
    pub fn alignment(&self) -> i64 {
        match self {
            DType::Scalar(scalar) => scalar.alignment(),
            DType::Struct(record) => record.alignment(),
        }
    }

    /// A struct's fields; none for a scalar.
    pub fn fields(&self) -> &[Field] {
        match self {
            DType::Scalar(_) => &[],
            DType::Struct(record) => record.fields(),
        }
    }

    /// Whether the item is or holds an address, which means nothing to another process or in a
    /// file.
    #[inline]
    pub fn is_object(&self) -> bool {
        match self {
            DType::Scalar(scalar) => matches!(scalar.kind(), Kind::Object | Kind::Pointer),
            DType::Struct(record) => record.fields().iter().any(|field| field.dtype().is_object()),
        }
    }

    /// DLPack's type code, bits and lanes.
    ///
    /// `None` for what DLPack has no code for, for bytes in another machine's order, and for `long
    /// double`, whose 16 bytes are not an IEEE float of 128 bits.
    #[inline]
    pub fn dlpack(&self) -> Option<(u8, u8, u16)> {
        let DType::Scalar(scalar) = self else { return None };
        if !scalar.is_native() || scalar.is_long_double() {
            return None;
        }
        let code = match scalar.kind() {
            Kind::Int => 0,
            Kind::Uint => 1,
            Kind::Float => 2,
            Kind::Complex => 5,
            Kind::Bool => 6,
            _ => return None,
        };
        Some((code, u8::try_from(8 * scalar.itemsize()).ok()?, 1))
    }

    /// The type of DLPack's code, bits and lanes, in this machine's byte order; the other way round
    /// from [`dlpack`](Self::dlpack).
    ///
    /// `None` for what the protocol has no type for: vectors, items of less than a byte, and floats
    /// of 128 bits, which are IEEE's in DLPack and C's `long double` here.
    ///
    /// ```
    /// use dap_core::dtype::DType;
    /// assert_eq!(DType::from_dlpack(2, 64, 1), Some(DType::parse("<f8")?));
    /// assert_eq!(DType::from_dlpack(2, 64, 4), None);
    /// # Ok::<(), dap_core::dtype::DTypeError>(())
    /// ```
    #[inline]
    pub fn from_dlpack(code: u8, bits: u8, lanes: u16) -> Option<DType> {
        let kind = match code {
            0 => Kind::Int,
            1 => Kind::Uint,
            2 if bits <= 64 => Kind::Float,
            5 if bits <= 128 => Kind::Complex,
            6 => Kind::Bool,
            _ => return None,
        };
        if lanes != 1 || !bits.is_multiple_of(8) {
            return None;
        }
        Scalar::new(kind, i64::from(bits / 8), ByteOrder::NATIVE).ok().map(DType::Scalar)
    }

    /// NumPy's typestr, `dtype.str`; `None` for a struct, which [`descr`](Self::descr) describes.
    pub fn typestr(&self) -> Option<String> {
        match self {
            DType::Scalar(scalar) => write::typestr(*scalar),
            DType::Struct(_) => None,
        }
    }

    /// Whether a PEP-3118 buffer can carry it.
    ///
    /// Not when it is a `long double` in another machine's order, when fields overlap or go
    /// backwards, or when a field's name holds `:` or NUL.
    #[inline]
    pub fn has_format(&self) -> bool {
        write::has_format(self)
    }

    /// The PEP-3118 format, as `memoryview(array).format` has it; `None` without
    /// [`has_format`](Self::has_format).
    ///
    /// Where NumPy's own text for a struct would be read as another type, or as one of another
    /// size, the text here says the same unaligned with all padding written out:
    /// [`from_format`](Self::from_format) reads the same type.
    pub fn pep3118(&self) -> Option<String> {
        write::pep3118(self)
    }

    /// NumPy's description in full, `dtype.descr`: a typestr, or a struct's list of fields (a
    /// dictionary where no list can say it). `None` for pointers that are no Python objects.
    pub fn descr(&self) -> Option<Descr> {
        descr::write(self)
    }

    /// A name for people: "float64", "big-endian complex128", "struct of 2 fields, 12 bytes".
    pub fn name(&self) -> String {
        self.to_string()
    }
}
