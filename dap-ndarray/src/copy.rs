//! Copy kernels: what carries a [`Plan`](dap_core::plan::Plan) out, without knowing a transport.
//!
//! - [`pack`] and [`unpack`] go between a buffer and a message: the elements of one [`Transfer`], contiguous, in C order or
//!   Fortran's ([`Order`]).
//! - [`copy_local`] goes from one buffer to another: what a process keeps.
//! - [`Pull`] reads from the buffers of all sources at once, and [`Push`] writes to those of all targets, where their memory is shared.
//!
//! A plan of a [reshape](dap_core::plan::Plan::reshape) is carried out by the same functions. It is as fast as any other where the
//! dimensions of each of its groups lie in C order without gaps in the buffer, and goes row by row of a group's last dimension elsewhere.
//!
//! Buffers may have any strides and any item of a fixed size. Large copies write past the cache; copies that change the fastest axis
//! go in tiles. Everything is compared with the buffers' extents before a byte moves; along a group of several dimensions they must be
//! those of the process's section, as its places count them.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::{index::Rank, layout::Layout, plan::{Party, Plan}};
//! use dap_ndarray::{Buffer, copy};
//! let from = Layout::new(vec![Block::new(8, 2)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(8, 2, 1)?.into()])?;
//! let plan = Plan::new(&from, &to, Party::both(Rank(1)))?;
//! let source = Buffer::from_array(ndarray::arr1(&[4_u16, 5, 6, 7]));
//! let send = plan.sends().next().ok_or("nothing is sent")?;
//! let mut message = [0; 4];
//! copy::pack(&send, &source, copy::Order::C, &mut message)?;
//! assert_eq!((message[0], message[2]), (4, 6));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::ops::Range;

use dap_core::plan::Transfer;

use crate::buffer::{Access, Buffer};

/// Evaluates the first expression with a constant for the common item sizes, the second for others.
macro_rules! each_size {
    ($item:expr, $N:ident => $fixed:expr, $otherwise:expr) => {
        match $item {
            1 => {
                const $N: usize = 1;
                $fixed
            }
            2 => {
                const $N: usize = 2;
                $fixed
            }
            4 => {
                const $N: usize = 4;
                $fixed
            }
            8 => {
                const $N: usize = 8;
                $fixed
            }
            16 => {
                const $N: usize = 16;
                $fixed
            }
            32 => {
                const $N: usize = 32;
                $fixed
            }
            _ => $otherwise,
        }
    };
}

mod loom;
mod pitch;
mod program;
mod pull;
mod push;
mod rows;
mod run;
mod stream;
#[cfg(test)]
mod tests;
mod tile;
mod zip;

use pitch::{End, Pitches};
use program::{Even, Program, Side};
pub use pull::{Pull, Source, Supply};
pub use push::{Demand, Push, Target};
use stream::Sink;

/// Copies of so many bytes and more write past the cache: smaller ones will be read again before they are displaced.
const STREAM_FROM: i64 = 1 << 20;

/// The order of a message's elements. Both ends must say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last dimension is the fastest.
    C,
    /// The first dimension is the fastest.
    F,
}

/// A copy that cannot be made. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyError {
    /// The buffer and the transfer have different numbers of dimensions.
    Ndim {
        /// Of the buffer.
        found: usize,
        /// Of the transfer.
        expected: usize,
    },
    /// The transfer reaches beyond the buffer.
    Extent {
        /// The dimension, from 0.
        dim: usize,
        /// The buffer's extent.
        found: i64,
        /// The least extent that would do; in a reshape, along a group of several dimensions, the only one.
        expected: i64,
    },
    /// The transfer, of a reshape, reaches beyond the buffer.
    Places {
        /// The dimensions of a group, from 0.
        dims: Range<usize>,
        /// The product of the buffer's extents along them.
        found: i64,
        /// The least product that would do.
        expected: i64,
    },
    /// The message is not as long as its elements, in bytes.
    Length {
        /// The message's length in bytes.
        found: usize,
        /// The bytes of the transfer's elements.
        expected: i64,
    },
    /// Source and target have items of different sizes, in bytes.
    ItemSize {
        /// Of the target.
        found: usize,
        /// Of the source.
        expected: usize,
    },
    /// The target may only be read.
    ReadOnly,
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ndim { found, expected } => write!(f, "the buffer has {found} dimensions, the layout {expected}"),
            Self::Extent { dim, found, expected } => {
                write!(f, "dimension {dim}: the buffer's extent is {found}, the layout needs {expected}")
            }
            Self::Places { dims, found, expected } => {
                let (first, last) = (dims.start, dims.end.saturating_sub(1));
                write!(f, "dimensions {first} to {last}: the buffer has {found} places, the layout needs {expected}")
            }
            Self::Length { found, expected } => write!(f, "the message has {found} bytes, its elements {expected}"),
            Self::ItemSize { found, expected } => {
                write!(f, "the items of the target have {found} bytes, those of the source {expected}")
            }
            Self::ReadOnly => f.write_str("the target may only be read"),
        }
    }
}

impl std::error::Error for CopyError {}

/// Copies what is sent from a buffer into a message of as many bytes.
///
/// # Errors
/// A buffer that the transfer reaches beyond; a message of another length.
pub fn pack(transfer: &Transfer<'_>, source: &Buffer, order: Order, message: &mut [u8]) -> Result<(), CopyError> {
    // A message is read again at once: by the network, or by who unpacks it.
    pack_into(transfer, source, order, message, &mut Sink::new(false))
}

/// The same past the cache: for a message in memory that another processor reads, which shares no cache with this one.
///
/// # Errors
/// As [`pack`].
pub fn pack_streaming(
    transfer: &Transfer<'_>,
    source: &Buffer,
    order: Order,
    message: &mut [u8],
) -> Result<(), CopyError> {
    pack_into(transfer, source, order, message, &mut Sink::new(true))
}

fn pack_into(
    transfer: &Transfer<'_>,
    source: &Buffer,
    order: Order,
    message: &mut [u8],
    sink: &mut Sink,
) -> Result<(), CopyError> {
    let item = source.itemsize();
    let steps = message_steps(transfer, item, order, message.len())?;
    let pitches = Pitches::checked(transfer, source, End::Source)?;
    let program = Program::new(transfer, item, |at| (pitches.side(at), in_message(steps[at])));
    // SAFETY: the source's extents cover the transfer and its memory may be read; the message has a place for every element.
    unsafe { run::run(&program, source.as_ptr(), message.as_mut_ptr(), sink) };
    Ok(())
}

/// Copies a message that was received into a buffer.
///
/// # Errors
/// A buffer that the transfer reaches beyond, or that may only be read; a message of another length.
pub fn unpack(transfer: &Transfer<'_>, message: &[u8], order: Order, target: &mut Buffer) -> Result<(), CopyError> {
    let streams = streams(transfer.elements().saturating_mul(target.itemsize() as i64));
    unpack_from(transfer, message, order, target, &mut Sink::new(streams))
}

/// The same past the cache, however short the message is: for a part of something large.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_streaming(
    transfer: &Transfer<'_>,
    message: &[u8],
    order: Order,
    target: &mut Buffer,
) -> Result<(), CopyError> {
    unpack_from(transfer, message, order, target, &mut Sink::new(true))
}

fn unpack_from(
    transfer: &Transfer<'_>,
    message: &[u8],
    order: Order,
    target: &mut Buffer,
    sink: &mut Sink,
) -> Result<(), CopyError> {
    let item = target.itemsize();
    let steps = message_steps(transfer, item, order, message.len())?;
    let pitches = Pitches::checked(transfer, target, End::Target)?;
    let data = writable(target)?;
    let program = Program::new(transfer, item, |at| (in_message(steps[at]), pitches.side(at)));
    // SAFETY: as in `pack`, and the target may be written; nobody else has a reference into either.
    unsafe { run::run(&program, message.as_ptr(), data, sink) };
    Ok(())
}

/// Where in the source the message lies as it is, in bytes from the item at index 0; `None` where it must be packed.
pub fn contiguous_source(transfer: &Transfer<'_>, source: &Buffer, order: Order) -> Option<i64> {
    let item = source.itemsize();
    let steps = steps(transfer, item, order);
    // Looked at before the places: a list of them is never contiguous, and takes time.
    let pitches = Pitches::of(transfer, source, End::Source).ok()?;
    let program = Program::new(transfer, item, |at| (pitches.side(at), in_message(steps[at])));
    let (src, _) = program.contiguous()?;
    pitches.check(transfer, End::Source).ok().map(|()| src)
}

/// Where in the target the message belongs as it is, in bytes from the item at index 0; `None` where it must be unpacked.
pub fn contiguous_target(transfer: &Transfer<'_>, target: &Buffer, order: Order) -> Option<i64> {
    let item = target.itemsize();
    let steps = steps(transfer, item, order);
    let pitches = Pitches::of(transfer, target, End::Target).ok()?;
    let program = Program::new(transfer, item, |at| (in_message(steps[at]), pitches.side(at)));
    let (_, dst) = program.contiguous()?;
    pitches.check(transfer, End::Target).ok().map(|()| dst)
}

/// Copies what a process keeps from one of its buffers to another.
///
/// # Errors
/// A buffer that the transfer reaches beyond, or a target that may only be read; items of different sizes.
pub fn copy_local(transfer: &Transfer<'_>, source: &Buffer, target: &mut Buffer) -> Result<(), CopyError> {
    let item = source.itemsize();
    if target.itemsize() != item {
        return Err(CopyError::ItemSize { found: target.itemsize(), expected: item });
    }
    let (from, to) =
        (Pitches::checked(transfer, source, End::Source)?, Pitches::checked(transfer, target, End::Target)?);
    let data = writable(target)?;
    let program = Program::new(transfer, item, |at| (from.side(at), to.side(at)));
    let mut sink = Sink::new(streams(transfer.elements().saturating_mul(item as i64)));
    // SAFETY: both buffers' extents cover the transfer; a buffer that may be written shares no memory with another one.
    unsafe { run::run(&program, source.as_ptr(), data, &mut sink) };
    Ok(())
}

/// Copies from a buffer that is known by its address.
///
/// # Safety
/// The source has the extents that the transfer reaches, and may be read meanwhile. It may be the target itself: the items that are read
/// and those that are written are different ones. The transfer is none of a reshape: its factors are dimensions.
///
/// # Errors
/// A target that the transfer reaches beyond, or that may only be read.
pub unsafe fn copy_from(transfer: &Transfer<'_>, source: Source<'_>, target: &mut Buffer) -> Result<(), CopyError> {
    let item = target.itemsize();
    let pitches = Pitches::checked(transfer, target, End::Target)?;
    if source.strides.len() != transfer.factors().len() {
        return Err(CopyError::Ndim { found: source.strides.len(), expected: transfer.factors().len() });
    }
    let data = writable(target)?;
    let sides = |dim: usize| (Side::Even(Even::Buffer(source.strides[dim])), pitches.side(dim));
    let program = Program::new(transfer, item, sides);
    let mut sink = Sink::new(streams(transfer.elements().saturating_mul(item as i64)));
    // SAFETY: the caller's promise for the source; the target was compared with the transfer.
    unsafe { run::run(&program, source.data, data, &mut sink) };
    Ok(())
}

/// Whether writing so many bytes goes past the cache.
pub fn streams(bytes: i64) -> bool {
    #[cfg(test)]
    if let Some(stream) = STREAM.get() {
        return stream;
    }
    bytes >= STREAM_FROM
}

#[cfg(test)]
thread_local! {
    /// Lets a test say it.
    static STREAM: std::cell::Cell<Option<bool>> = const { std::cell::Cell::new(None) };
}

fn writable(target: &mut Buffer) -> Result<*mut u8, CopyError> {
    if target.access() == Access::ReadOnly {
        return Err(CopyError::ReadOnly);
    }
    target.as_mut_ptr().map_err(|_| CopyError::ReadOnly)
}

/// The side of a copy where the elements of a message follow one another, so many bytes apart.
fn in_message<'a>(step: i64) -> Side<'a> {
    Side::Even(Even::Message(step))
}

/// The distances between neighbours of a message, which must be as long as its elements.
fn message_steps(transfer: &Transfer<'_>, item: usize, order: Order, found: usize) -> Result<Vec<i64>, CopyError> {
    let expected = transfer.elements().saturating_mul(item as i64);
    if i64::try_from(found) == Ok(expected) {
        Ok(steps(transfer, item, order))
    } else {
        Err(CopyError::Length { found, expected })
    }
}

/// The distances between neighbours of a message, in bytes, for each factor.
fn steps(transfer: &Transfer<'_>, item: usize, order: Order) -> Vec<i64> {
    let ndim = transfer.factors().len();
    let mut steps = vec![0; ndim];
    let mut step = item as i64;
    for k in 0..ndim {
        let dim = if order == Order::F { k } else { ndim - 1 - k };
        steps[dim] = step;
        step = step.saturating_mul(transfer.factors()[dim].len());
    }
    steps
}
