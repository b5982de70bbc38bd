//! The index lists of all processes, one behind the other, in the narrowest integers that hold
//! them.

use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::index::{GridRank, LocalIndex};

/// All lists. A *place* is a position in the concatenation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) store: Store,
    /// Where each process's list begins, and the end of the last.
    offsets: Box<[usize]>,
    span: Option<(i64, i64)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Store {
    Narrow(Box<[i32]>),
    Wide(Box<[i64]>),
}

impl Labels {
    pub(super) fn new(lists: &[impl AsRef<[i64]>]) -> Labels {
        let mut offsets = Vec::with_capacity(lists.len() + 1);
        let mut span: Option<(i64, i64)> = None;
        let mut len = 0;
        offsets.push(len);
        for list in lists.iter().map(AsRef::as_ref) {
            len += list.len();
            offsets.push(len);
            for &label in list {
                let (least, greatest) = span.unwrap_or((label, label));
                span = Some((least.min(label), greatest.max(label)));
            }
        }
        let all = || lists.iter().flat_map(|list| list.as_ref()).copied();
        let (least, greatest) = span.unwrap_or((0, 0));
        let store = match (i32::try_from(least), i32::try_from(greatest)) {
            // Truncation loses nothing: every label lies between the two.
            (Ok(_), Ok(_)) => Store::Narrow(collect(len, all().map(|label| label as i32))),
            _ => Store::Wide(collect(len, all())),
        };
        Labels { store, offsets: offsets.into(), span }
    }

    /// How many indices all processes list together.
    pub(super) fn len(&self) -> i64 {
        self.offsets.last().map_or(0, |&len| to_i64(len))
    }

    pub(super) fn ranks(&self) -> i64 {
        to_i64(self.offsets.len() - 1)
    }

    /// The least and the greatest label.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    /// The label at a place.
    #[inline]
    pub(super) fn at(&self, place: usize) -> Option<i64> {
        match &self.store {
            Store::Narrow(labels) => labels.get(place).map(|&label| label.into()),
            Store::Wide(labels) => labels.get(place).copied(),
        }
    }

    /// Visits the labels of a process in order.
    #[inline]
    pub(super) fn for_each(&self, rank: GridRank, mut visit: impl FnMut(i64)) {
        // The form is looked at once, not for every label.
        match &self.store {
            Store::Narrow(labels) => labels.get(self.range(rank)).unwrap_or(&[]).iter().for_each(|&l| visit(l.into())),
            Store::Wide(labels) => labels.get(self.range(rank)).unwrap_or(&[]).iter().for_each(|&l| visit(l)),
        }
    }

    /// Visits all places, the last one first, with their labels.
    #[inline]
    pub(super) fn for_each_rev(&self, mut visit: impl FnMut(usize, i64)) {
        match &self.store {
            Store::Narrow(labels) => labels.iter().enumerate().rev().for_each(|(place, &l)| visit(place, l.into())),
            Store::Wide(labels) => labels.iter().enumerate().rev().for_each(|(place, &l)| visit(place, l)),
        }
    }

    /// The places of a process's list; empty beyond the grid.
    #[inline]
    pub(super) fn range(&self, rank: GridRank) -> Range<usize> {
        let bounds = usize::try_from(rank.0)
            .ok()
            .and_then(|rank| Some((*self.offsets.get(rank)?, *self.offsets.get(rank.checked_add(1)?)?)));
        bounds.map_or(0..0, |(start, end)| start..end)
    }

    #[inline]
    pub(super) fn list_len(&self, rank: GridRank) -> i64 {
        to_i64(self.range(rank).len())
    }

    /// The process whose list a place is in, and the position there.
    #[inline]
    pub(super) fn place(&self, place: usize) -> Option<(GridRank, LocalIndex)> {
        let rank = self.offsets.partition_point(|&offset| offset <= place).checked_sub(1)?;
        let start = *self.offsets.get(rank)?;
        Some((GridRank(to_i64(rank)), LocalIndex(to_i64(place - start))))
    }

    pub(super) fn rank_of(&self, place: usize) -> GridRank {
        self.place(place).map_or(GridRank(0), |(rank, _)| rank)
    }
}

/// The error of a process that lists a label twice.
pub(super) fn repeated(rank: GridRank, label: i64) -> Error {
    Error::new(ErrorKind::IndexRepeated).with_grid_rank(rank).with_value("indices", label)
}

/// Collects into an allocation of the right size from the start.
fn collect<T>(len: usize, items: impl Iterator<Item = T>) -> Box<[T]> {
    let mut collected = Vec::with_capacity(len);
    collected.extend(items);
    collected.into()
}

/// A length in memory, which is below 2^63.
#[inline]
fn to_i64(len: usize) -> i64 {
    len as i64
}
