//! Indices that two run sets share, group by group.

use crate::index::{GlobalIndex, LocalIndex};

/// Global indices that both of two run sets, a and b, hold: `count` runs of `run_len` indices. Run
/// k begins at global index `global_start + k * global_stride` and lies at `a_start + k * a_stride`
/// in the buffer of a and at `b_start + k * b_stride` in that of b.
///
/// With a `count` of 1 all strides are 0. The local strides of unstructured dimensions may be
/// negative.
///
/// # Invariants
///
/// Only this crate makes an overlap, and only with these properties, so that arithmetic on its
/// numbers needs no checks:
///
/// - `run_len` and `count` are at least 1, and their product fits 64 bits;
/// - each global index, and each local index on either side, fits 64 bits, and so does the distance
///   from the start of the first run to the start of the last;
/// - no local index is negative.
///
/// ```compile_fail
/// use dap_core::index::{GlobalIndex, LocalIndex};
/// use dap_core::runs::Overlap;
/// let (global_start, a_start, b_start) = (GlobalIndex(0), LocalIndex(-2), LocalIndex(0));
/// let _ = Overlap { global_start, a_start, b_start, len: 1, count: 1, global_stride: 0, a_stride: 0, b_stride: 0 };
/// ```
///
/// ```compile_fail
/// let _ = dap_core::runs::Overlap::default();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Overlap {
    len: i64,
    count: i64,
    global: Starts,
    a: Starts,
    b: Starts,
}

/// The first indices of consecutive runs: that of run k is `start + k * stride`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Starts {
    pub(crate) start: i64,
    pub(crate) stride: i64,
}

impl Starts {
    /// The start of a single run.
    pub(crate) const fn at(start: i64) -> Starts {
        Starts { start, stride: 0 }
    }

    fn of_run(self, run: i64) -> i64 {
        self.start + run * self.stride
    }

    /// The least and the greatest index of `count` runs of `len` indices; `None` beyond 64 bits.
    fn bounds(self, len: i64, count: i64) -> Option<(i64, i64)> {
        let last = self.stride.checked_mul(count.checked_sub(1)?)?.checked_add(self.start)?;
        Some((self.start.min(last), self.start.max(last).checked_add(len.checked_sub(1)?)?))
    }
}

impl Overlap {
    /// The only constructor; `None` for numbers that break an invariant.
    pub(crate) fn checked(len: i64, count: i64, global: Starts, a: Starts, b: Starts) -> Option<Overlap> {
        if len < 1 || count < 1 {
            return None;
        }
        len.checked_mul(count)?;
        global.bounds(len, count)?;
        let is_local = |starts: Starts| starts.bounds(len, count).is_some_and(|(least, _)| least >= 0);
        let plain = |starts: Starts| if count == 1 { Starts::at(starts.start) } else { starts };
        (is_local(a) && is_local(b)).then(|| Overlap { len, count, global: plain(global), a: plain(a), b: plain(b) })
    }

    /// An overlap of numbers that were taken from run sets.
    ///
    /// # Panics
    /// Numbers that break an invariant. Each run set holds indices of 64 bits at positions of a
    /// buffer, and so does a part of it.
    #[expect(clippy::expect_used, reason = "a memory access relies on the invariants, and run sets keep them")]
    pub(crate) fn new(len: i64, count: i64, global: Starts, a: Starts, b: Starts) -> Overlap {
        Self::checked(len, count, global, a, b).expect("runs of two run sets overlap at indices that both hold")
    }

    /// A single run.
    ///
    /// # Panics
    /// As [`Overlap::new`].
    pub(crate) fn single(global: i64, a: i64, b: i64, len: i64) -> Overlap {
        Overlap::new(len, 1, Starts::at(global), Starts::at(a), Starts::at(b))
    }

    /// The length of each run, at least 1.
    #[inline]
    pub fn run_len(&self) -> i64 {
        self.len
    }

    /// The number of runs, at least 1.
    #[inline]
    pub fn count(&self) -> i64 {
        self.count
    }

    /// The first global index of the first run.
    #[inline]
    pub fn global_start(&self) -> GlobalIndex {
        GlobalIndex(self.global.start)
    }

    /// The distance from run to run, in global indices.
    #[inline]
    pub fn global_stride(&self) -> i64 {
        self.global.stride
    }

    /// The position of the first run in the buffer of a.
    #[inline]
    pub fn a_start(&self) -> LocalIndex {
        LocalIndex(self.a.start)
    }

    /// The distance from run to run, in the buffer of a.
    #[inline]
    pub fn a_stride(&self) -> i64 {
        self.a.stride
    }

    /// The position of the first run in the buffer of b.
    #[inline]
    pub fn b_start(&self) -> LocalIndex {
        LocalIndex(self.b.start)
    }

    /// The distance from run to run, in the buffer of b.
    #[inline]
    pub fn b_stride(&self) -> i64 {
        self.b.stride
    }

    /// The number of elements.
    #[inline]
    pub fn elements(&self) -> i64 {
        self.len * self.count
    }

    /// The least and the greatest position in the buffer of a.
    #[inline]
    pub fn a_bounds(&self) -> (i64, i64) {
        self.bounds(self.a)
    }

    /// The least and the greatest position in the buffer of b.
    #[inline]
    pub fn b_bounds(&self) -> (i64, i64) {
        self.bounds(self.b)
    }

    fn bounds(&self, side: Starts) -> (i64, i64) {
        let last = side.of_run(self.count - 1);
        (side.start.min(last), side.start.max(last) + (self.len - 1))
    }

    /// The same elements seen from the other side.
    #[must_use]
    pub fn swapped(self) -> Overlap {
        Overlap { a: self.b, b: self.a, ..self }
    }

    /// The runs one by one: first global index, positions in the buffers of a and of b, length.
    pub fn iter(&self) -> impl Iterator<Item = (GlobalIndex, LocalIndex, LocalIndex, i64)> + use<> {
        let group = *self;
        (0..group.count).map(move |run| {
            let (a, b) = (LocalIndex(group.a.of_run(run)), LocalIndex(group.b.of_run(run)));
            (GlobalIndex(group.global.of_run(run)), a, b, group.len)
        })
    }

    /// Appends one more run if it continues this group; returns false if it does not.
    pub(crate) fn extend(&mut self, next: &Overlap) -> bool {
        if next.count != 1 || next.len != self.len || self.elements().checked_add(self.len).is_none() {
            return false;
        }
        let stride = |mine: Starts, next: Starts| {
            let distance = next.start.checked_sub(mine.start)?;
            let continues = self.count == 1 || mine.stride.checked_mul(self.count) == Some(distance);
            continues.then_some(if self.count == 1 { distance } else { mine.stride })
        };
        // The new last run belongs to an overlap, and all runs between lie between this group's and
        // that one.
        let (Some(global), Some(a), Some(b)) =
            (stride(self.global, next.global), stride(self.a, next.a), stride(self.b, next.b))
        else {
            return false;
        };
        (self.global.stride, self.a.stride, self.b.stride) = (global, a, b);
        self.count += 1;
        true
    }

    /// Appends one more element if this is a single run that it continues on both sides; returns
    /// false if it does not.
    #[inline]
    pub(crate) fn append(&mut self, global: i64, a: i64, b: i64) -> bool {
        let continues = |start: i64, next: i64| next > start && next - start == self.len;
        let is_next = self.count == 1
            && self.global.start.checked_add(self.len) == Some(global)
            && continues(self.a.start, a)
            && continues(self.b.start, b);
        self.len += i64::from(is_next);
        is_next
    }

    /// The same indices at positions shifted by `a` and `b` in the two buffers; `None` if one does
    /// not fit 64 bits.
    pub(crate) fn moved(&self, a: i64, b: i64) -> Option<Overlap> {
        let further = |side: Starts, by: i64| Some(Starts { start: side.start.checked_add(by)?, ..side });
        Overlap::checked(self.len, self.count, self.global, further(self.a, a)?, further(self.b, b)?)
    }

    /// A part: `count` runs from number `run` on, and of each run `len` elements behind the first
    /// `skipped`. They must exist.
    pub(crate) fn part(&self, run: i64, skipped: i64, len: i64, count: i64) -> Overlap {
        let from = |side: Starts| Starts { start: side.of_run(run) + skipped, ..side };
        Overlap::new(len, count, from(self.global), from(self.a), from(self.b))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers near 0 and near both ends of 64 bits.
    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => -5..40_i64,
            1 => i64::MIN..i64::MIN + 5,
            1 => i64::MAX - 40..=i64::MAX,
            1 => any::<i64>(),
            1 => (0..63_u32).prop_map(|bit| 1 << bit),
        ]
    }

    fn starts() -> impl Strategy<Value = Starts> {
        (number(), number()).prop_map(|(start, stride)| Starts { start, stride })
    }

    /// The least and the greatest index, in numbers that hold all of them.
    fn wide(side: Starts, len: i64, count: i64) -> (i128, i128) {
        let (start, stride) = (i128::from(side.start), i128::from(side.stride));
        let last = start + stride * (i128::from(count) - 1);
        (start.min(last), start.max(last) + i128::from(len) - 1)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        /// An overlap is made exactly where its invariants hold, and knows its bounds.
        #[test]
        fn hostile_numbers(len in number(), count in number(), sides in (starts(), starts(), starts())) {
            let (global, a, b) = sides;
            let fits = |number: i128| i64::try_from(number).is_ok();
            let in_range = |side: Starts, least: i128| {
                let (low, high) = wide(side, len, count);
                let distance = i128::from(side.stride) * (i128::from(count) - 1);
                low >= least && fits(low) && fits(high) && fits(distance)
            };
            let expected = len >= 1 && count >= 1 && fits(i128::from(len) * i128::from(count))
                && in_range(global, i128::from(i64::MIN)) && in_range(a, 0) && in_range(b, 0);
            let found = Overlap::checked(len, count, global, a, b);
            prop_assert_eq!(found.is_some(), expected);
            if let Some(overlap) = found {
                let as_wide = |(low, high): (i64, i64)| (i128::from(low), i128::from(high));
                prop_assert_eq!(as_wide(overlap.a_bounds()), wide(a, len, count));
                prop_assert_eq!(as_wide(overlap.b_bounds()), wide(b, len, count));
                prop_assert_eq!(overlap.elements(), len * count);
            }
        }

        /// A joined or moved overlap equals the one that the constructor would make.
        #[test]
        fn steps_keep_the_invariants(
            len in number(), sides in (starts(), starts(), starts()), nexts in prop::collection::vec((-3..4_i64, -3..4_i64), 0..6),
            (by_a, by_b) in (number(), number()),
        ) {
            let (global, a, b) = sides;
            let Some(mut overlap) = Overlap::checked(len, 1, global, a, b) else { return Ok(()) };
            let remade = |overlap: Overlap| {
                Overlap::checked(overlap.len, overlap.count, overlap.global, overlap.a, overlap.b)
            };
            for (k, (along_a, along_b)) in (1_i64..).zip(nexts) {
                let at = |side: Starts, by: i64| Starts::at(side.start.wrapping_add(by.wrapping_mul(k)));
                if let Some(next) = Overlap::checked(len, 1, at(global, len), at(a, along_a), at(b, along_b)) {
                    overlap.extend(&next);
                    prop_assert_eq!(remade(overlap), Some(overlap));
                }
            }
            overlap.append(global.start.wrapping_add(len), a.start.wrapping_add(len), b.start.wrapping_add(len));
            prop_assert_eq!(remade(overlap), Some(overlap));
            if let Some(moved) = overlap.moved(by_a, by_b) {
                prop_assert_eq!(remade(moved), Some(moved));
                prop_assert_eq!(i128::from(moved.a.start), i128::from(overlap.a.start) + i128::from(by_a));
            }
        }
    }
}
