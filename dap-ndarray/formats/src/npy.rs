//! The header of a `.npy` file: item type, shape and order of the buffer behind it.
//!
//! `Buffer::map_npy` and `Buffer::write_npy` of `dap-ndarray` map and write the data as well.
//!
//! ```
//! use dap_formats::npy::Npy;
//! let file = b"\x93NUMPY\x01\x00\x3d\x00{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }  \n";
//! let npy = Npy::read(&mut &file[..], 0)?;
//! assert_eq!((npy.shape.as_slice(), npy.data_length()), (&[2, 3][..], Some(48)));
//! assert_eq!(npy.fortran_strides(), Some(vec![8, 16]));
//! # Ok::<(), dap_formats::npy::HeaderError>(())
//! ```

mod write;

use std::fmt;
use std::io::{self, Read};

use dap_core::dtype::{DType, Descr};
use dap_core::export::dense_strides;

use crate::file::words;
use crate::python::{self, Literal};
pub use write::header;
pub(crate) use write::write_text;

/// How a `.npy` file begins.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Longer headers are refused. NumPy itself refuses more than 10,000 bytes unless told otherwise.
const LONGEST_HEADER: usize = 1 << 20;

/// The contents of a `.npy` header.
#[derive(Debug)]
pub struct Npy {
    /// The item type as written.
    pub descr: Literal,
    /// Nothing where the item type has no meaning in the protocol, such as NumPy's dates.
    pub dtype: Option<DType>,
    /// The extents, none below 0.
    pub shape: Vec<i64>,
    /// Whether the first index varies fastest.
    pub fortran_order: bool,
    /// The bytes of magic, version and header: the data begin behind them.
    pub length: u64,
}

/// A header that cannot be read: why, as a sentence with the byte at which it was seen.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderError {
    problem: String,
}

impl HeaderError {
    pub(crate) fn new(problem: String) -> Self {
        Self { problem }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

dap_core::debug_as_display!(HeaderError);

impl std::error::Error for HeaderError {}

impl Npy {
    /// Reads a header, its bytes counted from `at` in messages.
    ///
    /// # Errors
    /// It is none, ends too early, or says what cannot be understood.
    pub fn read(file: &mut impl Read, at: u64) -> Result<Self, HeaderError> {
        Self::parse(file, at).map_err(HeaderError::new)
    }

    pub(crate) fn parse(file: &mut impl Read, at: u64) -> Result<Self, String> {
        let fixed = take(file, 8, at)?;
        if !fixed.starts_with(MAGIC) {
            return Err(format!("no `\\x93NUMPY` at byte {at}"));
        }
        let wide = match fixed[6..] {
            [1, 0] => 2,
            [2 | 3, 0] => 4,
            _ => return Err(format!("the .npy format {}.{} at byte {at} is not known", fixed[6], fixed[7])),
        };
        let length = take(file, wide, at + 8)?.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        if length > LONGEST_HEADER {
            return Err(format!("a .npy header of {length} bytes at byte {at}"));
        }
        let begin = at + 8 + wide as u64;
        let header = take(file, length, begin)?;
        let Literal::Dict(header) = python::parse(&header, begin)? else {
            return Err(format!("no dictionary at byte {begin}"));
        };
        let find = |key: &str| {
            let found = header.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
            found.ok_or_else(|| format!("no `{key}` in the .npy header at byte {begin}"))
        };
        let wrong = |key: &str| format!("no usable `{key}` in the .npy header at byte {begin}");
        let (descr, shape) = (find("descr")?, find("shape")?);
        let Literal::Bool(fortran_order) = find("fortran_order")? else { return Err(wrong("fortran_order")) };
        let Literal::List(shape) = shape else { return Err(wrong("shape")) };
        let extent = |extent: &Literal| match extent {
            Literal::Number(text) => text.parse().ok().filter(|extent| *extent >= 0),
            _ => None,
        };
        let shape = shape.iter().map(extent).collect::<Option<Vec<i64>>>().ok_or_else(|| wrong("shape"))?;
        let dtype = DType::from_descr(&as_descr(&descr)).ok();
        Ok(Self { descr, dtype, shape, fortran_order, length: begin - at + length as u64 })
    }

    /// The bytes of the data, `u64::MAX` for 2^63 and more: [`in_words`] tells them. `None` where
    /// the item type is not known, or one of Python objects, which are pickled.
    #[must_use]
    pub fn data_length(&self) -> Option<u64> {
        let dtype = self.dtype.as_ref().filter(|dtype| !dtype.is_object())?;
        if self.shape.contains(&0) {
            return Some(0);
        }
        let items = self.shape.iter().try_fold(dtype.itemsize(), |product, extent| product.checked_mul(*extent));
        // No file holds a number of bytes that does not fit 63 bits.
        Some(items.map_or(u64::MAX, i64::unsigned_abs))
    }

    /// The strides in bytes; nothing where they are those of C order, or beyond 64 bits.
    #[must_use]
    pub fn fortran_strides(&self) -> Option<Vec<i64>> {
        let dtype = self.dtype.as_ref().filter(|_| self.fortran_order && self.shape.len() > 1)?;
        dense_strides(&self.shape, dtype.itemsize(), 0..self.shape.len())
    }
}

fn as_descr(literal: &Literal) -> Descr {
    match literal {
        Literal::Text(text) => Descr::Text(text.clone()),
        Literal::List(items) => Descr::List(items.iter().map(as_descr).collect()),
        Literal::Number(text) => text.parse().map_or(Descr::Other("a number"), Descr::Int),
        Literal::Bool(_) => Descr::Other("a boolean"),
        Literal::Dict(_) => Descr::Other("a dictionary"),
        Literal::None => Descr::Other("None"),
    }
}

/// Exactly `count` bytes.
pub(crate) fn take(file: &mut impl Read, count: usize, at: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file.take(count as u64).read_to_end(&mut bytes) {
        Ok(read) if read == count => Ok(bytes),
        Ok(read) => Err(format!("it ends within its header, at byte {}", at + read as u64)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err("interrupted".to_owned()),
        Err(error) => Err(words(&error)),
    }
}

/// A length of data as a message shows it: `u64::MAX` stands for what no file can hold, and is no
/// number to show.
#[must_use]
pub fn in_words(length: u64) -> String {
    if length == u64::MAX { "2^63 or more".to_owned() } else { length.to_string() }
}
