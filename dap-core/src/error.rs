//! Errors of construction: a kind, and the place where it went wrong.
//!
//! A caller asked for a grid, a dimension or a layout that cannot be. Mistakes in an *export* that
//! was read are [findings](crate::finding) instead, which have rules, positions and help.
//!
//! ```
//! use dap_core::dim::Cyclic;
//! use dap_core::error::ErrorKind;
//! let error = Cyclic::new(10, 4, 0).unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::TooSmall);
//! assert_eq!(error.to_string(), "the value is too small: `block_size` is 0, at least 1");
//! ```

use std::fmt;

use crate::index::{GridRank, Rank};

/// Implements `Debug` by `Display`. A `main` that returns an error prints it in this form, and the
/// sentence is what its reader needs.
///
/// ```
/// let error = dap_core::dim::Cyclic::new(10, 4, 0).unwrap_err();
/// assert_eq!(format!("{error:?}"), error.to_string());
/// ```
#[macro_export]
macro_rules! debug_as_display {
    ($error:ty) => {
        impl ::std::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    };
}

/// The result of a checked construction.
pub type Result<T> = std::result::Result<T, Error>;

/// The kind of mistake that an [`Error`] reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value below the least one that has a meaning.
    TooSmall,
    /// A value above the greatest one that has a meaning here.
    TooLarge,
    /// A product or a sum does not fit the 64-bit integers that all indices are held in.
    Overflow,
    /// More dimensions than any buffer can have.
    TooManyDims,
    /// The number of values is neither that of the processes of the grid nor that of the
    /// dimensions, whichever was needed.
    Count,
    /// Neighbouring block sections leave a gap or overlap, or the outer ones do not reach the ends.
    NotAbutting,
    /// The communication padding on the two sides of an edge differs in width.
    PaddingUnequal,
    /// Communication padding wider than what the neighbour owns, so that no single neighbour could
    /// fill it.
    PaddingExceedsNeighbour,
    /// Boundary padding away from the outer ends, or wider than what its process owns.
    PaddingExceedsSection,
    /// A halo that wraps round the outer ends of a dimension that is not periodic.
    WrapNotPeriodic,
    /// A halo that wraps round the outer ends, to be written by version 0.10 of the protocol, which
    /// has no form for it.
    WrapNotInVersion,
    /// Boundary padding of a periodic dimension, to be written by version 0.9, where that would be
    /// a halo.
    BoundaryNotInVersion,
    /// One process lists the same global index twice.
    IndexRepeated,
    /// Two processes list the same global index of a dimension that claims to be one to one.
    NotOneToOne,
    /// The indices that all processes list are not as many as `size` says.
    SizeMismatch,
    /// Two layouts that are to describe the same array have different shapes.
    ShapesDiffer,
    /// The same, with different indices along an unstructured dimension.
    IndicesDiffer,
    /// Two layouts, one of which is to become the other by a reshape, have different numbers of
    /// items.
    LengthsDiffer,
    /// Indices of an unstructured dimension are not 0 to `size` - 1, so that the array has no
    /// row-major order.
    IndicesWithoutOrder,
    /// Indices of an unstructured dimension are not 0 to `size` - 1, so that a block or cyclic one
    /// has no place for them.
    IndicesNotCounted,
    /// The padding of a process consists of more boxes than a halo exchange handles.
    TooManyBoxes,
    /// The number of indices of an element is not that of the dimensions.
    IndexCount,
    /// An index into an array that lies outside of its dimension.
    IndexOutOfBounds,
    /// An index that was given to a rank which does not own it.
    IndexNotOwned,
    /// A slice whose step is 0.
    StepZero,
    /// More indices than the array has dimensions.
    TooManyIndices,
    /// Two ellipses in one index.
    EllipsisRepeated,
    /// A number of an axis that the array does not have.
    AxisOutOfRange,
    /// One rank of a communicator is to hold two sections.
    RankRepeated,
    /// One axis is named twice, where each may be named once.
    AxisRepeated,
    /// An extent that is neither 1 nor that of the other arrays.
    NotBroadcastable,
    /// Indices of an unstructured dimension are not 0 to `size` - 1, so that a slice of them has no
    /// meaning.
    SliceWithoutOrder,
    /// The slice of a block-cyclic dimension falls into too many groups of indices.
    TooManyRuns,
    /// A plan, or its totals, would take more memory or time than is reasonable.
    PlanTooLarge,
}

impl ErrorKind {
    fn text(self) -> &'static str {
        match self {
            ErrorKind::TooSmall => "the value is too small",
            ErrorKind::TooLarge => "the value is too large",
            ErrorKind::Overflow => "the result is beyond 64-bit integers",
            ErrorKind::TooManyDims => "there are too many dimensions",
            ErrorKind::Count => "the number of values is wrong",
            ErrorKind::NotAbutting => "what neighbours own must abut",
            ErrorKind::PaddingUnequal => "communication padding must be as wide on both sides of an edge",
            ErrorKind::PaddingExceedsNeighbour => {
                "communication padding must not be wider than what the neighbour owns"
            }
            ErrorKind::PaddingExceedsSection => "boundary padding belongs to the outer processes and to what they own",
            ErrorKind::WrapNotPeriodic => "only a periodic dimension has a halo round its ends",
            ErrorKind::WrapNotInVersion => "only version 0.9 of the protocol can say a halo that wraps round the ends",
            ErrorKind::BoundaryNotInVersion => {
                "only version 0.10 of the protocol can say boundary padding of a periodic dimension"
            }
            ErrorKind::IndexRepeated => "a process must list an index once",
            ErrorKind::NotOneToOne => "a one-to-one index must be listed by one process",
            ErrorKind::ShapesDiffer => "the two layouts describe arrays of different shapes",
            ErrorKind::IndicesDiffer => "the two layouts list different indices",
            ErrorKind::LengthsDiffer => "a reshape must keep the number of items",
            ErrorKind::IndicesWithoutOrder => {
                "a reshape needs indices that are exactly 0 to `size` - 1, for the order of the items"
            }
            ErrorKind::IndicesNotCounted => {
                "indices that are not exactly 0 to `size` - 1 can move to another unstructured dimension only"
            }
            ErrorKind::IndexCount => "an element has one index a dimension",
            ErrorKind::IndexOutOfBounds => "the index is outside of the dimension",
            ErrorKind::IndexNotOwned => "another rank owns the index",
            ErrorKind::StepZero => "the step of a slice must not be 0",
            ErrorKind::TooManyIndices => "there are more indices than dimensions",
            ErrorKind::EllipsisRepeated => "an index may have one ellipsis only",
            ErrorKind::AxisOutOfRange => "there is no such axis",
            ErrorKind::RankRepeated => "a rank must hold one section only",
            ErrorKind::AxisRepeated => "an axis is named twice",
            ErrorKind::NotBroadcastable => "the extents cannot be broadcast together",
            ErrorKind::SliceWithoutOrder => {
                "only unstructured indices that are exactly 0 to `size` - 1 can be sliced or indexed"
            }
            ErrorKind::TooManyRuns => {
                "the slice is too irregular for a view: move the array to a block distribution first"
            }
            ErrorKind::TooManyBoxes => "the padding has too many faces, edges and corners: pad fewer dimensions",
            ErrorKind::PlanTooLarge => "the plan would be too large",
            ErrorKind::SizeMismatch => "`size` must be the number of indices listed, or of distinct ones",
        }
    }
}

/// A checked construction that failed: the kind of mistake, and as much of its place as is known.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    rank: Option<Rank>,
    dim: Option<usize>,
    grid_rank: Option<GridRank>,
    key: Option<&'static str>,
    value: Option<i64>,
    expected: Option<i64>,
}

impl Error {
    /// An error with no context yet.
    pub const fn new(kind: ErrorKind) -> Self {
        Error { kind, rank: None, dim: None, grid_rank: None, key: None, value: None, expected: None }
    }

    /// Adds the rank of the process whose description is wrong.
    pub fn with_rank(mut self, rank: Rank) -> Self {
        self.rank = Some(rank);
        self
    }

    /// Adds the dimension, counted from 0.
    pub fn with_dim(mut self, dim: usize) -> Self {
        self.dim = Some(dim);
        self
    }

    /// Adds the place in the process grid along the dimension.
    pub fn with_grid_rank(mut self, grid_rank: GridRank) -> Self {
        self.grid_rank = Some(grid_rank);
        self
    }

    /// Adds the offending key (in the protocol's spelling) and its value.
    pub fn with_value(mut self, key: &'static str, value: i64) -> Self {
        self.key = Some(key);
        self.value = Some(value);
        self
    }

    /// Adds the value that would have been right; for the two range errors, the nearest such value.
    pub fn with_expected(mut self, expected: i64) -> Self {
        self.expected = Some(expected);
        self
    }

    /// The same error without its dimension, for callers that show the dimension beside the
    /// sentence.
    ///
    /// ```
    /// use dap_core::error::{Error, ErrorKind};
    /// let error = Error::new(ErrorKind::StepZero).with_dim(1);
    /// assert_eq!(error.to_string(), "dimension 1: the step of a slice must not be 0");
    /// assert_eq!(error.without_dim().to_string(), "the step of a slice must not be 0");
    /// ```
    pub fn without_dim(mut self) -> Self {
        self.dim = None;
        self
    }

    /// The kind of mistake.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The rank whose description is wrong, when one is to blame.
    pub fn rank(&self) -> Option<Rank> {
        self.rank
    }

    /// The dimension, counted from 0, when one is to blame.
    pub fn dim(&self) -> Option<usize> {
        self.dim
    }

    /// The place in the process grid along the dimension, when one is to blame.
    pub fn grid_rank(&self) -> Option<GridRank> {
        self.grid_rank
    }

    /// The offending key, in the protocol's spelling.
    pub fn key(&self) -> Option<&'static str> {
        self.key
    }

    /// The offending value.
    pub fn value(&self) -> Option<i64> {
        self.value
    }

    /// The value that would have been right, or the nearest one.
    pub fn expected(&self) -> Option<i64> {
        self.expected
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place = "";
        if let Some(rank) = self.rank {
            write!(f, "rank {rank}")?;
            place = ", ";
        }
        if let Some(dim) = self.dim {
            write!(f, "{place}dimension {dim}")?;
            place = ", ";
        }
        if let Some(grid_rank) = self.grid_rank {
            write!(f, "{place}grid rank {grid_rank}")?;
            place = ", ";
        }
        if !place.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(self.kind.text())?;
        if let (Some(key), Some(value)) = (self.key, self.value) {
            write!(f, ": `{key}` is {value}")?;
            if let Some(expected) = self.expected {
                let relation = match self.kind {
                    ErrorKind::TooSmall => "at least",
                    ErrorKind::IndexOutOfBounds if value < expected => "at least",
                    ErrorKind::IndexOutOfBounds | ErrorKind::AxisOutOfRange => "at most",
                    ErrorKind::TooLarge
                    | ErrorKind::TooManyDims
                    | ErrorKind::PlanTooLarge
                    | ErrorKind::TooManyRuns
                    | ErrorKind::TooManyIndices
                    | ErrorKind::PaddingExceedsNeighbour
                    | ErrorKind::PaddingExceedsSection => "at most",
                    _ => "expected",
                };
                write!(f, ", {relation} {expected}")?;
            }
        }
        Ok(())
    }
}

crate::debug_as_display!(Error);

impl std::error::Error for Error {}

/// Refuses a value below `least`.
pub(crate) fn at_least(key: &'static str, value: i64, least: i64) -> Result<i64> {
    if value >= least {
        Ok(value)
    } else {
        Err(Error::new(ErrorKind::TooSmall).with_value(key, value).with_expected(least))
    }
}

/// Refuses a value above `greatest`.
pub(crate) fn at_most(key: &'static str, value: i64, greatest: i64) -> Result<i64> {
    if value <= greatest {
        Ok(value)
    } else {
        Err(Error::new(ErrorKind::TooLarge).with_value(key, value).with_expected(greatest))
    }
}
