//! Cyclic and block-cyclic: blocks distributed cyclically.

use crate::check::Profile;
use crate::check::key_values::{At, foreign_keys, required};
use crate::check::section::{CyclicSection, DimGrid, Section, UNKNOWN};
use crate::dim::numroc;
use crate::export::{DimDict, DistType, Field};
use crate::finding::Finding;
use crate::finding::Key;
use crate::rules::RuleId;

#[inline(always)]
pub(super) fn check(dict: &DimDict, grid: DimGrid, at: At, findings: &mut Vec<Finding>, out: &mut Option<Section>) {
    let own_keys_only = dict.stop.is_missing()
        && dict.padding.is_missing()
        && dict.periodic.is_missing()
        && dict.indices.is_missing()
        && dict.one_to_one.is_missing();
    if !own_keys_only {
        foreign_keys(dict, DistType::Cyclic, at, findings);
    }
    let start = required(&dict.start, Key::Start, RuleId::MISSING_START, at, findings);
    let block_size = match &dict.block_size {
        Field::Missing => Some(1),
        field => required(field, Key::BlockSize, RuleId::MISSING_COMMON_KEY, at, findings),
    };
    let (Some(start), Some(block_size)) = (start, block_size) else { return };
    if start < 0 {
        findings.push(at.finding(RuleId::NEGATIVE_CYCLIC_START, Key::Start).with("start", start));
        return;
    }
    if block_size < 1 {
        findings.push(at.finding(RuleId::BLOCK_SIZE_BELOW_ONE, Key::BlockSize).with("block_size", block_size));
        return;
    }
    if !grid.is_known() {
        return;
    }
    let cyclic_start = CyclicStart { start, block_size, grid };
    let Some(owned) = cyclic_start.owned(at, findings) else {
        // The block size is counted all the same, since it may be the mistake.
        *out = Some(Section::Cyclic(CyclicSection { start, block_size, owned: UNKNOWN }));
        return;
    };
    if let Some(extent) = at.extent.filter(|&extent| extent != owned) {
        findings.push(cyclic_start.extent_finding(owned, extent, at));
    }
    *out = Some(Section::Cyclic(CyclicSection { start, block_size, owned }));
}

/// A process's `start` and the cycle that it should belong to.
#[derive(Clone, Copy)]
struct CyclicStart {
    start: i64,
    block_size: i64,
    grid: DimGrid,
}

impl CyclicStart {
    /// The number of indices that the process owns, if its `start` occurs in the cycle.
    #[inline]
    fn owned(self, at: At, findings: &mut Vec<Finding>) -> Option<i64> {
        let Self { start, block_size, grid: DimGrid { size, grid_size, grid_rank } } = self;
        // The turn is nearly always the grid rank, which saves a division.
        let turn = if self.preferred_start() == Some(start) { grid_rank } else { start / block_size };
        // If there are fewer blocks than processes, `size` is the other accepted `start` of an
        // empty section.
        if start == size && size / block_size + i64::from(size % block_size != 0) < grid_size {
            self.empty(at, findings);
            return Some(0);
        }
        let finding = |rule| {
            let finding = at.finding(rule, Key::Start).with("start", start).with("block_size", block_size);
            finding.with("proc_grid_size", grid_size)
        };
        let one_based = || self.preferred_start().and_then(|preferred| preferred.checked_add(1)) == Some(start);
        if turn.checked_mul(block_size) != Some(start) {
            findings.push(finding(RuleId::START_OFF_BLOCK).note("one-based", one_based()));
            return None;
        }
        if turn >= grid_size {
            findings.push(finding(RuleId::START_BEYOND_CYCLE).note("one-based", one_based()));
            return None;
        }
        if start >= size {
            self.empty(at, findings);
            return Some(0);
        }
        if turn != grid_rank {
            let source = (grid_rank - turn).rem_euclid(grid_size);
            findings.push(at.finding(RuleId::ROTATED_START, Key::Start).with("source", source));
        }
        Some(numroc(size, block_size, turn, grid_size))
    }

    fn preferred_start(self) -> Option<i64> {
        self.grid.grid_rank.checked_mul(self.block_size)
    }

    /// An empty section: which `start` it should have.
    #[cold]
    fn empty(self, at: At, findings: &mut Vec<Finding>) {
        let Some(preferred) = self.preferred_start() else { return };
        if at.profile == Profile::Strict && preferred != self.start {
            findings
                .push(at.finding(RuleId::EMPTY_START, Key::Start).with("start", self.start).with("emit", preferred));
        }
    }

    #[cold]
    fn extent_finding(self, owned: i64, extent: i64, at: At) -> Finding {
        let Self { start, block_size, grid: DimGrid { size, grid_size, .. } } = self;
        at.finding(RuleId::CYCLIC_EXTENT, Key::Start)
            .with("owned", owned)
            .with("extent", extent)
            .with("size", size)
            .with("start", start)
            .with("block_size", block_size)
            .with("proc_grid_size", grid_size)
            .note("distarray-partial-block", self.owned_by_the_reference() == Some(extent))
            .note("owned-stop", extent == size && grid_size > 1)
    }

    /// The result of the protocol's `utils.py` and of DistArray 0.6: the partial block always goes
    /// to grid rank 0.
    fn owned_by_the_reference(self) -> Option<i64> {
        let DimGrid { size, grid_size, grid_rank } = self.grid;
        let full_blocks = size / self.block_size;
        let mine = (full_blocks - 1 - grid_rank).div_euclid(grid_size) + 1;
        let partial = if grid_rank == 0 { size % self.block_size } else { 0 };
        mine.checked_mul(self.block_size)?.checked_add(partial)
    }
}
