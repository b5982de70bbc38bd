//! A plan carried out: elements between an array and a message, and what a process keeps from array to array.

use std::ffi::c_void;

use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::Transfer;
use dap_ndarray::copy::{self, CopyError, Order};
use dap_ndarray::{Access, Buffer};

use super::call::call;
use super::plan::{DapPlan, its};
use crate::consume::good;
use crate::{Code, DapArray, DapError, Refusal, lend};

/// Copies the elements of send number `at` from an array into a message of `capacity` bytes, of which it uses as many as the elements
/// have. `order` is that of the elements in the message, `DAP_ORDER_C` or `DAP_ORDER_F`, and the same at both ends. The
/// message may be sent with any transport, and need not be aligned. It does not say of which type its items are: that both arrays have
/// the same is for the processes to agree upon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_pack(
    plan: *const DapPlan,
    at: i64,
    source: *const DapArray,
    message: *mut c_void,
    capacity: usize,
    order: i32,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: as for all functions here.
        unsafe {
            let plan = its(plan)?;
            let send = plan.send(at)?;
            let source = lent(source, "source", plan.plan.from(), plan.plan.party().source, Access::ReadOnly)?;
            let length = length(&send, &source, message, capacity)?;
            let message = std::slice::from_raw_parts_mut(message.cast::<u8>(), length);
            copy::pack(&send, &source, ordered(order)?, message).map_err(|error| refused(&error))
        }
    })
}

/// Copies the elements of receive number `at` from a message of `length` bytes into an array.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_unpack(
    plan: *const DapPlan,
    at: i64,
    message: *const c_void,
    length: usize,
    order: i32,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: as for all functions here.
        unsafe {
            let plan = its(plan)?;
            let receive = plan.receive(at)?;
            let mut target = lent(target, "target", plan.plan.to(), plan.plan.party().target, Access::ReadWrite)?;
            let length = self::length(&receive, &target, message, length)?;
            let message = std::slice::from_raw_parts(message.cast::<u8>(), length);
            copy::unpack(&receive, message, ordered(order)?, &mut target).map_err(|error| refused(&error))
        }
    })
}

/// Copies what this process keeps from its part of the one array to its part of the other. Nothing to keep is fine; the two must
/// not share memory, and have the same item type: `DAP_E_DTYPE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_copy_local(
    plan: *const DapPlan,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: as for all functions here.
        unsafe {
            let plan = its(plan)?;
            let Some(kept) = plan.plan.kept() else { return Ok(()) };
            let party = plan.plan.party();
            let source = lent(source, "source", plan.plan.from(), party.source, Access::ReadOnly)?;
            let mut target = lent(target, "target", plan.plan.to(), party.target, Access::ReadWrite)?;
            if source.dtype() != target.dtype() {
                let (from, to) = (source.dtype().name(), target.dtype().name());
                let what = format!("the items are {from} in the source, {to} in the target");
                return Err(Refusal::new(Code::DTYPE).what(what));
            }
            let (a, b) = (source.reach(), target.reach());
            if a.start < b.end && b.start < a.end {
                return Err(Refusal::new(Code::ARGUMENT).what("`target` shares memory with `source`"));
            }
            copy::copy_local(&kept, &source, &mut target).map_err(|error| refused(&error))
        }
    })
}

/// A buffer over a struct's memory, which stays the struct's.
///
/// # Safety
/// As for all functions here; the buffer is dropped before the function returns. `ReadWrite` asks for the only access.
unsafe fn lent(
    array: *const DapArray,
    what: &'static str,
    layout: &Layout,
    rank: Option<Rank>,
    access: Access,
) -> Result<Buffer, Refusal> {
    good(array, what)?;
    // SAFETY: as the caller promises.
    let buffer = unsafe { lend(array, access) }?;
    let wanted = rank.and_then(|rank| layout.local_shape(rank)).unwrap_or_default();
    if wanted.len() != buffer.ndim() {
        let what = format!("`{what}` has {} dimensions, the layout {}", buffer.ndim(), wanted.len());
        return Err(Refusal::new(Code::TENSOR).what(what));
    }
    for (dim, (found, wanted)) in buffer.shape().iter().zip(&wanted).enumerate() {
        if found != wanted {
            let what = format!("the extent of `{what}` is {found}, the layout's {wanted}");
            return Err(Refusal::new(Code::TENSOR).dim_at(dim).what(what));
        }
    }
    Ok(buffer)
}

/// The bytes of a transfer's elements, for which a message has room, and which are not the buffer's own.
fn length(transfer: &Transfer<'_>, buffer: &Buffer, message: *const c_void, room: usize) -> Result<usize, Refusal> {
    good(message.cast::<u8>(), "message")?;
    let needed = transfer.elements().checked_mul(buffer.itemsize() as i64);
    let needed = needed.and_then(|needed| usize::try_from(needed).ok());
    let needed = needed.ok_or_else(|| Refusal::new(Code::TENSOR).what("the message is beyond what memory can hold"))?;
    if room < needed {
        return Err(Refusal::new(Code::TOO_SMALL).found(room).expected(needed));
    }
    let (memory, start) = (buffer.reach(), message.addr());
    if start < memory.end && memory.start < start.saturating_add(needed) {
        return Err(Refusal::new(Code::ARGUMENT).what("`message` shares memory with the array"));
    }
    Ok(needed)
}

fn ordered(order: i32) -> Result<Order, Refusal> {
    match u8::try_from(order) {
        Ok(b'C') => Ok(Order::C),
        Ok(b'F') => Ok(Order::F),
        _ => Err(Refusal::new(Code::ARGUMENT).what("order").found(order)),
    }
}

fn refused(error: &CopyError) -> Refusal {
    match error {
        CopyError::ItemSize { .. } => Refusal::new(Code::DTYPE).what(error.to_string()),
        CopyError::ReadOnly => Refusal::new(Code::READ_ONLY),
        CopyError::Extent { dim, .. } => Refusal::new(Code::TENSOR).dim_at(*dim).what(error.to_string()),
        _ => Refusal::new(Code::TENSOR).what(error.to_string()),
    }
}
