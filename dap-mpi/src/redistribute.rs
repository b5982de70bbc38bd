//! From one distribution to another, of an array of the same shape or of another one.
//!
//! A [`Redistribution`] is made once for two layouts and used as often as arrays of these layouts move. Whether the shape stays makes a
//! difference to its plan only. How each part travels is decided
//! at each move, by where the source lies: what a neighbour on the node has in memory of this crate is read from there, in one
//! copy ([`Pull`]); what it has elsewhere goes through small slots that the node shares, or in messages, whatever turns out to be
//! faster; between nodes there are messages ([`exchange`](crate::exchange)); what a process keeps is copied straight into place.

mod route;

use std::sync::Arc;

use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Party, Plan};
use dap_ndarray::copy::{Order, Pull, Source, Supply};
use dap_ndarray::{Access, Buffer};

use crate::choice::Choice;
use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::{Messages, Staged, Through};
use crate::memory::{self, Slots, Sources};
use crate::ranks::Ranks;
use route::Route;

/// A prepared move between two layouts.
#[derive(Debug)]
pub struct Redistribution {
    comm: Comm,
    plan: Arc<Plan>,
    dtype: DType,
    from: Ranks,
    to: Ranks,
    /// For the strides of the last target.
    pull: Option<(Vec<i64>, Pull)>,
    messages: Messages,
    /// Whether the part of a transfer that fits a slot is soon found, on all ranks.
    is_simple: bool,
    /// Between the ways of what cannot be read directly.
    choice: Choice<{ WAYS.len() }>,
}

/// What prepares a move from one side to another: [`Redistribution::new`] or [`Redistribution::reshape`].
pub type Prepare = fn(&Comm, (&Layout, Ranks), (&Layout, Ranks), &DType) -> Result<Redistribution>;

/// How what a neighbour cannot read directly gets there: through slots in the cache, through slots past the cache, in messages.
#[derive(Debug, Clone, Copy)]
enum Way {
    Cached,
    Streamed,
    Messages,
}

const WAYS: [Way; 3] = [Way::Cached, Way::Streamed, Way::Messages];
/// A transfer of more parts along a factor (stretches in a reshape, single indices of an unstructured dimension) has none of its pieces in
/// slots: all its parts are looked at for each.
const MOST_PARTS: usize = 1024;

impl Redistribution {
    /// From `from` to `to`, for items of type `dtype`. Collective.
    ///
    /// # Errors
    /// Layouts of different arrays; more processes than ranks; layouts, item types or ranks that differ between ranks.
    pub fn new(comm: &Comm, from: (&Layout, Ranks), to: (&Layout, Ranks), dtype: &DType) -> Result<Redistribution> {
        Self::planned(comm, from, to, dtype, Plan::new, "move")
    }

    /// From `from` to `to`, an array of another shape with the same items in the same row-major order (the last index varies fastest),
    /// whatever the order of the buffers in memory. Fast where the buffers are in C order, without gaps, and slower elsewhere, see
    /// [`copy`](dap_ndarray::copy). Collective.
    ///
    /// # Errors
    /// Arrays of different numbers of items, and what else [`Plan::reshape`] refuses; otherwise as [`Redistribution::new`].
    pub fn reshape(comm: &Comm, from: (&Layout, Ranks), to: (&Layout, Ranks), dtype: &DType) -> Result<Redistribution> {
        Self::planned(comm, from, to, dtype, Plan::reshape, "reshape")
    }

    fn planned(
        comm: &Comm,
        from: (&Layout, Ranks),
        to: (&Layout, Ranks),
        dtype: &DType,
        plan: fn(&Layout, &Layout, Party) -> dap_core::error::Result<Plan>,
        what: &str,
    ) -> Result<Redistribution> {
        let (from_layout, from_ranks) = from;
        let (to_layout, to_ranks) = to;
        let party = Party {
            source: from_ranks.section(from_layout, comm.rank()),
            target: to_ranks.section(to_layout, comm.rank()),
        };
        let made = from_ranks
            .check(from_layout, comm)
            .and_then(|()| to_ranks.check(to_layout, comm))
            .and_then(|()| Ok(plan(from_layout, to_layout, party)?));
        let mut least = made.as_ref().map_or([0; 2], |plan| [plan.receives().count(), parts(plan)].map(negative));
        let plan = comm.agree_with(made, &mut least)?;
        let [peers, parts] = least.map(|least| usize::try_from(-least).unwrap_or(0));
        let what = format!("{what} of {from_layout} {from_ranks:?} -> {to_layout} {to_ranks:?} {}", dtype.name());
        comm.same(&what, &(from_layout, to_layout))?;
        let messages = Messages::new(comm, peers);
        let is_simple = parts <= MOST_PARTS;
        let (plan, dtype) = (Arc::new(plan), dtype.clone());
        let (comm, choice) = (comm.clone(), Choice::new());
        let (from, to) = (from_ranks, to_ranks);
        Ok(Redistribution { comm, plan, dtype, from, to, pull: None, messages, is_simple, choice })
    }

    /// Lets no message, and no piece of shared memory, be longer than so many bytes; one item travels as a whole. All ranks give the
    /// same. Without it messages are 2 MiB long at most.
    pub fn with_message_limit(mut self, bytes: usize) -> Redistribution {
        self.messages.limit(bytes);
        self
    }

    /// The plan of this process.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Moves an array: from `source`, this process's section, to `target`; each is missing where the process has no section. What is
    /// not owned in the target, communication padding, is left as it is. Collective.
    ///
    /// # Errors
    /// A buffer that is missing, or is of another shape or item type, or that may not be written, on any rank. Nothing is
    /// written then.
    pub fn execute(&mut self, source: Option<&Buffer>, target: Option<&mut Buffer>) -> Result<()> {
        let checked = self.check(source, target.as_deref());
        // One notice for everything that all must know: errors, the order of messages, how long each way took. Where all
        // targets run in Fortran's order, so do the messages.
        let [cached, streamed, messages] = self.choice.said();
        let mut numbers = [i64::from(target.as_deref().is_none_or(prefers_f)), cached, streamed, messages];
        let comm = self.comm.clone();
        let sources = Sources::exchange(&comm, checked, &mut numbers, source, self.plan.from().ndim())?;
        let [prefers_f, least @ ..] = numbers;
        let order = if prefers_f == 1 { Order::F } else { Order::C };
        let slots = self.slots(&comm, &sources)?.and_then(|slots| match WAYS[self.choice.start(least)] {
            Way::Cached => Some(slots),
            Way::Streamed => Some(Through { streams: true, ..slots }),
            Way::Messages => None,
        });
        let moved = self.go(&sources, slots, order, source, target);
        self.choice.stop();
        // Until everyone has read, nobody's source may change.
        let closed = comm.neighbourhood().barrier();
        moved.and(closed)
    }

    /// The slots between this node's ranks, if something has to go through them: buffers that cannot be read by others.
    fn slots<'c>(&self, comm: &'c Comm, sources: &Sources) -> Result<Option<Through<'c>>> {
        let hood = comm.neighbourhood();
        let from = self.plan.from();
        // Not the sections without items, which have no memory to be read.
        let holds = |rank: i32| self.from.section(from, rank).is_some_and(|rank| from.local_len(rank) != Some(0));
        let hidden = |place: usize, rank: i32| holds(rank) && !sources.is_readable(place);
        let any_hidden = hood.ranks().iter().enumerate().any(|(place, &rank)| hidden(place, rank));
        if hood.size() == 1 || !any_hidden || !self.is_simple {
            return Ok(None);
        }
        let fits = |slots: &Slots| i64::try_from(slots.size()).is_ok_and(|size| self.dtype.itemsize() <= size);
        let found = hood.slots()?.filter(|(slots, _)| fits(slots));
        Ok(found.map(|(slots, board)| Through { slots, board, streams: false }))
    }

    /// Neighbours read by themselves what they can; the rest goes through slots if there are some, and otherwise in messages.
    fn go(
        &mut self,
        sources: &Sources,
        slots: Option<Through<'_>>,
        order: Order,
        source: Option<&Buffer>,
        target: Option<&mut Buffer>,
    ) -> Result<()> {
        let comm = self.comm.clone();
        let strides = target.as_deref().map(|target| target.strides().to_vec());
        let data = target.and_then(|target| target.as_mut_ptr().ok());
        let alias = data.zip(strides.as_deref()).map(|(data, strides)| self.alias(data, strides)).transpose()?;
        if let Some(strides) = strides {
            self.prepare_pull(strides);
        }
        let route = Route { hood: comm.neighbourhood(), sources, slots, from: &self.from, to: &self.to };
        let Party { source: own, target: rank } = self.plan.party();
        let (item, limit) = (usize::try_from(self.dtype.itemsize()).unwrap_or(1).max(1), self.messages.longest());
        let (to, from) = (|rank| route.message_to(rank), |rank| route.message_from(rank));
        let under_way = self.messages.begin(&self.plan, source, alias, order, to, from)?;
        let target = data.zip(self.pull.as_ref()).map(|(data, (_, pull))| (pull, data));
        let direct = |rank: Rank| {
            if Some(rank) == own {
                let source = source?;
                return Some(Supply::Buffer(Source { data: source.as_ptr(), strides: source.strides() }));
            }
            route.shown(rank).map(Supply::Buffer)
        };
        // SAFETY: every source's extents were compared with the layout by its owner, who holds it until all have agreed that
        // this is over; the target's were compared here, and its memory is nobody else's.
        #[expect(unsafe_code, reason = "addresses for the copy kernel")]
        let read = unsafe {
            match (slots, target) {
                (Some(through), target) => {
                    let sends = if source.is_some() { route.laid_out(&self.plan) } else { Vec::new() };
                    let staged = Staged { plan: &self.plan, through, order, item, limit };
                    let hidden = |rank: Rank| route.hidden(rank).filter(|_| Some(rank) != own);
                    let target = target.zip(rank).map(|((pull, data), rank)| (pull, data, rank));
                    staged.run(source.map(|source| (source, &sends[..])), target, hidden, direct)
                }
                (None, Some((pull, data))) => {
                    pull.run(|transfer| direct(transfer.peer()), data);
                    Ok(())
                }
                (None, None) => Ok(()),
            }
        };
        under_way.finish().and(read)
    }

    /// The target's memory once more, for the messages.
    fn alias(&self, data: *mut u8, strides: &[i64]) -> Result<Buffer> {
        let shape = self.plan.party().target.and_then(|rank| self.plan.to().local_shape(rank)).unwrap_or_default();
        // SAFETY: the target is borrowed until the move is over; messages and the pull write different items of it.
        #[expect(unsafe_code, reason = "two writers of one buffer")]
        let alias = unsafe { Buffer::from_raw(data, self.dtype.clone(), &shape, Some(strides), Access::ReadWrite, ()) };
        Ok(alias?)
    }

    /// Makes the pull for a target with these strides, if it is not the last one.
    fn prepare_pull(&mut self, strides: Vec<i64>) {
        if self.pull.as_ref().is_none_or(|(made_for, _)| *made_for != strides) {
            let item = usize::try_from(self.dtype.itemsize()).unwrap_or(0);
            let pull = Pull::new(Arc::clone(&self.plan), item, &strides);
            self.pull = Some((strides, pull));
        }
    }

    /// What is wrong with this process's buffers.
    fn check(&self, source: Option<&Buffer>, target: Option<&Buffer>) -> Result<()> {
        let party = self.plan.party();
        let side = |name: &str, layout: &Layout, rank: Option<Rank>, buffer: Option<&Buffer>| {
            let wrong = |what: String| Err(Error::new(ErrorKind::Buffer, format!("the {name} {what}")));
            let (rank, buffer) = match (rank, buffer) {
                (Some(rank), Some(buffer)) => (rank, buffer),
                (Some(rank), None) => return wrong(format!("is missing: this is rank {rank} of {layout}")),
                (None, Some(_)) => return wrong(format!("is too much: this rank holds nothing of {layout}")),
                (None, None) => return Ok(()),
            };
            let expected = layout.local_shape(rank).unwrap_or_default();
            if buffer.shape() != expected {
                return wrong(format!(
                    "has the shape {:?}, rank {rank} of {layout} needs {expected:?}",
                    buffer.shape()
                ));
            }
            if *buffer.dtype() != self.dtype {
                return wrong(format!("has items of type {}, {} is moved", buffer.dtype().name(), self.dtype.name()));
            }
            Ok(())
        };
        side("source", self.plan.from(), party.source, source)?;
        side("target", self.plan.to(), party.target, target)?;
        match (source, target) {
            (_, Some(target)) if target.access() == Access::ReadOnly => {
                Err(Error::new(ErrorKind::Buffer, "the target may only be read"))
            }
            (Some(source), Some(target)) if memory::overlap(source, target) => {
                Err(Error::new(ErrorKind::Buffer, "source and target share memory: an array cannot move within itself"))
            }
            _ => Ok(()),
        }
    }
}

/// The most parts of a transfer along a factor.
fn parts(plan: &Plan) -> usize {
    let peers = plan.outgoing().iter().chain(plan.incoming()).flat_map(|axis| axis.peers());
    peers.map(|(_, common)| common.parts()).max().unwrap_or(0)
}

/// For an agreement on the most.
fn negative(number: usize) -> i64 {
    i64::try_from(number).map_or(i64::MIN, |number| -number)
}

/// Whether the first dimension is the fastest of a buffer.
fn prefers_f(buffer: &Buffer) -> bool {
    let steps = buffer.strides();
    buffer.ndim() > 1 && steps.first().is_some_and(|first| steps.last().is_some_and(|last| first.abs() < last.abs()))
}
