//! The subject of a picture: a layout, or the statements of ranks that do not make one.

use std::collections::{HashMap, HashSet};

use dap_core::check::Report;
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::ranks::RankSet;
use dap_core::rules::Severity;

use super::axis::PlotAxis;

/// An array to draw, made from a [`Layout`] or a [`Report`]. A valid layout costs memory for
/// unstructured dimensions only.
#[derive(Debug)]
pub struct Subject {
    pub(super) axes: Vec<PlotAxis>,
    pub(super) dtype: Option<String>,
    pub(super) state: SubjectState,
    /// The sentences about errors.
    pub(super) errors: Vec<String>,
    /// The ranks that are present; `None` for all.
    pub(super) present: Option<RankSet>,
    /// The ranks whose grid coordinates are the place of another rank, by that place.
    strays: HashMap<i64, Vec<Rank>>,
    misplaced: HashSet<Rank>,
}

/// The extent of the knowledge about the array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SubjectState {
    /// The whole array is known.
    Whole,
    /// Nothing is wrong, but ranks are missing.
    Partial,
    Wrong,
}

/// The largest number of ranks that are drawn at one place of the grid.
const STRAYS: usize = 4;
/// The largest number of errors that are printed over the picture.
const ERRORS: usize = 3;

impl Subject {
    /// The subject of a report: its layout, or the statements that can be drawn without one.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut subject = match (&report.layout, report.stated()) {
            (Some(layout), _) => Self::from(layout),
            (None, Some(stated)) => {
                let mut strays: HashMap<i64, Vec<Rank>> = HashMap::new();
                for (rank, place) in &stated.misplaced {
                    let there = strays.entry(place.0).or_default();
                    if there.len() < STRAYS {
                        there.push(*rank);
                    }
                }
                Self {
                    axes: stated.dims.into_iter().map(PlotAxis::stated).collect(),
                    dtype: None,
                    state: if report.is_valid() { SubjectState::Partial } else { SubjectState::Wrong },
                    errors: Vec::new(),
                    present: Some(report.ranks.clone()),
                    misplaced: stated.misplaced.iter().map(|(rank, _)| *rank).collect(),
                    strays,
                }
            }
            (None, None) => Self { state: SubjectState::Wrong, ..Self::nothing() },
        };
        subject.dtype = report.dtype.as_ref().map(DType::name);
        let errors = report.diagnostics.iter().filter(|found| found.finding.rule().severity == Severity::Error);
        let sentence =
            |found: &dap_core::finding::Diagnostic| format!("{} {}", found.finding.rule().id, found.finding.message());
        subject.errors = errors.clone().take(ERRORS).map(sentence).collect();
        let more = errors.count().saturating_sub(ERRORS);
        if more > 0 {
            subject.errors.push(format!("and {more} more"));
        }
        subject
    }

    fn nothing() -> Self {
        Self {
            axes: Vec::new(),
            dtype: None,
            state: SubjectState::Whole,
            errors: Vec::new(),
            present: None,
            strays: HashMap::new(),
            misplaced: HashSet::new(),
        }
    }

    /// The number of processes along each dimension.
    pub(super) fn grid(&self) -> Vec<i64> {
        self.axes.iter().map(|axis| axis.grid_size).collect()
    }

    /// The number of processes; `None` if it exceeds 64 bits.
    pub(super) fn processes(&self) -> Option<i64> {
        self.axes.iter().try_fold(1_i64, |product, axis| product.checked_mul(axis.grid_size))
    }

    /// The rank that a grid coordinate means in C order.
    pub(super) fn place(&self, coordinates: &[i64]) -> Option<i64> {
        let along = |place: i64, (at, axis): (&i64, &PlotAxis)| place.checked_mul(axis.grid_size)?.checked_add(*at);
        coordinates.iter().zip(&self.axes).try_fold(0, along)
    }

    /// The ranks at a place of the grid: one, unless something is wrong.
    pub(super) fn ranks_at(&self, place: i64) -> Vec<Rank> {
        let Some(present) = &self.present else { return vec![Rank(place)] };
        let mut ranks: Vec<Rank> = self.strays.get(&place).cloned().unwrap_or_default();
        let rank = Rank(place);
        if present.contains(rank) && !self.misplaced.contains(&rank) {
            ranks.insert(0, rank);
        }
        ranks
    }

    /// The ranks whose grid coordinates differ from C order, with their places, ascending.
    pub(super) fn strays(&self) -> Vec<[i64; 2]> {
        let mut strays: Vec<[i64; 2]> =
            self.strays.iter().flat_map(|(place, ranks)| ranks.iter().map(|rank| [rank.0, *place])).collect();
        strays.sort_unstable();
        strays
    }

    /// Whether a rank's grid coordinates differ from C order.
    pub(super) fn is_misplaced(&self, rank: i64) -> bool {
        self.misplaced.contains(&Rank(rank))
    }

    /// The distribution in one line: `(16, 16) float64 over a 2 x 2 grid: block(8), cyclic(2)`.
    pub(super) fn words(&self) -> String {
        let joined = |numbers: Vec<i64>, between: &str| {
            numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
        };
        let shape = joined(self.axes.iter().map(|axis| axis.declared).collect(), ", ");
        let comma = if self.axes.len() == 1 { "," } else { "" };
        let dtype = self.dtype.as_ref().map_or_else(String::new, |dtype| format!(" {dtype}"));
        let grid = match self.grid().as_slice() {
            [] | [1] => "on one process".to_owned(),
            [processes] => format!("on {processes} processes"),
            grid => format!("on a {} grid", joined(grid.to_vec(), " \u{d7} ")),
        };
        let dims: Vec<&str> = self.axes.iter().map(|axis| &*axis.words).collect();
        format!("({shape}{comma}){dtype} {grid}{}{}", if dims.is_empty() { "" } else { ": " }, dims.join(", "))
    }
}

impl From<&Layout> for Subject {
    fn from(layout: &Layout) -> Self {
        Self { axes: layout.dims().iter().map(PlotAxis::settled).collect(), ..Self::nothing() }
    }
}
