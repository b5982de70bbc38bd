//! All ranks together: folded one after another, judged at the end.

mod agree;
mod block;
mod cyclic;
mod dimension;
mod ghosts;
mod owned;
mod presence;
mod stated;
mod unstructured;

use crate::check::local::{self, Local};
use crate::check::vote::Vote;
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

/// What a set of exports claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranks {
    /// All ranks: a missing one is an error.
    All,
    /// Some of the ranks: checked as far as they go.
    Some,
}

/// The judge of one array.
#[derive(Debug)]
pub struct Checker {
    profile: Profile,
    diagnostics: Diagnostics,
    presence: Presence,
    editions: Vote<Edition>,
    /// By which version ranks that name none were judged.
    guessed_editions: Vote<Edition>,
    dtypes: Vote<DType>,
    ndims: Vote<usize>,
    dims: Vec<Dimension>,
}

/// The judgement.
#[derive(Debug)]
pub struct Report {
    /// What was found, in order of rank, place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// The array's layout, if nothing is wrong with it and every part of it is known.
    pub layout: Option<Layout>,
    /// The version of the protocol that the exports are written in.
    pub edition: Option<Edition>,
    /// The item type.
    pub dtype: Option<DType>,
    /// The ranks that were there.
    pub ranks: RankSet,
    /// The number of processes that the grid has, where the exports agree on it.
    pub processes: Option<i64>,
    /// The dimensions as they were folded, and the misplaced ranks; kept where there is no layout
    /// to say it better.
    unresolved: Option<Unresolved>,
}

/// What is left of the fold where it makes no layout.
#[derive(Debug)]
struct Unresolved {
    dims: Vec<Dimension>,
    misplaced: Vec<(Rank, Rank)>,
}

impl Report {
    /// How many diagnostics have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.finding.rule().severity == severity).count()
    }

    /// What the ranks said they hold, where it makes no layout: the material for a picture of what
    /// is wrong. Nothing where there is a layout.
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
    /// A judge that has seen nothing yet.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            diagnostics: Diagnostics::default(),
            presence: Presence::default(),
            editions: Vote::default(),
            guessed_editions: Vote::default(),
            dtypes: Vote::default(),
            ndims: Vote::default(),
            dims: Vec::new(),
        }
    }

    /// Judges one export by itself. Needs no other rank: call it on any thread, in any order.
    #[must_use]
    pub fn local(&self, export: &Export) -> Local {
        let mut local = Local::default();
        self.local_into(export, &mut local);
        local
    }

    /// [`Checker::local`] into an existing value, whose memory is used again.
    pub fn local_into(&self, export: &Export, local: &mut Local) {
        local::check(export, self.profile, local);
    }

    /// Folds a rank's judgement in. Ranks come in ascending order; without a rank it is taken from
    /// the grid coordinate.
    ///
    /// Gives the rank under which it was folded in, so that a caller who had none knows whose
    /// export it is.
    pub fn push(&mut self, rank: Option<Rank>, local: Local) -> Rank {
        // Without dimensions it would be rank 0, also where there are none because nothing could be
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
            editions.cast(rank, edition);
        }
        if let Some(dtype) = local.dtype {
            self.dtypes.cast(rank, dtype);
        }
        if let Some(ndim) = local.ndim {
            self.ndims.cast(rank, ndim);
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

    /// Judges all ranks together.
    #[must_use]
    pub fn finish(self, ranks: Ranks) -> Report {
        let Self { profile, mut diagnostics, presence, editions, guessed_editions, dtypes, ndims, dims } = self;
        let edition = editions.winner().or(guessed_editions.winner()).copied();
        let dtype = dtypes.winner().cloned();
        let (mut layout, mut processes) = (None, None);
        if profile != Profile::Reference010 {
            agree::on(&editions, RuleId::VERSION_DIFFERS, Place::export(Key::Version), &mut diagnostics);
            agree::on(&dtypes, RuleId::DTYPE_DIFFERS, Place::export(Key::Dtype), &mut diagnostics);
            agree::on(&ndims, RuleId::NDIM_DIFFERS, Place::export(Key::DimData), &mut diagnostics);
            let mut known = Vec::new();
            let times = |product: i64, dimension: &Dimension| product.checked_mul(dimension.common_grid_size()?);
            let claimed = dims.iter().try_fold(1, times);
            for (dim, dimension) in dims.iter().enumerate() {
                known.extend(dimension.judge(dim, edition, claimed, &mut diagnostics));
            }
            // A `start` that fits no block of the wrong size would fit one of the right size.
            diagnostics.drop_beside(RuleId::START_OFF_BLOCK, RuleId::BLOCK_SIZE_DIFFERS);
            diagnostics.drop_beside(RuleId::START_BEYOND_CYCLE, RuleId::BLOCK_SIZE_DIFFERS);
            for (dim, dimension) in dims.iter().enumerate() {
                dimension.counted_from_1(dim, &mut diagnostics);
            }
            let mut dimensions = dims.iter().enumerate();
            let from_1 = dimensions.any(|(dim, dimension)| dimension.grid_ranks_from_1(dim, &mut diagnostics));
            // What strict would have an empty section write is its place in a dealing that begins
            // at grid rank 0.
            diagnostics.drop_beside(RuleId::EMPTY_START, RuleId::ROTATED_START);
            // A `start` that does not fit the others' deal is no deal of its own.
            diagnostics.drop_beside(RuleId::ROTATED_START, RuleId::ROTATION_DIFFERS);
            let grid = ndims.unanimous().and_then(|_| presence::grid(&dims, &presence, &mut diagnostics));
            if let Some(grid) = &grid {
                processes = Some(grid.processes());
                presence.judge(grid, ranks, &dims, &mut diagnostics);
                // Where grid ranks are counted from 1, each rank has the coordinate of the next.
                if from_1 {
                    diagnostics.drop_all(RuleId::RANK_ORDER);
                }
            }
            let whole = known.len() == dims.len() && !diagnostics.has_errors();
            if whole && grid.is_some() {
                layout = whole_array(known, edition, presence.first(), &mut diagnostics);
            }
            lints(layout.as_ref(), &presence, &mut diagnostics);
        }
        let (ranks, misplaced) = presence.into_parts();
        let unresolved = layout.is_none().then_some(Unresolved { dims, misplaced });
        Report { diagnostics: diagnostics.into_sorted(), layout, edition, dtype, ranks, processes, unresolved }
    }
}

/// The array's layout; a finding where every dimension is right and the array too large all the
/// same.
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

/// The problem of more dimensions than an array can have.
pub(super) fn too_many_dimensions(ndim: usize) -> String {
    format!("has {ndim} dimensions; a buffer has at most {MAX_NDIM}")
}

fn lints(layout: Option<&Layout>, presence: &Presence, diagnostics: &mut Diagnostics) {
    let Some((layout, first)) = layout.zip(presence.first()) else { return };
    let shape = layout.shape();
    if shape.contains(&0) {
        let finding = Finding::new(RuleId::EMPTY_ARRAY, Place::export(Key::DimData));
        diagnostics.add(first, finding.with("shape", tuple(shape)));
    }
}

/// A shape or coordinate as people write it: `(3, 4)`.
pub(super) fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("({}{})", inner.join(", "), if numbers.len() == 1 { "," } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An export that cannot be read has no grid coordinate, so it is none of those that can.
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
