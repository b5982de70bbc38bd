//! The layout algebra: which layout, and which ranks, the result of an array operation has.
//!
//! Pure index mathematics. Nothing here knows a buffer, a communicator or an element's value, and
//! each answer follows from layouts only, so that all ranks compute the same one without a message.
//!
//! # Model
//!
//! | type | meaning |
//! |---|---|
//! | [`Placement`] | a [`Layout`](crate::layout::Layout), and which rank of a communicator holds which of its sections |
//! | [`RankMap`] | layout rank to [`CommRank`]: a subset and permutation in closed form, or a list |
//! | [`View`] | an array that shares the elements of another: each axis of the view is an arithmetic progression of indices along one dimension of the base, or a repetition |
//! | [`Window`] | the place of a view's section in the section of the base, on one rank |
//! | [`Replicas`] | a result that several ranks hold, one of them as owner |
//! | [`Assembly`] | a new array that is put together from views of others, piece by piece |
//! | [`Compressed`], [`Diagonal`] | the elements that a mask selects, or that lie on a diagonal, as an array |
//! | [`Alignment`] | operands of one element-wise operation: which of them move, where to, at what cost |
//!
//! An operation without data movement is a [`View`]: integers, slices, new axes, transposition,
//! reversal, broadcasting. An operation that copies is a list of moves between two views, and a
//! move is a [`Plan`](crate::plan::Plan) between the views' layouts, read and written through their
//! windows.
//!
//! # Invariants
//!
//! 1. A view never moves an element: the rank that holds an element in the view's placement is the
//!    rank that holds it in the base's.
//! 2. A view of a view is a view of the base. Composition is exact: whatever the order of the
//!    steps, the axes are the same progressions.
//! 3. The sections of a view are sections of a product of dimensions, over a C-order grid. A
//!    negative step or a transposition permutes ranks, never data.
//! 4. On each rank the elements of a section lie in the base section in the order of the window:
//!    element k along an axis at local index `start + k * step`, or in strided runs where no single
//!    stride expresses them.
//! 5. Along a dimension the result is block, cyclic, unstructured or a [`CyclicSlice`], the last
//!    only where no closed form of the protocol exists. No element of a structured dimension is
//!    ever enumerated; cost follows runs and grid extents.
//! 6. Padding survives only where a whole dimension is taken, in order.
//!
//! # Example
//!
//! ```
//! use dap_core::algebra::{Placement, Subscript, View};
//! use dap_core::index::Rank;
//! use dap_core::layout::{DimSpec, Layout};
//! let layout = Layout::builder([10, 8]).dims([DimSpec::Block, DimSpec::Cyclic]).grid([2, 2]).build()?;
//! let view = View::of(&Placement::new(layout)).index(&Subscript::parse("3:, ::-1")?)?;
//! let placement = view.placement()?;
//! assert_eq!(placement.layout().to_string(), "(7, 8) over 2x2: block[0, 2, 7], cyclic");
//! // Column 0 of the view is column 7 of the base: on the second grid rank there.
//! assert_eq!(placement.ranks().holder(Rank(0)).map(|rank| rank.0), Some(1));
//! // Its elements on that rank: rows 3 and 4 of five, columns 3, 2, 1, 0 of four, of a C-ordered section.
//! let window = view.window(Rank(0))?.ok_or("no such rank")?;
//! assert_eq!(window.shape(), [2, 4]);
//! assert_eq!(window.strided(&[4, 1]).map(|place| (place.offset, place.strides.to_vec())), Some((15, vec![4, -1])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`CyclicSlice`]: crate::dim::CyclicSlice

mod alignment;
mod assembly;
mod common;
mod cost;
mod diagonal;
mod mask;
mod placement;
mod progression;
mod rank_map;
mod replicas;
mod resized;
mod same;
mod sized;
mod sliced;
mod subscript;
mod take;
mod view;
mod window;

pub use alignment::{Alignment, Operand, OperandMove, broadcast_shapes};
pub use assembly::{Assembly, PadMode, Piece, PieceSource};
pub use cost::Cost;
pub use diagonal::Diagonal;
pub use mask::Compressed;
pub use placement::Placement;
pub use progression::Progression;
pub use rank_map::{CommRank, RankMap};
pub use replicas::Replicas;
pub use subscript::{ParseError, Slice, Subscript};
pub use take::IndexArray;
pub use view::{View, ViewAxis};
pub use window::{LocalIndices, LocalRuns, StridedPlace, Window, WindowAxis};

use crate::error::{Error, ErrorKind, Result};

/// The axis that a number means, negative ones counted from the end.
fn axis_of(axis: i64, ndim: usize) -> Result<usize> {
    let count = i64::try_from(ndim).unwrap_or(i64::MAX);
    let from_start = if axis < 0 { axis.saturating_add(count) } else { axis };
    if (0..count).contains(&from_start) {
        return Ok(from_start as usize);
    }
    Err(Error::new(ErrorKind::AxisOutOfRange).with_value("axis", axis).with_expected((count - 1).max(0)))
}

/// The axes that numbers mean, each once, in the order given.
fn axes_of(axes: &[i64], ndim: usize) -> Result<Vec<usize>> {
    let mut found = Vec::with_capacity(axes.len());
    for &axis in axes {
        let at = axis_of(axis, ndim)?;
        if found.contains(&at) {
            return Err(Error::new(ErrorKind::AxisRepeated).with_value("axis", axis));
        }
        found.push(at);
    }
    Ok(found)
}
