//! Counting the labels of all processes: how many are distinct, which are shared, whether a process
//! repeats one.

use super::label_runs;
use super::labels::{Labels, repeated};
use super::lookup::Lookup;
use crate::bit_set::BitSet;
use crate::error::Result;
use crate::index::GridRank;

/// Statistics of all lists together.
pub(super) struct LabelStatistics {
    pub(super) distinct: i64,
    /// A label on two processes, with the higher of their grid ranks.
    pub(super) shared: Option<(i64, GridRank)>,
    pub(super) index: Index,
}

/// The way that labels are looked up.
pub(super) enum Index {
    /// By a table that is yet to be made: many callers never look anything up.
    Table { first: i64, slots: usize },
    /// Counting made the table already.
    Ready(Lookup),
}

/// A table may have this many slots for each label.
const SLOTS_PER_LABEL: i64 = 4;

/// How many slots take the memory of one run.
const SLOTS_PER_RUN: usize = size_of::<label_runs::LabelRun>() / size_of::<u32>();

impl LabelStatistics {
    /// Fails when a process lists a label twice.
    pub(super) fn take(labels: &Labels) -> Result<LabelStatistics> {
        let (first, last) = labels.span().unwrap_or((0, -1));
        let slots = last.checked_sub(first).and_then(|distance| distance.checked_add(1));
        let places_fit = labels.len() < i64::from(u32::MAX);
        let dense_enough = |slots: &i64| places_fit && *slots <= labels.len().saturating_mul(SLOTS_PER_LABEL);
        match slots.filter(dense_enough).and_then(|slots| usize::try_from(slots).ok()) {
            Some(slots) if label_runs::count(labels) > slots / SLOTS_PER_RUN => by_bits(labels, first, slots),
            _ => by_runs(labels),
        }
    }
}

fn by_bits(labels: &Labels, first: i64, slots: usize) -> Result<LabelStatistics> {
    let empty = || vec![0; BitSet::words(slots)];
    let mut words = empty();
    let mut seen = BitSet::new(first, &mut words);
    // Only needed once a label turns up again, to tell which of its holders repeats it.
    let mut own_words: Option<Vec<u64>> = None;
    let mut again = 0;
    let mut shared = None;
    for rank in (0..labels.ranks()).map(GridRank) {
        let before = again;
        let mut example = None;
        labels.for_each(rank, |label| {
            if !seen.insert(label) {
                again += 1;
                example.get_or_insert(label);
            }
        });
        if again == before {
            continue;
        }
        let mut own = BitSet::new(first, own_words.get_or_insert_with(empty));
        let mut twice = None;
        labels.for_each(rank, |label| {
            if !own.insert(label) {
                twice.get_or_insert(label);
            }
        });
        if let Some(label) = twice {
            return Err(repeated(rank, label));
        }
        labels.for_each(rank, |label| own.remove(label));
        shared = shared.or(example.map(|label| (label, rank)));
    }
    Ok(LabelStatistics { distinct: labels.len() - again, shared, index: Index::Table { first, slots } })
}

fn by_runs(labels: &Labels) -> Result<LabelStatistics> {
    let mut all = label_runs::sorted(labels)?;
    let shared = label_runs::first_shared(labels, &all);
    if shared.is_some() {
        all = label_runs::merge(&all);
    }
    let distinct = all.iter().map(|run| run.len).sum();
    Ok(LabelStatistics { distinct, shared, index: Index::Ready(Lookup::Sorted(all.into())) })
}
