//! A transfer compared with the memory on both of its sides: the only way to a
//! [`LoopNest`](super::loop_nest::LoopNest).
//!
//! # Guarantees
//!
//! A [`CheckedCopy`] is made by [`CheckedCopy::new`] only, which compares either side by
//! [`CheckedSide::new`]. So for each of its factors:
//!
//! - every position in a buffer is at least 0 and below the number of positions that the buffer has
//!   along the factor's dimensions, and the bytes that these positions reach fit `isize`
//!   ([`IndexMaps::new`]);
//! - a message has room for all elements, and its bytes fit `isize`.
//!
//! An overlap of two sets of positions has no other positions than those between its bounds
//! ([`Overlap`](dap_core::runs::Overlap)). So address arithmetic on the numbers of a checked copy
//! stays within the memory that was compared, and cannot overflow.

use std::ops::Range;

use dap_core::plan::{Overlaps, Transfer};
use smallvec::SmallVec;

use super::index_map::{End, IndexMaps};
use super::side::{Side, Uniform};
use super::{CopyError, Order};

/// One side of a copy, before it is compared with the transfer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Memory<'a> {
    /// A buffer at one end of the transfer.
    Buffer(&'a IndexMaps, End),
    /// A message: the order of its elements, and its room in bytes.
    Message(Order, usize),
}

/// One side of a copy that was compared with the transfer.
#[derive(Debug)]
enum CheckedSide<'a> {
    Buffer(&'a IndexMaps, End),
    /// The distances between neighbours along each factor, in bytes.
    Message(SmallVec<[i64; 4]>),
}

impl<'a> CheckedSide<'a> {
    /// Compares a side with the transfer.
    ///
    /// # Errors
    /// A buffer that has another number of factors, or not all positions of the transfer; a message
    /// without room for all elements.
    fn new(transfer: &Transfer<'_>, item: usize, memory: Memory<'a>) -> Result<CheckedSide<'a>, CopyError> {
        match memory {
            Memory::Buffer(maps, end) => {
                let (found, expected) = (maps.factors(), transfer.factors().len());
                if found != expected {
                    return Err(CopyError::Ndim { found, expected });
                }
                for (factor, overlaps) in transfer.factors().iter().enumerate() {
                    let group = transfer.groups().and_then(|groups| groups.get(factor));
                    let dims = group.map_or(factor..factor + 1, |group| end.dims(group));
                    within(end.bounds(overlaps), maps.positions(factor), dims)?;
                }
                Ok(CheckedSide::Buffer(maps, end))
            }
            Memory::Message(order, room) => {
                let expected = message_bytes(transfer, item);
                if expected.is_none_or(|expected| room < expected) {
                    return Err(CopyError::Length {
                        found: room,
                        expected: expected.map_or(i64::MAX, |len| len as i64),
                    });
                }
                Ok(CheckedSide::Message(message_steps(transfer, item, order)))
            }
        }
    }

    fn along(&self, factor: usize) -> Side<'a> {
        match self {
            CheckedSide::Buffer(maps, end) => Side::of_buffer(maps, factor, *end),
            CheckedSide::Message(steps) => Side::Uniform(Uniform::Message(steps[factor])),
        }
    }
}

/// A transfer between two sides that were compared with it. See the [module](self).
#[derive(Debug)]
pub(super) struct CheckedCopy<'a> {
    factors: &'a [&'a Overlaps],
    source: CheckedSide<'a>,
    target: CheckedSide<'a>,
    item: usize,
    elements: i64,
}

impl<'a> CheckedCopy<'a> {
    /// Compares both sides with the transfer, of items of `item` bytes.
    ///
    /// # Errors
    /// As the module says.
    pub(super) fn new(
        transfer: &'a Transfer<'_>,
        item: usize,
        source: Memory<'a>,
        target: Memory<'a>,
    ) -> Result<CheckedCopy<'a>, CopyError> {
        let source = CheckedSide::new(transfer, item, source)?;
        let target = CheckedSide::new(transfer, item, target)?;
        Ok(CheckedCopy { factors: transfer.factors(), source, target, item, elements: transfer.elements() })
    }

    /// Whether there is nothing to copy.
    pub(super) fn is_empty(&self) -> bool {
        self.elements == 0 || self.item == 0
    }

    /// The overlaps along each factor, with the source's and the target's side.
    pub(super) fn factors(&self) -> impl Iterator<Item = (&'a Overlaps, Side<'a>, Side<'a>)> {
        let sides = |(factor, &overlaps): (usize, &&'a Overlaps)| {
            (overlaps, self.source.along(factor), self.target.along(factor))
        };
        self.factors.iter().enumerate().map(sides)
    }

    /// The bytes of an item.
    pub(super) fn item(&self) -> usize {
        self.item
    }
}

/// Compares the least and the greatest position along one factor with the number of positions that
/// a buffer has along `dims`.
fn within(bounds: Option<(i64, i64)>, positions: i64, dims: Range<usize>) -> Result<(), CopyError> {
    let Some((least, greatest)) = bounds else { return Ok(()) };
    if least < 0 {
        return Err(CopyError::Negative { dims, found: least });
    }
    if greatest < positions {
        return Ok(());
    }
    let (found, expected) = (positions, greatest.saturating_add(1));
    Err(match dims.len() {
        1 => CopyError::Extent { dim: dims.start, found, expected },
        _ => CopyError::Positions { dims, found, expected },
    })
}

/// The bytes of a message of all elements of a transfer, with items of `item` bytes; `None` for
/// more than memory can hold.
pub fn message_bytes(transfer: &Transfer<'_>, item: usize) -> Option<usize> {
    let lens = transfer.factors().iter().map(|factor| factor.len());
    // A factor of no elements may stand behind others whose product is beyond 64 bits.
    let elements = if transfer.elements() == 0 { Some(0) } else { lens.into_iter().try_fold(1, i64::checked_mul) };
    let bytes = elements?.checked_mul(i64::try_from(item).ok()?)?;
    isize::try_from(bytes).ok()?.try_into().ok()
}

/// The distances between neighbours of a message, in bytes, for each factor. They fit where the
/// message's bytes do, or it is empty.
pub(super) fn message_steps(transfer: &Transfer<'_>, item: usize, order: Order) -> SmallVec<[i64; 4]> {
    let ndim = transfer.factors().len();
    let mut steps = SmallVec::from_elem(0, ndim);
    let mut step = item as i64;
    for dim in order.dims(ndim).rev() {
        steps[dim] = step;
        step = step.saturating_mul(transfer.factors()[dim].len());
    }
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![3 => -5..10_i64, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
    }

    proptest! {
        /// Bounds are accepted exactly where each position between them is one of the buffer's.
        #[test]
        fn hostile_bounds(a in number(), b in number(), positions in number(), several in any::<bool>()) {
            let (least, greatest) = (a.min(b), a.max(b));
            let dims = if several { 1..3 } else { 1..2 };
            let expected = least >= 0 && greatest < positions;
            let found = within(Some((least, greatest)), positions, dims.clone());
            prop_assert_eq!(found.is_ok(), expected);
            if let Err(error) = found {
                prop_assert_eq!(matches!(error, CopyError::Negative { .. }), least < 0);
                prop_assert!(error.to_string().starts_with("dimension"), "{}", error);
            }
            prop_assert_eq!(within(None, positions, dims), Ok(()));
        }
    }
}
