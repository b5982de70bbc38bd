//! Lists of places in a buffer.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Local indices, in the narrowest integers that hold them. A part of a list shares its memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// All below 2^32.
    Narrow(Part<u32>),
    /// Any.
    Wide(Part<i64>),
}

/// Some neighbours of a list.
#[derive(Debug, Clone)]
pub struct Part<T> {
    list: Arc<Vec<T>>,
    range: Range<usize>,
    is_ascending: bool,
}

impl<T: PartialOrd> Part<T> {
    fn whole(list: Vec<T>) -> Part<T> {
        Part { range: 0..list.len(), is_ascending: list.is_sorted(), list: Arc::new(list) }
    }

    /// Those at these positions, all of which there are.
    fn slice(&self, range: Range<usize>) -> Part<T> {
        let start = self.range.start;
        let range = start + range.start..start + range.end;
        Part { list: Arc::clone(&self.list), range, is_ascending: self.is_ascending }
    }
}

impl<T> Deref for Part<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.list.get(self.range.clone()).unwrap_or(&[])
    }
}

impl<T: PartialEq> PartialEq for Part<T> {
    fn eq(&self, other: &Part<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Part<T> {}

impl Places {
    /// All of a list.
    pub(super) fn narrow(list: Vec<u32>) -> Places {
        Places::Narrow(Part::whole(list))
    }

    /// All of a list.
    pub(super) fn wide(list: Vec<i64>) -> Places {
        Places::Wide(Part::whole(list))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Places::Narrow(places) => places.len(),
            Places::Wide(places) => places.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The k-th.
    #[inline]
    pub fn get(&self, k: usize) -> Option<i64> {
        match self {
            Places::Narrow(places) => places.get(k).map(|&place| place.into()),
            Places::Wide(places) => places.get(k).copied(),
        }
    }

    /// The greatest; `None` when there are none.
    pub fn greatest(&self) -> Option<i64> {
        match self {
            Places::Narrow(places) => places.iter().max().map(|&place| place.into()),
            Places::Wide(places) => places.iter().max().copied(),
        }
    }

    /// Whether each is at least the one before, and known to be.
    pub(super) fn are_ascending(&self) -> bool {
        match self {
            Places::Narrow(places) => places.is_ascending,
            Places::Wide(places) => places.is_ascending,
        }
    }

    /// The positions of those in a range, where they are ascending.
    pub(super) fn positions(&self, range: &Range<i64>) -> Range<usize> {
        let below = |end: i64| match self {
            Places::Narrow(places) => places.partition_point(|&place| i64::from(place) < end),
            Places::Wide(places) => places.partition_point(|&place| place < end),
        };
        let start = below(range.start);
        start..below(range.end).max(start)
    }

    /// Those at these positions, all of which there are.
    pub(super) fn choose(&self, positions: &[usize]) -> Places {
        match self {
            Places::Narrow(places) => Places::narrow(positions.iter().map(|&at| places[at]).collect()),
            Places::Wide(places) => Places::wide(positions.iter().map(|&at| places[at]).collect()),
        }
    }

    /// Those at neighbouring positions, all of which there are.
    pub(super) fn slice(&self, range: Range<usize>) -> Places {
        match self {
            Places::Narrow(places) => Places::Narrow(places.slice(range)),
            Places::Wide(places) => Places::Wide(places.slice(range)),
        }
    }
}
