//! Memory that the other processes of a node read in place: elements in it are copied once.

use std::collections::BTreeMap;
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::{Mutex, PoisonError};

use dap_core::dtype::DType;
use dap_ffi::boundary::set;
use dap_ffi::{Code, DapError, Refusal, good};
use dap_mpi::memory::allocate;
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;
use mpi::ffi::MPI_Comm;

use crate::agree::{agree, call, refusal};
use crate::communicator::{duplicate, of_fortran};

/// Allocated memory, by address.
static GIVEN: Mutex<BTreeMap<usize, Buffer>> = Mutex::new(BTreeMap::new());

/// Allocates memory of `bytes` bytes for an array that is to be moved, of any item type. Other
/// ranks of the node read their elements in place; elements in other memory are first copied to
/// staging memory. The memory begins at a page. Each rank may ask for another size, also for 0.
/// Collective.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_allocate(
    comm: MPI_Comm,
    bytes: i64,
    memory: *mut *mut c_void,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; `memory` is null, misaligned, or may be written. The page of this
    // library demands both of the program.
    call(error, || unsafe { give(duplicate(comm)?, bytes, memory) })
}

/// The same function with a Fortran communicator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_allocate_f(
    comm: c_int,
    bytes: i64,
    memory: *mut *mut c_void,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `comm` is a handle of the MPI that this library is linked with or of the one that
    // `duplicate` refuses; `memory` is null, misaligned, or may be written. The page of this
    // library demands both of the program.
    call(error, || unsafe { give(duplicate(of_fortran(comm)?)?, bytes, memory) })
}

/// Frees memory of `dap_mpi_allocate`; null is allowed. The call is local to this rank, at any
/// time, on any thread: it can be the `release` of `dap_array_from_memory`, with the memory as
/// `owner`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_mpi_release(memory: *mut c_void) {
    call(null_mut(), || {
        let given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&memory.addr());
        drop(given);
        Ok(())
    });
}

/// # Safety
/// `memory` may be written.
unsafe fn give(comm: dap_mpi::Comm, bytes: i64, memory: *mut *mut c_void) -> Result<(), Refusal> {
    let made = agree(&comm, good(memory, "memory").and_then(|()| made(&comm, bytes)))?;
    let address = made.as_ptr().cast_mut().cast::<c_void>();
    GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(address.addr(), made);
    // SAFETY: `memory`, which `good` has found neither null nor misaligned, may be written, as the
    // caller guarantees.
    unsafe { set(memory, "memory", address) }
}

fn made(comm: &dap_mpi::Comm, bytes: i64) -> Result<Buffer, Refusal> {
    if bytes < 0 {
        return Err(Refusal::new(Code::ARGUMENT).what("bytes").found(bytes));
    }
    let byte = DType::parse("|u1").map_err(|_| Refusal::new(Code::INTERNAL).what("no bytes"))?;
    // Never empty: addresses distinguish the allocations.
    let shape = [bytes.max(1)];
    allocate(comm, &byte, &shape, Order::C).map_err(|error| refusal(comm, &error))
}
