//! How each part of one move travels: from where it lies to where it belongs, through slots of the
//! node, or in messages.

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ndarray::copy::{Source, Target};

use crate::exchange::{Along, Through};
use crate::memory::{Exposed, Neighbourhood};
use crate::ranks::Ranks;

/// In whose order a move goes on this node.
#[derive(Clone, Copy)]
pub(super) enum Way<'m> {
    /// In that of each target, from the sources that can be read; the others through slots if there
    /// are some, or else in messages.
    Gather(Option<Through<'m>>),
    /// The same, but through slots in the order of each transfer.
    Relay(Through<'m>),
    /// In that of each source, to all targets, which can be written.
    Scatter(&'m Exposed),
    /// In that of each source, through slots.
    ScatterThrough(Through<'m>),
}

/// What decides it.
#[derive(Clone, Copy)]
pub(super) struct Route<'m> {
    pub(super) hood: &'m Neighbourhood,
    pub(super) sources: &'m Exposed,
    pub(super) way: Way<'m>,
    /// Who holds the sections that are moved from, and those that are moved to.
    pub(super) from: &'m Ranks,
    pub(super) to: &'m Ranks,
}

impl<'m> Route<'m> {
    /// Whether what a source's place on this node holds gets to the others there without messages.
    fn is_shared(&self, place: usize) -> bool {
        match self.way {
            Way::Gather(slots) => slots.is_some() || self.sources.is_reachable(place),
            Way::Relay(_) | Way::Scatter(_) | Way::ScatterThrough(_) => true,
        }
    }

    /// The place on the node of a target that is reached without messages.
    pub(super) fn reader(&self, target: Rank) -> Option<usize> {
        self.hood.place_of(self.to.holder(target)).filter(|_| self.is_shared(self.hood.place()))
    }

    /// The place on the node of a source that reaches this process without messages.
    pub(super) fn owner(&self, source: Rank) -> Option<usize> {
        self.hood.place_of(self.from.holder(source)).filter(|&place| self.is_shared(place))
    }

    /// The place on the node of a source that is read in a slot.
    pub(super) fn hidden(&self, source: Rank) -> Option<usize> {
        self.owner(source).filter(|&place| !self.sources.is_reachable(place))
    }

    /// The buffer of a source that is read where it lies.
    pub(super) fn shown(&self, source: Rank) -> Option<Source<'m>> {
        let (data, strides) = self.sources.get(self.hood.place_of(self.from.holder(source))?)?;
        Some(Source { data, strides })
    }

    /// The buffer of a target that is written where it lies.
    pub(super) fn open(&self, target: Rank) -> Option<Target<'m>> {
        let Way::Scatter(targets) = self.way else { return None };
        let (data, strides) = targets.get(self.hood.place_of(self.to.holder(target))?)?;
        Some(Target { data, strides })
    }

    /// What this process lays out in slots for those who cannot read its source, each for the rank
    /// at a place of the node. Everybody begins with the one behind itself, so that not all wait
    /// for the same one.
    pub(super) fn laid_out<'p>(&self, plan: &'p Plan) -> Vec<Along<'p>> {
        if self.sources.own_is_reachable() {
            return Vec::new();
        }
        let mut sends: Vec<_> = plan.sends().filter_map(|send| Some((self.reader(send.peer())?, send))).collect();
        sends.sort_by_key(|(place, _)| (*place <= self.hood.place(), *place));
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
