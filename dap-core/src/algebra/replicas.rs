//! Results that several ranks hold, and the reductions that have them.
//!
//! A reduction keeps the distribution of the axes that stay. Each section of the result has one
//! *owner*, the rank with coordinate 0 along the reduced axes; it is also the lowest layout rank of
//! those that contribute. With replication all contributors hold the result.
//!
//! ```
//! use dap_core::algebra::Placement;
//! use dap_core::index::Rank;
//! use dap_core::layout::{DimSpec, Layout};
//! let layout = Layout::builder([8, 6]).dims([DimSpec::Block, DimSpec::Cyclic]).grid([2, 3]).build()?;
//! let rows = Placement::new(layout).reduce(Some(&[1]), false)?;
//! assert_eq!(rows.owners().to_string(), "(8,) over 2: block(4) on ranks 0, 3");
//! let holders: Vec<i64> = rows.holders(Rank(1)).map(|rank| rank.0).collect();
//! assert_eq!(holders, [3, 4, 5]);
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use smallvec::SmallVec;

use super::axes_of;
use super::placement::Placement;
use super::rank_map::{Along, CommRank, RankMap};
use crate::dim::Dim;
use crate::error::Result;
use crate::index::Rank;
use crate::layout::Layout;

/// An array each of whose sections an owner and further ranks hold, or contribute to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replicas {
    owners: Placement,
    /// The grid of the owners, and behind it the dimensions along which copies lie.
    holders: RankMap,
    copies: i64,
}

impl Replicas {
    /// The distribution over the owners, who alone export.
    pub fn owners(&self) -> &Placement {
        &self.owners
    }

    /// The number of ranks that hold a section, the owner included.
    pub fn copies(&self) -> i64 {
        self.copies
    }

    /// The ranks that hold a section, the owner first; none when there is no such section.
    pub fn holders(&self, section: Rank) -> impl Iterator<Item = CommRank> + '_ {
        let sections = self.owners.layout().processes();
        let copies = if (0..sections).contains(&section.0) { self.copies } else { 0 };
        // Less than the number of all ranks.
        (0..copies).filter_map(move |copy| self.holders.holder(Rank(section.0 * self.copies + copy)))
    }

    /// The section that a rank holds; `None` when it holds none.
    pub fn section(&self, holder: CommRank) -> Option<Rank> {
        self.holders.section(holder).map(|rank| Rank(rank.0 / self.copies))
    }
}

impl Placement {
    /// The result of a reduction over some axes, all of them for `None`. With `keepdims` they stay
    /// as axes of one element.
    ///
    /// The holders of a section are the ranks whose elements it reduces.
    ///
    /// # Errors
    /// An axis that is not there, or named twice.
    pub fn reduce(&self, axes: Option<&[i64]>, keepdims: bool) -> Result<Replicas> {
        let ndim = self.ndim();
        let reduced = match axes {
            Some(axes) => axes_of(axes, ndim)?,
            None => (0..ndim).collect(),
        };
        let mut dims = Vec::with_capacity(ndim);
        let mut owner: SmallVec<[Along; 4]> = SmallVec::with_capacity(ndim);
        for (at, dim) in self.layout().dims().iter().enumerate() {
            if !reduced.contains(&at) {
                owner.push(Along::whole(dims.len()));
                dims.push(dim.clone());
                continue;
            }
            owner.push(Along::At(0));
            if keepdims {
                dims.push(Dim::undistributed(1)?);
            }
        }
        let layout = Layout::new(dims)?;
        let mut grid: SmallVec<[i64; 4]> = layout.grid().shape().into();
        let owners = Placement::with_ranks(layout, self.ranks().select(&owner, &grid)?)?;
        let mut copies = 1;
        let mut all = owner;
        for (at, (along, dim)) in all.iter_mut().zip(self.layout().dims()).enumerate() {
            if reduced.contains(&at) {
                *along = Along::whole(grid.len());
                grid.push(dim.grid_size());
                copies *= dim.grid_size();
            }
        }
        let holders = self.ranks().select(&all, &grid)?;
        Ok(Replicas { owners, holders, copies })
    }
}
