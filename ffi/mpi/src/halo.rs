//! Communication padding filled with the neighbours' owned elements, in two halves.

use std::ffi::c_int;

use dap_core::index::Rank;
use dap_core::plan::Stencil;
use dap_ffi::boundary::{free, set};
use dap_ffi::{Code, DapArray, DapError, Refusal, good};
use dap_mpi::{Comm, HaloExchange};
use dap_ndarray::{Access, Buffer};
use mpi::ffi::MPI_Comm;

use crate::agree::{agree, call, refusal, refusal_of_one};
use crate::arrays::{buffer, gather};
use crate::communicator::{duplicate, of_fortran, running};

/// A prepared exchange: opaque, made and freed here.
#[derive(Debug)]
pub struct DapMpiHalo {
    comm: Comm,
    inner: HaloExchange,
}

/// Prepares to fill the communication padding of arrays with the distribution of `array`; null on a
/// rank that has no part, which must come after all ranks that have one. With `corners` other than
/// 0, the elements of diagonal neighbours are included; all ranks must give the same value, or the
/// code is `DAP_E_ARGUMENT`. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_new(
    comm: MPI_Comm,
    array: *const DapArray,
    corners: i32,
    out: *mut *mut DapMpiHalo,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(comm)?, array, corners, out) })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_new_f(
    comm: c_int,
    array: *const DapArray,
    corners: i32,
    out: *mut *mut DapMpiHalo,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(of_fortran(comm)?)?, array, corners, out) })
}

/// Begins: packs and sends the elements for the neighbours. Afterwards, owned elements may be
/// written again, and the interior may be computed until `dap_mpi_halo_finish`. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_start(
    halo: *mut DapMpiHalo,
    array: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `halo` is null, misaligned, or one that `new` made and `dap_mpi_halo_free` has not
    // freed, in no other call meanwhile; `array` is null, misaligned, or a struct that obeys
    // `spec/abi.md`. The page of this library demands both of the program.
    call(error, || unsafe { with_array(halo, array, |inner, lent| inner.start(lent.as_deref())) })
}

/// Ends: fills the padding of `array`, which must be the array that was started with, null on the
/// same ranks. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_finish(
    halo: *mut DapMpiHalo,
    array: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `halo` is null, misaligned, or one that `new` made and `dap_mpi_halo_free` has not
    // freed, in no other call meanwhile; `array` is null, misaligned, or a struct that obeys
    // `spec/abi.md`. The page of this library demands both of the program.
    call(error, || unsafe { with_array(halo, array, HaloExchange::finish) })
}

/// Both halves at once: fills the padding of `array`. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_exchange(
    halo: *mut DapMpiHalo,
    array: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `halo` is null, misaligned, or one that `new` made and `dap_mpi_halo_free` has not
    // freed, in no other call meanwhile; `array` is null, misaligned, or a struct that obeys
    // `spec/abi.md`. The page of this library demands both of the program.
    call(error, || unsafe { with_array(halo, array, HaloExchange::exchange) })
}

/// Executes one of the two halves, or both, with an array that all ranks could lend.
///
/// # Safety
/// `halo` is null, misaligned, or one that `new` made and nothing has freed, in no other call
/// meanwhile; `array` as for [`buffer`], for writing, as long as this takes.
unsafe fn with_array(
    halo: *mut DapMpiHalo,
    array: *const DapArray,
    act: impl FnOnce(&mut HaloExchange, Option<&mut Buffer>) -> dap_mpi::Result<()>,
) -> Result<(), Refusal> {
    good(halo, "halo")?;
    running()?;
    // SAFETY: `halo` is neither null nor misaligned (`good`), so it is one that `new` made and
    // nothing has freed or uses now, as the caller guarantees; the buffer is dropped at the end of
    // this function, while the struct is still there.
    let (halo, lent) = unsafe { (&mut *halo, buffer(array, Access::ReadWrite)) };
    let mut lent = agree(&halo.comm, lent)?;
    act(&mut halo.inner, lent.as_mut()).map_err(|error| refusal(&halo.comm, &error))
}

/// Frees a prepared exchange; null is allowed. All ranks call it before freeing the communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_halo_free(halo: *mut DapMpiHalo) {
    // SAFETY: an exchange that is neither null nor misaligned is a box of `new`; the program frees
    // it once and uses it no more, as the page of this library demands.
    unsafe { free(halo) }
}

/// # Safety
/// `array` as for [`gather`]; `out` is null, misaligned, or may be written.
unsafe fn new(comm: &Comm, array: *const DapArray, corners: i32, out: *mut *mut DapMpiHalo) -> Result<(), Refusal> {
    agree(comm, good(out, "out"))?;
    // SAFETY: null, misaligned, or a struct that obeys `spec/abi.md`, as the caller guarantees.
    let whole = unsafe { gather(comm, array, "array")? };
    // The result is the same on all ranks, so all fail alike.
    let ranks = whole.placement.ranks();
    let moved =
        |section: i64| ranks.holder(Rank(section)).map(|with| (section, with)).filter(|(at, with)| *at != with.0);
    if let Some((without, with)) = (0..ranks.processes()).find_map(moved) {
        let what = format!(
            "`array` is NULL on rank {without}, but a later rank, {with}, has a part: ranks without a part must come last"
        );
        return Err(Refusal::new(Code::INCOMPLETE).what(what).rank_at(Rank(without)));
    }
    let stencil = if corners == 0 { Stencil::Star } else { Stencil::Box };
    let inner = HaloExchange::new(comm, whole.placement, &whole.dtype, stencil);
    let inner = inner.map_err(|error| refusal_of_one(comm, &error))?;
    // SAFETY: `out`, which `good` has found neither null nor misaligned, may be written, as the
    // caller guarantees.
    unsafe { set(out, "out", Box::into_raw(Box::new(DapMpiHalo { comm: comm.clone(), inner }))) }
}
