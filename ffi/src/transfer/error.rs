//! The reasons why a transfer cannot be executed with a caller's arguments.

use std::fmt;

use dap_core::dtype::DType;
use dap_core::finding::plural;
use dap_core::index::Rank;
use dap_ndarray::copy::CopyError;

use super::{Role, Side};
use crate::{Code, Refusal};

/// A transfer that cannot be executed. No data was written.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransferError {
    /// The plan's process has no part of the array.
    NoPart {
        /// The array.
        role: Role,
    },
    /// The buffer has another shape than the process's part.
    Shape {
        /// The array.
        role: Role,
        /// The buffer's extents.
        found: Vec<i64>,
        /// The extents of the part, padding included.
        expected: Vec<i64>,
    },
    /// The buffer is described as the part of another rank.
    OtherRank {
        /// The array.
        role: Role,
        /// The rank of the description.
        found: Rank,
        /// The plan's rank.
        expected: Rank,
    },
    /// The buffer is described as a part of another distribution.
    OtherLayout {
        /// The array.
        role: Role,
        /// A description of the plan's layout.
        expected: String,
    },
    /// The items are addresses or contain them, such as those of Python objects.
    Addresses {
        /// The source, the target, the array or the message.
        what: &'static str,
        /// The item type.
        found: DType,
    },
    /// Source and target have items of different types.
    Types {
        /// The source's item type.
        source: DType,
        /// The target's item type.
        target: DType,
    },
    /// Memory to be written may only be read.
    ReadOnly {
        /// The target, the array or the message.
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

impl Role {
    /// `source`, `target` or `array`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Of(Side::Source) => "source",
            Role::Of(Side::Target) => "target",
            Role::Padded => "array",
        }
    }

    /// The object that was made for one rank of the layout.
    fn maker(self) -> &'static str {
        match self {
            Role::Of(_) => "plan",
            Role::Padded => "exchange",
        }
    }
}

impl TransferError {
    /// The sentence, with the names that `name` gives to item types.
    pub fn text(&self, name: fn(&DType) -> String) -> String {
        match self {
            Self::Addresses { what, found } => format!(
                "the items of the {what} ({}) are or hold addresses of objects, which cannot be moved: move arrays of \
                 numbers, and objects by pickling them",
                name(found)
            ),
            Self::Types { source, target } => {
                format!("the items are {} in the source, {} in the target", name(source), name(target))
            }
            other => other.to_string(),
        }
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPart { role } => write!(f, "this process has no part of the {}", role.name()),
            Self::Shape { role, found, expected } => {
                let (found, expected) = (tuple(found), tuple(expected));
                write!(f, "the {} has the shape {found}, its layout {expected}", role.name())
            }
            Self::OtherRank { role, found, expected } => {
                let (array, maker) = (role.name(), role.maker());
                write!(
                    f,
                    "the {array} is the part of rank {found}, the {maker} is of rank {expected}: pass the part of rank \
                     {expected}, or make the {maker} for rank {found}"
                )
            }
            Self::OtherLayout { role, expected } => {
                let (array, maker) = (role.name(), role.maker());
                write!(f, "the {array} is described as a part of another distribution, the {maker}'s is {expected}")
            }
            Self::Addresses { .. } | Self::Types { .. } => f.write_str(&self.text(DType::name)),
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

dap_core::debug_as_display!(TransferError);

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
