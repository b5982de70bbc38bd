//! The reasons why a transfer cannot be executed with a caller's arguments.

use std::fmt;

use dap_core::finding::plural;
use dap_core::index::Rank;
use dap_ndarray::copy::CopyError;

use super::Side;
use crate::{Code, Refusal};

/// A transfer that cannot be executed. No data was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransferError {
    /// The plan's process has no part of the array.
    NoPart {
        /// The array.
        side: Side,
    },
    /// The buffer has another shape than the process's part.
    Shape {
        /// The array.
        side: Side,
        /// The buffer's extents.
        found: Vec<i64>,
        /// The extents of the part, padding included.
        expected: Vec<i64>,
    },
    /// The buffer is described as the part of another rank.
    OtherRank {
        /// The array.
        side: Side,
        /// The rank of the description.
        found: Rank,
        /// The plan's rank.
        expected: Rank,
    },
    /// The buffer is described as a part of another distribution.
    OtherLayout {
        /// The array.
        side: Side,
        /// A description of the plan's layout.
        expected: String,
    },
    /// The items are addresses or contain them, such as those of Python objects.
    Addresses {
        /// The source, the target or the message.
        what: &'static str,
        /// The name of the item type.
        found: String,
    },
    /// Source and target have items of different types.
    Types {
        /// The name of the source's item type.
        source: String,
        /// The name of the target's item type.
        target: String,
    },
    /// Memory to be written may only be read.
    ReadOnly {
        /// The target or the message.
        what: &'static str,
    },
    /// Memory that is written overlaps memory that is read.
    Shared {
        /// The message or the target.
        what: &'static str,
        /// The other of the two.
        with: &'static str,
    },
    /// The size of the message is not that of its elements.
    Room {
        /// The message's bytes.
        found: usize,
        /// The elements' bytes.
        expected: usize,
    },
    /// The message would be larger than memory.
    TooLarge,
    /// An error of the copy itself.
    Copy(CopyError),
}

impl Side {
    /// `source` or `target`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Source => "source",
            Side::Target => "target",
        }
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPart { side } => write!(f, "this process has no part of the {}", side.name()),
            Self::Shape { side, found, expected } => {
                let (found, expected) = (tuple(found), tuple(expected));
                write!(f, "the {} has the shape {found}, its layout {expected}", side.name())
            }
            Self::OtherRank { side, found, expected } => write!(
                f,
                "the {} is the part of rank {found}, the plan is of rank {expected}: pass the part of rank {expected}, \
                 or make the plan for rank {found}",
                side.name()
            ),
            Self::OtherLayout { side, expected } => {
                let side = side.name();
                write!(f, "the {side} is described as a part of another distribution, the plan's is {expected}")
            }
            Self::Addresses { what, found } => write!(
                f,
                "the items of the {what} ({found}) are or hold addresses of objects, which cannot be moved: move arrays of \
                 numbers, and objects by pickling them"
            ),
            Self::Types { source, target } => {
                write!(f, "the items are {source} in the source, {target} in the target")
            }
            Self::ReadOnly { what } => write!(f, "the {what} may only be read"),
            Self::Shared { what, with } => write!(f, "{what} shares memory with {with}"),
            Self::Room { found, expected } => {
                write!(f, "the message has {}, {expected} are needed", plural(found, "byte"))
            }
            Self::TooLarge => f.write_str("the message would exceed memory"),
            Self::Copy(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TransferError {}

impl From<CopyError> for TransferError {
    fn from(error: CopyError) -> Self {
        Self::Copy(error)
    }
}

impl From<TransferError> for Refusal {
    fn from(error: TransferError) -> Self {
        let says = |code| Refusal::new(code).what(error.to_string());
        match &error {
            TransferError::Shape { found, expected, .. } => {
                let refusal = says(Code::TENSOR);
                let differs = found.iter().zip(expected).position(|(found, expected)| found != expected);
                match differs.filter(|_| found.len() == expected.len()) {
                    Some(dim) => refusal.dim_at(dim),
                    None => refusal,
                }
            }
            TransferError::NoPart { .. }
            | TransferError::OtherRank { .. }
            | TransferError::OtherLayout { .. }
            | TransferError::Shared { .. } => says(Code::ARGUMENT),
            TransferError::Types { .. } | TransferError::Addresses { .. } => says(Code::DTYPE),
            TransferError::ReadOnly { .. } | TransferError::Copy(CopyError::ReadOnly) => Refusal::new(Code::READ_ONLY),
            TransferError::Room { found, expected } => Refusal::new(Code::TOO_SMALL).found(*found).expected(*expected),
            TransferError::Copy(CopyError::ItemSize { .. } | CopyError::Addresses { .. }) => says(Code::DTYPE),
            TransferError::Copy(CopyError::Extent { dim, .. }) => says(Code::TENSOR).dim_at(*dim),
            TransferError::TooLarge | TransferError::Copy(_) => says(Code::TENSOR),
        }
    }
}

/// A shape as in mathematics and in Python.
fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("({}{})", inner.join(", "), if numbers.len() == 1 { "," } else { "" })
}
