//! MPI's beginning and end, where no other part of the program takes care of them.

use std::ffi::c_int;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

use mpi::ffi;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Whether this module has initialised MPI, and is to finalise it.
static BEGUN_HERE: AtomicBool = AtomicBool::new(false);

/// (initialised, finalised).
fn state() -> (bool, bool) {
    let (mut begun, mut ended): (c_int, c_int) = (0, 0);
    // SAFETY: MPI allows both calls at any time and on any thread; each writes one C int.
    unsafe {
        ffi::MPI_Initialized(&mut begun);
        ffi::MPI_Finalized(&mut ended);
    }
    (begun != 0, ended != 0)
}

/// Initialises MPI, if no other part of the program has. Collective then.
///
/// # Errors
/// `RuntimeError`: MPI has ended, or does not begin.
pub(crate) fn begin(py: Python<'_>) -> PyResult<()> {
    let (begun, ended) = state();
    if ended {
        return Err(PyRuntimeError::new_err("MPI has been finalised: no array can be made any more"));
    }
    if begun {
        return Ok(());
    }
    let code = crate::thread::without_gil(py, || {
        let mut level: c_int = 0;
        // SAFETY: MPI is not initialised (the GIL was held since `state`, or another thread that
        // does the same breaks MPI's own rules, which MPI reports), and needs no arguments of the
        // program. The call writes one C int.
        unsafe { ffi::MPI_Init_thread(null_mut(), null_mut(), ffi::RSMPI_THREAD_MULTIPLE, &mut level) }
    });
    if code != ffi::MPI_SUCCESS as c_int {
        return Err(PyRuntimeError::new_err(format!("MPI_Init_thread failed with code {code}")));
    }
    BEGUN_HERE.store(true, Ordering::Relaxed);
    Ok(())
}

/// Finalises MPI, if this module has initialised it. For `atexit`.
#[pyfunction]
pub(crate) fn finalize(py: Python<'_>) {
    if BEGUN_HERE.swap(false, Ordering::Relaxed) && !state().1 {
        crate::thread::without_gil(py, || {
            // SAFETY: MPI runs, and this module has initialised it. Communicators of arrays that
            // live on are not used any more: their functions check that MPI runs.
            unsafe { ffi::MPI_Finalize() }
        });
    }
}

/// The name and version of the MPI library that this module calls.
#[pyfunction]
pub(crate) fn library_version() -> String {
    // The text's room is that of the MPI that runs, at most 8192 bytes in every MPI that there is.
    let mut text = vec![0_u8; 1 << 16];
    let mut len: c_int = 0;
    // SAFETY: MPI allows the call at any time; the room is larger than any MPI's text.
    unsafe { ffi::MPI_Get_library_version(text.as_mut_ptr().cast(), &mut len) };
    text.truncate(usize::try_from(len).unwrap_or(0));
    String::from_utf8_lossy(&text).trim_end_matches('\0').to_owned()
}
