//! Random valid all-rank sets, as proptest strategies.
//!
//! Every set is valid by construction: the constructions use formulas (prefix sums, NUMROC) where
//! the [`oracle`](crate::oracle) enumerates, so that each tests the other. Sizes are small, about
//! 40 along a dimension, and grids have up to 64 processes.
//!
//! - [`sets`]: sets of either version, 0 to 4 dimensions.
//! - [`sets_of`]: the same of one version.
//! - [`lines`]: one dimension only, for tests of its maps.
//!
//! The layouts cover: all distribution types mixed; irregular, empty and padded blocks (boundary
//! and communication padding, outer widths that differ between processes of the same grid rank);
//! periodic dimensions, in 0.9 with wrap halos; cyclic dimensions that start at any grid rank; both
//! accepted starts of an empty cyclic section; permutations, labels (also negative) and overlaps
//! with both accepted meanings of `size`; `{}` and 0.9's `n`; optional keys left out or written
//! with their default; several item types and strides.
//!
//! ```
//! use dap_conformance::{generate::sets, oracle::check_set};
//! use proptest::prelude::*;
//!
//! proptest!(|(set in sets())| prop_assert!(check_set(&set).valid));
//! ```

mod block;
mod cyclic;
mod undistributed;
mod unstructured;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::model::{DimDict, RankExport};
use crate::oracle::Protocol;

/// The most processes in a generated grid.
pub const MAX_PROCESSES: i64 = 64;

/// One dimension of a set: a dictionary and an extent for each grid rank.
#[derive(Clone, Debug)]
struct Line {
    dicts: Vec<DimDict>,
    extents: Vec<i64>,
    /// The greatest widths of boundary padding below, on the first grid rank, and above, on the
    /// last, if they may differ between processes of the same grid rank.
    outer_room: Option<[i64; 2]>,
}

/// Valid all-rank sets of either version.
pub fn sets() -> impl Strategy<Value = Vec<RankExport>> {
    prop_oneof![3 => sets_of(Protocol::V0_10), 1 => sets_of(Protocol::V0_9)]
}

/// Valid all-rank sets of one version, of 0 to 4 dimensions.
pub fn sets_of(protocol: Protocol) -> BoxedStrategy<Vec<RankExport>> {
    grid().prop_flat_map(move |grid| on_grid(protocol, grid)).boxed()
}

/// Valid one-dimensional all-rank sets of one version.
pub fn lines(protocol: Protocol) -> BoxedStrategy<Vec<RankExport>> {
    let processes = prop_oneof![2 => 1..=6i64, 1 => 1..=MAX_PROCESSES];
    processes.prop_flat_map(move |processes| on_grid(protocol, vec![processes])).boxed()
}

/// Extents of a process grid of at most [`MAX_PROCESSES`].
fn grid() -> impl Strategy<Value = Vec<i64>> {
    let ndim = prop_oneof![1 => Just(0usize), 6 => Just(1), 8 => Just(2), 4 => Just(3), 2 => Just(4)];
    let widest = prop_oneof![4 => Just(3), 1 => Just(MAX_PROCESSES)];
    (ndim, widest).prop_flat_map(|(ndim, widest)| vec(1..=widest, ndim)).prop_map(|mut grid| {
        let mut room = MAX_PROCESSES;
        for extent in &mut grid {
            *extent = (*extent).min(room);
            room /= *extent;
        }
        grid
    })
}

fn on_grid(protocol: Protocol, grid: Vec<i64>) -> impl Strategy<Value = Vec<RankExport>> {
    let processes = grid.iter().product::<i64>() as usize;
    let lines: Vec<BoxedStrategy<Line>> = grid.iter().map(|&extent| line(protocol, extent)).collect();
    let version = match protocol {
        Protocol::V0_10 => select(&["0.10.0", "0.10.0", "0.10.3", "0.11.0"][..]),
        Protocol::V0_9 => select(&["0.9.0", "0.9.0", "0.9.2"][..]),
    };
    let dtype = select(&["<f8", "<f8", ">f4", "<i8", "|u1", "<c16", "|S5", "|b1", "<U2"][..]);
    // Random widths of outer padding for each process and each dimension, or the same for all.
    let outer = proptest::option::weighted(0.3, vec(vec([0..4i64, 0..4i64], grid.len()), processes));
    (lines, version, dtype, strides(), outer).prop_map(move |(lines, version, dtype, strides, outer)| {
        let mut set = Vec::new();
        for rank in 0..processes {
            let coordinate = coordinate(rank as i64, &grid);
            let at = |dim: usize| coordinate[dim] as usize;
            let shape: Vec<i64> = lines.iter().enumerate().map(|(dim, l)| l.extents[at(dim)]).collect();
            let mut dicts: Vec<DimDict> = lines.iter().enumerate().map(|(dim, l)| l.dicts[at(dim)].clone()).collect();
            if let Some(outer) = &outer {
                for (dim, dict) in dicts.iter_mut().enumerate() {
                    block::vary_outer(dict, lines[dim].outer_room, outer[rank][dim]);
                }
            }
            let mut export = RankExport::new(dtype, shape, dicts).with_version(version);
            export.strides = strides.of(&export.shape, dtype);
            set.push(export);
        }
        set
    })
}

/// The grid coordinate of a rank, in C order.
fn coordinate(mut rank: i64, grid: &[i64]) -> Vec<i64> {
    let mut coordinate = vec![0; grid.len()];
    for dim in (0..grid.len()).rev() {
        coordinate[dim] = rank % grid[dim];
        rank /= grid[dim];
    }
    coordinate
}

fn line(protocol: Protocol, processes: i64) -> BoxedStrategy<Line> {
    let distributed = prop_oneof![
        4 => block::line(protocol, processes),
        3 => cyclic::line(protocol, processes),
        3 => unstructured::line(protocol, processes),
    ];
    if processes == 1 {
        prop_oneof![2 => undistributed::line(protocol), 3 => distributed].boxed()
    } else {
        distributed.boxed()
    }
}

/// The memory layout of a buffer.
#[derive(Clone, Copy, Debug)]
enum Strides {
    Absent,
    C,
    Fortran,
    EveryOther,
    Reversed,
}

fn strides() -> impl Strategy<Value = Strides> {
    select(&[Strides::Absent, Strides::C, Strides::Fortran, Strides::EveryOther, Strides::Reversed][..])
}

impl Strides {
    fn of(self, shape: &[i64], dtype: &str) -> Option<Vec<i64>> {
        let item = crate::oracle::item_size(dtype)?;
        let dense = |extents: Vec<i64>| {
            let mut stride = item;
            let mut strides = Vec::new();
            for extent in extents {
                strides.push(stride);
                stride *= extent.max(1);
            }
            strides
        };
        let mut c = dense(shape.iter().rev().copied().collect());
        c.reverse();
        match self {
            Strides::Absent => None,
            Strides::C => Some(c),
            Strides::Fortran => Some(dense(shape.to_vec())),
            Strides::EveryOther => Some(c.iter().map(|stride| stride * 2).collect()),
            Strides::Reversed => Some(c.iter().map(|stride| -stride).collect()),
        }
    }
}
