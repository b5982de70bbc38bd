//! Objects that belong to one thread, within Python, where any thread may hold them.
//!
//! The arrays of `dap-array` are counted without atomics and call MPI: they belong to the thread
//! that made them, their *owner*.
//!
//! | a thread | what happens |
//! |---|---|
//! | the owner uses the object | it is used |
//! | another one uses it | `RuntimeError` |
//! | the owner drops it | it is dropped |
//! | another one drops it | it is queued, and the owner drops it when it uses the next object |
//! | another one drops it, after the owner's end | it is dropped at once, under the GIL |
//!
//! [`Owned`] holds such an object, and [`without_gil`] lets other threads of Python run meanwhile.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// A thread's number, which no other thread gets, also after this one's end.
type Number = u64;

/// The number of the calling thread.
fn here() -> Number {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        // Without a destructor, so that it can be read while the thread ends.
        static NUMBER: Cell<Number> = const { Cell::new(0) };
    }
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        number.get()
    })
}

/// An object that another thread than its owner has dropped.
struct Dead(#[expect(dead_code, reason = "it is dropped")] Box<dyn Any>);

// SAFETY: the object is moved, and dropped by `drain`: on its owner, or after the owner's end.
unsafe impl Send for Dead {}

/// A thread that has objects.
#[derive(Default)]
struct Owner {
    has_ended: bool,
    dead: Vec<Dead>,
}

static OWNERS: Mutex<BTreeMap<Number, Owner>> = Mutex::new(BTreeMap::new());
/// The number of objects that wait to be dropped.
static WAITING: AtomicUsize = AtomicUsize::new(0);

fn owners() -> MutexGuard<'static, BTreeMap<Number, Owner>> {
    OWNERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes the end of its thread.
struct Life;

impl Drop for Life {
    fn drop(&mut self) {
        owners().entry(here()).or_default().has_ended = true;
    }
}

thread_local! {
    static LIFE: Life = {
        owners().entry(here()).or_default();
        Life
    };
}

/// Drops the objects of this thread, and of threads that have ended, which others have dropped. The
/// caller holds the GIL.
#[cold]
fn drain() {
    let mut dead = Vec::new();
    for (&number, owner) in owners().iter_mut() {
        if number == here() || owner.has_ended {
            dead.append(&mut owner.dead);
        }
    }
    WAITING.fetch_sub(dead.len(), Ordering::Relaxed);
    // The lock is not held here: a destructor may run Python's code.
    drop(dead);
}

/// An object that its owner alone uses. It is a part of Python's objects, so that the GIL is held
/// when it is dropped.
pub(crate) struct Owned<T: 'static> {
    owner: Number,
    value: ManuallyDrop<Box<T>>,
}

// SAFETY: `get` lends the value on its owner only. `drop` destroys it there; or, once the owner has
// ended, on a thread that holds the GIL. In that case no thread uses values of that owner, and
// threads that destroy them do so one at a time: each holds the GIL, and gives it to another thread
// at most in the middle of a destructor that runs Python's code, where the counts of `Rc` are
// consistent. `without_gil` runs on the owner, which has not ended then. The end of a thread is
// noted under the lock by which `drop` asks for it, so that the owner's last use comes before.
// Destructors make no calls of MPI: communicators are kept until the end of the process.
unsafe impl<T> Send for Owned<T> {}
// SAFETY: as above: a shared reference gives access on the owner only.
unsafe impl<T> Sync for Owned<T> {}

impl<T> Owned<T> {
    /// An object of the calling thread.
    pub(crate) fn new(value: T) -> Owned<T> {
        // A thread that is about to end makes no objects of Python.
        let _ = LIFE.try_with(|_| ());
        Owned { owner: here(), value: ManuallyDrop::new(Box::new(value)) }
    }

    /// The object.
    ///
    /// # Errors
    /// `RuntimeError` on another thread than the owner.
    pub(crate) fn get(&self) -> PyResult<&T> {
        if self.owner != here() {
            return Err(PyRuntimeError::new_err(
                "the array belongs to another thread: arrays and contexts are used by the thread that made them; hand `x.local` or \
                 `x.gather()` to other threads",
            ));
        }
        if WAITING.load(Ordering::Relaxed) > 0 {
            drain();
        }
        Ok(&self.value)
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the value is taken once, here.
        let value = unsafe { ManuallyDrop::take(&mut self.value) };
        if self.owner != here() {
            let mut owners = owners();
            let owner = owners.entry(self.owner).or_default();
            if !owner.has_ended {
                owner.dead.push(Dead(value));
                WAITING.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        drop(value);
    }
}

/// Runs code that may wait, while other threads of Python go on. Messages of other ranks name the
/// program's line meanwhile.
pub(crate) fn without_gil<T>(py: Python<'_>, body: impl FnOnce() -> T) -> T {
    crate::line::note(py);
    /// A value that stays on its thread.
    struct Stays<T>(T);
    // SAFETY: `Python::detach` calls its closure on this thread and hands the result back to it; it
    // asks for `Send` so that nothing of Python is used inside, and the bodies in this crate use
    // none.
    unsafe impl<T> Send for Stays<T> {}
    impl<T> Stays<T> {
        fn into_inner(self) -> T {
            self.0
        }
    }
    let body = Stays(body);
    py.detach(move || Stays(body.into_inner()())).into_inner()
}
