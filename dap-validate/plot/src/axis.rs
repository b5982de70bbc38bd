//! One dimension as a picture sees it: positions in a row, who claims each, and what a process's
//! buffer holds.
//!
//! Positions are the global indices, but for an unstructured dimension, whose indices may lie
//! anywhere: there, they number the distinct indices in ascending order. An axis answers for single
//! positions, so its cost does not grow with the dimension.

mod dealt;
mod intervals;
mod listed;
mod map;
mod pieces;

use dap_core::check::{Holding, StatedDim};
use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank, Rank};

use dealt::Dealt;
use intervals::Intervals;
use listed::Listed;
pub(super) use map::DimMap;
pub(super) use pieces::{Piece, Pieces, Role};

/// Someone says that a position is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Claim {
    /// The place on the process grid along this dimension.
    pub(super) grid_rank: i64,
    /// Which of the stated parts, where the dimension is not settled.
    pub(super) part: Option<u32>,
}

/// A dimension.
#[derive(Debug)]
pub(super) struct Axis {
    /// The number of positions.
    pub(super) len: i64,
    /// Positions from here on are outside of the declared size.
    pub(super) declared: i64,
    /// The number of processes along the dimension.
    pub(super) grid_size: i64,
    pub(super) periodic: bool,
    /// Boundary padding at either end.
    pub(super) boundary: [i64; 2],
    /// Whether several processes may rightly hold a position.
    pub(super) shares: bool,
    /// How the dimension is distributed, in a word or two.
    pub(super) words: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// Settled block and cyclic dimensions answer by themselves.
    Settled(Dim),
    SettledList(Dim, Listed),
    Stated(StatedDim, Claims),
}

#[derive(Debug)]
enum Claims {
    Intervals(Intervals),
    Dealt(Dealt),
    Listed(Listed),
}

impl Axis {
    /// A dimension of a layout.
    pub(super) fn settled(dim: &Dim) -> Self {
        let mut axis = Self {
            len: dim.size(),
            declared: dim.size(),
            grid_size: dim.grid_size(),
            periodic: false,
            boundary: [0, 0],
            shares: false,
            words: dim.to_string(),
            source: Source::Settled(dim.clone()),
        };
        match dim {
            Dim::Block(block) => {
                axis.periodic = block.is_periodic();
                let last = GridRank(block.grid_size() - 1);
                axis.boundary = [block.section(GridRank(0)).boundary_lo, block.section(last).boundary_hi];
            }
            Dim::Unstructured(map) => {
                let of = |rank: i64| map.indices(GridRank(rank)).map(move |index| (index.0, rank));
                let entries = (0..map.grid_size()).flat_map(of);
                let listed = Listed::new(entries.map(|(index, rank)| (index, u32::try_from(rank).unwrap_or(u32::MAX))));
                axis.len = count(listed.len());
                axis.declared = axis.len;
                axis.shares = !map.is_one_to_one();
                axis.source = Source::SettledList(dim.clone(), listed);
            }
            _ => {}
        }
        axis
    }

    /// A dimension of which no more is known than what the ranks stated.
    pub(super) fn stated(dim: StatedDim) -> Self {
        let numbered = || (0_u32..).zip(&dim.parts);
        let mut len = dim.size.unwrap_or(0);
        let (mut boundary, mut shares) = ([0, 0], false);
        for part in &dim.parts {
            match &part.holding {
                Holding::Block(section) => {
                    len = len.max(section.owned_stop);
                    boundary = [boundary[0].max(section.boundary_lo), boundary[1].max(section.boundary_hi)];
                }
                Holding::Unstructured { one_to_one, .. } => shares |= !one_to_one,
                _ => {}
            }
        }
        let grid_size = dim.grid_size.unwrap_or(1).max(1);
        let first = dim.parts.first().map(|part| &part.holding);
        let (words, claims) = match first {
            Some(Holding::Cyclic { .. }) => {
                let deals = numbered().filter_map(|(at, part)| match part.holding {
                    Holding::Cyclic { start, block_size, owned } if owned > 0 => Some((start, block_size, at)),
                    _ => None,
                });
                ("cyclic", Claims::Dealt(Dealt::new(deals, grid_size, len)))
            }
            Some(Holding::Unstructured { .. }) => {
                let entries = numbered().filter_map(|(at, part)| match &part.holding {
                    Holding::Unstructured { indices, .. } => Some(indices.iter().map(move |index| (*index, at))),
                    _ => None,
                });
                let listed = Listed::new(entries.flatten());
                len = count(listed.len());
                ("unstructured", Claims::Listed(listed))
            }
            _ => {
                let ranges = numbered().filter_map(|(at, part)| match &part.holding {
                    Holding::Block(section) => Some((section.owned_start, section.owned_stop, at)),
                    _ => None,
                });
                let words = if first.is_some() { "block" } else { "unknown" };
                (words, Claims::Intervals(Intervals::new(ranges, len)))
            }
        };
        Self {
            len,
            declared: if words == "unstructured" { len } else { dim.size.unwrap_or(len) },
            grid_size,
            periodic: dim.periodic,
            boundary,
            shares,
            words: format!("{words}{}", if dim.periodic { " periodic" } else { "" }),
            source: Source::Stated(dim, claims),
        }
    }

    /// Puts the claims to a position into `claims`, and gives where they next may change: behind
    /// `position`, at most `len`.
    pub(super) fn claims(&self, position: i64, claims: &mut Vec<Claim>) -> i64 {
        claims.clear();
        let end = match &self.source {
            Source::Settled(dim) => {
                let owner = dim.owner(GlobalIndex(position)).map(|(owner, _)| owner);
                claims.extend(owner.map(|owner| Claim { grid_rank: owner.0, part: None }));
                match (dim, owner) {
                    (Dim::Block(block), Some(owner)) => block.section(owner).owned_stop,
                    (Dim::Cyclic(cyclic), _) => {
                        (position / cyclic.block_size() + 1).saturating_mul(cyclic.block_size())
                    }
                    _ => self.len,
                }
            }
            Source::SettledList(_, listed) => {
                let at = place(position);
                claims.extend(listed.at(at).iter().map(|(_, rank)| Claim { grid_rank: i64::from(*rank), part: None }));
                count(listed.end(at))
            }
            Source::Stated(dim, stated) => {
                let mut parts = Vec::new();
                let end = match stated {
                    Claims::Intervals(intervals) => {
                        let (end, found) = intervals.at(position);
                        parts.extend_from_slice(found);
                        end
                    }
                    Claims::Dealt(dealt) => dealt.at(position, &mut parts),
                    Claims::Listed(listed) => {
                        parts.extend(listed.at(place(position)).iter().map(|(_, part)| *part));
                        count(listed.end(place(position)))
                    }
                };
                let claim = |part: &u32| {
                    let grid_rank = dim.parts.get(*part as usize).map_or(0, |part| part.grid_rank.0);
                    Claim { grid_rank, part: Some(*part) }
                };
                claims.extend(parts.iter().map(claim));
                end
            }
        };
        let end = if position < self.declared { end.min(self.declared) } else { end };
        end.min(self.len).max(position.saturating_add(1))
    }

    /// Whether a rank is one of those that make a claim, given that it is at the claim's place of
    /// the grid.
    pub(super) fn is_claimed_by(&self, claim: Claim, rank: Rank) -> bool {
        let (Source::Stated(dim, _), Some(part)) = (&self.source, claim.part) else { return true };
        let part = dim.parts.get(part as usize);
        part.is_some_and(|part| part.ranks.as_ref().is_none_or(|ranks| ranks.contains(rank)))
    }

    /// At most `most` stretches that no process claims, or more than may claim them, where they are
    /// found without a look at every position.
    pub(super) fn faults(&self, most: usize) -> Vec<(i64, i64, usize)> {
        match &self.source {
            // Where ranks at one place of the grid differ, a stretch may be right on some of them.
            Source::Stated(dim, Claims::Intervals(intervals)) if dim.parts.iter().all(|part| part.ranks.is_none()) => {
                intervals.faults().take(most).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether processes hold ranges, which may have padding.
    pub(super) fn is_block(&self) -> bool {
        match &self.source {
            Source::Settled(dim) => matches!(dim, Dim::Block(_)),
            Source::SettledList(..) => false,
            Source::Stated(_, claims) => matches!(claims, Claims::Intervals(_)),
        }
    }

    /// The first position of each process, of at most so many; found by going from change to
    /// change, so not of those far off.
    pub(super) fn firsts(&self, most: usize) -> Vec<i64> {
        let (mut firsts, mut seen): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
        let (mut position, mut claims) = (0, Vec::new());
        for _ in 0..64 {
            if position >= self.len || firsts.len() >= most {
                break;
            }
            let end = self.claims(position, &mut claims);
            if let Some(claim) = claims.first().filter(|claim| !seen.contains(&claim.grid_rank)) {
                seen.push(claim.grid_rank);
                firsts.push(position);
            }
            position = end;
        }
        if firsts.is_empty() { vec![0] } else { firsts }
    }

    /// The global index at a position.
    pub(super) fn index(&self, position: i64) -> i64 {
        self.listed().and_then(|listed| listed.label(place(position))).unwrap_or(position)
    }

    /// The position of a global index.
    pub(super) fn position(&self, index: i64) -> Option<i64> {
        match self.listed() {
            Some(listed) => listed.position(index).map(count),
            None => (0..self.len).contains(&index).then_some(index),
        }
    }

    /// Whether positions are not the global indices themselves.
    pub(super) fn is_compressed(&self) -> bool {
        self.listed().is_some_and(|_| self.len > 0 && (self.index(0) != 0 || self.index(self.len - 1) != self.len - 1))
    }

    fn listed(&self) -> Option<&Listed> {
        match &self.source {
            Source::SettledList(_, listed) | Source::Stated(_, Claims::Listed(listed)) => Some(listed),
            _ => None,
        }
    }

    /// How many elements a rank at a place of the grid owns along the dimension; nothing where it
    /// did not say.
    pub(super) fn owned(&self, grid_rank: i64, rank: Rank) -> Option<i64> {
        match &self.source {
            Source::Settled(dim) | Source::SettledList(dim, _) => Some(dim.owned_len(GridRank(grid_rank))),
            Source::Stated(dim, _) => part_of(dim, grid_rank, rank).map(|part| match &part.holding {
                Holding::Block(section) => section.owned_len(),
                Holding::Cyclic { owned, .. } => *owned,
                Holding::Unstructured { indices, .. } => count(indices.len()),
                _ => 0,
            }),
        }
    }

    /// The grid ranks that own nothing: their number and the first few of them.
    pub(super) fn empty(&self) -> i64 {
        match &self.source {
            Source::Settled(dim) | Source::SettledList(dim, _) => {
                // A regular split of 2^40 processes is not counted through.
                let most = self.grid_size.min(1 << 21);
                count((0..most).filter(|rank| dim.owned_len(GridRank(*rank)) == 0).count())
            }
            Source::Stated(dim, _) => {
                let empty = |holding: &Holding| match holding {
                    Holding::Block(section) => section.owned_len() == 0,
                    Holding::Cyclic { owned, .. } => *owned == 0,
                    Holding::Unstructured { indices, .. } => indices.is_empty(),
                    _ => false,
                };
                count(dim.parts.iter().filter(|part| empty(&part.holding)).count())
            }
        }
    }

    /// The contents of the buffer of a rank at a place of the grid; `None` where it did not say.
    pub(super) fn pieces(&self, grid_rank: i64, rank: Rank) -> Option<Pieces> {
        match &self.source {
            Source::Settled(dim) | Source::SettledList(dim, _) => Some(Pieces::settled(dim, GridRank(grid_rank))),
            Source::Stated(dim, _) => {
                part_of(dim, grid_rank, rank).map(|part| Pieces::stated(&part.holding, self.declared, self.grid_size))
            }
        }
    }
}

fn part_of(dim: &StatedDim, grid_rank: i64, rank: Rank) -> Option<&dap_core::check::StatedPart> {
    let says = |part: &&dap_core::check::StatedPart| {
        part.grid_rank.0 == grid_rank && part.ranks.as_ref().is_none_or(|ranks| ranks.contains(rank))
    };
    dim.parts.iter().find(says)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn place(position: i64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
