//! Filling the padding of an array.
//!
//! A [`HaloExchange`] is made once for a layout and used for every array of it. It has two halves, so that the interior can be computed
//! between them. What neighbours on the node have in memory of this crate is read from there; the rest goes in persistent messages.

use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Halo, Message, Stencil};
use dap_ndarray::copy::{self, Order};
use dap_ndarray::{Access, Buffer};

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::Sources;
use crate::raw::{self, Request};
use crate::redistribute::Ranks;

const TAG: i32 = 2;
/// No single message is longer than so many bytes: counts are 32 bits wide.
const LONGEST: usize = 1 << 30;

/// A prepared exchange of communication padding. See the [module](self).
#[derive(Debug)]
pub struct HaloExchange {
    comm: Comm,
    layout: Layout,
    dtype: DType,
    /// Nothing on a rank that has no section.
    halo: Option<Halo>,
    sends: Vec<Post>,
    receives: Vec<Post>,
    /// Between start and finish: whose memory can be read.
    under_way: Option<Sources>,
}

/// A message and its memory.
#[derive(Debug)]
struct Post {
    bytes: Vec<u8>,
    requests: Vec<Request>,
    active: bool,
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
        let post = |message: &Message, send: bool| {
            let len = usize::try_from(message.elements()).unwrap_or(0).saturating_mul(item);
            let mut bytes = vec![0_u8; len];
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
            Ok(Post { bytes, requests, active: false })
        };
        let posts =
            |messages: &[Message], send: bool| messages.iter().map(|m| post(m, send)).collect::<Result<Vec<_>>>();
        let sends = posts(halo.as_ref().map_or(&[], Halo::sends), true);
        let receives = posts(halo.as_ref().map_or(&[], Halo::receives), false);
        let (sends, receives) = comm.agree(sends.and_then(|sends| Ok((sends, receives?))))?;
        let (comm, layout, dtype) = (comm.clone(), layout.clone(), dtype.clone());
        Ok(HaloExchange { comm, layout, dtype, halo, sends, receives, under_way: None })
    }

    /// Begins: what others need of `buffer` is sent, or offered for them to read. Until [`HaloExchange::finish`] the elements that others
    /// image must not be written; all others may. Collective.
    ///
    /// # Errors
    /// A buffer of another shape or item type, on any rank; an exchange that is under way.
    pub fn start(&mut self, buffer: Option<&Buffer>) -> Result<()> {
        let checked = self.check(buffer);
        self.start_checked(checked, buffer)
    }

    fn start_checked(&mut self, checked: Result<()>, buffer: Option<&Buffer>) -> Result<()> {
        let sources = Sources::exchange(&self.comm, checked, &mut [], buffer, self.layout.ndim())?;
        let place_of = |rank: Rank| self.comm.neighbourhood().place_of(Ranks::First.holder(rank));
        if let (Some(halo), Some(buffer)) = (&self.halo, buffer) {
            for (post, message) in self.receives.iter_mut().zip(halo.receives()) {
                post.active = !place_of(message.peer()).is_some_and(|place| sources.is_readable(place));
                if post.active {
                    raw::start_all(&mut post.requests)?;
                }
            }
            for (post, message) in self.sends.iter_mut().zip(halo.sends()) {
                post.active = !(sources.own_is_readable() && place_of(message.peer()).is_some());
                if post.active {
                    let mut rest = &mut post.bytes[..];
                    for part in message.boxes() {
                        let len = usize::try_from(part.elements()).unwrap_or(0) * buffer.itemsize();
                        let (now, behind) = rest.split_at_mut(len);
                        copy::pack(&part, buffer, Order::C, now)?;
                        rest = behind;
                    }
                    raw::start_all(&mut post.requests)?;
                }
            }
        }
        self.under_way = Some(sources);
        Ok(())
    }

    /// Ends: the padding of `buffer`, the same as was started with, is filled. Collective.
    ///
    /// # Errors
    /// Nothing was started; a buffer that does not fit or may not be written.
    pub fn finish(&mut self, buffer: Option<&mut Buffer>) -> Result<()> {
        let Some(sources) = self.under_way.take() else {
            return Err(Error::new(ErrorKind::State, "no halo exchange was started"));
        };
        let filled = self.fill(&sources, buffer);
        for post in self.sends.iter_mut().chain(&mut self.receives) {
            if std::mem::take(&mut post.active) {
                raw::wait_all(&mut post.requests)?;
            }
        }
        // Until everyone has read, nobody's elements may change.
        self.comm.neighbourhood().barrier()?;
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
        if self.under_way.is_some() {
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

    fn fill(&mut self, sources: &Sources, buffer: Option<&mut Buffer>) -> Result<()> {
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
        for (at, message) in halo.receives().iter().enumerate() {
            let place = self.comm.neighbourhood().place_of(Ranks::First.holder(message.peer()));
            if let Some(source) = place.and_then(|place| sources.get(place)) {
                for part in message.boxes() {
                    // SAFETY: the peer compared its buffer with the layout, and holds it still until all have agreed that this is over.
                    #[expect(unsafe_code, reason = "another process's memory")]
                    unsafe {
                        copy::copy_from(&part, source, buffer)?;
                    }
                }
                continue;
            }
            let post = &mut self.receives[at];
            raw::wait_all(&mut post.requests)?;
            post.active = false;
            let mut rest = &post.bytes[..];
            for part in message.boxes() {
                let len = usize::try_from(part.elements()).unwrap_or(0) * buffer.itemsize();
                let (now, behind) = rest.split_at(len);
                copy::unpack(&part, now, Order::C, buffer)?;
                rest = behind;
            }
        }
        Ok(())
    }
}

impl Drop for HaloExchange {
    fn drop(&mut self) {
        for post in self.sends.iter_mut().chain(&mut self.receives) {
            if post.active && raw::is_running() {
                let _ = raw::wait_all(&mut post.requests);
            }
            post.requests.iter_mut().for_each(Request::free);
        }
    }
}

fn read_only() -> Error {
    Error::new(ErrorKind::Buffer, "the buffer may only be read: its padding cannot be filled")
}
