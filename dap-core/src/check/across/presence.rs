//! Which ranks are there, and whether their grid coordinates are in C order.

use std::collections::HashSet;

use crate::check::across::Ranks;
use crate::check::across::dimension::Dimension;
use crate::check::across::tuple;
use crate::check::section::LocalDim;
use crate::finding::{Diagnostics, Finding, Key, Place};
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
            let (sum, stride) = sum.filter(|_| dim.common.is_known())?;
            let sum = stride.checked_mul(dim.common.grid_rank)?.checked_add(sum)?;
            Some((sum, stride.checked_mul(dim.common.grid_size)?))
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
    /// How many ranks fit Fortran's order, and how many could be judged.
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

    /// Judges number and order of the ranks on the grid that they agree on.
    pub(super) fn judge(&self, grid: &Grid, claim: Ranks, dims: &[Dimension], diagnostics: &mut Diagnostics) {
        let Some(first) = self.first() else { return };
        let processes = grid.processes();
        let count = self.ranks.len();
        let whole = || Place::export(Key::Export);
        let here = |finding: Finding| finding.with("grid", shape(grid)).with("processes", processes);
        let beyond = self.ranks.beyond(processes);
        let one_based = self.are_counted_from_1(processes);
        if !beyond.is_empty() {
            let room = if processes == 1 { "only rank 0".to_owned() } else { format!("ranks 0 to {}", processes - 1) };
            let finding = here(Finding::new(RuleId::TOO_MANY_RANKS, whole()))
                .with("count", exports(count))
                .with("last", self.next().0 - 1)
                .with("room", room);
            let replicated = processes == 1 && !dims.is_empty() && !one_based;
            let finding = finding.note("replicated", replicated).note("one-based", one_based);
            diagnostics.add_over(beyond, finding.note("stray", !replicated && !one_based));
        }
        // That rank 0 is missing, and that every coordinate means another rank, follows from counting from 1.
        if one_based {
            return;
        }
        let missing = self.ranks.missing_from(processes);
        if !missing.is_empty() {
            let finding = match claim {
                Ranks::All => here(Finding::new(RuleId::MISSING_RANK, whole()))
                    .with("missing", missing.len())
                    .with("ranks", missing.describe(6)),
                Ranks::Some => here(Finding::new(RuleId::NOT_CHECKED, whole())).with("present", count),
            };
            diagnostics.add(first, finding);
        }
        self.judge_order(grid, diagnostics);
    }

    /// Whether the ranks are 1 to `processes`, and every coordinate says that they are one less.
    fn are_counted_from_1(&self, processes: i64) -> bool {
        let [range] = self.ranks.ranges() else { return false };
        range.start == 1
            && range.end - 1 == processes
            && usize::try_from(processes) == Ok(self.misplaced.len())
            && self.misplaced.iter().all(|(rank, means)| rank.0 - 1 == means.0)
    }

    fn judge_order(&self, grid: &Grid, diagnostics: &mut Diagnostics) {
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
        let coordinate = |rank: Rank| {
            let coordinates = grid.coordinates(rank).unwrap_or_default();
            tuple(&coordinates.iter().map(|coordinate| coordinate.0).collect::<Vec<_>>())
        };
        let mut finding = Finding::new(RuleId::RANK_ORDER, Place::export(Key::DimData))
            .with("rank", rank.0)
            .with("coordinate", coordinate(means))
            .with("expected", coordinate(rank))
            .note("fortran-order", column_major && grid.ndim() > 1)
            .note("permuted", duplicate.is_none() && !column_major);
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

fn exports(count: i64) -> String {
    if count == 1 { "1 export".to_owned() } else { format!("{count} exports") }
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
