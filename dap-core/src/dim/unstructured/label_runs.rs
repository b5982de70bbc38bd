//! Runs of labels: consecutive labels at consecutive places, the compact form of lists that are
//! mostly ranges.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::labels::{Labels, repeated};
use crate::error::Result;
use crate::index::GridRank;

/// `len` consecutive labels at consecutive places.
#[derive(Debug, Clone, Copy)]
pub(super) struct LabelRun {
    pub(super) label: i64,
    pub(super) place: usize,
    pub(super) len: i64,
}

impl LabelRun {
    pub(super) fn last(&self) -> i64 {
        self.label + (self.len - 1)
    }
}

/// The number of runs, counted without memory.
pub(super) fn count(labels: &Labels) -> usize {
    runs(labels, 0..labels.ranks()).count()
}

/// All runs sorted by label, and where labels are equal by grid rank; fails when a process
/// lists a label twice.
pub(super) fn sorted(labels: &Labels) -> Result<Vec<LabelRun>> {
    let mut all: Vec<LabelRun> = Vec::new();
    for rank in 0..labels.ranks() {
        let start = all.len();
        all.extend(runs(labels, rank..rank + 1));
        let own = all.get_mut(start..).unwrap_or_default();
        own.sort_unstable_by_key(|run| run.label);
        if let Some(pair) = own.windows(2).find(|pair| pair[1].label <= pair[0].last()) {
            return Err(repeated(GridRank(rank), pair[1].label));
        }
    }
    // The stable sort merges the sorted parts, and leaves lower grid ranks in front.
    all.sort_by_key(|run| run.label);
    Ok(all)
}

/// The first label that two of the runs hold, which are sorted by label.
pub(super) fn first_shared(labels: &Labels, all: &[LabelRun]) -> Option<(i64, GridRank)> {
    // Runs that do not overlap ascend by their last labels too.
    let pair = all.windows(2).find(|pair| pair[1].label <= pair[0].last())?;
    Some((pair[1].label, labels.rank_of(pair[0].place.max(pair[1].place))))
}

/// Cuts overlapping runs, sorted by label, so that each label is left to the lowest grid rank
/// that holds it.
///
/// A sweep over the labels with a heap of the runs that reach them. Those of one process do
/// not overlap, and the places of a lower grid rank are all lower, so comparing where runs
/// begin is enough.
pub(super) fn merge(all: &[LabelRun]) -> Vec<LabelRun> {
    let mut settled: Vec<LabelRun> = Vec::with_capacity(all.len());
    let mut reaching: BinaryHeap<Reverse<(usize, i64, i64)>> = BinaryHeap::new();
    let mut next = all.first().map_or(0, |run| run.label);
    for at in 0..=all.len() {
        let coming = all.get(at);
        // All labels below the coming run have their holders in the heap.
        while let Some(&Reverse((place, label, last))) = reaching.peek() {
            if last < next {
                reaching.pop();
                continue;
            }
            let end = coming.map_or(last, |run| last.min(run.label.saturating_sub(1)));
            if coming.is_some_and(|run| run.label <= next) {
                break;
            }
            let piece = LabelRun { label: next, place: place + (next - label) as usize, len: end - next + 1 };
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
        if let Some(run) = coming {
            next = run.label;
            reaching.push(Reverse((run.place, run.label, run.last())));
        }
    }
    settled
}

/// The runs of these processes' lists, in order of place.
fn runs(labels: &Labels, ranks: Range<i64>) -> impl Iterator<Item = LabelRun> + '_ {
    ranks.flat_map(move |rank| {
        let mut places = labels.range(GridRank(rank)).peekable();
        std::iter::from_fn(move || {
            let place = places.next()?;
            let mut run = LabelRun { label: labels.at(place)?, place, len: 1 };
            while let Some(next) = run.last().checked_add(1)
                && places.next_if(|&place| labels.at(place) == Some(next)).is_some()
            {
                run.len += 1;
            }
            Some(run)
        })
    })
}
