//! Reshapes: the items of an array in the same row-major order, as an array of another shape and
//! distribution.
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::{Endpoints, Plan};
//! // 6 x 4 in blocks of three rows becomes 3 x 8 in blocks of four columns.
//! let from = Layout::new(vec![Block::new(6, 2)?.into(), Block::new(4, 1)?.into()])?;
//! let to = Layout::new(vec![Block::new(3, 1)?.into(), Block::new(8, 2)?.into()])?;
//! let reshape = Plan::reshape(&from, &to, Endpoints::both(Rank(0)))?;
//! // Rows 0 and 2 stay, row 1 goes to the right half.
//! assert_eq!(reshape.kept().map(|kept| kept.elements()), Some(8));
//! let sends: Vec<_> = reshape.sends().map(|send| (send.peer(), send.elements())).collect();
//! assert_eq!(sends, [(Rank(1), 4)]);
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! Two shapes fall into the smallest [`Group`]s of neighbouring dimensions with equal products: (6,
//! 4, 5) and (3, 8, 5) into 6 x 4 against 3 x 8, and 5 against 5. A reshape is the product of its
//! groups as a move is of its dimensions, and its [`Transfer`](super::Transfer)s have one factor a
//! group. A group with one dimension on either side is planned as a dimension is, and so is one
//! whose further dimensions are not distributed, for these only make the one before them longer.
//! Any other group is planned row by row.
//!
//! # Positions
//!
//! Along a group, a place of a buffer is the C-order position among the local extents (padding
//! included) of the group's dimensions. In a buffer whose dimensions of a group lie in C order
//! without gaps, that is the distance in items of the group's last dimension. In any other buffer a
//! place must be taken apart into the local indices.

use std::ops::Range;

use super::factor_pair::FactorPair;
use super::flat::{Direction, Flat, MAX_PIECES};
use super::peer_overlaps::PeerOverlaps;
use super::{Endpoints, Plan, coordinates};
use crate::error::{Error, ErrorKind, Result};
use crate::grid::Grid;
use crate::index::Rank;
use crate::layout::Layout;

/// Neighbouring dimensions of either layout that hold the same items in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Dimensions of the source layout.
    pub source: Range<usize>,
    /// Dimensions of the target layout, with the same product of sizes.
    pub target: Range<usize>,
}

/// The groups of a reshape and their process grids.
#[derive(Debug, Clone)]
pub(super) struct Grouped {
    pub(super) groups: Vec<Group>,
    /// The process grids of sources and targets, with one dimension a group.
    pub(super) grids: [Grid; 2],
}

impl Grouped {
    /// The same groups seen from the other end.
    pub(super) fn reversed(&self) -> Grouped {
        let group = |group: &Group| Group { source: group.target.clone(), target: group.source.clone() };
        let [sources, targets] = self.grids.clone();
        Grouped { groups: self.groups.iter().map(group).collect(), grids: [targets, sources] }
    }
}

impl Plan {
    /// The part of `endpoints` in reshaping an array with one layout to an array with another: the
    /// same items in the same row-major order (the last index varies fastest), whatever the order
    /// of the buffers in memory.
    ///
    /// A group of one dimension costs what it costs in [`Plan::new`]. Other groups cost time for
    /// each row of which the process holds items (all dimensions of a group but the last), and
    /// memory for each interval that it shares with another process; evenly spaced intervals are
    /// joined.
    ///
    /// # Errors
    /// Arrays of different numbers of items ([`ErrorKind::LengthsDiffer`]); unstructured dimensions
    /// whose indices are not 0 to `size` - 1, which have no row-major order; a rank that its layout
    /// does not have; more than 2^22 rows and pieces of rows ([`ErrorKind::PlanTooLarge`]).
    pub fn reshape(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Plan> {
        let (groups, factor_pairs) = groups(from, to)?;
        let grids = grids(&factor_pairs)?;
        let axes = |rank: Option<Rank>, mine: &Grid, direction: Direction| {
            let Some(rank) = rank else { return Ok(Vec::new()) };
            let at = coordinates(mine, rank)?;
            let mut left = MAX_PIECES;
            factor_pairs
                .iter()
                .zip(at)
                .map(|(factor_pair, at)| factor_pair.peer_overlaps(at, direction, &mut left))
                .collect::<Result<Vec<PeerOverlaps>>>()
        };
        let outgoing = axes(endpoints.source, &grids[0], Direction::Outgoing)?;
        let incoming = axes(endpoints.target, &grids[1], Direction::Incoming)?;
        let grouped = Some(Grouped { groups, grids });
        Ok(Plan { from: from.clone(), to: to.clone(), endpoints, grouped, outgoing, incoming })
    }
}

/// The process grids of the groups.
pub(super) fn grids(factor_pairs: &[FactorPair]) -> Result<[Grid; 2]> {
    let of = |side: fn(&FactorPair) -> i64| Grid::new(factor_pairs.iter().map(side).collect::<Vec<_>>());
    Ok([of(FactorPair::sources)?, of(FactorPair::targets)?])
}

/// The groups of two shapes, and the factor pair of each.
pub(super) fn groups(from: &Layout, to: &Layout) -> Result<(Vec<Group>, Vec<FactorPair>)> {
    if from.len() != to.len() {
        let error = Error::new(ErrorKind::LengthsDiffer).with_value("items", to.len());
        return Err(error.with_expected(from.len()));
    }
    for layout in [from, to] {
        if let Some(dim) = layout.dims().iter().position(|dim| !dim.indices_are_0_to_size()) {
            return Err(Error::new(ErrorKind::IndicesWithoutOrder).with_dim(dim));
        }
    }
    let groups = smallest(from.shape(), to.shape());
    let factor_pair = |group: &Group| {
        let source = Flat::new(from.dims().get(group.source.clone()).unwrap_or(&[]))?;
        let target = Flat::new(to.dims().get(group.target.clone()).unwrap_or(&[]))?;
        Ok(FactorPair::of_group(source, target))
    };
    let factor_pairs = groups.iter().map(factor_pair).collect::<Result<_>>()?;
    Ok((groups, factor_pairs))
}

/// The smallest groups of two shapes of the same product.
fn smallest(from: &[i64], to: &[i64]) -> Vec<Group> {
    let all = Group { source: 0..from.len(), target: 0..to.len() };
    // Without items, groups cannot be distinguished.
    if from.contains(&0) || to.contains(&0) {
        return vec![all];
    }
    let mut groups: Vec<Group> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < from.len() && j < to.len() {
        let (first_i, first_j) = (i, j);
        let (mut source, mut target) = (from[i], to[j]);
        (i, j) = (i + 1, j + 1);
        // The product of some dimensions is at most that of all, which fits.
        while source != target {
            if source < target && i < from.len() {
                source *= from[i];
                i += 1;
            } else if j < to.len() {
                target *= to[j];
                j += 1;
            } else {
                return vec![all];
            }
        }
        groups.push(Group { source: first_i..i, target: first_j..j });
    }
    // The remaining dimensions have size 1.
    match groups.last_mut() {
        Some(last) => (last.source.end, last.target.end) = (from.len(), to.len()),
        None => groups.push(all),
    }
    groups
}

#[cfg(test)]
mod tests;
