//! Which rank of a communicator holds which section of a layout.
//!
//! The *origin* is the process grid of an array that was made, with the ranks of a communicator in
//! C order or in an order that a list gives. Views select and permute along each dimension of that
//! grid: coordinate k of the view's grid is coordinate `first + k * step`, modulo the extent, of
//! one dimension of the origin, and a dimension that an integer removed is one coordinate. So a map
//! costs a few words, whatever the number of ranks.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use smallvec::SmallVec;

use crate::error::{Error, ErrorKind, Result, at_least};
use crate::grid::Grid;
use crate::index::Rank;

/// A rank of the communicator that an array lives on, from 0. [`Rank`] is the number of a section
/// in the layout instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommRank(pub i64);

impl fmt::Display for CommRank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Ranks of a communicator by the ranks of a layout: see [`Placement`](super::Placement).
///
/// Equal values describe equal maps; [`RankMap::is_same`] compares what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankMap {
    origin: Grid,
    /// The rank of each section of the origin; without it section r lies on rank r.
    list: Option<Arc<[i64]>>,
    /// Where the map is along each dimension of the origin.
    axes: SmallVec<[Along; 4]>,
    /// The process grid of the layout.
    grid: SmallVec<[i64; 4]>,
}

/// One dimension of a grid, seen from a grid that was selected from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    /// One coordinate.
    At(i64),
    /// Coordinate k along dimension `dim` of the selected grid is `first + k * step`, modulo the
    /// extent. `step` is less than the extent in magnitude.
    Dim { dim: usize, first: i64, step: i64 },
}

/// The most ranks that a map lists.
const MOST_LISTED: i64 = 1 << 26;

impl RankMap {
    /// Section r on rank r.
    pub fn identity(grid: &Grid) -> RankMap {
        let axes = (0..grid.ndim()).map(|dim| Along::Dim { dim, first: 0, step: 1 }).collect();
        RankMap { origin: grid.clone(), list: None, axes, grid: grid.shape().into() }
    }

    /// Section r on rank `ranks[r]`.
    ///
    /// # Errors
    /// Another number of ranks than of processes of the grid, a rank below 0, or one that is listed
    /// twice.
    pub fn listed(grid: &Grid, ranks: impl Into<Arc<[i64]>>) -> Result<RankMap> {
        let ranks = ranks.into();
        let count = i64::try_from(ranks.len()).unwrap_or(i64::MAX);
        if count != grid.processes() {
            return Err(Error::new(ErrorKind::Count).with_value("ranks", count).with_expected(grid.processes()));
        }
        let mut sorted = ranks.to_vec();
        sorted.sort_unstable();
        if let Some(&least) = sorted.first() {
            at_least("rank", least, 0)?;
        }
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::new(ErrorKind::RankRepeated).with_value("rank", pair[0]));
        }
        let mut map = RankMap::identity(grid);
        if !(0..count).eq(ranks.iter().copied()) {
            map.list = Some(ranks);
        }
        Ok(map)
    }

    /// The process grid of the layout.
    pub fn grid(&self) -> &[i64] {
        &self.grid
    }

    /// The number of sections.
    pub fn processes(&self) -> i64 {
        // No more than the origin has.
        self.grid.iter().product()
    }

    /// The number of sections of the array that this is a view of.
    pub fn origin_processes(&self) -> i64 {
        self.origin.processes()
    }

    /// The rank that holds a section; `None` when there is no such section.
    pub fn holder(&self, section: Rank) -> Option<CommRank> {
        if !(0..self.processes()).contains(&section.0) {
            return None;
        }
        let mut rest = section.0;
        let mut coordinates: SmallVec<[i64; 4]> = SmallVec::from_elem(0, self.grid.len());
        for (coordinate, extent) in coordinates.iter_mut().zip(&self.grid).rev() {
            *coordinate = rest % extent;
            rest /= extent;
        }
        let mut rank = 0;
        for (&extent, along) in self.origin.shape().iter().zip(&self.axes) {
            rank = rank * extent + along.coordinate(&coordinates, extent);
        }
        match &self.list {
            None => Some(CommRank(rank)),
            Some(list) => usize::try_from(rank).ok().and_then(|rank| list.get(rank)).map(|&rank| CommRank(rank)),
        }
    }

    /// The section that a rank holds; `None` when it holds none. A search through the list, where
    /// there is one.
    pub fn section(&self, holder: CommRank) -> Option<Rank> {
        let origin = match &self.list {
            None => holder.0,
            Some(list) => i64::try_from(list.iter().position(|&rank| rank == holder.0)?).ok()?,
        };
        let coordinates = self.origin.coordinates(Rank(origin))?;
        let mut selected: SmallVec<[i64; 4]> = SmallVec::from_elem(0, self.grid.len());
        for ((coordinate, &extent), along) in coordinates.iter().zip(self.origin.shape()).zip(&self.axes) {
            match *along {
                Along::At(at) if at == coordinate.0 => {}
                Along::At(_) => return None,
                Along::Dim { dim, first, step } => {
                    let count = *self.grid.get(dim)?;
                    *selected.get_mut(dim)? = solve(first, step, extent, coordinate.0).filter(|&k| k < count)?;
                }
            }
        }
        Some(Rank(selected.iter().zip(&self.grid).fold(0, |rank, (&k, &extent)| rank * extent + k)))
    }

    /// The first section whose rank is none of the first `ranks`, and that rank; `None` if a
    /// communicator with this number of ranks holds all sections. No two sections lie on one rank,
    /// so that no more than `ranks + 1` of them are looked at.
    pub fn outside(&self, ranks: i64) -> Option<(Rank, CommRank)> {
        let ranks = ranks.max(0);
        if self.list.is_none() && self.is_plain() {
            return (self.processes() > ranks).then_some((Rank(ranks), CommRank(ranks)));
        }
        (0..self.processes().min(ranks.saturating_add(1))).map(Rank).find_map(|section| {
            let holder = self.holder(section)?;
            (holder.0 >= ranks).then_some((section, holder))
        })
    }

    /// Whether section r lies on rank r, for all sections. With a list of ranks they are looked at
    /// until one does not.
    pub fn is_identity(&self) -> bool {
        match self.list {
            None => self.is_plain(),
            Some(_) => (0..self.processes()).all(|rank| self.holder(Rank(rank)) == Some(CommRank(rank))),
        }
    }

    /// Whether the sections are those of the origin, in order.
    fn is_plain(&self) -> bool {
        let zero: SmallVec<[i64; 4]> = SmallVec::from_elem(0, self.grid.len());
        self.origin.shape().iter().zip(&self.axes).enumerate().all(|(at, (&extent, along))| {
            let Along::Dim { dim, step, .. } = *along else { return along.coordinate(&zero, extent) == 0 };
            let count = self.grid.get(dim).copied().unwrap_or(1);
            let step = i128::from(step.rem_euclid(extent));
            // Neither stride is more than the number of processes.
            let stride: i64 = self.grid.iter().skip(dim + 1).product();
            let in_order = step * i128::from(self.origin.stride(at)) == i128::from(stride);
            let wraps = step * (i128::from(count) - 1) >= i128::from(extent);
            along.coordinate(&zero, extent) == 0 && (count == 1 || in_order && !wraps)
        })
    }

    /// Whether both maps are for the same grid and name the same rank for each section.
    ///
    /// Closed forms are compared first. Where they differ, all sections are, up to 2^26 of them;
    /// maps of more sections count as different.
    pub fn is_same(&self, other: &RankMap) -> bool {
        if self == other || (self.is_identity() && other.is_identity() && self.grid == other.grid) {
            return true;
        }
        self.grid == other.grid
            && self.processes() <= MOST_LISTED
            && (0..self.processes()).map(Rank).all(|section| self.holder(section) == other.holder(section))
    }

    /// The ranks of a part of the grid: along each dimension of this grid one coordinate, or a
    /// progression of them along a dimension of the new `grid`. New dimensions that are not named
    /// have one process.
    pub(super) fn select(&self, along: &[Along], grid: &[i64]) -> Result<RankMap> {
        let mut axes = SmallVec::with_capacity(self.axes.len());
        for (&axis, &extent) in self.axes.iter().zip(self.origin.shape()) {
            axes.push(match axis {
                Along::At(at) => Along::At(at),
                Along::Dim { dim, first, step } => {
                    let inner = along.get(dim).copied().unwrap_or(Along::At(0));
                    let modulus = self.grid.get(dim).copied().unwrap_or(1);
                    match inner.through(modulus, first, step, extent, grid) {
                        Some(axis) => axis,
                        None => return self.select_listed(along, grid),
                    }
                }
            });
        }
        Ok(RankMap { origin: self.origin.clone(), list: self.list.clone(), axes, grid: grid.into() })
    }

    /// The same, rank by rank.
    fn select_listed(&self, along: &[Along], grid: &[i64]) -> Result<RankMap> {
        self.mapped(&Grid::new(grid.to_vec())?, |coordinates| {
            along.iter().zip(&self.grid).map(|(along, &extent)| along.coordinate(coordinates, extent)).collect()
        })
    }

    /// The ranks of a new grid, rank by rank: `coordinates` gives the coordinates in this grid for
    /// those in the new one.
    pub(super) fn mapped(&self, grid: &Grid, coordinates: impl Fn(&[i64]) -> SmallVec<[i64; 4]>) -> Result<RankMap> {
        let holder = |section: Rank| {
            let selected: SmallVec<[i64; 4]> = grid.coordinates(section)?.iter().map(|at| at.0).collect();
            let outer = coordinates(&selected);
            let rank = outer.iter().zip(&self.grid).fold(0, |rank, (&at, &extent)| rank * extent + at);
            self.holder(Rank(rank)).map(|rank| rank.0)
        };
        RankMap::listed(grid, listed(grid.processes(), holder)?)
    }

    /// The same sections in the same order, as those of a grid of another shape.
    pub(super) fn regrouped(&self, grid: &Grid) -> Result<RankMap> {
        if self.is_identity() {
            return Ok(RankMap::identity(grid));
        }
        RankMap::listed(grid, listed(grid.processes(), |section| self.holder(section).map(|rank| rank.0))?)
    }
}

/// Maps that say the same have the same hash, whatever their closed forms. Of the sections, the
/// first 2^26 count.
impl Hash for RankMap {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.grid.hash(state);
        if !self.is_identity() {
            (0..self.processes().min(MOST_LISTED)).for_each(|section| self.holder(Rank(section)).hash(state));
        }
    }
}

fn listed(processes: i64, holder: impl Fn(Rank) -> Option<i64>) -> Result<Vec<i64>> {
    crate::error::at_most("ranks", processes, MOST_LISTED)?;
    Ok((0..processes).filter_map(|section| holder(Rank(section))).collect())
}

impl Along {
    /// A whole dimension, as dimension `dim` of the selected grid.
    pub(super) const fn whole(dim: usize) -> Along {
        Along::Dim { dim, first: 0, step: 1 }
    }

    /// The coordinate of a process of the selected grid.
    pub(super) fn coordinate(self, selected: &[i64], extent: i64) -> i64 {
        match self {
            Along::At(at) => at,
            Along::Dim { dim, first, step } => {
                let k = i128::from(selected.get(dim).copied().unwrap_or(0));
                // Less than the extent.
                (i128::from(first) + k * i128::from(step)).rem_euclid(i128::from(extent)) as i64
            }
        }
    }

    /// This selection from a dimension that is itself `first + k * step` modulo `extent`, for k
    /// below `modulus`. `None` where the two moduli do not agree.
    fn through(self, modulus: i64, first: i64, step: i64, extent: i64, grid: &[i64]) -> Option<Along> {
        let reduce = |number: i128| (number % i128::from(extent)) as i64;
        let at = |k: i64| reduce((i128::from(first) + i128::from(step) * i128::from(k)).rem_euclid(extent.into()));
        match self {
            Along::At(k) => Some(Along::At(at(k))),
            Along::Dim { dim, first: inner, step: by } => {
                let count = grid.get(dim).copied().unwrap_or(1);
                let last = i128::from(inner) + i128::from(by) * (i128::from(count) - 1);
                let wraps = !(0..i128::from(modulus)).contains(&last) || !(0..modulus).contains(&inner);
                let agrees = (i128::from(step) * i128::from(modulus)) % i128::from(extent) == 0;
                (!wraps || agrees).then(|| Along::Dim {
                    dim,
                    first: at(inner),
                    step: reduce(i128::from(step) * i128::from(by)),
                })
            }
        }
    }
}

/// The least k that is at least 0 with `first + k * step` equal to `coordinate` modulo `extent`.
fn solve(first: i64, step: i64, extent: i64, coordinate: i64) -> Option<i64> {
    let (distance, modulus) = (i128::from(coordinate) - i128::from(first), i128::from(extent));
    let distance = distance.rem_euclid(modulus);
    let step = i128::from(step).rem_euclid(modulus);
    if step == 0 {
        return (distance == 0).then_some(0);
    }
    let gcd = i128::from(crate::runs::gcd(step as i64, extent));
    if distance % gcd != 0 {
        return None;
    }
    let period = modulus / gcd;
    let inverse = crate::runs::inverse(step / gcd, period);
    i64::try_from(distance / gcd * inverse % period).ok()
}

impl fmt::Display for RankMap {
    /// The first eight ranks, and how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: i64 = 8;
        for section in 0..self.processes().min(SHOWN) {
            let rank = self.holder(Rank(section)).map_or(-1, |rank| rank.0);
            write!(f, "{}{rank}", if section > 0 { ", " } else { "" })?;
        }
        match self.processes() - SHOWN {
            more @ 1.. => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash(map: &RankMap) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        map.hash(&mut hasher);
        hasher.finish()
    }

    fn selections() -> impl Strategy<Value = (Vec<i64>, Vec<(i64, i64, bool)>)> {
        let dim = (1..5_i64, -4..5_i64, -3..4_i64, any::<bool>());
        prop::collection::vec(dim, 1..4).prop_map(|dims| {
            dims.into_iter()
                .map(|(extent, first, step, is_at)| (extent, (first.rem_euclid(extent), step % extent, is_at)))
                .unzip()
        })
    }

    proptest! {
        /// A map of a selection of a selection is that of one after the other, and each rank finds
        /// its section again.
        #[test]
        fn selected_one_by_one((extents, chosen) in selections(), shuffle in any::<bool>(), reverse in any::<bool>()) {
            let grid = Grid::new(extents.clone()).unwrap();
            let mut ranks: Vec<i64> = (0..grid.processes()).map(|rank| if shuffle { rank * 7 % 11 * 100 + rank } else { rank }).collect();
            if reverse {
                ranks.reverse();
            }
            let map = RankMap::listed(&grid, ranks.clone()).unwrap();
            let selected: Vec<Along> = chosen.iter().enumerate().map(|(dim, &(first, step, is_at))| {
                if is_at { Along::At(first) } else { Along::Dim { dim, first, step } }
            }).collect();
            // The coordinates before the progression repeats, or one.
            let shape: Vec<i64> = chosen.iter().zip(&extents).map(|(&(_, step, is_at), &extent)| {
                if is_at || step == 0 { 1 } else { extent / crate::runs::gcd(step.abs(), extent) }
            }).collect();
            let part = map.select(&selected, &shape).unwrap();
            // Then all of it backwards.
            let backwards: Vec<Along> = shape.iter().enumerate().map(|(dim, &extent)| Along::Dim { dim, first: extent - 1, step: if extent > 1 { -1 } else { 0 } }).collect();
            let twice = part.select(&backwards, &shape).unwrap();
            let part_grid = Grid::new(shape.clone()).unwrap();
            for section in (0..part.processes()).map(Rank) {
                let coordinates = part_grid.coordinates(section).unwrap();
                let along = chosen.iter().zip(&coordinates).zip(&extents);
                let origin = along.fold(0, |rank, ((&(first, step, is_at), k), &extent)| {
                    rank * extent + if is_at { first } else { (first + k.0 * step).rem_euclid(extent) }
                });
                let expected = CommRank(ranks[origin as usize]);
                prop_assert_eq!(part.holder(section), Some(expected));
                prop_assert_eq!(part.section(expected), Some(section));
                prop_assert_eq!(twice.holder(Rank(part.processes() - 1 - section.0)), Some(expected));
            }
            let held: Vec<CommRank> = (0..part.processes()).filter_map(|section| part.holder(Rank(section))).collect();
            for rank in ranks.into_iter().map(CommRank) {
                prop_assert_eq!(part.section(rank).is_some(), held.contains(&rank));
            }
            prop_assert_eq!(part.holder(Rank(part.processes())), None);
            prop_assert_eq!(part.is_identity(), held.iter().map(|rank| rank.0).eq(0..part.processes()));
            let regrouped = part.regrouped(&part_grid).unwrap();
            prop_assert!(part.is_same(&regrouped));
            prop_assert_eq!(hash(&part), hash(&regrouped));
            prop_assert_eq!(hash(&part) == hash(&twice), part.is_same(&twice));
            // Communicators of all sizes around those that the map needs.
            for ranks in -1..held.iter().map(|rank| rank.0 + 3).max().unwrap_or(0) {
                let outside = (0..).map(Rank).zip(held.iter().copied()).find(|(_, holder)| holder.0 >= ranks);
                prop_assert_eq!(part.outside(ranks).is_some(), outside.is_some());
                if let Some((section, holder)) = part.outside(ranks) {
                    prop_assert_eq!((part.holder(section), holder.0 >= ranks), (Some(holder), true));
                    prop_assert_eq!(Some((section, holder)), outside);
                }
            }
        }
    }

    /// Coordinates that go round a part of a round do not compose; the ranks are listed then.
    #[test]
    fn a_part_of_a_round_is_listed() {
        let origin = RankMap::identity(&Grid::new(vec![5]).unwrap());
        let part = origin.select(&[Along::Dim { dim: 0, first: 0, step: 2 }], &[3]).unwrap();
        let turned = part.select(&[Along::Dim { dim: 0, first: 1, step: 1 }], &[3]).unwrap();
        let ranks = |map: &RankMap| (0..3).filter_map(|at| map.holder(Rank(at))).map(|rank| rank.0).collect::<Vec<_>>();
        assert_eq!((ranks(&part), ranks(&turned)), (vec![0, 2, 4], vec![2, 4, 0]));
        assert_eq!(turned.section(CommRank(0)), Some(Rank(2)));
    }

    /// Neither takes time in proportion to the number of sections.
    #[test]
    fn more_sections_than_ranks() {
        let grid = Grid::new(vec![i64::MAX]).unwrap();
        let all = RankMap::identity(&grid);
        assert_eq!(all.outside(4), Some((Rank(4), CommRank(4))));
        assert_eq!(all.outside(i64::MAX), None);
        let reversed = all.select(&[Along::Dim { dim: 0, first: i64::MAX - 1, step: -1 }], &[i64::MAX]).unwrap();
        assert_eq!(reversed.outside(4), Some((Rank(0), CommRank(i64::MAX - 1))));
        assert_eq!(
            RankMap::listed(&Grid::new(vec![1]).unwrap(), [i64::MAX]).unwrap().outside(4),
            Some((Rank(0), CommRank(i64::MAX)))
        );
    }

    #[test]
    fn refusals() {
        let grid = Grid::new(vec![3]).unwrap();
        let kind = |ranks: &[i64]| RankMap::listed(&grid, ranks).unwrap_err().kind();
        assert_eq!(kind(&[0, 1]), ErrorKind::Count);
        assert_eq!(kind(&[0, 1, 1]), ErrorKind::RankRepeated);
        assert_eq!(kind(&[0, 1, -1]), ErrorKind::TooSmall);
    }
}
