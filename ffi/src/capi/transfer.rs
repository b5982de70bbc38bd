//! Execution of a plan: copies elements between an array and a message, and elements that stay from
//! array to array.

use std::ffi::c_void;

use dap_core::export::Version;
use dap_core::plan::Plan;
use dap_ndarray::copy::Order;
use dap_ndarray::{Access, Buffer};

use super::call::call;
use super::plan::{DapPlan, its};
use crate::consume::{dims::dicts, good, open};
use crate::transfer::{self, Described, Role, Side};
use crate::{Code, DapArray, DapDim, DapError, Refusal, lend};

/// Copies the elements of send number `at` from an array, that of the plan's own rank, into a
/// message of `capacity` bytes, which must hold the bytes of the elements. `order` is that of the
/// elements in the message, `DAP_ORDER_C` or `DAP_ORDER_F`, and the same at both ends. The message
/// may be sent with any transport, need not be aligned, and may be uninitialised before. It does
/// not contain the item type: the processes must agree that both arrays have the same.
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
        // SAFETY: `its`, `lent` and `good` refuse null and misaligned pointers; any other plan is
        // live, any other struct obeys `spec/abi.md`, and `message` has `capacity` bytes that only
        // this call uses, by this function's contract. No buffer outlives the call.
        unsafe {
            let plan = its(plan)?;
            let send = plan.send(at)?;
            let source = lent(&plan.plan, Side::Source, source)?;
            good(message.cast::<u8>(), "message")?;
            transfer::pack(&send, &source, ordered(order)?, message.cast(), capacity)?;
            Ok(())
        }
    })
}

/// Copies the elements of receive number `at` from a message of `length` bytes into an array, that
/// of the plan's own rank.
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
        // SAFETY: `its`, `lent` and `good` refuse null and misaligned pointers; any other plan is
        // live, any other struct obeys `spec/abi.md`, and `message` has `length` initialised bytes
        // that no code writes during the call, by this function's contract. No buffer outlives it.
        unsafe {
            let plan = its(plan)?;
            let receive = plan.receive(at)?;
            let mut target = lent(&plan.plan, Side::Target, target)?;
            good(message.cast::<u8>(), "message")?;
            Ok(transfer::unpack(&receive, message.cast(), length, ordered(order)?, &mut target)?)
        }
    })
}

/// Copies the elements that stay on this process from its part of the source array to its part of
/// the target array. There may be none. The two must not share memory, and must have the same item
/// type: `DAP_E_DTYPE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_copy_local(
    plan: *const DapPlan,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `its` and `lent` refuse null and misaligned pointers; any other plan is live, and
        // any other struct obeys `spec/abi.md`, by this function's contract. No buffer outlives
        // the call.
        unsafe {
            let plan = its(plan)?;
            let Some(kept) = plan.plan.kept() else { return Ok(()) };
            let source = lent(&plan.plan, Side::Source, source)?;
            let mut target = lent(&plan.plan, Side::Target, target)?;
            Ok(transfer::copy_local(&kept, &source, &mut target)?)
        }
    })
}

/// A buffer over the memory of a struct, which stays the struct's, and is this process's part of
/// the plan's source or target. The source is only read, and the target needs exclusive access.
///
/// # Safety
/// As for all functions here; the buffer is dropped before the function returns.
unsafe fn lent(plan: &Plan, side: Side, array: *const DapArray) -> Result<Buffer, Refusal> {
    let access = match side {
        Side::Source => Access::ReadOnly,
        Side::Target => Access::ReadWrite,
    };
    good(array, Role::Of(side).name())?;
    // SAFETY: `array` points to a struct that obeys `spec/abi.md`, and is neither released nor
    // changed during the call. By the contract of all functions here, no other code writes its
    // memory meanwhile, nor reads it if it is a target. No list of indices is read, as none is
    // left.
    let (buffer, dim_data) = unsafe {
        let buffer = lend(array, access)?;
        let bare = |dim: &DapDim| DapDim { n_indices: 0, indices: std::ptr::null(), ..*dim };
        let dims: Vec<DapDim> = open(array)?.dims.iter().map(bare).collect();
        (buffer, dicts(&dims, None)?)
    };
    let described = Described { version: Version::V0_10, dim_data: &dim_data };
    transfer::check_part(plan, side, &buffer, Some(described))?;
    Ok(buffer)
}

fn ordered(order: i32) -> Result<Order, Refusal> {
    match u8::try_from(order) {
        Ok(b'C') => Ok(Order::C),
        Ok(b'F') => Ok(Order::F),
        _ => Err(Refusal::new(Code::ARGUMENT).what("order").found(order)),
    }
}
