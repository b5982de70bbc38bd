//! The execution of one move by the strategy that was chosen for this node; between nodes there are
//! messages.

use std::sync::Arc;

use dap_core::index::Rank;
use dap_core::plan::Plan;
use dap_ndarray::copy::{CopyError, Demand, Order, Pull, Push, Reuse, Source, Supply, Target};
use dap_ndarray::{Access, Buffer};

use super::Redistribution;
use super::strategy::{Route, Strategy};
use crate::error::Result;
use crate::exchange::{SlotRoute, Staged, StagedTransfer};

impl Redistribution {
    /// Moves this rank's part by the route; messages have this order.
    pub(super) fn execute_route(
        &mut self,
        route: &Route<'_>,
        order: Order,
        source: Option<&Buffer>,
        target: Option<&mut Buffer>,
    ) -> Result<()> {
        let strides = target.as_deref().map(|target| target.strides().to_vec());
        let data = target.and_then(|target| target.as_mut_ptr().ok());
        let target = data.zip(strides.as_deref()).map(|(data, strides)| Target { data, strides });
        let item = usize::try_from(self.dtype.itemsize()).unwrap_or(0);
        let reads = matches!(route.strategy, Strategy::ReadByTarget(_) | Strategy::RelayThroughSlots(_));
        if let Some(Target { strides, .. }) = target.filter(|_| reads) {
            keep(&mut self.pull, strides, || Pull::new(Arc::clone(&self.plan), item, strides))?;
        } else if let Some(source) = source.filter(|_| !reads) {
            keep(&mut self.push, source.strides(), || Push::new(&self.plan, item, source.strides()))?;
        }
        let alias = |target: Option<Target<'_>>| target.map(|target| self.alias(target)).transpose();
        let for_messages = alias(target)?;
        let for_slots = match route.strategy {
            Strategy::RelayThroughSlots(_) | Strategy::WriteThroughSlots(_) => alias(target)?,
            Strategy::ReadByTarget(_) | Strategy::WriteBySource(_) => None,
        };
        let (item, limit) = (item.max(1), self.messages.longest());
        let rank_move = RankMove { plan: &self.plan, route, source, target, order, item, limit };
        let (to, from) = (|rank| route.message_to(rank), |rank| route.message_from(rank));
        let in_flight = self.messages.begin(&self.plan, source, for_messages, order, to, from)?;
        let (pull, push) = (self.pull.as_ref().map(|(_, pull)| pull), self.push.as_ref().map(|(_, push)| push));
        let moved = match route.strategy {
            Strategy::ReadByTarget(through) => rank_move.gather(pull, through),
            Strategy::RelayThroughSlots(through) => rank_move.relay(pull, through, for_slots),
            Strategy::WriteBySource(_) => rank_move.scatter(push),
            Strategy::WriteThroughSlots(through) => rank_move.scatter_through(push, through, for_slots),
        };
        in_flight.finish().and(moved)
    }

    /// A second `Buffer` over the target's memory.
    fn alias(&self, Target { data, strides }: Target<'_>) -> Result<Buffer> {
        let shape = self.plan.endpoints().target.and_then(|rank| self.plan.to().local_shape(rank)).unwrap_or_default();
        // SAFETY: `data` and the strides are those of the target, whose shape `check` has compared
        // with the layout's; it is borrowed mutably until `execute` returns, and the alias is
        // dropped before. Messages, slots and pulls write different items of it, since each item
        // comes from one source and each source takes one strategy (`Route`).
        #[expect(unsafe_code, reason = "several writers of one buffer")]
        let alias = unsafe { Buffer::from_raw(data, self.dtype.clone(), &shape, Some(strides), Access::ReadWrite, ()) };
        Ok(alias?)
    }
}

/// Replaces the kept value if it was made for other strides.
fn keep<T>(
    kept: &mut Option<(Vec<i64>, T)>,
    strides: &[i64],
    make: impl FnOnce() -> std::result::Result<T, CopyError>,
) -> Result<()> {
    if kept.as_ref().is_none_or(|(made_for, _)| made_for != strides) {
        *kept = Some((strides.to_vec(), make()?));
    }
    Ok(())
}

/// One move, on one rank.
///
/// # Safety argument
///
/// The owner of each source and target has compared its extents with the layout, and holds it until
/// all ranks have agreed that the move is complete. Different processes write different items.
struct RankMove<'m> {
    plan: &'m Plan,
    route: &'m Route<'m>,
    source: Option<&'m Buffer>,
    target: Option<Target<'m>>,
    order: Order,
    item: usize,
    /// The greatest length of a piece, in bytes.
    limit: usize,
}

impl<'m> RankMove<'m> {
    fn staged(&self, through: SlotRoute<'m>) -> Staged<'m> {
        Staged { plan: self.plan, through, order: self.order, item: self.item, limit: self.limit }
    }

    /// The memory of a source that is read without a slot.
    fn supply(&self, peer: Rank) -> Option<Supply<'m>> {
        if Some(peer) == self.plan.endpoints().source {
            let source = self.source?;
            return Some(Supply::Buffer(Source { data: source.as_ptr(), strides: source.strides() }));
        }
        self.route.readable(peer).map(Supply::Buffer)
    }

    /// The memory of a target that is written without a slot.
    fn demand(&self, peer: Rank) -> Option<Demand<'m>> {
        let own = self.target.filter(|_| Some(peer) == self.plan.endpoints().target);
        own.or_else(|| self.route.writable(peer)).map(Demand::Buffer)
    }

    /// The node rank of a source that is read in slots.
    fn staged_source(&self, peer: Rank) -> Option<usize> {
        self.route.staged_source(peer).filter(|_| Some(peer) != self.plan.endpoints().source)
    }

    /// The transfers that this rank stages for ranks that cannot read its source.
    fn sends(&self) -> Vec<StagedTransfer<'m>> {
        if self.source.is_some() { self.route.staged_sends(self.plan) } else { Vec::new() }
    }

    fn receives(&self, from: impl Fn(Rank) -> Option<usize>) -> Vec<StagedTransfer<'m>> {
        self.plan.receives().filter_map(|part| Some((from(part.peer())?, part))).collect()
    }

    fn gather(&self, pull: Option<&Pull>, through: Option<SlotRoute<'m>>) -> Result<()> {
        let Some(through) = through else {
            return self.pull(pull, |peer| self.supply(peer));
        };
        let sends = self.sends();
        let sends = self.source.map(|source| (source, &sends[..]));
        let target = pull.zip(self.target).map(|(pull, target)| (pull, target.data));
        // SAFETY: `check` on every rank has compared source and target with the layouts that the
        // plan is made of. The target is borrowed mutably; other sources are mappings of buffers
        // that their owners borrow, and do not write, until the closing barrier.
        #[expect(unsafe_code, reason = "addresses for the copy kernels")]
        unsafe {
            self.staged(through).gather(sends, target, |peer| self.staged_source(peer), |peer| self.supply(peer))
        }
    }

    fn relay(&self, pull: Option<&Pull>, through: SlotRoute<'m>, target: Option<Buffer>) -> Result<()> {
        let pulled = self.pull(pull, |peer| self.supply(peer).filter(|_| self.staged_source(peer).is_none()));
        let (sends, receives) = (self.sends(), self.receives(|peer| self.staged_source(peer)));
        let sends = self.source.map(|source| (source, &sends[..]));
        // An error here would be an error of the plan. The other ranks of the node go on all the
        // same.
        pulled.and(self.staged(through).relay(sends, target.map(|target| (target, &receives[..]))))
    }

    fn pull(&self, pull: Option<&Pull>, supply: impl Fn(Rank) -> Option<Supply<'m>>) -> Result<()> {
        let Some((pull, target)) = pull.zip(self.target) else { return Ok(()) };
        // SAFETY: the pull was made for this plan and the target's strides, and `check` on every
        // rank has compared the buffers with the plan's layouts. The target is borrowed mutably;
        // other processes' sources are mapped, and stay unwritten until the closing barrier.
        #[expect(unsafe_code, reason = "addresses for the copy kernels")]
        unsafe {
            pull.run(|transfer| supply(transfer.peer()), target.data)?;
        }
        Ok(())
    }

    fn scatter(&self, push: Option<&Push>) -> Result<()> {
        if let Some((push, source)) = push.zip(self.source) {
            // SAFETY: the push was made for this plan and the source's strides, and `check` on
            // every rank has compared the buffers with the plan's layouts. Other processes' targets
            // are mapped for writing; their owners borrow them mutably until the closing barrier,
            // and each source writes items of its own there.
            #[expect(unsafe_code, reason = "addresses for the copy kernels")]
            unsafe {
                push.run(|transfer| self.demand(transfer.peer()), source.as_ptr(), Reuse::Soon)?;
            }
        }
        Ok(())
    }

    fn scatter_through(&self, push: Option<&Push>, through: SlotRoute<'m>, target: Option<Buffer>) -> Result<()> {
        let receives = self.receives(|peer| self.route.owner(peer));
        let source = push.zip(self.source).map(|(push, source)| (push, source.as_ptr()));
        // SAFETY: the push was made for this plan and the source's strides, and `check` has
        // compared the source with the plan's layout; it is borrowed. `target` is an alias of the
        // own target, see `alias`, of which each item is written by one source.
        #[expect(unsafe_code, reason = "addresses for the copy kernels")]
        unsafe {
            self.staged(through).scatter(source, target, |peer| self.route.reader(peer), &receives)
        }
    }
}
