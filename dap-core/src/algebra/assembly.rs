//! New arrays that are put together from views of others: concatenation, stacking, tiling,
//! repetition, rolling, padding.
//!
//! The result is a product of axes, and so are its pieces. Along each axis a rule says which
//! indices of the result come from which indices of an operand; a piece is one segment along every
//! axis. A piece moves by a plan between the placements of its two views.
//!
//! ```
//! use dap_core::algebra::{Assembly, Placement, View};
//! use dap_core::layout::{DimSpec, Layout};
//! let part = |rows| Layout::builder([rows, 4]).dims([DimSpec::Block]).processes(2).build();
//! let views = [View::of(&part(6)?.into()), View::of(&part(3)?.into())];
//! let joined = Assembly::concatenate(&views, 0)?;
//! assert_eq!(joined.result().to_string(), "(9, 4) over 2x1: block(5), block(4)");
//! assert_eq!(joined.piece_count(), Some(2));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

mod pad;
mod rule;
mod segment;

use smallvec::SmallVec;

use super::placement::Placement;
use super::progression::Progression;
use super::resized::{padded, repeated, resized};
use super::subscript::{Slice, Subscript};
use super::view::View;
use super::{axes_of, axis_of};
use crate::dim::Dim;
use crate::error::{Error, ErrorKind, Result, at_least};
use crate::layout::Layout;
pub use pad::PadMode;
use rule::Rule;
use segment::{Along, Segment};

/// A new array and the pieces that it consists of.
#[derive(Debug, Clone)]
pub struct Assembly {
    result: Placement,
    operands: Vec<View>,
    rules: SmallVec<[Rule; 4]>,
}

/// A part of a new array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its place in the result.
    pub target: View,
    /// The origin of its elements, of the same shape; none where they get a constant.
    pub source: Option<PieceSource>,
}

/// The origin of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceSource {
    /// The number of the operand.
    pub operand: usize,
    /// The part of the operand.
    pub view: View,
}

impl Assembly {
    /// Arrays one behind the other along an axis. The result has the first operand's distribution;
    /// along the axis its kind, as even as can be.
    ///
    /// # Errors
    /// No operand; another number of axes, or another extent along another axis; an axis that is
    /// not there; a result beyond 2^63 - 1 elements.
    pub fn concatenate(operands: &[View], axis: i64) -> Result<Assembly> {
        let Some(first) = operands.first() else {
            return Err(Error::new(ErrorKind::TooSmall).with_value("operands", 0).with_expected(1));
        };
        let at = axis_of(axis, first.ndim())?;
        let mut ends = Vec::with_capacity(operands.len());
        let mut size = 0_i64;
        for operand in operands {
            same_but(first, operand, at)?;
            let len = operand.axes()[at].len();
            let overflow = || Error::new(ErrorKind::Overflow).with_dim(at).with_value("size", len);
            size = size.checked_add(len).ok_or_else(overflow)?;
            ends.push(size);
        }
        let rule = |dim: &Dim| Ok((Rule::Joined(ends.clone()), resized(dim, size)?));
        Assembly::along(operands.to_vec(), |axis, dim| if axis == at { rule(dim) } else { whole(dim) })
    }

    /// Arrays of one shape as the elements of a new axis, which is not distributed. The other axes
    /// have the first operand's distribution.
    ///
    /// # Errors
    /// As [`Assembly::concatenate`].
    pub fn stack(operands: &[View], axis: i64) -> Result<Assembly> {
        let ndim = operands.first().map_or(0, View::ndim);
        let at = axis_of(axis, ndim + 1)?;
        for operand in operands {
            same_but(&operands[0], operand, usize::MAX)?;
        }
        let mut subscripts = vec![Subscript::Slice(Slice::ALL); ndim];
        subscripts.insert(at, Subscript::NewAxis);
        let longer: Vec<View> = operands.iter().map(|operand| operand.index(&subscripts)).collect::<Result<_>>()?;
        Assembly::concatenate(&longer, axis)
    }

    /// The array `repeats` times one behind the other along each axis; missing numbers, in front,
    /// are 1, and with more numbers than axes the array gets new axes in front.
    ///
    /// # Errors
    /// A number below 0; a result beyond 2^63 - 1 elements.
    pub fn tile(operand: &View, repeats: &[i64]) -> Result<Assembly> {
        let new = repeats.len().saturating_sub(operand.ndim());
        let operand = operand.index(&vec![Subscript::NewAxis; new])?;
        let missing = operand.ndim() - repeats.len();
        Assembly::along(vec![operand], |axis, dim| {
            let times = axis.checked_sub(missing).and_then(|at| repeats.get(at)).copied().unwrap_or(1);
            at_least("repeats", times, 0)?;
            if times == 1 {
                return whole(dim);
            }
            let overflow = || Error::new(ErrorKind::Overflow).with_value("repeats", times);
            let size = dim.size().checked_mul(times).ok_or_else(overflow)?;
            Ok((Rule::Tiled { times, len: dim.size() }, resized(dim, size)?))
        })
    }

    /// Each element `times` times along an axis. Block and cyclic data stay on their ranks.
    ///
    /// # Errors
    /// A number below 0; an axis that is not there; a result beyond 2^63 - 1 elements.
    pub fn repeat(operand: &View, times: i64, axis: i64) -> Result<Assembly> {
        let at = axis_of(axis, operand.ndim())?;
        Assembly::along(vec![operand.clone()], |axis, dim| {
            if axis != at || times == 1 {
                return whole(dim);
            }
            let repeated = repeated(dim, times)?;
            Ok((Rule::Repeated { times, len: dim.size() }, repeated))
        })
    }

    /// The array with its elements moved by `shifts` along some axes, round the ends. The result
    /// has the operand's distribution.
    ///
    /// # Errors
    /// Another number of shifts than of axes; an axis that is not there, or named twice.
    pub fn roll(operand: &View, shifts: &[i64], axes: &[i64]) -> Result<Assembly> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let named = axes_of(axes, operand.ndim())?;
        if named.len() != shifts.len() {
            let error = Error::new(ErrorKind::Count).with_value("shifts", count(shifts.len()));
            return Err(error.with_expected(count(named.len())));
        }
        Assembly::along(vec![operand.clone()], |axis, dim| {
            let shift = named.iter().zip(shifts).find(|(at, _)| **at == axis).map_or(0, |(_, &shift)| shift);
            let shift = if dim.size() == 0 { 0 } else { shift.rem_euclid(dim.size()) };
            Ok((Rule::Rolled { shift, len: dim.size() }, dim.clone()))
        })
    }

    /// The array with new elements before and behind it along each axis. The outer owners of a
    /// block axis own them.
    ///
    /// # Errors
    /// Another number of widths than of axes, or one below 0; padding of an axis without elements
    /// by its own elements; a result beyond 2^63 - 1 elements.
    pub fn pad(operand: &View, widths: &[[i64; 2]], mode: PadMode) -> Result<Assembly> {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        if widths.len() != operand.ndim() {
            let error = Error::new(ErrorKind::Count).with_value("pad_width", count(widths.len()));
            return Err(error.with_expected(count(operand.ndim())));
        }
        Assembly::along(vec![operand.clone()], |axis, dim| {
            let [before, after] = widths.get(axis).copied().unwrap_or_default();
            let longer = padded(dim, before, after)?;
            if dim.size() == 0 && mode != PadMode::Constant && longer.size() > 0 {
                return Err(Error::new(ErrorKind::TooSmall).with_value("size", 0).with_expected(1));
            }
            let padding = pad::Padding { before, after, len: dim.size(), mode };
            Ok((Rule::Padded(padding), longer))
        })
    }

    /// The result whose axes come from those of the first operand.
    fn along(operands: Vec<View>, rule: impl Fn(usize, &Dim) -> Result<(Rule, Dim)>) -> Result<Assembly> {
        let first = match operands.first() {
            Some(first) => first.placement()?,
            None => return Err(Error::new(ErrorKind::TooSmall).with_value("operands", 0).with_expected(1)),
        };
        let mut rules = SmallVec::with_capacity(first.ndim());
        let mut dims = Vec::with_capacity(first.ndim());
        for (axis, dim) in first.layout().dims().iter().enumerate() {
            let (rule, dim) = rule(axis, dim).map_err(|error| error.with_dim(axis))?;
            rules.push(rule);
            dims.push(dim);
        }
        let result = Placement::with_ranks(Layout::new(dims)?, first.ranks().clone())?;
        Ok(Assembly { result, operands, rules })
    }

    /// The distribution of the new array.
    pub fn result(&self) -> &Placement {
        &self.result
    }

    /// The number of pieces, those without elements included; `None` beyond 2^63 - 1.
    pub fn piece_count(&self) -> Option<i64> {
        self.rules.iter().try_fold(1_i64, |count, rule| count.checked_mul(rule.count()))
    }

    /// The pieces that have elements, in C order of the segments. Together they are the result, and
    /// no element is in two of them. Each is made when it is asked for.
    pub fn pieces(&self) -> impl Iterator<Item = Result<Piece>> + '_ {
        // Without elements there may be any number of empty segments.
        let any = self.result.layout().len() > 0;
        let mut next: Option<SmallVec<[i64; 4]>> = any.then(|| SmallVec::from_elem(0, self.rules.len()));
        std::iter::from_fn(move || {
            let at = next.as_mut()?;
            let segments: SmallVec<[Segment; 4]> =
                self.rules.iter().zip(at.iter()).map(|(rule, &k)| rule.segment(k)).collect();
            let turned = (0..at.len()).rev().find(|&axis| {
                at[axis] += 1;
                let more = at[axis] < self.rules[axis].count();
                if !more {
                    at[axis] = 0;
                }
                more
            });
            if turned.is_none() {
                next = None;
            }
            Some(segments)
        })
        .filter(|segments| segments.iter().all(|segment| !segment.target.is_empty()))
        .map(|segments| self.piece(&segments))
    }

    fn piece(&self, segments: &[Segment]) -> Result<Piece> {
        let mut target = View::of(&self.result);
        let mut operand = 0;
        let mut is_constant = false;
        for (axis, segment) in (0..).zip(segments) {
            target = target.along(axis, &segment.target)?;
            operand += segment.operand;
            is_constant |= segment.source == Along::Constant;
        }
        let Some(source) = self.operands.get(operand).filter(|_| !is_constant) else {
            return Ok(Piece { target, source: None });
        };
        let mut view = source.clone();
        for (axis, segment) in (0..).zip(segments) {
            view = match segment.source {
                Along::Taken(indices) => view.along(axis, &indices)?,
                Along::Edge(index) => view.along(axis, &Progression::normal(index, 1, 1))?,
                Along::Constant => view,
            };
        }
        let view = view.broadcast_to(&target.shape())?;
        Ok(Piece { target, source: Some(PieceSource { operand, view }) })
    }
}

fn whole(dim: &Dim) -> Result<(Rule, Dim)> {
    Ok((Rule::Whole { len: dim.size() }, dim.clone()))
}

/// Refuses an operand whose shape differs from the first one's along another axis than `at`.
fn same_but(first: &View, operand: &View, at: usize) -> Result<()> {
    let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
    if operand.ndim() != first.ndim() {
        let error = Error::new(ErrorKind::ShapesDiffer).with_value("ndim", count(operand.ndim()));
        return Err(error.with_expected(count(first.ndim())));
    }
    for (axis, (a, b)) in first.shape().into_iter().zip(operand.shape()).enumerate() {
        if axis != at && a != b {
            let error = Error::new(ErrorKind::ShapesDiffer).with_dim(axis).with_value("size", b);
            return Err(error.with_expected(a));
        }
    }
    Ok(())
}
