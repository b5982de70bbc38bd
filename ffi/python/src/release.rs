//! Letting go of Python's objects from anywhere: on any thread, with or without the GIL, even after the interpreter's end.
//!
//! What is handed over may be released by a consumer that has never heard of Python. Waiting for the GIL there could hang:
//! whoever holds it may be waiting for the consumer, and a thread that asks for it while the interpreter ends is frozen or
//! killed. So nothing here ever waits for the GIL:
//!
//! | the releasing thread | what happens |
//! |---|---|
//! | holds the GIL | released at once |
//! | does not | queued, and released by Python's main thread, or by the next import of memory on any |
//! | the interpreter is ending or has ended | abandoned: the process is about to give all memory back |
//!
//! The last two are told apart under one lock, which the handler that Python calls when it begins to end takes as well. So
//! Python is never asked for anything too late.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::ffi;
use pyo3::prelude::*;

/// A view of a Python object's memory, released when it is dropped.
#[derive(Debug)]
pub(crate) struct View(NonNull<ffi::Py_buffer>);

// SAFETY: the struct is only read, and is released with the GIL held, by whichever thread.
unsafe impl Send for View {}
// SAFETY: as above.
unsafe impl Sync for View {}

impl View {
    /// Takes over a view that `PyObject_GetBuffer` has filled.
    pub(crate) fn new(view: Box<ffi::Py_buffer>) -> Self {
        // The exporter may have put pointers to the struct into it: it stays where it is.
        Self(NonNull::from(Box::leak(view)))
    }

    /// What the exporter said.
    pub(crate) fn get(&self) -> &ffi::Py_buffer {
        // SAFETY: the box is this value's, and nobody writes it before it is released.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if holds_gil() {
            // SAFETY: the GIL is held, and the view is released once.
            unsafe { release(self.0) };
        } else {
            queue(self.0);
        }
    }
}

/// # Safety
/// The GIL is held. The view is not used again.
unsafe fn release(view: NonNull<ffi::Py_buffer>) {
    // SAFETY: a view that `PyObject_GetBuffer` filled, in a box of ours.
    unsafe {
        ffi::PyBuffer_Release(view.as_ptr());
        drop(Box::from_raw(view.as_ptr()));
    }
}

/// Views that wait for the GIL.
struct Waiting {
    views: Vec<NonNull<ffi::Py_buffer>>,
    /// Python has been asked to call [`drain`].
    asked: bool,
    /// Python is ending or has ended.
    over: bool,
}

// SAFETY: the pointers are boxes that belong to the queue.
unsafe impl Send for Waiting {}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting { views: Vec::new(), asked: false, over: false });
static SOME_WAIT: AtomicBool = AtomicBool::new(false);

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn queue(view: NonNull<ffi::Py_buffer>) {
    extern "C" fn pending(_: *mut c_void) -> c_int {
        // SAFETY: Python calls this with the GIL held.
        unsafe { drain() };
        0
    }
    let mut waiting = waiting();
    if waiting.over {
        return;
    }
    waiting.views.push(view);
    SOME_WAIT.store(true, Ordering::Release);
    if !waiting.asked {
        // SAFETY: needs neither the GIL nor a thread known to Python; the interpreter is there, because the handler that is
        // called before it ends waits for the lock held here.
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
    let views = {
        let mut waiting = waiting();
        waiting.asked = false;
        SOME_WAIT.store(false, Ordering::Release);
        std::mem::take(&mut waiting.views)
    };
    for view in views {
        // SAFETY: it was queued instead of being released. The lock is not held: releasing may run any Python code.
        unsafe { release(view) };
    }
}

/// How many views wait for the GIL. For tests.
#[pyfunction]
pub(crate) fn _waiting() -> usize {
    waiting().views.len()
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
/// `PyGILState_Check` always says yes in a process that has ever had a second interpreter. The current thread state is
/// exact, but its function is not in the stable ABI, so it is looked up by its names of 3.13 and before. Not finding
/// it costs promptness, nothing else.
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
    // SAFETY: both may be called on any thread at any time, and give null where there is nothing. Until 3.11 the first
    // is the state of whichever thread holds the GIL; the second is this thread's own.
    unsafe {
        let current = current();
        !current.is_null() && current == ffi::PyGILState_GetThisThreadState()
    }
}
