//! One dimension over all ranks: one entry for each grid rank.

use std::collections::BTreeMap;

use crate::check::Edition;
use crate::check::across::part::{DimContext, DimPart};
use crate::check::across::stated::{StatedDim, StatedPart};
use crate::check::across::{agree, block, cyclic, unstructured};
use crate::check::majority::Majority;
use crate::check::section::{BlockSection, CyclicSection, DimGrid, LocalDim, Section, UNKNOWN};
use crate::dim::Dim;
use crate::export::DistType;
use crate::finding::{Diagnostics, Finding, Key, Place, plural};
use crate::index::Rank;
use crate::ranks::RankSet;
use crate::rules::RuleId;

/// A dimension as the ranks so far describe it.
#[derive(Debug, Default)]
pub(super) struct Dimension {
    sizes: Majority<i64>,
    grid_sizes: Majority<i64>,
    dist_types: Majority<DistType>,
    periodic: Majority<bool>,
    has_padding: Majority<bool>,
    /// The widths of the boundary padding at the lower and the upper end.
    boundary: [Option<i64>; 2],
    entries: Entries,
    /// The block sizes of ranks whose `start` fits none of their own blocks.
    off_block: Majority<i64>,
    /// The grid ranks of blocks whose buffers are longer, with the surplus.
    surplus: Vec<(i64, i64)>,
    /// Whether some rank's part is unknown, since it is wrong by itself.
    incomplete: bool,
}

/// The statements of the processes at one grid rank. They must be equal, outer padding aside.
type Entry = Majority<Section>;

/// The entries by grid rank. Grid ranks in ascending order, as in rank order, need no look-up.
#[derive(Debug, Default)]
struct Entries {
    dense: Vec<Entry>,
    sparse: BTreeMap<i64, Entry>,
}

impl Entries {
    fn at(&mut self, grid_rank: i64) -> &mut Entry {
        match usize::try_from(grid_rank) {
            Ok(at) if at < self.dense.len() => &mut self.dense[at],
            Ok(at) if at == self.dense.len() && !self.sparse.contains_key(&grid_rank) => {
                self.dense.push(Entry::default());
                &mut self.dense[at]
            }
            _ => self.sparse.entry(grid_rank).or_default(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (i64, &Entry)> {
        (0..).zip(&self.dense).chain(self.sparse.iter().map(|(grid_rank, entry)| (*grid_rank, entry)))
    }
}

impl Dimension {
    /// The number of processes along the dimension, if all ranks agree.
    pub(super) fn grid_size(&self) -> Option<i64> {
        self.grid_sizes.unanimous().copied()
    }

    /// The number of processes that most ranks state.
    pub(super) fn common_grid_size(&self) -> Option<i64> {
        self.grid_sizes.most_common().copied()
    }

    /// Adds the statement of one rank.
    #[inline]
    pub(super) fn push(&mut self, rank: Rank, local: LocalDim) {
        let grid @ DimGrid { size, grid_size, grid_rank } = local.grid;
        if size != UNKNOWN {
            self.sizes.add(rank, size);
        }
        if grid_size != UNKNOWN {
            self.grid_sizes.add(rank, grid_size);
        }
        if let Some(dist_type) = local.dist_type {
            self.dist_types.add(rank, dist_type);
        }
        if let Some(periodic) = local.periodic {
            self.periodic.add(rank, periodic);
        }
        let Some(section) = local.section else {
            self.incomplete = true;
            return;
        };
        if let Section::Cyclic(CyclicSection { block_size, owned: UNKNOWN, .. }) = section {
            self.off_block.add(rank, block_size);
            self.incomplete = true;
            return;
        }
        if let Section::Block(_) = section {
            self.has_padding.add(rank, local.padding.is_written);
            if local.padding.surplus > 0 {
                self.surplus.push((grid_rank, local.padding.surplus));
            }
            // The outer padding of the first rank at each end stands for all of them.
            if grid.is_first() {
                self.boundary[0].get_or_insert(local.padding.boundary[0]);
            }
            if grid.is_last() {
                self.boundary[1].get_or_insert(local.padding.boundary[1]);
            }
        }
        self.entries.at(grid_rank).add(rank, section);
    }

    /// Checks the dimension; returns its map if it is complete and right.
    ///
    /// `processes` is the number of processes that most ranks state, over all dimensions.
    pub(super) fn check_all(
        &self,
        dim: usize,
        edition: Option<Edition>,
        processes: Option<i64>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Dim> {
        agree::on(&self.sizes, RuleId::SIZE_DIFFERS, Place::dim(dim, Key::Size), diagnostics);
        let grid_size = Finding::new(RuleId::PROC_GRID_SIZE_DIFFERS, Place::dim(dim, Key::ProcGridSize));
        let stale = |finding: Finding, ranks: &RankSet| {
            finding.note("stale", processes.is_some_and(|processes| ranks.first() >= Some(Rank(processes))))
        };
        agree::on_with(&self.grid_sizes, grid_size, stale, diagnostics);
        agree::on(&self.dist_types, RuleId::DIST_TYPE_DIFFERS, Place::dim(dim, Key::DistType), diagnostics);
        agree::on(&self.periodic, RuleId::PERIODIC_DIFFERS, Place::dim(dim, Key::Periodic), diagnostics);
        let mut parts = 0;
        for (grid_rank, entry) in self.entries.iter() {
            parts += 1;
            same_grid_rank(dim, grid_rank, entry, diagnostics);
        }
        // If the ranks disagree on size or grid, all other findings would only repeat it.
        let (&size, &grid_size) = (self.sizes.unanimous()?, self.grid_sizes.unanimous()?);
        let dist_type = self.dist_types.unanimous()?;
        let undisputed = self.entries.iter().all(|(_, entry)| entry.unanimous().is_some());
        let complete = !self.incomplete && undisputed && parts == grid_size;
        let periodic = self.periodic.unanimous().copied();
        let boundary = self.boundary.map(Option::unwrap_or_default);
        let (has_padding, surplus) = (&self.has_padding, self.surplus.as_slice());
        let context = DimContext { dim, size, grid_size, complete, edition, periodic, has_padding, surplus, boundary };
        match dist_type {
            DistType::Block | DistType::Undistributed => {
                block::check_all(&context, &self.parts(as_block), diagnostics).map(Dim::from)
            }
            DistType::Cyclic => {
                cyclic::check_all(&context, &self.parts(as_cyclic), &self.off_block, diagnostics).map(Dim::from)
            }
            DistType::Unstructured => {
                unstructured::check_all(&context, &self.parts(as_unstructured), diagnostics).map(Dim::from)
            }
        }
    }

    /// Names the cause if starts and stops, or grid ranks, are counted from 1 on every rank.
    /// Findings that follow from it are dropped.
    pub(super) fn counted_from_1(&self, dim: usize, diagnostics: &mut Diagnostics) {
        let starts_at_1 = |finding: &mut Finding| finding.notes.contains(&"one-based");
        if diagnostics.found(RuleId::FIRST_BLOCK_START, dim).any(starts_at_1) {
            for finding in diagnostics.found(RuleId::STOP_BEYOND_SIZE, dim) {
                if finding.notes.contains(&"inclusive") {
                    finding.explain(&["inclusive"], "one-based");
                }
            }
        }
        if self.grid_ranks_from_1(dim, diagnostics) {
            diagnostics.drop_beside(RuleId::LAST_BLOCK_STOP, RuleId::PROC_GRID_RANK_OUT_OF_RANGE);
        }
    }

    /// Whether the grid ranks are 1 to the size of the grid: none is 0, and one is just beyond.
    pub(super) fn grid_ranks_from_1(&self, dim: usize, diagnostics: &mut Diagnostics) -> bool {
        let grid_rank_0 = self.entries.iter().any(|(grid_rank, entry)| grid_rank == 0 && entry.most_common().is_some());
        let mut beyond = diagnostics.found(RuleId::PROC_GRID_RANK_OUT_OF_RANGE, dim);
        !grid_rank_0 && beyond.any(|finding| finding.notes.contains(&"one-based"))
    }

    /// The stated parts, right or wrong; where ranks differ, the statement of the majority.
    pub(super) fn stated(&self) -> StatedDim {
        let grid_size = self.grid_sizes.most_common().copied();
        let boundary = self.boundary.map(Option::unwrap_or_default);
        let of_entry = |(grid_rank, entry): (i64, &Entry)| {
            let disputed = entry.unanimous().is_none();
            let outer = [grid_rank == 0, Some(grid_rank + 1) == grid_size];
            let boundary = [0, 1].map(|end| if outer[end] { boundary[end] } else { 0 });
            let part = move |(section, ranks): &(Section, RankSet)| {
                StatedPart::new(grid_rank, section, boundary, disputed.then(|| ranks.clone()))
            };
            entry.iter().map(part).collect::<Vec<_>>()
        };
        StatedDim {
            size: self.sizes.most_common().copied(),
            grid_size,
            dist_type: self.dist_types.most_common().copied(),
            periodic: self.periodic.most_common() == Some(&true),
            parts: self.entries.iter().flat_map(of_entry).collect(),
        }
    }

    /// The undisputed parts, by grid rank.
    fn parts<'a, S>(&'a self, of: fn(&'a Section) -> Option<&'a S>) -> Vec<DimPart<'a, S>> {
        let part = |(grid_rank, entry): (i64, &'a Entry)| {
            let section = of(entry.unanimous()?)?;
            let ranks = entry.iter().next().map(|(_, ranks)| ranks)?;
            Some(DimPart { grid_rank, section, rank: entry.majority_rank()?, ranks })
        };
        self.entries.iter().filter_map(part).collect()
    }
}

fn as_block(section: &Section) -> Option<&BlockSection> {
    if let Section::Block(section) = section { Some(section) } else { None }
}

fn as_cyclic(section: &Section) -> Option<&CyclicSection> {
    if let Section::Cyclic(section) = section { Some(section) } else { None }
}

fn as_unstructured(section: &Section) -> Option<&crate::check::section::UnstructuredSection> {
    if let Section::Unstructured(section) = section { Some(section) } else { None }
}

/// Processes with the same grid rank must state the same.
fn same_grid_rank(dim: usize, grid_rank: i64, entry: &Entry, diagnostics: &mut Diagnostics) {
    let (Some(common), Some(other)) = (entry.most_common(), entry.majority_rank()) else { return };
    let mut report = |(key, here, there): (Key, String, String), ranks: &RankSet| {
        let finding = Finding::new(RuleId::SAME_GRID_RANK_DIFFERS, Place::dim(dim, key))
            .with("proc_grid_rank", grid_rank)
            .with("value", here)
            .with("common", there.clone())
            .with("other", other.0)
            .related(other, Place::dim(dim, key), there);
        diagnostics.add_over(ranks.clone(), finding);
    };
    let mut last = None;
    for (section, ranks) in entry.others() {
        if let Some(difference) = difference(section, common) {
            last = Some((difference.0, agree::ANOTHER.to_owned(), difference.2.clone()));
            report(difference, ranks);
        }
    }
    if let (Some(difference), Some(ranks)) = (last, entry.rest()) {
        report(difference, ranks);
    }
}

/// The first key in which two sections differ, and its two values. Sections of different types are
/// reported elsewhere.
fn difference(a: &Section, b: &Section) -> Option<(Key, String, String)> {
    let pair = |key, a: &dyn ToString, b: &dyn ToString| Some((key, a.to_string(), b.to_string()));
    match (a, b) {
        (Section::Block(a), Section::Block(b)) => {
            if a.communication != b.communication {
                let text = |pad: [i64; 2]| format!("[{}, {}]", pad[0], pad[1]);
                return pair(Key::Padding, &text(a.communication), &text(b.communication));
            }
            if a.start != b.start {
                return pair(Key::Start, &a.start, &b.start);
            }
            pair(Key::Stop, &a.stop, &b.stop)
        }
        (Section::Cyclic(a), Section::Cyclic(b)) if a.block_size != b.block_size => {
            pair(Key::BlockSize, &a.block_size, &b.block_size)
        }
        (Section::Cyclic(a), Section::Cyclic(b)) => pair(Key::Start, &a.start, &b.start),
        (Section::Unstructured(a), Section::Unstructured(b)) if a.one_to_one != b.one_to_one => {
            pair(Key::OneToOne, &a.one_to_one, &b.one_to_one)
        }
        (Section::Unstructured(a), Section::Unstructured(b)) => {
            let at = a.indices.iter().zip(&*b.indices).position(|(a, b)| a != b);
            match at {
                Some(at) => {
                    let text = |index: i64| format!("with {index} at position {at}");
                    pair(Key::Indices, &text(a.indices[at]), &text(b.indices[at]))
                }
                None => {
                    let text = |len: usize| format!("of {}", plural(len, "item"));
                    pair(Key::Indices, &text(a.indices.len()), &text(b.indices.len()))
                }
            }
        }
        _ => None,
    }
}
