//! Pairs of positions: the elements that two processes share along one factor, collected one by
//! one.

use super::overlaps::Overlaps;
use super::positions::Positions;
use crate::runs::{Overlap, Run};

/// Collects elements in ascending order of their global index, in the smaller of two forms.
#[derive(Default)]
pub(super) struct Pairs {
    /// Runs, as long as they are long enough.
    runs: Vec<Overlap>,
    elements: usize,
    /// Single elements, once runs are too short.
    single: Option<(Numbers, Numbers)>,
}

impl Pairs {
    /// The number of runs below which single elements are not considered.
    const FEW: usize = 64;
    /// The number of single elements that take as much memory as one run.
    const WORTH: usize = size_of::<Overlap>() / (2 * size_of::<u32>());

    #[inline]
    pub(super) fn add(&mut self, global: i64, from: i64, to: i64) {
        if let Some((sources, targets)) = &mut self.single {
            sources.push(from);
            targets.push(to);
            return;
        }
        if self.runs.last_mut().is_some_and(|last| last.append(global, from, to)) {
            self.elements += 1;
            return;
        }
        self.push(Overlap::single(global, from, to, 1));
    }

    /// Adds elements of one of the target's runs: their distance from its first element, and their
    /// positions in the source's buffer.
    pub(super) fn extend(&mut self, run: &Run, ahead: &[i64], from: &[i64]) {
        if let Some((sources, targets)) = &mut self.single {
            sources.extend(from.iter().copied());
            targets.extend(ahead.iter().map(|k| run.local.0 + k));
        } else {
            ahead.iter().zip(from).for_each(|(k, &from)| self.add(run.global.0 + k, from, run.local.0 + k));
        }
    }

    pub(super) fn push(&mut self, overlap: Overlap) {
        if self.single.is_some() {
            for (global, from, to, len) in overlap.iter() {
                (0..len).for_each(|k| self.add(global.0 + k, from.0 + k, to.0 + k));
            }
            return;
        }
        self.elements += usize::try_from(overlap.elements()).unwrap_or(usize::MAX);
        if self.runs.last_mut().is_none_or(|last| !last.extend(&overlap)) {
            self.runs.push(overlap);
        }
        if self.runs.len() > Self::FEW && self.elements / Self::WORTH < self.runs.len() {
            let (mut sources, mut targets) = (Numbers::default(), Numbers::default());
            for (_, from, to, len) in self.runs.drain(..).flat_map(|run| run.iter()) {
                (0..len).for_each(|k| {
                    sources.push(from.0 + k);
                    targets.push(to.0 + k);
                });
            }
            self.single = Some((sources, targets));
        }
    }

    pub(super) fn finish(self) -> Overlaps {
        match self.single {
            Some((from, to)) => Overlaps::listed(from.finish(), to.finish()),
            None => Overlaps::groups_of(self.runs),
        }
    }
}

/// A growing list of non-negative numbers, narrow until one of them does not fit.
#[derive(Default)]
struct Numbers {
    narrow: Vec<u32>,
    wide: Vec<i64>,
}

impl Numbers {
    #[inline]
    fn push(&mut self, number: i64) {
        match u32::try_from(number) {
            Ok(number) if self.wide.is_empty() => self.narrow.push(number),
            _ => self.widen(number),
        }
    }

    fn extend(&mut self, numbers: impl Iterator<Item = i64> + Clone) {
        let any_bit = numbers.clone().fold(0, |all, number| all | number);
        if self.wide.is_empty() && u32::try_from(any_bit).is_ok() {
            // Each number fits if all bits of their union do.
            self.narrow.extend(numbers.map(|number| number as u32));
        } else {
            numbers.for_each(|number| self.push(number));
        }
    }

    #[cold]
    fn widen(&mut self, number: i64) {
        self.wide.extend(self.narrow.drain(..).map(i64::from));
        self.wide.push(number);
    }

    fn finish(self) -> Positions {
        if self.wide.is_empty() { Positions::narrow(self.narrow) } else { Positions::wide(self.wide) }
    }
}
