//! Elements that two views of one array have in common.

use super::progression::Progression;
use super::view::{View, ViewAxis};
use crate::runs::{gcd, inverse};

impl Progression {
    /// The least index that two progressions have in common, by the Chinese remainder theorem.
    ///
    /// ```
    /// use dap_core::algebra::Progression;
    /// let (threes, fives) = (Progression::new(100, 2, 3, 30)?, Progression::new(100, 99, -5, 20)?);
    /// assert_eq!(threes.first_common(&fives), Some(14));
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    pub fn first_common(&self, other: &Progression) -> Option<i64> {
        let ((a, a_step, a_last), (b, b_step, b_last)) = (self.ascending()?, other.ascending()?);
        let divisor = gcd(a_step, b_step);
        let distance = i128::from(b) - i128::from(a);
        if distance % i128::from(divisor) != 0 {
            return None;
        }
        let (a_step, b_part) = (i128::from(a_step), i128::from(b_step / divisor));
        let a_part = a_step / i128::from(divisor);
        // Both factors are reduced first, so that their product fits.
        let steps = (distance / i128::from(divisor)).rem_euclid(b_part) * inverse(a_part, b_part) % b_part;
        let (period, found) = (a_step * b_part, i128::from(a) + a_step * steps);
        let low = i128::from(a.max(b));
        let first = if found >= low { found } else { found + (low - found + period - 1) / period * period };
        i64::try_from(first).ok().filter(|&first| first <= a_last.min(b_last))
    }

    /// The least index, the distance to the next one, the greatest; `None` when there is no index.
    fn ascending(&self) -> Option<(i64, i64, i64)> {
        let (first, last) = (self.at(0)?, self.at(self.len() - 1)?);
        // Steps lie between two indices, so that their absolute value is one, too.
        Some((first.min(last), self.step().abs(), first.max(last)))
    }
}

impl View {
    /// The index in the base of an element that both views of it show; `None` when there is none.
    pub fn first_common(&self, other: &View) -> Option<Vec<i64>> {
        if self.shape().contains(&0) || other.shape().contains(&0) {
            return None;
        }
        let along = |view: &View, dim: usize| {
            let shown = view.axes().iter().find_map(|axis| match axis {
                ViewAxis::Dim { dim: shown, slice } if *shown == dim => Some(*slice),
                _ => None,
            });
            shown.unwrap_or_else(|| Progression::normal(view.picked(dim).unwrap_or(0), 1, 1))
        };
        (0..self.base().ndim()).map(|dim| along(self, dim).first_common(&along(other, dim))).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn progressions() -> impl Strategy<Value = Progression> {
        (0..60_i64, -9..10_i64, 0..20_i64).prop_map(|(start, step, len)| {
            let step = if step == 0 { 1 } else { step };
            let room = if step > 0 { (59 - start) / step } else { start / -step };
            Progression::normal(start, step, len.min(room + 1))
        })
    }

    proptest! {
        #[test]
        fn as_the_lists_say(a in progressions(), b in progressions()) {
            let list = |of: &Progression| (0..of.len()).filter_map(|k| of.at(k)).collect::<Vec<_>>();
            let expected = list(&a).into_iter().filter(|index| list(&b).contains(index)).min();
            prop_assert_eq!(a.first_common(&b), expected);
        }

        #[test]
        fn far_apart(start in 0..i64::MAX / 4, step in 1..i64::MAX / 8, other in 1..i64::MAX / 8) {
            let a = Progression::normal(start, step, 4);
            let b = Progression::normal(start + step, other, 4);
            let list = |of: &Progression| (0..4).filter_map(|k| of.at(k)).collect::<Vec<_>>();
            let expected = list(&a).into_iter().filter(|index| list(&b).contains(index)).min();
            prop_assert_eq!(a.first_common(&b), expected);
        }
    }
}
