//! Redistribution: moves an array from one distribution to another, of the same shape or another
//! one.
//!
//! A [`Redistribution`] is made once for two layouts and used as often as arrays of these layouts
//! move. A change of shape concerns its plan only. Each move decides how its parts travel, by where
//! the buffers lie ([`strategy`]) and how long the runs are ([`run_lengths`]):
//!
//! - A target reads memory of this crate on the same node directly, in one copy ([`Pull`]). If runs
//!   are short, or only the target can be mapped, the source writes there instead ([`Push`]).
//! - If neither side can be mapped, the data goes through small slots that the node shares, or in
//!   messages; the autotuner finds the faster one.
//! - Between nodes there are messages ([`exchange`](crate::exchange)).
//! - Elements that stay on their process are copied straight into the target.

mod check;
mod execute;
mod run_lengths;
mod strategy;

use std::sync::Arc;

use dap_core::algebra::Placement;
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};
use dap_ndarray::copy::{Order, Pull, Push, Reuse, movable};
use dap_ndarray::{Access, Buffer};

use crate::autotuner::Autotuner;
use crate::comm::Comm;
use crate::error::Result;
use crate::exchange::{Messages, SlotRoute};
use crate::holders::Holders;
use crate::memory::{self, ExchangedHandles, RemoteBuffers, Side};
use crate::node::Slots;
use run_lengths::{FavouredCopy, is_contiguous};
use strategy::{Route, Strategy};

/// A prepared move between two layouts.
#[derive(Debug)]
pub struct Redistribution {
    comm: Comm,
    plan: Arc<Plan>,
    dtype: DType,
    from: Arc<Holders>,
    to: Arc<Holders>,
    /// The pull for the strides of the last target.
    pull: Option<(Vec<i64>, Pull)>,
    /// The push for the strides of the last source.
    push: Option<(Vec<i64>, Push)>,
    /// The copy that the run lengths of all ranks favour, for buffers in C order and in Fortran's.
    favoured: [FavouredCopy; 2],
    messages: Messages,
    /// Whether the elements at some positions of a buffer are quickly found in all transfers, on
    /// all ranks.
    is_simple: bool,
    /// Chooses between the staging paths.
    autotuner: Autotuner<{ STAGING_PATHS.len() }>,
}

/// A constructor of a move from one placement to another: [`Redistribution::new`] or
/// [`Redistribution::reshape`].
pub type Prepare = fn(&Comm, Placement, Placement, &DType) -> Result<Redistribution>;

/// The path of data that no rank of the node can reach directly: slots in the cache, slots written
/// with non-temporal stores, or messages.
#[derive(Debug, Clone, Copy)]
enum StagingPath {
    Cached,
    NonTemporal,
    Messages,
}

const STAGING_PATHS: [StagingPath; 3] = [StagingPath::Cached, StagingPath::NonTemporal, StagingPath::Messages];
/// The orders of [`Redistribution::favoured`].
const ORDERS: [Order; 2] = [Order::C, Order::F];
/// The greatest number of parts along a factor (pieces of a reshape, single indices of an
/// unstructured dimension) of a transfer that is cut by positions of a buffer. With more parts,
/// each piece would search all of them.
const MOST_PARTS: usize = 1024;

impl Redistribution {
    /// From `from` to `to`, for items of type `dtype`. A layout alone places section r on rank r.
    /// Collective.
    ///
    /// # Errors
    /// Layouts of different arrays; items that are or hold addresses; a placement on ranks that the
    /// communicator does not have; layouts, item types or ranks that differ between ranks.
    #[track_caller]
    pub fn new(
        comm: &Comm,
        from: impl Into<Placement>,
        to: impl Into<Placement>,
        dtype: &DType,
    ) -> Result<Redistribution> {
        let (from, to) = (from.into(), to.into());
        let _call = comm.enter("Redistribution::new", (&from, &to, dtype))?;
        Self::planned(comm, &from, &to, dtype, Plan::new, "move")
    }

    /// From `from` to `to`, an array of another shape with the same items in the same row-major
    /// order (the last index varies fastest), whatever the order of the buffers in memory. Fast
    /// where the buffers are in C order, without gaps, and slower elsewhere, see
    /// [`copy`](dap_ndarray::copy). Collective.
    ///
    /// # Errors
    /// Arrays of different numbers of items, and what else [`Plan::reshape`] refuses; otherwise as
    /// [`Redistribution::new`].
    #[track_caller]
    pub fn reshape(
        comm: &Comm,
        from: impl Into<Placement>,
        to: impl Into<Placement>,
        dtype: &DType,
    ) -> Result<Redistribution> {
        let (from, to) = (from.into(), to.into());
        let _call = comm.enter("Redistribution::reshape", (&from, &to, dtype))?;
        Self::planned(comm, &from, &to, dtype, Plan::reshape, "reshape")
    }

    fn planned(
        comm: &Comm,
        from: &Placement,
        to: &Placement,
        dtype: &DType,
        plan: fn(&Layout, &Layout, Endpoints) -> dap_core::error::Result<Plan>,
        what: &str,
    ) -> Result<Redistribution> {
        let made = Holders::new(comm, from).and_then(|sources| {
            let targets = Holders::new(comm, to)?;
            movable(dtype)?;
            let endpoints = Endpoints { source: sources.section(), target: targets.section() };
            Ok((plan(from.layout(), to.layout(), endpoints)?, sources, targets))
        });
        let mut least = made.as_ref().map_or([0; 4], |(plan, ..)| {
            let [in_c, in_f] = ORDERS.map(|order| FavouredCopy::of(plan, order, dtype.itemsize()).number());
            [negative(plan.receives().count()), negative(parts(plan)), in_c, in_f]
        });
        let (plan, sources, targets) = comm.agree_with(made, &mut least)?;
        let [peers, parts, in_c, in_f] = least;
        let [peers, parts] = [peers, parts].map(|least| usize::try_from(-least).unwrap_or(0));
        let favoured = [in_c, in_f].map(FavouredCopy::from_number);
        comm.same(&format!("a {what} of {} items from {from} to {to}", dtype.name()), &(from, to))?;
        let messages = Messages::new(comm, peers);
        let is_simple = parts <= MOST_PARTS;
        let (plan, dtype) = (Arc::new(plan), dtype.clone());
        let (comm, autotuner) = (comm.clone(), Autotuner::new());
        let (from, to) = (Arc::new(sources), Arc::new(targets));
        Ok(Redistribution {
            comm,
            plan,
            dtype,
            from,
            to,
            pull: None,
            push: None,
            favoured,
            messages,
            is_simple,
            autotuner,
        })
    }

    /// Limits the length of each message, and of each piece in shared memory, to `bytes`; one item
    /// travels as a whole. All ranks give the same limit. The default for messages is 2 MiB.
    pub fn with_message_limit(mut self, bytes: usize) -> Redistribution {
        self.messages.limit(bytes);
        self
    }

    /// The plan of this process.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Moves an array from `source`, this process's section, to `target`. Each is `None` if the
    /// process has no such section. Communication padding of the target keeps its content.
    /// Collective.
    ///
    /// # Errors
    /// A buffer that is missing, or is of another shape or item type, or that may not be written,
    /// on any rank. Then nothing is written.
    #[track_caller]
    pub fn execute(&mut self, source: Option<&Buffer>, target: Option<&mut Buffer>) -> Result<()> {
        let _call = self.comm.enter("Redistribution::execute", (self.plan.from(), self.plan.to(), &self.dtype))?;
        let checked = self.check(source, target.as_deref());
        // One exchange for all that every rank must know: errors, the order of messages and whether
        // all buffers have it, the times of each staging path. If all targets are in Fortran's
        // order, so are the messages.
        let [cached, non_temporal, messages] = self.autotuner.negated_times();
        let buffers = || source.into_iter().chain(target.as_deref());
        let [in_c, in_f] = ORDERS.map(|order| i64::from(buffers().all(|buffer| is_contiguous(buffer, order))));
        let mut numbers =
            [i64::from(target.as_deref().is_none_or(prefers_f)), in_c, in_f, cached, non_temporal, messages];
        let comm = self.comm.clone();
        let (from, to) = (self.plan.from().ndim(), self.plan.to().ndim());
        let sides = [Side { buffer: source, ndim: from }, Side { buffer: target.as_deref(), ndim: to }];
        let [sources, targets] = memory::exchange_handles(&comm, checked, &mut numbers, sides)?;
        let [prefers_f, in_c, in_f, least @ ..] = numbers;
        let (order, has_order, favoured) = match prefers_f {
            1 => (Order::F, in_f, self.favoured[1]),
            _ => (Order::C, in_c, self.favoured[0]),
        };
        let favoured = if has_order == 1 { favoured } else { FavouredCopy::ReadByTarget };
        let moved = self.move_between(&comm, source, target, [sources, targets], (order, favoured, least));
        // Until all ranks have read and written, no source may change, and no target is complete.
        // This holds after an error here as well.
        let closed = comm.node().close();
        moved.and(closed)
    }

    /// Moves between buffers whose memory handles all ranks have exchanged. Collective.
    fn move_between(
        &mut self,
        comm: &Comm,
        source: Option<&Buffer>,
        target: Option<&mut Buffer>,
        [sources, targets]: [ExchangedHandles; 2],
        (order, favoured, least): (Order, FavouredCopy, [i64; STAGING_PATHS.len()]),
    ) -> Result<()> {
        let node = comm.node();
        let sources = sources.open(node, Access::ReadOnly)?;
        let are_hidden = has_hidden_items(&self.from, &sources);
        // Direct access needs one copy, staging needs two. The source writes if runs are short.
        let writes =
            node.size() > 1 && favoured >= if are_hidden { FavouredCopy::Either } else { FavouredCopy::WriteBySource };
        let targets = if writes { Some(targets.open(node, Access::ReadWrite)?) } else { None };
        let targets = targets.as_ref().filter(|targets| !has_hidden_items(&self.to, targets));
        let strategy = match targets {
            Some(targets) => Strategy::WriteBySource(targets),
            None if are_hidden => self.through_slots(comm, favoured, least)?,
            None => Strategy::ReadByTarget(None),
        };
        let (from, to) = (Arc::clone(&self.from), Arc::clone(&self.to));
        let route = Route { node, sources: &sources, strategy, from: &from, to: &to };
        let moved = self.execute_route(&route, order, source, target);
        self.autotuner.stop();
        moved
    }

    /// The strategy for data that cannot be reached directly on this node; `least` are the minima
    /// of all ranks' negated times.
    fn through_slots<'c>(
        &mut self,
        comm: &'c Comm,
        favoured: FavouredCopy,
        least: [i64; STAGING_PATHS.len()],
    ) -> Result<Strategy<'c>> {
        let node = comm.node();
        let fits = |slots: &Slots| i64::try_from(slots.size()).is_ok_and(|size| self.dtype.itemsize() <= size);
        let found = if node.size() > 1 { node.slots()?.filter(|(slots, _)| fits(slots)) } else { None };
        let Some((slots, mailbox)) = found else { return Ok(Strategy::ReadByTarget(None)) };
        let through = |reuse| SlotRoute { slots, mailbox, reuse };
        let through = match STAGING_PATHS[self.autotuner.start(least)] {
            StagingPath::Cached => through(Reuse::Soon),
            StagingPath::NonTemporal => through(Reuse::Elsewhere),
            StagingPath::Messages => return Ok(Strategy::ReadByTarget(None)),
        };
        Ok(match favoured {
            _ if !self.is_simple => Strategy::RelayThroughSlots(through),
            FavouredCopy::WriteBySource => Strategy::WriteThroughSlots(through),
            FavouredCopy::ReadByTarget | FavouredCopy::Either => Strategy::ReadByTarget(Some(through)),
        })
    }
}

/// Whether some rank of the node cannot reach a section of this side that another rank there holds.
/// A section without items has no memory to be reached.
fn has_hidden_items(side: &Holders, remote: &RemoteBuffers) -> bool {
    side.with_items().iter().any(|&node_rank| !remote.is_reachable(node_rank))
}

/// The greatest number of parts of a transfer along a factor.
fn parts(plan: &Plan) -> usize {
    let peers = plan.outgoing().iter().chain(plan.incoming()).flat_map(|axis| axis.peers());
    peers.map(|(_, overlaps)| overlaps.parts()).max().unwrap_or(0)
}

/// A negated number, since ranks agree on minima.
fn negative(number: usize) -> i64 {
    i64::try_from(number).map_or(i64::MIN, |number| -number)
}

/// Whether the first dimension is the fastest of a buffer.
fn prefers_f(buffer: &Buffer) -> bool {
    let steps = buffer.strides();
    buffer.ndim() > 1 && steps.first().is_some_and(|first| steps.last().is_some_and(|last| first.abs() < last.abs()))
}
