//! Halo exchange: fills the communication padding of an array.
//!
//! A [`HaloExchange`] is made once for a layout and used for every array of it, whatever its
//! memory. It has two halves, so that the interior can be computed between them. Each process packs
//! the elements that others hold in their padding: on a node into memory that the receiver can read
//! ([`HaloBuffers`]), otherwise into persistent messages. Packing beside the owner touches fewer
//! cache lines than reading single elements from another process, and the owner may go on as soon
//! as it has packed.

mod channel;

use dap_core::algebra::Placement;
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Halo, Message, Stencil, Transfer};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::bytes;
use crate::holders::Holders;
use crate::node::HaloBuffers;
use channel::{Channel, PersistentMessage, Role};

/// A prepared exchange of communication padding.
#[derive(Debug)]
pub struct HaloExchange {
    layout: Layout,
    dtype: DType,
    /// This rank's section.
    section: Option<Rank>,
    /// `None` on a rank without a section.
    halo: Option<Halo>,
    sends: Vec<Channel>,
    receives: Vec<Channel>,
    /// The elements that this process copies from its own section to its own padding, kept from the
    /// first half to the second.
    own: Vec<u8>,
    halo_buffers: Option<HaloBuffers>,
    /// The number of exchanges that were started.
    turn: u64,
    is_under_way: bool,
    /// Outlives the requests.
    comm: Comm,
}

impl HaloExchange {
    /// An exchange for arrays of this placement and item type; a layout alone places section r on
    /// rank r. Collective.
    ///
    /// # Errors
    /// A placement on ranks that the communicator does not have; items that are or hold addresses;
    /// arguments that differ between ranks; more padding than [`Halo`] handles.
    #[track_caller]
    pub fn new(comm: &Comm, placement: impl Into<Placement>, dtype: &DType, stencil: Stencil) -> Result<HaloExchange> {
        let placement = placement.into();
        let layout = placement.layout();
        let _call = comm.enter("HaloExchange::new", (&placement, dtype, stencil))?;
        let halo = Holders::new(comm, &placement).and_then(|holders| {
            copy::movable(dtype)?;
            let halo = holders.section().map(|section| Halo::new(layout, section, stencil)).transpose()?;
            Ok((holders, halo))
        });
        let (holders, halo) = comm.agree(halo)?;
        comm.same(
            &format!("a halo exchange of {} items of {placement}, stencil {stencil:?}", dtype.name()),
            &placement,
        )?;
        let item = usize::try_from(dtype.itemsize()).unwrap_or(0);
        let node = comm.node();
        let node_rank_of = |message: &Message| node.node_rank_of(holders.holder(message.peer()));
        let len_of = |message: &Message| bytes(message.elements(), item);
        let mut lens = vec![0; node.size()];
        for message in halo.as_ref().map_or(&[][..], Halo::sends) {
            node_rank_of(message).into_iter().for_each(|node_rank| lens[node_rank] = len_of(message));
        }
        let halo_buffers = HaloBuffers::new(node, &lens)?;
        let channel = |end: Role, message: &Message| match node_rank_of(message).filter(|_| halo_buffers.is_some()) {
            Some(node_rank) => Ok(Channel::Node(node_rank)),
            None => {
                let peer = holders.holder(message.peer());
                Ok(Channel::Mpi(PersistentMessage::new(comm, end, peer, len_of(message))?))
            }
        };
        let channels = |end: Role, messages: fn(&Halo) -> &[Message]| -> Result<Vec<Channel>> {
            halo.as_ref().map_or(&[][..], messages).iter().map(|message| channel(end, message)).collect()
        };
        let sends = channels(Role::Sends, Halo::sends);
        let channels = sends.and_then(|sends| Ok((sends, channels(Role::Receives, Halo::receives)?)));
        let (sends, receives) = comm.agree(channels)?;
        let own = halo.iter().flat_map(Halo::local).map(|part| bytes(part.elements(), item)).sum();
        let own = vec![0; own];
        let (comm, layout, dtype) = (comm.clone(), layout.clone(), dtype.clone());
        let section = holders.section();
        Ok(HaloExchange {
            comm,
            layout,
            dtype,
            section,
            halo,
            sends,
            receives,
            own,
            halo_buffers,
            turn: 0,
            is_under_way: false,
        })
    }

    /// Starts an exchange: packs and sends the elements for all paddings. Afterwards the owned
    /// elements of `buffer` may be written. Collective.
    ///
    /// # Errors
    /// A buffer of another shape or item type, on any rank; an exchange that is already in
    /// progress. An error of MPI itself after the agreement is returned on its rank only.
    #[track_caller]
    pub fn start(&mut self, buffer: Option<&Buffer>) -> Result<()> {
        let _call = self.comm.enter("HaloExchange::start", (&self.layout, &self.dtype))?;
        let checked = self.check_idle().and_then(|()| self.check(buffer));
        self.comm.agree(checked)?;
        self.pack(buffer)
    }

    /// Finishes the exchange: fills the padding of `buffer`, the buffer that was started with.
    /// Collective.
    ///
    /// # Errors
    /// No exchange is in progress; a buffer that does not fit or may not be written, on any rank.
    /// Then no padding is filled on any rank, and the exchange stays in progress, to be finished
    /// with the right buffers.
    #[track_caller]
    pub fn finish(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        let _call = self.comm.enter("HaloExchange::finish", (&self.layout, &self.dtype))?;
        let started = match self.is_under_way {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::State, "no halo exchange was started")),
        };
        let checked = started.and_then(|()| self.check_writable(buffer.as_deref()));
        self.comm.agree(checked)?;
        self.unpack(buffer)
    }

    /// Fills the padding of `buffer`. Collective.
    ///
    /// # Errors
    /// As [`HaloExchange::start`] and [`HaloExchange::finish`].
    #[track_caller]
    pub fn exchange(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        let _call = self.comm.enter("HaloExchange::exchange", (&self.layout, &self.dtype))?;
        let checked = self.check_idle().and_then(|()| self.check_writable(buffer.as_deref()));
        self.comm.agree(checked)?;
        self.pack(buffer.as_deref())?;
        self.unpack(buffer)
    }

    fn pack(&mut self, buffer: Option<&Buffer>) -> Result<()> {
        self.turn += 1;
        self.is_under_way = true;
        let (Some(halo), Some(buffer)) = (&self.halo, buffer) else { return Ok(()) };
        for channel in &mut self.receives {
            if let Channel::Mpi(persistent) = channel {
                persistent.start()?;
            }
        }
        for (channel, message) in self.sends.iter_mut().zip(halo.sends()) {
            match (channel, &self.halo_buffers) {
                (Channel::Mpi(persistent), _) => {
                    pack(message.boxes(), buffer, persistent.bytes()?)?;
                    persistent.start()?;
                }
                (Channel::Node(node_rank), Some(halo_buffers)) => {
                    halo_buffers.publish(*node_rank, self.turn, |slot| pack(message.boxes(), buffer, slot))?;
                }
                (Channel::Node(_), None) => {}
            }
        }
        pack(halo.local(), buffer, &mut self.own)
    }

    fn unpack(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        self.is_under_way = false;
        let (Some(halo), Some(buffer)) = (&self.halo, buffer) else { return Ok(()) };
        unpack(halo.local(), &self.own, buffer)?;
        for (channel, message) in self.receives.iter_mut().zip(halo.receives()) {
            match (channel, &self.halo_buffers, self.comm.node().mailbox()) {
                (Channel::Mpi(persistent), ..) => unpack(message.boxes(), persistent.complete()?, buffer)?,
                (Channel::Node(node_rank), Some(halo_buffers), Some(mailbox)) => {
                    let len = bytes(message.elements(), buffer.itemsize());
                    unpack(message.boxes(), halo_buffers.consume(mailbox, *node_rank, self.turn, len)?, buffer)?;
                }
                (Channel::Node(_), ..) => {}
            }
        }
        for channel in &mut self.sends {
            if let Channel::Mpi(persistent) = channel {
                persistent.complete()?;
            }
        }
        Ok(())
    }

    fn check_idle(&self) -> Result<()> {
        if self.is_under_way {
            return Err(Error::new(ErrorKind::State, "a halo exchange is under way: finish it first"));
        }
        Ok(())
    }

    fn check_writable(&self, buffer: Option<&Buffer>) -> Result<()> {
        self.check(buffer)?;
        if buffer.is_some_and(|buffer| buffer.access() == Access::ReadOnly) {
            let message = "the buffer may only be read: its padding cannot be filled";
            return Err(Error::new(ErrorKind::Buffer, message));
        }
        Ok(())
    }

    fn check(&self, buffer: Option<&Buffer>) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
        let expected = self.section.and_then(|section| self.layout.local_shape(section));
        match (buffer, expected) {
            (None, Some(_)) => {
                wrong(format!("the array's buffer is missing: this rank has a section of {}", self.layout))
            }
            (Some(_), None) => wrong(format!("this rank holds nothing of {}", self.layout)),
            (Some(buffer), Some(expected)) if buffer.shape() != expected => {
                wrong(format!("the buffer has the shape {:?}, the section needs {expected:?}", buffer.shape()))
            }
            (Some(buffer), _) if *buffer.dtype() != self.dtype => {
                wrong(format!("the items are {}, not {}", buffer.dtype().name(), self.dtype.name()))
            }
            _ => Ok(()),
        }
    }
}

/// Packs these parts one behind the other.
fn pack<'h>(parts: impl Iterator<Item = Transfer<'h>>, buffer: &Buffer, mut rest: &mut [u8]) -> Result<()> {
    for part in parts {
        let (now, behind) = rest.split_at_mut(bytes(part.elements(), buffer.itemsize()));
        copy::pack(&part, buffer, Order::C, now)?;
        rest = behind;
    }
    Ok(())
}

/// Unpacks these parts in the order in which they were packed.
fn unpack<'h>(parts: impl Iterator<Item = Transfer<'h>>, mut rest: &[u8], buffer: &mut Buffer) -> Result<()> {
    for part in parts {
        let (now, behind) = rest.split_at(bytes(part.elements(), buffer.itemsize()));
        copy::unpack(&part, now, Order::C, buffer)?;
        rest = behind;
    }
    Ok(())
}
