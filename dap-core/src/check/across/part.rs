//! The parts of a dimension that are known, and the context in which the checks of a distribution
//! type compare them.

use crate::check::Edition;
use crate::check::majority::Majority;
use crate::finding::{Finding, Key, Place};
use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::RuleId;

/// A part of the dimension that is known and undisputed.
pub(super) struct DimPart<'a, S> {
    pub(super) grid_rank: i64,
    pub(super) section: &'a S,
    /// A rank that states it.
    pub(super) rank: Rank,
    /// All ranks that state it.
    pub(super) ranks: &'a RankSet,
}

#[cfg(test)]
impl<'a, S> DimPart<'a, S> {
    /// A part that no rank states.
    pub(super) fn alone(grid_rank: i64, section: &'a S) -> Self {
        static NONE: std::sync::LazyLock<RankSet> = std::sync::LazyLock::new(RankSet::default);
        Self { grid_rank, section, rank: Rank(grid_rank), ranks: &NONE }
    }
}

/// The context of the checks of each distribution type.
pub(super) struct DimContext<'a> {
    pub(super) dim: usize,
    pub(super) size: i64,
    pub(super) grid_size: i64,
    /// Whether there is a part for every grid rank.
    pub(super) complete: bool,
    pub(super) edition: Option<Edition>,
    /// Whether the dimension is periodic, if all ranks agree.
    pub(super) periodic: Option<bool>,
    pub(super) has_padding: &'a Majority<bool>,
    /// The grid ranks of blocks whose buffers are longer, with the surplus.
    pub(super) surplus: &'a [(i64, i64)],
    /// The widths of the boundary padding at the lower and the upper end.
    pub(super) boundary: [i64; 2],
}

impl DimContext<'_> {
    pub(super) fn finding(&self, rule: RuleId, key: Key) -> Finding {
        Finding::new(rule, self.place(key))
    }

    pub(super) fn place(&self, key: Key) -> Place {
        Place::dim(self.dim, key)
    }
}
