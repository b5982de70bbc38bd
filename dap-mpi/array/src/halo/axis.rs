//! One axis of a halo: the indices that one process reads, as pieces of other processes' sections.
//!
//! An axis that is read beyond its ends continues as [`Outside`] says. A piece ends where its owner
//! changes, where an end of the axis is passed, or where a reflection turns.

use std::ops::Range;

use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank};

/// The continuation of an axis beyond its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outside {
    /// Nothing is read there.
    Nothing,
    /// One value.
    Constant,
    /// The axis again.
    Periodic,
    /// The axis in reverse; its outermost element is not repeated.
    Reflect,
    /// The outermost element.
    Nearest,
}

/// Consecutive positions of the indices that a process reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The first position.
    pub(super) at: i64,
    pub(super) len: i64,
    /// The elements; `None` for the constant.
    pub(super) origin: Option<Origin>,
}

/// The elements of a piece in the section of their owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) rank: GridRank,
    /// The local index of the first element.
    pub(super) local: i64,
    /// From one element to the next; 0 where one element is repeated.
    pub(super) step: i64,
    /// Whether these are the indices themselves, and not images of them.
    pub(super) is_direct: bool,
}

impl Outside {
    /// An offset that leads to the same element from each index of an axis of `size`, at most
    /// `size` in magnitude: memory then follows the axis, not the number that was given. Sizes are
    /// at most [`MOST_EXTENT`](super::MOST_EXTENT).
    pub(crate) fn reduced(self, offset: i64, size: i64) -> i64 {
        let within = |period: i64, most: i64| {
            let rest = offset.rem_euclid(period);
            if rest > most { rest - period } else { rest }
        };
        match self {
            Outside::Periodic if size > 0 => within(size, size / 2),
            Outside::Reflect if size > 1 => within(2 * (size - 1), size - 1),
            Outside::Periodic | Outside::Reflect => 0,
            Outside::Nothing | Outside::Constant | Outside::Nearest => offset.clamp(-size, size),
        }
    }

    /// The element at an index that may lie outside of `0..size`, and the number of indices from
    /// there on that continue in steps of the same length: `(element, step, count)`, no element for
    /// the constant.
    fn image(self, index: i64, size: i64) -> (Option<i64>, i64, i64) {
        if (0..size).contains(&index) {
            return (Some(index), 1, size - index);
        }
        let to_start = if index < 0 { -index } else { i64::MAX };
        match self {
            Outside::Nothing | Outside::Constant => (None, 0, to_start),
            Outside::Nearest => (Some(if index < 0 { 0 } else { size - 1 }), 0, to_start),
            Outside::Periodic => {
                let element = index.rem_euclid(size);
                (Some(element), 1, size - element)
            }
            Outside::Reflect if size == 1 => (Some(0), 0, to_start),
            Outside::Reflect => {
                let period = 2 * (size - 1);
                let place = index.rem_euclid(period);
                if place < size { (Some(place), 1, size - place) } else { (Some(period - place), -1, period - place) }
            }
        }
    }
}

/// The indices that a process owns, if they are consecutive and in order: the first one and their
/// number.
pub(super) fn interval(dim: &Dim, rank: GridRank) -> Option<(i64, i64)> {
    if let Dim::Block(block) = dim {
        let section = block.section(rank);
        return Some((section.owned_start, section.owned_stop - section.owned_start));
    }
    let runs = dim.runs(rank);
    let mut interval: Option<(i64, i64)> = None;
    for run in runs.iter() {
        interval = match interval {
            None if run.local.0 == 0 => Some((run.global.0, run.len)),
            Some((start, len)) if run.global.0 == start + len && run.local.0 == len => Some((start, len + run.len)),
            _ => return None,
        };
    }
    Some(interval.unwrap_or((0, 0)))
}

/// Whether each process owns consecutive indices, in order, and no index is on two processes.
pub(super) fn is_in_intervals(dim: &Dim) -> bool {
    let is_disjoint = |dim: &Dim| match dim {
        Dim::Unstructured(lists) => lists.is_disjoint() && lists.labels_are_0_to_size(),
        _ => true,
    };
    matches!(dim, Dim::Block(_))
        || is_disjoint(dim) && (0..dim.grid_size()).all(|rank| interval(dim, GridRank(rank)).is_some())
}

/// The elements at these indices, in pieces. Each process of `dim` owns an interval.
pub(super) fn pieces(dim: &Dim, wanted: Range<i64>, outside: Outside) -> Vec<Piece> {
    let (mut pieces, mut index) = (Vec::new(), wanted.start);
    while index < wanted.end {
        let (element, step, count) = outside.image(index, dim.size());
        let left = count.min(wanted.end - index);
        let owner = element.and_then(|element| dim.owner(GlobalIndex(element)));
        let (len, origin) = match owner {
            None => (left, None),
            Some((rank, local)) => {
                let in_section = match step {
                    1 => dim.owned_len(rank) - local.0,
                    -1 => local.0 + 1,
                    _ => i64::MAX,
                };
                let is_direct = element == Some(index);
                (left.min(in_section), Some(Origin { rank, local: local.0, step, is_direct }))
            }
        };
        pieces.push(Piece { at: index - wanted.start, len, origin });
        index += len;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use dap_core::dim::{Block, Cyclic};
    use proptest::prelude::*;

    use super::*;

    const ALL: [Outside; 5] =
        [Outside::Nothing, Outside::Constant, Outside::Periodic, Outside::Reflect, Outside::Nearest];

    /// One step at a time from inside the axis.
    fn walked(outside: Outside, index: i64, size: i64) -> Option<i64> {
        let (mut at, mut direction) = (0, if index < 0 { -1 } else { 1 });
        for _ in 0..index.abs() {
            let next = at + direction;
            if (0..size).contains(&next) {
                at = next;
                continue;
            }
            match outside {
                Outside::Nothing | Outside::Constant => return None,
                Outside::Periodic => at = next.rem_euclid(size),
                Outside::Nearest => {}
                Outside::Reflect => {
                    direction = -direction;
                    at = if size == 1 { 0 } else { at + direction };
                }
            }
        }
        Some(at)
    }

    proptest! {
        #[test]
        fn pieces_are_the_walk(size in 1..9_i64, start in -30..30_i64, len in 0..40_i64, ranks in 1..5_i64) {
            let dim = Dim::from(Block::balanced(size, ranks).unwrap());
            for outside in ALL {
                let mut found = Vec::new();
                for piece in pieces(&dim, start..start + len, outside) {
                    prop_assert_eq!(piece.at, found.len() as i64);
                    for k in 0..piece.len {
                        found.push(piece.origin.map(|it| {
                            let local = it.local + k * it.step;
                            assert!((0..dim.owned_len(it.rank)).contains(&local), "{piece:?}");
                            let element = interval(&dim, it.rank).unwrap().0 + local;
                            assert_eq!(it.is_direct, element == start + piece.at + k);
                            element
                        }));
                    }
                }
                let expected: Vec<_> = (start..start + len).map(|index| walked(outside, index, size)).collect();
                prop_assert_eq!(found, expected, "{:?} {}", outside, dim);
            }
        }

        #[test]
        fn reduced_offsets_lead_to_the_same_elements(size in 0..9_i64, offset in -40..40_i64) {
            for outside in ALL {
                let reduced = outside.reduced(offset, size);
                prop_assert!(reduced.abs() <= size);
                for index in 0..size {
                    prop_assert_eq!(walked(outside, index + offset, size), walked(outside, index + reduced, size));
                }
                for far in [i64::MIN, i64::MAX] {
                    prop_assert!(outside.reduced(far, size).abs() <= size);
                }
            }
        }
    }

    #[test]
    fn cyclic_dimensions_of_one_round_are_intervals() {
        assert!(is_in_intervals(&Cyclic::new(6, 2, 3).unwrap().into()));
        assert!(!is_in_intervals(&Cyclic::new(7, 2, 3).unwrap().into()));
        assert!(is_in_intervals(&Cyclic::new(7, 1, 2).unwrap().into()));
    }
}
