//! Errors of buffers and of operations on them:  a kind, and where.
//!
//! ```
//! use dap_ndarray::{Buffer, BufferErrorKind};
//! let buffer = Buffer::from_array(ndarray::arr1(&[1_i32, 2, 3]));
//! let error = buffer.view::<f64>().unwrap_err();
//! assert_eq!(error.kind(), BufferErrorKind::ItemType);
//! assert_eq!(error.to_string(), "the items are int32, float64 was asked for");
//! ```

use std::fmt;

use dap_core::dtype::DType;
use dap_core::finding::plural;

/// The kind of a [`BufferError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BufferErrorKind {
    /// An extent below 0.
    NegativeExtent,
    /// One value is needed for each dimension.
    Count,
    /// More than 64 dimensions, or fewer than none.
    Ndim,
    /// More bytes than memory can have, or strides that lead out of it.
    TooLarge,
    /// A null pointer where there are items, a shape or strides.
    Null,
    /// Items share memory, and are to be written.
    Overlap,
    /// The memory may only be read.
    ReadOnly,
    /// The items are of another type than was asked for.
    ItemType,
    /// The items are in another machine's byte order.
    ByteOrder,
    /// Items do not lie at multiples of their alignment.
    Unaligned,
    /// A stride is no multiple of the item size.
    Stride,
    /// The items do not lie one behind the other in C order.
    NotContiguous,
    /// A byte of a boolean is neither 0 nor 1.
    NotABool,
    /// A range that does not lie within its dimension.
    Range,
    /// Memory of a device that the processor cannot read.
    Device,
    /// A DLPack tensor of another major version; nothing of it but its deleter may be touched.
    Version,
    /// A DLPack tensor with a flag that is not known here.
    Flags,
    /// A DLPack type that the protocol has no item type for.
    TensorType,
    /// An item type that DLPack has none for: structs, strings, `long double`.
    NotInDlpack,
    /// DLPack tensors without a version cannot say that they are read-only.
    ReadOnlyLegacy,
}

/// A buffer that cannot be made, or not used as was asked: the kind of mistake, and as much of its
/// place as is known.
#[derive(Clone, PartialEq, Eq)]
pub struct BufferError {
    kind: BufferErrorKind,
    dim: Option<usize>,
    value: Option<i64>,
    expected: Option<i64>,
    dtype: Option<DType>,
    wanted: Option<DType>,
}

/// Where to go with what DLPack cannot say.
const DICTIONARY: &str = "; the export as a dictionary (`__distarray__`, with a PEP-3118 buffer) carries it";

impl BufferError {
    /// An error with no context yet.
    #[must_use]
    pub const fn new(kind: BufferErrorKind) -> Self {
        Self { kind, dim: None, value: None, expected: None, dtype: None, wanted: None }
    }

    /// Adds the dimension, counted from 0.
    #[must_use]
    pub fn with_dim(mut self, dim: usize) -> Self {
        self.dim = Some(dim);
        self
    }

    /// Adds the offending value.
    #[must_use]
    pub fn with_value(mut self, value: impl TryInto<i64>) -> Self {
        self.value = value.try_into().ok();
        self
    }

    /// Adds the value that would have been right, or the bound.
    #[must_use]
    pub fn with_expected(mut self, expected: impl TryInto<i64>) -> Self {
        self.expected = expected.try_into().ok();
        self
    }

    /// Adds the type of the items.
    #[must_use]
    pub fn with_dtype(mut self, dtype: &DType) -> Self {
        self.dtype = Some(dtype.clone());
        self
    }

    /// Adds the type that was asked for.
    #[must_use]
    pub fn with_wanted(mut self, wanted: DType) -> Self {
        self.wanted = Some(wanted);
        self
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> BufferErrorKind {
        self.kind
    }

    /// The dimension, counted from 0, when one is to blame.
    #[must_use]
    pub fn dim(&self) -> Option<usize> {
        self.dim
    }

    /// The offending value.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        self.value
    }

    /// The value that would have been right, or the bound.
    #[must_use]
    pub fn expected(&self) -> Option<i64> {
        self.expected
    }

    /// The type of the items.
    #[must_use]
    pub fn dtype(&self) -> Option<&DType> {
        self.dtype.as_ref()
    }
}

impl fmt::Display for BufferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use BufferErrorKind as Kind;
        if let Some(dim) = self.dim {
            write!(f, "dimension {dim}: ")?;
        }
        let value = self.value.unwrap_or(0);
        let expected = self.expected.unwrap_or(0);
        let name = |dtype: &Option<DType>| dtype.as_ref().map_or_else(|| "of an unknown type".to_owned(), DType::name);
        let dtype = name(&self.dtype);
        match self.kind {
            Kind::NegativeExtent => write!(f, "the extent is {value}, at least 0"),
            Kind::Count => write!(f, "{} for {}", plural(value, "value"), plural(expected, "dimension")),
            Kind::Ndim => write!(f, "{}, of which a buffer has 0 to {expected}", plural(value, "dimension")),
            Kind::TooLarge => f.write_str("shape and strides reach beyond what memory can hold"),
            Kind::Null => f.write_str("a null pointer where there are items, a shape or strides"),
            Kind::Overlap => f.write_str("the strides let items share memory, so it can only be read"),
            Kind::ReadOnly => f.write_str("the memory may only be read"),
            Kind::ItemType => write!(f, "the items are {dtype}, {} was asked for", name(&self.wanted)),
            Kind::ByteOrder if self.wanted.is_some() => {
                write!(f, "the items are {dtype}; `to_native` copies them, `swap_in_place` turns them round")
            }
            Kind::ByteOrder => write!(f, "DLPack has no type for {dtype}{DICTIONARY}"),
            Kind::Unaligned => write!(f, "items of {dtype} lie at multiples of {value}, not of {expected}, bytes"),
            Kind::Stride => {
                let way_out = if self.wanted.is_some() { "" } else { DICTIONARY };
                write!(f, "the stride is {}, no multiple of the {expected} of an item{way_out}", plural(value, "byte"))
            }
            Kind::NotContiguous => f.write_str("the items do not lie one behind the other in C order"),
            Kind::NotABool => write!(f, "a byte of a boolean is {value}, neither 0 nor 1"),
            Kind::Range if self.expected.is_some() => {
                write!(f, "the range ends at {value}, and the extent is {expected}")
            }
            Kind::Range => write!(f, "the range begins at {value}, below 0 or behind its own end"),
            Kind::Device => {
                write!(f, "the memory is on a device of DLPack's type {value}, not the processor's ({expected})")
            }
            Kind::Version => write!(f, "a DLPack tensor of version {value}; {expected} is known"),
            Kind::Flags => write!(f, "a DLPack tensor with unknown flags {value:#x}"),
            Kind::TensorType => write!(
                f,
                "no item type for DLPack's code {}, {}, {}",
                value >> 8 & 0xff,
                plural(value & 0xff, "bit"),
                plural(value >> 16, "lane")
            ),
            Kind::NotInDlpack => write!(f, "DLPack has no type for {dtype}{DICTIONARY}"),
            Kind::ReadOnlyLegacy => {
                f.write_str("a DLPack tensor without a version cannot say that its memory may only be read")
            }
        }
    }
}

dap_core::debug_as_display!(BufferError);

impl std::error::Error for BufferError {}
