//! The strategies of a move on a node, and the route of each part: directly from source to target,
//! through slots of the node, or in messages. `Redistribution::move_between` chooses the strategy.

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ndarray::copy::{Source, Target};

use crate::exchange::{SlotRoute, StagedTransfer};
use crate::holders::Holders;
use crate::memory::RemoteBuffers;
use crate::node::Node;

/// The way in which a move transfers data between the ranks of this node.
#[derive(Clone, Copy)]
pub(super) enum Strategy<'m> {
    /// Target order: read mapped sources directly; fetch the rest through slots if available,
    /// otherwise by MPI messages.
    ReadByTarget(Option<SlotRoute<'m>>),
    /// The order of each transfer, through slots.
    RelayThroughSlots(SlotRoute<'m>),
    /// Source order: write to all targets directly; every rank of the node has mapped them.
    WriteBySource(&'m RemoteBuffers),
    /// Source order, through slots.
    WriteThroughSlots(SlotRoute<'m>),
}

/// The strategy, and the memory and ranks that it applies to.
#[derive(Clone, Copy)]
pub(super) struct Route<'m> {
    pub(super) node: &'m Node,
    pub(super) sources: &'m RemoteBuffers,
    pub(super) strategy: Strategy<'m>,
    /// The ranks that hold the sections of the source and of the target layout.
    pub(super) from: &'m Holders,
    pub(super) to: &'m Holders,
}

impl<'m> Route<'m> {
    /// Whether the section of a node rank reaches the other ranks of the node without messages.
    fn is_shared(&self, node_rank: usize) -> bool {
        match self.strategy {
            Strategy::ReadByTarget(slots) => slots.is_some() || self.sources.is_reachable(node_rank),
            Strategy::RelayThroughSlots(_) | Strategy::WriteBySource(_) | Strategy::WriteThroughSlots(_) => true,
        }
    }

    /// The node rank of a target that is reached without messages.
    pub(super) fn reader(&self, target: Rank) -> Option<usize> {
        self.node.node_rank_of(self.to.holder(target)).filter(|_| self.is_shared(self.node.node_rank()))
    }

    /// The node rank of a source that reaches this process without messages.
    pub(super) fn owner(&self, source: Rank) -> Option<usize> {
        self.node.node_rank_of(self.from.holder(source)).filter(|&node_rank| self.is_shared(node_rank))
    }

    /// The node rank of a source that is read in slots.
    pub(super) fn staged_source(&self, source: Rank) -> Option<usize> {
        self.owner(source).filter(|&node_rank| !self.sources.is_reachable(node_rank))
    }

    /// The buffer of a source that is read directly.
    pub(super) fn readable(&self, source: Rank) -> Option<Source<'m>> {
        let (data, strides) = self.sources.get(self.node.node_rank_of(self.from.holder(source))?)?;
        Some(Source { data, strides })
    }

    /// The buffer of a target that is written directly.
    pub(super) fn writable(&self, target: Rank) -> Option<Target<'m>> {
        let Strategy::WriteBySource(targets) = self.strategy else { return None };
        let (data, strides) = targets.get(self.node.node_rank_of(self.to.holder(target))?)?;
        Some(Target { data, strides })
    }

    /// The transfers that this process stages in slots, each with its node rank, for ranks that
    /// cannot read its source. Each rank begins with the rank behind itself, so that not all wait
    /// for the same one.
    pub(super) fn staged_sends<'p>(&self, plan: &'p Plan) -> Vec<StagedTransfer<'p>> {
        if self.sources.own_is_reachable() {
            return Vec::new();
        }
        let mut sends: Vec<_> = plan.sends().filter_map(|send| Some((self.reader(send.peer())?, send))).collect();
        sends.sort_by_key(|(node_rank, _)| (*node_rank <= self.node.node_rank(), *node_rank));
        sends
    }

    /// The rank in the communicator of a target that receives messages.
    pub(super) fn message_to(&self, target: Rank) -> Option<i32> {
        if self.reader(target).is_some() { None } else { Some(self.to.holder(target)) }
    }

    /// The rank in the communicator of a source that sends messages.
    pub(super) fn message_from(&self, source: Rank) -> Option<i32> {
        if self.owner(source).is_some() { None } else { Some(self.from.holder(source)) }
    }
}
