//! How each part of one move travels: read from where it lies, through slots of the node, or in messages.

use dap_core::index::Rank;
use dap_core::plan::{Plan, Transfer};
use dap_ndarray::copy::Source;

use crate::exchange::Through;
use crate::memory::{Neighbourhood, Sources};
use crate::ranks::Ranks;

/// What decides it.
#[derive(Clone, Copy)]
pub(super) struct Route<'m> {
    pub(super) hood: &'m Neighbourhood,
    pub(super) sources: &'m Sources,
    /// Nothing: what cannot be read goes in messages.
    pub(super) slots: Option<Through<'m>>,
    /// Who holds the sections that are moved from, and those that are moved to.
    pub(super) from: &'m Ranks,
    pub(super) to: &'m Ranks,
}

impl<'m> Route<'m> {
    /// The place on the node of a target that reads by itself, out of this process's buffer or out of a slot.
    pub(super) fn reader(&self, target: Rank) -> Option<usize> {
        self.hood.place_of(self.to.holder(target)).filter(|_| self.sources.own_is_readable() || self.slots.is_some())
    }

    /// The place on the node of a source that is read from here, in its buffer or in a slot.
    fn owner(&self, source: Rank) -> Option<usize> {
        let place = self.hood.place_of(self.from.holder(source))?;
        (self.sources.is_readable(place) || self.slots.is_some()).then_some(place)
    }

    /// The place on the node of a source that is read in a slot.
    pub(super) fn hidden(&self, source: Rank) -> Option<usize> {
        self.owner(source).filter(|&place| !self.sources.is_readable(place))
    }

    /// The buffer of a source that is read where it lies.
    pub(super) fn shown(&self, source: Rank) -> Option<Source<'m>> {
        self.sources.get(self.hood.place_of(self.from.holder(source))?)
    }

    /// What this process lays out in slots, each for the rank at a place of the node. Everybody begins with the one behind itself, so that
    /// not all wait for the same one.
    pub(super) fn laid_out<'p>(&self, plan: &'p Plan) -> Vec<(usize, Transfer<'p>)> {
        if self.sources.own_is_readable() {
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
