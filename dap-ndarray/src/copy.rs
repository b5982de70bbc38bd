//! Copy kernels: they carry a [`Plan`](dap_core::plan::Plan) out, and know no transport.
//!
//! - [`pack`] and [`unpack`] go between a buffer and a message: the elements of one [`Transfer`],
//!   contiguous, in C order or Fortran's ([`Order`]).
//! - [`copy_local`] goes from one buffer to another: what a process keeps.
//! - [`Pull`] reads from the buffers of all sources at once, and [`Push`] writes to those of all
//!   targets, where their memory is shared.
//!
//! A plan of a [reshape](dap_core::plan::Plan::reshape) is carried out by the same functions. It is
//! as fast as any other where the dimensions of each of its groups lie in C order without gaps in
//! the buffer, and goes row by row of a group's last dimension elsewhere.
//!
//! Buffers may have any strides and any item of a fixed size. Large copies use non-temporal stores;
//! copies that change the fastest dimension are transposed in tiles. Everything is compared with
//! the buffers' extents before a byte moves; along a group of several dimensions they must be those
//! of the process's section, as its positions count them.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::{index::Rank, layout::Layout, plan::{Endpoints, Plan}};
//! use dap_ndarray::{Buffer, copy};
//! let from = Layout::new(vec![Block::new(8, 2)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(8, 2, 1)?.into()])?;
//! let plan = Plan::new(&from, &to, Endpoints::both(Rank(1)))?;
//! let source = Buffer::from_array(ndarray::arr1(&[4_u16, 5, 6, 7]));
//! let send = plan.sends().next().ok_or("nothing is sent")?;
//! let mut message = [0; 4];
//! copy::pack(&send, &source, copy::Order::C, &mut message)?;
//! assert_eq!((message[0], message[2]), (4, 6));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::mem::MaybeUninit;

use dap_core::dtype::DType;
use dap_core::plan::{OverlapForm, Transfer};
use dap_non_temporal::Sink;

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

mod checked;
mod engine;
mod error;
mod index_map;
mod interleave;
mod loop_nest;
mod pull;
mod push;
mod rows;
mod side;
mod strided_copy;
mod strided_run;
#[cfg(test)]
mod tests;
mod transpose;

pub use crate::order::Order;
pub use checked::message_bytes;
use checked::{CheckedCopy, Memory};
pub use error::CopyError;
use index_map::{End, IndexMaps};
use loop_nest::LoopNest;
pub use pull::{Pull, Source, Supply};
pub use push::{Demand, Push, Target};

/// The least number of bytes that are written with non-temporal stores. A smaller copy is read
/// again before it is displaced from the cache.
const NON_TEMPORAL_FROM: i64 = 1 << 20;

/// When copied bytes are read again: a hint that changes the speed of a copy, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reuse {
    /// At once, on this processor: a message that is sent, or unpacked.
    Soon,
    /// After this number of other bytes: a part of a large array, which is read as a whole later.
    After(i64),
    /// By a processor that shares no cache with this one.
    Elsewhere,
}

impl Reuse {
    /// Whether non-temporal stores are faster.
    fn is_non_temporal(self) -> bool {
        match self {
            Reuse::Soon => false,
            Reuse::After(bytes) => is_non_temporal(bytes),
            Reuse::Elsewhere => true,
        }
    }
}

/// Copies the elements of a transfer from a buffer into a message of exactly their bytes.
///
/// # Errors
/// A buffer that the transfer reaches beyond, or whose items are addresses; a message of another
/// length.
pub fn pack(transfer: &Transfer<'_>, source: &Buffer, order: Order, message: &mut [u8]) -> Result<(), CopyError> {
    let (data, len) = (message.as_mut_ptr().cast::<MaybeUninit<u8>>(), message.len());
    // SAFETY: the same bytes, borrowed for as long. `pack_for` writes bytes of the source's items
    // there, which are initialised, and nothing else: so the message is initialised afterwards, as
    // it was before.
    let message = unsafe { std::slice::from_raw_parts_mut(data, len) };
    pack_for(transfer, source, order, message, Reuse::Soon)
}

/// The same into memory that may be uninitialised, all of which is initialised afterwards, unless
/// there was an error. `reuse` says when the message is read.
///
/// # Errors
/// As [`pack`].
pub fn pack_for(
    transfer: &Transfer<'_>,
    source: &Buffer,
    order: Order,
    message: &mut [MaybeUninit<u8>],
    reuse: Reuse,
) -> Result<(), CopyError> {
    let item = itemsize(source)?;
    let to = message_of(transfer, item, order, message.len())?;
    let maps = IndexMaps::of(transfer, source, End::Source)?;
    let copy = CheckedCopy::new(transfer, item, Memory::Buffer(&maps, End::Source), to)?;
    if let Some(loop_nest) = LoopNest::new(&copy) {
        let mut sink = Sink::new(reuse.is_non_temporal());
        // SAFETY: the copy was compared with the source's extents and the message's length.
        // `source` is borrowed, so its items are initialised and not written by others; `message`
        // is borrowed mutably, so it overlaps no buffer that is borrowed as well.
        unsafe { strided_copy::copy(&loop_nest, source.as_ptr(), message.as_mut_ptr().cast(), &mut sink) };
    }
    Ok(())
}

/// Copies a message that was received into a buffer.
///
/// # Errors
/// A buffer that the transfer reaches beyond, that may only be read, or whose items are addresses;
/// a message of another length.
pub fn unpack(transfer: &Transfer<'_>, message: &[u8], order: Order, target: &mut Buffer) -> Result<(), CopyError> {
    let reuse = Reuse::After(bytes_of(transfer, target.itemsize()));
    unpack_for(transfer, message, order, target, reuse)
}

/// As [`unpack`]; `reuse` says when the unpacked items are read.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_for(
    transfer: &Transfer<'_>,
    message: &[u8],
    order: Order,
    target: &mut Buffer,
    reuse: Reuse,
) -> Result<(), CopyError> {
    let item = itemsize(target)?;
    let from = message_of(transfer, item, order, message.len())?;
    let maps = IndexMaps::of(transfer, target, End::Target)?;
    let copy = CheckedCopy::new(transfer, item, from, Memory::Buffer(&maps, End::Target))?;
    let data = writable(target)?;
    if let Some(loop_nest) = LoopNest::new(&copy) {
        let mut sink = Sink::new(reuse.is_non_temporal());
        // SAFETY: the copy was compared with the message's length and the target's extents.
        // `message` is borrowed, so it is initialised and not written by others; `target` is
        // borrowed mutably and may be written, so its items overlap nothing that is borrowed as
        // well.
        unsafe { strided_copy::copy(&loop_nest, message.as_ptr(), data, &mut sink) };
    }
    Ok(())
}

/// Where in the source the message lies as it is, in bytes from the item at index 0; `None` where
/// it must be packed.
pub fn contiguous_source(transfer: &Transfer<'_>, source: &Buffer, order: Order) -> Option<i64> {
    contiguous(transfer, source, order, End::Source)
}

/// Where in the target the message belongs as it is, in bytes from the item at index 0; `None`
/// where it must be unpacked.
pub fn contiguous_target(transfer: &Transfer<'_>, target: &Buffer, order: Order) -> Option<i64> {
    contiguous(transfer, target, order, End::Target)
}

fn contiguous(transfer: &Transfer<'_>, buffer: &Buffer, order: Order, end: End) -> Option<i64> {
    // Listed positions are not looked through for neighbours.
    let is_listed = |form| matches!(form, OverlapForm::Listed { .. });
    if transfer.factors().iter().any(|factor| is_listed(factor.form())) {
        return None;
    }
    let item = itemsize(buffer).ok()?;
    let maps = IndexMaps::of(transfer, buffer, end).ok()?;
    // The message is the buffer's own memory, which has room for all elements if it has all
    // positions.
    let (memory, message) = (Memory::Buffer(&maps, end), Memory::Message(order, usize::MAX));
    let (source, target) = match end {
        End::Source => (memory, message),
        End::Target => (message, memory),
    };
    let copy = CheckedCopy::new(transfer, item, source, target).ok()?;
    let (src, dst) = LoopNest::new(&copy)?.contiguous()?;
    Some(if matches!(end, End::Source) { src } else { dst })
}

/// Copies what a process keeps from one of its buffers to another.
///
/// # Errors
/// A buffer that the transfer reaches beyond, or whose items are addresses; a target that may only
/// be read; items of different sizes.
pub fn copy_local(transfer: &Transfer<'_>, source: &Buffer, target: &mut Buffer) -> Result<(), CopyError> {
    let item = itemsize(source)?;
    if itemsize(target)? != item {
        return Err(CopyError::ItemSize { found: target.itemsize(), expected: item });
    }
    let (from, to) = (IndexMaps::of(transfer, source, End::Source)?, IndexMaps::of(transfer, target, End::Target)?);
    let (from, to) = (Memory::Buffer(&from, End::Source), Memory::Buffer(&to, End::Target));
    let copy = CheckedCopy::new(transfer, item, from, to)?;
    let data = writable(target)?;
    if let Some(loop_nest) = LoopNest::new(&copy) {
        let mut sink = Sink::new(Reuse::After(bytes_of(transfer, item)).is_non_temporal());
        // SAFETY: the copy was compared with both buffers' extents. `source` is borrowed, so its
        // items are initialised and not written by others; `target` is borrowed mutably and may be
        // written, so its items overlap nothing that is borrowed as well.
        unsafe { strided_copy::copy(&loop_nest, source.as_ptr(), data, &mut sink) };
    }
    Ok(())
}

/// The bytes of a transfer's elements, at most `i64::MAX`.
fn bytes_of(transfer: &Transfer<'_>, item: usize) -> i64 {
    transfer.elements().saturating_mul(item as i64)
}

/// Whether a copy of this number of bytes uses non-temporal stores.
fn is_non_temporal(bytes: i64) -> bool {
    #[cfg(test)]
    if let Some(non_temporal) = NON_TEMPORAL.get() {
        return non_temporal;
    }
    bytes >= NON_TEMPORAL_FROM
}

#[cfg(test)]
thread_local! {
    /// Lets a test say it.
    static NON_TEMPORAL: std::cell::Cell<Option<bool>> = const { std::cell::Cell::new(None) };
}

/// Refuses items that are, or hold, addresses, such as those of Python objects: a copy of an
/// address does not count as a reference.
///
/// # Errors
/// [`CopyError::Addresses`].
pub fn movable(dtype: &DType) -> Result<(), CopyError> {
    if dtype.is_object() { Err(CopyError::Addresses { found: dtype.name() }) } else { Ok(()) }
}

/// The bytes of an item that may be moved.
fn itemsize(buffer: &Buffer) -> Result<usize, CopyError> {
    movable(buffer.dtype()).map(|()| buffer.itemsize())
}

fn writable(target: &mut Buffer) -> Result<*mut u8, CopyError> {
    if target.access() == Access::ReadOnly {
        return Err(CopyError::ReadOnly);
    }
    target.as_mut_ptr().map_err(|_| CopyError::ReadOnly)
}

/// The side of a message, which must be as long as its elements.
fn message_of(transfer: &Transfer<'_>, item: usize, order: Order, found: usize) -> Result<Memory<'static>, CopyError> {
    if message_bytes(transfer, item) == Some(found) {
        Ok(Memory::Message(order, found))
    } else {
        Err(CopyError::Length { found, expected: bytes_of(transfer, item) })
    }
}
