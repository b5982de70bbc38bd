//! Random dimensions of every kind, each with its oracle.

use std::collections::BTreeSet;

use dap_core::dim::{Block, BlockSection, Cyclic, Dim, Unstructured};
use dap_core::index::GridRank;
use proptest::prelude::*;

use crate::oracle::Slow;

pub(crate) type Known = (Dim, Slow);

pub(crate) fn cyclic(size: i64, grid_size: i64, block_size: i64, source: i64) -> Known {
    let dim = Cyclic::new(size, grid_size, block_size).unwrap().with_source(GridRank(source)).unwrap();
    (dim.into(), Slow::cyclic(size, grid_size, block_size, source))
}

pub(crate) fn any_cyclic(max_size: i64) -> impl Strategy<Value = Known> {
    (0..=max_size, 1_i64..=9)
        .prop_flat_map(|(size, grid_size)| (Just(size), Just(grid_size), 1_i64..=12, 0..grid_size))
        .prop_map(|(size, grid_size, block_size, source)| cyclic(size, grid_size, block_size, source))
}

/// A regular split with a uniform halo, as wide as fits when asked for more.
pub(crate) fn any_regular_block(max_size: i64) -> impl Strategy<Value = Known> {
    (0..=max_size, 1_i64..=9, 0..3, 1_i64..=3, 0_i64..=3).prop_map(|(size, grid_size, law, wider, halo)| {
        let ceil = (size + grid_size - 1) / grid_size;
        let width = if law == 0 { ceil.max(1) } else { ceil.max(1) * wider };
        let (block, lens): (_, Vec<i64>) = if law == 2 {
            let lens = (0..grid_size).map(|r| size / grid_size + i64::from(r < size % grid_size)).collect();
            (Block::balanced(size, grid_size), lens)
        } else {
            let start = |r: i64| (r * width).min(size);
            let block = if law == 0 { Block::new(size, grid_size) } else { Block::with_width(size, grid_size, width) };
            (block, (0..grid_size).map(|r| start(r + 1) - start(r)).collect())
        };
        let widest = lens.windows(2).filter(|pair| pair[0] > 0 && pair[1] > 0).flatten().min();
        let halo = halo.min(widest.copied().unwrap_or(halo));
        let edges: Vec<i64> = lens.windows(2).map(|pair| if pair[0] > 0 && pair[1] > 0 { halo } else { 0 }).collect();
        (block.unwrap().with_halo(halo).unwrap().into(), Slow::block(&lens, &edges, 0))
    })
}

/// Lengths, widths of inner edges, a wrap width and boundary widths that fit together.
#[derive(Debug, Clone)]
pub(crate) struct Irregular {
    pub(crate) lens: Vec<i64>,
    pub(crate) edges: Vec<i64>,
    pub(crate) wrap: i64,
    pub(crate) boundary: (i64, i64),
    pub(crate) periodic: bool,
}

impl Irregular {
    pub(crate) fn size(&self) -> i64 {
        self.lens.iter().sum()
    }

    pub(crate) fn sections(&self) -> Vec<BlockSection> {
        let last = self.lens.len() - 1;
        let mut start = 0;
        (0..=last)
            .map(|r| {
                start += self.lens[r];
                BlockSection {
                    owned_start: start - self.lens[r],
                    owned_stop: start,
                    comm_lo: if r == 0 { self.wrap } else { self.edges[r - 1] },
                    comm_hi: if r == last { self.wrap } else { self.edges[r] },
                    boundary_lo: if r == 0 { self.boundary.0 } else { 0 },
                    boundary_hi: if r == last { self.boundary.1 } else { 0 },
                }
            })
            .collect()
    }

    pub(crate) fn known(&self) -> Known {
        let dim = Block::from_sections(self.size(), self.periodic, &self.sections()).unwrap();
        (dim.into(), Slow::block(&self.lens, &self.edges, self.wrap))
    }
}

pub(crate) fn any_irregular(max_len: i64) -> impl Strategy<Value = Irregular> {
    let len = prop_oneof![1 => Just(0), 4 => 0..=max_len];
    (prop::collection::vec(len, 1..=8), prop::collection::vec(0_i64..=4, 11), 0..4).prop_map(|(lens, wishes, ends)| {
        let at_most = |wish: i64, a: i64, b: i64| wish.min(a).min(b);
        let last = lens.len() - 1;
        let edges = (0..last).map(|r| at_most(wishes[r], lens[r], lens[r + 1])).collect();
        let wrap = at_most(wishes[8], lens[0], lens[last]);
        // Where the first is the last, it has room for both.
        let lower = wishes[9].min(lens[0]);
        let upper = wishes[10].min(if last == 0 { lens[0] - lower } else { lens[last] });
        let (wrap, boundary) = if ends == 0 { (wrap, (0, 0)) } else { (0, (lower, upper)) };
        Irregular { lens, edges, wrap, boundary, periodic: ends < 2 }
    })
}

pub(crate) fn unstructured(size: i64, one_to_one: bool, lists: &[Vec<i64>]) -> Known {
    (Unstructured::new(size, one_to_one, lists).unwrap().into(), Slow::unstructured(size, lists))
}

/// Lists that give each of a set of labels to one or two processes. The labels are close
/// together, or far apart, or `0..n`.
pub(crate) fn any_unstructured(max_size: usize) -> impl Strategy<Value = Known> {
    let near = prop::collection::btree_set(-40_i64..200, 0..=max_size);
    let far = prop::collection::btree_set(any::<i64>(), 0..=max_size);
    let dense = (0..=max_size as i64).prop_map(|size| (0..size).collect::<BTreeSet<i64>>());
    (prop_oneof![near, far, dense], 1_usize..=5, 0..4, any::<bool>(), any::<bool>())
        .prop_flat_map(move |(labels, ranks, order, shares, by_distinct)| {
            let labels: Vec<i64> = labels.into_iter().collect();
            let ordered = if order == 0 { Just(labels).boxed() } else { Just(labels).prop_shuffle().boxed() };
            (
                ordered,
                prop::collection::vec((0..ranks, 0..ranks), max_size + 1),
                Just((ranks, order, shares, by_distinct)),
            )
        })
        .prop_map(|(labels, holders, (ranks, order, shares, by_distinct))| {
            let mut lists = vec![Vec::new(); ranks];
            for (at, &label) in labels.iter().enumerate() {
                // Unshuffled labels in long stretches make runs.
                let (first, second) = if order == 0 { holders[at / 7] } else { holders[at] };
                lists[first].push(label);
                if shares && second != first {
                    lists[second].push(label);
                }
            }
            let held: usize = lists.iter().map(Vec::len).sum();
            let size = if by_distinct { labels.len() } else { held };
            unstructured(size as i64, held == labels.len() && by_distinct, &lists)
        })
}

pub(crate) fn any_structured(max_size: i64) -> impl Strategy<Value = Known> {
    prop_oneof![
        any_cyclic(max_size),
        any_regular_block(max_size),
        any_irregular(max_size / 5).prop_map(|irregular| irregular.known()),
    ]
}

pub(crate) fn any_known() -> impl Strategy<Value = Known> {
    prop_oneof![3 => any_structured(90), 2 => any_unstructured(60)]
}
