//! An index as Python writes it, one subscript for each dimension.
//!
//! ```
//! use dap_core::algebra::{Slice, Subscript};
//! let [rows, columns, new] = Subscript::parse("3:, ::-1, None")?[..] else { panic!("three") };
//! assert_eq!(rows, Subscript::Slice(Slice { start: Some(3), ..Slice::default() }));
//! assert_eq!(columns, Subscript::Slice(Slice { step: Some(-1), ..Slice::default() }));
//! assert_eq!(new, Subscript::NewAxis);
//! let error = Subscript::parse("1:2:3:4").unwrap_err();
//! assert_eq!(error.to_string(), "`1:2:3:4` has 3 colons; a slice is start:stop:step, with 1 or 2");
//! # Ok::<(), dap_core::algebra::ParseError>(())
//! ```

mod display;
mod parse;

use super::progression::Progression;
use crate::error::{Error, ErrorKind, Result};
pub use parse::ParseError;

/// One part of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subscript {
    /// One index, which removes its dimension; negative ones count from the end.
    Index(i64),
    /// Indices at equal distances.
    Slice(Slice),
    /// All dimensions that the other subscripts leave.
    Ellipsis,
    /// A new dimension of one element: `None` in Python.
    NewAxis,
}

/// A slice by Python's rules: bounds beyond the dimension are clipped, negative ones count from
/// the end, and missing ones mean the end that the step points away from, or to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Slice {
    /// The first index.
    pub start: Option<i64>,
    /// The index that is not reached.
    pub stop: Option<i64>,
    /// From one index to the next; 1 by default.
    pub step: Option<i64>,
}

impl Slice {
    /// All indices, in order.
    pub const ALL: Slice = Slice { start: None, stop: None, step: None };
    /// All indices, the last one first.
    pub const REVERSED: Slice = Slice { start: None, stop: None, step: Some(-1) };

    /// From `start` up to `stop`.
    pub const fn range(start: i64, stop: i64) -> Slice {
        Slice { start: Some(start), stop: Some(stop), step: None }
    }

    /// The indices that this selects from a dimension of `size`.
    ///
    /// ```
    /// use dap_core::algebra::Slice;
    /// let all_but_ends = Slice::range(1, -1).of(10)?;
    /// assert_eq!((all_but_ends.start(), all_but_ends.step(), all_but_ends.len()), (1, 1, 8));
    /// assert_eq!(Slice::REVERSED.of(10)?.at(0), Some(9));
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// A step of 0.
    pub fn of(&self, size: i64) -> Result<Progression> {
        let step = self.step.unwrap_or(1);
        if step == 0 {
            return Err(Error::new(ErrorKind::StepZero));
        }
        // The range of a bound: 0 to size forwards, -1 to size - 1 backwards.
        let (least, greatest) = if step > 0 { (0, size) } else { (-1, size - 1) };
        let bound = |bound: i64| {
            let from_start = if bound < 0 { bound.saturating_add(size) } else { bound };
            from_start.clamp(least, greatest)
        };
        let start = self.start.map_or(if step > 0 { least } else { greatest }, bound);
        let stop = self.stop.map_or(if step > 0 { greatest } else { least }, bound);
        let distance = if step > 0 { stop - start } else { start - stop };
        // `step` may be the least number there is.
        let len = if distance <= 0 { 0 } else { ((distance - 1) as u64 / step.unsigned_abs()) as i64 + 1 };
        Ok(Progression::normal(start, step, len))
    }
}

/// The index in a dimension of `size` that a number means.
///
/// # Errors
/// A number that is neither an index nor, counted from the end, one.
pub(super) fn index_of(index: i64, size: i64) -> Result<i64> {
    let from_start = if index < 0 { index.saturating_add(size) } else { index };
    if (0..size).contains(&from_start) {
        return Ok(from_start);
    }
    let error = Error::new(ErrorKind::IndexOutOfBounds).with_value("index", index);
    Err(if size == 0 { error } else { error.with_expected(if index < 0 { -size } else { size - 1 }) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound() -> impl Strategy<Value = Option<i64>> {
        prop_oneof![1 => Just(None), 4 => (-25..25_i64).prop_map(Some), 1 => any::<i64>().prop_map(Some)]
    }

    proptest! {
        /// By the words of Python's documentation: walk from the start while the stop is not
        /// reached.
        #[test]
        fn as_python_says(size in 0..20_i64, start in bound(), stop in bound(), step in bound()) {
            prop_assume!(step != Some(0));
            let by = i128::from(step.unwrap_or(1));
            let fix = |bound: i64| { let bound = i128::from(bound); if bound < 0 { bound + i128::from(size) } else { bound } };
            let (first, end) = if by > 0 { (0, i128::from(size)) } else { (i128::from(size) - 1, -1) };
            let clip = |bound: i128| if by > 0 { bound.clamp(0, i128::from(size)) } else { bound.clamp(-1, i128::from(size) - 1) };
            let (mut at, stop_at) = (start.map_or(first, |s| clip(fix(s))), stop.map_or(end, |s| clip(fix(s))));
            let mut expected = Vec::new();
            while (by > 0 && at < stop_at) || (by < 0 && at > stop_at) {
                expected.push(at as i64);
                at += by;
            }
            let found = Slice { start, stop, step }.of(size).unwrap();
            let indices: Vec<i64> = (0..found.len()).filter_map(|k| found.at(k)).collect();
            prop_assert_eq!(&indices, &expected);
            prop_assert_eq!(found.at(found.len()), None);
            for index in -2..size + 2 {
                let position = expected.iter().position(|&at| at == index).map(|k| k as i64);
                prop_assert_eq!(found.position(index), position);
            }
            for (low, high) in [(0, size), (3, 9), (5, 5), (-4, 2)] {
                let (from, to) = found.within(low, high);
                let inside: Vec<i64> = (0..found.len()).filter(|&k| (low..high).contains(&expected[k as usize])).collect();
                prop_assert_eq!((from..to).collect::<Vec<_>>(), inside);
            }
        }
    }

    #[test]
    fn refusals() {
        assert_eq!(Slice { step: Some(0), ..Slice::ALL }.of(3).unwrap_err().kind(), ErrorKind::StepZero);
        assert_eq!((index_of(-3, 3).unwrap(), index_of(2, 3).unwrap()), (0, 2));
        let message = |index, size| index_of(index, size).unwrap_err().to_string();
        assert_eq!(message(3, 3), "the index is outside of the dimension: `index` is 3, at most 2");
        assert_eq!(message(-4, 3), "the index is outside of the dimension: `index` is -4, at least -3");
        assert_eq!(message(0, 0), "the index is outside of the dimension: `index` is 0");
    }
}
