//! An explicit list of runs, for indices that follow no rule.

use std::sync::Arc;

use super::Run;
use crate::index::{GlobalIndex, LocalIndex};

/// An integer that indices are stored in: `i32` where all fit, for half the memory, or `i64`.
pub(crate) trait Label: Copy + Ord + Into<i64> + TryFrom<i64> {
    const NARROW: bool;
}

impl Label for i32 {
    const NARROW: bool = true;
}

impl Label for i64 {
    const NARROW: bool = false;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stretch<T> {
    global: T,
    local: T,
    len: T,
}

/// Runs in ascending order of global index, none touching the next both globally and locally.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RunList {
    Narrow(Narrow),
    Wide(Wide),
}
pub(crate) type Narrow = Stretches<i32>;
pub(crate) type Wide = Stretches<i64>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stretches<T>(Arc<Vec<Stretch<T>>>);

impl RunList {
    /// The runs of a buffer whose k-th element has the global index `labels[k]`, joined where these
    /// ascend by one; only of the places that `keep` says. Labels are distinct.
    pub(crate) fn new<T: Label>(labels: &[T], keep: impl FnMut(usize) -> bool) -> RunList {
        if T::NARROW && i32::try_from(labels.len()).is_ok() {
            RunList::Narrow(join(labels, keep))
        } else {
            RunList::Wide(join(labels, keep))
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            RunList::Narrow(list) => list.0.len(),
            RunList::Wide(list) => list.0.len(),
        }
    }

    pub(crate) fn elements(&self) -> i64 {
        match self {
            RunList::Narrow(list) => list.0.iter().map(|stretch| i64::from(stretch.len)).sum(),
            RunList::Wide(list) => list.0.iter().map(|stretch| stretch.len).sum(),
        }
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<Run> {
        match self {
            RunList::Narrow(list) => list.0.get(at).map(|&stretch| stretch.into()),
            RunList::Wide(list) => list.0.get(at).map(|&stretch| stretch.into()),
        }
    }

    /// The first run at or behind the place `from` that ends at `global` or later. Costs the
    /// logarithm of how far away it is.
    pub(crate) fn seek(&self, from: usize, global: i64) -> usize {
        let before = |at: usize| self.get(at).is_some_and(|run| run.last().0 < global);
        // Gallop: merging a short list with a long one is then cheap, and neighbours cost one step.
        let (mut low, mut step) = (from, 1);
        while before(low.saturating_add(step - 1)) {
            low = low.saturating_add(step);
            step *= 2;
        }
        let mut high = low.saturating_add(step - 1).min(self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(middle) { low = middle + 1 } else { high = middle }
        }
        low.min(self.len())
    }
}

impl<T: Into<i64>> From<Stretch<T>> for Run {
    #[inline]
    fn from(stretch: Stretch<T>) -> Run {
        Run {
            global: GlobalIndex(stretch.global.into()),
            local: LocalIndex(stretch.local.into()),
            len: stretch.len.into(),
        }
    }
}

fn join<T: Label, S: Label>(labels: &[T], mut keep: impl FnMut(usize) -> bool) -> Stretches<S> {
    // As many as there are labels at most; what stays untouched costs nothing.
    let mut stretches: Vec<Stretch<S>> = Vec::with_capacity(labels.len());
    let mut open: Option<Run> = None;
    // Infallible by the choice of `S`: it holds every label and every place.
    let close = |run: Run, stretches: &mut Vec<Stretch<S>>| {
        if let (Ok(global), Ok(local), Ok(len)) =
            (S::try_from(run.global.0), S::try_from(run.local.0), S::try_from(run.len))
        {
            stretches.push(Stretch { global, local, len });
        }
    };
    for (at, &label) in labels.iter().enumerate() {
        if !keep(at) {
            continue;
        }
        let (label, at): (i64, i64) = (label.into(), i64::try_from(at).unwrap_or(i64::MAX));
        match &mut open {
            Some(run) if run.last().0.checked_add(1) == Some(label) && run.local.0 + run.len == at => run.len += 1,
            _ => {
                if let Some(run) = open.replace(Run { global: GlobalIndex(label), local: LocalIndex(at), len: 1 }) {
                    close(run, &mut stretches);
                }
            }
        }
    }
    if let Some(run) = open {
        close(run, &mut stretches);
    }
    if !stretches.is_sorted_by_key(|stretch| stretch.global) {
        sort(&mut stretches);
    }
    stretches.shrink_to_fit();
    Stretches(Arc::new(stretches))
}

/// Sorts by global index: by its digits where the indices of a long list lie close together,
/// several times faster than by comparing.
fn sort<S: Label>(stretches: &mut Vec<Stretch<S>>) {
    const LONG: usize = 1 << 12;
    let offset = |stretch: &Stretch<S>, least: i64| stretch.global.into().wrapping_sub(least) as u64;
    let least = stretches.iter().map(|stretch| stretch.global).min().map_or(0, Into::into);
    let span = stretches.iter().map(|stretch| offset(stretch, least)).max().unwrap_or(0);
    let bits = u64::BITS - span.leading_zeros();
    // The fewer values a digit has, the fewer places are written to by turns: digits of equal
    // length.
    let digits = bits.div_ceil(11).max(1);
    let length = bits.div_ceil(digits);
    if stretches.len() < LONG || digits > 3 {
        return stretches.sort_unstable_by_key(|stretch| stretch.global);
    }
    let mut target = stretches.clone();
    for digit in 0..digits {
        let value = |stretch: &Stretch<S>| (offset(stretch, least) >> (digit * length)) as usize & ((1 << length) - 1);
        // Where the next stretch of each digit value goes, those of the lower values in front.
        let mut next = [0_usize; (1 << 11) + 1];
        for stretch in stretches.iter() {
            next[value(stretch) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        for stretch in stretches.iter() {
            let place = &mut next[value(stretch)];
            target[*place] = *stretch;
            *place += 1;
        }
        std::mem::swap(stretches, &mut target);
    }
}
