//! Why a buffer is no section.

use std::fmt;

use dap_core::finding::{Finding, irregular};
use dap_core::index::Rank;

/// Why a buffer is no section.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum SectionError {
    /// Rules that the dictionaries break by themselves or beside the buffer; never empty.
    Findings(Vec<Finding>),
    /// The layout has no such rank.
    NoSuchRank {
        /// The rank asked for.
        rank: Rank,
        /// The number of processes of the layout.
        processes: i64,
    },
    /// The buffer has another shape than the layout's section.
    Shape {
        /// The rank asked for.
        rank: Rank,
        /// The extents of its section, padding included.
        expected: Vec<i64>,
        /// The extents of the buffer.
        found: Vec<i64>,
    },
    /// Neither version of the protocol can say the layout.
    Layout(dap_core::error::Error),
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                for (at, finding) in findings.iter().enumerate() {
                    let separator = if at > 0 { "; " } else { "" };
                    let dim = finding.place.dim.map_or_else(String::new, |dim| format!("dimension {dim}: "));
                    write!(f, "{separator}{dim}{} [{}]", finding.message(), finding.rule)?;
                }
                Ok(())
            }
            Self::NoSuchRank { rank, processes } => {
                write!(f, "the layout has no rank {rank}: it has {}", irregular(processes, "process", "processes"))
            }
            Self::Shape { rank, expected, found } => write!(
                f,
                "the section of rank {rank} has the shape {expected:?}, padding included; the buffer has {found:?}"
            ),
            Self::Layout(error) => error.fmt(f),
        }
    }
}

dap_core::debug_as_display!(SectionError);

impl std::error::Error for SectionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Layout(error) => Some(error),
            _ => None,
        }
    }
}
