//! From a label to the first place that holds it, and what counting all labels on the way tells.
//!
//! Two forms. Where the labels are about as many as the numbers between the least and the greatest, a table with a slot for each of
//! those numbers; otherwise the stretches of consecutive labels, sorted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::labels::Labels;
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;

/// Finds the first place of a label: on the lowest grid rank that holds it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The place of label `first + k` at k, or [`u32::MAX`].
    Dense { first: i64, places: Box<[u32]> },
    /// Ascending and disjoint.
    Sorted(Box<[Stretch]>),
}

/// `len` consecutive labels at consecutive places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    label: i64,
    place: usize,
    len: i64,
}

impl Stretch {
    fn last(&self) -> i64 {
        self.label + (self.len - 1)
    }
}

/// What was found out about all lists together.
pub(super) struct Census {
    pub(super) distinct: i64,
    /// A label on two processes, with the higher of their grid ranks.
    pub(super) shared: Option<(i64, GridRank)>,
}

/// A table may have this many slots for each label.
const SLOTS_PER_LABEL: i64 = 4;

/// How many slots take the memory of one stretch.
const SLOTS_PER_STRETCH: usize = size_of::<Stretch>() / size_of::<u32>();

impl Lookup {
    /// Fails when a process lists a label twice.
    pub(super) fn new(labels: &Labels) -> Result<(Lookup, Census)> {
        let (first, last) = labels.span().unwrap_or((0, -1));
        let slots = last.checked_sub(first).and_then(|distance| distance.checked_add(1));
        let places_fit = labels.len() < i64::from(u32::MAX);
        let dense_enough = |slots: &i64| places_fit && *slots <= labels.len().saturating_mul(SLOTS_PER_LABEL);
        match slots.filter(dense_enough).and_then(|slots| usize::try_from(slots).ok()) {
            Some(slots) if stretches(labels, 0..labels.ranks()).count() > slots / SLOTS_PER_STRETCH => {
                dense(labels, first, slots)
            }
            _ => sorted(labels),
        }
    }

    #[inline]
    pub(super) fn find(&self, label: i64) -> Option<usize> {
        match self {
            Lookup::Dense { first, places } => {
                let slot = usize::try_from(label.checked_sub(*first)?).ok()?;
                places.get(slot).filter(|&&place| place != u32::MAX).map(|&place| place as usize)
            }
            Lookup::Sorted(stretches) => {
                let at = stretches.partition_point(|stretch| stretch.label <= label).checked_sub(1)?;
                let stretch = stretches.get(at).filter(|stretch| label <= stretch.last())?;
                Some(stretch.place + usize::try_from(label - stretch.label).ok()?)
            }
        }
    }
}

fn repeated(rank: GridRank, label: i64) -> Error {
    Error::new(ErrorKind::IndexRepeated).with_grid_rank(rank).with_value("indices", label)
}

fn dense(labels: &Labels, first: i64, slots: usize) -> Result<(Lookup, Census)> {
    let mut places = vec![u32::MAX; slots];
    let mut census = Census { distinct: 0, shared: None };
    // What this process lists and a lower one too: only here can a repetition hide from the table.
    let mut again = Vec::new();
    for rank in (0..labels.ranks()).map(GridRank) {
        let range = labels.range(rank);
        for place in range.clone() {
            let Some(label) = labels.at(place) else { break };
            // Within the table by its making, and places are below its empty mark.
            let Some(slot) = places.get_mut((label - first) as usize) else { break };
            if *slot == u32::MAX {
                *slot = place as u32;
                census.distinct += 1;
            } else if *slot as usize >= range.start {
                return Err(repeated(rank, label));
            } else {
                again.push(label);
            }
        }
        if let Some(&label) = again.first() {
            census.shared.get_or_insert((label, rank));
            again.sort_unstable();
            if let Some(pair) = again.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(repeated(rank, pair[0]));
            }
            again.clear();
        }
    }
    Ok((Lookup::Dense { first, places: places.into() }, census))
}

fn sorted(labels: &Labels) -> Result<(Lookup, Census)> {
    let mut all: Vec<Stretch> = Vec::new();
    for rank in 0..labels.ranks() {
        let start = all.len();
        all.extend(stretches(labels, rank..rank + 1));
        let own = all.get_mut(start..).unwrap_or_default();
        own.sort_unstable_by_key(|stretch| stretch.label);
        if let Some(pair) = own.windows(2).find(|pair| pair[1].label <= pair[0].last()) {
            return Err(repeated(GridRank(rank), pair[1].label));
        }
    }
    all.sort_unstable_by_key(|stretch| (stretch.label, stretch.place));
    let shared = first_shared(labels, &all);
    if shared.is_some() {
        all = settle(&all);
    }
    let distinct = all.iter().map(|stretch| stretch.len).sum();
    Ok((Lookup::Sorted(all.into()), Census { distinct, shared }))
}

/// The first label that two of the stretches hold, which are sorted by label.
fn first_shared(labels: &Labels, all: &[Stretch]) -> Option<(i64, GridRank)> {
    // What has no overlap yet ascends by its last label too.
    let pair = all.windows(2).find(|pair| pair[1].label <= pair[0].last())?;
    Some((pair[1].label, labels.rank_of(pair[0].place.max(pair[1].place))))
}

/// Cuts overlapping stretches, sorted by label, so that each label is left to the lowest grid rank that holds it.
///
/// A sweep over the labels with a heap of the stretches that reach them. Those of one process do not overlap, and the places of a
/// lower grid rank are all lower, so comparing where stretches begin is enough.
fn settle(all: &[Stretch]) -> Vec<Stretch> {
    let mut settled: Vec<Stretch> = Vec::with_capacity(all.len());
    let mut reaching: BinaryHeap<Reverse<(usize, i64, i64)>> = BinaryHeap::new();
    let mut next = all.first().map_or(0, |stretch| stretch.label);
    for at in 0..=all.len() {
        let coming = all.get(at);
        // All labels below the coming stretch have their holders in the heap.
        while let Some(&Reverse((place, label, last))) = reaching.peek() {
            if last < next {
                reaching.pop();
                continue;
            }
            let end = coming.map_or(last, |stretch| last.min(stretch.label.saturating_sub(1)));
            if end < next || coming.is_some_and(|stretch| stretch.label <= next) {
                break;
            }
            let piece = Stretch { label: next, place: place + (next - label) as usize, len: end - next + 1 };
            match settled.last_mut() {
                Some(before)
                    if before.last() + 1 == piece.label && before.place + before.len as usize == piece.place =>
                {
                    before.len += piece.len;
                }
                _ => settled.push(piece),
            }
            match end.checked_add(1) {
                Some(behind) => next = behind,
                None => return settled,
            }
        }
        if let Some(stretch) = coming {
            next = stretch.label;
            reaching.push(Reverse((stretch.place, stretch.label, stretch.last())));
        }
    }
    settled
}

/// The stretches of these processes' lists, in order of place.
fn stretches(labels: &Labels, ranks: Range<i64>) -> impl Iterator<Item = Stretch> + '_ {
    ranks.flat_map(move |rank| {
        let mut places = labels.range(GridRank(rank)).peekable();
        std::iter::from_fn(move || {
            let place = places.next()?;
            let mut stretch = Stretch { label: labels.at(place)?, place, len: 1 };
            while let Some(next) = stretch.last().checked_add(1)
                && places.next_if(|&place| labels.at(place) == Some(next)).is_some()
            {
                stretch.len += 1;
            }
            Some(stretch)
        })
    })
}
