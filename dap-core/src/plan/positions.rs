//! Lists of positions in a buffer.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Local indices, in the narrowest integers that hold them. A part of a list shares its memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Positions {
    /// All below 2^32.
    Narrow(SharedSlice<u32>),
    /// Any.
    Wide(SharedSlice<i64>),
}

/// A slice of a shared list.
#[derive(Debug, Clone)]
pub struct SharedSlice<T> {
    list: Arc<List<T>>,
    range: Range<usize>,
}

/// A list, with the properties that a pass over all of it would find.
#[derive(Debug)]
struct List<T> {
    items: Vec<T>,
    is_ascending: bool,
    /// The least and the greatest number.
    bounds: Option<(T, T)>,
}

impl<T: Ord + Copy> SharedSlice<T> {
    fn whole(items: Vec<T>) -> SharedSlice<T> {
        let list = List { is_ascending: items.is_sorted(), bounds: least_and_greatest(&items), items };
        SharedSlice { range: 0..list.items.len(), list: Arc::new(list) }
    }

    /// The part at this range of the list, which must exist.
    fn slice(&self, range: Range<usize>) -> SharedSlice<T> {
        let start = self.range.start;
        SharedSlice { list: Arc::clone(&self.list), range: start + range.start..start + range.end }
    }

    /// The least and the greatest number; `None` if the list is empty.
    fn bounds(&self) -> Option<(T, T)> {
        if self.list.is_ascending {
            return Some((*self.first()?, *self.last()?));
        }
        if self.range == (0..self.list.items.len()) { self.list.bounds } else { least_and_greatest(self) }
    }
}

fn least_and_greatest<T: Ord + Copy>(items: &[T]) -> Option<(T, T)> {
    let first = *items.first()?;
    Some(items.iter().fold((first, first), |(least, greatest), &item| (least.min(item), greatest.max(item))))
}

impl<T> Deref for SharedSlice<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.list.items.get(self.range.clone()).unwrap_or(&[])
    }
}

impl<T: PartialEq> PartialEq for SharedSlice<T> {
    fn eq(&self, other: &SharedSlice<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for SharedSlice<T> {}

impl Positions {
    /// Positions of a whole list.
    pub(super) fn narrow(list: Vec<u32>) -> Positions {
        Positions::Narrow(SharedSlice::whole(list))
    }

    /// Positions of a whole list.
    pub(super) fn wide(list: Vec<i64>) -> Positions {
        Positions::Wide(SharedSlice::whole(list))
    }

    /// The number of positions.
    pub fn len(&self) -> usize {
        match self {
            Positions::Narrow(positions) => positions.len(),
            Positions::Wide(positions) => positions.len(),
        }
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position with the number `k`.
    #[inline]
    pub fn get(&self, k: usize) -> Option<i64> {
        match self {
            Positions::Narrow(positions) => positions.get(k).map(|&place| place.into()),
            Positions::Wide(positions) => positions.get(k).copied(),
        }
    }

    /// The least and the greatest position; `None` if the list is empty.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        match self {
            Positions::Narrow(positions) => positions.bounds().map(|(least, greatest)| (least.into(), greatest.into())),
            Positions::Wide(positions) => positions.bounds(),
        }
    }

    /// Whether the list is known to be ascending.
    pub(super) fn are_ascending(&self) -> bool {
        match self {
            Positions::Narrow(positions) => positions.list.is_ascending,
            Positions::Wide(positions) => positions.list.is_ascending,
        }
    }

    /// The range of the list with positions in `range`, if the list is ascending.
    pub(super) fn indices_within(&self, range: &Range<i64>) -> Range<usize> {
        let below = |end: i64| match self {
            Positions::Narrow(positions) => positions.partition_point(|&place| i64::from(place) < end),
            Positions::Wide(positions) => positions.partition_point(|&place| place < end),
        };
        let start = below(range.start);
        start..below(range.end).max(start)
    }

    /// The positions at these indices of the list, which must exist.
    pub(super) fn choose(&self, indices_within: &[usize]) -> Positions {
        match self {
            Positions::Narrow(positions) => Positions::narrow(indices_within.iter().map(|&at| positions[at]).collect()),
            Positions::Wide(positions) => Positions::wide(indices_within.iter().map(|&at| positions[at]).collect()),
        }
    }

    /// The positions at this range of the list, which must exist.
    pub(super) fn slice(&self, range: Range<usize>) -> Positions {
        match self {
            Positions::Narrow(positions) => Positions::Narrow(positions.slice(range)),
            Positions::Wide(positions) => Positions::Wide(positions.slice(range)),
        }
    }
}
