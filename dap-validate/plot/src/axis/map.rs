//! A dimension for programs that point at a picture: who holds an index, and where in the buffer,
//! in a few numbers.
//!
//! Sections that follow one another evenly are one entry, so a million regular blocks cost as much
//! as two. A dimension that takes more than [`MOST`] numbers is left out: a page then shows the
//! texts of the areas of its picture.

use dap_core::check::{Holding, StatedDim, StatedPart};
use dap_core::dim::{BlockSection, Dim};
use dap_core::index::GridRank;
use serde::Serialize;

use super::{Axis, Source};

/// The most numbers of one dimension.
const MOST: usize = 30_000;
/// The most sections, which are looked at one by one: a larger grid cannot have been written out,
/// and has no map.
const MOST_SECTIONS: i64 = 1 << 21;
/// JavaScript counts exactly so far.
const EXACT: i64 = 1 << 53;

/// The dimension. Numbers mean the same as in the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DimMap {
    size: i64,
    grid: i64,
    periodic: bool,
    /// Whether halos wrap round at the ends, as version 0.9 has it.
    wraps: bool,
    boundary: [i64; 2],
    /// Whether several processes may rightly hold an index.
    shares: bool,
    #[serde(flatten)]
    parts: Parts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "parts", rename_all = "lowercase")]
enum Parts {
    Block(Vec<BlockRun>),
    Cyclic(Vec<CyclicRun>),
    List(Vec<List>),
}

/// `count` sections from grid rank `at` on, the first owning from `start`, each `width` wide and
/// with the same padding.
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

/// `count` processes from grid rank `at` on, whose first blocks follow one another from `start` on.
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
struct List {
    at: i64,
    indices: Vec<i64>,
    #[serde(flatten)]
    only: Only,
}

/// The ranks at that place that say so, as first and last of each range; nothing when all do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Only {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<[i64; 2]>,
}

impl Axis {
    /// The dimension in numbers, unless these are too many or too large.
    pub(crate) fn map(&self) -> Option<DimMap> {
        let parts = match &self.source {
            Source::Settled(dim) | Source::SettledList(dim, _) => settled(dim)?,
            Source::Stated(dim, _) => stated(dim)?,
        };
        let numbers = match &parts {
            Parts::Block(runs) => runs.iter().map(|run| 6 + 2 * run.only.only.len()).sum(),
            Parts::Cyclic(runs) => runs.iter().map(|run| 4 + 2 * run.only.only.len()).sum(),
            Parts::List(lists) => lists.iter().map(|list| 2 + list.indices.len()).sum::<usize>(),
        };
        let sizes = [self.declared, self.len, self.grid_size];
        let indices = match &parts {
            Parts::List(lists) => {
                lists.iter().flat_map(|list| &list.indices).all(|index| (-EXACT..EXACT).contains(index))
            }
            _ => true,
        };
        if numbers > MOST || sizes.iter().any(|size| *size >= EXACT / 4) || !indices {
            return None;
        }
        let wraps = match &self.source {
            Source::Settled(Dim::Block(block)) => block.wraps(),
            // The outermost halos reach beyond the ends only if they wrap.
            Source::Stated(dim, _) => dim.periodic,
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

fn settled(dim: &Dim) -> Option<Parts> {
    if dim.grid_size() > MOST_SECTIONS {
        return None;
    }
    let ranks = (0..dim.grid_size()).map(GridRank);
    Some(match dim {
        Dim::Block(block) => {
            let mut runs = Vec::new();
            ranks.for_each(|rank| push_block(&mut runs, rank, &block.section(rank), Only::default()));
            Parts::Block(runs)
        }
        Dim::Cyclic(cyclic) => {
            let mut runs = Vec::new();
            for rank in ranks.filter(|rank| cyclic.owned_len(*rank) > 0) {
                push_cyclic(&mut runs, rank, cyclic.start(rank), cyclic.block_size(), Only::default());
            }
            Parts::Cyclic(runs)
        }
        Dim::Unstructured(map) => {
            let list = |at: GridRank| List {
                at: at.0,
                indices: map.indices(at).take(MOST + 1).map(|index| index.0).collect(),
                only: Only::default(),
            };
            let listed: i64 = (0..dim.grid_size()).map(|rank| map.owned_len(GridRank(rank))).sum();
            if listed > i64::try_from(MOST).unwrap_or(i64::MAX) {
                return None;
            }
            Parts::List(ranks.map(list).collect())
        }
        _ => return None,
    })
}

fn stated(dim: &StatedDim) -> Option<Parts> {
    let only = |part: &StatedPart| {
        let ranges = part.ranks.iter().flat_map(|ranks| ranks.ranges()).map(|range| [range.start, range.end - 1]);
        Only { only: ranges.take(MOST).collect() }
    };
    let (mut blocks, mut deals, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    let mut listed = 0_usize;
    for part in &dim.parts {
        match &part.holding {
            Holding::Block(section) => push_block(&mut blocks, part.grid_rank, section, only(part)),
            Holding::Cyclic { start, block_size, owned } if *owned > 0 => {
                push_cyclic(&mut deals, part.grid_rank, *start, *block_size, only(part));
            }
            Holding::Unstructured { indices, .. } => {
                listed += indices.len();
                if listed > MOST {
                    return None;
                }
                lists.push(List { at: part.grid_rank.0, indices: indices.to_vec(), only: only(part) });
            }
            _ => {}
        }
    }
    // As the axis draws them: by the first part.
    match dim.parts.first().map(|part| &part.holding) {
        Some(Holding::Block(_)) => Some(Parts::Block(blocks)),
        Some(Holding::Cyclic { .. }) => Some(Parts::Cyclic(deals)),
        Some(Holding::Unstructured { .. }) => Some(Parts::List(lists)),
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
        serde_json::to_string(&Axis::settled(&dim.into()).map()).expect("plain data")
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
