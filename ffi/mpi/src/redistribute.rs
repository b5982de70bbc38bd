//! Redistribution of an array to the same shape or to another shape: once, or repeatedly.

use std::ffi::c_int;

use dap_ffi::boundary::{free, set};
use dap_ffi::{Code, DapArray, DapError, Refusal, good};
use dap_mpi::{Comm, Prepare, Redistribution};
use dap_ndarray::Access;
use mpi::ffi::MPI_Comm;

use crate::agree::{agree, call, refusal};
use crate::arrays::{buffer, gather};
use crate::communicator::{duplicate, of_fortran, running};

/// A prepared move: opaque, made and freed here.
#[derive(Debug)]
pub struct DapMpiMove {
    comm: Comm,
    inner: Redistribution,
}

/// Moves an array: this rank's elements of `source` go to the ranks that hold them in `target`, and
/// this rank's part of `target` is filled. Either is null on a rank that has no part of it; the
/// ranks that have a part are its processes, in rank order. Of the target, owned elements are
/// written; communication padding is unchanged. The two must not share memory. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_redistribute(
    comm: MPI_Comm,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { prepared(&duplicate(comm)?, source, target, Redistribution::new)?.execute(source, target) })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_redistribute_f(
    comm: c_int,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe {
        prepared(&duplicate(of_fortran(comm)?)?, source, target, Redistribution::new)?.execute(source, target)
    })
}

/// Reshapes an array: the items of `source` go to `target`, an array of another shape, in the same
/// row-major order (the last index varies fastest), whatever the order in memory. Both must have
/// the same number of items, or the code is `DAP_E_LAYOUTS_DIFFER`. Otherwise as
/// `dap_mpi_redistribute`; fastest for arrays in C order without gaps. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_reshape(
    comm: MPI_Comm,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe {
        prepared(&duplicate(comm)?, source, target, Redistribution::reshape)?.execute(source, target)
    })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_reshape_f(
    comm: c_int,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe {
        prepared(&duplicate(of_fortran(comm)?)?, source, target, Redistribution::reshape)?.execute(source, target)
    })
}

/// Prepares a move between arrays with the distributions of `source` and `target`: for these, and
/// for any others with the same distributions. It keeps the memory for messages. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_new(
    comm: MPI_Comm,
    source: *const DapArray,
    target: *const DapArray,
    out: *mut *mut DapMpiMove,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(comm)?, source, target, Redistribution::new, out) })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_new_f(
    comm: c_int,
    source: *const DapArray,
    target: *const DapArray,
    out: *mut *mut DapMpiMove,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(of_fortran(comm)?)?, source, target, Redistribution::new, out) })
}

/// Prepares to reshape arrays with the distribution of `source` into arrays with the distribution
/// of `target`, see `dap_mpi_reshape`; the result is a move like any other. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_new_reshape(
    comm: MPI_Comm,
    source: *const DapArray,
    target: *const DapArray,
    out: *mut *mut DapMpiMove,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(comm)?, source, target, Redistribution::reshape, out) })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_new_reshape_f(
    comm: c_int,
    source: *const DapArray,
    target: *const DapArray,
    out: *mut *mut DapMpiMove,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; the pointers are null, misaligned, or point to what their types say, for
    // as long as the call takes. The page of this library demands both of the program.
    call(error, || unsafe { new(&duplicate(of_fortran(comm)?)?, source, target, Redistribution::reshape, out) })
}

/// Executes a prepared move: `source` and `target` have the distributions that it was prepared for,
/// and are null on the same ranks. Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_execute(
    plan: *mut DapMpiMove,
    source: *const DapArray,
    target: *const DapArray,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(plan, "plan")?;
        running()?;
        // SAFETY: `plan` is neither null nor misaligned, so it is one that `new` made and
        // `dap_mpi_move_free` has not freed, in no other call meanwhile; the arrays are null,
        // misaligned, or structs that obey `spec/abi.md`. The page of this library demands it of
        // the program.
        unsafe { (*plan).execute(source, target) }
    })
}

/// Frees a prepared move; null is allowed. All ranks call it before freeing the communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_move_free(plan: *mut DapMpiMove) {
    // SAFETY: a plan that is neither null nor misaligned is a box of `new`; the program frees it
    // once and uses it no more, as the page of this library demands.
    unsafe { free(plan) }
}

/// # Safety
/// `source` and `target` as for [`gather`]; `out` is null, misaligned, or may be written.
unsafe fn new(
    comm: &Comm,
    source: *const DapArray,
    target: *const DapArray,
    prepare: Prepare,
    out: *mut *mut DapMpiMove,
) -> Result<(), Refusal> {
    agree(comm, good(out, "out"))?;
    // SAFETY: the arrays are as `gather` needs them, and `out`, which `good` has found neither null
    // nor misaligned, may be written: the caller guarantees both.
    unsafe {
        let plan = prepared(comm, source, target, prepare)?;
        set(out, "out", Box::into_raw(Box::new(plan)))
    }
}

/// # Safety
/// `source` and `target` as for [`gather`].
unsafe fn prepared(
    comm: &Comm,
    source: *const DapArray,
    target: *const DapArray,
    prepare: Prepare,
) -> Result<DapMpiMove, Refusal> {
    // SAFETY: both are null, misaligned, or structs that obey `spec/abi.md`, as the caller
    // guarantees.
    let (from, to) = unsafe { (gather(comm, source, "source")?, gather(comm, target, "target")?) };
    // All ranks have gathered the same texts: they fail alike.
    if from.dtype != to.dtype {
        let what = format!("the source has items of {}, the target of {}", from.dtype.name(), to.dtype.name());
        return Err(Refusal::new(Code::DTYPE).what(what));
    }
    let inner = prepare(comm, from.placement, to.placement, &from.dtype);
    let inner = inner.map_err(|error| refusal(comm, &error))?;
    Ok(DapMpiMove { comm: comm.clone(), inner })
}

impl DapMpiMove {
    /// # Safety
    /// As for [`buffer`], for reading and for writing, as long as this takes.
    unsafe fn execute(&mut self, source: *const DapArray, target: *const DapArray) -> Result<(), Refusal> {
        // SAFETY: both are null, misaligned, or structs that obey `spec/abi.md`, which the program
        // leaves alone during the call, as the caller guarantees; the buffers are dropped at the
        // end of this function.
        let buffers = unsafe {
            buffer(source, Access::ReadOnly).and_then(|source| Ok((source, buffer(target, Access::ReadWrite)?)))
        };
        let (source, mut target) = agree(&self.comm, buffers)?;
        self.inner.execute(source.as_ref(), target.as_mut()).map_err(|error| refusal(&self.comm, &error))
    }
}
