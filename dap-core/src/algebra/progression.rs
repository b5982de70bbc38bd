//! Indices at equal distances: the part of a dimension that an axis of a view consists of.

use crate::error::{Error, ErrorKind, Result};

/// `len` indices of a dimension: index k of the view is `start + k * step` of the base. All lie in
/// the dimension. One index, or none, has step 1; none has start 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Progression {
    start: i64,
    step: i64,
    len: i64,
}

impl Progression {
    /// All of a dimension, in order.
    pub const fn whole(len: i64) -> Progression {
        Progression { start: 0, step: 1, len }
    }

    /// `len` indices of a dimension of `size`.
    ///
    /// # Errors
    /// A first or last index outside of the dimension, a length below 0, or a step of 0 between
    /// several indices.
    pub fn new(size: i64, start: i64, step: i64, len: i64) -> Result<Progression> {
        let inside = |index: i128| (0..i128::from(size)).contains(&index);
        let outside = |index: i128| {
            let index = i64::try_from(index).unwrap_or(if index < 0 { i64::MIN } else { i64::MAX });
            Error::new(ErrorKind::IndexOutOfBounds).with_value("index", index).with_expected((size - 1).max(0))
        };
        crate::error::at_least("len", len, 0)?;
        if len == 0 {
            return Ok(Progression { start: 0, step: 1, len: 0 });
        }
        if step == 0 && len > 1 {
            return Err(Error::new(ErrorKind::StepZero));
        }
        let last = i128::from(start) + i128::from(step) * (i128::from(len) - 1);
        for index in [i128::from(start), last] {
            if !inside(index) {
                return Err(outside(index));
            }
        }
        Ok(Progression::normal(start, step, len))
    }

    /// Of indices that are known to lie in the dimension.
    pub(super) const fn normal(start: i64, step: i64, len: i64) -> Progression {
        match len {
            ..=0 => Progression { start: 0, step: 1, len: 0 },
            1 => Progression { start, step: 1, len: 1 },
            _ => Progression { start, step, len },
        }
    }

    /// The first index; 0 when there is none.
    #[inline]
    pub const fn start(&self) -> i64 {
        self.start
    }

    /// From one index to the next, never 0.
    #[inline]
    pub const fn step(&self) -> i64 {
        self.step
    }

    /// The number of indices.
    #[inline]
    pub const fn len(&self) -> i64 {
        self.len
    }

    /// Whether there is no index.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether this is all of a dimension of `size`, in order.
    #[inline]
    pub const fn is_whole(&self, size: i64) -> bool {
        self.start == 0 && self.step == 1 && self.len == size
    }

    /// Index k; `None` beyond the last.
    #[inline]
    pub const fn at(&self, k: i64) -> Option<i64> {
        // Between the first and the last index, which fit.
        if 0 <= k && k < self.len { Some(self.start + k * self.step) } else { None }
    }

    /// The indices at these positions of this progression: a part of a part.
    pub(super) const fn part(&self, positions: &Progression) -> Progression {
        if positions.len == 0 {
            return Progression::normal(0, 1, 0);
        }
        let start = self.start + positions.start * self.step;
        // Several positions lie in this progression, so their distance does.
        let step = if positions.len > 1 { self.step * positions.step } else { 1 };
        Progression::normal(start, step, positions.len)
    }

    /// The position of an index; `None` when it is not one of these.
    pub fn position(&self, index: i64) -> Option<i64> {
        let distance = i128::from(index) - i128::from(self.start);
        let step = i128::from(self.step);
        let position = i64::try_from(distance / step).ok()?;
        (distance % step == 0 && (0..self.len).contains(&position)).then_some(position)
    }

    /// The positions whose indices lie in `low..high`, as a range.
    pub(super) fn within(&self, low: i64, high: i64) -> (i64, i64) {
        // With the sign of the step: positions k with low <= start + k * step < high.
        let (start, step) = (i128::from(self.start), i128::from(self.step));
        let (low, high) = (i128::from(low), i128::from(high));
        let ceil = |distance: i128| (distance + step.abs() - 1).div_euclid(step.abs());
        let (from, to) = if step > 0 {
            (ceil(low - start), ceil(high - start))
        } else {
            (ceil(start - (high - 1)), ceil(start - (low - 1)))
        };
        let clamp = |position: i128| position.clamp(0, i128::from(self.len)) as i64;
        (clamp(from), clamp(to).max(clamp(from)))
    }
}
