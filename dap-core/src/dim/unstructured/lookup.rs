//! From a label to the first place that holds it.
//!
//! Two forms. Where the labels are about as many as the numbers between the least and the greatest, a table with a slot for each of
//! those numbers; otherwise the [stretches](Stretch) of consecutive labels, sorted.

use super::labels::Labels;
use super::stretch::Stretch;

/// Finds the first place of a label: on the lowest grid rank that holds it.
#[derive(Debug)]
pub(super) enum Lookup {
    /// The place of label `first + k` at k, or [`u32::MAX`].
    Dense { first: i64, places: Box<[u32]> },
    /// Ascending and disjoint.
    Sorted(Box<[Stretch]>),
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
            Lookup::Sorted(stretches) => {
                let at = stretches.partition_point(|stretch| stretch.label <= label).checked_sub(1)?;
                let stretch = stretches.get(at).filter(|stretch| label <= stretch.last())?;
                Some(stretch.place + usize::try_from(label - stretch.label).ok()?)
            }
        }
    }
}
