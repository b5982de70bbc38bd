//! Filling the padding of an array.
//!
//! A [`HaloExchange`] is made once for a layout and used for every array of it, whoever made its memory. It has two halves, so that the
//! interior can be computed between them. Each process packs what others image: on a node into memory that the receiver can read
//! ([`Shelf`]), otherwise into persistent messages. Packing beside the owner costs fewer cache lines than reading single elements
//! from afar; and an owner may go on as soon as it has packed.

use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Halo, Message, Stencil};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::bytes;
use crate::memory::Shelf;
use crate::ranks::Ranks;
use crate::raw::{self, Request};

const TAG: i32 = 2;
/// No single message is longer than so many bytes: counts are 32 bits wide.
const LONGEST: usize = 1 << 30;

/// A prepared exchange of communication padding.
#[derive(Debug)]
pub struct HaloExchange {
    comm: Comm,
    layout: Layout,
    dtype: DType,
    /// Nothing on a rank that has no section.
    halo: Option<Halo>,
    sends: Vec<Post>,
    receives: Vec<Post>,
    shelf: Option<Shelf>,
    /// The exchanges begun so far.
    turn: u64,
    is_under_way: bool,
}

/// How a message travels.
#[derive(Debug)]
enum Post {
    /// Through memory of the node, to or from the rank at this place.
    Node(usize),
    /// Through MPI; under way or not.
    Message { bytes: Vec<u8>, requests: Vec<Request>, active: bool },
}

impl HaloExchange {
    /// For arrays of this layout and item type. Collective.
    ///
    /// # Errors
    /// More processes than ranks; arguments that differ between ranks; more padding than [`Halo`] handles.
    pub fn new(comm: &Comm, layout: &Layout, dtype: &DType, stencil: Stencil) -> Result<HaloExchange> {
        let halo = Ranks::First.check(layout, comm).and_then(|()| {
            let rank = Ranks::First.section(layout, comm.rank());
            Ok(rank.map(|rank| Halo::new(layout, rank, stencil)).transpose()?)
        });
        let halo = comm.agree(halo)?;
        comm.same(&format!("halo of {layout} {} {stencil:?}", dtype.name()), layout)?;
        let item = usize::try_from(dtype.itemsize()).unwrap_or(0);
        let hood = comm.neighbourhood();
        let place_of = |message: &Message| hood.place_of(Ranks::First.holder(message.peer()));
        let len_of = |message: &Message| bytes(message.elements(), item);
        let mut lens = vec![0; hood.size()];
        for message in halo.as_ref().map_or(&[][..], Halo::sends) {
            place_of(message).into_iter().for_each(|place| lens[place] = len_of(message));
        }
        let shelf = Shelf::new(hood, &lens)?;
        let post = |message: &Message, send: bool| {
            if let Some(place) = place_of(message).filter(|_| shelf.is_some()) {
                return Ok(Post::Node(place));
            }
            let mut bytes = vec![0_u8; len_of(message)];
            let peer = Ranks::First.holder(message.peer());
            let request = |part: &mut [u8]| {
                let (data, len) = (part.as_mut_ptr(), part.len());
                // SAFETY: memory on the heap that lives as long as the request, see `Drop`; touched only while it is not under way.
                #[expect(unsafe_code, reason = "memory for MPI")]
                unsafe {
                    if send {
                        comm.world().send_init(data, len, peer, TAG)
                    } else {
                        comm.world().receive_init(data, len, peer, TAG)
                    }
                }
            };
            let requests = bytes.chunks_mut(LONGEST).map(request).collect::<Result<Vec<_>>>()?;
            Ok(Post::Message { bytes, requests, active: false })
        };
        let posts =
            |messages: &[Message], send: bool| messages.iter().map(|m| post(m, send)).collect::<Result<Vec<_>>>();
        let sends = posts(halo.as_ref().map_or(&[], Halo::sends), true);
        let receives = posts(halo.as_ref().map_or(&[], Halo::receives), false);
        let (sends, receives) = comm.agree(sends.and_then(|sends| Ok((sends, receives?))))?;
        let (comm, layout, dtype) = (comm.clone(), layout.clone(), dtype.clone());
        Ok(HaloExchange { comm, layout, dtype, halo, sends, receives, shelf, turn: 0, is_under_way: false })
    }

    /// Begins: what others need of `buffer` is packed and on its way. Afterwards its owned elements may be written. Collective.
    ///
    /// # Errors
    /// A buffer of another shape or item type, on any rank; an exchange that is under way.
    pub fn start(&mut self, buffer: Option<&Buffer>) -> Result<()> {
        let checked = self.check(buffer);
        self.start_checked(checked, buffer)
    }

    fn start_checked(&mut self, checked: Result<()>, buffer: Option<&Buffer>) -> Result<()> {
        self.comm.agree(checked)?;
        self.turn += 1;
        self.is_under_way = true;
        let (Some(halo), Some(buffer)) = (&self.halo, buffer) else { return Ok(()) };
        for post in &mut self.receives {
            if let Post::Message { requests, active, .. } = post {
                raw::start_all(requests)?;
                *active = true;
            }
        }
        let pack = |message: &Message, mut rest: &mut [u8]| -> Result<()> {
            for part in message.boxes() {
                let len = bytes(part.elements(), buffer.itemsize());
                let (now, behind) = rest.split_at_mut(len);
                copy::pack(&part, buffer, Order::C, now)?;
                rest = behind;
            }
            Ok(())
        };
        for (post, message) in self.sends.iter_mut().zip(halo.sends()) {
            match (post, &self.shelf) {
                (Post::Message { bytes, requests, active }, _) => {
                    pack(message, bytes)?;
                    raw::start_all(requests)?;
                    *active = true;
                }
                (Post::Node(place), Some(shelf)) => shelf.lay_out(*place, self.turn, |slot| pack(message, slot))?,
                (Post::Node(_), None) => {}
            }
        }
        Ok(())
    }

    /// Ends: the padding of `buffer`, the same as was started with, is filled. Every rank that started calls it.
    ///
    /// # Errors
    /// Nothing was started; a buffer that does not fit or may not be written.
    pub fn finish(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        if !std::mem::take(&mut self.is_under_way) {
            return Err(Error::new(ErrorKind::State, "no halo exchange was started"));
        }
        let filled = self.fill(buffer);
        for post in self.sends.iter_mut().chain(&mut self.receives) {
            post.complete()?;
        }
        filled
    }

    /// Fills the padding of `buffer`. Collective.
    ///
    /// # Errors
    /// As [`HaloExchange::start`] and [`HaloExchange::finish`].
    pub fn exchange(&mut self, mut buffer: Option<&mut Buffer>) -> Result<()> {
        let checked = self.check(buffer.as_deref()).and_then(|()| match buffer.as_deref() {
            Some(buffer) if buffer.access() == Access::ReadOnly => Err(read_only()),
            _ => Ok(()),
        });
        self.start_checked(checked, buffer.as_deref())?;
        self.finish(buffer.take())
    }

    fn check(&self, buffer: Option<&Buffer>) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
        if self.is_under_way {
            return Err(Error::new(ErrorKind::State, "a halo exchange is under way: finish it first"));
        }
        let rank = Ranks::First.section(&self.layout, self.comm.rank());
        let expected = rank.and_then(|rank| self.layout.local_shape(rank));
        match (buffer, expected) {
            (None, Some(_)) => wrong(format!("the buffer is missing: this rank has a section of {}", self.layout)),
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

    fn fill(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        let (Some(halo), Some(buffer)) = (&self.halo, buffer) else { return Ok(()) };
        if buffer.access() == Access::ReadOnly {
            return Err(read_only());
        }
        if self.layout.local_shape(Rank(self.comm.rank().into())).as_deref() != Some(buffer.shape()) {
            return Err(Error::new(ErrorKind::Buffer, "the buffer is not the one that the exchange was started with"));
        }
        let strides = buffer.strides().to_vec();
        let own = copy::Source { data: buffer.as_ptr(), strides: &strides };
        for part in halo.local() {
            // SAFETY: places of this buffer, which the halo was made for; padding and what it images are different items.
            #[expect(unsafe_code, reason = "source and target are one buffer")]
            unsafe {
                copy::copy_from(&part, own, buffer)?;
            }
        }
        let mut unpack = |message: &Message, mut rest: &[u8]| -> Result<()> {
            for part in message.boxes() {
                let len = bytes(part.elements(), buffer.itemsize());
                let (now, behind) = rest.split_at(len);
                copy::unpack(&part, now, Order::C, buffer)?;
                rest = behind;
            }
            Ok(())
        };
        let item = usize::try_from(self.dtype.itemsize()).unwrap_or(0);
        for (post, message) in self.receives.iter_mut().zip(halo.receives()) {
            match (&mut *post, &self.shelf, self.comm.neighbourhood().board()) {
                (Post::Node(place), Some(shelf), Some(board)) => {
                    let len = bytes(message.elements(), item);
                    unpack(message, shelf.take(board, *place, self.turn, len))?;
                }
                (Post::Node(_), ..) => {}
                (Post::Message { .. }, ..) => {
                    post.complete()?;
                    if let Post::Message { bytes, .. } = post {
                        unpack(message, bytes)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Post {
    /// Waits until nothing is under way.
    fn complete(&mut self) -> Result<()> {
        if let Post::Message { requests, active, .. } = self
            && std::mem::take(active)
        {
            raw::wait_all(requests)?;
        }
        Ok(())
    }
}

impl Drop for HaloExchange {
    fn drop(&mut self) {
        for post in self.sends.iter_mut().chain(&mut self.receives) {
            if raw::is_running() {
                let _ = post.complete();
            }
            if let Post::Message { requests, .. } = post {
                requests.iter_mut().for_each(Request::free);
            }
        }
    }
}

fn read_only() -> Error {
    Error::new(ErrorKind::Buffer, "the buffer may only be read: its padding cannot be filled")
}
