//! Checks over all ranks together: ranks are added one after another, and checked at the end.

mod agree;
mod block;
mod cyclic;
mod dimension;
mod ghosts;
mod owned;
mod part;
mod presence;
mod stated;
mod unstructured;

use crate::check::export::{self, too_many_dimensions};
use crate::check::local::Local;
use crate::check::majority::Majority;
use crate::check::{Edition, Profile};
use crate::dim::Dim;
use crate::dtype::DType;
use crate::export::Export;
use crate::finding::{Diagnostic, Diagnostics, Finding, Key, Place};
use crate::index::Rank;
use crate::layout::{Layout, MAX_NDIM};
use crate::ranks::RankSet;
use crate::rules::{RuleId, Severity};
use dimension::Dimension;
use presence::Presence;
pub use stated::{Holding, Stated, StatedDim, StatedPart};

/// The completeness that a set of exports claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranks {
    /// All ranks: a missing rank is an error.
    All,
    /// Some of the ranks: checked as far as possible.
    Some,
}

/// The checker of one array.
#[derive(Debug)]
pub struct Checker {
    profile: Profile,
    diagnostics: Diagnostics,
    presence: Presence,
    editions: Majority<Edition>,
    /// The versions that were assumed for ranks that name none.
    guessed_editions: Majority<Edition>,
    dtypes: Majority<DType>,
    ndims: Majority<usize>,
    dims: Vec<Dimension>,
}

/// The result of a check.
#[derive(Debug)]
pub struct Report {
    /// The diagnostics, in order of rank, place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// The array's layout, if nothing is wrong with it and every part of it is known.
    pub layout: Option<Layout>,
    /// The version of the protocol that the exports are written in.
    pub edition: Option<Edition>,
    /// The item type.
    pub dtype: Option<DType>,
    /// The ranks that were present.
    pub ranks: RankSet,
    /// The number of processes of the grid, if the exports agree on it.
    pub processes: Option<i64>,
    /// The dimensions as far as they are known, and the misplaced ranks; kept if there is no
    /// layout.
    unresolved: Option<Unresolved>,
}

/// The known parts of an array that has no layout.
#[derive(Debug)]
struct Unresolved {
    dims: Vec<Dimension>,
    misplaced: Vec<(Rank, Rank)>,
}

impl Report {
    /// The number of diagnostics with this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.finding.rule().severity == severity).count()
    }

    /// The parts that the ranks stated, if they make no layout: the material for a picture of the
    /// mistakes. `None` if there is a layout.
    #[must_use]
    pub fn stated(&self) -> Option<Stated> {
        let Unresolved { dims, misplaced } = self.unresolved.as_ref()?;
        Some(Stated { dims: dims.iter().map(Dimension::stated).collect(), misplaced: misplaced.clone() })
    }

    /// Whether there is no error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }
}

impl Checker {
    /// A checker that has seen no export yet.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            diagnostics: Diagnostics::default(),
            presence: Presence::default(),
            editions: Majority::default(),
            guessed_editions: Majority::default(),
            dtypes: Majority::default(),
            ndims: Majority::default(),
            dims: Vec::new(),
        }
    }

    /// Checks one export by itself. The check needs no other rank, so it may run on any thread, in
    /// any order.
    #[must_use]
    pub fn local(&self, export: &Export) -> Local {
        let mut local = Local::default();
        self.local_into(export, &mut local);
        local
    }

    /// [`Checker::local`] into an existing value, whose memory is used again.
    pub fn local_into(&self, export: &Export, local: &mut Local) {
        export::check(export, self.profile, local);
    }

    /// Adds the check of one rank. Ranks come in ascending order; an export without a rank gets the
    /// rank of its grid coordinate.
    ///
    /// Returns the rank under which it was added, so a caller without a rank learns whose export it
    /// is.
    pub fn push(&mut self, rank: Option<Rank>, local: Local) -> Rank {
        // An export without dimensions would be rank 0, also one whose dimensions could not be
        // read.
        let place = local.ndim.and_then(|_| presence::Placed::of(&local.dims));
        let rank = rank.or(place.map(|place| place.rank)).unwrap_or_else(|| self.presence.next());
        if !self.presence.insert(rank, place) {
            let finding = Finding::new(RuleId::REPEATED_RANK, Place::export(Key::Export)).with("rank", rank.0);
            self.diagnostics.add(rank, finding);
            return rank;
        }
        for finding in local.findings {
            self.diagnostics.add(rank, finding);
        }
        if let Some(edition) = local.edition {
            let editions = if local.edition_is_guess { &mut self.guessed_editions } else { &mut self.editions };
            editions.add(rank, edition);
        }
        if let Some(dtype) = local.dtype {
            self.dtypes.add(rank, dtype);
        }
        if let Some(ndim) = local.ndim {
            self.ndims.add(rank, ndim);
        }
        if self.dims.len() < local.dims.len() {
            self.dims.resize_with(local.dims.len(), Dimension::default);
        }
        for (dimension, local) in self.dims.iter_mut().zip(local.dims) {
            dimension.push(rank, local);
        }
        rank
    }

    /// Adds a finding that is not about an export's content: a file that cannot be read, a broken
    /// bundle.
    pub fn add(&mut self, rank: Rank, finding: Finding) {
        self.diagnostics.add(rank, finding);
    }

    /// Checks all ranks together.
    #[must_use]
    pub fn finish(self, ranks: Ranks) -> Report {
        let Self { profile, mut diagnostics, presence, editions, guessed_editions, dtypes, ndims, dims } = self;
        let edition = editions.most_common().or(guessed_editions.most_common()).copied();
        let dtype = dtypes.most_common().cloned();
        let (mut layout, mut processes) = (None, None);
        if profile != Profile::Reference010 {
            agree::on(&editions, RuleId::VERSION_DIFFERS, Place::export(Key::Version), &mut diagnostics);
            agree::on(&dtypes, RuleId::DTYPE_DIFFERS, Place::export(Key::Dtype), &mut diagnostics);
            agree::on(&ndims, RuleId::NDIM_DIFFERS, Place::export(Key::DimData), &mut diagnostics);
            let mut known = Vec::new();
            let times = |product: i64, dimension: &Dimension| product.checked_mul(dimension.common_grid_size()?);
            let claimed = dims.iter().try_fold(1, times);
            for (dim, dimension) in dims.iter().enumerate() {
                known.extend(dimension.check_all(dim, edition, claimed, &mut diagnostics));
            }
            // A `start` that fits no block of the wrong size may fit a block of the right size.
            diagnostics.drop_beside(RuleId::START_OFF_BLOCK, RuleId::BLOCK_SIZE_DIFFERS);
            diagnostics.drop_beside(RuleId::START_BEYOND_CYCLE, RuleId::BLOCK_SIZE_DIFFERS);
            for (dim, dimension) in dims.iter().enumerate() {
                dimension.counted_from_1(dim, &mut diagnostics);
            }
            let mut dimensions = dims.iter().enumerate();
            let from_1 = dimensions.any(|(dim, dimension)| dimension.grid_ranks_from_1(dim, &mut diagnostics));
            // In strict mode an empty section should have the `start` of its position in a cycle
            // that begins at grid rank 0.
            diagnostics.drop_beside(RuleId::EMPTY_START, RuleId::ROTATED_START);
            // A `start` that contradicts the starts of the others makes no cycle of its own.
            diagnostics.drop_beside(RuleId::ROTATED_START, RuleId::ROTATION_DIFFERS);
            let grid = ndims.unanimous().and_then(|_| presence::grid(&dims, &presence, &mut diagnostics));
            if let Some(grid) = &grid {
                processes = Some(grid.processes());
                presence.check_all(grid, ranks, &dims, &mut diagnostics);
                // If grid ranks are counted from 1, each rank has the coordinate of the next one.
                if from_1 {
                    diagnostics.drop_all(RuleId::RANK_ORDER);
                }
            }
            let context = known.len() == dims.len() && !diagnostics.has_errors();
            if context && grid.is_some() {
                layout = whole_array(known, edition, presence.first(), &mut diagnostics);
            }
            lints(layout.as_ref(), &presence, &mut diagnostics);
        }
        let (ranks, misplaced) = presence.into_parts();
        let unresolved = layout.is_none().then_some(Unresolved { dims, misplaced });
        Report { diagnostics: diagnostics.into_sorted(), layout, edition, dtype, ranks, processes, unresolved }
    }
}

/// The array's layout; a finding if every dimension is right but the array is too large.
fn whole_array(
    dims: Vec<Dim>,
    edition: Option<Edition>,
    first: Option<Rank>,
    diagnostics: &mut Diagnostics,
) -> Option<Layout> {
    let ndim = dims.len();
    match Layout::new(dims) {
        Ok(layout) => Some(edition.map_or_else(|| layout.clone(), |edition| layout.clone().with_edition(edition))),
        Err(_) => {
            let problem = if ndim > MAX_NDIM {
                too_many_dimensions(ndim)
            } else {
                "has more elements than a signed 64-bit integer can count".to_owned()
            };
            let finding = Finding::new(RuleId::ARRAY_TOO_LARGE, Place::export(Key::DimData)).with("problem", problem);
            diagnostics.add(first?, finding);
            None
        }
    }
}

fn lints(layout: Option<&Layout>, presence: &Presence, diagnostics: &mut Diagnostics) {
    let Some((layout, first)) = layout.zip(presence.first()) else { return };
    let shape = layout.shape();
    if shape.contains(&0) {
        let finding = Finding::new(RuleId::EMPTY_ARRAY, Place::export(Key::DimData));
        diagnostics.add(first, finding.with("shape", tuple(shape)));
    }
}

/// A shape or coordinate in Python's form: `(3, 4)`.
pub(super) fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("({}{})", inner.join(", "), if numbers.len() == 1 { "," } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An export that cannot be read has no grid coordinate, so it gets the next free rank.
    #[test]
    fn an_unreadable_export_has_the_next_rank() {
        let line = |rank: i64| {
            format!(
                r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [2]}}, "dim_data": [{{"dist_type": "b",
                "size": 6, "proc_grid_size": 3, "proc_grid_rank": {rank}, "start": {}, "stop": {}}}]}}"#,
                2 * rank,
                2 * rank + 2
            )
        };
        let mut checker = Checker::new(Profile::Auto);
        for text in [line(0), "{".to_owned(), line(2)] {
            let local = checker.local(&crate::json::read(text.as_bytes()));
            checker.push(None, local);
        }
        let report = checker.finish(Ranks::All);
        let rules: Vec<(Rank, u16)> =
            report.diagnostics.iter().map(|found| (found.rank, found.finding.rule().id.number())).collect();
        assert_eq!(rules, [(Rank(1), 2)]);
        assert_eq!(report.ranks.len(), 3);
    }
}
