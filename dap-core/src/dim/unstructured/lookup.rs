//! From a label to the first place that holds it.
//!
//! Two forms. Where the labels are about as many as the numbers between the least and the greatest,
//! a table with a slot for each of those numbers; otherwise the [runs](LabelRun) of consecutive
//! labels, sorted.

use super::label_runs::LabelRun;
use super::labels::Labels;

/// Finds the first place of a label: on the lowest grid rank that holds it.
#[derive(Debug)]
pub(super) enum Lookup {
    /// The place of label `first + k` at k, or [`u32::MAX`].
    Dense { first: i64, places: Box<[u32]> },
    /// Ascending and disjoint.
    Sorted(Box<[LabelRun]>),
}

impl Lookup {
    /// A table for labels that are at most `slots` behind the first; places are below `u32::MAX`.
    pub(super) fn dense(labels: &Labels, first: i64, slots: usize) -> Lookup {
        let mut places = vec![u32::MAX; slots];
        // Backwards, so that the lowest place is what stays.
        labels.for_each_rev(|place, label| {
            if let Some(slot) = places.get_mut((label - first) as usize) {
                *slot = place as u32;
            }
        });
        Lookup::Dense { first, places: places.into() }
    }

    #[inline]
    pub(super) fn find(&self, label: i64) -> Option<usize> {
        match self {
            Lookup::Dense { first, places } => {
                let slot = usize::try_from(label.checked_sub(*first)?).ok()?;
                places.get(slot).filter(|&&place| place != u32::MAX).map(|&place| place as usize)
            }
            Lookup::Sorted(runs) => {
                let at = runs.partition_point(|run| run.label <= label).checked_sub(1)?;
                let run = runs.get(at).filter(|run| label <= run.last())?;
                Some(run.place + usize::try_from(label - run.label).ok()?)
            }
        }
    }

    /// Visits `len` consecutive labels that are held, in order: how far behind the first one, and
    /// the place.
    #[inline]
    pub(super) fn for_each(&self, first: i64, len: i64, mut visit: impl FnMut(i64, usize)) {
        let Lookup::Dense { first: least, places } = self else {
            return (0..len).for_each(|k| {
                if let Some(place) = self.find(first + k) {
                    visit(k, place);
                }
            });
        };
        // The part of the table, as far as it reaches.
        let slots = i64::try_from(places.len()).unwrap_or(i64::MAX);
        let begin = first.saturating_sub(*least);
        // Counted in slots: there is no number behind the greatest label.
        let end = begin.saturating_add(len).clamp(0, slots);
        let begin = begin.clamp(0, end);
        let part = places.get(begin as usize..end as usize).unwrap_or(&[]);
        let ahead = least.saturating_add(begin).saturating_sub(first);
        for (k, &place) in (ahead..).zip(part) {
            if place != u32::MAX {
                visit(k, place as usize);
            }
        }
    }
}
