//! Why a buffer is no view of a rank's section.

use std::fmt;

use dap_core::index::Rank;

/// Why a buffer is no view of a rank's section.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViewError {
    /// The layout has no such rank.
    NoSuchRank {
        /// The rank asked for.
        rank: Rank,
        /// The number of processes of the layout.
        processes: i64,
    },
    /// The buffer does not hold as many items as the section.
    Length {
        /// The rank asked for.
        rank: Rank,
        /// The items of the section, padding included.
        expected: Option<i64>,
        /// The items of the buffer.
        found: usize,
    },
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRank { rank, processes } => {
                write!(f, "rank {rank} is not one of the {processes} processes of the layout")
            }
            Self::Length { rank, expected: Some(expected), found } => {
                write!(f, "the section of rank {rank} has {expected} items, padding included; the buffer has {found}")
            }
            Self::Length { rank, expected: None, found } => {
                write!(f, "the section of rank {rank} is larger than memory; the buffer has {found} items")
            }
        }
    }
}

impl std::error::Error for ViewError {}
