//! The ranks of a placement's sections, looked up once for an operation that is repeated.
//!
//! A [`RankMap`](dap_core::algebra::RankMap) computes a rank from the coordinates of a section. A
//! move asks for the rank of each peer several times in each execution, so its preparation writes
//! the ranks into a list.

use dap_core::algebra::{CommRank, Placement, RankMap};
use dap_core::finding::plural;
use dap_core::index::Rank;
use dap_core::layout::Layout;

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::node::Node;

/// The ranks of one placement on one communicator. Equal on all ranks but for the two fields that
/// concern this rank and its node.
#[derive(Debug)]
pub(crate) struct Holders {
    /// The rank of each section; `None` if section r lies on rank r.
    list: Option<Box<[i32]>>,
    /// The section of this rank.
    section: Option<Rank>,
    /// The ranks of this node whose section has items, as node ranks.
    with_items: Vec<usize>,
}

impl Comm {
    /// Refuses a placement that needs other ranks than this communicator has. Local, and the same
    /// on all ranks.
    ///
    /// # Errors
    /// More sections than ranks, or a section whose rank the communicator does not have.
    pub fn check_placement(&self, placement: &Placement) -> Result<()> {
        let (layout, ranks) = (placement.layout(), i64::from(self.size()));
        let wrong = |message: String| Err(Error::new(ErrorKind::Layout, message));
        if layout.processes() > ranks {
            let needed = plural(layout.processes(), "rank");
            return wrong(format!("the layout {layout} needs {needed}, the communicator has {ranks}"));
        }
        match placement.ranks().outside(ranks) {
            None => Ok(()),
            Some((section, holder)) => wrong(format!(
                "section {section} of {layout} is placed on rank {holder}, the communicator has ranks 0 to {}",
                ranks - 1
            )),
        }
    }
}

impl Holders {
    /// # Errors
    /// As [`Comm::check_placement`].
    pub(crate) fn new(comm: &Comm, placement: &Placement) -> Result<Holders> {
        comm.check_placement(placement)?;
        let (layout, ranks) = (placement.layout(), placement.ranks());
        let list = if ranks.is_identity() { None } else { Some(list(ranks)?) };
        let section = ranks.section(CommRank(comm.rank().into()));
        let mut holders = Holders { list, section, with_items: Vec::new() };
        holders.with_items = holders.node_ranks_with_items(comm.node(), layout);
        Ok(holders)
    }

    /// The rank in the communicator that holds a section of the layout.
    pub(crate) fn holder(&self, section: Rank) -> i32 {
        match &self.list {
            // No more sections than ranks.
            None => i32::try_from(section.0).unwrap_or(i32::MAX),
            Some(list) => {
                usize::try_from(section.0).ok().and_then(|section| list.get(section)).copied().unwrap_or(i32::MAX)
            }
        }
    }

    /// The section of this rank.
    pub(crate) fn section(&self) -> Option<Rank> {
        self.section
    }

    /// The node ranks of this node whose section has items, and so memory that can be reached.
    pub(crate) fn with_items(&self) -> &[usize] {
        &self.with_items
    }

    fn node_ranks_with_items(&self, node: &Node, layout: &Layout) -> Vec<usize> {
        let has_items = |section: Rank| layout.grid().contains(section) && layout.local_len(section) != Some(0);
        if self.list.is_none() {
            let holds = |&(_, &rank): &(usize, &i32)| has_items(Rank(rank.into()));
            return node.ranks().iter().enumerate().filter(holds).map(|(node_rank, _)| node_rank).collect();
        }
        let sections = (0..layout.processes()).map(Rank).filter(|&section| has_items(section));
        sections.filter_map(|section| node.node_rank_of(self.holder(section))).collect()
    }
}

/// The rank of each section.
fn list(ranks: &RankMap) -> Result<Box<[i32]>> {
    let nowhere = || Error::new(ErrorKind::Layout, "a section of the array is on no rank of the communicator");
    let holder = |section| ranks.holder(section).and_then(|holder| i32::try_from(holder.0).ok()).ok_or_else(nowhere);
    (0..ranks.processes()).map(|section| holder(Rank(section))).collect()
}
