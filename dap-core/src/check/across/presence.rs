//! Which ranks are there, and whether their grid coordinates are in C order.

use std::collections::HashSet;

use crate::check::across::Ranks;
use crate::check::across::dimension::Dimension;
use crate::check::across::tuple;
use crate::check::section::LocalDim;
use crate::finding::{Diagnostics, Finding, Key, Place, plural};
use crate::grid::Grid;
use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::RuleId;

/// The rank that a grid coordinate means, in C order and in Fortran's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) rank: Rank,
    column_major: Rank,
}

impl Placed {
    /// `None` unless every dimension has its place in the grid.
    pub(super) fn of(dims: &[LocalDim]) -> Option<Self> {
        let weighed = |sum: Option<(i64, i64)>, dim: &LocalDim| {
            let (sum, stride) = sum.filter(|_| dim.grid.is_known())?;
            let sum = stride.checked_mul(dim.grid.grid_rank)?.checked_add(sum)?;
            Some((sum, stride.checked_mul(dim.grid.grid_size)?))
        };
        let (rank, _) = dims.iter().rev().fold(Some((0, 1)), weighed)?;
        let (column_major, _) = dims.iter().fold(Some((0, 1)), weighed)?;
        Some(Self { rank: Rank(rank), column_major: Rank(column_major) })
    }
}

/// The ranks seen so far.
#[derive(Debug, Default)]
pub(super) struct Presence {
    ranks: RankSet,
    /// Ranks whose coordinate means another rank, and which.
    misplaced: Vec<(Rank, Rank)>,
    /// How many ranks fit Fortran's order, and how many could be checked.
    column_major: i64,
    placed: i64,
}

impl Presence {
    /// Counts a rank; false if it was there already.
    pub(super) fn insert(&mut self, rank: Rank, placed: Option<Placed>) -> bool {
        if !self.ranks.insert(rank) {
            return false;
        }
        if let Some(placed) = placed {
            self.placed += 1;
            self.column_major += i64::from(placed.column_major == rank);
            if placed.rank != rank {
                self.misplaced.push((rank, placed.rank));
            }
        }
        true
    }

    /// The rank after the last.
    pub(super) fn next(&self) -> Rank {
        Rank(self.ranks.ranges().last().map_or(0, |range| range.end))
    }

    pub(super) fn first(&self) -> Option<Rank> {
        self.ranks.first()
    }

    /// The ranks, and those whose coordinate means another rank, with that rank.
    pub(super) fn into_parts(self) -> (RankSet, Vec<(Rank, Rank)>) {
        (self.ranks, self.misplaced)
    }

    /// Checks number and order of the ranks on the grid that they agree on.
    pub(super) fn check_all(&self, grid: &Grid, claim: Ranks, dims: &[Dimension], diagnostics: &mut Diagnostics) {
        let Some(first) = self.first() else { return };
        let processes = grid.processes();
        let count = self.ranks.len();
        let context = || Place::export(Key::Export);
        let here = |finding: Finding| finding.with("grid", shape(grid)).with("processes", processes);
        let beyond = self.ranks.beyond(processes);
        let one_based = self.are_counted_from_1(processes);
        let arrays = self.arrays(processes).filter(|_| !beyond.is_empty());
        if !beyond.is_empty() {
            let room = if processes == 1 { "only rank 0".to_owned() } else { format!("ranks 0 to {}", processes - 1) };
            let finding = here(Finding::new(RuleId::TOO_MANY_RANKS, context()))
                .with("count", plural(count, "export"))
                .with("last", self.next().0 - 1)
                .with("room", room);
            let replicated = processes == 1 && !dims.is_empty() && !one_based;
            let finding = finding.note("replicated", replicated).note("one-based", one_based);
            let finding = finding.with("arrays", arrays.unwrap_or(0));
            let finding = finding.note("sub-communicator", !one_based && arrays == Some(1));
            let finding = finding.note("sub-communicators", !replicated && arrays > Some(1));
            let other = replicated || one_based || arrays.is_some();
            diagnostics.add_over(beyond, finding.note("stray", !other));
        }
        // That ranks are missing, and that coordinates mean other ranks, follows from how they are
        // counted.
        if one_based || arrays.is_some() {
            return;
        }
        let missing = self.ranks.missing_from(processes);
        if !missing.is_empty() {
            let finding = match claim {
                Ranks::All => here(Finding::new(RuleId::MISSING_RANK, context()))
                    .with("missing", missing.len())
                    .with("ranks", missing.describe(6)),
                Ranks::Some => here(Finding::new(RuleId::NOT_CHECKED, context())).with("present", count),
            };
            diagnostics.add(first, finding);
        }
        self.check_order(grid, diagnostics);
    }

    /// Whether the ranks are 1 to `processes`, and every coordinate says that they are one less.
    fn are_counted_from_1(&self, processes: i64) -> bool {
        let [range] = self.ranks.ranges() else { return false };
        range.start == 1
            && range.end - 1 == processes
            && usize::try_from(processes) == Ok(self.misplaced.len())
            && self.misplaced.iter().all(|(rank, means)| rank.0 - 1 == means.0)
    }

    /// How many times the coordinates of the ranks that are here run through the context grid in
    /// order: once where the ranks are those of a larger communicator, more than once where there
    /// are several arrays.
    fn arrays(&self, processes: i64) -> Option<i64> {
        let count = self.ranks.len();
        if count == 0 || count % processes != 0 || self.placed != count {
            return None;
        }
        let ranks = self.ranks.ranges().iter().cloned().flatten();
        let mut misplaced = self.misplaced.iter().peekable();
        let mut expected = (0..processes).cycle();
        for rank in ranks {
            let means = misplaced.next_if(|(at, _)| at.0 == rank).map_or(rank, |(_, means)| means.0);
            if expected.next() != Some(means) {
                return None;
            }
        }
        Some(count / processes)
    }

    /// Whether ranks 0 to n - 1 have the coordinates that files have whose names, sorted as text,
    /// end in these numbers, counted from 0 or from 1.
    fn is_text_order(&self, processes: i64) -> bool {
        if self.placed != processes || self.ranks.missing_from(processes) != RankSet::default() || processes < 11 {
            return false;
        }
        let means = || {
            let mut misplaced = self.misplaced.iter().peekable();
            (0..processes).map(move |rank| misplaced.next_if(|(at, _)| at.0 == rank).map_or(rank, |(_, means)| means.0))
        };
        let from_0 = || std::iter::once(0).chain(numbers_as_text(processes - 1));
        means().eq(from_0()) || means().eq(numbers_as_text(processes).map(|number| number - 1))
    }

    fn check_order(&self, grid: &Grid, diagnostics: &mut Diagnostics) {
        let misplaced = || self.misplaced.iter().filter(|(rank, _)| grid.contains(*rank));
        let Some(&(rank, means)) = misplaced().next() else { return };
        let ranks: RankSet = misplaced().map(|(rank, _)| *rank).collect();
        // Not a set of ranges: these come in any order.
        let mut taken = HashSet::new();
        let duplicate = misplaced().find(|(_, means)| {
            let in_place = self.ranks.contains(*means) && !ranks.contains(*means);
            in_place || !taken.insert(*means)
        });
        let column_major = self.column_major == self.placed;
        let text_order = !column_major && self.is_text_order(grid.processes());
        let coordinate = |rank: Rank| {
            let coordinates = grid.coordinates(rank).unwrap_or_default();
            tuple(&coordinates.iter().map(|coordinate| coordinate.0).collect::<Vec<_>>())
        };
        let mut finding = Finding::new(RuleId::RANK_ORDER, Place::export(Key::DimData))
            .with("rank", rank.0)
            .with("coordinate", coordinate(means))
            .with("expected", coordinate(rank))
            .note("fortran-order", column_major && grid.ndim() > 1)
            .note("text-order", text_order)
            .note("permuted", duplicate.is_none() && !column_major && !text_order);
        if let Some((_, means)) = duplicate.filter(|_| !column_major) {
            finding = finding.with("other", means.0).note("duplicate", true);
        }
        diagnostics.add_over(ranks, finding);
    }
}

/// The grid, where all ranks agree on it and it has a number of processes that can be counted.
pub(super) fn grid(dims: &[Dimension], presence: &Presence, diagnostics: &mut Diagnostics) -> Option<Grid> {
    let shape: Option<Vec<i64>> = dims.iter().map(Dimension::grid_size).collect();
    let shape = shape?;
    let grid = Grid::new(shape.clone());
    if let (Err(_), Some(first)) = (&grid, presence.first()) {
        let finding = Finding::new(RuleId::GRID_TOO_LARGE, Place::export(Key::DimData));
        diagnostics.add(first, finding.with("grid", shape_text(&shape)));
    }
    grid.ok()
}

/// The numbers 1 to `last` in the order of their decimal digits: 1, 10, 11, 2.
fn numbers_as_text(last: i64) -> impl Iterator<Item = i64> {
    let mut next = (last >= 1).then_some(1_i64);
    std::iter::from_fn(move || {
        let number = next?;
        next = match number.checked_mul(10) {
            Some(longer) if longer <= last => Some(longer),
            _ => {
                let mut number = number;
                while number % 10 == 9 || number >= last {
                    number /= 10;
                }
                (number > 0).then_some(number + 1)
            }
        };
        Some(number)
    })
}

fn shape(grid: &Grid) -> String {
    shape_text(grid.shape())
}

fn shape_text(shape: &[i64]) -> String {
    if shape.is_empty() {
        return "of no dimensions".to_owned();
    }
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_in_the_order_of_their_texts() {
        for last in (0..130).chain([998, 999, 1000, 1001, 1234]) {
            let mut slow: Vec<i64> = (1..=last).collect();
            slow.sort_by_key(ToString::to_string);
            assert_eq!(super::numbers_as_text(last).collect::<Vec<_>>(), slow, "{last}");
        }
    }
}
