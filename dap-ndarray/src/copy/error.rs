//! Why a copy cannot be made.

use dap_core::finding::plural;
use std::fmt;
use std::ops::Range;

/// A copy that cannot be made. Nothing was written.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyError {
    /// The buffer and the transfer have different numbers of dimensions.
    Ndim {
        /// Of the buffer.
        found: usize,
        /// Of the transfer.
        expected: usize,
    },
    /// The transfer reaches beyond the buffer.
    Extent {
        /// The dimension, from 0.
        dim: usize,
        /// The buffer's extent.
        found: i64,
        /// The least extent that would do; in a reshape, along a group of several dimensions, the
        /// only one.
        expected: i64,
    },
    /// The transfer, of a reshape, reaches beyond the buffer.
    Positions {
        /// The dimensions of a group, from 0.
        dims: Range<usize>,
        /// The product of the buffer's extents along them.
        found: i64,
        /// The least product that would do.
        expected: i64,
    },
    /// The transfer reaches in front of the buffer.
    Negative {
        /// The dimension, or the dimensions of a group, from 0.
        dims: Range<usize>,
        /// The least position of the transfer.
        found: i64,
    },
    /// Strides that reach further than memory does.
    Strides {
        /// The dimension, from 0.
        dim: usize,
        /// The stride, in bytes.
        found: i64,
    },
    /// The message is not as long as its elements, in bytes.
    Length {
        /// The message's length in bytes.
        found: usize,
        /// The bytes of the transfer's elements.
        expected: i64,
    },
    /// Source and target have items of different sizes, in bytes.
    ItemSize {
        /// Of the target.
        found: usize,
        /// Of the source.
        expected: usize,
    },
    /// The items are, or hold, addresses, such as those of Python objects.
    Addresses {
        /// The name of the item type.
        found: String,
    },
    /// The target may only be read.
    ReadOnly,
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ndim { found, expected } => {
                write!(f, "the buffer has {}, the layout {expected}", plural(found, "dimension"))
            }
            Self::Extent { dim, found, expected } => {
                write!(f, "dimension {dim}: the buffer's extent is {found}, the layout needs {expected}")
            }
            Self::Positions { dims, found, expected } => {
                let (first, last) = (dims.start, dims.end.saturating_sub(1));
                write!(
                    f,
                    "dimensions {first} to {last}: the buffer has {}, the layout needs {expected}",
                    plural(found, "position")
                )
            }
            Self::Negative { dims, found } => {
                write!(f, "dimension {}: the transfer reaches position {found}, the least position is 0", dims.start)
            }
            Self::Strides { dim, found } => {
                write!(f, "dimension {dim}: a stride of {} reaches further than memory does", plural(found, "byte"))
            }
            Self::Length { found, expected } => {
                write!(f, "the message has {}, its elements {expected}", plural(found, "byte"))
            }
            Self::ItemSize { found, expected } => {
                write!(f, "the items of the target have {}, those of the source {expected}", plural(found, "byte"))
            }
            Self::Addresses { found } => write!(
                f,
                "the items ({found}) are or hold addresses, which mean nothing in another position: move arrays of numbers, \
                 and objects by pickling them"
            ),
            Self::ReadOnly => f.write_str("the target may only be read"),
        }
    }
}

dap_core::debug_as_display!(CopyError);

impl std::error::Error for CopyError {}
