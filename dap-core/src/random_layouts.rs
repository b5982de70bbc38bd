//! Random layouts as `proptest` strategies, for tests of whatever moves or reads arrays (feature
//! `proptest`).
//!
//! ```
//! use dap_core::random_layouts::layouts_of;
//! use proptest::prelude::*;
//! proptest!(|(layout in layouts_of(vec![7, 5], 6))| {
//!     prop_assert_eq!(layout.shape(), [7, 5]);
//!     prop_assert!(layout.processes() <= 6);
//! });
//! ```

use proptest::collection::vec;
use proptest::prelude::*;

use crate::dim::{Block, Cyclic, CyclicSlice, Dim, Unstructured};
use crate::index::GridRank;
use crate::layout::Layout;

/// Layouts of an array of this shape over at most `processes` processes: every distribution type,
/// slices of block-cyclic dimensions, irregular and empty sections, every kind of padding, rotated
/// cyclic starts; unstructured dimensions list 0 to `size` - 1, some of them more than once.
pub fn layouts_of(shape: Vec<i64>, processes: i64) -> BoxedStrategy<Layout> {
    let grid = vec(1..=processes, shape.len()).prop_map(move |mut grid| {
        let mut room = processes;
        for extent in &mut grid {
            *extent = (*extent).min(room);
            room /= *extent;
        }
        grid
    });
    // Let no dimension always have the first choice.
    let grid = grid.prop_shuffle();
    grid.prop_flat_map(move |grid| {
        let dims: Vec<_> = shape.iter().zip(grid).map(|(&size, processes)| dims_of(size, processes)).collect();
        dims.prop_filter_map("too large", |dims| Layout::new(dims).ok())
    })
    .boxed()
}

/// Two layouts of one array of up to four dimensions, each over at most `processes` processes.
pub fn pairs(processes: i64) -> impl Strategy<Value = (Layout, Layout)> {
    let shape = prop_oneof![1 => vec(0..40_i64, 0..=1), 3 => vec(0..14_i64, 2), 1 => vec(1..7_i64, 3..=4)];
    shape.prop_flat_map(move |shape| (layouts_of(shape.clone(), processes), layouts_of(shape, processes)))
}

/// Two layouts of the same number of items, in up to four dimensions each, each over at
/// most `processes` processes.
pub fn reshapes(processes: i64) -> impl Strategy<Value = (Layout, Layout)> {
    let factor = prop_oneof![1 => Just(0_i64), 9 => Just(1), 15 => Just(2), 12 => Just(3), 3 => Just(5), 3 => Just(7)];
    let factors = vec(factor, 0..=5);
    // In the same order the two have groups in common, in another they often have one only.
    let shapes = (factors, any::<bool>()).prop_flat_map(|(factors, shuffled)| {
        let other = if shuffled { Just(factors.clone()).prop_shuffle().boxed() } else { Just(factors.clone()).boxed() };
        (shapes_of(factors), other.prop_flat_map(shapes_of))
    });
    shapes.prop_flat_map(move |(from, to)| (layouts_of(from, processes), layouts_of(to, processes)))
}

/// Shapes whose extents are products of these factors, in order.
fn shapes_of(factors: Vec<i64>) -> impl Strategy<Value = Vec<i64>> {
    vec(0..=factors.len(), 0..=3).prop_map(move |mut cuts| {
        cuts.sort_unstable();
        let ends = cuts.iter().copied().chain([factors.len()]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let shape: Vec<i64> = starts.zip(ends).map(|(start, end)| factors[start..end].iter().product()).collect();
        if shape == [1] { Vec::new() } else { shape }
    })
}

/// One dimension of this size over `processes` processes.
pub fn dims_of(size: i64, processes: i64) -> BoxedStrategy<Dim> {
    prop_oneof![
        3 => blocks_of(size, processes).prop_map(Dim::from),
        3 => cyclics_of(size, processes).prop_map(Dim::from),
        1 => slices_of(size, processes).prop_map(Dim::from),
        2 => lists_of(size, processes).prop_map(Dim::from),
    ]
    .boxed()
}

fn blocks_of(size: i64, processes: i64) -> impl Strategy<Value = Block> {
    let regular = Just(Block::new(size, processes));
    let balanced = Just(Block::balanced(size, processes));
    let irregular = vec(0..=size, processes as usize - 1).prop_map(move |mut inner| {
        inner.sort_unstable();
        Block::from_bounds([vec![0], inner, vec![size]].concat())
    });
    let split = prop_oneof![regular, balanced, irregular].prop_filter_map("no such split", |split| split.ok());
    // Padding as wide as it may be, at most what is asked for.
    (split, 0..4_i64, 0..3_i64, 0..3_i64, 0..3_u8).prop_map(|(split, halo, lower, upper, ends)| {
        let padded = (0..=halo).rev().find_map(|halo| split.clone().with_halo(halo).ok()).unwrap_or(split);
        let outer = match ends {
            0 => Ok(padded.clone()),
            1 => padded.clone().with_boundary(lower, upper).and_then(|block| block.with_periodic(lower % 2 == 0)),
            _ => padded.clone().with_wrap(lower),
        };
        outer.unwrap_or(padded)
    })
}

fn cyclics_of(size: i64, processes: i64) -> impl Strategy<Value = Cyclic> {
    let width = prop_oneof![Just(1), 1..6_i64, Just(size.max(1))];
    (width, 0..processes).prop_filter_map("no such cycle", move |(width, source)| {
        Cyclic::new(size, processes, width).and_then(|cyclic| cyclic.with_source(GridRank(source))).ok()
    })
}

fn slices_of(size: i64, processes: i64) -> impl Strategy<Value = CyclicSlice> {
    (1..6_i64, 0..30_i64, -15..15_i64).prop_filter_map("no such slice", move |(width, start, step)| {
        CyclicSlice::new(size, processes, width, start, step).ok()
    })
}

fn lists_of(size: i64, processes: i64) -> impl Strategy<Value = Unstructured> {
    let order = prop_oneof![1 => Just(()).prop_map(|()| false), 3 => Just(true)].prop_flat_map(move |shuffled| {
        let ascending: Vec<i64> = (0..size).collect();
        if shuffled { Just(ascending).prop_shuffle().boxed() } else { Just(ascending).boxed() }
    });
    let holders = vec(0..processes, size as usize);
    let again = vec((0..size.max(1), 0..processes), 0..4);
    (order, holders, again, any::<bool>()).prop_filter_map("no such lists", move |(order, holders, again, shared)| {
        let mut lists = vec![Vec::new(); processes as usize];
        for (index, holder) in order.into_iter().zip(holders) {
            lists[holder as usize].push(index);
        }
        for (index, holder) in again {
            let list = &mut lists[holder as usize];
            if shared && index < size && !list.contains(&index) {
                list.push(index);
            }
        }
        Unstructured::new(size, false, &lists).ok()
    })
}
