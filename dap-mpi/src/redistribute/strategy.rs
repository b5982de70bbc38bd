//! How each part of one move travels: from where it lies to where it belongs, through slots of the
//! node, or in messages.

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ndarray::copy::{Source, Target};

use crate::exchange::{Along, SlotRoute};
use crate::memory::{Node, RemoteBuffers};
use crate::ranks::Ranks;

/// In whose order a move goes on this node.
#[derive(Clone, Copy)]
pub(super) enum Strategy<'m> {
    /// In that of each target, from the sources that can be read; the others through slots if there
    /// are some, or else in messages.
    ReadByTarget(Option<SlotRoute<'m>>),
    /// The same, but through slots in the order of each transfer.
    RelayThroughSlots(SlotRoute<'m>),
    /// In that of each source, to all targets, which can be written.
    WriteBySource(&'m RemoteBuffers),
    /// In that of each source, through slots.
    WriteThroughSlots(SlotRoute<'m>),
}

/// What decides it.
#[derive(Clone, Copy)]
pub(super) struct Route<'m> {
    pub(super) node: &'m Node,
    pub(super) sources: &'m RemoteBuffers,
    pub(super) strategy: Strategy<'m>,
    /// Who holds the sections that are moved from, and those that are moved to.
    pub(super) from: &'m Ranks,
    pub(super) to: &'m Ranks,
}

impl<'m> Route<'m> {
    /// Whether what a source's node_rank on this node holds gets to the others there without messages.
    fn is_shared(&self, node_rank: usize) -> bool {
        match self.strategy {
            Strategy::ReadByTarget(slots) => slots.is_some() || self.sources.is_reachable(node_rank),
            Strategy::RelayThroughSlots(_) | Strategy::WriteBySource(_) | Strategy::WriteThroughSlots(_) => true,
        }
    }

    /// The node_rank on the node of a target that is reached without messages.
    pub(super) fn reader(&self, target: Rank) -> Option<usize> {
        self.node.node_rank_of(self.to.holder(target)).filter(|_| self.is_shared(self.node.node_rank()))
    }

    /// The node_rank on the node of a source that reaches this process without messages.
    pub(super) fn owner(&self, source: Rank) -> Option<usize> {
        self.node.node_rank_of(self.from.holder(source)).filter(|&node_rank| self.is_shared(node_rank))
    }

    /// The node_rank on the node of a source that is read in a slot.
    pub(super) fn hidden(&self, source: Rank) -> Option<usize> {
        self.owner(source).filter(|&node_rank| !self.sources.is_reachable(node_rank))
    }

    /// The buffer of a source that is read where it lies.
    pub(super) fn shown(&self, source: Rank) -> Option<Source<'m>> {
        let (data, strides) = self.sources.get(self.node.node_rank_of(self.from.holder(source))?)?;
        Some(Source { data, strides })
    }

    /// The buffer of a target that is written where it lies.
    pub(super) fn open(&self, target: Rank) -> Option<Target<'m>> {
        let Strategy::WriteBySource(targets) = self.strategy else { return None };
        let (data, strides) = targets.get(self.node.node_rank_of(self.to.holder(target))?)?;
        Some(Target { data, strides })
    }

    /// What this process lays out in slots for those who cannot read its source, each for the rank
    /// at a node_rank of the node. Everybody begins with the one behind itself, so that not all wait
    /// for the same one.
    pub(super) fn laid_out<'p>(&self, plan: &'p Plan) -> Vec<Along<'p>> {
        if self.sources.own_is_reachable() {
            return Vec::new();
        }
        let mut sends: Vec<_> = plan.sends().filter_map(|send| Some((self.reader(send.peer())?, send))).collect();
        sends.sort_by_key(|(node_rank, _)| (*node_rank <= self.node.node_rank(), *node_rank));
        sends
    }

    /// The rank in the communicator of a target that gets messages.
    pub(super) fn message_to(&self, target: Rank) -> Option<i32> {
        if self.reader(target).is_some() { None } else { Some(self.to.holder(target)) }
    }

    /// The rank in the communicator of a source that sends messages.
    pub(super) fn message_from(&self, source: Rank) -> Option<i32> {
        if self.owner(source).is_some() { None } else { Some(self.from.holder(source)) }
    }
}
