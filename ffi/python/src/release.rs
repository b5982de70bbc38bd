//! Letting go of Python's objects from anywhere: on any thread, with or without the GIL, even after
//! the interpreter's end.
//!
//! Memory that was handed over may be released by a consumer that does not know Python. Waiting for
//! the GIL there could hang: the thread that holds it may be waiting for the consumer, and a thread
//! that asks for it while the interpreter ends is frozen or killed. So nothing here ever waits for
//! the GIL:
//!
//! | the releasing thread | what happens |
//! |---|---|
//! | holds the GIL | released at once |
//! | does not | queued, and released by Python's main thread, or by the next import of memory on any |
//! | the interpreter is ending or has ended | abandoned: the process is about to give all memory back |
//!
//! The last two are distinguished under one lock, which the handler that Python calls when it
//! begins to end takes as well. So Python is never asked for anything too late.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::ffi;
use pyo3::prelude::*;

/// A strong reference to a Python object, which may be dropped on any thread.
#[derive(Debug)]
pub(crate) struct Reference(NonNull<ffi::PyObject>);

// SAFETY: the pointer is only used to give the reference back, which `Drop` does with the GIL held.
unsafe impl Send for Reference {}
// SAFETY: a shared `Reference` gives no access to the object.
unsafe impl Sync for Reference {}

impl Reference {
    /// Another reference to an object.
    pub(crate) fn to<T>(object: &Bound<'_, T>) -> Self {
        // SAFETY: a `Bound` points to a live object, and proves that the GIL is held.
        unsafe {
            ffi::Py_INCREF(object.as_ptr());
            Self(NonNull::new_unchecked(object.as_ptr()))
        }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        if holds_gil() {
            // SAFETY: the GIL is held; the reference was counted in `to` and is given back once.
            unsafe { ffi::Py_DECREF(self.0.as_ptr()) };
        } else {
            queue(self.0);
        }
    }
}

/// References that wait for the GIL.
struct Waiting {
    references: Vec<NonNull<ffi::PyObject>>,
    /// Python has been asked to call [`drain`].
    asked: bool,
    /// Python is ending or has ended.
    over: bool,
}

// SAFETY: the pointers are references that belong to the queue, and are given back with the GIL
// held.
unsafe impl Send for Waiting {}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting { references: Vec::new(), asked: false, over: false });
static SOME_WAIT: AtomicBool = AtomicBool::new(false);

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn queue(reference: NonNull<ffi::PyObject>) {
    extern "C" fn pending(_: *mut c_void) -> c_int {
        // SAFETY: Python calls this with the GIL held.
        unsafe { drain() };
        0
    }
    let mut waiting = waiting();
    if waiting.over {
        return;
    }
    waiting.references.push(reference);
    SOME_WAIT.store(true, Ordering::Release);
    if !waiting.asked {
        // SAFETY: needs neither the GIL nor a thread known to Python; the interpreter is there,
        // because the handler that is called before it ends waits for the lock held here.
        waiting.asked = unsafe { ffi::Py_AddPendingCall(Some(pending), std::ptr::null_mut()) } == 0;
    }
}

/// Releases what waits. Cheap when nothing does.
pub(crate) fn catch_up(_: Python<'_>) {
    if SOME_WAIT.load(Ordering::Acquire) {
        // SAFETY: the token says that the GIL is held.
        unsafe { drain() };
    }
}

/// # Safety
/// The GIL is held.
unsafe fn drain() {
    let references = {
        let mut waiting = waiting();
        waiting.asked = false;
        SOME_WAIT.store(false, Ordering::Release);
        std::mem::take(&mut waiting.references)
    };
    for reference in references {
        // SAFETY: the GIL is held, as the caller promises; the reference was queued instead of
        // being given back. The lock is not held: this may run any Python code.
        unsafe { ffi::Py_DECREF(reference.as_ptr()) };
    }
}

/// How many references wait for the GIL. For tests.
#[pyfunction]
pub(crate) fn _waiting() -> usize {
    waiting().references.len()
}

#[pyfunction]
fn _interpreter_ends() {
    waiting().over = true;
}

/// Has Python say when it begins to end.
pub(crate) fn watch_interpreter(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let handler = pyo3::wrap_pyfunction!(_interpreter_ends, module)?;
    waiting().over = false;
    module.py().import("atexit")?.call_method1("register", (handler,)).map(drop)
}

/// Whether this thread holds the GIL (without a GIL: is attached to the interpreter).
///
/// `PyGILState_Check` always says yes in a process that has ever had a second interpreter. The
/// current thread state is exact, but its function is not in the stable ABI, so it is looked up by
/// its names of 3.13 and before. Not finding it costs promptness, nothing else.
fn holds_gil() -> bool {
    type Current = unsafe extern "C" fn() -> *mut ffi::PyThreadState;
    static CURRENT: OnceLock<Option<Current>> = OnceLock::new();
    let current = CURRENT.get_or_init(|| {
        let find = |name: &CStr| {
            // SAFETY: a look-up of a name among the symbols of the process.
            NonNull::new(unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) })
        };
        let found = find(c"PyThreadState_GetUnchecked").or_else(|| find(c"_PyThreadState_UncheckedGet"))?;
        // SAFETY: both have this signature in all versions of Python that have them.
        Some(unsafe { std::mem::transmute::<NonNull<c_void>, Current>(found) })
    });
    let Some(current) = current else { return false };
    // SAFETY: both may be called on any thread at any time, and give null where there is nothing.
    // Until 3.11 the first is the state of whichever thread holds the GIL; the second is this
    // thread's own.
    unsafe {
        let current = current();
        !current.is_null() && current == ffi::PyGILState_GetThisThreadState()
    }
}
