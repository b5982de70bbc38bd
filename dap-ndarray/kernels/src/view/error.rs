//! Errors of making views.

use std::fmt;

use crate::element::ElementType;

/// Why no view can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewError {
    pub(super) kind: ViewErrorKind,
}

/// The kinds of [`ViewError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViewErrorKind {
    /// Shape and strides have not the same number of dimensions.
    Rank {
        /// The dimensions of the shape.
        shape: usize,
        /// The number of strides, axes or extents given.
        found: usize,
    },
    /// The number of elements, or a distance between two of them, is beyond the address space.
    TooLarge,
    /// An element lies outside the memory: bytes are counted from its beginning.
    OutOfBounds {
        /// The lowest byte.
        first: isize,
        /// The byte behind the highest one.
        end: isize,
        /// The size of the memory.
        bytes: usize,
    },
    /// The base or a stride is no multiple of the element type's alignment.
    Misaligned {
        /// The alignment in bytes.
        alignment: usize,
    },
    /// Two elements of memory that is to be written may overlap.
    Overlap,
    /// The shape cannot be broadcast: `extent` meets `wanted` in dimension `dim` of the result.
    Broadcast {
        /// The dimension of the result.
        dim: usize,
        /// The extent found.
        extent: usize,
        /// The extent wanted.
        wanted: usize,
    },
    /// The elements are of another type.
    Element {
        /// The type of the elements.
        found: ElementType,
        /// The type that was asked for.
        expected: ElementType,
    },
    /// A neighbour of an element lies outside the array.
    Reach {
        /// The dimension.
        dim: usize,
    },
    /// No such axis, an axis named twice, or a range beyond the axis.
    Axis {
        /// The axis.
        axis: usize,
    },
}

impl ViewError {
    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ViewErrorKind {
        self.kind
    }
}

impl From<ViewErrorKind> for ViewError {
    fn from(kind: ViewErrorKind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ViewErrorKind::Rank { shape, found } => {
                write!(f, "{found} numbers for {shape} dimensions; give one for each dimension")
            }
            ViewErrorKind::TooLarge => f.write_str("the array is larger than the address space; check its shape"),
            ViewErrorKind::OutOfBounds { first, end, bytes } => {
                write!(f, "elements lie in bytes {first} to {end} of memory of {bytes} bytes; check shape and strides")
            }
            ViewErrorKind::Misaligned { alignment } => {
                write!(f, "elements are not aligned to {alignment} bytes; copy them to aligned memory")
            }
            ViewErrorKind::Overlap => f.write_str("elements to be written may overlap; write into a copy"),
            ViewErrorKind::Broadcast { dim, extent, wanted } => {
                write!(f, "extent {extent} in dimension {dim}, expected 1 or {wanted}; shapes must be broadcastable")
            }
            ViewErrorKind::Element { found, expected } => {
                write!(f, "elements of type {found}, expected {expected}; convert them first")
            }
            ViewErrorKind::Reach { dim } => {
                write!(f, "a neighbour in dimension {dim} lies outside the array; pad it or make the region smaller")
            }
            ViewErrorKind::Axis { axis } => write!(f, "axis {axis} is missing, repeated or shorter than the range"),
        }
    }
}

impl std::error::Error for ViewError {}
