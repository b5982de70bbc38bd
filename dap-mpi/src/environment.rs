//! Environmental inquiry: whether MPI can be called, and from this thread.
//!
//! Three things are checked before this crate passes the first handle to MPI: that MPI runs, that
//! it is the MPI whose bindings were built in, and that its thread level allows this thread.

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use mpi::ffi;

use crate::error::{Error, ErrorKind, Result};

/// Room for the text of `MPI_Get_library_version`. The MPI that runs writes up to *its own*
/// `MPI_MAX_LIBRARY_VERSION_STRING` (256 in Open MPI, 8192 in MPICH and its descendants), which the
/// constant of the bindings says nothing about when it is another MPI.
const VERSION_ROOM: usize = 1 << 16;

/// Checks that this thread may call MPI: MPI runs, it is the MPI that this crate was built for, and
/// its thread level is `MPI_THREAD_MULTIPLE` or this is the thread that initialised it.
///
/// # Errors
/// One of these does not hold: [`ErrorKind::Mpi`].
pub fn check_mpi() -> Result<()> {
    if !is_running() {
        return Err(Error::new(ErrorKind::Mpi, "MPI is not running: initialise it first, finalise it last"));
    }
    check_library()?;
    check_thread()
}

/// Whether MPI has been initialised and not yet finalised.
pub(crate) fn is_running() -> bool {
    let (mut begun, mut ended): (c_int, c_int) = (0, 0);
    // SAFETY: MPI allows both calls at any time and on any thread, and each writes one C int. They
    // take no handle, so that they are the same functions in every MPI.
    unsafe {
        ffi::MPI_Initialized(&mut begun);
        ffi::MPI_Finalized(&mut ended);
    }
    begun != 0 && ended == 0
}

/// The function that is called at the end, with the reason.
static ENDED: OnceLock<fn(&str)> = OnceLock::new();

/// Calls `ended` when MPI is finalised, and when the process exits. Once a process, while MPI runs
/// and allows this thread.
pub(crate) fn at_end(ended: fn(&str)) {
    if ENDED.set(ended).is_err() {
        return;
    }
    let mut key: c_int = 0;
    // SAFETY: MPI runs and allows this thread. The functions have the types that MPI calls, and
    // live as long as the process. MPI_Finalize deletes the attributes of MPI_COMM_SELF before all
    // else. `exited` may be called at any time after this.
    unsafe {
        if ffi::MPI_Comm_create_keyval(Some(not_copied), Some(finalised), &mut key, std::ptr::null_mut())
            == ffi::MPI_SUCCESS as c_int
        {
            ffi::MPI_Comm_set_attr(ffi::RSMPI_COMM_SELF, key, std::ptr::null_mut());
        }
        libc::atexit(exited);
    }
}

/// A duplicate of MPI_COMM_SELF has no such attribute: only the end of MPI counts.
unsafe extern "C" fn not_copied(
    _: ffi::MPI_Comm,
    _: c_int,
    _: *mut c_void,
    _: *mut c_void,
    _: *mut c_void,
    is_copied: *mut c_int,
) -> c_int {
    // SAFETY: MPI calls this function with the address of a C int.
    unsafe { is_copied.write(0) };
    ffi::MPI_SUCCESS as c_int
}

unsafe extern "C" fn finalised(_: ffi::MPI_Comm, _: c_int, _: *mut c_void, _: *mut c_void) -> c_int {
    ENDED.get().into_iter().for_each(|ended| ended("finalised MPI"));
    ffi::MPI_SUCCESS as c_int
}

extern "C" fn exited() {
    ENDED.get().into_iter().for_each(|ended| ended("ended"));
}

/// Refuses an MPI whose handles are not those of the bindings.
fn check_library() -> Result<()> {
    static WRONG: OnceLock<Option<String>> = OnceLock::new();
    let wrong = WRONG.get_or_init(|| {
        let version = version();
        let has_addresses = size_of::<ffi::MPI_Comm>() == size_of::<*const ()>();
        if handles_are_addresses(&version) == has_addresses {
            return None;
        }
        let found = version.lines().next().unwrap_or("").trim();
        let expected = if has_addresses { "Open MPI" } else { "MPICH, or an MPI of its family" };
        Some(format!(
            "the program runs another MPI than this library was built for: found {found:?}, expected {expected}; \
             build the library with the program's MPI compiler (MPICC)"
        ))
    });
    match wrong {
        None => Ok(()),
        Some(wrong) => Err(Error::new(ErrorKind::Mpi, wrong.as_str())),
    }
}

/// The version text of the MPI that runs.
fn version() -> String {
    let mut text = vec![0_u8; VERSION_ROOM];
    let mut len: c_int = 0;
    // SAFETY: MPI allows the call at any time. It writes a text of at most its own
    // MPI_MAX_LIBRARY_VERSION_STRING bytes, at most 8192 in every MPI that there is; the buffer has
    // eight times as many. It takes no handle.
    unsafe { ffi::MPI_Get_library_version(text.as_mut_ptr().cast(), &mut len) };
    let len = usize::try_from(len).unwrap_or(0).min(text.len());
    String::from_utf8_lossy(&text[..len]).trim_end_matches('\0').to_owned()
}

/// Whether an MPI with this version text has addresses as handles: Open MPI and its descendants do,
/// MPICH and its family have numbers.
fn handles_are_addresses(version: &str) -> bool {
    version.contains("Open MPI") || version.contains("Spectrum MPI")
}

/// Whether any thread may call MPI at any time.
pub(crate) fn allows_all_threads() -> bool {
    let mut level: c_int = 0;
    // SAFETY: MPI runs, as every caller has checked; the call writes one C int, and may be made by
    // any thread. The level is a constant.
    unsafe { ffi::MPI_Query_thread(&mut level) == ffi::MPI_SUCCESS as c_int && level >= ffi::RSMPI_THREAD_MULTIPLE }
}

/// Refuses a thread that must not call MPI.
///
/// On the level `MPI_THREAD_SERIALIZED` MPI itself allows other threads, one at a time. Whether
/// another one is inside MPI at this moment cannot be known here, and would be answered differently
/// on each rank: a rank that refuses alone leaves the others waiting. This rule is decided alike by
/// all ranks of a program whose ranks run the same code.
fn check_thread() -> Result<()> {
    let mut is_main: c_int = 0;
    // SAFETY: MPI runs, as `check_mpi` has found; the call writes one C int, and may be made by any
    // thread.
    unsafe { ffi::MPI_Is_thread_main(&mut is_main) };
    if is_main != 0 || allows_all_threads() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Mpi,
        "called from a thread that did not initialise MPI, and the thread level is below MPI_THREAD_MULTIPLE: ask MPI_Init_thread for \
         MPI_THREAD_MULTIPLE, or call from the thread that initialised MPI",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mpi_is_known_by_what_it_says() {
        for text in
            ["Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4", "IBM Spectrum MPI v10.4, package: IBM Open MPI"]
        {
            assert!(handles_are_addresses(text), "{text}");
        }
        for text in
            ["MPICH Version:\t4.0.2\nMPICH Release date:", "Intel(R) MPI Library 2021.9", "MVAPICH2 Version: 2.3.7", ""]
        {
            assert!(!handles_are_addresses(text), "{text}");
        }
    }

    /// The MPI that this test is linked with is the one whose bindings it has.
    #[test]
    fn this_mpi_is_the_right_one() {
        assert!(!version().is_empty() && version().len() < VERSION_ROOM / 2);
        assert_eq!(check_library(), Ok(()));
        // MPI is not initialised here.
        assert!(check_mpi().unwrap_err().message().contains("MPI is not running"));
    }
}
