//! The program's communicator, and our duplicate of it, which is an attribute of it.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

use dap_ffi::{Code, Refusal};
use dap_mpi::{Comm, check_mpi};
use mpi::ffi;

/// The duplicate of a communicator, made at the first request. Collective.
///
/// # Safety
/// `comm` is a handle of this MPI.
pub(crate) unsafe fn duplicate(comm: ffi::MPI_Comm) -> Result<Comm, Refusal> {
    running()?;
    let key = key()?;
    // SAFETY: MPI runs, is the one of the bindings and allows this thread (`running`), and the
    // handle is valid, as the caller guarantees; null is one of MPI's constants. The attribute is
    // either absent or the pointer of `Box::into_raw` below, which `forgotten` frees when MPI drops
    // it: it lives while the communicator does, and is only read.
    unsafe {
        if comm == ffi::RSMPI_COMM_NULL {
            return Err(Refusal::new(Code::NULL).what("comm"));
        }
        let mut between_groups: c_int = 0;
        ok(ffi::MPI_Comm_test_inter(comm, &mut between_groups), "MPI_Comm_test_inter")?;
        if between_groups != 0 {
            return Err(Refusal::new(Code::ARGUMENT).what("`comm` is an inter-communicator"));
        }
        let (mut kept, mut found): (*mut Comm, c_int) = (null_mut(), 0);
        let place = (&raw mut kept).cast::<c_void>();
        ok(ffi::MPI_Comm_get_attr(comm, key, place, &mut found), "MPI_Comm_get_attr")?;
        if found != 0 && !kept.is_null() {
            return Ok((*kept).clone());
        }
        let made = Comm::from_raw(comm).map_err(|error| Refusal::new(Code::MPI).what(error.to_string()))?;
        let kept = Box::into_raw(Box::new(made.clone()));
        ok(ffi::MPI_Comm_set_attr(comm, key, kept.cast()), "MPI_Comm_set_attr")?;
        Ok(made)
    }
}

/// A communicator by its number in Fortran.
///
/// # Safety
/// The number is of a communicator of this MPI.
pub(crate) unsafe fn of_fortran(comm: c_int) -> Result<ffi::MPI_Comm, Refusal> {
    running()?;
    // SAFETY: MPI runs and is the one of the bindings (`running`), and the number is of one of its
    // communicators, as the caller guarantees.
    Ok(unsafe { ffi::RSMPI_Comm_f2c(comm) })
}

/// Refuses if MPI is not running, is another MPI than this library was built for, or does not allow
/// this thread. It is called before any handle is passed to MPI.
pub(crate) fn running() -> Result<(), Refusal> {
    check_mpi().map_err(|error| Refusal::new(Code::MPI).what(error.message()))
}

/// The key of our attribute.
fn key() -> Result<c_int, Refusal> {
    static KEY: OnceLock<c_int> = OnceLock::new();
    if let Some(key) = KEY.get() {
        return Ok(*key);
    }
    let mut key: c_int = 0;
    // SAFETY: MPI runs and is the one of the bindings, as `duplicate` has checked. Both functions
    // have the signatures that MPI calls them with and do not unwind; one C int is written.
    let code = unsafe { ffi::MPI_Comm_create_keyval(Some(not_copied), Some(forgotten), &mut key, null_mut()) };
    ok(code, "MPI_Comm_create_keyval")?;
    // A key that a second thread made is equally valid, and wasted.
    Ok(*KEY.get_or_init(|| key))
}

/// A duplicate of the program's communicator does not get our attribute, because it is another
/// communicator.
unsafe extern "C" fn not_copied(
    _: ffi::MPI_Comm,
    _: c_int,
    _: *mut c_void,
    _: *mut c_void,
    _: *mut c_void,
    copied: *mut c_int,
) -> c_int {
    // SAFETY: MPI passes the address of a C int for the answer.
    unsafe { copied.write(0) };
    ffi::MPI_SUCCESS as c_int
}

/// The program's communicator is freed, and our duplicate with it. Communicators that end with MPI
/// are an exception: nothing can be freed within MPI's end.
unsafe extern "C" fn forgotten(comm: ffi::MPI_Comm, _: c_int, kept: *mut c_void, _: *mut c_void) -> c_int {
    // SAFETY: the value of the attribute is the pointer of `Box::into_raw` in `duplicate`; MPI
    // calls this once for it, when it drops it.
    let kept = unsafe { Box::from_raw(kept.cast::<Comm>()) };
    // SAFETY: constants that the bindings define and that are never written.
    if unsafe { comm == ffi::RSMPI_COMM_WORLD || comm == ffi::RSMPI_COMM_SELF } {
        std::mem::forget(kept);
    }
    ffi::MPI_SUCCESS as c_int
}

fn ok(code: c_int, call: &str) -> Result<(), Refusal> {
    if code == ffi::MPI_SUCCESS as c_int { Ok(()) } else { Err(Refusal::new(Code::MPI).what(call)) }
}
