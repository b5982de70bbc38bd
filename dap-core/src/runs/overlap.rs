//! What two run sets have in common, group by group.

use crate::index::{GlobalIndex, LocalIndex};

/// Global indices that both of two run sets hold: `count` runs of `len` indices, the k-th of which begins at global index
/// `global_start + k * global_stride` and lies at `a_local_start + k * a_local_stride` in the first buffer and at
/// `b_local_start + k * b_local_stride` in the second.
///
/// With a `count` of 1 all strides are 0. The local strides of unstructured dimensions may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Overlap {
    /// The first global index of the first run.
    pub global_start: GlobalIndex,
    /// Where it lies in the first set's buffer.
    pub a_local_start: LocalIndex,
    /// Where it lies in the second set's buffer.
    pub b_local_start: LocalIndex,
    /// The length of each run, at least 1.
    pub len: i64,
    /// The number of runs, at least 1.
    pub count: i64,
    /// From the start of one run to the start of the next, in global indices.
    pub global_stride: i64,
    /// The same in the first set's buffer.
    pub a_local_stride: i64,
    /// The same in the second set's buffer.
    pub b_local_stride: i64,
}

impl Overlap {
    pub(super) fn single(global: i64, a_local: i64, b_local: i64, len: i64) -> Overlap {
        Overlap {
            global_start: GlobalIndex(global),
            a_local_start: LocalIndex(a_local),
            b_local_start: LocalIndex(b_local),
            len,
            count: 1,
            ..Overlap::default()
        }
    }

    /// The number of elements.
    #[inline]
    pub fn elements(&self) -> i64 {
        self.len * self.count
    }

    /// The same elements seen from the other side.
    pub fn swapped(self) -> Overlap {
        Overlap {
            a_local_start: self.b_local_start,
            b_local_start: self.a_local_start,
            a_local_stride: self.b_local_stride,
            b_local_stride: self.a_local_stride,
            ..self
        }
    }

    /// The runs one by one: first global index, where it lies in either buffer, length.
    pub fn iter(&self) -> impl Iterator<Item = (GlobalIndex, LocalIndex, LocalIndex, i64)> + use<> {
        let group = *self;
        (0..group.count).map(move |k| {
            (
                GlobalIndex(group.global_start.0 + k * group.global_stride),
                LocalIndex(group.a_local_start.0 + k * group.a_local_stride),
                LocalIndex(group.b_local_start.0 + k * group.b_local_stride),
                group.len,
            )
        })
    }

    /// Takes one more run in, if it continues this group; false if it does not.
    pub(crate) fn extend(&mut self, next: &Overlap) -> bool {
        if next.count != 1 || next.len != self.len {
            return false;
        }
        let steps = |from: i64, to: i64| to.checked_sub(from);
        let (Some(global), Some(a), Some(b)) = (
            steps(self.global_start.0, next.global_start.0),
            steps(self.a_local_start.0, next.a_local_start.0),
            steps(self.b_local_start.0, next.b_local_start.0),
        ) else {
            return false;
        };
        if self.count == 1 {
            (self.global_stride, self.a_local_stride, self.b_local_stride) = (global, a, b);
        } else if [(self.global_stride, global), (self.a_local_stride, a), (self.b_local_stride, b)]
            .iter()
            .any(|&(stride, distance)| stride.checked_mul(self.count) != Some(distance))
        {
            return false;
        }
        self.count += 1;
        true
    }
}
