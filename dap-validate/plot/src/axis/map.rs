//! A dimension in a few numbers, for programs that point at a picture: the holders of an index, and
//! its place in the buffer.
//!
//! Sections of equal width in a row are one entry, so a million regular blocks cost as much as two.
//! A dimension that takes more than [`MOST`] numbers is left out: a page then shows the texts of
//! the areas of its picture.

use dap_core::check::{Holding, StatedDim, StatedPart};
use dap_core::dim::{BlockSection, Dim};
use dap_core::index::GridRank;
use serde::Serialize;

use super::{AxisSource, PlotAxis};

/// The largest number of numbers for one dimension.
const MOST: usize = 30_000;
/// The largest number of sections, which are visited one by one. A larger grid cannot have been
/// written out, and has no map.
const MOST_SECTIONS: i64 = 1 << 21;
/// JavaScript's integers are exact below this number.
const EXACT: i64 = 1 << 53;

/// The dimension. The numbers have the protocol's meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DimMap {
    size: i64,
    grid: i64,
    periodic: bool,
    /// Whether halos wrap round at the ends, as in version 0.9.
    wraps: bool,
    boundary: [i64; 2],
    /// Whether it is valid that several processes hold an index.
    shares: bool,
    #[serde(flatten)]
    parts: MapParts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "parts", rename_all = "lowercase")]
enum MapParts {
    Block(Vec<BlockRun>),
    Cyclic(Vec<CyclicRun>),
    List(Vec<ListRun>),
}

/// `count` sections from grid rank `at` on. The first one owns indices from `start` on; each is
/// `width` wide and has the same padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct BlockRun {
    at: i64,
    count: i64,
    start: i64,
    width: i64,
    lo: i64,
    hi: i64,
    #[serde(flatten)]
    only: Only,
}

/// `count` processes from grid rank `at` on. Their first blocks are consecutive from `start` on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct CyclicRun {
    at: i64,
    count: i64,
    start: i64,
    block: i64,
    #[serde(flatten)]
    only: Only,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ListRun {
    at: i64,
    indices: Vec<i64>,
    #[serde(flatten)]
    only: Only,
}

/// The ranks at that place of the grid that state the entry, as first and last of each range; empty
/// if all do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Only {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<[i64; 2]>,
}

impl PlotAxis {
    /// The dimension in numbers; `None` if these are too many or too large.
    pub(crate) fn map(&self) -> Option<DimMap> {
        let parts = match &self.source {
            AxisSource::Settled(dim) | AxisSource::SettledList(dim, _) => settled(dim)?,
            AxisSource::Stated(dim, _) => stated(dim)?,
        };
        let numbers = match &parts {
            MapParts::Block(runs) => runs.iter().map(|run| 6 + 2 * run.only.only.len()).sum(),
            MapParts::Cyclic(runs) => runs.iter().map(|run| 4 + 2 * run.only.only.len()).sum(),
            MapParts::List(lists) => lists.iter().map(|list| 2 + list.indices.len()).sum::<usize>(),
        };
        let sizes = [self.declared, self.len, self.grid_size];
        let indices = match &parts {
            MapParts::List(lists) => {
                lists.iter().flat_map(|list| &list.indices).all(|index| (-EXACT..EXACT).contains(index))
            }
            _ => true,
        };
        if numbers > MOST || sizes.iter().any(|size| *size >= EXACT / 4) || !indices {
            return None;
        }
        let wraps = match &self.source {
            AxisSource::Settled(Dim::Block(block)) => block.wraps(),
            // The outermost halos reach beyond the ends only if they wrap.
            AxisSource::Stated(dim, _) => dim.periodic,
            _ => false,
        };
        Some(DimMap {
            size: self.declared,
            grid: self.grid_size,
            periodic: self.periodic,
            wraps,
            boundary: self.boundary,
            shares: self.shares,
            parts,
        })
    }
}

fn settled(dim: &Dim) -> Option<MapParts> {
    if dim.grid_size() > MOST_SECTIONS {
        return None;
    }
    let ranks = (0..dim.grid_size()).map(GridRank);
    Some(match dim {
        Dim::Block(block) => {
            let mut runs = Vec::new();
            ranks.for_each(|rank| push_block(&mut runs, rank, &block.section(rank), Only::default()));
            MapParts::Block(runs)
        }
        Dim::Cyclic(cyclic) => {
            let mut runs = Vec::new();
            for rank in ranks.filter(|rank| cyclic.owned_len(*rank) > 0) {
                push_cyclic(&mut runs, rank, cyclic.start(rank), cyclic.block_size(), Only::default());
            }
            MapParts::Cyclic(runs)
        }
        Dim::Unstructured(map) => {
            let list = |at: GridRank| ListRun {
                at: at.0,
                indices: map.indices(at).take(MOST + 1).map(|index| index.0).collect(),
                only: Only::default(),
            };
            let listed: i64 = (0..dim.grid_size()).map(|rank| map.owned_len(GridRank(rank))).sum();
            if listed > i64::try_from(MOST).unwrap_or(i64::MAX) {
                return None;
            }
            MapParts::List(ranks.map(list).collect())
        }
        _ => return None,
    })
}

fn stated(dim: &StatedDim) -> Option<MapParts> {
    let only = |part: &StatedPart| {
        let ranges = part.ranks.iter().flat_map(|ranks| ranks.ranges()).map(|range| [range.start, range.end - 1]);
        Only { only: ranges.take(MOST).collect() }
    };
    let (mut blocks, mut starts, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    let mut listed = 0_usize;
    for part in &dim.parts {
        match &part.holding {
            Holding::Block(section) => push_block(&mut blocks, part.grid_rank, section, only(part)),
            Holding::Cyclic { start, block_size, owned } if *owned > 0 => {
                push_cyclic(&mut starts, part.grid_rank, *start, *block_size, only(part));
            }
            Holding::Unstructured { indices, .. } => {
                listed += indices.len();
                if listed > MOST {
                    return None;
                }
                lists.push(ListRun { at: part.grid_rank.0, indices: indices.to_vec(), only: only(part) });
            }
            _ => {}
        }
    }
    // The kind of the first part decides, as for the axis.
    match dim.parts.first().map(|part| &part.holding) {
        Some(Holding::Block(_)) => Some(MapParts::Block(blocks)),
        Some(Holding::Cyclic { .. }) => Some(MapParts::Cyclic(starts)),
        Some(Holding::Unstructured { .. }) => Some(MapParts::List(lists)),
        _ => None,
    }
}

fn push_block(runs: &mut Vec<BlockRun>, rank: GridRank, section: &BlockSection, only: Only) {
    let BlockSection { owned_start: start, comm_lo: lo, comm_hi: hi, .. } = *section;
    let width = section.owned_len();
    if let Some(run) = runs.last_mut() {
        let same = run.width == width && run.lo == lo && run.hi == hi && run.only == only;
        let next = run.count.checked_mul(width).and_then(|all| run.start.checked_add(all));
        if same && run.at.checked_add(run.count) == Some(rank.0) && next == Some(start) {
            run.count += 1;
            return;
        }
    }
    runs.push(BlockRun { at: rank.0, count: 1, start, width, lo, hi, only });
}

fn push_cyclic(runs: &mut Vec<CyclicRun>, rank: GridRank, start: i64, block: i64, only: Only) {
    if let Some(run) = runs.last_mut() {
        let next = run.count.checked_mul(block).and_then(|all| run.start.checked_add(all));
        if run.block == block
            && run.only == only
            && run.at.checked_add(run.count) == Some(rank.0)
            && next == Some(start)
        {
            run.count += 1;
            return;
        }
    }
    runs.push(CyclicRun { at: rank.0, count: 1, start, block, only });
}

#[cfg(test)]
mod tests {
    use super::*;
    use dap_core::dim::{Block, Cyclic};

    fn json(dim: impl Into<Dim>) -> String {
        serde_json::to_string(&PlotAxis::settled(&dim.into()).map()).expect("plain data")
    }

    #[test]
    fn a_million_regular_blocks_are_a_few_numbers() {
        let text = json(Block::new(3_000_001, 1_000_000).and_then(|block| block.with_halo(1)).expect("valid"));
        assert!(text.len() < 500, "{text}");
        let rotated = json(Cyclic::new(1000, 7, 3).and_then(|cyclic| cyclic.with_source(GridRank(2))).expect("valid"));
        assert_eq!(
            rotated,
            r#"{"size":1000,"grid":7,"periodic":false,"wraps":false,"boundary":[0,0],"shares":false,"kind":"cyclic","parts":[{"at":0,"count":2,"start":15,"block":3},{"at":2,"count":5,"start":0,"block":3}]}"#
        );
    }

    #[test]
    fn what_is_too_much_is_left_out() {
        let bounds: Vec<i64> = (0..20_000).map(|at: i64| at * (at + 1) / 2).collect();
        assert_eq!(json(Block::from_bounds(bounds).expect("valid")), "null");
        assert_eq!(json(Cyclic::new(i64::MAX, 3, 1).expect("valid")), "null");
    }
}
