//! Plans: the elements that one process sends, receives and keeps when an array moves from one
//! layout to another. They are independent of the transport.

use dap_core::error::ErrorKind;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan, Transfer};

use super::call::{call, free, set};
use super::layout::DapLayout;
use super::maps::{no_rank, of};
use crate::consume::good;
use crate::{Code, DapError, Refusal};

/// One process's part in a move: opaque, made and freed here, and used by any number of threads.
#[derive(Debug)]
pub struct DapPlan {
    pub(super) plan: Plan,
    /// The target ranks and their element counts, by ascending rank.
    sends: Vec<Peer>,
    /// The source ranks and their element counts, by ascending rank.
    receives: Vec<Peer>,
}

/// A process at the other end, and the number of elements between the two.
#[derive(Debug, Clone, Copy)]
struct Peer {
    rank: Rank,
    elements: i64,
}

impl From<Transfer<'_>> for Peer {
    fn from(transfer: Transfer<'_>) -> Self {
        Self { rank: transfer.peer(), elements: transfer.elements() }
    }
}

impl DapPlan {
    /// The elements of send number `at`.
    pub(super) fn send(&self, at: i64) -> Result<Transfer<'_>, Refusal> {
        let peer = nth(&self.sends, at, "send number")?;
        self.plan.outgoing_to(peer.rank).ok_or_else(|| Refusal::new(Code::INTERNAL).what("a send without elements"))
    }

    /// The elements of receive number `at`.
    pub(super) fn receive(&self, at: i64) -> Result<Transfer<'_>, Refusal> {
        let peer = nth(&self.receives, at, "receive number")?;
        let transfer = self.plan.incoming_from(peer.rank);
        transfer.ok_or_else(|| Refusal::new(Code::INTERNAL).what("a receive without elements"))
    }
}

/// Plans the part of a process in moving an array from one layout to another. Each rank is the
/// process's in that layout, or -1 if it has no part there, because the sets of processes may
/// differ. Owned elements move; communication padding of the target is not filled. The layouts may
/// be freed afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_new(
    from: *const DapLayout,
    from_rank: i64,
    to: *const DapLayout,
    to_rank: i64,
    out: *mut *mut DapPlan,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `planned` refuses null and misaligned pointers; any other layout is live during the
    // call, and any other `out` may be written.
    call(error, || unsafe { planned(Plan::new, (from, from_rank), (to, to_rank), out) })
}

/// The same for an array that gets another shape: the same items in the same row-major order (the
/// last index varies fastest), whatever the order of the arrays in memory. Both layouts must have
/// the same number of items, or the code is `DAP_E_LAYOUTS_DIFFER`. Such a plan is executed as any
/// other; arrays in C order without gaps are copied fastest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_new_reshape(
    from: *const DapLayout,
    from_rank: i64,
    to: *const DapLayout,
    to_rank: i64,
    out: *mut *mut DapPlan,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `planned` refuses null and misaligned pointers; any other layout is live during the
    // call, and any other `out` may be written.
    call(error, || unsafe { planned(Plan::reshape, (from, from_rank), (to, to_rank), out) })
}

/// # Safety
/// As for all functions here.
unsafe fn planned(
    plan: fn(&Layout, &Layout, Endpoints) -> dap_core::error::Result<Plan>,
    (from, from_rank): (*const DapLayout, i64),
    (to, to_rank): (*const DapLayout, i64),
    out: *mut *mut DapPlan,
) -> Result<(), Refusal> {
    good(out, "out")?;
    // SAFETY: `of` refuses null and misaligned layouts; any other is a live one of this library, by
    // this function's contract.
    let (from, to) = unsafe { (of(from)?, of(to)?) };
    let endpoints = Endpoints { source: rank(from, from_rank)?, target: rank(to, to_rank)? };
    let plan = plan(from, to, endpoints).map_err(|error| differ(&error))?;
    let (sends, receives) = (plan.sends().map(Peer::from).collect(), plan.receives().map(Peer::from).collect());
    // SAFETY: `out` is neither null nor misaligned, and may be written by this function's contract.
    unsafe { set(out, "out", Box::into_raw(Box::new(DapPlan { plan, sends, receives }))) }
}

/// Frees a plan; null is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_free(plan: *mut DapPlan) {
    // SAFETY: a plan that is neither null nor misaligned is a box of `planned`; its owner frees it
    // once.
    unsafe { free(plan) }
}

/// The number of processes that this one sends to, itself excluded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_sends(plan: *const DapPlan, count: *mut i64, error: *mut DapError) -> i32 {
    // SAFETY: `its` and `set` refuse null and misaligned pointers; any other plan is live, and any
    // other `count` may be written.
    call(error, || unsafe { set(count, "count", its(plan)?.sends.len() as i64) })
}

/// The target of send number `at`, from 0 and by ascending rank in the target layout, and its
/// number of elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_send(
    plan: *const DapPlan,
    at: i64,
    peer: *mut i64,
    elements: *mut i64,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `its` and `tell` refuse null and misaligned pointers; any other plan is live, and
    // `peer` and `elements` may be written.
    call(error, || unsafe { tell(nth(&its(plan)?.sends, at, "send number")?, peer, elements) })
}

/// The number of processes that this one receives from, itself excluded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_receives(plan: *const DapPlan, count: *mut i64, error: *mut DapError) -> i32 {
    // SAFETY: `its` and `set` refuse null and misaligned pointers; any other plan is live, and any
    // other `count` may be written.
    call(error, || unsafe { set(count, "count", its(plan)?.receives.len() as i64) })
}

/// The source of receive number `at`, from 0 and by ascending rank in the source layout, and its
/// number of elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_receive(
    plan: *const DapPlan,
    at: i64,
    peer: *mut i64,
    elements: *mut i64,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `its` and `tell` refuse null and misaligned pointers; any other plan is live, and
    // `peer` and `elements` may be written.
    call(error, || unsafe { tell(nth(&its(plan)?.receives, at, "receive number")?, peer, elements) })
}

/// The number of elements that stay on this process, for `dap_plan_copy_local`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_plan_kept(plan: *const DapPlan, elements: *mut i64, error: *mut DapError) -> i32 {
    call(error, || {
        // SAFETY: `its` and `set` refuse null and misaligned pointers; any other plan is live, and
        // any other `elements` may be written.
        unsafe { set(elements, "elements", its(plan)?.plan.kept().map_or(0, |kept| kept.elements())) }
    })
}

/// # Safety
/// `plan` is null, misaligned, or a plan, for `'a`.
pub(super) unsafe fn its<'a>(plan: *const DapPlan) -> Result<&'a DapPlan, Refusal> {
    good(plan, "plan")?;
    // SAFETY: not null and aligned, by `good`; the caller promises a live plan of this library for
    // `'a`.
    Ok(unsafe { &*plan })
}

fn nth(peers: &[Peer], at: i64, what: &'static str) -> Result<Peer, Refusal> {
    let peer = usize::try_from(at).ok().and_then(|at| peers.get(at)).copied();
    peer.ok_or_else(|| {
        let count = match peers.len() {
            0 => "this process has none".to_owned(),
            count => format!("they are numbered from 0 to {}", count - 1),
        };
        Refusal::new(Code::NOT_FOUND).what(format!("no {what} {at}: {count}"))
    })
}

/// # Safety
/// Both pointers are null, misaligned, or may be written.
unsafe fn tell(found: Peer, peer: *mut i64, elements: *mut i64) -> Result<(), Refusal> {
    good(elements, "elements")?;
    // SAFETY: `good` and `set` refuse null and misaligned pointers; any other may be written, by
    // this function's contract.
    unsafe {
        set(peer, "peer", found.rank.0)?;
        set(elements, "elements", found.elements)
    }
}

/// A rank of a layout, or none for -1.
fn rank(layout: &Layout, rank: i64) -> Result<Option<Rank>, Refusal> {
    match rank {
        -1 => Ok(None),
        rank if (0..layout.processes()).contains(&rank) => Ok(Some(Rank(rank))),
        rank => Err(no_rank(layout, rank)),
    }
}

/// The reason why there is no plan: layouts of different arrays, or too much to plan.
fn differ(error: &dap_core::error::Error) -> Refusal {
    let code = if error.kind() == ErrorKind::PlanTooLarge { Code::MEMORY } else { Code::LAYOUTS_DIFFER };
    Refusal::of_error(code, error)
}
