//! One process's part of a foreign array as an export, and the check of all parts together.

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::dtype::DType;
use dap_core::export::{DimDict, Export, Field};
use dap_core::finding::plural;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::rules::Severity;

use super::raw::ConvertResult;
use crate::values::{MemoryOrder, dense_strides};

/// One process's part, from the library's description.
#[derive(Debug, Clone)]
pub(super) struct ConvertedPart {
    pub(super) dtype: DType,
    pub(super) shape: Vec<i64>,
    /// The strides in bytes; C order if they are not stated.
    pub(super) strides: Option<Vec<i64>>,
    pub(super) dims: Vec<DimDict>,
}

/// An array in the protocol's terms: its parts in rank order, and notes for the reader.
#[derive(Debug, Default)]
pub(super) struct Converted {
    pub(super) parts: Vec<ConvertedPart>,
    pub(super) notes: Vec<String>,
}

/// A block dimension without padding.
pub(super) fn block(size: i64, start: i64, extent: i64, place: i64, grid: i64) -> DimDict {
    DimDict::block(size, start, start.saturating_add(extent)).on_grid(place, grid)
}

/// The rank of a place in a grid: the last axis varies fastest.
pub(super) fn c_order(place: &[i64], grid: &[i64]) -> i64 {
    place.iter().zip(grid).fold(0, |rank, (at, size)| i64::saturating_add(i64::saturating_mul(rank, *size), *at))
}

/// The place of a rank in a grid, the inverse of [`c_order`]. No extent of the grid may be 0.
pub(super) fn place(rank: i64, grid: &[i64]) -> Vec<i64> {
    let mut rest = rank;
    let mut place = vec![0; grid.len()];
    for (at, size) in place.iter_mut().zip(grid).rev() {
        *at = rest % size;
        rest /= size;
    }
    place
}

/// The beginnings of consecutive parts, and the end of the last one.
pub(super) fn starts(extents: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut starts = vec![0];
    let mut end = 0_i64;
    for extent in extents {
        end = end.saturating_add(extent);
        starts.push(end);
    }
    starts
}

/// The number of processes of a grid.
pub(super) fn processes(grid: &[i64]) -> i64 {
    grid.iter().fold(1, |product, size| i64::saturating_mul(product, *size))
}

impl Converted {
    /// Puts the parts in the protocol's order: the library's rank `rank` has the place
    /// `places[rank]` of `grid`.
    pub(super) fn in_order(mut self, places: &[Vec<i64>], grid: &[i64], renumber: bool) -> ConvertResult<Self> {
        let ranks: Vec<i64> = places.iter().map(|place| c_order(place, grid)).collect();
        if processes(grid) != ranks.len() as i64 {
            return Err(format!(
                "the process grid {grid:?} has {}, and the number of ranks is {}",
                plural(processes(grid), "place"),
                ranks.len()
            ));
        }
        let Some(wrong) = (0..ranks.len()).find(|&rank| ranks[rank] != rank as i64) else { return Ok(self) };
        let mut sorted: Vec<usize> = (0..ranks.len()).collect();
        sorted.sort_by_key(|&rank| ranks[rank]);
        if let Some(pair) = sorted.windows(2).find(|pair| ranks[pair[0]] == ranks[pair[1]]) {
            return Err(format!(
                "ranks {} and {} are both at {:?} of the process grid",
                pair[0], pair[1], places[pair[0]]
            ));
        }
        if !renumber {
            return Err(format!(
                "rank {wrong} stands at {:?} of the process grid {grid:?}, which is rank {} for protocol 0.10: it counts along \
                 the last axis first. Pass --renumber to have the files numbered so, and give the program a communicator in \
                 that order",
                places[wrong], ranks[wrong]
            ));
        }
        self.parts = sorted.iter().map(|&rank| self.parts[rank].clone()).collect();
        self.notes.push(format!("renumbered: ranks 0, 1, ... are the library's ranks {sorted:?}"));
        Ok(self)
    }

    /// The exports, and the layout that they make. It is an error if the parts do not fit together.
    pub(super) fn checked(&self) -> ConvertResult<(Vec<Export>, Layout)> {
        let mut checker = Checker::new(Profile::Auto);
        let mut exports = Vec::new();
        for (rank, part) in self.parts.iter().enumerate() {
            let mut export = Export::new("", part.shape.clone(), part.dims.clone());
            if let Field::Is(buffer) = &mut export.buffer {
                let strides = part
                    .strides
                    .clone()
                    .unwrap_or_else(|| dense_strides(&part.shape, part.dtype.itemsize(), MemoryOrder::C));
                buffer.dtype = Field::Is(Ok(part.dtype.clone()));
                buffer.strides = Field::Is(strides);
            }
            let local = checker.local(&export);
            checker.push(Some(Rank(rank as i64)), local);
            exports.push(export);
        }
        let report = checker.finish(Ranks::All);
        if let Some(layout) = report.layout {
            return Ok((exports, layout));
        }
        let wrong = report.diagnostics.iter().find(|one| one.finding.rule().severity == Severity::Error);
        let why = wrong.map_or_else(
            || "the parts are not all there".to_owned(),
            |one| format!("on rank {}, {}", one.rank.0, one.finding.message()),
        );
        Err(format!("the parts do not make an array: {why}"))
    }
}
