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
    list: Arc<List<T>>,
    range: Range<usize>,
}

/// A list, and what of it would take a pass over all of it to find out.
#[derive(Debug)]
struct List<T> {
    items: Vec<T>,
    is_ascending: bool,
    /// The least and the greatest.
    bounds: Option<(T, T)>,
}

impl<T: Ord + Copy> Part<T> {
    fn whole(items: Vec<T>) -> Part<T> {
        let list = List { is_ascending: items.is_sorted(), bounds: least_and_greatest(&items), items };
        Part { range: 0..list.items.len(), list: Arc::new(list) }
    }

    /// Those at these positions, all of which there are.
    fn slice(&self, range: Range<usize>) -> Part<T> {
        let start = self.range.start;
        Part { list: Arc::clone(&self.list), range: start + range.start..start + range.end }
    }

    /// The least and the greatest; `None` when there are none.
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

impl<T> Deref for Part<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.list.items.get(self.range.clone()).unwrap_or(&[])
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

    /// The least and the greatest; `None` when there are none.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        match self {
            Places::Narrow(places) => places.bounds().map(|(least, greatest)| (least.into(), greatest.into())),
            Places::Wide(places) => places.bounds(),
        }
    }

    /// Whether each is at least the one before, and known to be.
    pub(super) fn are_ascending(&self) -> bool {
        match self {
            Places::Narrow(places) => places.list.is_ascending,
            Places::Wide(places) => places.list.is_ascending,
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
