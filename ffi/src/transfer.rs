//! Executes a transfer of a plan for the language interfaces: all mistakes of a caller's arguments
//! are found here, before data is copied, for C and for Python alike.
//!
//! [`check_part`] compares a buffer with this process's part of the plan's source or target.
//! [`pack`], [`unpack`] and [`copy_local`] then compare the two sides with one another, and copy.

mod error;

use std::mem::MaybeUninit;
use std::ops::Range;

use dap_core::dim::Dim;
use dap_core::export::{DimDict, DistType, Version};
use dap_core::index::{GridRank, Rank};
use dap_core::layout::{Edition, Layout};
use dap_core::plan::{Plan, Transfer};
use dap_ndarray::copy::{self, Order, Reuse};
use dap_ndarray::{Access, Buffer};

pub use error::TransferError;

/// Which of its two arrays a plan's buffer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The array that the elements come from.
    Source,
    /// The array that the elements go to.
    Target,
}

/// The array that a buffer is a part of, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// One of the two arrays of a plan.
    Of(Side),
    /// The array whose padding a halo exchange fills.
    Padded,
}

/// The description of a buffer by a struct or a section.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// The version of the protocol that the dictionaries are written in.
    pub version: Version,
    /// One dictionary for each dimension. Lists of indices are not read, and may be missing.
    pub dim_data: &'a [DimDict],
}

impl Side {
    fn of(self, plan: &Plan) -> (&Layout, Option<Rank>) {
        match self {
            Side::Source => (plan.from(), plan.endpoints().source),
            Side::Target => (plan.to(), plan.endpoints().target),
        }
    }
}

/// Refuses a buffer that is not this process's part of the plan's source or target, or that cannot
/// be moved; a target must be writable.
///
/// # Errors
/// A process without such a part; items that are addresses or contain them; another shape; a
/// description of another rank's part, or of another distribution; a target that may only be read.
pub fn check_part(
    plan: &Plan,
    side: Side,
    buffer: &Buffer,
    described: Option<Described<'_>>,
) -> Result<(), TransferError> {
    let (layout, rank) = side.of(plan);
    check_section(layout, rank, Role::Of(side), buffer, described)
}

/// Refuses a buffer that is not the part of `rank` of a layout, or whose items cannot be moved; all
/// but a source must be writable.
///
/// # Errors
/// As [`check_part`].
pub fn check_section(
    layout: &Layout,
    rank: Option<Rank>,
    role: Role,
    buffer: &Buffer,
    described: Option<Described<'_>>,
) -> Result<(), TransferError> {
    let part = rank.and_then(|rank| Some((rank, layout.local_shape(rank)?)));
    let (rank, expected) = part.ok_or(TransferError::NoPart { role })?;
    copy::movable(buffer.dtype())
        .map_err(|_| TransferError::Addresses { what: role.name(), found: buffer.dtype().clone() })?;
    let place = described.map_or(Ok(()), |described| described.is_of(layout, rank, role));
    if let Err(error @ TransferError::OtherRank { .. }) = place {
        return Err(error);
    }
    if buffer.shape() != expected {
        return Err(TransferError::Shape { role, found: buffer.shape().to_vec(), expected });
    }
    place?;
    if role != Role::Of(Side::Source) && buffer.access() == Access::ReadOnly {
        return Err(TransferError::ReadOnly { what: role.name() });
    }
    Ok(())
}

impl Described<'_> {
    /// Refuses a description that is not that of a rank's part of a layout.
    fn is_of(&self, layout: &Layout, rank: Rank, role: Role) -> Result<(), TransferError> {
        let other_layout = || TransferError::OtherLayout { role, expected: layout.to_string() };
        let grid_size = |dict: &DimDict| dict.proc_grid_size.get().copied().unwrap_or(1);
        let grid_rank = |dict: &DimDict| GridRank(dict.proc_grid_rank.get().copied().unwrap_or(0));
        if !self.dim_data.iter().map(grid_size).eq(layout.grid().shape().iter().copied()) {
            return Err(other_layout());
        }
        let coordinates: Vec<GridRank> = self.dim_data.iter().map(grid_rank).collect();
        let found = layout.grid().rank(&coordinates).ok_or_else(other_layout)?;
        if found != rank {
            return Err(TransferError::OtherRank { role, found, expected: rank });
        }
        let edition = Edition::of(self.version).ok_or_else(other_layout)?;
        let dims = self.dim_data.iter().zip(layout.dims()).zip(coordinates);
        if dims.into_iter().all(|((dict, dim), at)| has_places_of(dict, dim, at, edition)) {
            Ok(())
        } else {
            Err(other_layout())
        }
    }
}

/// Whether a dictionary maps the same indices to the same positions as a dimension does on a grid
/// rank. Lists of indices are not compared: that would take as long as moving them.
fn has_places_of(dict: &DimDict, dim: &Dim, at: GridRank, edition: Edition) -> bool {
    let is_listed = dict.dist_type.get() == Some(&DistType::Unstructured);
    let has_size = dict.size.get().is_none_or(|&size| size == dim.size());
    match dim {
        Dim::CyclicSlice(_) | Dim::Unstructured(_) => is_listed && has_size,
        // A dimension on one process has the same map for every distribution type.
        _ if dim.grid_size() == 1 && dim.extent(at) == dim.size() => !is_listed && has_size,
        _ => match dim.dim_dict(edition, at) {
            // The position of an element does not depend on whether the dimension is periodic.
            Ok(expected) => DimDict { periodic: expected.periodic.clone(), ..dict.clone() }.is_part_like(&expected),
            // An edition that cannot express the dimension expresses a similar one.
            Err(_) => true,
        },
    }
}

/// The bytes of a transfer's elements, as items of this buffer.
///
/// # Errors
/// The bytes exceed memory.
pub fn message_len(transfer: &Transfer<'_>, buffer: &Buffer) -> Result<usize, TransferError> {
    copy::message_bytes(transfer, buffer.itemsize()).ok_or(TransferError::TooLarge)
}

/// Packs a transfer's elements into a message that has at least their bytes, and returns the number
/// of these. The message may be uninitialised.
///
/// # Errors
/// The message is too short, or shares memory with the source; or [`copy::pack`] refuses.
///
/// # Safety
/// `room` bytes from `message` on lie in one allocation and may be written until this returns, and
/// no other code uses them meanwhile, unless they are the source's.
pub unsafe fn pack(
    transfer: &Transfer<'_>,
    source: &Buffer,
    order: Order,
    message: *mut u8,
    room: usize,
) -> Result<usize, TransferError> {
    let len = fits(transfer, source, message, room, "the source")?;
    // SAFETY: the message has `len` bytes by this function's contract and `fits`, which has found
    // that they are not the source's, so that they are borrowed only here. Uninitialised bytes are
    // allowed.
    let message = unsafe { std::slice::from_raw_parts_mut(message.cast::<MaybeUninit<u8>>(), len) };
    copy::pack_for(transfer, source, order, message, Reuse::Soon)?;
    Ok(len)
}

/// Unpacks a transfer's elements from a message that has at least their bytes.
///
/// # Errors
/// The message is too short, or shares memory with the target; or [`copy::unpack`] refuses.
///
/// # Safety
/// `len` bytes from `message` on lie in one allocation, are initialised and may be read until this
/// returns, and no other code writes them meanwhile.
pub unsafe fn unpack(
    transfer: &Transfer<'_>,
    message: *const u8,
    len: usize,
    order: Order,
    target: &mut Buffer,
) -> Result<(), TransferError> {
    let len = fits(transfer, target, message, len, "the target")?;
    // SAFETY: the message has `len` bytes by this function's contract and `fits`, which has found
    // that they are not the target's, so that no code writes them while they are borrowed.
    let message = unsafe { std::slice::from_raw_parts(message, len) };
    Ok(copy::unpack(transfer, message, order, target)?)
}

/// Copies the elements that a process keeps from its part of the source array to its part of the
/// target array.
///
/// # Errors
/// As [`check_pair`]; or [`copy::copy_local`] refuses.
pub fn copy_local(transfer: &Transfer<'_>, source: &Buffer, target: &mut Buffer) -> Result<(), TransferError> {
    check_pair(source, target)?;
    Ok(copy::copy_local(transfer, source, target)?)
}

/// Refuses two buffers whose items have different types, or that share memory.
///
/// # Errors
/// The types differ, or the memory is shared.
pub fn check_pair(source: &Buffer, target: &Buffer) -> Result<(), TransferError> {
    if source.dtype() != target.dtype() {
        let (source, target) = (source.dtype().clone(), target.dtype().clone());
        return Err(TransferError::Types { source, target });
    }
    apart(source, &target.reach(), "the target", "the source")
}

/// Refuses a message without room for a transfer's elements, or in the memory of the buffer;
/// returns the bytes of the elements.
fn fits(
    transfer: &Transfer<'_>,
    buffer: &Buffer,
    message: *const u8,
    room: usize,
    of_buffer: &'static str,
) -> Result<usize, TransferError> {
    let needed = message_len(transfer, buffer)?;
    if room < needed {
        return Err(TransferError::Room { found: room, expected: needed });
    }
    let begin = message.addr();
    apart(buffer, &(begin..begin.saturating_add(needed)), "the message", of_buffer)?;
    Ok(needed)
}

fn apart(
    buffer: &Buffer,
    addresses: &Range<usize>,
    what: &'static str,
    with: &'static str,
) -> Result<(), TransferError> {
    if buffer.may_share_memory(addresses) { Err(TransferError::Shared { what, with }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
