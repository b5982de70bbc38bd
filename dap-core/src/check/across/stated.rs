//! The statements of ranks about an array that has no layout: each part is right by itself, but
//! together they contradict one another.
//!
//! A picture of a wrong layout is drawn from this. Parts may leave gaps, overlap, be missing, or
//! contradict one another, so they must not be used for computing as a
//! [`Layout`](crate::layout::Layout) is.
//!
//! ```
//! use dap_core::check::{Checker, Holding, Profile, Ranks};
//! use dap_core::export::{DimDict, Export};
//! use dap_core::index::Rank;
//!
//! let mut checker = Checker::new(Profile::Auto);
//! for (r, (start, stop)) in [(0, 5), (6, 10)].into_iter().enumerate() {
//!     let dim = DimDict::block(10, start, stop).on_grid(r as i64, 2);
//!     let local = checker.local(&Export::new("<f8", vec![stop - start], vec![dim]));
//!     checker.push(Some(Rank(r as i64)), local);
//! }
//! let stated = checker.finish(Ranks::All).stated().expect("no rank owns index 5, so there is no layout");
//! let second = &stated.dims[0].parts[1];
//! assert!(matches!(second.holding, Holding::Block(section) if section.owned_start == 6));
//! ```

use std::sync::Arc;

use crate::check::section::{self, Section};
use crate::dim::BlockSection;
use crate::export::DistType;
use crate::index::{GridRank, Rank};
use crate::ranks::RankSet;

/// The statements of all ranks, as far as they could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The dimensions: as many as the rank with the most dimensions has.
    pub dims: Vec<StatedDim>,
    /// Ranks whose grid coordinate is, in C order, that of another rank, and that rank.
    pub misplaced: Vec<(Rank, Rank)>,
}

/// One dimension. Where ranks differ, the value is that of the majority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedDim {
    /// The number of indices of the context dimension.
    pub size: Option<i64>,
    /// The number of processes along the dimension.
    pub grid_size: Option<i64>,
    /// The distribution type.
    pub dist_type: Option<DistType>,
    /// Whether the dimension is periodic.
    pub periodic: bool,
    /// The parts that are right by themselves, ascending by grid rank; parts that came out of order
    /// follow.
    pub parts: Vec<StatedPart>,
}

/// The indices that the processes with one grid rank state to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPart {
    /// The grid rank.
    pub grid_rank: GridRank,
    /// The processes with this grid rank that state this; `None` for all of them.
    pub ranks: Option<RankSet>,
    /// The indices.
    pub holding: Holding,
}

/// The indices that a process holds along one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holding {
    /// A range and its padding; the boundary is that of the first process with this grid rank.
    Block(BlockSection),
    /// Blocks of `block_size` from `start` on, one in every cycle of `grid_size` blocks.
    Cyclic {
        /// The first index.
        start: i64,
        /// The length of a block, at least 1.
        block_size: i64,
        /// The number of these indices below `size`.
        owned: i64,
    },
    /// Any indices, in the order of the buffer.
    Unstructured {
        /// The indices.
        indices: Arc<[i64]>,
        /// Whether no other process may hold any of them.
        one_to_one: bool,
    },
}

impl StatedPart {
    pub(super) fn new(grid_rank: i64, section: &Section, boundary: [i64; 2], ranks: Option<RankSet>) -> Self {
        let holding = match section {
            Section::Block(section::BlockSection { start, stop, communication: [comm_lo, comm_hi], .. }) => {
                Holding::Block(BlockSection {
                    owned_start: *start,
                    owned_stop: *stop,
                    comm_lo: *comm_lo,
                    comm_hi: *comm_hi,
                    boundary_lo: boundary[0],
                    boundary_hi: boundary[1],
                })
            }
            Section::Cyclic(section::CyclicSection { start, block_size, owned }) => {
                Holding::Cyclic { start: *start, block_size: *block_size, owned: *owned }
            }
            Section::Unstructured(section::UnstructuredSection { indices, one_to_one }) => {
                Holding::Unstructured { indices: indices.clone(), one_to_one: *one_to_one }
            }
        };
        Self { grid_rank: GridRank(grid_rank), ranks, holding }
    }
}
