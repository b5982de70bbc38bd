//! Intersection of strided groups in closed form.
//!
//! Two groups with strides s and t repeat together after lcm(s, t). A run of the first and one of
//! the second that overlap do so again, shifted, in every common period, so each such pair within
//! one period gives one group of the answer. Pairs are found in the cheaper of two ways: by
//! solving, for every distance at which the two runs can overlap, a linear congruence; or by
//! walking both groups once through a period. Neither depends on the number of elements, and
//! numbers near 2^63 do no harm: a period beyond them has no second turn.

use super::{Overlap, Run, RunGroup, Starts};

/// The overlaps of two groups, in no particular order.
pub(crate) fn groups(a: &RunGroup, b: &RunGroup, emit: &mut impl FnMut(Overlap)) {
    if a.count == 1 {
        clip(Run { global: a.global_start, local: a.local_start, len: a.len }, b, emit);
    } else if b.count == 1 {
        clip(Run { global: b.global_start, local: b.local_start, len: b.len }, a, &mut |overlap| {
            emit(overlap.swapped())
        });
    } else {
        Pair::new(a, b).overlaps(emit);
    }
}

/// The overlaps of one run with a group, ascending: at most a cut one at either end and the whole
/// ones between.
pub(super) fn clip(run: Run, group: &RunGroup, emit: &mut impl FnMut(Overlap)) {
    // From here on all indices are within the group's span.
    let first = run.global.0.max(group.global_start.0);
    let last = run.last().0.min(group.last().0);
    if first > last {
        return;
    }
    let part = |k: i64| {
        let start = group.global_start.0 + k * group.global_stride;
        let (from, to) = (start.max(first), (start + (group.len - 1)).min(last));
        Overlap::single(
            from,
            run.local.0 + (from - run.global.0),
            group.local_start.0 + k * group.local_stride + (from - start),
            to - from + 1,
        )
    };
    if group.count == 1 {
        emit(part(0));
        return;
    }
    let (skip, within) = div_rem(first - group.global_start.0, group.global_stride);
    let (mut low, high) = (skip, (last - group.global_start.0) / group.global_stride);
    if within >= group.len {
        low += 1;
    }
    if low > high {
        return;
    }
    let (head, tail) = (part(low), part(high));
    let (whole_head, whole_tail) = (head.run_len() == group.len, tail.run_len() == group.len);
    if low == high {
        emit(head);
        return;
    }
    if !whole_head {
        emit(head);
        low += 1;
    }
    let count = high - low + i64::from(whole_tail);
    if count > 0 {
        let start = group.global_start.0 + low * group.global_stride;
        let from = |start: i64, stride: i64| Starts { start, stride };
        emit(Overlap::new(
            group.len,
            count,
            from(start, group.global_stride),
            from(run.local.0 + (start - run.global.0), group.global_stride),
            from(group.local_start.0 + low * group.local_stride, group.local_stride),
        ));
    }
    if !whole_tail {
        emit(tail);
    }
}

/// Two groups of at least two runs each.
struct Pair<'a> {
    a: &'a RunGroup,
    b: &'a RunGroup,
    gcd: i64,
    /// How many runs of `a` make a common period: the stride of `b` over the greatest common
    /// divisor; and the other way round.
    a_period: i64,
    b_period: i64,
}

impl<'a> Pair<'a> {
    fn new(a: &'a RunGroup, b: &'a RunGroup) -> Pair<'a> {
        let gcd = gcd(a.global_stride, b.global_stride);
        Pair { a, b, gcd, a_period: b.global_stride / gcd, b_period: a.global_stride / gcd }
    }

    fn solving(&self) -> i64 {
        (self.a.len / self.gcd).saturating_add(self.b.len / self.gcd).saturating_add(1)
    }

    fn walking(&self) -> i64 {
        self.a_period.min(self.a.count).saturating_add(self.b_period.min(self.b.count))
    }

    fn cost(&self) -> i64 {
        self.solving().min(self.walking())
    }

    fn overlaps(&self, emit: &mut impl FnMut(Overlap)) {
        if self.solving() <= self.walking() { self.solve(emit) } else { self.walk(emit) }
    }

    /// Run i of `a` begins at `a0 + i*s` and run j of `b` at `b0 + j*t`, a distance d behind it,
    /// when `i*s - j*t = b0 - a0 - d`. They overlap when `-b.len < d < a.len`. With g = gcd(s, t)
    /// this has solutions when g divides the right side, and then i is known modulo t/g and j
    /// modulo s/g.
    fn solve(&self, emit: &mut impl FnMut(Overlap)) {
        let (a, b, g) = (self.a, self.b, i128::from(self.gcd));
        let (s, t) = (i128::from(a.global_stride), i128::from(b.global_stride));
        let (a_period, b_period) = (i128::from(self.a_period), i128::from(self.b_period));
        let offset = i128::from(b.global_start.0) - i128::from(a.global_start.0);
        let inverse = inverse(s / g, a_period);
        let lowest = 1 - i128::from(b.len);
        // The least distance that is congruent to the offset.
        let mut distance = lowest + (offset - lowest).rem_euclid(g);
        while distance < i128::from(a.len) {
            let mut i = (((offset - distance) / g).rem_euclid(a_period) * inverse).rem_euclid(a_period);
            let mut j = (i * s + distance - offset) / t;
            if j < 0 {
                let turns = (-j + b_period - 1) / b_period;
                i += turns * a_period;
                j += turns * b_period;
            }
            if i < i128::from(a.count) && j < i128::from(b.count) {
                // Below the counts, so they fit.
                self.emit(i as i64, j as i64, emit);
            }
            distance += g;
        }
    }

    /// Walks both groups upwards until a whole period has been seen.
    fn walk(&self, emit: &mut impl FnMut(Overlap)) {
        let (a, b) = (self.a, self.b);
        let (first_i, first_j) = (first_beyond(a, b.global_start.0), first_beyond(b, a.global_start.0));
        let (mut i, mut j) = (first_i, first_j);
        while i < a.count && j < b.count && (i - first_i < self.a_period || j - first_j < self.b_period) {
            let (a_start, b_start) = (a.global_start.0 + i * a.global_stride, b.global_start.0 + j * b.global_stride);
            let (a_last, b_last) = (a_start + (a.len - 1), b_start + (b.len - 1));
            if a_start <= b_last && b_start <= a_last {
                self.emit(i, j, emit);
            }
            if a_last <= b_last { i += 1 } else { j += 1 }
        }
    }

    /// The overlap of runs i and j, and all that follow it at whole periods.
    fn emit(&self, i: i64, j: i64, emit: &mut impl FnMut(Overlap)) {
        let (a, b) = (self.a, self.b);
        let (a_start, b_start) = (a.global_start.0 + i * a.global_stride, b.global_start.0 + j * b.global_stride);
        let start = a_start.max(b_start);
        let end = (a_start + (a.len - 1)).min(b_start + (b.len - 1));
        let count = 1 + ((a.count - 1 - i) / self.a_period).min((b.count - 1 - j) / self.b_period);
        // Where there is a second turn, its stride fits.
        let from = |start: i64, period: i64, stride: i64| match count {
            1 => Starts::at(start),
            _ => Starts { start, stride: period * stride },
        };
        emit(Overlap::new(
            end - start + 1,
            count,
            from(start, self.a_period, a.global_stride),
            from(a.local_start.0 + i * a.local_stride + (start - a_start), self.a_period, a.local_stride),
            from(b.local_start.0 + j * b.local_stride + (start - b_start), self.b_period, b.local_stride),
        ));
    }
}

/// How many steps [`groups`] takes at most, which bounds the number of overlaps.
pub(crate) fn cost(a: &RunGroup, b: &RunGroup) -> i64 {
    if a.count == 1 || b.count == 1 { 3 } else { Pair::new(a, b).cost() }
}

/// The first run of a group that ends at `global` or later; `count` or more when none does.
fn first_beyond(group: &RunGroup, global: i64) -> i64 {
    let ahead = global - group.global_start.0;
    if ahead < group.len { 0 } else { (ahead - group.len) / group.global_stride + 1 }
}

/// Quotient and remainder of numbers that are not negative.
#[inline]
fn div_rem(dividend: i64, divisor: i64) -> (i64, i64) {
    (dividend / divisor, dividend % divisor)
}

/// Greatest common divisor of positive numbers, after Euclid.
pub(crate) fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The inverse of `value` modulo `modulus`, to which it is coprime, by Euclid's extended algorithm.
pub(crate) fn inverse(value: i128, modulus: i128) -> i128 {
    let (mut r, mut next_r) = (modulus, value.rem_euclid(modulus));
    let (mut t, mut next_t) = (0_i128, 1_i128);
    while next_r != 0 {
        let quotient = r / next_r;
        (r, next_r) = (next_r, r - quotient * next_r);
        (t, next_t) = (next_t, t - quotient * next_t);
    }
    t.rem_euclid(modulus)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::{GlobalIndex, LocalIndex};

    fn group() -> impl Strategy<Value = RunGroup> {
        (0_i64..300, 1_i64..12, 2_i64..40, 1_i64..30).prop_map(|(start, len, count, gap)| RunGroup {
            global_start: GlobalIndex(start),
            local_start: LocalIndex(start / 2),
            len,
            count,
            global_stride: len + gap,
            local_stride: len,
        })
    }

    fn sorted(find: impl FnOnce(&mut dyn FnMut(Overlap))) -> Vec<Overlap> {
        let mut overlaps = Vec::new();
        find(&mut |overlap| overlaps.push(overlap));
        overlaps.sort_unstable_by_key(Overlap::global_start);
        overlaps
    }

    fn common(a: &RunGroup, b: &RunGroup) -> Vec<i64> {
        let indices = |group: &RunGroup| group.iter().flat_map(|run| run.global.0..=run.last().0).collect::<Vec<_>>();
        let theirs = indices(b);
        indices(a).into_iter().filter(|index| theirs.contains(index)).collect()
    }

    fn moved(mut group: RunGroup, by: i64) -> RunGroup {
        group.global_start.0 += by;
        group
    }

    proptest! {
        #[test]
        fn solving_and_walking_agree(a in group(), b in group()) {
            let pair = Pair::new(&a, &b);
            let solved = sorted(|mut emit| pair.solve(&mut emit));
            prop_assert_eq!(&solved, &sorted(|mut emit| pair.walk(&mut emit)));
            let mut indices: Vec<i64> = solved.iter().flat_map(|o| o.iter()).flat_map(|(g, _, _, len)| g.0..g.0 + len).collect();
            indices.sort_unstable();
            prop_assert_eq!(indices, common(&a, &b));
        }

        /// Far out the same happens as near 0.
        #[test]
        fn places_do_not_matter(a in group(), b in group(), below in 0_i64..1000) {
            let by = i64::MAX - below - a.last().0.max(b.last().0);
            let (far_a, far_b) = (moved(a, by), moved(b, by));
            let shifted: Vec<_> = sorted(|mut emit| groups(&a, &b, &mut emit))
                .into_iter()
                .map(|overlap| {
                    let from = |start: i64, stride: i64| Starts { start, stride };
                    Overlap::new(
                        overlap.run_len(),
                        overlap.count(),
                        from(overlap.global_start().0 + by, overlap.global_stride()),
                        from(overlap.a_start().0, overlap.a_stride()),
                        from(overlap.b_start().0, overlap.b_stride()),
                    )
                })
                .collect();
            let far = Pair::new(&far_a, &far_b);
            prop_assert_eq!(&sorted(|mut emit| far.solve(&mut emit)), &shifted);
            prop_assert_eq!(&sorted(|mut emit| far.walk(&mut emit)), &shifted);
        }

        #[test]
        fn inverses(value in 1_i128..1 << 62, modulus in 1_i128..1 << 62) {
            let common = i128::from(gcd(value as i64, modulus as i64));
            let (value, modulus) = (value / common, modulus / common);
            prop_assert_eq!((value * inverse(value, modulus)).rem_euclid(modulus), 1 % modulus);
        }
    }
}
